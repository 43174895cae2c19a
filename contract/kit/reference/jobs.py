"""Long calls: 202 with a location, and the answer on the path that it names."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace

from contract.kit.reference.answers import Answer, plain
from contract.kit.reference.call import Call
from contract.kit.reference.dialect import Options
from contract.kit.reference.world import new_uuid

# The server names its own address, which a caller elsewhere cannot reach (observed in ZStack 5.2): here it
# must be a loopback address that nothing listens on.
LOCATION = "http://127.0.0.9:8079/zstack/v1/api-jobs/"
SCHEMA = {"inventory": "org.zstack.header.scheduler.SchedulerJobGroupSchedulerTriggerRefInventory"}
KEPT = 2000
TIMEOUT_MS = 1_800_000


@dataclass(slots=True)
class Job:
    answer: Answer
    polls_left: int


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

    def defer(self, call: Call, answer: Answer) -> Answer:
        """Keep the answer and say where it is: X-Job-UUID names the job, or it is a new UUID."""
        job = call.header("x-job-uuid") or new_uuid()
        answer.html_safe = self.options.kind == "zstack-5.2"
        self._jobs[job] = Job(answer, answer.polls or self.options.job_polls)
        if len(self._jobs) > KEPT:
            self._jobs.popitem(last=False)
        return plain(self.options, {"apiTimeout": TIMEOUT_MS, "location": LOCATION + job}, 202)

    def poll(self, call: Call, uuid: str) -> Answer:
        """The job's answer: 202 while it runs, 404 in plain text when it is not known. No authentication."""
        if call.method != "GET":
            return Answer(405, text="only GET method is allowed for querying job status", check="job-method")
        job = self._jobs.get(uuid)
        if job is None:
            return Answer(404, text="the job has been expired", check="job-unknown")
        if job.polls_left > 0:
            job.polls_left -= 1
            return plain(self.options, {}, 202)
        schema = call.header("x-json-schema") is not None and self.options.kind == "zstack-5.2"
        document = job.answer.document
        if schema and isinstance(document, dict) and "inventory" in document:
            return replace(job.answer, document={"schema": SCHEMA, **document})
        return job.answer
