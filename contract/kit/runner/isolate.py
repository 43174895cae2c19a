"""At the end of a run: the request that shows a violation is sent again with less, to find what makes it break."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass, field
from typing import Final, Protocol

from contract.kit.drive import AFTER_A_REFUSAL, BAD_CREDENTIALS, WRITTEN, Again, Drive
from contract.kit.exchange import Exchange, Expect, Outcome, TroubleKind, outcome
from contract.kit.judge import AS_IT_IS, PLAIN_TOO, Isolation, Violation, only_with
from contract.kit.judge.rules import Rule, all_rules
from contract.kit.target import SiblingFailed
from contract.kit.wire import TargetGone

MOST: Final = 150
"""Requests in all."""
LONGEST: Final = 45.0
"""Seconds in all."""
ELSEWHERE: Final = "AUTH-003"
EVERY_SHAPE: Final = "AUTH-007"
NOT_DISTURBED: Final = "AUTH-009"
OF_A_HANG: Final = 4
"""Requests for one violation where each costs the whole time allowed."""

Shown = tuple[str, Violation]
"""A rule's name, and the violation of its kind that is shown."""

Symptom = tuple[object, ...]


class Attribute(Protocol):
    def __call__(self, clause: str, **evidence: Exchange) -> Iterable[str]: ...


def _nobody(clause: str, **_: Exchange) -> Iterable[str]:
    return ()


@dataclass
class Isolator:
    """`sent`: how many requests it took."""

    drive: Drive
    attribute: Attribute = _nobody
    """Judges by the clause that what was found belongs to; the names of the rules by which that is broken too."""
    sent: int = 0
    found: dict[tuple[str, int], str] = field(default_factory=dict)
    _agains: dict[int, Again] = field(default_factory=dict)
    """By exchange: what it is answered with less in it serves every rule that it breaks."""
    _causes: dict[tuple[str, Symptom], list[str]] = field(default_factory=dict)
    """The parts that were found to be the cause, by the rule and what was answered."""

    def isolate(self, shown: Iterable[Shown]) -> None:
        """Find what it can, the easiest to read first. What the target does not let it find stays untold."""
        started = time.monotonic()
        aside: list[Exchange] = []
        recorded, self.drive.client.record = self.drive.client.record, aside.append
        rules = {rule.name: rule for rule in all_rules()}
        try:
            with contextlib.suppress(TargetGone, SiblingFailed):
                for name, violation in sorted(shown, key=lambda one: one[1].exchange.size):
                    if len(aside) >= MOST or time.monotonic() - started > LONGEST:
                        break
                    self._isolate(rules[name], violation)
        finally:
            self.drive.client.record = recorded
            self.sent += len(aside)

    def _isolate(self, rule: Rule, violation: Violation) -> None:
        exchange = violation.exchange
        again = self._again(exchange)
        if again is None or not again.may or rule.takes - {"exchange", "sighting"}:
            return
        cause = self._known(rule, exchange, again) or self._cause(rule, exchange, again)
        if cause:
            self.found[rule.name, exchange.number] = cause

    def _again(self, exchange: Exchange) -> Again | None:
        sent = self.drive.sent.get(exchange.number)
        if sent is None:
            return None
        if exchange.number not in self._agains:
            self._agains[exchange.number] = Again(self.drive, exchange, *sent)
        return self._agains[exchange.number]

    def _known(self, rule: Rule, exchange: Exchange, again: Again) -> str:
        """The cause that was found for answers of this kind, where it is this request's too; empty where it is not."""
        words = again.words
        for one in self._causes.get((rule.name, _symptom(exchange)), ()):
            if one in words:
                without = _sends(rule, again)(frozenset(range(len(words))) - {words.index(one)})
                if not _shows(rule, exchange, again)(without):
                    return only_with(one, told(without))
        return ""

    def _cause(self, rule: Rule, exchange: Exchange, again: Again) -> str:
        hangs = exchange.trouble is not None and exchange.trouble.kind is TroubleKind.TIMEOUT
        isolation = Isolation(
            again.words, _sends(rule, again), _shows(rule, exchange, again), told, self._after(exchange, again)
        )
        isolation.plain = AS_IT_IS if again.stays_bad else PLAIN_TOO
        isolation.budget = OF_A_HANG if hangs else isolation.budget
        try:
            cause = isolation.cause()
        except RecursionError:
            return ""  # nested deeper than can be taken apart
        if [len(parts) for parts in isolation.causes] == [1]:
            [[at]] = isolation.causes
            self._causes.setdefault((rule.name, _symptom(exchange)), []).append(again.words[at])
        clause = owner(rule, exchange, {again.clauses[at] for parts in isolation.causes for at in parts})
        names: Iterable[str] = ()
        if clause not in ("", rule.clause):
            names = self.attribute(clause, exchange=exchange)
        elif (
            not isolation.causes
            and cause not in ("", PLAIN_TOO, AS_IT_IS)
            and (refusal := self._refused_before(exchange))
        ):
            names = self.attribute(NOT_DISTURBED, refusal=refusal, exchange=exchange)
        for name in names:
            self.found[name, exchange.number] = cause
        return cause

    def _refused_before(self, exchange: Exchange) -> Exchange | None:
        """The refusal on whose connection a good request came, where it was made to come there."""
        if exchange.expect is not Expect.SUCCESS or AFTER_A_REFUSAL not in exchange.dimensions.get("connection", ""):
            return None
        own = set(exchange.path_values.values())
        before = (one for one in reversed(self.drive.traffic) if one.number < exchange.number)
        return next(
            (one for one in before if one.expect is Expect.REFUSAL and own & set(one.path_values.values())), None
        )

    def _after(self, exchange: Exchange, again: Again) -> tuple[str, Callable[[], Exchange]] | None:
        """The request before this one and this one once more."""
        before = [one for one in self.drive.traffic if one.number < exchange.number and one.scope is exchange.scope]
        earlier = max(before, key=lambda one: one.number, default=None)
        first = self._again(earlier) if earlier is not None else None
        if earlier is None or first is None or not first.may:
            return None

        def send() -> Exchange:
            assert first is not None
            first.send(set(range(len(first.words))))
            return again.send(set(range(len(again.words))))

        return earlier.case or "a plain one", send


