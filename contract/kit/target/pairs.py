"""Where the pairs of job group and trigger come from that a run sends its requests for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, Protocol

from contract.kit.target.resources import Pair, What
from contract.kit.target.siblings import SiblingFailed

MOST_TRIGGERS: Final = 25
"""A group takes 30 in all (observed in ZStack 5.2)."""
MOST_GROUPS: Final = 60


class Supply(Protocol):
    """Gives pairs that are not associated. Not thread safe: the estate holds a lock."""

    def can(self, count: int) -> bool:
        """Return True if so many pairs of existing resources can be had at the same time."""

    def take(self) -> Pair:
        """A pair that is not associated now and that no one else was given."""

    def apart(self, *pairs: Pair) -> Pair:
        """A pair as `take` gives it, sharing no end with any of `pairs`; unknown UUIDs where there can be none."""

    def give_back(self, pair: Pair) -> None:
        """The pair was not associated; it may be given again."""

    def used(self, pair: Pair, associated: bool | None) -> None:
        """Note that the pair was used; `associated`: whether it is associated now, None where that is not known."""

    def let_go(self) -> None:
        """Whoever was given pairs so far is done with them."""

    def own(self) -> list[Pair]:
        """All pairs of resources that the run has made."""


@dataclass(slots=True)
class Grid:
    """Every group with every trigger: n resources give about n²/4 pairs. The smaller side grows first.

    When both sides are full, the group whose pairs were all given longest ago makes room for a new one; where every
    group is in use, the pair that was given first is freed and given again.
    """

    make: Callable[[What], str]
    free: Callable[[Pair], None]
    end: Callable[[str], None]
    """Removes a group."""
    most_groups: int = MOST_GROUPS
    most_triggers: int = MOST_TRIGGERS
    groups: list[str] = field(default_factory=list)
    triggers: list[str] = field(default_factory=list)
    _idle: deque[Pair] = field(default_factory=deque)
    _given: dict[Pair, None] = field(default_factory=dict)
    _in_use: set[str] = field(default_factory=set)

    def can(self, count: int) -> bool:
        return count <= self.most_groups * self.most_triggers

    def take(self) -> Pair:
        while not self._idle and (self._grow() or self._make_room()):
            pass
        return self._give(self._idle[0] if self._idle else self._again(next(iter(self._given))))

    def apart(self, *pairs: Pair) -> Pair:
        groups, triggers = {pair.group for pair in pairs}, {pair.trigger for pair in pairs}

        def found(among: Iterable[Pair]) -> Pair | None:
            return next((one for one in among if one.group not in groups and one.trigger not in triggers), None)

        other = found(self._idle)
        while other is None and self._grow():
            other = found(self._idle)
        if other is None and (given := found(self._given)) is not None:
            other = self._again(given)
        return Pair.unknown() if other is None else self._give(other)

    def _give(self, pair: Pair) -> Pair:
        self._idle.remove(pair)
        self._given[pair] = None
        self._in_use.add(pair.group)
        return pair

    def give_back(self, pair: Pair) -> None:
        if pair in self._given:
            del self._given[pair]
            self._idle.append(pair)

    def used(self, pair: Pair, associated: bool | None) -> None:
        pass

    def let_go(self) -> None:
        self._in_use.clear()

    def own(self) -> list[Pair]:
        return [*self._idle, *self._given]

    def _grow(self) -> bool:
        """Make one more of the smaller side; False where both are full."""
        more_triggers = len(self.triggers) < self.most_triggers
        more_groups = len(self.groups) < self.most_groups
        if more_groups and (len(self.groups) <= len(self.triggers) or not more_triggers):
            group = self.make(What.GROUP)
            self.groups.append(group)
            self._idle += [Pair(group, trigger) for trigger in self.triggers]
        elif more_triggers:
            trigger = self.make(What.TRIGGER)
            self.triggers.append(trigger)
            self._idle += [Pair(group, trigger) for group in self.groups]
        return more_groups or more_triggers

    def _make_room(self) -> bool:
        """End the group that has been out of use the longest: two calls for as many pairs as there are triggers."""
        last = {pair.group: place for place, pair in enumerate(self._given)}
        unused = [group for group in last if group not in self._in_use]
        if not unused:
            return False
        group = min(unused, key=last.__getitem__)
        self.end(group)
        self.groups.remove(group)
        self._given = {pair: None for pair in self._given if pair.group != group}
        return True

    def _again(self, pair: Pair) -> Pair:
        """Free a pair that was given, so that it can be given once more."""
        self.free(pair)
        del self._given[pair]
        self._idle.append(pair)
        return pair


@dataclass(slots=True)
class Lent:
    """The one pair that was given to the run; freed before it is given again where it may be associated.

    In a read-only run it is never freed: what a request turned out to have done is put back at the end.
    """

    pair: Pair
    free: Callable[[Pair], None]
    associated: bool | None
    read_only: bool = False
    stuck: str = ""
    """Why it cannot be freed any more: requests that must be refused can be judged all the same."""
    touched: bool = False
    """True once anything of the run may have changed the pair."""

    def can(self, count: int) -> bool:
        return count <= 1 and not (self.read_only and self.associated)

    def take(self) -> Pair:
        if self.read_only:
            return Pair.unknown() if self.associated else self.pair
        if self.associated is not False:
            self.touched = True
            try:
                self.free(self.pair)
            except SiblingFailed as failed:
                if failed.unproven:
                    raise
                self.stuck = str(failed)
                return self.pair
            self.associated = False
        return self.pair

    def apart(self, *pairs: Pair) -> Pair:
        return Pair.unknown()

    def give_back(self, pair: Pair) -> None:
        pass

    def used(self, pair: Pair, associated: bool | None) -> None:
        # Another spelling of the UUIDs may name the pair too.
        if pair == self.pair or associated is None:
            self.associated = associated
            self.touched = True

    def let_go(self) -> None:
        pass

    def own(self) -> list[Pair]:
        return []


class Nothing:
    """No pair of its own and nothing may be made: requests that must be refused name resources that are not there."""

    def can(self, count: int) -> bool:
        return count == 0

    def take(self) -> Pair:
        return Pair.unknown()

    def apart(self, *pairs: Pair) -> Pair:
        return Pair.unknown()

    def give_back(self, pair: Pair) -> None:
        pass

    def used(self, pair: Pair, associated: bool | None) -> None:
        pass

    def let_go(self) -> None:
        pass

    def own(self) -> list[Pair]:
        return []
