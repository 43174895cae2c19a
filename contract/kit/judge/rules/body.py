"""BODY: what a body may be, and what becomes of one that may not."""

from __future__ import annotations

from collections.abc import Sequence

from contract.kit.exchange import Exchange, Listing, Sighting
from contract.kit.judge.rules.effect import refusal_changes_nothing, refusal_leaves_no_trace, refusal_leaves_the_lists
from contract.kit.judge.rules.registry import Finding, rule
from contract.kit.judge.rules.shared import as_expected


@rule("BODY-001")
def example_is_accepted_in_both_spellings_of_its_type(exchange: Exchange) -> Finding:
    return as_expected(exchange)


@rule("BODY-002")
def optional_members_are_optional(exchange: Exchange) -> Finding:
    return as_expected(exchange)


@rule("BODY-003")
def required_member_is_an_object(exchange: Exchange) -> Finding:
    return as_expected(exchange)


@rule("BODY-004")
def boolean_is_a_boolean(exchange: Exchange) -> Finding:
    return as_expected(exchange)


@rule("BODY-005")
def lists_are_lists(exchange: Exchange) -> Finding:
    return as_expected(exchange)


@rule("BODY-006")
def text_that_is_not_a_json_object_is_refused(exchange: Exchange) -> Finding:
    return as_expected(exchange)


@rule("BODY-007")
def unknown_members_are_answered(exchange: Exchange) -> Finding:
    return as_expected(exchange)


@rule("BODY-008")
def extreme_body_is_answered_in_time(exchange: Exchange) -> Finding:
    return as_expected(exchange)


@rule("BODY-009")
def refused_body_has_no_effect(exchange: Exchange, before: Sighting, after: Sighting) -> Finding:
    return refusal_changes_nothing(exchange, before, after)


@rule("BODY-009")
def refused_body_leaves_no_trace(exchange: Exchange, sighting: Sighting) -> Finding:
    """`sighting`: of a pair that was not associated before."""
    return refusal_leaves_no_trace(exchange, sighting)


@rule("BODY-009")
def refused_body_leaves_the_lists(exchange: Exchange, listings: Sequence[Listing]) -> Finding:
    return refusal_leaves_the_lists(exchange, listings)