def owner(rule: Rule, exchange: Exchange, clauses: Set[str]) -> str:
    """The clause that an exchange breaks for its cause, whose parts belong to `clauses`; empty where it is nobody's."""
    # The way in which a body is written shows with some texts in it only.
    clause = WRITTEN if WRITTEN in clauses else next(iter(clauses)) if len(clauses) == 1 else ""
    if exchange.expect is not Expect.REFUSAL:
        return clause
    if outcome(exchange) is Outcome.GRANTED:
        # What is let in without good credentials in some shapes alone is not guarded in these; but where a session
        # stands elsewhere, that place is the cause.
        shapes = rule.clause in BAD_CREDENTIALS and rule.clause != ELSEWHERE and "" not in clauses
        return EVERY_SHAPE if shapes else ""
    return clause if outcome(exchange) is Outcome.CRASH else ""


def _sends(rule: Rule, again: Again) -> Callable[[frozenset[int]], Exchange]:
    """What the target lists is to be seen right after."""
    return again.send if "sighting" in rule.takes else again.answer


def _shows(rule: Rule, first: Exchange, again: Again) -> Callable[[Exchange], bool]:
    def shows(exchange: Exchange) -> bool:
        if _symptom(exchange) != _symptom(first):
            return False
        if "sighting" in rule.takes:
            return bool(rule.judge(exchange=exchange, sighting=again.look()))
        return bool(rule.judge(exchange))

    return shows


def _symptom(exchange: Exchange) -> Symptom:
    answer, trouble = exchange.answer, exchange.trouble
    if answer is not None:
        # Whether bytes after it break the clause too is for its rule to say.
        return outcome(exchange), answer.status
    return (trouble.kind if trouble is not None else None,)


def told(exchange: Exchange) -> str:
    """An answer in a word or two: "200", "503 SYS.1003", "timeout"."""
    if exchange.trouble is not None:
        return exchange.trouble.kind.value
    answer = exchange.answer
    status = str(answer.status) if answer is not None else "no answer"
    return f"{status} {exchange.code}" if exchange.code is not None else status
