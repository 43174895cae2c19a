"""How fast requests go out, over all threads and connections together.

What the target refuses for coming too fast (429, or a limiter's bare 503) halves the pace once a burst. It then climbs
as TCP's CUBIC does (RFC 9438), but flatter in the middle: quickly back towards the rate that was refused, slowly past
it, and freely again where nothing is refused there.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

SLOWEST: Final = 0.5
"""Requests a second."""
FIRST_PAUSE: Final = 0.02
"""Seconds after a refusal that names no time; twice as many after each further one in a row."""
LONGEST_PAUSE: Final = 5.0
LONE: Final = 50
"""A single refusal after so many accepted requests is no limit that was met: most go through at this pace."""
BELOW: Final = 0.8
"""And so is one at less than this share of a pace that went through before."""
FEW: Final = 4
"""Accepted since the refusal before, it may be one."""
CHANCES: Final = 3
"""After so many of these in a row the target refuses now and then whatever the pace, though it names a time."""
QUICK: Final = 0.3
SLOW: Final = 10.0
"""Seconds until the pace that was refused is reached again, after a single refusal and after a limit."""


@dataclass(frozen=True, slots=True)
class Climb:
    """The rate after a burst of refusals: half of `ceiling` at `began`, `ceiling` after `takes` seconds, then more."""

    ceiling: float
    began: float
    takes: float

    def rate(self, now: float) -> float:
        part = max(now - self.began, 0.0) / self.takes - 1
        return max(self.ceiling * (1 + math.pow(part, 5) / 2), SLOWEST)


class Pace:
    """At most `most` requests a second (None: as fast as they come), less where the target refuses. Thread safe.

    `clock` (seconds, monotonic) and `sleep` are for tests.
    """

    def __init__(
        self,
        most: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        longest_pause: float = LONGEST_PAUSE,
    ) -> None:
        self._most = most
        self._clock = clock
        self._sleep = sleep
        self._longest_pause = longest_pause
        self._lock = threading.Lock()
        self._next = 0.0
        self._not_before = 0.0
        self._climb: Climb | None = None
        self._before: Climb | None = None
        """The climb before the burst."""
        self._reduced = 0.0
        self._in_a_row = 0
        self._since = 0
        """Accepted since the last burst began."""
        self._started = self._burst = clock()
        self._chances = 0
        """Single refusals in a row at a pace that went through before."""
        self._through = 0.0
        """Accepted a second, pauses included, from the burst before to the last one."""
        self._recent: deque[float] = deque(maxlen=512)
        self.refusals = 0
        self.limited = False
        """True if a limit was met, and not only a refusal now and then."""

    def wait(self) -> float:
        """Sleep until the next request may go out; the instant when it does."""
        with self._lock:
            now = self._clock()
            at = max(now, self._not_before)
            rate = self._rate(at)
            if rate is not None:
                # A late sleeper may catch up one interval, so that the pace is kept and not only bounded.
                at = max(at, self._next)
                # But not where a limiter may count each interval.
                late = 0.0 if self.limited else 1 / rate
                self._next = max(self._next, at - late) + 1 / rate
        while now < at:
            self._sleep(at - now)
            now = self._clock()
            # Meanwhile another may have been refused.
            at = max(at, self._not_before)
        return now

    def refused(self, sent: float, seconds: float | None) -> float:
        """Note that the request of the instant `sent` came too fast. Returns the pause that follows, in seconds.

        `seconds`: what Retry-After asks for, None where it says nothing.
        """
        with self._lock:
            now = self._clock()
            self.refusals += 1
            if sent < self._reduced:
                # It was under way when another was refused: they count once.
                pause = seconds or 0.0
            else:
                self._in_a_row += 1
                pause = self._pause(seconds)
                self._reduce(now, now + pause, seconds)
            self._not_before = max(self._not_before, now + pause)
            return pause

    def accepted(self) -> None:
        """Note any other answer."""
        with self._lock:
            self._in_a_row = 0
            self._since += 1
            self._recent.append(self._clock())

    @property
    def found(self) -> float | None:
        """Requests a second that the target lets through; None where it set no limit."""
        known = self.limited and self._chances < CHANCES
        return self._climb.ceiling if known and self._climb is not None else None

    def _rate(self, now: float) -> float | None:
        if self._climb is None:
            return self._most
        rate = self._climb.rate(now)
        return rate if self._most is None else min(rate, self._most)

    def _pause(self, seconds: float | None) -> float:
        grown = min(FIRST_PAUSE * math.pow(2, min(self._in_a_row - 1, 20)), self._longest_pause)
        if seconds is None:
            return grown
        return seconds if seconds or self._in_a_row == 1 else grown

    def _reduce(self, now: float, resumed: float, seconds: float | None) -> None:
        """Halve the pace where a burst begins, and know it for a limit where it goes on."""
        rate = self._rate(now)
        lately = sum(moment > now - 1 for moment in self._recent)
        if self._in_a_row == 1:
            self._before = self._climb
            self._through = self._since / max(now - self._burst, 1.0)
            before = self._climb
            below = before is not None and rate is not None and rate < BELOW * before.ceiling
            lone = self._since >= LONE
            self._chances = self._chances + below if self._since >= FEW else 0
            if (lone and (below or not seconds)) or self._chances >= CHANCES:
                ceiling = before.ceiling if before is not None and below else self._speed()
                ceiling = ceiling if rate is None or below else min(ceiling, rate)
                if self._chances >= CHANCES:
                    ceiling *= 2  # whose half is where it begins
                self._climb = Climb(max(ceiling, SLOWEST), resumed, QUICK)
            else:
                self._meet_limit(rate, lately, resumed)
            self._reduced, self._since, self._burst = now, 0, now
        elif self._in_a_row == 2 and self._climb is not None and self._climb.takes == QUICK:
            self._chances = min(self._chances, CHANCES - 1)
            self._meet_limit(self._climb.ceiling, lately, resumed)
        elif self._climb is not None:
            # Nothing goes out meanwhile: the climb begins when it does.
            self._climb = Climb(self._climb.ceiling, resumed, self._climb.takes)

    def _meet_limit(self, rate: float | None, lately: int, resumed: float) -> None:
        ceiling = max(lately, 1.1 * self._through)
        if resumed - self._started < 2:
            # Too soon to know what goes through in a second.
            ceiling = max(ceiling, self._speed() / 2)
        if self.limited and self._before is not None:
            # What a limit let through before is not forgotten for one refusal.
            ceiling = max(ceiling, 0.7 * self._before.ceiling)
        self.limited = True
        self._climb = Climb(max(ceiling if rate is None else min(ceiling, rate), SLOWEST), resumed, SLOW)

    def _speed(self) -> float:
        """Requests a second of late, while they went out."""
        last = list(self._recent)[-32:]
        return (len(last) - 1) / max(last[-1] - last[0], 0.001) if len(last) > 1 else 100.0
