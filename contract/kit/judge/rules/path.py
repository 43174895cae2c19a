"""PATH: what the path names, and what nothing else does."""

from __future__ import annotations

from contract.kit.exchange import Exchange, Expect, Outcome, Sighting, describe, outcome
from contract.kit.judge.rules.effect import (
    changes_nothing,
    follows_the_answer,
    leaves_no_trace,
    refusal_changes_nothing,
)
from contract.kit.judge.rules.envelope import type_words
from contract.kit.judge.rules.registry import Finding, Over, rule
from contract.kit.judge.rules.shared import as_expected, does_not_crash, is_answered, is_refused, succeeds
from contract.kit.judge.violation import Violation


@rule("PATH-001")
def existing_uuids_succeed(exchange: Exchange) -> Finding:
    return succeeds(exchange)


@rule("PATH-001", Over.EVERY)
def each_uuid_comes_back_in_its_own_member(exchange: Exchange) -> Finding:
    if exchange.side_by_side or exchange.expect is Expect.REFUSAL:
        return None
    return echoes(exchange)


def echoes(exchange: Exchange) -> Finding:
    """Each path parameter comes back in the inventory's member of the same name, exactly as sent.

    An identifier of a request that was under way beside it is a mixing up of the two, which STATE-004 judges.
    """
    inventory = exchange.inventory
    if inventory is None:
        return None
    violations = []
    for name in exchange.promises.echoed:
        sent, came = exchange.path_values.get(name), inventory.get(name)
        beside = any(came in named for named in exchange.beside)
        if sent is None or came == sent or beside or _is_the_same(came, sent):
            continue
        expected = f"`{name}` is {sent!r}, as in the path"
        actual = f"`{name}` is {type_words(came) if name in inventory else 'absent'}"
        violations.append(Violation(expected, actual, exchange, f"/inventory/{name}"))
    return violations


def _is_the_same(came: object, sent: str) -> bool:
    """A UUID that was sent with blanks round it or in upper case may come back as the target knows it."""
    known = sent.strip().lower()
    return sent != known and isinstance(came, str) and came.lower() == known


@rule("PATH-002")
def unknown_uuid_is_a_failure_or_404(exchange: Exchange) -> Finding:
    return _is_not_found(exchange)


@rule("PATH-003")
def wrong_kind_is_a_failure_or_404(exchange: Exchange) -> Finding:
    return _is_not_found(exchange)


def _is_not_found(exchange: Exchange) -> Finding:
    expected = "a failure, or status 404"
    if outcome(exchange) is Outcome.REJECTION and exchange.answer is not None and exchange.answer.status != 404:
        return [Violation(expected, describe(exchange), exchange)]
    return is_refused(exchange, expected)


@rule("PATH-003")
def wrong_kind_changes_nothing(exchange: Exchange, before: Sighting, after: Sighting) -> Finding:
    return refusal_changes_nothing(exchange, before, after)


@rule("PATH-004")
def malformed_uuid_is_refused(exchange: Exchange) -> Finding:
    return as_expected(exchange)


@rule("PATH-004")
def malformed_uuid_changes_nothing(exchange: Exchange, before: Sighting, after: Sighting) -> Finding:
    return refusal_changes_nothing(exchange, before, after)


@rule("PATH-004")
def malformed_uuid_makes_nothing(exchange: Exchange, sighting: Sighting) -> Finding:
    return leaves_no_trace(exchange, sighting)


@rule("PATH-005")
def other_method_does_not_crash(exchange: Exchange) -> Finding:
    if exchange.answer is not None and exchange.answer.status == 501:
        return []  # the server does not know the method (RFC 9110, 15.6.2)
    return does_not_crash(exchange)


@rule("PATH-005")
def other_method_changes_nothing(exchange: Exchange, before: Sighting, after: Sighting) -> Finding:
    return changes_nothing(exchange, before, after)


@rule("PATH-006")
def near_miss_path_does_not_crash(exchange: Exchange) -> Finding:
    return does_not_crash(exchange)


@rule("PATH-006")
def near_miss_path_changes_nothing(exchange: Exchange, before: Sighting, after: Sighting) -> Finding:
    return changes_nothing(exchange, before, after)


@rule("PATH-007")
def other_names_are_ignored_or_refused(exchange: Exchange) -> Finding:
    answered = is_answered(exchange)
    if answered:
        return answered
    return echoes(exchange) if exchange.inventory is not None else answered


@rule("PATH-007")
def other_names_change_nothing(exchange: Exchange, named: Sighting, before: Sighting, after: Sighting) -> Finding:
    """`named`: the pair of the path, afterwards. `before` and `after`: the pair that the query or the body names."""
    stray = changes_nothing(exchange, before, after)
    return stray or follows_the_answer(exchange, named)
