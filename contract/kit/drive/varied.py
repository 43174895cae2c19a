"""Requests from the space of dimensions: good in every respect, bad in one or two, or such that may be either."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from contract.kit.drive.dimensions import Draft, Point, covering
from contract.kit.drive.drive import Drive
from contract.kit.drive.effects import Watch, judge_listed_once
from contract.kit.drive.model import Model
from contract.kit.drive.parts import CHUNKED
from contract.kit.drive.sending import Sending, Values
from contract.kit.exchange import Exchange, Expect, Outcome, outcome
from contract.kit.target import Pair

BY_CHANCE: Final = 400
"""Points that a depth draws at random, where three values are to meet."""
LONGEST_CASE: Final = 160
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
MOST_CHUNKS: Final = 64
"""Chunks of one body: a long one has longer chunks than it was meant to have."""
MOST_AGAIN: Final = 40
"""Requests that must be refused which go to the one pair of a run again once it is associated."""
LANES: Final = 16


@dataclass
class Varied:
    """What a test sends of the space. One for each test: it keeps what the test needs beside its pair."""

    drive: Drive
    body: Any = None
    """What stands in the body at first; the plain one by default."""
    _strangers: tuple[str, ...] = ()
    _deleted: tuple[dict[str, str], ...] | None = None
    _asked: int = 0
    _sent: int = 0

    # --- which points ---

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

    # --- sending them ---

    def add(self, point: Point) -> tuple[Pair, Exchange]:
        """A good request, or one that may be either, for a pair that is not associated now."""
        pair = self.drive.unused_pair()
        values, sending = self.request(pair, point)
        exchange = self.drive.send(values, sending, expect=point.expect, fresh=True)
        if "credentials" in point.chosen and self._refused(exchange) and self.drive.renew_other():
            # The other session may have ended.
            values, sending = self.request(pair, point)
            exchange = self.drive.send(values, sending, expect=point.expect, fresh=True)
        self.drive.note(pair, exchange)
        return pair, exchange

    @staticmethod
    def _refused(exchange: Exchange) -> bool:
        return exchange.expect is Expect.SUCCESS and outcome(exchange) in (Outcome.FAILURE, Outcome.REJECTION)

    def refuse(self, pair: Pair, point: Point) -> Exchange:
        """A request that must be refused, made from one for `pair`."""
        values, sending = self.request(pair, point)
        return self.drive.refuse(values, sending)

    def again(self, pair: Pair, point: Point) -> Exchange:
        """A request for a pair that is associated already: it may be granted or not."""
        values, sending = self.request(pair, point)
        return self.drive.send(values, sending, expect=Expect.EITHER)

    def refuse_all(self, points: Sequence[Point], *, effects: str = "", by_value: bool = False) -> None:
        """Send points that must be refused, each judged by the test's clause, and judge that they changed nothing.

        `effects`: the clause that says so, where it is another. `by_value`: one that is granted is judged by the clause
        of what is bad about it, the others by the clauses for every answer alone. They go to a pair that is not
        associated and to one that is; where the run has only one pair, some go to it again once it is.
        """
        drive = self.drive
        watch = Watch.over(drive)
        self._refuse_all(watch, points, effects, by_value)
        if len(watch.pairs) == 1 and not drive.read_only and drive.estate.can_pair(1):
            # Where the pair turns out not to be freed, what was sent for it as it is has been judged.
            drive.unused_pair()
            if not drive.estate.stuck:
                pair, _ = drive.add(Sending(case="to be watched"))
                self._refuse_all(Watch.of(drive, pair), points[:: len(points) // MOST_AGAIN + 1], effects, by_value)

    def _refuse_all(self, watch: Watch, points: Sequence[Point], effects: str, by_value: bool) -> None:
        sent: list[tuple[tuple[int, Point], Exchange]] = []

        def each(numbered: tuple[int, Point]) -> None:
            number, point = numbered
            pair = watch.pair(number)
            exchange = self.refuse(pair, point)
            sent.append((numbered, exchange))
            if not by_value:
                self.drive.judge(exchange)
            elif outcome(exchange) is Outcome.GRANTED:
                self.drive.judge(exchange, clause=point.clause)
            if any(value.clause in MISPLACED for value in point.chosen.values()):
                if pair != watch.pair(0):
                    # That it adds shows on the pair that is not associated alone.
                    exchange = self.refuse(watch.pair(0), point)
                    self.drive.judge(exchange)
                watch.judge_let_in(exchange, watch.pair(0), effects)

        self.drive.for_each(list(enumerate(points)), each)
        hidden = [numbered for numbered, exchange in sent if self.drive.is_hidden(exchange)]
        self.drive.for_each(hidden, each, in_order=True)
        watch.judge(effects)

    def go_before(self, point: Point, lane: str) -> Exchange:
        """Send a point over the connection of a lane, for others to come after it."""
        pair = self.drive.unused_pair()
        values, sending = self.request(pair, point)
        sending = replace(sending, lane=lane)
        if point.expect is Expect.REFUSAL:
            return self.drive.refuse(values, sending)
        exchange = self.drive.send(values, sending, expect=point.expect, fresh=True)
        self.drive.note(pair, exchange)
        return exchange

    def add_all(self, points: Sequence[Point]) -> None:
        """Send points that are good, or either, each for a pair of its own and judged by the test's clause."""

        def each(point: Point) -> None:
            self.drive.judge(self.add(point)[1])

        self.drive.for_each(points, each)

    def add_free(self, points: Sequence[Point]) -> None:
        """Send points with several values that are left free, each judged by the clause of one of them.

        What one of them breaks without the others is told where that one is sent.
        """

        def each(point: Point) -> None:
            exchange = self.add(point)[1]
            free = [name for name, value in point.chosen.items() if value.expect is Expect.EITHER]
            if _answered(exchange) or all(_answered(self.add(point.without(name))[1]) for name in free):
                self.drive.judge(exchange, clause=point.clause)

        self.drive.for_each(points, each)

    def again_all(self, points: Sequence[Point], effects: str, *, by_value: bool = False) -> None:
        """Send some of these points for associated pairs, judged by the test's clause, and judge that those stay, once.

        `effects`: the clause that says so. `by_value`: by the clause of what is not plain good about it.
        """
        points = self._some(points)
        pairs: list[Pair] = []
        # To look at many costs more than to send a few one after the other.
        in_turn = self.drive.pairs_in_turn if len(points) > 2 * self.drive.pairs_in_turn else 1
        self.drive.for_each(range(in_turn), lambda _: pairs.append(self.drive.add(Sending(case="to be watched"))[0]))
        watch = Watch.of(self.drive, *pairs)
        before = {pair: Model.of_pair(self.drive.lists, pair) for pair in pairs}
        sent: dict[Pair, list[Exchange]] = {pair: [] for pair in pairs}

        def each(numbered: tuple[int, Point]) -> None:
            number, point = numbered
            pair = pairs[number % in_turn]
            sent[pair].append(self.again(pair, point))
            self.drive.judge(sent[pair][-1], clause=point.clause if by_value else "")

        self.drive.for_each(list(enumerate(points)), each, in_order=in_turn == 1)
        watch.judge_kept(effects)
        for pair, model in before.items():
            judge_listed_once(self.drive, model, pair, sent[pair], effects)

    def request(self, pair: Pair, point: Point) -> tuple[Values, Sending]:
        """What a point makes of the plain request for a pair."""
        draft = point.put(self._draft(pair, point))
        # A connection of its own: others are under way at the same time.
        self._sent += 1
        lane = f"after a refusal, {self._sent % LANES}"
        if draft.after:
            self._refuse_before(pair, draft.after, lane)
        if draft.bodiless:
            draft.body, draft.content_type, draft.chunk = b"", "", None
            draft.headers = [(name, value) for name, value in draft.headers if name.lower() != CHUNKED]
        body = draft.body if isinstance(draft.body, bytes) else draft.writing.written(draft.body)
        sending = Sending(
            body,
            authorization=draft.authorization,
            spelling=draft.spelling,
            content_type=draft.content_type,
            headers=tuple(draft.headers),
            method=draft.method,
            target=draft.target,
            query=draft.query,
            case=_cut(_case(point)),
            lane=lane if draft.after else None,
            chunk=max(draft.chunk, len(body) // MOST_CHUNKS) if draft.chunk is not None else None,
            scope=draft.scope,
            dimensions=point.names,
        )
        return draft.values, sending

    def _draft(self, pair: Pair, point: Point) -> Draft:
        drive = self.drive
        chosen = point.chosen.values()
        return Draft(
            drive.operation,
            drive.values(pair),
            drive.token(),
            self.body if self.body is not None else drive.operation.plain_body,
            pair=(pair.group, pair.trigger),
            strangers=self.strangers(pair),
            deleted=self.deleted() if any(value.clause == "PATH-002" for value in chosen) else {},
            names=self._names(pair),
            cookie=drive.cookie,
            other_session=drive.other_session() if "credentials" in point.chosen else None,
            ended_session=drive.ended_session if any(value.clause == "AUTH-004" for value in chosen) else None,
        )

    def strangers(self, pair: Pair) -> tuple[str, ...]:
        """Another pair's ends, the same for the whole test."""
        if not self._strangers:
            other = self.drive.other_pair(pair)
            self._strangers = (other.group, other.trigger)
        return self._strangers

    def deleted(self) -> dict[str, str]:
        """What existed and was deleted, by the parameters of the path: by turns associated once, and never."""
        if self._deleted is None:
            may = not self.drive.read_only
            pairs = [self.drive.estate.deleted_pair(associated=was) if may else None for was in (True, False)]
            self._deleted = tuple(
                {name: str(value) for name, value in self.drive.values(pair).items()} if pair else {} for pair in pairs
            )
        self._asked += 1
        return self._deleted[self._asked % len(self._deleted)]

    def _names(self, pair: Pair) -> dict[str, str]:
        named = {name: self.drive.estate.maker.name_of(str(value)) for name, value in self.drive.values(pair).items()}
        return {name: value for name, value in named.items() if value is not None}

    def _refuse_before(self, pair: Pair, what: str, lane: str) -> None:
        """Send a request that is refused, on the connection on which the next one goes."""
        values = self.drive.values(pair)
        name = next(reversed(values))
        before = {
            "credentials": (values, Sending(authorization=[], lane=lane, case="no credentials, before another")),
            "body": (values, Sending(b"{", lane=lane, case="a body cut short, before another")),
            "UUID": ({**values, name: "x"}, Sending(lane=lane, case=f"{name} malformed, before another")),
        }
        self.drive.refuse(*before[what])


def _answered(exchange: Exchange) -> bool:
    return outcome(exchange) in (Outcome.GRANTED, Outcome.FAILURE, Outcome.REJECTION)


def _case(point: Point) -> str:
    return f"good values together: {point.told or 'all plain'}" if point.expect is Expect.SUCCESS else point.told


def _cut(case: str) -> str:
    return case if len(case) <= LONGEST_CASE else f"{case[: LONGEST_CASE - 1]}…"
