"""What a run, or a part of one, found: as plain data that parts can be put together from, and the rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from contract.kit.exchange import LONGEST, is_plain
from contract.kit.judge import Clause, Register
from contract.kit.verdict import answers as kinds
from contract.kit.verdict.results import (
    AnswerKind,
    Answers,
    ClauseRow,
    ExchangeRow,
    Latency,
    Load,
    Message,
    State,
    ViolationRow,
)
from contract.kit.waive import WaiverRow

VALUES = re.compile(r"'[^']*'|\S*\d\S*")
"""Of a phrase: what is quoted, and words with a digit."""
UNSELECTED = "no test of it was selected"
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
        self.asked = self.asked or other.asked
        self.sample = self.sample or other.sample

    def _add_violation(self, row: ViolationRow) -> None:
        """Rows of one kind are one row: counted together, the smaller exchange shown."""
        for at, mine in enumerate(self.violations):
            if row_kind(mine) == row_kind(row):
                smaller = min(mine, row, key=row_size)
                self.violations[at] = replace(smaller, count=mine.count + row.count)
                return
        self.violations.append(row)


def row_kind(row: ViolationRow) -> tuple[object, ...]:
    """What rows of the same kind share, whatever values their words name."""
    answer = row.exchange.job or row.exchange.response
    pointer = re.sub(r"(/cause)+", "/cause", row.pointer)
    return (row.waiver, pointer, answer.line if answer is not None else None, VALUES.sub("…", row.expected))


def row_size(row: ViolationRow) -> tuple[bool, int, int]:
    """How hard the exchange of a row is to read, as `Exchange.size` tells it of an exchange."""
    request, answer = row.exchange.request, row.exchange.job or row.exchange.response
    sides = [side for side in (request, answer) if side is not None]
    plain = all(side.encoding == "text" and side.size <= LONGEST for side in sides) and is_plain(
        [request.line, *(value for _, value in request.headers)], [side.body for side in sides]
    )
    sent = len(request.line) + request.size + sum(len(name) + len(value) for name, value in request.headers)
    return (not plain, sent, answer.size if answer is not None else 0)


@dataclass
class Part:
    """What one process found. `witness`: a good request succeeded. `broken`: why it could not go on."""

    clauses: dict[str, ClausePart] = field(default_factory=dict)
    exchanges: int = 0
    witness: bool = False
    broken: str = ""
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
    """Of a soak, which keeps no list of seconds: p50, p95, p99, max."""
    latencies: dict[str, Latency] = field(default_factory=dict)
    """Of a soak: by kind of request."""
    load: Load | None = None

    def of(self, clause: str) -> ClausePart:
        return self.clauses.setdefault(clause, ClausePart())

    def add(self, other: Part) -> None:
        for clause, part in other.clauses.items():
            self.of(clause).add(part)
        self.exchanges += other.exchanges
        self.witness = self.witness or other.witness
        self.broken = self.broken or other.broken
        self.waivers = merged_waivers(self.waivers, other.waivers)
        self.trouble += other.trouble
        self.made += other.made
        self.removed += other.removed
        self.left += other.left
        self.notices = list(dict.fromkeys([*self.notices, *other.notices]))
        for name, seconds in other.elapsed.items():
            self.elapsed.setdefault(name, []).extend(seconds)
        self.answers = kinds.merged([self.answers, other.answers])
        self.latency = self.latency or other.latency
        self.latencies = self.latencies or other.latencies
        self.load = self.load or other.load

    def as_json(self) -> dict[str, Any]:
        """Plain lists and dictionaries, to be sent from one process to another."""
        return asdict(self) | {"trouble": dict(self.trouble)}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Part:
        made = dict(plain)
        made["clauses"] = {name: _clause_part(part) for name, part in plain["clauses"].items()}
        made["waivers"] = [WaiverRow(**row) for row in plain["waivers"]]
        made["trouble"] = Counter(plain["trouble"])
        made["answers"] = _answers(plain["answers"])
        made["latencies"] = {name: Latency(**one) for name, one in plain["latencies"].items()}
        made["load"] = Load(**plain["load"]) if plain["load"] is not None else None
        return cls(**made)


def _answers(plain: Mapping[str, Any]) -> Answers:
    return Answers({name: AnswerKind(**kind) for name, kind in plain["kinds"].items()}, plain["asked"])


def _clause_part(plain: Mapping[str, Any]) -> ClausePart:
    sample = _exchange_row(plain["sample"]) if plain["sample"] is not None else None
    return ClausePart(**{**plain, "violations": [_violation_row(row) for row in plain["violations"]], "sample": sample})


def _violation_row(plain: Mapping[str, Any]) -> ViolationRow:
    beside = [_exchange_row(row) for row in plain["beside"]]
    return ViolationRow(**{**plain, "exchange": _exchange_row(plain["exchange"]), "beside": beside})


def _exchange_row(plain: Mapping[str, Any]) -> ExchangeRow:
    sides = {side: _message(plain[side]) for side in ("request", "response", "job")}
    return ExchangeRow(**{**plain, **sides})


def _message(plain: Mapping[str, Any] | None) -> Message | None:
    if plain is None:
        return None
    return Message(**{**plain, "headers": [(name, value) for name, value in plain["headers"]]})


def merged_waivers(mine: Sequence[WaiverRow], others: Iterable[WaiverRow]) -> list[WaiverRow]:
    """Row by row: used where any part used it; stale where any part tried it and none used it."""
    rank = {"used": 2, "stale": 1}
    merged = list(mine)
    for at, other in enumerate(others):
        if at >= len(merged):
            merged.append(other)
            continue
        row = merged[at]
        state = max(row.state, other.state, key=lambda word: rank.get(word, 0))
        merged[at] = WaiverRow(**{**asdict(row), "matched": row.matched + other.matched, "state": state})
    return merged


def rows(register: Register, part: Part, depth: str, *, read_only: bool = False) -> list[ClauseRow]:
    """A row for every clause that is tested."""
    return [_row(clause, part.of(clause.id), part, depth, read_only) for clause in register.clauses]


def _row(clause: Clause, found: ClausePart, part: Part, depth: str, read_only: bool) -> ClauseRow:
    # What is not sent for politeness is not missed.
    floor = 1 if read_only else clause.floor.get(depth, 1)
    state, reason = _state(found, part, floor)
    return ClauseRow(
        id=clause.id,
        family=clause.family,
        level=clause.level.value,
        sentence=clause.sentence,
        source=clause.source,
        state=state,
        judged=found.judged,
        reason=reason,
        violations=found.violations,
        tests=found.tests,
        sample=None if found.violations else found.sample,
    )


def _state(found: ClausePart, part: Part, floor: int) -> tuple[State, str]:
    if any(row.waiver is None for row in found.violations):
        return State.VIOLATED, ""
    if found.errors:
        return State.ERROR, found.errors[0]
    if not found.tests:
        return State.NOT_JUDGED, UNSELECTED
    if found.violations:
        return State.WAIVED, ""
    if not found.judged:
        return _unjudged(found, part)
    if found.unjudged:
        return State.NOT_JUDGED, found.unjudged[0]
    if not part.witness:
        return State.NOT_JUDGED, NO_WITNESS
    if found.judged < floor:
        return (
            State.NOT_JUDGED,
            f"{found.judged} exchanges judged, fewer than the {floor} that the register asks for",
        )
    return State.PASS, ""


def _unjudged(found: ClausePart, part: Part) -> tuple[State, str]:
    if found.unjudged:
        return State.NOT_JUDGED, found.unjudged[0]
    if found.inapplicable:
        return State.NOT_APPLICABLE, found.inapplicable[0]
    if not part.witness:
        return State.NOT_JUDGED, NO_WITNESS
    if found.asked:
        return State.NOT_APPLICABLE, "no answer of this run showed what it speaks of"
    return State.NOT_JUDGED, "no exchange could be judged by it"
