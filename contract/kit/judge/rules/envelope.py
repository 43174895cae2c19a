"""ENV: what holds for every answer of the endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from contract.kit.exchange import (
    CRASHING_TROUBLE,
    Exchange,
    Outcome,
    Response,
    TroubleKind,
    describe,
    has_excess,
    outcome,
)
from contract.kit.judge.rules.defaults import default_of
from contract.kit.judge.rules.registry import Finding, Over, rule
from contract.kit.judge.violation import Violation

UNANSWERED: Final = CRASHING_TROUBLE | {TroubleKind.TIMEOUT}
RARE: Final = 0.001
"""A share of a run's requests: a busy machine may lose as many."""
ONE_EVENT: Final = 16
"""Requests: drops that lie no further apart may have one cause, as the restart of a server."""
FOLLOWED: Final = 3
"""How often in a row a connection is dropped after a refusal before it is no chance any more."""


def _own_answer(exchange: Exchange) -> Response | None:
    """The whole answer of the target itself: none where there was trouble, as with what a gateway answers."""
    return exchange.answer if exchange.trouble is None or has_excess(exchange) else None


@rule("ENV-001", Over.EVERY)
def error_is_null_exactly_when_inventory_is_present(exchange: Exchange) -> Finding:
    answer = _own_answer(exchange)
    envelope = answer.envelope if answer is not None and answer.status != 202 else None
    if envelope is None:
        return None
    named = [name for name in ("error", "inventory") if envelope.get(name) is not None]
    misshapen = [name for name in named if not (isinstance(envelope[name], dict) and envelope[name])]
    if misshapen:
        name = misshapen[0]
        said = f"`{name}` is {type_words(envelope[name])}{default_of(envelope)}"
        expected = f"`{name}` null, absent or an object with members"
        return [Violation(expected, said, exchange, f"/{name}")]
    if len(named) == 2:
        return [_exactly_one(exchange, "both `error` and `inventory` are there")]
    if not named and is_envelope(envelope):
        return [_exactly_one(exchange, "neither `error` nor `inventory` is there")]
    return []


def _exactly_one(exchange: Exchange, actual: str) -> Violation:
    return Violation("exactly one of `error` and `inventory`", actual, exchange)


def is_envelope(envelope: dict[str, Any]) -> bool:
    """An object that names an error or an inventory, or that has no member at all."""
    return not envelope or "error" in envelope or "inventory" in envelope


