"""The session of a run that ends while the run goes on: seen by the answers, and renewed."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass, field
from typing import Final

from contract.kit.exchange import Exchange, Expect, Outcome, outcome
from contract.kit.target import Access
from contract.kit.wire import TargetGone

ENDED: Final = (
    "the session ended in the middle of the run and cannot be renewed; "
    "give an account, or set CONTRACT_SESSION to one that lasts"
)
Refusal = tuple[int, str | None]
"""Status and code of an answer."""


@dataclass
class Renewal:
    """When a session is renewed. Thread safe; times in seconds.

    `apart`: between two renewals of a session that ended before its time; however often one ends in a run, a target
    that ends a session at once, as after each refusal, is found out. `in_time`: the age at which a session is renewed
    before it ends.
    """

    access: Access
    apart: float = 1.0
    in_time: float = math.inf
    _ended_at: float | None = None
    _since: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _of_bad_sessions: dict[Refusal, bool] = field(default_factory=dict)
    """Answers that bad sessions got, and whether they tell of these alone."""

    def session(self) -> str | None:
        """The good session now, renewed first where it is old; None with an access key.

        One that ended unseen would give a refused request another code than it had before.
        """
        if time.monotonic() - self._since >= self.in_time and self.access.can_login:
            with self._lock:
                if time.monotonic() - self._since >= self.in_time:
                    self._since = time.monotonic()
                    self.access.renew()
        return self.access.token

    def learn(self, exchange: Exchange) -> None:
        """Note how a request without the good session was answered: one whose session ended is answered so too."""
        seen = _seen(exchange)
        if seen is not None:
            self._of_bad_sessions.setdefault(seen, True)

    def ended(self, exchange: Exchange, session: str | None) -> bool:
        """Return True if a request was refused because `session` ended, and there is another now.

        TargetGone where there can be no other: no clause is to be blamed for that.
        """
        seen = _seen(exchange)
        if seen is None or not self._may_have(exchange, seen):
            return False
        with self._lock:
            if self.access.token != session:
                return True  # renewed by another request beside this one
            now = time.monotonic()
            if self._ended_at is not None and now - self._ended_at <= self.apart:
                return False
            if self.access.alive() is False:
                if not self.access.renew():
                    raise TargetGone(ENDED)
                self._ended_at = self._since = now
                return True
        if exchange.expect is not Expect.SUCCESS:
            # Other failures look like that too: not to be asked about again.
            self._of_bad_sessions[seen] = False
        return False

    def _may_have(self, exchange: Exchange, seen: Refusal) -> bool:
        if exchange.expect is Expect.SUCCESS:
            return True
        # Of several side by side one has to succeed, though each is either.
        return self._of_bad_sessions.get(seen, exchange.side_by_side)


def _seen(exchange: Exchange) -> Refusal | None:
    """Status and code of an answer that refuses; None of any other."""
    if outcome(exchange) not in (Outcome.FAILURE, Outcome.REJECTION) or exchange.answer is None:
        return None
    return exchange.answer.status, exchange.code
