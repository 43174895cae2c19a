"""Sessions that end by themselves: after some seconds, or after so many requests."""

from __future__ import annotations

import time
from collections import Counter

from contract.kit.reference.dialect import Options
from contract.kit.reference.world import World


class Lifetimes:
    """What each session has been used for; a session's time begins with its first request."""

    def __init__(self, world: World, options: Options) -> None:
        self._world = world
        self._seconds = options.session_seconds
        self._requests = options.session_requests
        self._begun: dict[str, float] = {}
        self._used: Counter[str] = Counter()

    def use(self, session: str) -> None:
        """Count a request that names the session, and end the session where it has had its share."""
        if session not in self._world.sessions:
            return
        now = time.monotonic()
        self._used[session] += 1
        too_old = 0 < self._seconds <= now - self._begun.setdefault(session, now)
        if too_old or 0 < self._requests < self._used[session]:
            self._world.log_out(session)
