"""What the target's own queries tell of associations, from the lists of both ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import Final

from contract.kit.exchange import Sighting
from contract.kit.target import cleanup
from contract.kit.target.access import Access
from contract.kit.target.resources import Pair, What
from contract.kit.target.siblings import SiblingFailed

End = tuple[What, str]
"""A job group or a trigger, by its UUID."""
VIEWS: Final = {what: f"`{what.links}` of the {what.word}" for what in What}
TOGETHER: Final = 50
"""UUIDs in one query: its URL stays below two kilobytes."""


class Looking:
    """`at_once`: queries under way together."""

    def __init__(self, access: Access, at_once: int) -> None:
        self._access = access
        self._siblings = access.siblings
        self._at_once = at_once

    def look(self, pair: Pair) -> Sighting:
        """What the queries tell of the pair now."""
        return self.look_all([pair])[pair]

    def look_all(self, pairs: Iterable[Pair]) -> Mapping[Pair, Sighting]:
        """What they tell of many pairs, each job group and each trigger asked for once."""
        asked = list(pairs)
        known = self.lists(end for pair in asked for end in _ends(pair))
        return {pair: _sighting(pair, known) for pair in asked}

    def associations(self, pairs: Iterable[Pair]) -> Mapping[Pair, Sighting]:
        """Every association in the whole lists of the ends of these pairs, whoever made it, and these pairs."""
        asked = list(pairs)
        known = self.lists(sorted({end for pair in asked for end in _ends(pair)}))
        shown = dict.fromkeys(asked)
        for (what, own), links in known.items():
            for other in links or ():
                shown[Pair(own, other) if what is What.GROUP else Pair(other, own)] = None
        return {pair: _sighting(pair, known) for pair in shown}

    def lists(self, ends: Iterable[End]) -> Mapping[End, cleanup.Listed]:
        """What the target lists for some ends, with as few queries as it takes; several are under way together."""

        def of(end: End) -> cleanup.Listed:
            try:
                return self._access.renewing(lambda: cleanup.listed(self._siblings, *end))
            except SiblingFailed:
                return None

        asked = list(dict.fromkeys(ends))
        of_a_kind = [(what, [uuid for kind, uuid in asked if kind is what]) for what in What]
        together = [
            (what, uuids[at : at + TOGETHER]) for what, uuids in of_a_kind for at in range(0, len(uuids), TOGETHER)
        ]
        with ThreadPoolExecutor(self._at_once) as pool:
            known: dict[End, cleanup.Listed] = {}
            for some in pool.map(lambda part: cleanup.listed_together(self._siblings, *part), together):
                known |= some
            alone = [end for end in asked if end not in known]
            return known | dict(zip(alone, pool.map(of, alone), strict=True))


def _ends(pair: Pair) -> tuple[End, End]:
    return (What.GROUP, pair.group), (What.TRIGGER, pair.trigger)


def _sighting(pair: Pair, known: Mapping[End, cleanup.Listed]) -> Sighting:
    """Whether each end's list has the other; None where it was not told, or not asked for."""
    views: dict[str, bool | None] = {}
    for (what, own), (_, other) in zip(_ends(pair), reversed(_ends(pair)), strict=True):
        links = known.get((what, own))
        views[VIEWS[what]] = other in links if links is not None else None
    return Sighting(MappingProxyType(views))