def type_words(value: object) -> str:
    """A JSON value's kind in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {str(value)[:40]}"
    if isinstance(value, str):
        return f"the string {value[:60]!r}"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    return "an object" if value else "an empty object"


@rule("ENV-002", Over.EVERY)
def success_is_200_at_once(exchange: Exchange) -> Finding:
    response = exchange.response
    if response is None or exchange.trouble is not None:
        return None
    if response.status == 202:
        actual = "HTTP 202, accepted for later"
        if response.member("location") is not None or response.header("location") is not None:
            actual = "HTTP 202 with the location of a job"
        return [Violation("the answer itself, at once", actual, exchange)]
    found = outcome(exchange)
    if found is Outcome.GRANTED and response.status != 200:
        actual = f"an inventory under HTTP {response.status}"
        return [Violation("status 200 for a success", actual, exchange)]
    if found is Outcome.FAILURE and response.status != 200 and response.status < 400:
        actual = f"an error under HTTP {response.status}"
        return [Violation("status 200, 4xx or 503 for a failure", actual, exchange)]
    return []


@rule("ENV-003", Over.EVERY, neighbours=True)
def json_body_is_one_well_formed_document(exchange: Exchange) -> Finding:
    trouble = exchange.trouble
    if trouble is not None and (trouble.kind is TroubleKind.TRUNCATED or has_excess(exchange)):
        return [Violation("as many bytes as announced", trouble.detail, exchange)]
    answer = _own_answer(exchange)
    if answer is None or answer.json is None:
        return None
    expected = "one well-formed JSON document in UTF-8"
    return [Violation(expected, problem, exchange) for problem in answer.json.problems[:1]]


@rule("ENV-004", Over.EVERY)
def json_body_is_labelled_as_json(exchange: Exchange) -> Finding:
    answer = _own_answer(exchange)
    if answer is None or answer.json is None:
        return None
    if not answer.other_labels:
        return []
    actual = f"Content-Type: {answer.other_labels[0]}"
    if answer.media_type == "text/plain":
        actual += "; a gateway written in Go gives that label to what the server left without one (docs/waivers.md)"
    return [Violation("Content-Type: application/json, or none", actual, exchange)]


@rule("ENV-005", Over.EVERY)
def server_error_is_a_503_with_a_failure(exchange: Exchange) -> Finding:
    answer = _own_answer(exchange)
    if answer is None:
        return None
    found = outcome(exchange)
    if found is Outcome.UNREADABLE and answer.status >= 500:
        return None  # it may have carried one
    if found is not Outcome.CRASH:
        return []
    expected = "no status 5xx but a 503 that carries an error"
    said = ": plain good requests just before and after it were answered well" if exchange.standing else ""
    return [Violation(expected, describe(exchange) + said, exchange)]


@rule("ENV-006", Over.EVERY)
def json_object_is_the_envelope(exchange: Exchange) -> Finding:
    answer = _own_answer(exchange)
    if answer is None or answer.status == 202 or answer.json is None or not answer.json.readable:
        return None
    root = answer.json.value
    expected = "an object with `inventory` or `error`"
    if not isinstance(root, dict):
        return [Violation(expected, f"the root is {type_words(root)}", exchange)]
    if is_envelope(root):
        return []
    names = ", ".join(f"`{name[:40]}`" for name in list(root)[:5])
    return [Violation(expected, f"an object with {names}{default_of(root)}", exchange)]


@rule("ENV-007", Over.EVERY, neighbours=True)
def request_is_answered_in_time(exchange: Exchange) -> Finding:
    trouble = exchange.trouble
    if trouble is None or has_excess(exchange):
        return []
    if trouble.kind in UNANSWERED:
        expected = "an answer within the time allowed"
        return [Violation(expected, f"{_NAMED[trouble.kind]}: {trouble.detail}", exchange)]
    return None


_NAMED: Final = {
    TroubleKind.TIMEOUT: "no answer in time",
    TroubleKind.DROPPED: "the connection was dropped",
    TroubleKind.MALFORMED: "what came is not HTTP",
}


@rule("ENV-007", Over.TRAFFIC, neighbours=True)
def connections_are_not_dropped(exchanges: Sequence[Exchange]) -> Finding:
    """One event in a run is the network's, and told as trouble; a second one is the server's.

    In a long run a few are the network's too: unless one request meets it twice, they are to be more than rare.
    """
    if not exchanges:
        return None
    dropped = [exchange for exchange in exchanges if exchange.drops]
    apart = [one for one in dropped if one.number - dropped[0].number > ONE_EVENT]
    again = any(one.drops > 1 for one in dropped)
    if not apart or (len(dropped) < RARE * len(exchanges) and not again):
        return []
    expected = "no connection closed in answer to a request"
    actual = f"{sum(one.drops for one in dropped)} connections closed without an answer, in {len(exchanges)} requests"
    return [Violation(expected, actual, min(dropped, key=lambda one: one.size), beside=(dropped[0], apart[0]))]


@rule("ENV-007")
def connection_is_usable_after_a_refusal(refusal: Exchange, followings: Sequence[Exchange]) -> Finding:
    """`followings`: the good request after the refusal, on its connection or on a new one where that was closed;
    it and the refusal are sent again while the connection is dropped, so that a chance is no fault."""
    if outcome(refusal) is Outcome.SILENCE or not followings:
        return None
    last = followings[-1]
    expected = "the next request on the connection answered"
    if last.trouble is not None and last.trouble.kind in UNANSWERED:
        actual = f"{_NAMED[last.trouble.kind]}: {last.trouble.detail}"
        return [Violation(expected, actual, last, beside=(refusal,))]
    if last.trouble is not None:
        return None
    if len(followings) >= FOLLOWED and all(one.resent for one in followings):
        actual = f"{len(followings)} times in a row it was dropped, and answered on a new connection only"
        return [Violation(expected, actual, last, beside=(refusal,))]
    return []


@rule("ENV-006")
def answer_is_as_described(exchange: Exchange, complaints: Sequence[str]) -> Finding:
    """`complaints`: what a validator of the description finds wrong with an answer that no other rule blames."""
    if exchange.answer is None or exchange.trouble is not None:
        return None
    return [Violation("an answer as the description has it", said, exchange) for said in complaints]
