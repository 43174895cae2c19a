"""Which points of the space of dimensions a test sends: good, bad in one or two values, or such as may be either."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from contract.kit.drive.dimensions import Point, covering
from contract.kit.drive.drive import Drive
from contract.kit.exchange import Expect

BY_CHANCE: Final = 400
"""Points that a depth draws at random, where three values are to meet."""
BAD_CREDENTIALS: Final = ("AUTH-001", "AUTH-002", "AUTH-003", "AUTH-004", "AUTH-010")
"""Clauses by which a request is refused for its credentials."""
BAD_ENDS: Final = ("PATH-002", "PATH-003", "PATH-004")
"""For the UUIDs in its path."""
BAD_BODIES: Final = ("BODY-003", "BODY-004", "BODY-005", "BODY-006")
"""For its body."""
ANY_BODY: Final = (*("BODY-001", "BODY-002", "BODY-003", "BODY-004", "BODY-005", "BODY-006", "BODY-007", "BODY-008"),)
"""For its body or its type, or may be."""
FREE: Final = ("PATH-004", "PATH-006", "PATH-007", "AUTH-001", *(one for one in ANY_BODY if one != "BODY-003"))
"""Clauses that leave something free: a server may grant it or refuse it."""
MISPLACED: Final = ("PATH-005", "PATH-006")
"""For its method or its path: what is answered there is not the operation's, and only what it does can be judged."""
GUARDED: Final = (*BAD_CREDENTIALS, *MISPLACED)
"""Clauses by which a request is refused before anything else of it is looked at."""


@dataclass
class Points:
    """What a test chooses from, as many as the depth of the run asks for."""

    drive: Drive

    def good(self) -> list[Point]:
        """Points of good values: each value once, every two of them together, or some three by chance as well."""
        dimensions = list(self.drive.space.values())
        depth = self.drive.properties.depth
        if depth.meeting < 2:
            return covering.singles(dimensions)
        found = covering.pairs(dimensions)
        if depth.meeting > 2:
            found += covering.by_chance(dimensions, self.drive.properties.seed, BY_CHANCE)
        return found

    def alone(self, *names: str) -> list[Point]:
        """Points of one good value of these dimensions, all the rest plain."""
        return self._some(Point.of({name: value}) for name in names for value in self.drive.space[name].good[1:])

    def other(self, clause: str, expect: Expect) -> list[Point]:
        """Points with one value that is not good and is judged by a clause, the rest good.

        In a shorter run than the gate each once, and what two dimensions have alike in one of them.
        """
        whole = list(self.drive.space.values())
        # Credentials are refused whatever stands beside; elsewhere a body that may be too large would hide the rest.
        company = expect is Expect.REFUSAL and clause in GUARDED
        every = self.drive.properties.depth.meeting > 1
        chosen = {one.name: one.judged_by(clause, expect) for one in whole}
        found: list[Point] = []
        for one in whole:
            if every:
                found += covering.beside(one, chosen[one.name], whole, company=company)
            else:
                found += covering.some(one, chosen[one.name], whole, covering.turns(one, chosen))
        return found

    def each_free(self) -> list[Point]:
        """Points of one value that is left free, all else plain: of the body one of each family, of the rest each."""
        found: list[Point] = []
        for clause in FREE:
            for _, family in self._families(clause, Expect.EITHER):
                found += [Point.of(dict([placed])) for placed in (family[:1] if clause in ANY_BODY else family)]
        return self._some(found)

    def each_family(self, clause: str, *, company: bool = True) -> list[Point]:
        """Points with one bad value of each family that a clause judges; `company`: beside good ones.

        Alone, every family stands in a shorter run too where the clause has few.
        """
        if not company:
            points = [Point.of(dict([family[0]])) for _, family in self._families(clause, Expect.REFUSAL)]
            return points if clause in MISPLACED else self._some(points)
        whole = list(self.drive.space.values())
        found: list[Point] = []
        for one in whole:
            found += covering.some(one, one.judged_by(clause, Expect.REFUSAL), whole, lambda _: [0])
        return self._some(found)

    def two_bad(
        self,
        first: Iterable[str],
        second: Iterable[str],
        *,
        kinds: Iterable[Expect] = (Expect.REFUSAL, Expect.EITHER),
        every: bool = False,
    ) -> list[Point]:
        """Points with two values at once that are not good: a bad one and one of each family of these kinds.

        One of the first clauses judges the one, the second clauses the other. `every`: each of a family.
        """
        groups = [
            [placed for _, family in self._families(clause, Expect.REFUSAL) for placed in family] for clause in first
        ]
        groups = [group for group in groups if group]
        families = [family for clause in second for kind in kinds for _, family in self._families(clause, kind)]
        if every:
            families = [[placed] for family in families for placed in family]
        times = 1 if every else 2
        return self._some(covering.two_at_once(groups, families, list(self.drive.space.values()), times))

    def each_bad_with(self, first: str, second: str) -> list[Point]:
        """Points with each bad value of the first clause beside two of each family that the second leaves free."""
        bad = [[placed] for _, family in self._families(first, Expect.REFUSAL) for placed in family]
        free = [family for _, family in self._families(second, Expect.EITHER)]
        return self._some(covering.two_at_once(bad * 2, free, list(self.drive.space.values()), 2 * len(bad)))

    def every_two_bad(self, first: Iterable[str], second: str) -> list[Point]:
        """Points with two bad values at once: of each of the first clauses one with each family of the second."""
        return [point for clause in first for point in self.two_bad((clause,), (second,), kinds=(Expect.REFUSAL,))]

    def each_two_bad(self, clauses: Iterable[str]) -> list[Point]:
        """Points with two values of two dimensions at once that these clauses judge, one of them bad at the least."""
        points = self._each_two(clauses, (Expect.REFUSAL, Expect.EITHER))
        return self._some(point for point in points if point.expect is Expect.REFUSAL)

    def each_two_other(self, clauses: Iterable[str]) -> list[Point]:
        """Points with two values of two dimensions at once that these clauses leave free."""
        return self._some(self._each_two(clauses, (Expect.EITHER,)))

    def _each_two(self, clauses: Iterable[str], kinds: Sequence[Expect]) -> Iterator[Point]:
        groups: dict[str, list[list[covering.Placed]]] = {}
        for clause in clauses:
            for expect in kinds:
                for name, family in self._families(clause, expect):
                    groups.setdefault(name, []).append(family)
        return covering.each_two(groups, list(self.drive.space.values()), alike=kinds == (Expect.EITHER,))

    def _some(self, points: Iterable[Point]) -> list[Point]:
        """All of them at the gate, fewer for a shorter run."""
        found = list(points)
        return [found[at] for at in self.drive.spread(len(found))]

    def _families(self, clause: str, expect: Expect) -> Iterator[tuple[str, list[covering.Placed]]]:
        """The values of a kind that a clause judges, by their families, each with the name of its dimension."""
        for name, one in self.drive.space.items():
            for family in covering.families(one.judged_by(clause, expect)).values():
                yield name, [(name, value) for value in family]
