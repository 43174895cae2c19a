"""AUTH: who may add, and what a refused caller learns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from contract.kit.exchange import (
    SESSION_MARK,
    Exchange,
    Listing,
    Outcome,
    Sighting,
    describe,
    outcome,
    status_and_code,
)
from contract.kit.judge.rules.effect import refusal_changes_nothing, refusal_leaves_no_trace, refusal_leaves_the_lists
from contract.kit.judge.rules.registry import Finding, Over, rule
from contract.kit.judge.rules.shared import as_expected, is_refused, succeeds
from contract.kit.judge.violation import Violation

SHORTEST_TOKEN = 16
FEWEST_CHARACTERS = 6
"""From so many characters on, and so many different ones, a token that comes back is an echo and no coincidence."""
_SESSION = re.compile(
    rb"\$NAME|\$\{NAME\w*(?:\^\^|:\d+:(?:1[6-9]|[2-9]\d|\d{3,}))?\}".replace(b"NAME", SESSION_MARK[1:].encode())
)
"""A session as the wire writes it, or a part of one that is as long: eight digits alike are met by chance."""


@rule("AUTH-001")
def missing_or_foreign_credentials_are_refused(exchange: Exchange) -> Finding:
    return as_expected(exchange)  # either: a good session in another spelling


@rule("AUTH-002")
def unknown_or_altered_session_is_refused(exchange: Exchange) -> Finding:
    return is_refused(exchange)


@rule("AUTH-003")
def session_elsewhere_does_not_stand_in_for_the_header(exchange: Exchange) -> Finding:
    return is_refused(exchange)


@rule("AUTH-004")
def session_is_refused_after_logout(exchange: Exchange) -> Finding:
    return is_refused(exchange)


@rule("AUTH-005")
def refused_request_has_no_effect(exchange: Exchange, before: Sighting, after: Sighting) -> Finding:
    return refusal_changes_nothing(exchange, before, after)


@rule("AUTH-005")
def refused_request_leaves_no_trace(exchange: Exchange, sighting: Sighting) -> Finding:
    """`sighting`: of a pair that was not associated before."""
    return refusal_leaves_no_trace(exchange, sighting)


@rule("AUTH-005")
def refused_request_leaves_the_lists(exchange: Exchange, listings: Sequence[Listing]) -> Finding:
    return refusal_leaves_the_lists(exchange, listings)


@rule("AUTH-006")
def refusal_is_the_same_whether_the_resources_exist(existing: Exchange, exchange: Exchange) -> Finding:
    """`exchange`: the request of `existing`, for resources that are unknown."""
    if Outcome.SILENCE in (outcome(existing), outcome(exchange)):
        return None
    for refusal in (existing, exchange):
        if refusal.inventory is not None:
            return [Violation("no inventory in a refusal", describe(refusal), refusal)]
    one, other = status_and_code(existing), status_and_code(exchange)
    if one == other:
        return []
    expected = f"{_said(one)}, as for resources that exist"
    return [Violation(expected, _said(other), exchange, beside=(existing,))]


def _said(seen: tuple[int, str | None]) -> str:
    status, code = seen
    return f"HTTP {status} with {f'the code {code}' if code is not None else 'no code'}"


@rule("AUTH-007")
def every_shape_of_the_body_is_guarded(exchange: Exchange) -> Finding:
    return is_refused(exchange)


@rule("AUTH-008")
def header_name_is_matched_in_any_case(exchange: Exchange) -> Finding:
    return succeeds(exchange)


@rule("AUTH-009")
def refusal_does_not_disturb_the_next_request(refusal: Exchange, exchange: Exchange) -> Finding:
    """`exchange`: a good request after the refusal."""
    found = succeeds(exchange)
    return [replace(one, beside=(refusal,)) for one in found] if found else found


@rule("AUTH-010")
def odd_header_value_is_refused(exchange: Exchange) -> Finding:
    return is_refused(exchange)


@rule("AUTH-011", Over.EVERY, neighbours=True)
def session_never_comes_back(exchange: Exchange) -> Finding:
    answers = [one for one in (exchange.response, exchange.settled) if one is not None]
    if not answers:
        return None
    if _SESSION.search(exchange.request.target.encode()):
        return None  # a redirect, or a word on the path, names the path as it was sent
    expected = "no session in the answer"
    tokens = [token.encode("utf-8", "replace") for token in _tokens(exchange)]

    def stands_in(said: bytes) -> bool:
        return _SESSION.search(said) is not None or any(token in said for token in tokens)

    for answer in answers:
        if stands_in(answer.body):
            return [Violation(expected, "the session stands in the body", exchange)]
        for name, value in answer.headers:
            if stands_in(value.encode("utf-8", "replace")):
                return [Violation(expected, f"the session stands in {name}", exchange)]
    return []


def _tokens(exchange: Exchange) -> list[str]:
    """The tokens that this request sent in the session's header and that look like a session.

    What its path names too comes back as that.
    """
    header = exchange.promises.header.lower()
    values = [value for name, value in exchange.request.headers if name.lower() == header]
    words = [word for value in values for word in value.split()]
    telling = [word for word in words if len(word) >= SHORTEST_TOKEN and len(set(word)) >= FEWEST_CHARACTERS]
    told = exchange.request.target
    return [word for word in telling if word.isalnum() and word.isascii() and word not in told]
