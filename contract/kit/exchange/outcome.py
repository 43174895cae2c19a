"""What kind of answer it is: the contract's own words, which the rules of all families share."""

from __future__ import annotations

from collections.abc import Container
from enum import StrEnum
from typing import Final

from contract.kit.exchange.cleaned import names_a_cleaned_path
from contract.kit.exchange.exchange import Exchange, Scope, TroubleKind
from contract.kit.exchange.message import Response
from contract.kit.exchange.speaker import LONGEST, speaker
from contract.kit.shortened import shortened


class Outcome(StrEnum):
    GRANTED = "success"
    """It carries an inventory (whatever else is wrong with it: other clauses say so)."""
    FAILURE = "failure"
    """An error and no inventory."""
    REJECTION = "rejection"
    """Turned away before the operation, without an envelope."""
    CRASH = "crash"
    """A 5xx that is not a 503 with a failure, or the connection dropped instead of an answer."""
    UNREADABLE = "unreadable"
    """JSON that cannot be read: only the clause on JSON can judge it."""
    SILENCE = "silence"
    """No answer that could be judged."""
    MISSHAPEN = "misshapen"
    """A JSON object under a status of success that is neither: only the clauses on the envelope can judge it."""
    UNTOLD = "untold"
    """Accepted for later (202), and its job cannot be asked for any more."""
    STRAY = "stray"
    """None of these: a page instead of an answer, a redirect to anything but a cleaned path."""


UNREAD: Final = frozenset({Outcome.SILENCE, Outcome.UNREADABLE, Outcome.MISSHAPEN, Outcome.UNTOLD})
"""Outcomes that do not say whether the request succeeded."""
CRASHING_TROUBLE: Final = frozenset({TroubleKind.DROPPED, TroubleKind.MALFORMED})


def outcome(exchange: Exchange) -> Outcome:
    """Classify an exchange by what was answered; total."""
    answer = exchange.answer
    if exchange.trouble is not None and not has_excess(exchange):
        return Outcome.CRASH if exchange.trouble.kind in CRASHING_TROUBLE else Outcome.SILENCE
    if answer is None:
        return Outcome.SILENCE
    if _is_untold(exchange):
        return Outcome.UNTOLD
    if answer.status == 501 and _may_be_unknown(exchange):
        return Outcome.REJECTION
    if names_a_cleaned_path(exchange):
        return Outcome.REJECTION
    return _of_answer(answer, exchange.promises.rejections)


def _is_untold(exchange: Exchange) -> bool:
    ended = exchange.settled
    return ended is not None and ended.status in (404, 410) and ended.envelope is None


def _may_be_unknown(exchange: Exchange) -> bool:
    """The request has a method (RFC 9110, 15.6.2) or a transfer coding (RFC 9112, 6.1) that a server need not know."""
    request = exchange.request
    codings = {value.strip().lower() for name, value in request.headers if name.lower() == "transfer-encoding"}
    of_another = exchange.scope is Scope.NEIGHBOUR and request.method != exchange.promises.method
    return of_another or bool(codings - {"chunked"})


def has_excess(exchange: Exchange) -> bool:
    """A whole answer came, and bytes after it that nobody asked for."""
    trouble = exchange.trouble
    return trouble is not None and trouble.kind is TroubleKind.MALFORMED and exchange.answer is not None


def _of_answer(answer: Response, rejections: Container[int]) -> Outcome:
    carries_error = answer.member("error") is not None
    if answer.status == 503 and answer.json is not None and not answer.json.readable:
        return Outcome.UNREADABLE  # it may have been a failure
    if answer.status >= 500 and not (answer.status == 503 and carries_error):
        return Outcome.CRASH
    if answer.json is not None and not answer.json.readable:
        return Outcome.UNREADABLE
    if answer.inventory is not None:
        return Outcome.GRANTED
    if carries_error:
        return Outcome.FAILURE
    if answer.status in rejections:
        # A JSON body here is not a rejection, but it refuses: that it is not an envelope is another clause's.
        return Outcome.REJECTION
    if 200 <= answer.status < 300 and answer.status != 202 and answer.envelope is not None:
        return Outcome.MISSHAPEN
    return Outcome.STRAY


def status_and_code(exchange: Exchange) -> tuple[int, str | None]:
    """What a refusal tells a program; 0 where there is no answer."""
    return (exchange.answer.status if exchange.answer is not None else 0, exchange.code)


def describe(exchange: Exchange) -> str:
    """The answer in one phrase for a reader."""
    said = _described(exchange)
    if exchange.standing and exchange.answer is not None:
        who = speaker(exchange.answer) or "somebody who names neither Server nor Via"
        said += f", from {who}; a crash behind a gateway, or a limit of the gateway's own"
    return said


def _described(exchange: Exchange) -> str:
    if exchange.trouble is not None and exchange.answer is None:
        return f"no answer ({exchange.trouble.kind}: {exchange.trouble.detail})"
    answer = exchange.answer
    if answer is None:
        return "no answer"
    status = f"HTTP {answer.status}"
    if _is_untold(exchange):
        return f"HTTP 202, accepted, and the outcome is never told (its job: HTTP {answer.status})"
    if exchange.settled is not None and exchange.response is not None:
        status = f"HTTP {exchange.response.status}, and its job ended with HTTP {answer.status}"
    error = answer.error
    if answer.inventory is not None and error is not None:
        return f"{status} with both an inventory and an error"
    if answer.inventory is not None:
        return f"{status} with an inventory"
    if error is not None:
        return f"{status} with the error {_brief(error.get('code'))}: {_brief(error.get('description'))}"
    if not answer.body:
        return f"{status} with no body"
    if answer.json is not None and not answer.json.readable:
        return f"{status} with a body that cannot be read as JSON"
    text = answer.body[:60].decode("utf-8", "replace").replace("\n", " ")
    kind = answer.media_type or "no content type"
    return f"{status} ({kind}, {len(answer.body):,} bytes): {text}{'…' if len(answer.body) > 60 else ''}"


def _brief(value: object) -> str:
    text = value if isinstance(value, str) else type(value).__name__ if value is not None else "without one"
    return shortened(text, LONGEST)
