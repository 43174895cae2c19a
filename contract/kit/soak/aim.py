"""How a soak sends: as any run does, but keeping no exchange, with a session that is renewed in time."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace
from typing import Final

from contract.kit.drive import Drive
from contract.kit.exchange import Exchange, Expect, TroubleKind
from contract.kit.rules.outcome import Outcome, outcome
from contract.kit.sending import Sending, Values

RENEW_AFTER: Final = 3_600.0
"""Seconds; two hours is a server's default (observed in ZStack 5.2). The old session stays good until the end."""
ENDED_APART: Final = 60.0
"""Seconds between two renewals of a session that ended before."""


@dataclass
class Aim(Drive):
    """A drive for many greenlets at once. Nothing of what it sends is kept."""

    _renewed: float = field(default_factory=time.monotonic)
    _in_time: threading.Lock = field(default_factory=threading.Lock)

    def fire(
        self, values: Values, sending: Sending, *, expect: Expect, fresh: bool = False, side_by_side: bool = False
    ) -> Exchange:
        """Send one request, once more with a new session where the old one ended. TargetGone."""
        self._renew_in_time()
        session, pair = self.estate.token, self._pair(values)
        if expect is not Expect.REFUSAL:
            self.estate.used(pair)
        exchange = self._send(values, sending, expect, fresh, side_by_side)
        good = expect is not Expect.REFUSAL and sending.authorization is None
        if good and self._session_ended(exchange, session):
            exchange = self._send(values, sending, expect, fresh, side_by_side)
        if expect is Expect.REFUSAL and outcome(exchange) not in (Outcome.FAILURE, Outcome.REJECTION):
            self.estate.used(pair)
        if exchange.trouble is not None and exchange.trouble.kind is TroubleKind.GATEWAY and self.is_there():
            exchange = replace(exchange, trouble=None)  # the target answers others, so this answer is its own
        self.kinds.see(exchange)
        return exchange

    def _session_ended(self, exchange: Exchange, session: str | None) -> bool:
        if time.monotonic() - self._renewed > ENDED_APART:
            self.renewals = 0
        ended = super()._session_ended(exchange, session)
        if ended:
            self._renewed = time.monotonic()
        return ended

    def _renew_in_time(self) -> None:
        """A session that ended unseen would give a refused request another code than it had before."""
        if time.monotonic() - self._renewed < RENEW_AFTER or not self.estate.can_login():
            return
        with self._in_time:
            if time.monotonic() - self._renewed >= RENEW_AFTER:
                self._renewed = time.monotonic()
                self.estate.renew()
