"""A state machine over the target: after every step the whole lists of both ends are compared with a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, TypeVar
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from contract.kit.drive.drive import Drive
from contract.kit.drive.model import Model, concerns_others, sharing
from contract.kit.drive.sending import Sending
from contract.kit.drive.strategies import bodies, refused
from contract.kit.exchange import Exchange, Expect, Outcome, outcome
from contract.kit.target import Pair, SiblingFailed, What
from contract.kit.wire import TargetGone

T = TypeVar("T")

FIRST: Final = 2
"""Job groups, and triggers, that a machine begins with."""
MOST: Final = 3
"""Job groups, and triggers, that exist at the same time."""
TURNS: Final = 3
"""How often a pair is removed and added again, at the most."""
ABSENT: Final = ("job group", "trigger", "both")
"""Which end of a pair is not there."""
SESSIONS: Final = ("AUTH-001", "AUTH-002")
"""The clauses by which a request without a good session is refused: none at all, or one that nobody has."""


class StateAgainstModel(RuleBasedStateMachine):
    """`failed`: where the target's refusal of a sibling call is put, or its absence: no more is done then."""

    def __init__(self, drive: Drive, failed: list[Exception]) -> None:
        super().__init__()
        self.drive = drive
        self.failed = failed
        self.lent = not drive.estate.can_pair(2)
        self.model = Model(drive.lists)
        self.gone: dict[What, list[str]] = {what: [] for what in What}
        """Ends that existed and were deleted."""

    # --- the ends ---

    @initialize()
    def begin(self) -> None:
        """Make the ends, and see one association in their lists."""
        self._try(self._begin)

    def _begin(self) -> None:
        if self.lent:
            pair = self.drive.unused_pair()
            self.model.only = pair
            self.model.add_end(What.GROUP, pair.group)
            self.model.add_end(What.TRIGGER, pair.trigger)
        else:
            for what in What:
                for _ in range(FIRST):
                    self._make(what)
        self._add(self.model.pairs(associated=False)[0], "the first pair of new ends")

    def _make(self, what: What) -> None:
        self.model.add_end(what, self.drive.meanwhile(partial(self.drive.estate.maker.make, what)))

    @precondition(lambda self: self.may("make"))
    @rule(data=st.data(), what=st.sampled_from(list(What)))
    def make(self, data: st.DataObject, what: What) -> None:
        if len(self.model.of(what)) < MOST:
            self._try(lambda: self._make(what))

    @precondition(lambda self: self.may("delete"))
    @rule(data=st.data(), what=st.sampled_from(list(What)))
    def delete(self, data: st.DataObject, what: What) -> None:
        if len(self.model.of(what)) >= FIRST:
            uuid = data.draw(st.sampled_from(self.model.of(what)))
            self._try(lambda: self._delete(what, uuid))

    def _delete(self, what: What, uuid: str) -> None:
        self.drive.meanwhile(partial(self.drive.estate.maker.delete, what, uuid))
        self.gone[what].append(uuid)
        self.model.forget(what, uuid)

    # --- what succeeds ---

    @precondition(lambda self: self.may("add"))
    @rule(data=st.data())
    def add(self, data: st.DataObject) -> None:
        pair, body = self._drawn(data, associated=False), data.draw(self._good_bodies())
        self._try(lambda: self._add(pair, "", Sending(body)))

    @precondition(lambda self: self.may("add_again"))
    @rule(data=st.data())
    def add_again(self, data: st.DataObject) -> None:
        pair, body = self._drawn(data, associated=True), data.draw(self._good_bodies())
        self._try(lambda: self._add(pair, "the pair added before", Sending(body)))

    @precondition(lambda self: self.may("remove"))
    @rule(data=st.data(), times=st.integers(1, TURNS))
    def remove(self, data: st.DataObject, times: int) -> None:
        """Remove it and add it once more, so many times."""
        pair = self._drawn(data, associated=True)
        for time in range(1, times + 1):
            self._try(
                partial(self._remove, pair, f"the pair added before and removed{f' {time} times' if time > 1 else ''}")
            )

    def _remove(self, pair: Pair, case: str) -> None:
        self._free(pair)
        self.model.adopt()
        if not self.model.associated(pair):
            self._add(pair, case)

    @precondition(lambda self: self.may("add_after_deletion"))
    @rule(data=st.data(), what=st.sampled_from(list(What)))
    def add_after_deletion(self, data: st.DataObject, what: What) -> None:
        """Delete one end of an association, and add a new one to the other end."""
        pair = self._drawn(data, associated=True)
        self._try(lambda: self._after_deletion(what, pair))

    def _after_deletion(self, what: What, pair: Pair) -> None:
        self._delete(what, pair.group if what is What.GROUP else pair.trigger)
        self._make(what)
        new = self.model.of(what)[-1]
        pair = Pair(new, pair.trigger) if what is What.GROUP else Pair(pair.group, new)
        self._add(pair, f"another {what.word} was deleted before")

    @precondition(lambda self: self.may("add_by_another_session"))
    @rule(data=st.data(), again=st.booleans())
    def add_by_another_session(self, data: st.DataObject, again: bool) -> None:
        """Log in, add, log out, and try the session once more; the run's own goes on."""
        pair = data.draw(st.sampled_from(self._pairs()))
        self._try(lambda: self._by_another_session(pair, again))

    def _by_another_session(self, pair: Pair, again: bool) -> None:
        with self.drive.sessions.own() as good:
            self._add(pair, "added by another session", Sending(authorization=good))
        ended = Sending(authorization=good, case="added by a session that was logged out")
        if not again:
            self._freed([pair])
        self._refused(pair, ended, "AUTH-004", "AUTH-005")

    @precondition(lambda self: self.may("add_side_by_side"))
    @rule(data=st.data(), what=st.sampled_from(list(What)))
    def add_side_by_side(self, data: st.DataObject, what: What) -> None:
        """Adds of different pairs that share a job group, or a trigger; where none are left, some are freed."""
        free = sharing(what, self.model.pairs(associated=False))
        if pairs := data.draw(st.sampled_from(free or sharing(what, self._pairs()) or [[]])):
            self._try(lambda: self._side_by_side(pairs))

    def _side_by_side(self, pairs: Sequence[Pair]) -> None:
        pairs = self._freed(pairs)
        sending = Sending(case=f"{len(pairs)} pairs with a common end side by side")
        send = partial(self.drive.send, sending=sending, expect=Expect.SUCCESS, fresh=True, side_by_side=True)
        exchanges = self.drive.side_by_side([partial(send, self.drive.values(pair)) for pair in pairs])
        for pair, exchange in zip(pairs, exchanges, strict=True):
            self.model.take(pair, exchange)
        looked = self.model.look()
        others = [one for end, one in looked.items() if concerns_others(end, one, pairs)]
        if others:
            self.drive.judge(exchanges[0], clause="STATE-002", listings=others)
        listings = [one for end, one in looked.items() if not concerns_others(end, one, pairs)]
        as_answered = all(outcome(exchange) is Outcome.GRANTED for exchange in exchanges)
        alone: list[bool] = []
        if not as_answered or any(one.listed != one.expected for one in looked.values()):
            # What one add shows by itself too is not for being side by side.
            alone = [self._add(pair, "one after another") for pair in self._freed(pairs)]
        if all(alone):
            for exchange in exchanges:
                self.drive.judge(exchange, clause="STATE-004")
            self.drive.judge(clause="STATE-004", exchanges=exchanges, listings=listings)

    def _free(self, pair: Pair) -> None:
        self.drive.meanwhile(partial(self.drive.estate.remove, pair))

    def _freed(self, pairs: Sequence[Pair]) -> list[Pair]:
        """Those of `pairs` that are not associated, after the others have been freed too."""
        for pair in pairs:
            if self.model.associated(pair):
                self._free(pair)
        self.model.adopt()
        return [pair for pair in pairs if not self.model.associated(pair)]

    # --- what is refused ---

    @precondition(lambda self: self.may(""))
    @rule(data=st.data(), associated=st.booleans(), clause=st.sampled_from(SESSIONS))
    def add_without_a_good_session(self, data: st.DataObject, associated: bool, clause: str) -> None:
        auth, token = self.drive.operation.auth, self.drive.token()
        none = st.one_of(st.sampled_from(refused.absent(auth)), refused.foreign(auth, token))
        other = st.one_of(refused.unknown_session(auth), *refused.kinds_of_altered_session(auth, token))
        headers, case = data.draw(none if clause == "AUTH-001" else other)
        pair, body = self._drawn(data, associated=associated), data.draw(self._good_bodies())
        sending = Sending(body, authorization=headers, case=case)
        self._try(lambda: self._refused(pair, sending, clause, "AUTH-005"))

    @precondition(lambda self: self.may(""))
    @rule(data=st.data(), associated=st.booleans())
    def add_with_a_bad_body(self, data: st.DataObject, associated: bool) -> None:
        body, case = data.draw(refused.any_body(self.drive.operation))
        pair = self._drawn(data, associated=associated)
        self._try(lambda: self._refused(pair, Sending(body, case=case), "", "BODY-009"))

    @precondition(lambda self: self.may(""))
    @rule(data=st.data(), which=st.sampled_from(ABSENT), deleted=st.booleans())
    def add_for_ends_that_are_not_there(self, data: st.DataObject, which: str, deleted: bool) -> None:
        """Those that were deleted, where there are such, and those that never were."""

        def absent(what: What) -> str:
            if deleted and not self.gone[what] and not self.lent:
                self.delete(data, what)
            return data.draw(st.sampled_from(self.gone[what])) if deleted and self.gone[what] else uuid4().hex

        group = absent(What.GROUP) if which != "trigger" else ""
        trigger = absent(What.TRIGGER) if which != "job group" else ""
        there = data.draw(st.sampled_from(self._pairs()))
        words = [
            f"a {what.word} that {'was deleted' if uuid in self.gone[what] else 'never existed'}"
            for what, uuid in ((What.GROUP, group), (What.TRIGGER, trigger))
            if uuid
        ]
        group, trigger = group or there.group, trigger or there.trigger
        sending = Sending(case=" and ".join(words))
        self._try(lambda: self._refused(Pair(group, trigger), sending, "PATH-002", "STATE-002"))

    # --- steps ---

    def _add(self, pair: Pair, case: str, sending: Sending = Sending()) -> bool:
        """A good request: a success where the pair is not associated, either where it is. Whether that holds."""
        fresh = not self.model.associated(pair)
        expect = Expect.SUCCESS if fresh else Expect.EITHER
        sending = Sending(sending.body, authorization=sending.authorization, case=case)
        exchange = self._send(pair, sending, expect, fresh=fresh)
        broken = self.drive.judge(exchange, clause="PATH-001" if fresh else "STATE-001")
        return not self._differs(exchange, "STATE-002") and not broken

    def _refused(self, pair: Pair, sending: Sending, clause: str, effect: str) -> None:
        """A request that must be refused; `clause` judges that it was, `effect` that it did nothing."""
        exchange = self._send(pair, sending, Expect.REFUSAL)
        if clause:
            self.drive.judge(exchange, clause=clause)
        if outcome(exchange) is Outcome.GRANTED:
            self.model.adopt()  # that it was not refused explains what it did
        else:
            self._differs(exchange, effect)

    def _send(self, pair: Pair, sending: Sending, expect: Expect, *, fresh: bool = False) -> Exchange:
        exchange = self.drive.send(self.drive.values(pair), sending, expect=expect, fresh=fresh)
        self.model.take(pair, exchange)
        return exchange

    def _differs(self, exchange: Exchange, clause: str) -> bool:
        """Judge what is listed now by the model; what differs is told once."""
        if not self.drive.judge(exchange, clause=clause, listings=list(self.model.look().values())):
            return False
        self.model.adopt()
        return True

    def _try(self, step: Callable[[], object]) -> None:
        if self.failed:
            return
        try:
            step()
        except (SiblingFailed, TargetGone) as failed:
            self.failed.append(failed)

    def teardown(self) -> None:
        """Delete what was made; what stays is the ledger's."""
        if not self.lent:
            for what in What:
                for uuid in self.model.of(what):
                    self._try(partial(self.drive.meanwhile, partial(self.drive.estate.maker.delete, what, uuid)))

    # --- what may be asked ---

    def may(self, step: str) -> bool:
        """Return True if a step can be taken now."""
        if self.failed or not self.model.lists:
            return False
        match step:
            case "make" | "delete":
                return not self.lent
            case "add_after_deletion":
                return not self.lent and bool(self.model.pairs(associated=True))
            case "add":
                return bool(self.model.pairs(associated=False))
            case "add_again" | "remove":
                return bool(self.model.pairs(associated=True))
            case "add_by_another_session":
                return self.drive.estate.access.can_have_another
            case "add_side_by_side":
                return not self.lent
        return True

    def _pairs(self) -> list[Pair]:
        return [*self.model.pairs(associated=True), *self.model.pairs(associated=False)]

    def _drawn(self, data: st.DataObject, *, associated: bool) -> Pair:
        """A pair that is associated, or not; where there is none, one is added or freed."""
        pair = data.draw(st.sampled_from(self.model.pairs(associated=associated) or self._pairs()))
        if self.model.associated(pair) is not associated:
            self._try(lambda: self._add(pair, "") if associated else self._freed([pair]))
        return pair

    def _good_bodies(self) -> st.SearchStrategy[object]:
        return bodies.good(self.drive.operation.body_members)
