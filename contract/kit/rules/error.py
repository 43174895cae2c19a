"""ERR: what holds for every error and every cause under it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from contract.kit.exchange import Exchange, Expect
from contract.kit.rules.envelope import kind_of
from contract.kit.rules.register import Finding, Over, rule
from contract.kit.violation import Violation

CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*\.[0-9]+")
DEEPEST_CHAIN: Final = 32
WALKED: Final = 1_000
"""Links of a chain whose members are judged; a longer one has broken its own clause long before."""


class Link(NamedTuple):
    """One error of a chain: the error itself first, its cause next."""

    error: dict[str, Any]
    pointer: str


def chain(exchange: Exchange, most: int = WALKED) -> Iterator[Link]:
    """The error of an answer and the causes under it, as far as they have the shape of an error."""
    error: Any = exchange.error or None
    pointer = "/error"
    for _ in range(most):
        if not is_error(error):
            return
        yield Link(error, pointer)
        error, pointer = error.get("cause"), f"{pointer}/cause"


def is_error(value: object) -> bool:
    """An object that names at least one member of an error, and is not an envelope."""
    if not isinstance(value, dict):
        return False
    return any(name in value for name in ("code", "description", "details"))


def _each(clause: str, exchange: Exchange, members: dict[str, tuple[type, ...]], expected: str) -> Finding:
    """Every named member of every link is of one of its types (`type(None)`: it may be null or absent)."""
    links = list(chain(exchange))
    if not links:
        return None
    return [
        Violation(clause, f"`{name}` is {expected}", _said(name, link.error), exchange, f"{link.pointer}/{name}")
        for link in links
        for name, types in members.items()
        if not isinstance(link.error.get(name), types)
    ]


def _said(name: str, error: dict[str, Any]) -> str:
    if error.get(name) is None:
        return f"`{name}` is {'null' if name in error else 'absent'}"
    return f"`{name}` is {kind_of(error[name])}"


@rule("ERR-001", Over.EVERY)
def code_is_letters_dots_and_a_number(exchange: Exchange) -> Finding:
    links = list(chain(exchange))
    if not links:
        return None
    expected = "`code` is a string like SYS.1000 or HOST.1001"
    return [
        Violation("ERR-001", expected, _said("code", link.error), exchange, f"{link.pointer}/code")
        for link in links
        if not (isinstance(code := link.error.get("code"), str) and CODE.fullmatch(code))
    ]


@rule("ERR-002", Over.EVERY)
def description_and_details_are_strings(exchange: Exchange) -> Finding:
    return _each("ERR-002", exchange, {"description": (str,), "details": (str,)}, "a string")


@rule("ERR-003", Over.EVERY)
def elaboration_is_null_or_a_string(exchange: Exchange) -> Finding:
    return _each("ERR-003", exchange, {"elaboration": (str, type(None))}, "null or a string")


@rule("ERR-003", Over.EVERY)
def opaque_is_null_or_an_object(exchange: Exchange) -> Finding:
    return _each("ERR-003", exchange, {"opaque": (dict, type(None))}, "null or an object")


@rule("ERR-004", Over.EVERY)
def cause_is_null_or_an_error(exchange: Exchange) -> Finding:
    links = list(chain(exchange))
    if not links:
        return [] if exchange.error is not None else None
    last = links[-1]
    cause = last.error.get("cause")
    if cause is None or is_error(cause):
        return []
    said = kind_of(cause)
    if isinstance(cause, dict) and cause:
        said = "an object with " + ", ".join(f"`{name[:40]}`" for name in list(cause)[:4])
    expected = "`cause` is null or an error of its own"
    return [Violation("ERR-004", expected, f"`cause` is {said}", exchange, f"{last.pointer}/cause")]


@rule("ERR-005", Over.EVERY)
def chain_of_causes_ends(exchange: Exchange) -> Finding:
    links = list(chain(exchange, DEEPEST_CHAIN + 2))
    if not links:
        return None
    if len(links) > DEEPEST_CHAIN + 1:
        expected = f"at most {DEEPEST_CHAIN} causes under an error"
        return [Violation("ERR-005", expected, f"more than {DEEPEST_CHAIN}", exchange, links[-1].pointer)]
    seen: dict[tuple[str, ...], str] = {}
    for link in links:
        words = [link.error.get(name) for name in ("code", "description", "details")]
        if not all(isinstance(word, str) for word in words):
            continue
        key = tuple(str(word) for word in words)
        if key in seen:
            expected = "no error stands twice in the chain"
            actual = f"{key[0]} at {link.pointer} is the error at {seen[key]} again"
            return [Violation("ERR-005", expected, actual, exchange, link.pointer)]
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
            violations.append(Violation("ERR-006", expected, actual, exchange, "/error/code", beside=(earlier,)))
    return violations if compared else None


STACK_TRACE: Final = re.compile(
    r"\bat [\w.$<>]+\([\w$]+\.(?:java|groovy|kt|scala):\d+\)"
    r"|Traceback \(most recent call last\)"
    r"|\bFile \"[^\"\n]+\", line \d+"
    r"|\bgoroutine \d+ \["
    r"|^\s*at .+ \(.+:\d+:\d+\)$"
    r"|^\s*at [\w.$<>]+\((?:Native Method|Unknown Source)\)",
    re.MULTILINE,
)
SQL: Final = re.compile(
    r"\bselect\b[^;\n]{1,200}\bfrom\s+[\w`\"\[.]+"
    r"|\binsert\s+into\s+[\w`\"\[.]+"
    r"|\bupdate\s+[\w`\"\[.]+\s+set\s"
    r"|\bdelete\s+from\s+[\w`\"\[.]+"
    r"|\bSQLSTATE\b|\bSQLSyntaxErrorException\b|\berror in your SQL syntax\b",
    re.IGNORECASE,
)


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
                violations.append(Violation("ERR-007", expected, actual, exchange, pointer))
    return violations


def _inner_workings(text: str, exchange: Exchange) -> tuple[str, str] | None:
    for what, pattern in (("a stack trace", STACK_TRACE), ("SQL", SQL)):
        for match in pattern.finditer(text[:20_000]):
            if not _was_sent(match[0], exchange):
                return what, match[0].strip()
    return None


def _was_sent(fragment: str, exchange: Exchange) -> bool:
    """An echo of what the request itself carried shows nothing of the server's inside."""
    request = exchange.request
    sent = unquote(request.target) + request.body.decode("utf-8", "replace")
    sent += "".join(value for _, value in request.headers)
    return fragment.strip().casefold() in sent.casefold()
