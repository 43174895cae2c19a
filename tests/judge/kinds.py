"""Answers of every kind, for the rules that judge by the kind of answer alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from contract.kit.exchange import Outcome
from contract.kit.exchange.exchange import Exchange, TroubleKind
from tests.judge.build import PROMISES, answered, error, exchange, failed, granted, inventory, job, response, troubled
from tests.judge.table import Row, RuleFunction, bad, good, silent

HTML: Final = b"<html><body><h1>405</h1></body></html>"
TEXT: Final = "text/plain"

Kinds = tuple[tuple[Outcome, str, Exchange], ...]

KINDS: Final[Kinds] = (
    (Outcome.GRANTED, "success", granted()),
    (Outcome.GRANTED, "success with error null", answered(200, {"inventory": inventory(), "error": None})),
    (Outcome.GRANTED, "success with more members", answered(200, {"inventory": inventory(a=1), "schema": {}})),
    (Outcome.GRANTED, "success without a label", granted(content_type=None)),
    (Outcome.GRANTED, "success of a job", job(200, {"inventory": inventory()})),
    (Outcome.GRANTED, "inventory under 201", granted(201)),
    (Outcome.GRANTED, "inventory under 404", granted(404)),
    (Outcome.GRANTED, "inventory and error", answered(200, {"inventory": inventory(), "error": error()})),
    (
        Outcome.GRANTED,
        "success with bytes after it",
        troubled(TroubleKind.MALFORMED, response(200, {"inventory": inventory()})),
    ),
    (Outcome.FAILURE, "failure under 200", failed(200)),
    (Outcome.FAILURE, "failure with inventory null", answered(200, {"inventory": None, "error": error()})),
    (Outcome.FAILURE, "failure with an empty inventory", answered(200, {"inventory": {}, "error": error()})),
    (Outcome.FAILURE, "failure under 400", failed(400)),
    (Outcome.FAILURE, "failure under 409", failed(409)),
    (Outcome.FAILURE, "failure under 499", failed(499)),
    (Outcome.FAILURE, "failure under 503", failed(503)),
    (Outcome.FAILURE, "failure without a label", failed(503, content_type=None)),
    (Outcome.FAILURE, "failure of a job under 404", job(404, {"error": error()})),
    (Outcome.FAILURE, "failure of a job", job(503, {"error": error()})),
    (Outcome.FAILURE, "failure with its error a string", answered(200, {"error": "no"})),
    *(
        (Outcome.REJECTION, f"{status} with {what}", answered(status, body, content_type=label))
        for status in sorted(PROMISES.rejections)
        for what, body, label in (
            ("HTML", HTML, "text/html;charset=utf-8"),
            ("text", b"no", None),
            ("nothing", b"", None),
        )
    ),
    (Outcome.REJECTION, "400 with {}", answered(400, {})),
    (Outcome.CRASH, "500 with text", answered(500, b"java.io.EOFException", content_type=None)),
    (Outcome.CRASH, "500 with nothing", answered(500, b"", content_type=None)),
    (Outcome.CRASH, "500 with a failure", failed(500)),
    (Outcome.CRASH, "500 with an inventory", granted(500)),
    (Outcome.CRASH, "502 with a failure", failed(502)),
    (Outcome.CRASH, "503 with HTML", answered(503, HTML, content_type="text/html")),
    (Outcome.CRASH, "503 with error null", answered(503, {"error": None})),
    (Outcome.CRASH, "503 with an inventory", granted(503)),
    (Outcome.CRASH, "504 with a failure", failed(504)),
    (Outcome.CRASH, "500 with broken JSON", answered(500, b'{"error":')),
    (Outcome.CRASH, "500 of a job", job(500, b"oops")),
    (Outcome.CRASH, "dropped", troubled(TroubleKind.DROPPED)),
    (Outcome.CRASH, "not HTTP", troubled(TroubleKind.MALFORMED)),
    (Outcome.UNREADABLE, "200 with cut JSON", answered(200, b'{"inventory":{')),
    (Outcome.UNREADABLE, "503 with cut JSON", answered(503, b'{"error":{"code":')),
    (Outcome.UNREADABLE, "400 with text under a JSON label", answered(400, b"missing header")),
    (Outcome.SILENCE, "nothing at all", exchange()),
    *(
        (Outcome.SILENCE, str(kind), troubled(kind))
        for kind in TroubleKind
        if kind not in (TroubleKind.DROPPED, TroubleKind.MALFORMED)
    ),
    (Outcome.SILENCE, "cut short", troubled(TroubleKind.TRUNCATED, response(200, b'{"inven'))),
    (Outcome.SILENCE, "a gateway's answer", troubled(TroubleKind.GATEWAY, response(502, b"", content_type=None))),
    (Outcome.MISSHAPEN, "200 with {}", answered(200, {})),
    (Outcome.MISSHAPEN, "200 with both null", answered(200, {"error": None, "inventory": None})),
    (Outcome.MISSHAPEN, "200 with an empty inventory", answered(200, {"inventory": {}})),
    (Outcome.MISSHAPEN, "200 with a list for an inventory", answered(200, {"inventory": [inventory()]})),
    *((Outcome.MISSHAPEN, f"{status} with {{}}", answered(status, {})) for status in (201, 203, 299)),
    *((Outcome.STRAY, f"{status} with {{}}", answered(status, {})) for status in (199, 202, 300, 409)),
    (Outcome.UNTOLD, "a job that is gone", job(404, b"the job has been expired")),
    (Outcome.UNTOLD, "a job that is gone for good", job(410, b"")),
    (Outcome.STRAY, "200 with HTML", answered(200, HTML, content_type="text/html")),
    (Outcome.STRAY, "200 with nothing", answered(200, b"")),
    (Outcome.STRAY, "200 with a list", answered(200, [])),
    (Outcome.STRAY, "204", answered(204, b"", content_type=None)),
    (Outcome.STRAY, "302", answered(302, b"", content_type=None)),
    (Outcome.STRAY, "402 with text", answered(402, b"pay", content_type=TEXT)),
    (Outcome.STRAY, "409 with text", answered(409, b"no", content_type=TEXT)),
    (Outcome.STRAY, "499 with text", answered(499, b"no", content_type=TEXT)),
    (Outcome.STRAY, "202 without a job", answered(202, b"")),
)

ONE_OF_EACH: Final = tuple(
    {(kind, found.trouble is None): (kind, name, found) for kind, name, found in reversed(KINDS)}.values()
)
"""An answer of each kind, and one with trouble where there is such: for rules that share all of their judgement."""

NOT_JUDGED: Final = frozenset({Outcome.SILENCE, Outcome.UNREADABLE})
REFUSED: Final = frozenset({Outcome.FAILURE, Outcome.REJECTION})
ANSWERED: Final = frozenset({Outcome.GRANTED, *REFUSED})


def by_kind(
    judge: RuleFunction,
    holds: frozenset[Outcome],
    silence: frozenset[Outcome] = NOT_JUDGED,
    *,
    words: str = "",
    case: str = "",
    kinds: Kinds = KINDS,
    misshapen: bool = False,
    **facts: Any,
) -> list[Row]:
    """A row for each of `kinds`: it holds, is not judged, or breaks the rule. `facts` are put into each exchange."""
    # A rule that lets a success pass leaves a misshapen one to the clauses on the envelope, but for `misshapen`.
    lenient = Outcome.GRANTED in holds and Outcome.MISSHAPEN not in holds and not misshapen
    left = {Outcome.MISSHAPEN} if lenient else set()
    # A request whose outcome is never told breaks what asks for a success, and nothing else.
    left |= {Outcome.UNTOLD} if holds != {Outcome.GRANTED} else set()
    rows = []
    for outcome, name, found in kinds:
        one, called = replace(found, **facts), f"{name}{case}"
        if outcome in holds:
            rows.append(good(judge, called, one))
        elif outcome in silence | left:
            rows.append(silent(judge, called, one))
        else:
            rows.append(bad(judge, called, one, words=words, shows=one))
    return rows
