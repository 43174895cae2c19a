"""Drive the target: what a test of the contract sends, and how it has the answer judged.

Everything about the endpoint comes from the description; everything about the target from the estate.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final
from uuid import uuid4

import pytest

from contract.kit.description import Operation
from contract.kit.drive.sending import RawHeaders, Sending, Values, built, named, path_of
from contract.kit.drive.strategies.bodies import Place, places
from contract.kit.drive.strategies.identifiers import Identifier
from contract.kit.exchange import Exchange, Expect, Outcome, Promises, Secrets, Sighting, TroubleKind, outcome
from contract.kit.judge import Findings, Violation
from contract.kit.target import Estate, Pair
from contract.kit.verdict import Kinds
from contract.kit.wire import TargetGone, Wire

__all__ = ["WORKERS", "Drive", "Sending", "Values"]

PATIENCE: Final = 2
"""Timeouts in one test, after which it sends no more: each costs the whole time allowed."""
MOST_TIMEOUTS: Final = 24
"""Timeouts in a run, after which it ends: a target that hangs on every good request would keep it for ever."""
WORKERS: Final = 8


@dataclass
class Trial:
    """What the test under way has sent and seen so far."""

    refused: list[tuple[Exchange, Callable[[], Exchange]]] = field(default_factory=list)
    """Its requests that must be refused, each with a way to send it again."""
    tried: set[Pair] = field(default_factory=set)
    """Pairs that it has sent requests for which need not be refused."""
    seen: dict[Pair, Sighting] = field(default_factory=dict)
    timeouts: int = 0
    last_timeout: Exchange | None = None


@dataclass
class Drive:
    """What the tests of the contract are handed; `clause` is that of the test under way."""

    operation: Operation
    wire: Wire
    estate: Estate
    secrets: Secrets
    read_only: bool = False
    findings: Findings = field(default_factory=Findings)
    traffic: list[Exchange] = field(default_factory=list)
    kinds: Kinds = field(default_factory=Kinds)
    clause: str = ""
    expected: dict[Pair, bool] = field(default_factory=dict)
    """Whether the target's answers so far say that a pair is associated."""
    renewals: int = 0
    _renewing: threading.Lock = field(default_factory=threading.Lock)
    named: set[Pair] = field(default_factory=set)
    """Pairs that some request of the run has named."""
    trial: Trial = field(default_factory=Trial)
    _timeouts: int = 0

    def __repr__(self) -> str:
        return "Drive()"

    # --- what the description says ---

    @cached_property
    def members(self) -> list[Place]:
        """Every member of the body that the description names."""
        return list(places(self.operation.body_members))

    def members_of(self, kind: str) -> list[Place]:
        return [place for place in self.members if place.type == kind]

    @cached_property
    def promises(self) -> Promises:
        operation = self.operation
        return Promises(operation.required_inventory, operation.echoes, operation.timestamps)

    def path(self, values: Values) -> str:
        """The raw path with `values` for its parameters."""
        return path_of(self.operation, values)

    def values(self, pair: Pair) -> dict[str, str | Identifier]:
        """A pair under the names of the path's parameters, in the path's order."""
        return dict(zip(self.operation.path_parameters, (pair.group, pair.trigger), strict=True))

    # --- sending ---

    def send(
        self,
        values: Values,
        sending: Sending = Sending(),
        *,
        expect: Expect,
        fresh: bool = False,
        side_by_side: bool = False,
    ) -> Exchange:
        """Send one request to the endpoint (or a neighbour of it) and record the exchange."""
        if self.read_only and expect is not Expect.REFUSAL:
            pytest.skip("read-only: only what must be refused is sent")
        if self.trial.timeouts >= PATIENCE and self.trial.last_timeout is not None:
            return self.trial.last_timeout
        if self._timeouts >= MOST_TIMEOUTS:
            raise TargetGone(f"{self._timeouts} requests had no answer in the time allowed")
        session = self.estate.token
        pair = self._pair(values)
        self.named.add(pair.canonical)
        if expect is not Expect.REFUSAL:
            # Before it is sent: a run that is stopped in between must not take the pair for untouched.
            self.estate.used(pair)
            self.trial.tried.add(pair)
        exchange = self._send(values, sending, expect, fresh, side_by_side)
        # Of several side by side one has to succeed, though each is either.
        good = (expect is Expect.SUCCESS or side_by_side) and sending.authorization is None
        if good and self._session_ended(exchange, session):
            exchange = self._send(values, sending, expect, fresh, side_by_side)
        if expect is Expect.REFUSAL and outcome(exchange) not in (Outcome.FAILURE, Outcome.REJECTION):
            self.estate.used(pair)
        return self._record(exchange)

    def _pair(self, values: Values) -> Pair:
        """The pair that the path's parameters name."""
        said = named(values)
        return Pair(*(said[name] for name in self.operation.path_parameters))

    def _send(
        self,
        values: Values,
        sending: Sending,
        expect: Expect,
        fresh: bool,
        side_by_side: bool,
    ) -> Exchange:
        method, target, headers, body = built(self.operation, self.estate.credential, values, sending)
        exchange = self.wire.send(
            method,
            target,
            headers,
            body,
            scope=sending.scope,
            expect=expect,
            clause=self.clause,
            case=sending.case,
            path_values=named(values),
            fresh=fresh,
            side_by_side=side_by_side,
            lane=sending.lane,
        )
        return replace(exchange, promises=self.promises)

    def _session_ended(self, exchange: Exchange, session: str | None) -> bool:
        """A good request was refused because its session ended in the middle of the run: renew it, once."""
        if outcome(exchange) not in (Outcome.FAILURE, Outcome.REJECTION):
            return False
        with self._renewing:
            if self.estate.token != session:
                return True  # renewed by another request beside this one
            if self.renewals or self.estate.session_alive() is not False or not self.estate.renew():
                return False
            self.renewals += 1
            return True

    def _record(self, exchange: Exchange) -> Exchange:
        trouble = exchange.trouble
        if trouble is not None and trouble.kind is TroubleKind.GATEWAY and self.is_there():
            # The target answers others, so this answer is its own and not a gateway's.
            exchange = replace(exchange, trouble=None)
        if trouble is not None and trouble.kind is TroubleKind.TIMEOUT:
            self._timeouts += 1
            self.trial.timeouts += 1
            self.trial.last_timeout = exchange
            self.is_there()
        self.traffic.append(exchange)
        self.kinds.see(exchange)
        return exchange

    def is_there(self) -> bool:
        """Whether the target answers at all: a sibling call, judged by nobody."""
        return self.estate.answers()

    def begin(self, clause: str) -> None:
        """A test of `clause` begins."""
        self.clause = clause
        self.trial = Trial()
        if ended := self.estate.let_go():
            self.expected = {pair: seen for pair, seen in self.expected.items() if pair.group not in ended}
            self.named = {pair for pair in self.named if pair.group not in ended}

    # --- good requests ---

    def add(self, sending: Sending = Sending(), *, expect: Expect = Expect.SUCCESS) -> tuple[Pair, Exchange]:
        """A request for a pair that is not associated now."""
        pair = self.unused_pair()
        exchange = self.send(self.values(pair), sending, expect=expect, fresh=True)
        self.note(pair, exchange)
        return pair, exchange

    def again(self, pair: Pair, sending: Sending = Sending()) -> Exchange:
        """A request for a pair that is associated already."""
        return self.send(self.values(pair), sending, expect=Expect.EITHER)

    def note(self, pair: Pair, exchange: Exchange) -> None:
        """Remember what the answer says of the pair; what it leaves open is not held against the target."""
        found = outcome(exchange)
        if found is Outcome.GRANTED:
            self.expected[pair] = True
        elif found in (Outcome.FAILURE, Outcome.REJECTION) and not exchange.resent:
            self.expected.setdefault(pair, False)
        else:
            self.expected.pop(pair, None)

    def refuse(self, values: Pair | Values, sending: Sending = Sending()) -> Exchange:
        """A request that must be refused, for a pair that is not associated now or for other identifiers."""
        named = self.values(values) if isinstance(values, Pair) else values

        def resend() -> Exchange:
            return self.send(named, sending, expect=Expect.REFUSAL)

        exchange = resend()
        self.trial.refused.append((exchange, resend))
        return exchange

    def side_by_side(self, jobs: Sequence[Callable[[], Exchange]]) -> list[Exchange]:
        """Send several requests at the same time, each on a connection of its own."""
        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(lambda job: job(), jobs))

    # --- credentials ---

    def token(self) -> str:
        """The good session; one that is good for nothing where the run has none of its own."""
        return self.estate.token or uuid4().hex

    @contextmanager
    def own_session(self) -> Iterator[RawHeaders]:
        """A session of the test's own, as headers; it ends with the block."""
        session = self.estate.new_session()
        auth = self.operation.auth
        try:
            yield [(auth.header, f"{auth.scheme} {session}")]
        finally:
            self.estate.end_session(session)

    @property
    def recognised(self) -> bool:
        """Whether the target's own calls show that it knows the run's session."""
        return self.estate.session_alive() is True

    # --- looking ---

    def look(self, pair: Pair) -> Sighting:
        """What the target's own queries tell of the pair now."""
        seen = self.estate.look(pair)
        if seen.present_in:
            self.estate.used(pair)
        return seen

    def unused_pair(self) -> Pair:
        """A pair that is not associated now."""
        pair = self.estate.fresh_pair()
        self.expected.pop(pair, None)
        if self.read_only and self.look(pair).present_in:
            return Pair.unknown()  # a request that should have been refused has made it, and nothing is removed
        return pair

    def other_pair(self, pair: Pair) -> Pair:
        """A pair that is not associated and shares neither end; of unknown UUIDs where the run has only one."""
        other = self.estate.pair_apart(pair)
        self.expected.pop(other, None)
        return other

    def mixed(self, pair: Pair, others: Mapping[str, str]) -> Pair:
        """`pair` with the identifiers of `others`, by the names of the path's parameters."""
        values = {name: str(value) for name, value in self.values(pair).items()}
        return Pair(*{**values, **others}.values())

    def forget(self, pair: Pair) -> None:
        """Requests that the target might take or refuse were sent for `pair`: expect nothing of it."""
        self.expected.pop(pair, None)

    # --- judging ---

    def judge(self, *evidence: Any) -> list[Violation]:
        """Judge evidence by the rules of the clause of the test under way."""
        return self.findings.judge(self.clause, *evidence)

    def judge_all(self) -> None:
        """Have the whole traffic of the run judged by the clause of the test under way."""
        self.findings.of(self.clause).asked = True
        self.findings.judge_traffic(self.clause, self.traffic)
