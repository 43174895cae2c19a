"""The job behind a 202: where it is asked for, on the target's own host, and how often."""

from __future__ import annotations

import statistics
import time
from collections import deque
from typing import Final
from urllib.parse import urlsplit

from contract.kit.exchange import Trouble, TroubleKind, document
from contract.kit.wire.attempt import Attempt, Parts, RawHeaders
from contract.kit.wire.sender import Sender

REMEMBERED: Final = 4
"""Jobs that tell how long the next one is likely to take."""
MANY: Final = 20
"""Jobs that tell how long one that does not end is watched: a hundred times as long as the longest of them took."""
FEWEST_LOOKS: Final = 3
"""After a wait; where fewer do, the wait was a good one."""


class Habit:
    """How long the jobs of one kind take, and so when to ask for the next one. All times in seconds."""

    def __init__(self, shortest: float, longest: float) -> None:
        self._shortest = shortest
        self._longest = longest
        self._took: deque[float] = deque(maxlen=REMEMBERED)
        self._unaided = 0
        """Looks that the first job needed, which nobody waited for."""
        self._ended = 0
        self._most = 0.0
        self._helps = True
        """Waiting saves looks: not where a server's jobs end at a number of looks, and each wait would be longer."""

    def first(self) -> float:
        """The pause before the first look: most of the time that such jobs take."""
        if not self._helps:
            return 0.0
        usual = statistics.median(list(self._took)) if self._took else 0.0
        return usual * 0.9 if usual > self._shortest else 0.0

    def next(self, watched: float) -> float:
        """The pause after a look in vain: by a tenth of its time at most the end is missed."""
        return min(max(watched / 10, self._shortest), self._longest)

    def limit(self, least: float, most: float) -> float:
        """How long a job is watched before it is taken for one that does not end."""
        return most if self._ended < MANY else min(max(least, 100 * self._most), most)

    def learn(self, watched: float, looks: int) -> None:
        """A job was found to have ended after so long. At the first look it may have ended long before."""
        self._ended += 1
        self._most = max(self._most, watched)
        if not self._took:
            self._unaided = looks
        elif looks >= max(self._unaided, FEWEST_LOOKS):
            self._helps = False
        self._took.append(watched if looks > 1 else watched / 2)


class Jobs:
    """Follows the jobs of a target and learns how long they take. Thread safe."""

    def __init__(self, sender: Sender, headers: RawHeaders, base_path: str) -> None:
        """`headers` of its own requests; `base_path` stands before every target."""
        self._sender = sender
        self._headers = headers
        self._base_path = base_path
        self._limit = sender.patience.job_limit
        self._habits: dict[bytes, Habit] = {}
        """By the method of the request that began the job."""

    def follow(self, accepted: Attempt, parts: Parts) -> Attempt | None:
        """What the job of a 202 ends with; None where it cannot be asked for."""
        target = location(accepted, self._base_path)
        if target is None:
            return None
        credentials = [(name, value) for name, value in parts.headers if name.lower() == b"authorization"]
        question = Parts(b"GET", target.encode("ascii"), self._headers, b"")
        habit = self._habits.setdefault(parts.method, Habit(*self._sender.patience.job_pauses))
        started = time.monotonic()
        pause, looks = habit.first(), 0
        while True:
            time.sleep(pause)
            looks += 1
            asked = time.monotonic()
            answer = self._sender.send(question, retry=True).attempt
            if answer.status in (401, 403) and credentials and question.headers is self._headers:
                question = Parts(b"GET", question.target, self._headers + credentials, b"")
                pause, looks = 0.0, looks - 1
                continue
            watched = asked - started
            if answer.status != 202 or answer.trouble is not None:
                habit.learn(watched, looks)
                return answer
            if watched > habit.limit(self._sender.patience.usual_job_limit, self._limit):
                return self._without_end(watched)
            pause = habit.next(watched)

    def _without_end(self, watched: float) -> Attempt:
        self._sender.note(TroubleKind.TIMEOUT)
        self._limit = min(self._limit, self._sender.patience.later_job_limit)
        trouble = Trouble(TroubleKind.TIMEOUT, f"its job was watched for {watched:.0f} seconds and did not end")
        return Attempt(elapsed=watched, trouble=trouble)


def location(attempt: Attempt, prefix: str) -> str | None:
    """The request target of the job that a 202 names; None where it names none that can be used.

    It stands in the member `location` (observed in ZStack 5.2) or in the header of that name. Only path and
    query are taken: the host that it names may be one that only the server can reach.
    """
    value = document.read(attempt.body).value if attempt.body.lstrip().startswith(b"{") else None
    named = value.get("location") if isinstance(value, dict) else None
    if named is None:
        header = next((value for name, value in attempt.headers or [] if name.lower() == b"location"), None)
        named = header.decode("latin-1") if header is not None else None
    if not isinstance(named, str):
        return None
    try:
        parts = urlsplit(named.strip())
    except ValueError:
        return None
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    if not target.startswith("/") or not all("!" <= character <= "~" for character in target):
        return None
    return target if not prefix or target.startswith(prefix + "/") else prefix + target
