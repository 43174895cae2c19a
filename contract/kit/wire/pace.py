"""How fast requests go out, over all threads and connections together."""

from __future__ import annotations

import threading
import time
from collections import deque

SLOWEST = 0.5
"""Requests a second; a server that asks for less than this is waited for instead."""


class Pace:
    """At most `rate` requests a second (None: as fast as they come), and a lower rate after each 429."""

    def __init__(self, rate: float | None = None) -> None:
        self._lock = threading.Lock()
        self.rate = rate
        self._next = 0.0
        self._recent: deque[float] = deque(maxlen=32)
        self._not_before = 0.0
        self._waits = 0

    def wait(self) -> None:
        """Sleep until the next request may go out."""
        now = time.monotonic()
        with self._lock:
            at = max(now, self._not_before)
            if self.rate is not None:
                interval = 1 / self.rate
                # A late sleeper may catch up one interval, so that the pace is kept and not only bounded.
                at = max(at, self._next)
                self._next = max(self._next, at - interval) + interval
            self._recent.append(at)
        if at > now:
            time.sleep(at - now)

    def refused(self, seconds: float) -> int:
        """Note a 429: nothing goes out for so many seconds, then less than before. Returns waits in a row."""
        now = time.monotonic()
        with self._lock:
            if now >= self._not_before:
                # Others that were under way are refused in the same breath: they count once.
                self._waits += 1
                self.rate = max((self.rate or self._measured()) * 0.5, SLOWEST)
            self._not_before = max(self._not_before, now + seconds)
            return self._waits

    def accepted(self) -> None:
        """Note any other answer."""
        if self._waits:
            with self._lock:
                self._waits = 0

    def _measured(self) -> float:
        """Requests a second of late."""
        if len(self._recent) < 2:
            return 10.0
        return (len(self._recent) - 1) / max(self._recent[-1] - self._recent[0], 0.001)
