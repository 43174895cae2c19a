"""ERR: what holds for every error and every cause under it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from contract.kit.exchange import Exchange, Expect, Outcome, Promises, outcome
from contract.kit.judge.described import error_forms
from contract.kit.judge.rules.envelope import type_words
from contract.kit.judge.rules.registry import Finding, Over, rule
from contract.kit.judge.violation import Violation

DEEPEST_CHAIN: Final = 32
WALKED: Final = 100
"""Links of a chain whose members are judged; a longer one has broken its own clause long before."""


class Link(NamedTuple):
    """One error of a chain: the error itself first, its cause next."""

    error: dict[str, Any]
    pointer: str


def chain(exchange: Exchange, most: int = WALKED) -> Iterator[Link]:
    """The error of an answer, whatever is in it, and the causes under it as far as they are errors too."""
    error: Any = exchange.error
    pointer = "/error"
    if not error:
        return  # that `{}` is not an error is the envelope's clause
    for _ in range(most):
        yield Link(error, pointer)
        error, pointer = error.get("cause"), f"{pointer}/cause"
        if not is_error(error, exchange.promises):
            return


def is_error(value: object, promises: Promises) -> bool:
    """An object that names at least one member that each error has: an envelope does not."""
    return isinstance(value, dict) and any(name in value for name in promises.telling)


def _flaws(exchange: Exchange, links: Sequence[Link], *names: str) -> list[Violation]:
    forms = error_forms(exchange.promises)
    return [
        Violation(f"`{name}` is {forms[name].words}", _said(name, link.error), exchange, f"{link.pointer}/{name}")
        for link in links
        for name in names
        if name in forms and not forms[name].fits(link.error.get(name))
    ]


def _said(name: str, error: dict[str, Any]) -> str:
    if error.get(name) is None:
        return f"`{name}` is {'null' if name in error else 'absent'}"
    return f"`{name}` is {type_words(error[name])}"


def _each(exchange: Exchange, *names: str) -> Finding:
    """Those members of the error and of every cause are what they have to be."""
    links = list(chain(exchange))
    return _flaws(exchange, links, *names) if links else None


@rule("ERR-001", Over.EVERY)
def code_is_dotted_words_and_a_number(exchange: Exchange) -> Finding:
    return _each(exchange, "code")


@rule("ERR-002", Over.EVERY)
def description_and_details_are_strings(exchange: Exchange) -> Finding:
    return _each(exchange, "description", "details")


@rule("ERR-003", Over.EVERY)
def elaboration_is_null_or_a_string(exchange: Exchange) -> Finding:
    return _each(exchange, "elaboration")


@rule("ERR-003", Over.EVERY)
def opaque_is_null_or_an_object(exchange: Exchange) -> Finding:
    return _each(exchange, "opaque")


@rule("ERR-004", Over.EVERY)
def cause_is_null_or_an_error(exchange: Exchange) -> Finding:
    """A cause obeys what the clauses before this one ask of an error, so a flaw in it breaks both."""
    links = list(chain(exchange))
    if not links:
        return None
    violations = _flaws(exchange, links[1:], *error_forms(exchange.promises))
    last = links[-1]
    cause = last.error.get("cause")
    if cause is not None and not is_error(cause, exchange.promises):
        said = type_words(cause)
        if isinstance(cause, dict) and cause:
            said = "an object with " + ", ".join(f"`{name[:40]}`" for name in list(cause)[:4])
        expected = "`cause` is null or an error of its own"
        violations.append(Violation(expected, f"`cause` is {said}", exchange, f"{last.pointer}/cause"))
    return violations


@rule("ERR-005", Over.EVERY)
def chain_of_causes_ends(exchange: Exchange) -> Finding:
    links = list(chain(exchange, DEEPEST_CHAIN + 2))
    if not links:
        return None
    if len(links) > DEEPEST_CHAIN + 1:
        expected = f"at most {DEEPEST_CHAIN} causes under an error"
        return [Violation(expected, f"more than {DEEPEST_CHAIN}", exchange, links[-1].pointer)]
    seen: dict[tuple[str, ...], str] = {}
    for link in links:
        words = [link.error.get(name) for name in exchange.promises.telling]
        if not all(isinstance(word, str) for word in words):
            continue
        key = tuple(str(word) for word in words)
        if key in seen:
            expected = "no error stands twice in the chain"
            actual = f"{key[0]} at {link.pointer} is the error at {seen[key]} again"
            return [Violation(expected, actual, exchange, link.pointer)]
        seen[key] = link.pointer
    return []


@rule("ERR-006", Over.TRAFFIC)
def same_failing_request_gives_the_same_code(exchanges: Sequence[Exchange]) -> Finding:
    first: dict[object, Exchange] = {}
    compared = False
    violations = []
    for exchange in exchanges:
        code = exchange.code
        if exchange.expect is not Expect.REFUSAL or exchange.side_by_side or code is None:
            continue
        earlier = first.setdefault(exchange.request, exchange)
        if earlier is exchange:
            continue
        compared = True
        if earlier.code != code:
            expected = f"the code {earlier.code}, as the same request got before"
            actual = f"the code {code}"
            violations.append(Violation(expected, actual, exchange, "/error/code", beside=(earlier,)))
    return violations if compared else None


MOST_TEXT: Final = 20_000
"""Characters of a text that are searched."""
STACK_TRACE: Final = re.compile(
    r"\bat [\w.$<>/@-]{1,300}\((?:[\w$-]{1,100}\.(?:java|groovy|kt|scala):\d+|Native Method|Unknown Source)\)"
    r"|Traceback \(most recent call last\):"
    r"|\bFile \"[^\"\n]{1,300}\", line \d+, in \S"
    r"|\bgoroutine \d+ \["
    r"|^[ \t]*at .{1,200} \(.{1,200}:\d+:\d+\)$"
    r"|^[ \t]*at \S{1,200}\.[cm]?[jt]s:\d+:\d+$"
    r"|^[ \t]*at .{1,200}\) in .{1,200}:line \d+",
    re.MULTILINE,
)
"""Frames of the JVM, Python, Go, JavaScript and .NET."""
_NAME: Final = r"[\w`\"\[\].]{1,120}"
_COMPARED: Final = rf"where\s+{_NAME}\s*(?:=|<|>|!=|in\s*\(|like\s+')"
_CALL: Final = r"(?:count|min|max|sum|avg|coalesce|concat)\s?\([^()\n]{0,80}\)"
_FIRST: Final = rf"(?:\*|{_CALL}|[\w`\"]{{1,60}}\.[\w`\"*]{{1,60}}|[\w`\"]{{1,60}}(?=\s{{0,9}}(?:,|as\s)))"
_COLUMN: Final = rf"(?:{_CALL}|[\w`\"*.]{{1,120}})"
_AS: Final = r"(?:\s+as\s+[\w`\"]{1,60})?"
_TABLE: Final = rf"(?!(?i:an?|any|all|each|it|its|one|our|some|that|the|their|them|these|this|those|your)\b){_NAME}"
SQL: Final = re.compile(
    rf"\bSELECT\b[^;\n]{{1,200}}\bFROM\s+{_TABLE}"
    rf"|\bINSERT\s+INTO\s+{_TABLE}|\bDELETE\s+FROM\s+{_TABLE}|\b(?:CREATE|ALTER|DROP)\s+TABLE\s+{_TABLE}"
    rf"|(?i:(?<!please )\bselect\s+(?:distinct\s+)?{_FIRST}{_AS}(?:\s*,\s*{_COLUMN}{_AS}){{0,80}}\s+from\s+{_TABLE})"
    rf"|(?i:\bselect\b[^;\n]{{1,200}}\bfrom\s+{_TABLE}\s+(?:\w+\s+)?(?:{_COMPARED}|order\s+by\b|limit\s+\d))"
    rf"|(?i:\binsert\s+into\s+{_NAME}\s*(?:\(|values\b|select\b))"
    rf"|(?i:\bupdate\s+{_NAME}\s+(?:\w+\s+)?set\s+{_NAME}\s*=)"
    rf"|(?i:\bdelete\s+from\s+{_NAME}\s+(?:\w+\s+)?{_COMPARED})"
    r"|\bSQLSTATE\b|\b\w{0,40}SQL\w{0,40}Exception\b|\berror in your SQL syntax\b",
)
"""Statements. In lower case `select … from …` and the like are English too, so more of the statement is asked for."""


@rule("ERR-007", Over.EVERY)
def description_and_details_carry_no_stack_trace_and_no_sql(exchange: Exchange) -> Finding:
    links = list(chain(exchange))
    if not links:
        return None
    violations = []
    for link in links:
        for name in ("description", "details"):
            text = link.error.get(name)
            found = _inner_workings(text, exchange) if isinstance(text, str) else None
            if found is not None:
                what, match = found
                actual = f"`{name}` carries {what}: {match[:80]}"
                expected = f"no stack trace and no SQL in `{name}`"
                pointer = f"{link.pointer}/{name}"
                violations.append(Violation(expected, actual, exchange, pointer))
    return violations


@rule("ERR-007", Over.EVERY)
def rejection_carries_no_stack_trace_and_no_sql(exchange: Exchange) -> Finding:
    if outcome(exchange) is not Outcome.REJECTION or exchange.answer is None:
        return None
    found = _inner_workings(exchange.answer.body[:MOST_TEXT].decode("utf-8", "replace"), exchange)
    if found is None:
        return []
    what, match = found
    actual = f"the text carries {what}: {match[:80]}"
    return [Violation("no stack trace and no SQL in the text of a rejection", actual, exchange)]


def _inner_workings(text: str, exchange: Exchange) -> tuple[str, str] | None:
    for what, pattern in (("a stack trace", STACK_TRACE), ("SQL", SQL)):
        for match in pattern.finditer(text[:MOST_TEXT]):
            if not _was_sent(match[0], exchange):
                return what, match[0].strip()
    return None


def _was_sent(fragment: str, exchange: Exchange) -> bool:
    """An echo of what the request itself carried shows nothing of the server's inside."""
    request = exchange.request
    sent = unquote(request.target) + request.body.decode("utf-8", "replace")
    sent += "".join(value for _, value in request.headers)
    return fragment.strip().casefold() in sent.casefold()
