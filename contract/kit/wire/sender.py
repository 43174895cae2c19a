"""Send until there is an answer: what trouble is borne, how long, and when the target is taken for gone."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass

from contract.kit.exchange import Trouble, TroubleKind
from contract.kit.wire.jobs import location
from contract.kit.wire.pace import Pace
from contract.kit.wire.patience import ENDS_THE_RUN, Patience, bare, retry_after
from contract.kit.wire.transport import Attempt, Parts, RawHeaders, Transport


class TargetGone(Exception):  # noqa: N818  it tells a state
    """The target answers nothing any more; the text says what was seen last."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The last try, how often it was sent again, and how many of these times after a drop."""

    attempt: Attempt
    resent: int = 0
    drops: int = 0


class Sender:
    """The patience of a wire. Thread safe. `headers` and `base_path` are for requests of its own."""

    def __init__(
        self, transport: Transport, pace: Pace, patience: Patience, headers: RawHeaders, base_path: str
    ) -> None:
        self.transport = transport
        self.patience = patience
        self._job_limit = patience.job_limit
        self.trouble: Counter[str] = Counter()
        self._reached = False
        self.broken = ""
        self._pace = pace
        self._headers = headers
        self._base_path = base_path
        self._gone = False
        self._lock = threading.Lock()
        self._without_answer = 0
        self._bare_in_vain = 0
        self._reprieves = 0

    def once_more(self) -> bool:
        """Whether requests may go out: a target taken for gone is asked again, so that it can be cleaned up."""
        if self._gone and self._alive():
            self._gone = False
            self._without_answer = self._reprieves = 0
        return not self._gone

    def send(self, parts: Parts, retry: bool, lane: str | None = None) -> Sent:
        """Send until there is an answer or patience ends. TargetGone when the target is taken for gone."""
        if self._gone:
            raise TargetGone(self.broken)
        patience = self.patience
        started = time.monotonic()
        resent = drops = refused = connects = 0
        while True:
            self._pace.wait()
            attempt = self.transport.attempt(parts, lane, fresh=resent > 0)
            if attempt.status == 429 and attempt.trouble is None:
                if self._wait_for_less(attempt, refused):
                    refused += 1
                    continue
            elif attempt.status is not None:
                self._pace.accepted()
            if attempt.trouble is None and bare(attempt):
                attempt.trouble = Trouble(TroubleKind.GATEWAY, f"a bare {attempt.status}")
            pause: float | None = None
            if attempt.kind is TroubleKind.UNREACHABLE:
                pauses = patience.unreachable if self._reached else patience.unreachable[:1]
                # A connection that times out is not tried as often as one that is refused at once.
                if connects < len(pauses) and time.monotonic() - started < sum(patience.unreachable):
                    pause = pauses[connects]
                connects += 1
            elif attempt.kind is TroubleKind.DROPPED and retry and resent < patience.dropped:
                pause = 0.0
            elif attempt.kind is TroubleKind.GATEWAY and retry and resent < len(patience.gateway):
                pause = patience.gateway[resent] if self._bare_in_vain < patience.gateway_in_vain else None
            self._count(attempt, final=pause is None)
            if pause is None:
                if resent and attempt.trouble is None:
                    self._bare_in_vain = 0
                return Sent(attempt, resent, drops)
            resent += attempt.kind is not TroubleKind.UNREACHABLE
            drops += attempt.kind is TroubleKind.DROPPED
            time.sleep(pause)

    def _wait_for_less(self, attempt: Attempt, refused: int) -> bool:
        """Slow down after a 429. False when it is to be taken as it is, with its trouble noted on it."""
        said = retry_after(attempt)
        patience = self.patience
        if said is None and refused >= patience.backoffs:
            return False
        waits = self._pace.refused(min(said, patience.longest_wait) if said is not None else patience.backoff)
        self._count_trouble(TroubleKind.THROTTLED)
        if waits <= patience.waits:
            return True
        attempt.trouble = Trouble(TroubleKind.THROTTLED, f"429 {waits} times in a row")
        return False

    def _count_trouble(self, kind: TroubleKind) -> None:
        with self._lock:
            self.trouble[kind.value] += 1

    def _count(self, attempt: Attempt, *, final: bool) -> None:
        if attempt.kind is None:
            # The usual way takes no lock.
            self._reached = True
            self._without_answer = self._reprieves = 0
            return
        with self._lock:
            if attempt.kind is not TroubleKind.THROTTLED:
                self.trouble[attempt.kind.value] += 1
            if attempt.kind is not TroubleKind.UNREACHABLE:
                self._reached = True
            if not final:
                return
            self._bare_in_vain += attempt.kind is TroubleKind.GATEWAY
            if attempt.kind not in ENDS_THE_RUN:
                self._without_answer = 0
                return
            self._without_answer += 1
            if self._without_answer < self.patience.in_a_row or self._gone:
                return
            self._without_answer = 0
            if self._reprieves < self.patience.reprieves and self._alive():
                self._reprieves += 1
                return
            assert attempt.trouble is not None
            self._gone = True
            self.broken = self.broken or (
                f"{self.patience.in_a_row} requests in a row had no answer, "
                f"the last one: {attempt.kind}, {attempt.trouble.detail}"
            )

    def _alive(self) -> bool:
        """Whether the target answers anything: a server that hangs on some inputs is still there to be judged."""
        probe = self.transport.attempt(Parts(b"GET", b"/", self._headers, b""), fresh=True)
        return probe.kind not in ENDS_THE_RUN and probe.status != 429

    def follow(self, accepted: Attempt, parts: Parts) -> Attempt | None:
        """What the job of a 202 ends with; None where it cannot be asked for."""
        target = location(accepted, self._base_path)
        if target is None:
            return None
        credentials = [(name, value) for name, value in parts.headers if name.lower() == b"authorization"]
        question = Parts(b"GET", target.encode("ascii"), self._headers, b"")
        pause, longest = self.patience.job_pauses
        started = time.monotonic()
        while True:
            found = self.send(question, retry=True).attempt
            if found.status in (401, 403) and credentials and question.headers is self._headers:
                question = Parts(b"GET", question.target, self._headers + credentials, b"")
                continue
            if found.status != 202 or found.trouble is not None:
                return found
            if time.monotonic() - started > self._job_limit:
                self._count_trouble(TroubleKind.TIMEOUT)
                found = Attempt(elapsed=time.monotonic() - started)
                limit = f"its job had not ended after {self._job_limit:g} seconds"
                found.trouble = Trouble(TroubleKind.TIMEOUT, limit)
                self._job_limit = min(self._job_limit, self.patience.later_job_limit)
                return found
            time.sleep(pause)
            pause = min(pause * 2, longest)
