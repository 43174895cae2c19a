"""What a run knows of its pairs: what the answers said of each, and what was seen of those that are gone."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from contract.kit.exchange import Exchange, Outcome, Sighting, outcome
from contract.kit.target import Pair


@dataclass
class Known:
    """`expected`: by pair, True if the target's answers so far say that it is associated.

    `allowed`: pairs that some request has named which the target was free to grant; `untold`: those of them of which a
    request had no outcome that was told, or was sent twice.
    `seen`: what was looked at after each success for a pair that is freed again before the run ends.
    `seen_last`: of pairs of job groups that were deleted to make room; `strayed`: of such pairs that nobody may have
    associated.
    """

    expected: dict[Pair, bool] = field(default_factory=dict)
    allowed: set[Pair] = field(default_factory=set)
    untold: set[Pair] = field(default_factory=set)
    seen: list[tuple[Exchange, Sighting]] = field(default_factory=list)
    seen_last: dict[Pair, Sighting] = field(default_factory=dict)
    strayed: dict[Pair, Sighting] = field(default_factory=dict)

    def note(self, pair: Pair, exchange: Exchange) -> None:
        """Remember what the answer says of the pair; what it leaves open is not held against the target."""
        found = outcome(exchange)
        if found is Outcome.GRANTED:
            self.expected[pair] = True
        elif found in (Outcome.FAILURE, Outcome.REJECTION) and not exchange.resent:
            self.expected.setdefault(pair, False)
        else:
            self.forget(pair)

    def forget(self, pair: Pair) -> None:
        """Expect nothing of the pair."""
        self.expected.pop(pair, None)

    def associated(self) -> list[Pair]:
        return [pair for pair, there in list(self.expected.items()) if there]

    def let_go(self, ended: Container[str], last_seen: Mapping[Pair, Sighting]) -> None:
        """Keep of the pairs of job groups that were deleted what was seen of them last."""
        seen = {pair: sighting for pair, sighting in last_seen.items() if pair.group in ended}
        self.seen_last |= {pair: sighting for pair, sighting in seen.items() if pair in self.expected}
        self.strayed |= {pair: sighting for pair, sighting in seen.items() if pair not in self.allowed}
        self.expected = {pair: there for pair, there in self.expected.items() if pair.group not in ended}
        self.allowed = {pair for pair in self.allowed if pair.group not in ended}
        self.untold = {pair for pair in self.untold if pair.group not in ended}
