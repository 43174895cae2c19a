"""Who sends a soak's requests, one at a time each: which come next, and how their answers are judged."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from contract.kit.drive import Client
from contract.kit.exchange import Exchange, Expect, Outcome, outcome
from contract.kit.soak.counted import Counted
from contract.kit.soak.mix import ADD, AGAIN, SHARES, Shot
from contract.kit.target import Pair

LOOK: Final = 8
"""One in so many requests of a kind is looked up: each look is four calls of the run's own."""
EFFECTS: Final = {
    "malformed UUID": "PATH-004",
    "no credentials": "AUTH-005",
    "unknown session": "AUTH-005",
    "wrong body": "BODY-009",
}
"""Kinds that must change nothing, and the clause that says so."""
PAIRS: Final = 3
"""Pairs of each hand's own, so that no two hands ever send for one pair at the same time."""


@dataclass(slots=True)
class Own:
    """A pair of a hand's own. `associated`: it may be. `first`: the first answer to adding it again."""

    pair: Pair
    associated: bool = False
    first: Exchange | None = None


class Hand:
    """One connection's worth of load."""

    def __init__(
        self,
        client: Client,
        shots: Mapping[str, Iterator[Shot]],
        counted: Counted,
        measure: Callable[[str, Exchange], None],
        *,
        pairs: Sequence[Pair],
        idle: Pair,
        sent: Counter[str],
        seed: int,
    ) -> None:
        """`shots`: what comes next of each kind, for all hands. `measure` is told each exchange with its kind.
        `pairs`: its own. `idle`: the one that identifiers gone wrong are made from. `sent`: how many of each kind
        may have been looked up, by all hands together."""
        self._client = client
        self._shots = shots
        self._counted = counted
        self._measure = measure
        self._own = [Own(pair) for pair in pairs]
        self._random = random.Random(seed)
        self._idle = idle
        self._seen = sent
        self._twice: Own | None = None
        kinds = [kind for kind in SHARES if self._own or kind not in (ADD, AGAIN)]
        self._kinds, self._shares = kinds, [SHARES[kind] for kind in kinds]
        self._looked_up = {ADD, *EFFECTS} if self._own and client.estate.can_query() else set()
        if not client.estate.can_pair(2):
            self._looked_up -= set(EFFECTS)  # others send for the one pair too
        self.witness = False
        """A good request succeeded."""

    def step(self) -> None:
        """Send one request and judge its answer. TargetGone, SiblingFailed."""
        if self._twice is not None:
            own, self._twice = self._twice, None
            self._again(own)
            return
        kind = self._random.choices(self._kinds, self._shares)[0]
        added = [own for own in self._own if own.associated and own.first is not None]
        if kind == AGAIN and added:
            self._again(self._random.choice(added))
        elif kind in (ADD, AGAIN):
            self._add(next(self._shots[ADD]))
        elif not self._is_looked_up(kind):
            self._refuse(kind, next(self._shots[kind]))
        elif outcome(self._watched(kind, next(self._shots[kind]))) is Outcome.GRANTED:
            self._seen[kind] -= 1  # it was not refused, which others say: the next one is looked up

    def _is_looked_up(self, kind: str) -> bool:
        if kind not in self._looked_up:
            return False
        self._seen[kind] += 1
        return self._seen[kind] % LOOK == 1

    def _add(self, shot: Shot) -> Exchange:
        own = self._random.choice(self._own)
        if own.associated:
            self._client.estate.remove(own.pair)
        own.associated, own.first = True, None
        values = self._client.values(own.pair)
        exchange = self._client.send(values, shot.sending, expect=shot.expect, fresh=True, side_by_side=True)
        self._judge(ADD, exchange, shot.clauses)
        if exchange.answer is None and len(self._own) > 1:
            self._own.remove(own)  # the target may still come to it, at any time
        if shot.expect is Expect.SUCCESS and outcome(exchange) is Outcome.GRANTED:
            self.witness = True
            own.first = exchange
            if self._is_looked_up(ADD):
                self._counted.judge("STATE-002", exchange, sighting=self._client.look(own.pair))
        return exchange

    def _again(self, own: Own) -> None:
        shot = next(self._shots[AGAIN])
        exchange = self._client.send(self._client.values(own.pair), shot.sending, expect=shot.expect)
        self._judge(AGAIN, exchange, shot.clauses)
        first = own.first
        if first is not None and first.expect is Expect.EITHER:
            # To add again may be granted or not, each time anew: a good add tells whether the session is good for more.
            alike = outcome(exchange) is outcome(first)
            if alike or outcome(self._add(next(self._shots[ADD]))) is not Outcome.GRANTED:
                self._counted.judge("STATE-005", exchange, first=first)
        else:
            # Once more, to be compared with this one.
            own.first, self._twice = exchange, own

    def _refuse(self, kind: str, shot: Shot) -> Exchange:
        assert shot.values is not None
        exchange = self._client.send(shot.values, shot.sending, expect=shot.expect)
        self._judge(kind, exchange, shot.clauses)
        return exchange

    def _watched(self, kind: str, shot: Shot) -> Exchange:
        """Send a shot for a pair that no one else sends for, and look whether it changed something."""
        clause = EFFECTS[kind]
        if clause == "PATH-004":
            exchange = self._refuse(kind, shot)
            seen = self._client.look(self._idle)
            self._counted.judge(clause, exchange, sighting=seen)
            if seen.present_in:
                self._client.estate.remove(self._idle)
            return exchange
        own = self._random.choice(self._own)
        before = self._client.look(own.pair)
        exchange = self._refuse(kind, replace(shot, values=self._client.values(own.pair)))
        if outcome(exchange) not in (Outcome.FAILURE, Outcome.REJECTION):
            own.associated, own.first = True, None
        self._counted.judge(clause, exchange, before=before, after=self._client.look(own.pair))
        return exchange

    def _judge(self, kind: str, exchange: Exchange, clauses: Sequence[str]) -> None:
        # At once: the end of the load may come at any call after this one.
        self._measure(kind, exchange)
        self._counted.see(exchange)
        for clause in clauses:
            self._counted.judge(clause, exchange)
