"""From evidence to what a reader is shown: violations grouped, the smallest exchange of each group, cut to size."""

from __future__ import annotations

import base64
import codecs
import heapq
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from contract.kit.exchange import NOTHING, Exchange, Expect, Headers, Response, curl, outcome
from contract.kit.judge import Entry, Violation
from contract.kit.judge.rules.error import chain
from contract.kit.shortened import shortened
from contract.kit.verdict.results import ExchangeRow, Message, ViolationRow
from contract.kit.waive import Waiver

LONGEST_BODY: Final = 8_192
"""Bytes of a body that are shown."""
LONGEST_HEADER: Final = 1_024
MOST_GROUPS: Final = 6
MOST_KEPT: Final = 100
"""Groups that are told apart while they come; what is of yet another kind is put together."""
MOST_CAUSES: Final = 40
MOST_BESIDE: Final = 2
_COOKIE: Final = re.compile(r"^\s*([^=;]+)=[^;]*")
"""What a target's cookie says may be a session of its own: its name is shown, and its attributes."""
FIRST: Final = 64
"""Exchanges that a sample is chosen from."""


def violation_rows(
    entries: Iterable[Entry], base_url: str, causes: Mapping[tuple[str, int], str] = NOTHING
) -> tuple[list[ViolationRow], dict[Waiver, int]]:
    """The violations of one clause in groups of one kind, uncovered ones first, and what each waiver covered.

    `causes`: isolated ones, by the rule's name and the number of the exchange that is shown.
    """
    groups = Groups.of(entries)
    return groups.rows(base_url, causes), groups.matched


@dataclass(slots=True)
class _Group:
    rule: str
    smallest: Violation
    waiver: Waiver | None
    count: int = 1


class Groups:
    """The violations of one clause in groups of one kind, as they come: of each the smallest, and how many.

    What befell a good request stands before what befell another. Of one kind: told by the same rule, at the same
    place, of answers with the same status and code.
    """

    def __init__(self) -> None:
        self.matched: dict[Waiver, int] = {}
        """How many violations each waiver covered."""
        self._groups: dict[tuple[object, ...], _Group] = {}

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Groups:
        groups = cls()
        for entry in entries:
            groups.add(entry)
        return groups

    def shown(self) -> list[tuple[str, Violation]]:
        """The rule and the violation of each kind that is shown and that no waiver covers."""
        return [(group.rule, group.smallest) for group in self._ordered() if group.waiver is None]

    def add(self, entry: Entry) -> None:
        name, violation, waiver = entry
        if waiver is not None:
            self.matched[waiver] = self.matched.get(waiver, 0) + 1
        key = (waiver, name, *_kind(violation))
        if key not in self._groups and len(self._groups) >= MOST_KEPT:
            key = (waiver, name)
        group = self._groups.get(key)
        if group is None:
            self._groups[key] = _Group(name, violation, waiver)
            return
        group.count += 1
        if _plainer(violation) < _plainer(group.smallest):
            group.smallest = violation

    def rows(self, base_url: str, causes: Mapping[tuple[str, int], str] = NOTHING) -> list[ViolationRow]:
        """A row a group, uncovered ones first, the largest group first."""
        return [_row(group, base_url, causes) for group in self._ordered()]

    def _ordered(self) -> list[_Group]:
        ordered = sorted(
            self._groups.values(),
            key=lambda group: (group.waiver is not None, not _is_good(group.smallest), -group.count),
        )
        uncovered = [group for group in ordered if group.waiver is None][:MOST_GROUPS]
        return uncovered + [group for group in ordered if group.waiver is not None][:MOST_GROUPS]


def _is_good(violation: Violation) -> bool:
    """Return True for what befell a good request: it shows more than a bad one that met the same."""
    return violation.exchange.expect is Expect.SUCCESS


def _plainer(violation: Violation) -> tuple[object, ...]:
    return (not _is_good(violation), violation.exchange.size)


