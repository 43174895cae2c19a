"""STATE: what adding does, again, side by side and in the long run."""

from __future__ import annotations

from collections.abc import Sequence

from contract.kit.exchange import UNREAD, Exchange, Listing, Outcome, Sighting, describe, outcome
from contract.kit.judge.rules.effect import changes_nothing, follows_the_answer, lists_what_was_answered
from contract.kit.judge.rules.path import echoes
from contract.kit.judge.rules.registry import Finding, rule
from contract.kit.judge.rules.shared import succeeds
from contract.kit.judge.violation import Violation


@rule("STATE-001")
def adding_again_is_a_success_or_a_failure(exchange: Exchange) -> Finding:
    return _is_enveloped(exchange)


def _is_enveloped(exchange: Exchange) -> Finding:
    found = outcome(exchange)
    if found in UNREAD:
        return None
    if found is Outcome.GRANTED:
        return echoes(exchange)
    if found is Outcome.FAILURE:
        return []
    return [Violation("a success with the same pair, or a failure", describe(exchange), exchange)]


@rule("STATE-002")
def association_follows_the_answer(exchange: Exchange, sighting: Sighting) -> Finding:
    return follows_the_answer(exchange, sighting)


@rule("STATE-002")
def lists_follow_the_answer(exchange: Exchange, listings: Sequence[Listing]) -> Finding:
    """`listings`: the whole lists afterwards, of the two ends and of others that nothing was asked of."""
    return lists_what_was_answered([exchange], listings)


@rule("STATE-002")
def failure_changes_nothing(exchange: Exchange, before: Sighting, after: Sighting) -> Finding:
    """What was associated before stays so, what was not is not made."""
    if outcome(exchange) not in (Outcome.FAILURE, Outcome.REJECTION):
        return None
    return changes_nothing(exchange, before, after)


@rule("STATE-002")
def association_stays(exchange: Exchange, kept_before: Sighting, kept_after: Sighting) -> Finding:
    """An association that was there is there still, whatever is answered to one who adds it again."""
    lost = [view for view in kept_before.present_in if kept_after.views.get(view) is False]
    if not kept_before.present_in:
        return None
    if not lost:
        return []
    actual = f"{describe(exchange)}, yet {' and '.join(lost)} has lost the association"
    return [Violation("an association that was made before stays", actual, exchange)]


@rule("STATE-003")
def adds_of_one_pair_side_by_side_are_answered(exchanges: Sequence[Exchange]) -> Finding:
    """`exchanges`: one round, all of the same fresh pair."""
    findings = [_is_enveloped(exchange) for exchange in exchanges]
    if all(finding is None for finding in findings):
        return None
    violations = [violation for finding in findings if finding for violation in finding]
    if violations or any(outcome(exchange) is Outcome.GRANTED for exchange in exchanges):
        return violations
    if any(finding is None for finding in findings):
        return None  # the one without an answer may have been the success
    smallest = min(exchanges, key=lambda one: one.size)
    actual = f"none of {len(exchanges)} succeeded: {describe(smallest)}"
    return [Violation("at least one of them succeeds", actual, smallest, beside=tuple(exchanges))]


@rule("STATE-004")
def adds_of_different_pairs_side_by_side_echo_their_own(exchange: Exchange) -> Finding:
    found = succeeds(exchange)
    if found or found is None:
        return found
    return echoes(exchange)


@rule("STATE-004")
def adds_side_by_side_are_all_there_afterwards(exchanges: Sequence[Exchange], listings: Sequence[Listing]) -> Finding:
    """`exchanges`: of different pairs that share a job group or a trigger."""
    return lists_what_was_answered(exchanges, listings)


@rule("STATE-004")
def success_side_by_side_is_there_afterwards(exchange: Exchange, sighting: Sighting) -> Finding:
    return follows_the_answer(exchange, sighting) if outcome(exchange) is Outcome.GRANTED else None


@rule("STATE-005")
def session_keeps_being_answered(first: Exchange, exchange: Exchange) -> Finding:
    """`exchange`: the request of `first` again, after many others on the same session."""
    kinds = (outcome(first), outcome(exchange))
    if not UNREAD.isdisjoint(kinds):
        return None
    if kinds[1] is Outcome.GRANTED or (kinds[0] is kinds[1] and first.code == exchange.code):
        return []
    expected = f"the answer that the same request got before: {describe(first)}"
    return [Violation(expected, describe(exchange), exchange, beside=(first,))]


@rule("STATE-006")
def repeated_good_request_is_a_clean_success_each_time(exchange: Exchange) -> Finding:
    expected = "a success without an error, as every time"
    if outcome(exchange) is Outcome.MISSHAPEN:
        return [Violation(expected, describe(exchange), exchange)]
    found = succeeds(exchange)
    if found or found is None or exchange.answer is None:
        return found
    if exchange.answer.status == 200 and exchange.answer.member("error") is None:
        return []
    return [Violation(expected, describe(exchange), exchange)]
