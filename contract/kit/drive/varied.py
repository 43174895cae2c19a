"""Requests from the space of dimensions: what a point makes of the plain request, sent and judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from contract.kit.drive.dimensions import Draft, Point
from contract.kit.drive.effects import Watch, judge_listed_once
from contract.kit.drive.model import Model
from contract.kit.drive.parts import CHUNKED
from contract.kit.drive.points import MISPLACED, Points
from contract.kit.drive.sending import Sending, Values
from contract.kit.exchange import Exchange, Expect, Outcome, outcome
from contract.kit.shortened import shortened
from contract.kit.target import Pair

LONGEST_CASE: Final = 160
MOST_CHUNKS: Final = 64
"""Chunks of one body: a long one has longer chunks than it was meant to have."""
MOST_AGAIN: Final = 40
"""Requests that must be refused which go to the one pair of a run again once it is associated."""
LANES: Final = 16


@dataclass
class Varied(Points):
    """What a test sends of the space. One for each test: it keeps what the test needs beside its pair."""

    body: Any = None
    """What stands in the body at first; the plain one by default."""
    _strangers: tuple[str, ...] = ()
    _deleted: tuple[dict[str, str], ...] | None = None
    _asked: int = 0
    _sent: int = 0

    def add(self, point: Point) -> tuple[Pair, Exchange]:
        """A good request, or one that may be either, for a pair that is not associated now."""
        pair = self.drive.unused_pair()
        values, sending = self.request(pair, point)
        exchange = self.drive.send(values, sending, expect=point.expect, fresh=True)
        if "credentials" in point.chosen and self._refused(exchange) and self.drive.sessions.give_up_other():
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
                pair, _ = drive.add(Sending(case="a pair to be watched"))
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
                if pair == watch.pair(3) != watch.pair(0):
                    # That it adds shows on the pair that is not associated alone.
                    pair = watch.pair(0)
                    exchange = self.refuse(pair, point)
                    self.drive.judge(exchange)
                watch.judge_let_in(exchange, pair, effects)

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
        self.drive.for_each(
            range(in_turn), lambda _: pairs.append(self.drive.add(Sending(case="a pair to be watched"))[0])
        )
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
            case=shortened(_case(point), LONGEST_CASE),
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
            cookie=drive.sessions.cookie,
            other_session=drive.sessions.other() if "credentials" in point.chosen else None,
            ended_session=drive.sessions.ended if any(value.clause == "AUTH-004" for value in chosen) else None,
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
