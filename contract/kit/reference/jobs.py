"""Long calls: 202 with a location, and the answer on the path that it names."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Final

from contract.kit.reference.answers import Answer, plain
from contract.kit.reference.call import Call
from contract.kit.reference.dialect import Options
from contract.kit.reference.message import can_be_stored, params, root_of
from contract.kit.reference.world import new_uuid

# The server names its own address, which a caller elsewhere cannot reach (observed in ZStack 5.2): here it
# must be a loopback address that nothing listens on.
LOCATION: Final = "http://127.0.0.9:8079/zstack/v1/api-jobs/"
SCHEMA: Final = {"inventory": "org.zstack.header.scheduler.SchedulerJobGroupSchedulerTriggerRefInventory"}
KEPT: Final = 2000
TIMEOUT_MS: Final = 1_800_000
FOR_EVER: Final = 1_000_000_000
"""Polls that no caller makes."""


@dataclass(slots=True)
class Job:
    """`ends` is the earliest moment of its end, on the monotonic clock."""

    answer: Answer
    polls_left: int
    ends: float


class Jobs:
    """Answers kept for those who ask for them; the oldest are forgotten."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._jobs: OrderedDict[str, Job] = OrderedDict()

    def bad_name(self, call: Call) -> str:
        """What is wrong with the name that the caller wants for its job, or ''."""
        wanted = call.header("x-job-uuid")
        if wanted is not None and len(wanted) != 32:
            return "Invalid header[X-Job-UUID], it must be a UUID with '-' stripped"
        return f"Duplicate job uuid[{wanted}]" if wanted in self._jobs else ""

    def loses(self, call: Call) -> bool:
        """Return True if the call's outcome is never told: its job cannot be stored."""
        return self.options.outcome == "lost" and not can_be_stored(call)

    def defer(self, call: Call, answer: Answer) -> Answer:
        """Keep the answer and say where it is: X-Job-UUID names the job, or it is a new UUID."""
        given = params(root_of(call)) if self.options.zstack else {}
        wanted = given.get("id")
        job = call.header("x-job-uuid") or (wanted if isinstance(wanted, str) and wanted else new_uuid())
        answer.html_safe = self.options.zstack
        if not self.loses(call):
            ends = time.monotonic() + self.options.job_time / 1000
            self._jobs[job] = Job(answer, answer.polls or self.options.job_polls, ends)
        if len(self._jobs) > KEPT:
            self._jobs.popitem(last=False)
        accepted = plain(self.options, {"apiTimeout": _timeout(call, given), "location": LOCATION + job}, 202)
        accepted.later = answer.later
        return accepted

    def poll(self, call: Call, uuid: str) -> Answer:
        """The job's answer: 202 while it runs, 404 in plain text when it is not known. No authentication."""
        if call.method != "GET":
            return Answer(405, text="only GET method is allowed for querying job status", check="job-method")
        job = self._jobs.get(uuid)
        if job is None:
            return Answer(404, text="the job has been expired", check="job-unknown")
        if job.polls_left > 0 or time.monotonic() < job.ends:
            job.polls_left -= 1
            return plain(self.options, {}, 202)
        schema = call.header("x-json-schema") is not None and self.options.zstack
        document = job.answer.document
        if schema and isinstance(document, dict) and "inventory" in document:
            return replace(job.answer, document={"schema": SCHEMA, **document})
        return job.answer


def _timeout(call: Call, given: dict[str, object]) -> int:
    """Milliseconds that the job may take: X-API-Timeout in seconds, or a member of params."""
    seconds = call.header("x-api-timeout")
    if seconds is not None:
        return int(seconds) * 1000
    wanted = given.get("timeout")
    return wanted if isinstance(wanted, int) and not isinstance(wanted, bool) else TIMEOUT_MS
