"""What each end on the target should list, by all that the target has answered."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from contract.kit.exchange import Exchange, Expect, Listing, Outcome, outcome
from contract.kit.target import Pair, What

PAUSE: Final = 0.3
"""Seconds before a second look where the first one differs: a list may be written a moment after the answer."""
NO: Final = frozenset({Outcome.FAILURE, Outcome.REJECTION})

End = tuple[What, str]


def ends(pair: Pair) -> tuple[tuple[End, str], tuple[End, str]]:
    """Both ends of a pair, each with what it lists where the pair is associated."""
    return ((What.GROUP, pair.group), pair.trigger), ((What.TRIGGER, pair.trigger), pair.group)


@dataclass
class Model:
    """What some of the run's own ends list.

    `look_up`: what the target lists for each of some ends, None where it does not tell. `only`: of a lent pair nothing
    else is looked at, since others may change it.
    """

    look_up: Callable[[Iterable[End]], Mapping[End, Sequence[str] | None]]
    only: Pair | None = None
    lists: dict[End, Counter[str]] = field(default_factory=dict)
    _open: set[Pair] = field(default_factory=set)
    """Pairs that may be associated now or not, by what was answered to the last step, or never was."""
    _late: set[Pair] = field(default_factory=set)
    """Those of them whose request had no end that was told: what it does may be done after any look."""

    @classmethod
    def of_pair(cls, look_up: Callable[[Iterable[End]], Mapping[End, Sequence[str] | None]], pair: Pair) -> Model:
        """What the two ends of a pair list of each other now."""
        model = cls(look_up, pair, {end: Counter() for end, _ in ends(pair)})
        model.adopt()
        return model

    def add_end(self, what: What, uuid: str) -> None:
        """An end that lists nothing is on the target now."""
        self.lists[what, uuid] = Counter()

    def of(self, what: What) -> list[str]:
        """The UUIDs of the ends of one kind."""
        return [uuid for kind, uuid in self.lists if kind is what]

    def pairs(self, *, associated: bool) -> list[Pair]:
        """The pairs of existing ends that are associated, or not."""
        every = [Pair(group, trigger) for group in self.of(What.GROUP) for trigger in self.of(What.TRIGGER)]
        return [pair for pair in every if self.associated(pair) is associated]

    def associated(self, pair: Pair) -> bool:
        return any(self.lists[end][other] > 0 for end, other in ends(pair))

    def take(self, pair: Pair, exchange: Exchange) -> None:
        """Note what an answer says of the pair."""
        if not self._exists(pair):
            return  # nothing can come of it
        found = outcome(exchange)
        refusal = exchange.expect is Expect.REFUSAL
        if found is Outcome.GRANTED and not refusal:
            for end, other in ends(pair):
                self.lists[end][other] = max(1, self.lists[end][other])
        elif exchange.resent or found in (Outcome.SILENCE, Outcome.GRANTED) or (found not in NO and not refusal):
            self._open.add(pair)
            if found in (Outcome.SILENCE, Outcome.UNTOLD):
                self._late.add(pair)

    def look(self) -> dict[End, Listing]:
        """What every end that tells lists now, beside what it should; a difference is looked at twice."""
        found = self._look()
        if any(one.listed != one.expected for one in found.values()):
            time.sleep(PAUSE)
            found = self._look()
        self._settle()
        return found

    def adopt(self) -> None:
        """Take what is listed now for right: a call of the run's own has changed it, or a difference was told."""
        self.lists |= {end: Counter(listed) for end, listed in self._listed().items()}
        self._settle()

    def _settle(self) -> None:
        self._late = {
            pair
            for pair in self._late
            if self._exists(pair) and not all(self.lists[end][other] for end, other in ends(pair))
        }
        self._open = set(self._late)

    def _exists(self, pair: Pair) -> bool:
        return all(end in self.lists for end, _ in ends(pair))

    def forget(self, what: What, uuid: str) -> None:
        """An end was deleted; what the others list of it is not the endpoint's."""
        del self.lists[what, uuid]
        self.adopt()

    def _look(self) -> dict[End, Listing]:
        found = {}
        for end, listed in self._listed().items():
            expected = self.lists[end]
            for one, other in (at for pair in self._open for at in ends(pair)):
                if one == end:
                    expected[other] = min(1, listed.count(other))
            what, uuid = end
            view = f"`{what.links}` of the {what.word} {uuid}"
            found[end] = Listing(view, tuple(sorted(expected.elements())), tuple(sorted(listed)))
        return found

    def _listed(self) -> dict[End, Sequence[str]]:
        """The list of each end that the target tells of."""
        told = {end: listed for end, listed in self.look_up(self.lists).items() if listed is not None}
        if self.only is None:
            return {**told}
        mine = (self.only.group, self.only.trigger)
        return {end: [one for one in listed if one in mine] for end, listed in told.items()}


def concerns_others(end: End, listing: Listing, pairs: Iterable[Pair]) -> bool:
    """Return True if a list differs in what none of `pairs` names."""
    named = {other for pair in pairs for one, other in ends(pair) if one == end}
    expected, listed = Counter(listing.expected), Counter(listing.listed)
    return not named >= {*(expected - listed), *(listed - expected)}


def sharing(what: What, pairs: Iterable[Pair]) -> list[list[Pair]]:
    """Those of `pairs` that share an end of this kind, two of them at least."""
    by_end: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_end.setdefault(pair.group if what is What.GROUP else pair.trigger, []).append(pair)
    return [alike for alike in by_end.values() if len(alike) > 1]
