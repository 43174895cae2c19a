"""The client: builds a request from the description, sends it, renews an ended session, hands on the exchange."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final
from uuid import uuid4

from contract.kit.description import Operation
from contract.kit.drive.promised import promised
from contract.kit.drive.renewal import Renewal
from contract.kit.drive.sending import Sending, Values, built, named, path_of
from contract.kit.drive.strategies.identifiers import Identifier
from contract.kit.drive.window import Window
from contract.kit.exchange import (
    Exchange,
    Expect,
    Outcome,
    Promises,
    Scope,
    Secrets,
    Sighting,
    TroubleKind,
    in_order,
    outcome,
)
from contract.kit.target import Estate, Guard, Pair
from contract.kit.wire import SendHeaders, Wire

WORKERS: Final = 8
"""Requests that are sent side by side."""
IN_VAIN: Final = 2
"""Requests of a run that are sent again alone and fare no better, after which none is any more."""
STILL_AT_WORK: Final = 4.0
"""Seconds that what was accepted is given to show, where its outcome is never told,"""
ONCE_IN_VAIN: Final = 0.5
"""and once it never did."""
A_LOOK: Final = 0.02
"""Seconds between two looks at that."""
OVERTAXED: Final = frozenset({TroubleKind.TIMEOUT, TroubleKind.THROTTLED, TroubleKind.GATEWAY})


@dataclass
class Client:
    """Knows the endpoint from the description and the target from the estate. Thread safe.

    `record` is told each exchange with the endpoint or a neighbour of it, once it is what will be judged.
    """

    operation: Operation
    wire: Wire
    estate: Estate
    secrets: Secrets
    renewal: Renewal
    guard: Guard
    record: Callable[[Exchange], None]
    window: Window = field(default_factory=Window)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    last: int = 0
    """The number of the last request that was sent."""
    _in_vain: int = 0
    _still_at_work: float = STILL_AT_WORK

    def __repr__(self) -> str:
        return "Client()"

    # --- what the description says ---

    @cached_property
    def promises(self) -> Promises:
        return promised(self.operation)

    def path(self, values: Values) -> str:
        """The raw path with `values` for its parameters."""
        return path_of(self.operation, values)

    def values(self, pair: Pair) -> dict[str, str | Identifier]:
        """A pair under the names of the path's parameters, in the path's order."""
        return dict(zip(self.operation.path_parameters, (pair.group, pair.trigger), strict=True))

    def pair(self, values: Values) -> Pair:
        """The pair that the path's parameters name."""
        said = named(values)
        return Pair(*(said[name] for name in self.operation.path_parameters))

    # --- sending ---

    def send(
        self,
        values: Values,
        sending: Sending = Sending(),
        *,
        expect: Expect,
        clause: str = "",
        fresh: bool = False,
        side_by_side: bool = False,
    ) -> Exchange:
        """Send one request to the endpoint or a neighbour of it, once more where the session ended. TargetGone."""

        def attempt() -> Exchange:
            method, target, headers, body = built(self.operation, self.estate.access.credential, values, sending)
            number, path_values = next(self._numbers), named(values)
            self.last = number
            exchange = self.window.under_way(
                lambda: self.wire.send(
                    method,
                    target,
                    headers,
                    body,
                    scope=sending.scope,
                    expect=expect,
                    clause=clause,
                    case=sending.case,
                    path_values=path_values,
                    fresh=fresh,
                    side_by_side=side_by_side,
                    lane=sending.lane,
                    chunk=sending.chunk,
                    number=number,
                ),
                in_order(path_values),
            )
            return replace(exchange, promises=self.promises, beside=self.window.beside, dimensions=sending.dimensions)

        session, pair = self.renewal.session(), self.pair(values)
        if expect is not Expect.REFUSAL:
            # Before it is sent: a run that is stopped in between must not take the pair for untouched.
            self.estate.used(pair)
        exchange = attempt()
        if sending.authorization is not None:
            self.renewal.learn(exchange)
        elif self.renewal.ended(exchange, session):
            exchange = attempt()
        if not self.guard.passes(exchange):
            exchange = attempt()
        exchange = self._spared(exchange, attempt)
        found = outcome(exchange)
        if found is Outcome.GRANTED and expect is Expect.EITHER and exchange.scope is Scope.NEIGHBOUR:
            # Whoever grants it is the endpoint, by whatever path.
            exchange = replace(exchange, scope=Scope.ENDPOINT)
        if expect is Expect.REFUSAL and found not in (Outcome.FAILURE, Outcome.REJECTION):
            self.estate.used(pair)
        if found is Outcome.UNTOLD:
            self._await_what_it_does(pair)
        self.record(exchange)
        return exchange

    def _await_what_it_does(self, pair: Pair) -> None:
        """Wait until the association shows: without an outcome nothing else tells that the work is done."""
        until = time.monotonic() + self._still_at_work
        while time.monotonic() < until:
            seen = self.look(pair)
            if seen.present_in or not seen.told:
                return
            time.sleep(A_LOOK)
        self._still_at_work = ONCE_IN_VAIN

    def _spared(self, exchange: Exchange, attempt: Callable[[], Exchange]) -> Exchange:
        """Where the target may not have kept up with several requests at a time: how it answers this one alone."""
        if not self.window.crowded or self._in_vain >= IN_VAIN or not _is_overtaxed(exchange):
            return exchange
        # Those that it waited for may have been in vain meanwhile.
        alone = self.window.by_itself(lambda: attempt() if self._in_vain < IN_VAIN else exchange)
        if alone is exchange:
            return exchange
        if _is_overtaxed(alone):
            self._in_vain += 1
        else:
            self.window.narrow()
        return replace(alone, resent=alone.resent + 1)

    def side_by_side(self, jobs: Sequence[Callable[[], Exchange]]) -> list[Exchange]:
        """Send several requests at the same time, each on a connection of its own."""
        self.window.drain()
        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(lambda job: job(), jobs))

    # --- credentials ---

    def token(self) -> str:
        """The good session; one that is good for nothing where the run has none of its own."""
        return self.estate.access.token or uuid4().hex

    @contextmanager
    def own_session(self) -> Iterator[SendHeaders]:
        """A session of the test's own, as headers; it ends with the block."""
        session = self.window.under_way(self.estate.access.new_session)
        auth = self.operation.auth
        try:
            yield [(auth.header, f"{auth.scheme} {session}")]
        finally:
            self.window.under_way(lambda: self.estate.access.end_session(session))

    # --- looking ---

    def look(self, pair: Pair) -> Sighting:
        """What the target's own queries tell of the pair now."""
        seen = self.window.under_way(lambda: self.estate.looking.look(pair))
        if seen.present_in:
            self.estate.used(pair)
        return seen


def _is_overtaxed(exchange: Exchange) -> bool:
    """Return True for what a target may answer because of the requests beside this one."""
    if exchange.trouble is not None:
        return exchange.trouble.kind in OVERTAXED
    answer = exchange.answer
    # A failure that says "unavailable" to a good request (RFC 9110, 15.6.4).
    return exchange.expect is Expect.SUCCESS and answer is not None and answer.status == 503
