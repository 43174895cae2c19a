"""What a test of the contract drives: it names what is sent and hands the answers to the rules."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeVar

import pytest
from hypothesis.strategies import SearchStrategy

from contract.kit.config import MOST_CONNECTIONS
from contract.kit.description import Operation
from contract.kit.drive.client import Client
from contract.kit.drive.dimensions import Dimension, space
from contract.kit.drive.known import Known
from contract.kit.drive.properties import Body, Properties
from contract.kit.drive.sending import Sending, Values
from contract.kit.drive.sessions import Sessions
from contract.kit.drive.strategies.bodies import Place, places
from contract.kit.drive.strategies.identifiers import Identifier
from contract.kit.drive.trial import Judge, Trial
from contract.kit.drive.way import Way, as_cleaned, with_a_double_slash
from contract.kit.exchange import Exchange, Expect, Outcome, Scope, Sighting, TroubleKind, outcome
from contract.kit.target import AccessKey, Estate, Pair, SiblingFailed, What
from contract.kit.wire import SendHeaders, TargetGone

T = TypeVar("T")

PATIENCE: Final = 2
"""Timeouts in one test, after which it sends no more: each costs the whole time allowed."""
MOST_PUT_BACK: Final = 20
"""Pairs that are freed in one test because a request was let in: a target that lets all in would double its time."""
MOST_TIMEOUTS: Final = 24
"""Timeouts in a run, after which it ends: a target that hangs on every good request would keep it for ever."""


@dataclass
class Drive:
    """What the tests of the contract are handed. `traffic`: every exchange of the run so far."""

    client: Client
    judging: Judge
    properties: Properties
    traffic: list[Exchange]
    read_only: bool = False
    known: Known = field(default_factory=Known)
    sent: dict[int, tuple[Values, Sending]] = field(default_factory=dict)
    """How each exchange was asked for, by its number, so that it can be sent again in another form."""
    trial: Trial = field(default_factory=Trial)
    begun_anew: int = 0
    """How often a walk of the state machine was given up, since the same steps were answered otherwise."""
    _timeouts: int = 0

    def __repr__(self) -> str:
        return "Drive()"

    def begin(self, clauses: Sequence[str], test: str) -> None:
        """A test begins that judges these clauses, its own first; `test` is its name."""
        self.trial = Trial(tuple(clauses))
        self.properties.begin(test)
        self.client.wire.end_lanes()
        if ended := self.estate.let_go():
            self.known.let_go(ended, self.estate.last_seen)

    # --- what there is ---

    @property
    def operation(self) -> Operation:
        return self.client.operation

    @property
    def estate(self) -> Estate:
        return self.client.estate

    @property
    def clause(self) -> str:
        """That of the test under way."""
        return self.trial.clauses[0]

    @cached_property
    def members(self) -> list[Place]:
        """Every member of the body that the description names."""
        return list(places(self.operation.body_members))

    @cached_property
    def space(self) -> dict[str, Dimension]:
        """The dimensions of a request, by their names."""
        return space(self.operation, proxied=self.way.proxied, logs_out=self.estate.access.can_login)

    @cached_property
    def way(self) -> Way:
        """What is known of the way to the target."""
        return Way(self.client)

    def members_of(self, kind: str) -> list[Place]:
        return [place for place in self.members if place.type == kind]

    def path(self, values: Values) -> str:
        """The raw path with `values` for its parameters."""
        return self.client.path(values)

    def values(self, pair: Pair) -> dict[str, str | Identifier]:
        """A pair under the names of the path's parameters, in the path's order."""
        return self.client.values(pair)

    def token(self) -> str:
        """The good session; one that is good for nothing where the run has none of its own."""
        return self.client.token()

    def wrong_keys(self, pair: Pair) -> Iterable[tuple[SendHeaders, str]]:
        """Headers that let no request for `pair` in, made from the run's access key, each with what is wrong."""
        credential = self.estate.access.credential
        assert isinstance(credential, AccessKey)
        return credential.wrong(self.operation.method, self.path(self.values(pair)))

    @cached_property
    def sessions(self) -> Sessions:
        """The sessions beside the run's own, and the target's cookies."""
        return Sessions(self.client, self.traffic, self.read_only)

    # --- how much ---

    def for_each(self, cases: Iterable[T], body: Callable[[T], object], *, in_order: bool = False) -> None:
        """Run a body on each of some cases. Several are under way at a time, unless `in_order`.

        Bodies run one at a time until they send, and take their answers in the order of sending: what one does to a
        pair or a connection of its own, no other sees.
        """
        self.properties.for_each(cases, body, in_order=in_order)

    def for_examples(self, at_gate: int, body: Body, *strategies: SearchStrategy[Any], in_order: bool = False) -> None:
        """Run a body on examples of strategies, one for each argument; `at_gate`: how many at the gate."""
        self.properties.for_examples(at_gate, body, *strategies, in_order=in_order)

    def meanwhile(self, call: Callable[[], T]) -> T:
        """Make a call to the target on which only the body that makes it has to wait."""
        return self.client.window.under_way(call)

    def rounds(self, at_gate: int) -> range:
        """As many rounds as the depth asks of a test that is not a property."""
        return range(self.properties.depth.examples(at_gate))

    def spread(self, length: int) -> list[int]:
        """Places from the first to the last of `length`: all of them at the gate, fewer for a shorter run."""
        return self.properties.depth.spread(length)

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
        """Send one request to the endpoint (or a neighbour of it)."""
        if self.read_only and expect is not Expect.REFUSAL:
            pytest.skip("read-only: only what must be refused is sent")
        if expect is not Expect.REFUSAL and self.estate.stuck:
            raise TargetGone(f"the given pair cannot be freed: {self.estate.stuck}")
        if self.trial.timeouts >= PATIENCE and self.trial.last_timeout is not None:
            return self.trial.last_timeout
        if self._timeouts >= MOST_TIMEOUTS:
            raise TargetGone(f"{self._timeouts} requests had no answer in the time allowed")
        pair = self.client.pair(values)
        if expect is not Expect.REFUSAL:
            self._keep_to_one_pair()
            self.known.allowed.add(pair.canonical)
            self.trial.tried.add(pair)
        exchange = self.client.send(
            values, sending, expect=expect, clause=self.clause, fresh=fresh, side_by_side=side_by_side
        )
        self.sent[exchange.number] = (values, sending)
        if expect is not Expect.REFUSAL and (
            exchange.resent or outcome(exchange) in (Outcome.SILENCE, Outcome.UNTOLD, Outcome.CRASH)
        ):
            self.known.untold.add(pair.canonical)
        if exchange.trouble is not None and exchange.trouble.kind is TroubleKind.TIMEOUT:
            self._timeouts += 1
            self.trial.timeouts += 1
            self.trial.last_timeout = exchange
            self.estate.access.answers()
        return exchange

    def add(
        self, sending: Sending = Sending(), *, expect: Expect = Expect.SUCCESS, pair: Pair | None = None
    ) -> tuple[Pair, Exchange]:
        """A request for a pair that is not associated now: `pair`, or one of the run's choice."""
        pair = pair or self.unused_pair()
        exchange = self.send(self.values(pair), sending, expect=expect, fresh=True)
        self.note(pair, exchange)
        return pair, exchange

    def again(self, pair: Pair, sending: Sending = Sending()) -> Exchange:
        """A request for a pair that is associated already."""
        return self.send(self.values(pair), sending, expect=Expect.EITHER)

    def refuse(self, values: Pair | Values, sending: Sending = Sending(), *, side_by_side: bool = False) -> Exchange:
        """A request that must be refused, for a pair that is not associated now or for other identifiers.

        Where paths are cleaned on the way, and this one names the pair then, it need not be.
        """
        named = self.values(values) if isinstance(values, Pair) else values
        if self.way.cleans and (good := as_cleaned(self.operation, named, sending)):
            return self.send(*good, expect=Expect.EITHER)

        def resend() -> Exchange:
            return self.send(named, sending, expect=Expect.REFUSAL, side_by_side=side_by_side)

        exchange = resend()
        self.trial.refused.append((exchange, resend))
        if exchange.scope is Scope.ENDPOINT:
            self.put_back(exchange)
        return exchange

    def put_back(self, exchange: Exchange) -> None:
        """Free a pair that was let in though it had to be refused: the next would look like what is added again."""
        if outcome(exchange) is not Outcome.GRANTED:
            return
        pair, trial = Pair.of(exchange).canonical, self.trial
        if not self.may_free(pair) or len(trial.let_in) >= MOST_PUT_BACK:
            return
        with contextlib.suppress(SiblingFailed):
            self.estate.remove(pair)
        trial.let_in.append((exchange.number, self.client.last))

    def may_free(self, pair: Pair) -> bool:
        """Return True if an association of the pair is none that the run has asked for, and may be removed."""
        return not (self.known.expected.get(pair) or self.read_only or self.estate.stuck)

    def is_hidden(self, exchange: Exchange) -> bool:
        """Return True if what was refused may have been so because another had been let in beside it."""
        beside = any(first - MOST_CONNECTIONS < exchange.number <= last for first, last in self.trial.let_in)
        return beside and outcome(exchange) in (Outcome.FAILURE, Outcome.REJECTION)

    def learn_the_way(self) -> None:
        """Send one request, once in a run that may write, that tells whether paths are cleaned on the way."""
        if self.way.cleans is None and not self.read_only and not self.estate.stuck:
            pair = self.unused_pair()
            sending = with_a_double_slash(self.path(self.values(pair)))
            self.way.cleans = outcome(self.send(self.values(pair), sending, expect=Expect.EITHER)) is Outcome.GRANTED
            self.forget(pair)

    def side_by_side(self, jobs: Sequence[Callable[[], Exchange]]) -> list[Exchange]:
        """Send several requests at the same time, each on a connection of its own."""
        return self.client.side_by_side(jobs)

    # --- pairs ---

    def unused_pair(self) -> Pair:
        """A pair that is not associated now."""
        self._keep_to_one_pair()
        pair = self.estate.fresh_pair()
        self.known.forget(pair)
        if self.read_only and self.look(pair).present_in:
            return Pair.unknown()  # a request that should have been refused has made it, and nothing is removed
        return pair

    def _keep_to_one_pair(self) -> None:
        """Where the run has one pair, what may associate it goes by itself."""
        if not (self.read_only or self.estate.can_pair(2)):
            self.client.window.stay_by_itself()

    def other_pair(self, *pairs: Pair) -> Pair:
        """A pair that is not associated and shares no end with these; of unknown UUIDs where the run has only one."""
        other = self.estate.pair_apart(*pairs)
        self.known.forget(other)
        return other

    @property
    def pairs_in_turn(self) -> int:
        """How many pairs to send for in turn, so that no two requests for one pair are ever under way together."""
        return MOST_CONNECTIONS if self.estate.can_pair(MOST_CONNECTIONS) else 1

    def mixed(self, pair: Pair, others: Mapping[str, str]) -> Pair:
        """`pair` with the identifiers of `others`, by the names of the path's parameters."""
        values = {name: str(value) for name, value in self.values(pair).items()}
        return Pair(*{**values, **others}.values())

    def look(self, pair: Pair) -> Sighting:
        """What the target's own queries tell of the pair now."""
        return self.client.look(pair)

    def lists(self, ends: Iterable[tuple[What, str]]) -> Mapping[tuple[What, str], Sequence[str] | None]:
        """What the target lists for each of these ends now, None where it does not tell."""
        return self.meanwhile(lambda: self.estate.looking.lists(ends))

    def note(self, pair: Pair, exchange: Exchange) -> None:
        """Remember what the answer says of the pair; what it leaves open is not held against the target."""
        self.known.note(pair, exchange)
        if outcome(exchange) is Outcome.GRANTED and not self.estate.can_pair(2) and self.estate.can_query():
            self.known.seen.append((exchange, self.look(pair)))

    def forget(self, pair: Pair) -> None:
        """Requests that the target might take or refuse were sent for `pair`: expect nothing of it."""
        self.known.forget(pair)

    def associated(self) -> list[Pair]:
        """Pairs that the target has associated and the run may add again."""
        return [] if self.read_only else self.known.associated()

    # --- judging ---

    def judge(self, exchange: Exchange | None = None, *, clause: str = "", **evidence: Any) -> Sequence[object]:
        """Judge an exchange and what is named beside it by the rules of the test's clause that take just that.

        `clause`: another one, which the test declares too. Returns the violations.
        """
        clause = clause or self.clause
        if clause not in self.trial.clauses:
            raise LookupError(f"the test judges {clause}, which its mark `clause` does not declare")
        if exchange is not None:
            evidence["exchange"] = exchange
        return self.judging.judge(clause, **evidence)

    def judge_throughout(self) -> None:
        """Have all exchanges of the run judged by the clause of the test under way."""
        self.judging.judge_throughout(self.clause, self.traffic)
