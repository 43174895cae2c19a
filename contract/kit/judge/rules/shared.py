"""Judgements that the rules of several families share."""

from __future__ import annotations

from contract.kit.exchange import UNREAD, Exchange, Expect, Outcome, describe, outcome
from contract.kit.judge.rules.registry import Finding
from contract.kit.judge.violation import Violation


def succeeds(exchange: Exchange) -> Finding:
    """A good request is a success; one that was accepted, and whose outcome is never told, is none."""
    found = outcome(exchange)
    if found in UNREAD and found is not Outcome.UNTOLD:
        return None
    if found is Outcome.GRANTED:
        return []
    if exchange.resent and found is Outcome.FAILURE:
        return None  # the try before this one may have made the association
    return [Violation("a success: status 200 with an inventory", describe(exchange), exchange)]


def is_refused(exchange: Exchange, expected: str = "a failure or a rejection") -> Finding:
    """A bad request is a failure or a rejection, without a crash."""
    found = outcome(exchange)
    if found in (Outcome.SILENCE, Outcome.UNREADABLE, Outcome.UNTOLD):
        return None
    if found in (Outcome.FAILURE, Outcome.REJECTION):
        return []
    return [Violation(expected, describe(exchange), exchange)]


def is_answered(exchange: Exchange) -> Finding:
    """A success, a failure or a rejection: either conforms, a crash does not."""
    found = outcome(exchange)
    if found in UNREAD:
        return None
    if found in (Outcome.GRANTED, Outcome.FAILURE, Outcome.REJECTION):
        return []
    return [Violation("a success, a failure or a rejection", describe(exchange), exchange)]


def as_expected(exchange: Exchange) -> Finding:
    """Judge by what the request was made to expect: a success, a refusal or either."""
    if exchange.expect is Expect.SUCCESS:
        return succeeds(exchange)
    if exchange.expect is Expect.REFUSAL:
        return is_refused(exchange)
    return is_answered(exchange)


def does_not_crash(exchange: Exchange) -> Finding:
    """Whatever is answered, it is not a server error (for requests that are not the operation's own)."""
    found = outcome(exchange)
    if found is Outcome.SILENCE or _may_carry_a_failure(exchange):
        return None
    if found is Outcome.CRASH:
        expected = "an answer that is not a server error"
        return [Violation(expected, describe(exchange), exchange)]
    return []


def _may_carry_a_failure(exchange: Exchange) -> bool:
    """A 503 to HEAD: what it carries is not sent (RFC 9110, 9.3.2), so that a failure cannot be told from a crash."""
    answer = exchange.answer
    return exchange.request.method == "HEAD" and answer is not None and answer.status == 503
