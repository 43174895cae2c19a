"""A request of the run sent again with some of its unusual parts only, so that the one that matters is found."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from functools import cached_property

from contract.kit.drive.drive import Drive
from contract.kit.drive.parts import RequestPart, only, parts_of
from contract.kit.drive.sending import Sending, Values
from contract.kit.exchange import Exchange, Expect, Outcome, Scope, Sighting, outcome
from contract.kit.target import Pair

ASSOCIATED = "a pair that is associated already"


class Again:
    """Sends one exchange again, with less in it. What it sends is not recorded in the run's traffic."""

    def __init__(self, drive: Drive, exchange: Exchange, values: Values, sending: Sending) -> None:
        self._drive = drive
        self._exchange = exchange
        self._values = values
        self._sending = sending
        self._pair = drive.client.pair(values)
        """That of the last try."""
        self._answers: dict[frozenset[int], Exchange] = {}

    @property
    def may(self) -> bool:
        """Return True if it may be sent again: what it does can be undone, and is allowed in this run."""
        refused = self._exchange.expect is Expect.REFUSAL
        allowed = self._exchange.scope is Scope.ENDPOINT and (refused or not self._drive.read_only)
        # What has been deleted since is answered for that.
        return allowed and not (refused and any(map(self._drive.estate.maker.is_gone, self._pair.canonical.ends)))

    @property
    def stays_bad(self) -> bool:
        """Return True if it is sent with a flaw each time."""
        return len(self._free) < len(self._parts)

    @cached_property
    def _parts(self) -> list[RequestPart]:
        parts = parts_of(self._drive.operation, self._values, self._sending)
        if self._exchange.expect is not Expect.REFUSAL and not self._exchange.fresh:
            parts.append(RequestPart(ASSOCIATED, lambda sending: sending))
        return parts

    @cached_property
    def _free(self) -> list[int]:
        """Places of the parts that may be left out: it stays a bad request, but where that may be what crashes."""
        answered = outcome(self._exchange) in (Outcome.GRANTED, Outcome.FAILURE, Outcome.REJECTION)
        stays = self._exchange.expect is Expect.REFUSAL and (answered or self._drive.read_only)
        return [at for at, part in enumerate(self._parts) if not (stays and part.flaw)]

    @property
    def words(self) -> list[str]:
        """The unusual parts, in words without secrets; a set of places in this list says which are kept."""
        return [self._drive.client.secrets.scrub(self._parts[at].words) for at in self._free]

    @property
    def clauses(self) -> list[str]:
        """Those that the unusual parts belong to, in the order of `words`."""
        return [self._parts[at].clause for at in self._free]

    def answer(self, kept: Set[int]) -> Exchange:
        """What it is answered with these parts only: sent once, however often that is asked."""
        places = frozenset(kept)
        if places not in self._answers:
            self._answers[places] = self.send(places)
        return self._answers[places]

    def send(self, kept: Set[int]) -> Exchange:
        """Send it with these parts only. TargetGone, SiblingFailed."""
        places = {self._free[at] for at in kept} | (set(range(len(self._parts))) - set(self._free))
        left_out = [part for at, part in enumerate(self._parts) if at not in places]
        sending = replace(
            only(self._sending, self._parts, places), case=f"{self._exchange.case}, sent again".strip(", ")
        )
        drive, expect, fresh = self._drive, self._exchange.expect, self._exchange.fresh
        values: Values = self._values
        parameters = {part.parameter for part in left_out if part.parameter}
        plain: Values = {}
        if fresh and any(part.parameter for part in self._parts):
            # Spelled otherwise, it names this pair and no other.
            named = drive.client.pair(values).canonical
            self._free_first(named)
            plain = drive.values(named)
        elif fresh or any(part.words == ASSOCIATED for part in left_out):
            values, fresh = drive.values(drive.unused_pair()), True
        elif any(part.words == ASSOCIATED for part in self._parts):
            if not drive.look(self._pair).present_in:
                drive.client.send(values, Sending(), expect=Expect.EITHER)
        elif parameters:
            plain = drive.values(drive.unused_pair())
        if plain:
            values = {name: plain[name] if name in parameters else value for name, value in values.items()}
        if expect is Expect.REFUSAL:
            self._free_first(drive.client.pair(values).canonical)
        if expect is Expect.REFUSAL and any(part.flaw for part in left_out):
            expect = Expect.EITHER
        exchange = drive.client.send(values, sending, expect=expect, clause=self._exchange.clause, fresh=fresh)
        self._pair = drive.client.pair(values)
        if self._exchange.expect is Expect.REFUSAL and outcome(exchange) is Outcome.GRANTED and not drive.read_only:
            drive.estate.remove(self._pair)
        return replace(exchange, expect=self._exchange.expect)

    def _free_first(self, pair: Pair) -> None:
        """A pair that has been associated since would hide that the request is let in."""
        if self._drive.may_free(pair) and self._drive.look(pair).present_in:
            self._drive.estate.remove(pair)

    def look(self) -> Sighting:
        """What the target's own queries tell of the pair that the last try was for."""
        return self._drive.look(self._pair)

    @property
    def pair(self) -> Pair:
        return self._pair
