"""How a soak sends: as any run does, but keeping no exchange, with a session that is renewed in time."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Final

from contract.kit.drive import Drive, Sending, Values
from contract.kit.exchange import Exchange, Expect, Outcome, TroubleKind, outcome

RENEW_AFTER: Final = 3_600.0
"""Seconds; two hours is a server's default (observed in ZStack 5.2). The old session stays good until the end."""
ENDED_APART: Final = 60.0
"""Seconds between two renewals of a session that ended before."""


@dataclass
class Aim(Drive):
    """A drive for many greenlets at once. Nothing of what it sends is kept."""

    sent: Counter[str] = field(default_factory=Counter)
    """How many of each kind may have been looked up, by all hands together."""
    _renewed: float = field(default_factory=time.monotonic)
    _in_time: threading.Lock = field(default_factory=threading.Lock)
    _unlet: dict[tuple[int, str | None], bool] = field(default_factory=dict)
    """Status and code of answers to bad sessions, and whether they tell of these alone."""

    def fire(
        self, values: Values, sending: Sending, *, expect: Expect, fresh: bool = False, side_by_side: bool = False
    ) -> Exchange:
        """Send one request, once more with a new session where the old one ended. TargetGone."""
        self._renew_in_time()
        session, pair = self.estate.token, self._pair(values)
        if expect is not Expect.REFUSAL:
            self.estate.used(pair)
        exchange = self._send(values, sending, expect, fresh, side_by_side)
        if self._may_have_ended(exchange, sending) and self._session_ended(exchange, session):
            exchange = self._send(values, sending, expect, fresh, side_by_side)
        if expect is Expect.REFUSAL and outcome(exchange) not in (Outcome.FAILURE, Outcome.REJECTION):
            self.estate.used(pair)
        if exchange.trouble is not None and exchange.trouble.kind is TroubleKind.GATEWAY and self.is_there():
            exchange = replace(exchange, trouble=None)  # the target answers others, so this answer is its own
        self.kinds.see(exchange)
        return exchange

    def _may_have_ended(self, exchange: Exchange, sending: Sending) -> bool:
        """The good session was refused, or so it looks: the answer is one that bad sessions get."""
        if outcome(exchange) not in (Outcome.FAILURE, Outcome.REJECTION) or exchange.answer is None:
            return False
        seen = (exchange.answer.status, exchange.code)
        if sending.authorization is not None:
            self._unlet.setdefault(seen, True)
            return False
        return exchange.expect is Expect.SUCCESS or self._unlet.get(seen, False)

    def _session_ended(self, exchange: Exchange, session: str | None) -> bool:
        if time.monotonic() - self._renewed > ENDED_APART:
            self.renewals = 0
        if super()._session_ended(exchange, session):
            self._renewed = time.monotonic()
            return True
        if exchange.expect is not Expect.SUCCESS and exchange.answer is not None:
            # Other failures look like that too: not to be asked about again.
            self._unlet[exchange.answer.status, exchange.code] = False
        return False

    def _renew_in_time(self) -> None:
        """A session that ended unseen would give a refused request another code than it had before."""
        if time.monotonic() - self._renewed < RENEW_AFTER or not self.estate.can_login():
            return
        with self._in_time:
            if time.monotonic() - self._renewed >= RENEW_AFTER:
                self._renewed = time.monotonic()
                self.estate.renew()