def _kind(violation: Violation) -> tuple[object, ...]:
    answer = violation.exchange.answer
    pointer = violation.pointer.replace("/cause", "", violation.pointer.count("/cause") - 1)
    return (pointer, answer.status if answer is not None else None, violation.exchange.code is None)


def _row(group: _Group, base_url: str, isolated: Mapping[tuple[str, int], str]) -> ViolationRow:
    violation, waiver = group.smallest, group.waiver
    exchange = violation.exchange
    return ViolationRow(
        expected=violation.expected,
        actual=violation.actual,
        pointer=violation.pointer,
        exchange=exchange_row(exchange),
        curl=curl(exchange.request, base_url),
        count=group.count,
        causes=causes(exchange),
        beside=[exchange_row(other) for other in violation.beside[:MOST_BESIDE]],
        waiver=waiver.ticket if waiver is not None else None,
        status=exchange.answer.status if exchange.answer is not None else None,
        code=_code(exchange),
        rule=group.rule,
        good=_is_good(violation),
        isolated=isolated.get((group.rule, exchange.number), ""),
    )


def sample_row(clause: str, judged: Iterable[int], traffic: Mapping[int, Exchange]) -> ExchangeRow | None:
    """A plain one to show of the exchanges that were judged (by number), from the clause's own tests where possible.

    It is one of the first, so that a long run need not be searched.
    """
    first = [traffic[number] for number in heapq.nsmallest(FIRST, judged) if number in traffic]
    if not first:
        return None
    return exchange_row(min(first, key=lambda one: (one.clause != clause, one.size)))


def causes(exchange: Exchange) -> list[str]:
    """The error and its causes, a line a level, outermost first."""
    lines = []
    for link in chain(exchange, MOST_CAUSES):
        code, description = link.error.get("code"), link.error.get("description")
        lines.append(f"{_short(code)} {_short(description)}".strip())
    return lines


def _code(exchange: Exchange) -> str:
    """The error's own code, where it is a text."""
    error = exchange.answer.error if exchange.answer is not None else None
    return _short(code) if error is not None and isinstance(code := error.get("code"), str) else ""


def _short(value: object) -> str:
    text = value if isinstance(value, str) else "" if value is None else type(value).__name__
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return shortened(text, 160)


def exchange_row(exchange: Exchange) -> ExchangeRow:
    request = exchange.request
    return ExchangeRow(
        number=exchange.number,
        request=_message(f"{request.method} {_cut(request.target)}", request.headers, request.body),
        response=_answer(exchange.response),
        job=_answer(exchange.settled),
        trouble=f"{exchange.trouble.kind}: {exchange.trouble.detail}" if exchange.trouble is not None else None,
        trouble_kind=exchange.trouble.kind.value if exchange.trouble is not None else None,
        case=exchange.case,
        expect=exchange.expect.value,
        scope=exchange.scope.value,
        outcome=outcome(exchange).value,
    )


def _answer(response: Response | None) -> Message | None:
    if response is None:
        return None
    line = f"HTTP {response.status}"
    return replace(
        _message(line, response.headers, response.body), elapsed=round(response.elapsed, 4), status=response.status
    )


def _header(name: str, value: str) -> str:
    return _COOKIE.sub(r"\1=…", value) if name.lower() == "set-cookie" else value


def _message(line: str, headers: Headers, body: bytes) -> Message:
    shown = [(name, _cut(_header(name, value))) for name, value in headers]
    shortened = body[:LONGEST_BODY]
    try:
        # A character that the cut has halved is no sign of another encoding.
        text = codecs.getincrementaldecoder("utf-8")().decode(shortened, final=len(body) <= LONGEST_BODY)
        return Message(line, shown, text, "text", len(body))
    except UnicodeDecodeError:
        return Message(line, shown, base64.b64encode(shortened).decode(), "base64", len(body))


def _cut(value: str) -> str:
    if len(value) <= LONGEST_HEADER:
        return value
    return f"{value[:LONGEST_HEADER]}… ({len(value):,} characters)"
