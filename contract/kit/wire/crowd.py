"""How many requests are under way at once, where the target refuses those that are too many.

A refusal does not tell whether it is for the number of requests under way or for their rate. So after one of a request
that had others beside it the next few go one at a time, as fast as they are answered: where none of them is refused it
was the number, which stays below what was refused from then on; where one is, it was the rate, which is the pace's.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

PROOF: Final = 12
"""Requests that have to pass one at a time."""
CLIMB: Final = 100
"""Requests that pass before one more may be under way; twice as many after each time that it was one too many."""
ENOUGH: Final = 30
"""Requests that pass where a limit of numbers lets so many through."""
ODD: Final = 3
"""Refusals that no such limit explains, after which there is none."""


@dataclass(eq=False, slots=True)
class Place:
    """One request under way. `among`: the most that were under way meanwhile, with it."""

    among: int = 0


class Crowd:
    """Thread safe. `most`: so many may be under way; None where no limit is known."""

    def __init__(self) -> None:
        self.most: int | None = None
        self._changed = threading.Condition()
        self._under_way: list[Place] = []
        self._proving = 0
        """Requests that have still to pass alone."""
        self._is_rate = False
        """A request was refused though it was the only one."""
        self._fewest_refused = 0
        """The fewest requests under way when one of them was refused."""
        self._passed = 0
        """Passed since `most` was changed."""
        self._odd = 0
        """Refusals that a limit of numbers does not explain."""
        self._climb = CLIMB

    @property
    def found(self) -> int | None:
        """How many at once the target lets through; None where that is not known to be limited."""
        return None if self._proving else self.most

    @contextmanager
    def among(self) -> Iterator[Place]:
        """Wait until a request may be under way, and take its place."""
        with self._changed:
            while self.most is not None and len(self._under_way) >= self.most:
                self._changed.wait()
            place = Place()
            self._under_way.append(place)
            for one in self._under_way:
                # It may be that the later one is the first to arrive.
                one.among = max(one.among, len(self._under_way))
        try:
            yield place
        finally:
            with self._changed:
                self._under_way.remove(place)
                self._changed.notify_all()

    def refused(self, among: int) -> bool:
        """Note a refusal of one that was under way among so many. Return True if it may go out again with fewer."""
        with self._changed:
            if self._is_rate:
                return False
            if among == 1:
                # It was the only one; or the limit is none of numbers after all.
                self._is_rate = self._proving > 0 or self.most is not None
                self._proving, self.most = 0, None
            elif self.most is None or self._proving:
                if self.most is None:
                    self.most, self._proving, self._fewest_refused = 1, PROOF, among
                self._fewest_refused = min(self._fewest_refused, among)
            elif among < self.most or self._passed >= ENOUGH:
                # So many passed among as many: it was for something else, or by chance.
                self._odd += 1
                if self._odd == ODD:
                    self._is_rate, self.most = True, None
            else:
                self.most, self._passed = max(1, self.most - 1), 0
                self._climb *= 2
            self._changed.notify_all()
            return among > 1

    def passed(self, among: int) -> None:
        """Note that one was not refused."""
        if self.most is None:
            return
        with self._changed:
            if self._proving:
                self._proving -= among == 1
                if not self._proving:
                    self.most, self._passed = max(1, self._fewest_refused - 1), 0
            elif self.most is not None:
                self._passed += 1
                if self._passed >= self._climb:
                    self.most, self._passed = self.most + 1, 0
            self._changed.notify_all()
