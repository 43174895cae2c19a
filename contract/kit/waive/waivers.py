"""Known deviations of a target, as data: each covers some violations of one clause, and says why.

Two-sided: a violation that no waiver covers breaks the contract, and so does a waiver that covers nothing
although what it speaks of was tried. Waivers act on violations, never on tests, so that a new violation of
the same clause is not swallowed with the known one.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from contract.kit.config import UsageError
from contract.kit.exchange import Exchange, Response
from contract.kit.judge import Register, Violation
from contract.kit.waive.draft import first_file

__all__ = ["FOLDER", "Waiver", "Where", "first_file", "load", "match", "reckon"]

FOLDER: Final = Path(__file__).parents[2] / "waivers"

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


@dataclass(frozen=True, slots=True)
class Where:
    """What narrows a waiver; all that is given has to hold, and a pattern is found anywhere in its text.

    `method` (any of them), `case` (what was tried, in words) and `request` (the body that was sent) are about
    the request. `status` (any of them) and `body` are about one answer: the first, or the one that its job
    ended with. `pointer` (any of them, RFC 6901), `expected` and `actual` are about the violation.
    """

    method: tuple[str, ...] = ()
    case: re.Pattern[str] | None = None
    request: re.Pattern[str] | None = None
    status: tuple[int, ...] = ()
    body: re.Pattern[str] | None = None
    pointer: tuple[str, ...] = ()
    expected: re.Pattern[str] | None = None
    actual: re.Pattern[str] | None = None

    def tried_by(self, exchange: Exchange) -> bool:
        """Whether the request is one that this speaks of."""
        sent = exchange.request
        return (
            (not self.method or sent.method in self.method)
            and _found(self.case, exchange.case)
            and _found(self.request, sent.body)
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


@dataclass(frozen=True, slots=True)
class Waiver:
    """One known deviation. `ticket`: where it is followed up; `review_by`: the last day before a new look."""

    clause: str
    reason: str
    ticket: str
    owner: str
    since: dt.date
    review_by: dt.date
    where: Where


def match(waivers: Iterable[Waiver], violation: Violation) -> Waiver | None:
    """The first waiver that covers the violation."""
    for waiver in waivers:
        if waiver.clause == violation.clause and waiver.where.covers(violation):
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
    waiver is stale when one of them tried what it speaks of, and it covered nothing.
    """
    rows = []
    for waiver in waivers:
        count = matched.get(waiver, 0)
        tried = any(waiver.where.tried_by(exchange) for exchange in judged.get(waiver.clause, ()))
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


def load(name: str, register: Register, folder: Path = FOLDER) -> tuple[Waiver, ...]:
    """Read a waiver file by its path, or by its name (without .toml) in `folder`. No entry at all is fine.

    Raises UsageError that names the file, the entry and the key.
    """
    path = _find(name, folder)
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not TOML: {error}") from None
    entries = content.pop("waiver", [])
    if content or not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        unknown = ", ".join(content) or "waiver"
        raise UsageError(f"{path}: {unknown}: a waiver file holds [[waiver]] entries and nothing else")
    waivers = tuple(_Entry(path, number, entry, register).waiver() for number, entry in enumerate(entries, 1))
    for number, waiver in enumerate(waivers, 1):
        first = [(one.clause, one.where) for one in waivers].index((waiver.clause, waiver.where)) + 1
        if first != number:
            raise UsageError(
                f"{path}: waiver {number} ({waiver.clause}): it covers the same as waiver {first}; remove one"
            )
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
    near = difflib.get_close_matches(name, known, 1)
    there = f"there is {', '.join(known) or 'none'}; a path ends in .toml"
    hint = f"did you mean {near[0]}?" if near else there
    raise UsageError(f"no waiver file of the name {name!r}: {hint}")


def _found(pattern: re.Pattern[str] | None, text: str | bytes) -> bool:
    if pattern is None:
        return True
    if isinstance(text, bytes):
        text = text[:READ_AT_MOST].decode("utf-8", "replace")
    return pattern.search(text) is not None


_KEYS: Final = frozenset(field.name for field in fields(Waiver))
_NARROWING: Final = frozenset(field.name for field in fields(Where))


class _Entry:
    """One [[waiver]] table, read strictly: a slip in it is told, never taken for a wider waiver."""

    def __init__(self, path: Path, number: int, entry: dict[str, Any], register: Register) -> None:
        clause = entry.get("clause")
        self.place = f"{path}: waiver {number}" + (f" ({clause})" if isinstance(clause, str) else "")
        self.entry = entry
        self.register = register

    def waiver(self) -> Waiver:
        self.only(self.entry, _KEYS, "")
        since, review_by = self.date("since"), self.date("review_by")
        if review_by < since:
            raise self.error("review_by", f"{review_by} is before since, {since}")
        return Waiver(
            clause=self.clause(),
            reason=self.text("reason"),
            ticket=self.text("ticket"),
            owner=self.text("owner"),
            since=since,
            review_by=review_by,
            where=self.where(),
        )

    def clause(self) -> str:
        clause = self.text("clause")
        if clause not in self.register:
            near = difflib.get_close_matches(clause, [row.id for row in self.register.clauses], 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise self.error("clause", f"there is no such clause{hint}")
        if self.register[clause].excluded:
            raise self.error("clause", "it is not tested, so there is nothing to waive")
        return clause

    def where(self) -> Where:
        table = self.entry.get("where", {})
        if not isinstance(table, dict) or ("where" in self.entry and not table):
            raise self.error("where", "not a table, or empty; leave it out to cover the whole clause")
        self.only(table, _NARROWING, "where.")
        found: dict[str, Any] = {}
        for key in ("case", "request", "body", "expected", "actual"):
            if key in table:
                found[key] = self.pattern(table, key)
        for key, kind in (("method", str), ("pointer", str), ("status", int)):
            if key in table:
                found[key] = self.several(table, key, kind)
        return Where(**found)

    def pattern(self, table: dict[str, Any], key: str) -> re.Pattern[str]:
        text = table[key]
        if not isinstance(text, str) or not text:
            raise self.error(f"where.{key}", "not a string, or empty")
        try:
            return re.compile(text)
        except re.error as error:
            raise self.error(f"where.{key}", f"not a regular expression: {error}") from None

    def several(self, table: dict[str, Any], key: str, kind: type) -> tuple[Any, ...]:
        values: Sequence[Any] = table[key] if isinstance(table[key], list) else [table[key]]
        if not values or not all(type(value) is kind for value in values):
            wanted = "number" if kind is int else "string"
            raise self.error(f"where.{key}", f"not a {wanted} or a list of them")
        return tuple(values)

    def text(self, key: str) -> str:
        value = self.entry.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(key, "missing, empty, or not a string")
        return value

    def date(self, key: str) -> dt.date:
        value = self.entry.get(key)
        # A TOML date-time is a date to Python as well; a day is meant.
        if type(value) is not dt.date:
            raise self.error(key, "missing, or not a date such as 2030-01-31, without quotes")
        return value

    def only(self, table: dict[str, Any], known: frozenset[str], prefix: str) -> None:
        for key in table:
            if key not in known:
                near = difflib.get_close_matches(key, sorted(known), 1)
                hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}"
                raise self.error(f"{prefix}{key}", f"there is no such key; {hint}")

    def error(self, key: str, message: str) -> UsageError:
        return UsageError(f"{self.place}: {key}: {message}")
