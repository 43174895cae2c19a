"""Known deviations of a target, as data: each covers some violations of one clause, and says why.

Two-sided: a violation that no waiver covers breaks the contract, and so does a waiver that covers nothing
although what it speaks of was tried. Waivers act on violations, never on tests, so that a new violation of
the same clause is not swallowed with the known one.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from contract.kit.config import NIGHTLY, OneOrMore, Table, Text, UsageError, WrongError, field, near, read_toml
from contract.kit.exchange import Exchange, Expect, Response
from contract.kit.judge import Register, Violation

__all__ = ["SHIPPED", "Waiver", "Where", "load", "match", "reckon"]

SHIPPED: Final = Path(__file__).parents[2] / "waivers"

READ_AT_MOST: Final = 65_536
"""Bytes of a body that a pattern is looked for in."""


@dataclass(frozen=True, slots=True)
class WaiverRow:
    clause: str
    reason: str
    ticket: str
    owner: str
    since: str
    review_by: str
    matched: int
    state: str
    """"used", "stale" (its clause was exercised and nothing matched), "not exercised"."""
    past_review: bool = False

    def fails(self, depth: str) -> str:
        """Why the waiver ends a run with status 1: "stale" or "past its review date"; empty where it does not.

        A review date that has passed counts in a nightly run alone, which is there to be looked at.
        """
        if self.state == "stale":
            return self.state
        return "past its review date" if self.past_review and depth == NIGHTLY else ""


class Where(Table, frozen=True):
    """What narrows a waiver; all that is given has to hold, and a pattern is found anywhere in its text.

    `method` (any of them), `case` (what was tried, in words), `request` (the body that was sent) and `expect` (what
    the contract promises for it, any of them) are about the request. `status` (any of them) and `body` are about one
    answer: the first, or the one that its job ended with. `pointer` (any of them, RFC 6901), `expected` and `actual`
    are about the violation.
    """

    method: OneOrMore[Text] = OneOrMore()
    case: re.Pattern[str] | None = None
    request: re.Pattern[str] | None = None
    expect: OneOrMore[Expect] = OneOrMore()
    status: OneOrMore[int] = OneOrMore()
    body: re.Pattern[str] | None = None
    pointer: OneOrMore[Text] = OneOrMore()
    expected: re.Pattern[str] | None = None
    actual: re.Pattern[str] | None = None

    def __post_init__(self) -> None:
        if not any(getattr(self, name) for name in self.__struct_fields__):
            raise WrongError("", "empty; leave it out to cover the whole clause")

    def tried_by(self, exchange: Exchange) -> bool:
        """Return True if the request is one that this speaks of."""
        sent = exchange.request
        return (
            (not self.method or sent.method in self.method)
            and _found(self.case, exchange.case)
            and _found(self.request, sent.body)
            and (not self.expect or exchange.expect in self.expect)
        )

    def covers(self, violation: Violation) -> bool:
        return (
            self.tried_by(violation.exchange)
            and self._answered_by(violation.exchange)
            and (not self.pointer or violation.pointer in self.pointer)
            and _found(self.expected, violation.expected)
            and _found(self.actual, violation.actual)
        )

    def _answered_by(self, exchange: Exchange) -> bool:
        if not self.status and self.body is None:
            return True
        answers = (exchange.response, exchange.settled)
        return any(answer is not None and self._is(answer) for answer in answers)

    def _is(self, answer: Response) -> bool:
        return (not self.status or answer.status in self.status) and _found(self.body, answer.body)


class Waiver(Table, frozen=True):
    """One known deviation. `ticket`: where it is followed up; `review_by`: the last day before a new look.

    `only_where` tells, in words, what else has to hold of the target for it to show, such as a module that is not
    installed: an entry that has it may cover nothing and is not stale.
    """

    clause: Text
    reason: Text
    ticket: Text
    owner: Text
    since: dt.date
    review_by: dt.date
    where: Where | None = None
    """None: the whole clause."""
    only_where: Text | None = None

    def __post_init__(self) -> None:
        if self.review_by < self.since:
            raise WrongError("review_by", f"{self.review_by} is before since, {self.since}")

    def tried_by(self, exchange: Exchange) -> bool:
        """Return True if the request is one that this speaks of."""
        return self.where is None or self.where.tried_by(exchange)

    def covers(self, violation: Violation) -> bool:
        return violation.clause == self.clause and (self.where is None or self.where.covers(violation))


class _File(Table, frozen=True):
    waiver: list[Waiver] = field(default_factory=list)


def match(waivers: Iterable[Waiver], violation: Violation) -> Waiver | None:
    """The first waiver that covers the violation."""
    for waiver in waivers:
        if waiver.covers(violation):
            return waiver
    return None


def reckon(
    waivers: Iterable[Waiver],
    matched: Mapping[Waiver, int],
    judged: Mapping[str, Iterable[Exchange]],
    today: dt.date,
) -> list[WaiverRow]:
    """A row a waiver: used, stale or not exercised, and whether it is past its review.

    `matched`: how many violations each covered. `judged`: the exchanges by which each clause was judged; a
    waiver is stale when one of them tried what it speaks of, and it covered nothing, unless it holds only somewhere.
    """
    rows = []
    for waiver in waivers:
        count = matched.get(waiver, 0)
        told = waiver.only_where is None
        tried = told and any(waiver.tried_by(exchange) for exchange in judged.get(waiver.clause, ()))
        rows.append(
            WaiverRow(
                clause=waiver.clause,
                reason=waiver.reason,
                ticket=waiver.ticket,
                owner=waiver.owner,
                since=waiver.since.isoformat(),
                review_by=waiver.review_by.isoformat(),
                matched=count,
                state="used" if count else "stale" if tried else "not exercised",
                past_review=today > waiver.review_by,
            )
        )
    return rows


def load(name: str, register: Register, folder: Path = SHIPPED) -> tuple[Waiver, ...]:
    """Read a waiver file by its path, or by its name (without .toml) in `folder`.

    Raises UsageError that names the file, the entry and the key, and for a file without any entry.
    """
    path = _find(name, folder)
    waivers = tuple(read_toml(path, _File).waiver)
    if not waivers:
        raise UsageError(f"{path}: it holds no [[waiver]]; add one, or leave --waivers out")
    for number, waiver in enumerate(waivers, 1):
        place = f"{path}: waiver {number} ({waiver.clause})"
        if waiver.clause not in register:
            known = [row.id for row in register.clauses]
            raise UsageError(f"{place}: clause: there is no such clause{near(waiver.clause, known)}")
        if register[waiver.clause].excluded:
            raise UsageError(f"{place}: clause: it is not tested, so there is nothing to waive")
        first = [(one.clause, one.where) for one in waivers].index((waiver.clause, waiver.where)) + 1
        if first != number:
            raise UsageError(f"{place}: it covers the same as waiver {first}; remove one")
    return waivers


def _find(name: str, folder: Path) -> Path:
    path = Path(name)
    if path.suffix == ".toml" or path.name != name:
        if path.is_file():
            return path
        raise UsageError(f"waiver file {name}: no such file")
    known = sorted(file.stem for file in folder.glob("*.toml"))
    if name in known:
        return folder / f"{name}.toml"
    hint = near(name, known) or f"; there is {', '.join(known) or 'none'}; a path ends in .toml"
    raise UsageError(f"no waiver file of the name {name!r}{hint}")


def _found(pattern: re.Pattern[str] | None, text: str | bytes) -> bool:
    if pattern is None:
        return True
    if isinstance(text, bytes):
        text = text[:READ_AT_MOST].decode("utf-8", "replace")
    return pattern.search(text) is not None
