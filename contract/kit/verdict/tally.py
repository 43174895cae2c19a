"""What a run, or a part of one, found: as plain data that parts can be put together from, and the rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from contract.kit.exchange import LONGEST, is_plain
from contract.kit.judge import Clause, Register
from contract.kit.verdict import answers as kinds
from contract.kit.verdict.answers import VALUES
from contract.kit.verdict.latency import slowest
from contract.kit.verdict.results import (
    Answers,
    ClauseRow,
    ExchangeRow,
    Latency,
    Load,
    State,
    ViolationRow,
)
from contract.kit.waive import WaiverRow

UNSELECTED = "no test of it was selected"
_WAIVERS = ("used", "stale", "not exercised")
NO_WITNESS = "no good request succeeded in this run, so that nothing is shown by a pass"


@dataclass
class ClausePart:
    """What one process found of a clause."""

    judged: int = 0
    violations: list[ViolationRow] = field(default_factory=list)
    tests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    inapplicable: list[str] = field(default_factory=list)
    unjudged: list[str] = field(default_factory=list)
    unanswered: str = ""
    """What a request of its tests met in place of an answer, where nothing was judged."""
    asked: bool = False
    """A test of it had the whole traffic judged."""
    sample: ExchangeRow | None = None
    """An exchange that was judged; of the first process that has one."""

    def add(self, other: ClausePart) -> None:
        self.judged += other.judged
        for row in other.violations:
            self._add_violation(row)
        self.tests = sorted({*self.tests, *other.tests})
        self.errors += other.errors
        self.inapplicable += other.inapplicable
        self.unjudged += other.unjudged
        self.unanswered = self.unanswered or other.unanswered
        self.asked = self.asked or other.asked
        self.sample = self.sample or other.sample

    def _add_violation(self, row: ViolationRow) -> None:
        """Rows of one kind are one row: counted together, the smaller exchange shown."""
        for at, mine in enumerate(self.violations):
            if row_kind(mine) == row_kind(row):
                smaller = min(mine, row, key=row_size)
                self.violations[at] = replace(
                    smaller, count=mine.count + row.count, isolated=smaller.isolated or mine.isolated or row.isolated
                )
                return
        self.violations.append(row)


def row_kind(row: ViolationRow) -> tuple[object, ...]:
    """What rows of the same kind share, whatever values their words name."""
    pointer = re.sub(r"(/cause)+", "/cause", row.pointer)
    return (row.waiver, pointer, row.status, VALUES.sub("…", row.expected))


def row_size(row: ViolationRow) -> tuple[bool, bool, int, int]:
    """How hard the exchange of a row is to read, as `Exchange.size` tells it of an exchange."""
    request, answer = row.exchange.request, row.exchange.answer
    sides = [side for side in (request, answer) if side is not None]
    plain = all(side.encoding == "text" and side.size <= LONGEST for side in sides) and is_plain(
        [request.line, *(value for _, value in request.headers)], [side.body for side in sides]
    )
    sent = len(request.line) + request.size + sum(len(name) + len(value) for name, value in request.headers)
    return (row.exchange.expect != "success", not plain, sent, answer.size if answer is not None else 0)


@dataclass
class Part:
    """What one process found. `witness`: a good request succeeded. `broken`: why it could not go on.

    `blocked`: what answers in the place of the server, and since when.
    """

    clauses: dict[str, ClausePart] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    """The clauses that the run was asked about; none for all of them."""
    exchanges: int = 0
    witness: bool = False
    instead: str = ""
    """What a good request met in place of a success; of a part without one that succeeded."""
    broken: str = ""
    blocked: str = ""
    waivers: list[WaiverRow] = field(default_factory=list)
    trouble: Counter[str] = field(default_factory=Counter)
    made: int = 0
    removed: int = 0
    left: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    elapsed: dict[str, list[float]] = field(default_factory=dict)
    """Seconds of each answer of the endpoint, by kind of request."""
    answers: Answers = field(default_factory=Answers)
    latency: dict[str, float] = field(default_factory=dict)
    """Latencies of a soak, which keeps no list of seconds: p50, p95, p99, max."""
    latencies: dict[str, Latency] = field(default_factory=dict)
    """Those of a soak, by kind of request."""
    load: Load | None = None

    def of(self, clause: str) -> ClausePart:
        return self.clauses.setdefault(clause, ClausePart())

    def add(self, other: Part) -> None:
        for clause, part in other.clauses.items():
            self.of(clause).add(part)
        self.asked = sorted({*self.asked, *other.asked})
        self.exchanges += other.exchanges
        self.witness = self.witness or other.witness
        self.instead = self.instead or other.instead
        self.broken = self.broken or other.broken
        self.blocked = self.blocked or other.blocked
        self.waivers = merged_waivers(self.waivers, other.waivers)
        self.trouble += other.trouble
        self.made += other.made
        self.removed += other.removed
        self.left += other.left
        self.notices = list(dict.fromkeys([*self.notices, *other.notices]))
        for name, seconds in other.elapsed.items():
            self.elapsed.setdefault(name, []).extend(seconds)
        self.answers = kinds.merged([self.answers, other.answers])
        self.latency = _slowest([self.latency, other.latency])
        self.latencies = {
            name: slowest(part.latencies[name] for part in (self, other) if name in part.latencies)
            for name in {**self.latencies, **other.latencies}
        }
        self.load = _loads(self.load, other.load)


def merged_waivers(mine: Iterable[WaiverRow], others: Iterable[WaiverRow]) -> list[WaiverRow]:
    """Used where any part used it; stale where any part tried it and none used it."""
    merged: dict[tuple[str, ...], WaiverRow] = {}
    for row in [*mine, *others]:
        key = (row.clause, row.ticket, row.reason, row.since, row.review_by)
        merged[key] = _waiver(merged[key], row) if key in merged else row
    return list(merged.values())


def _waiver(one: WaiverRow, other: WaiverRow) -> WaiverRow:
    return replace(
        one,
        matched=one.matched + other.matched,
        state=min(one.state, other.state, key=_WAIVERS.index),
        past_review=one.past_review or other.past_review,
    )


def _slowest(parts: Iterable[Mapping[str, float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in parts:
        found |= {name: max(seconds, found.get(name, 0.0)) for name, seconds in part.items()}
    return found


def _loads(mine: Load | None, other: Load | None) -> Load | None:
    """Loads of soaks held side by side: their rates add up."""
    if mine is None or other is None:
        return mine or other
    return Load(
        seconds=max(mine.seconds, other.seconds),
        asked=round(mine.asked + other.asked, 2),
        held=round(mine.held + other.held, 2),
        workers=mine.workers + other.workers,
        connections=mine.connections + other.connections,
    )


def rows(register: Register, part: Part, depth: str, *, read_only: bool = False) -> list[ClauseRow]:
    """A row for every clause that is tested."""
    return [settled(_row(clause, depth, read_only), part) for clause in register.clauses]


def _row(clause: Clause, depth: str, read_only: bool) -> ClauseRow:
    return ClauseRow(
        id=clause.id,
        family=clause.family,
        level=clause.level.value,
        sentence=clause.sentence,
        source=clause.source,
        state=State.NOT_JUDGED,
        judged=0,
        # What is not sent for politeness is not missed.
        floor=1 if read_only else clause.floor.get(depth, 1),
    )


def settled(row: ClauseRow, part: Part) -> ClauseRow:
    """The row with what a run found of its clause, and the state that follows from it."""
    found = part.of(row.id)
    state, reason = _state(found, part, row.floor)
    return replace(
        row,
        state=state,
        reason=reason,
        judged=found.judged,
        violations=found.violations,
        tests=found.tests,
        sample=None if found.violations else found.sample,
        errors=found.errors,
        inapplicable=found.inapplicable,
        unjudged=found.unjudged,
        asked=found.asked,
        unanswered=found.unanswered,
    )


def _state(found: ClausePart, part: Part, floor: int) -> tuple[State, str]:
    if any(row.waiver is None for row in found.violations):
        return State.VIOLATED, ""
    if found.errors:
        return State.ERROR, found.errors[0]
    if not found.tests:
        return State.NOT_JUDGED, UNSELECTED
    few = (
        f"too few exchanges were judged: {found.judged} of the {floor} that a pass has to rest on"
        if found.judged < floor
        else ""
    )
    if found.violations:
        # What is known to deviate was seen; that the rest was hardly looked at is told beside it.
        return State.WAIVED, few
    if not found.judged:
        return _unjudged(found, part)
    if found.unjudged:
        return State.NOT_JUDGED, found.unjudged[0]
    if not part.witness:
        return State.NOT_JUDGED, _no_witness(part)
    if few:
        return State.NOT_JUDGED, few
    return State.PASS, ""


def _no_witness(part: Part) -> str:
    return f"{NO_WITNESS}: {part.instead}" if part.instead else NO_WITNESS


def _unjudged(found: ClausePart, part: Part) -> tuple[State, str]:
    if found.unjudged:
        return State.NOT_JUDGED, found.unjudged[0]
    if found.inapplicable:
        return State.NOT_APPLICABLE, found.inapplicable[0]
    if not part.witness:
        return State.NOT_JUDGED, _no_witness(part)
    if found.asked:
        return State.NOT_APPLICABLE, "no answer of this run showed what it speaks of"
    if found.unanswered:
        return State.NOT_JUDGED, f"no exchange could be judged by it: {found.unanswered}"
    return State.NOT_JUDGED, "no exchange could be judged by it"
