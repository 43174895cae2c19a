"""How many requests the reference takes: so many a second, or a minute and an address."""

from __future__ import annotations

import time

from contract.kit.reference.answers import Answer, rejection
from contract.kit.reference.dialect import Options
from contract.kit.reference.limits import slow_down

MINUTE = 60.0


class Pace:
    """Counts requests; a minute begins with an address's first request, as ZStack's own limiter has it."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._second = 0
        self._this_second = 0
        self._minutes: dict[str, tuple[float, int]] = {}

    def refusal(self, address: str) -> Answer | None:
        """The 429 where this request is one too many, or None."""
        if self.options.rate and self._past_the_second():
            return slow_down(self.options)
        if self.options.rate_minute and self._past_the_minute(address):
            if self.options.zstack:
                return Answer(429, text="Rate limit exceeded", check="rate")
            return rejection(self.options, "rate", 429, "SYS.1006", "too many requests")
        return None

    def _past_the_second(self) -> bool:
        second = int(time.monotonic())
        if second != self._second:
            self._second, self._this_second = second, 0
        self._this_second += 1
        return self._this_second > self.options.rate

    def _past_the_minute(self, address: str) -> bool:
        now = time.monotonic()
        began, count = self._minutes.get(address, (now, 0))
        if now - began >= MINUTE:
            began, count = now, 0
        if count < self.options.rate_minute:
            count += 1
            self._minutes[address] = (began, count)
            return False
        return True
