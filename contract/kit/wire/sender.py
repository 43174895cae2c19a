"""Send until there is an answer: what trouble is borne, how long, and when the target is taken for gone."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from contract.kit.exchange import Trouble, TroubleKind
from contract.kit.wire.attempt import Attempt, Parts, RawHeaders
from contract.kit.wire.crowd import Crowd, Place
from contract.kit.wire.pace import Pace
from contract.kit.wire.patience import ENDS_THE_RUN, Patience, bare, retry_after
from contract.kit.wire.transport import Transport

REFUSES_A_HEAD: Final = frozenset({400, 404, 405, 414, 431, 501, 505})
"""Statuses of those who read no further than the head (RFC 9110, 15.5 and 15.6; RFC 6585, 5)."""


class TargetGone(Exception):  # noqa: N818  it tells a state
    """The target answers nothing any more; the text says what was seen last."""


@dataclass(slots=True)
class Sent:
    """The last try of a request, `parts` as it went out, and what was met on the way.

    `resent`: how often it was sent again although the target may have read it; `drops`: how often its connection was
    closed in answer to it. `met`: the trouble of each try, the last one's too. `standing`: a bare 502, 503 or 504 that
    stays while plain good requests before and after it are answered well, so that it is no limit on the rate.
    """

    parts: Parts
    attempt: Attempt = field(default_factory=Attempt)
    resent: int = 0
    drops: int = 0
    met: list[Trouble] = field(default_factory=list)
    standing: bool = False
    connects: int = 0
    started: float = field(default_factory=time.monotonic)
    place: Place = field(default_factory=Place)
    """That of the last try among the requests under way."""
    refused_since: float = 0.0
    """Instant of the first try that came too fast; 0 where none did."""


class Sender:
    """The patience of a wire. Thread safe. `headers` are for requests of its own.

    `witness` sends a plain good request and tells whether it was answered well, None where it cannot be sent.
    """

    def __init__(self, transport: Transport, pace: Pace, patience: Patience, headers: RawHeaders) -> None:
        self.transport = transport
        self.patience = patience
        self.pace = pace
        self.crowd = Crowd()
        self.witness: Callable[[], bool | None] = lambda: None
        self.trouble: Counter[str] = Counter()
        self.broken = ""
        self.gone_by: TroubleKind | None = None
        """The trouble by which the target was taken for gone."""
        self.idle_closings = 0
        """Requests that met a connection which the target had closed while it was idle."""
        self._kept_ended = False
        """True if a kept connection was found closed."""
        self._headers = headers
        self._reached = False
        self._served = False
        self._limit = patience.limited
        self._gone = False
        self._lock = threading.Lock()
        self._without_answer = 0
        self._reprieves = 0
        self._standing = 0
        """Bare answers that stood, and that passed: what one of them is likely to be."""
        self._passing = 0

    def once_more(self) -> bool:
        """Return True if requests may go out: a target taken for gone is asked again, so that it can be cleaned up."""
        if self._gone and self._alive():
            self._gone = False
            self._without_answer = self._reprieves = 0
        return not self._gone

    def send(
        self, parts: Parts, retry: bool, lane: str | None = None, *, provable: bool = False, refusable: bool = False
    ) -> Sent:
        """Send until there is an answer or patience ends. TargetGone when the target is taken for gone.

        `retry`: send again what the target may have read. `provable`: the witness is asked about a bare answer.
        `refusable`: the request has to be refused, so that it may be without its body.
        """
        if self._gone:
            raise TargetGone(self.broken)
        sent = Sent(parts)
        idle = False
        while True:
            at = self.pace.wait()
            # What must not be sent twice goes over a connection of its own where idle ones were found closed.
            fresh = sent.resent > 0 or idle or (not retry and self._kept_ended)
            with self.crowd.among() as sent.place:
                attempt = sent.attempt = self.transport.attempt(parts, lane, fresh)
            self._kept_ended = self._kept_ended or attempt.closed_idle or (attempt.ended and attempt.kept)
            if attempt.closed_idle and not idle:
                idle = True
                self.idle_closings += 1
            elif self._comes_too_fast(parts, attempt):
                if not self._bears(parts, lane, sent, at, retry=retry, provable=provable):
                    if sent.standing and refusable and parts.body:
                        self._by_its_head(sent, lane)
                    return self._ended(sent, retry)
            elif attempt.trouble is None:
                self.pace.accepted()
                self.crowd.passed(sent.place.among)
                return self._ended(sent, retry)
            elif not self._tries_again(sent, retry):
                return self._ended(sent, retry)

    def _tries_again(self, sent: Sent, retry: bool) -> bool:
        """Note the trouble of a try and wait. False where patience is over."""
        attempt, patience = sent.attempt, self.patience
        assert attempt.trouble is not None
        sent.met.append(attempt.trouble)
        if attempt.kind is TroubleKind.UNREACHABLE:
            pauses = patience.unreachable if self._reached else patience.unreachable[:1]
            # A connection that times out is not tried as often as one that is refused at once.
            if sent.connects >= len(pauses) or time.monotonic() - sent.started >= sum(patience.unreachable):
                return False
            time.sleep(pauses[sent.connects])
            sent.connects += 1
            return True
        if attempt.kind is not TroubleKind.DROPPED:
            return False
        sent.drops += attempt.unanswered
        again = retry and sent.resent < patience.dropped
        sent.resent += again
        return again

    @staticmethod
    def _comes_too_fast(parts: Parts, attempt: Attempt) -> bool:
        """Return True if it may be a limiter's answer: 429, or a 502, 503 or 504 not in the server's own form."""
        if attempt.trouble is not None:
            return False
        # To HEAD nothing shows whose answer it is.
        return attempt.status == 429 or (bare(attempt) and parts.method != b"HEAD")

    def _bears(self, parts: Parts, lane: str | None, sent: Sent, at: float, *, retry: bool, provable: bool) -> bool:
        """What comes too fast is tried again, more slowly. False where the attempt is the last one."""
        self._reached = True
        fewer = not retry_after(sent.attempt) and self.crowd.refused(sent.place.among)
        if fewer and self._put_off(sent, retry):
            return True
        if sent.attempt.status != 429 and provable and self._stands(parts, lane, sent, at):
            return False
        return self._comes_too_fast(parts, sent.attempt) and self._waits(sent, at, retry)

    def _waits(self, sent: Sent, at: float, retry: bool) -> bool:
        """Slow down. False when patience is over, with the trouble noted on the attempt."""
        attempt = sent.attempt
        sent.refused_since = sent.refused_since or time.monotonic()
        waited = time.monotonic() - sent.refused_since
        said = retry_after(attempt)
        self.pace.refused(at, min(said, self.patience.longest_wait) if said is not None else None)
        limit = self._limit if self._served else min(self._limit, self.patience.first_limited)
        if waited < limit and self._put_off(sent, retry):
            return True
        met = _too_fast(attempt)
        lasted = f", for {waited:.0f} seconds" if waited >= 1 else ""
        attempt.trouble = Trouble(met.kind, met.detail + lasted)
        sent.met.append(attempt.trouble)
        if retry:
            self._limit = min(self._limit, self.patience.later_limited)
        return False

    @staticmethod
    def _put_off(sent: Sent, retry: bool) -> bool:
        """Note what came too fast, to be sent again. False where it must not be: only a 429 was surely not read."""
        met = _too_fast(sent.attempt)
        throttled = met.kind is TroubleKind.THROTTLED
        if throttled or retry:
            sent.met.append(met)
            sent.resent += not throttled
        return throttled or retry

    def _stands(self, parts: Parts, lane: str | None, sent: Sent, at: float) -> bool:
        """Return True if a bare answer is this request's own: it gets it each time, good requests in between do not.

        False also where another try is answered otherwise; that try is then the attempt.
        """
        first = sent.attempt
        known = self._standing >= self.patience.proofs and not self._passing
        for pause in self.patience.known_proof if known else self.patience.proof:
            time.sleep(pause)
            if self.witness() is not True:
                return False
            time.sleep(pause)
            self.pace.wait()
            sent.resent += 1
            sent.attempt = self.transport.attempt(parts, lane, fresh=True)
            if not self._comes_too_fast(parts, sent.attempt):
                self._passing += 1
                sent.met.append(_too_fast(first))
                self.pace.refused(at, retry_after(first))
                if sent.attempt.trouble is None:
                    self.pace.accepted()
                else:
                    sent.met.append(sent.attempt.trouble)
                return False
        if self.witness() is not True:
            return False
        self._standing += 1
        sent.standing = True
        return True

    def _by_its_head(self, sent: Sent, lane: str | None) -> None:
        """Take the answer to the head alone where that is refused by whoever reads it.

        A server that refuses a head closes before the body has come, and a gateway, which is still passing it on, says
        502 in place of the refusal. Who reads the body answers in JSON, or as badly as before.
        """
        head = sent.parts.head_alone()
        self.pace.wait()
        attempt = self.transport.attempt(head, lane, fresh=True)
        if attempt.trouble is None and attempt.status in REFUSES_A_HEAD and not attempt.body.lstrip().startswith(b"{"):
            words = f"a bare {sent.attempt.status} to what is refused by its head"
            sent.met.append(Trouble(TroubleKind.GATEWAY, words))
            sent.parts, sent.attempt, sent.standing = head, attempt, False

    def _ended(self, sent: Sent, retry: bool) -> Sent:
        """Count what was met; a run of requests without an answer ends the run."""
        attempt = sent.attempt
        if not sent.met and attempt.trouble is None:
            # The usual way takes no lock.
            self._reached = self._served = True
            self._without_answer = self._reprieves = 0
            return sent
        with self._lock:
            self.trouble.update(trouble.kind.value for trouble in sent.met)
            self._reached = self._reached or attempt.kind is not TroubleKind.UNREACHABLE
            if attempt.kind is TroubleKind.GATEWAY and not retry:
                return sent  # whoever sent it tries again
            if attempt.kind not in ENDS_THE_RUN:
                self._served = self._served or attempt.kind is None
                self._without_answer = 0
                return sent
            self._without_answer += 1
            if self._without_answer < self.patience.in_a_row or self._gone:
                return sent
            self._without_answer = 0
            if self._reprieves < self.patience.reprieves and self._alive():
                self._reprieves += 1
                return sent
            assert attempt.trouble is not None
            self._gone, self.gone_by = True, attempt.kind
            self.broken = self.broken or (
                f"{self.patience.in_a_row} requests in a row had no answer, "
                f"the last one: {attempt.kind}, {attempt.trouble.detail}"
            )
        return sent

    def note(self, kind: TroubleKind) -> None:
        """Count a trouble that was met outside a request."""
        with self._lock:
            self.trouble[kind.value] += 1

    def _alive(self) -> bool:
        """Return True if the target answers anything: a server that hangs on some inputs can still be judged."""
        probe = self.transport.attempt(Parts(b"GET", b"/", self._headers, b""), fresh=True)
        return probe.kind not in ENDS_THE_RUN and not self._comes_too_fast(Parts(b"GET", b"/", [], b""), probe)


def _too_fast(attempt: Attempt) -> Trouble:
    if attempt.status == 429:
        return Trouble(TroubleKind.THROTTLED, "429")
    return Trouble(TroubleKind.GATEWAY, f"a bare {attempt.status}")
