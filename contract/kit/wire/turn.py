"""One exchange under way in a thread, and what all of them show of the target's connections."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

STALL: Final = 0.4
"""Seconds without a byte on a new connection, after which idle ones are given up: the target may serve only so many."""
A_WHILE: Final = 1.0
"""Seconds within which what helps several requests counts once."""


@dataclass(slots=True)
class Turn:
    """One exchange under way in this thread. Instants are of the monotonic clock, in seconds."""

    deadline: float = 0.0
    first_sent: float = 0.0
    last_came: float = 0.0
    came: list[bytes] = field(default_factory=list)
    connection: int = 0
    """Number of the connection that it went over; 0 while there is none."""
    connected: bool = False
    """True if it needed a new connection."""
    closed: bool = False
    """True if the other side ended the connection, in order or by a reset."""
    reset: bool = False
    """True if that was a reset: something on the way may have done it, a server that ends early closes in order."""
    closed_before: bool | None = None
    """True if it had ended the connection before the request came; None where that cannot be told."""
    relieved: float = 0.0
    """When idle connections were given up for it; 0 where none were."""
    idle: float = 0.0
    """Seconds that the connection had been idle when the request was sent."""
    lane: bool = False
    """On a lane, bytes that came while the connection was idle are told and not passed over."""
    unasked: bytes = b""
    """What came without having been asked for."""
    given_up: bool = False
    """The connection was closed on this side while it was under way: the request may have been read."""
    unsent: bool = False
    """Nothing of it was sent: its connection had been left in the middle of another request, or just given up."""
    beside: int = 0
    """Idle connections that were kept beside the new one that it needed; those that were given up for it, if any."""
    over: bool = False
    then: Callable[[], None] | None = None
    """Closes its connection, which another thread took for idle meanwhile."""

    def end(self) -> None:
        """All of the answer has come, or nothing more of it will."""
        self.over = True
        if self.then is not None:
            self.then()


class Capacity:
    """How many connections of a wire the target serves, and how long it keeps idle ones.

    `relieve` gives up idle ones and tells how many; `count` tells how many are idle.
    """

    def __init__(self, relieve: Callable[[], int], count: Callable[[], int]) -> None:
        self._relieve = relieve
        self.count = count
        self._usual = 0.0
        """Seconds that an answer takes on a kept connection."""
        self._helped = 0
        """How often requests were served once idle connections had been given up for them."""
        self._last_helped = 0.0
        self._room = 0
        """So many idle ones were kept, at the most, while a new one was served without delay."""
        self.shortest_idle: float | None = None
        """Seconds after which the target has closed an idle connection, at the earliest."""

    def saw_closing(self, idle: float) -> None:
        self.shortest_idle = idle if self.shortest_idle is None else min(self.shortest_idle, idle)

    @property
    def patience(self) -> float:
        """Seconds that a new connection is waited for before idle ones are given up; more where answers are slow."""
        return max(STALL, 4 * self._usual)

    def took(self, seconds: float) -> None:
        """An answer took so long on a kept connection."""
        self._usual += (seconds - self._usual) / 8

    def stalled(self, turn: Turn) -> None:
        turn.beside = self._relieve()
        if turn.beside:
            turn.relieved = time.monotonic()

    def served(self, turn: Turn) -> None:
        """An answer came; soon after idle connections were given up, they were in its way.

        Unless as many were in no other's way: then the target has paused, for several requests at once.
        """
        if turn.connected and not turn.relieved and turn.last_came - turn.first_sent < self.patience / 4:
            self._room = max(self._room, turn.beside)
        soon = turn.last_came - turn.relieved < max(STALL / 2, 2 * self._usual)
        once = turn.relieved - self._last_helped > A_WHILE
        if turn.relieved and soon and once and turn.beside > self._room:
            self._helped += 1
            self._last_helped = turn.relieved

    @property
    def few(self) -> bool:
        """Return True if the target serves few connections at once; one slow answer may be a chance."""
        return self._helped > 1


class Local(threading.local):
    """The turn of each thread, and what the streams tell of all connections."""

    def __init__(self, capacity: Capacity) -> None:
        self.turn = Turn()
        self.capacity = capacity
        self.gives_up = False
        """This thread closes what is idle."""
