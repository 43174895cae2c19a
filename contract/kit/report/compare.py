"""Two runs side by side: what broke since, what was repaired, or where two targets differ."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final

from contract.kit.report.answers import Difference, differences, in_both
from contract.kit.report.order import WORDS
from contract.kit.report.text import moment, one_line
from contract.kit.verdict import ClauseRow, ExchangeRow, Message, Results, State, VerdictWord

JUDGED: Final = frozenset({State.PASS, State.VIOLATED, State.WAIVED})
MOST_ANSWERS: Final = 60
"""Groups of answers that are told."""
_ABSENT: Final = "not in this run"


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """One clause in both runs; None where a run does not know it."""

    old: ClauseRow | None
    new: ClauseRow | None

    @property
    def row(self) -> ClauseRow:
        row = self.new or self.old
        assert row is not None
        return row


@dataclass(frozen=True, slots=True)
class Comparison:
    """The clauses that tell the runs apart, in the order of the register."""

    old: Results
    new: Results
    newly_broken: list[ClauseChange] = field(default_factory=list)
    still_broken: list[ClauseChange] = field(default_factory=list)
    repaired: list[ClauseChange] = field(default_factory=list)
    """Violated or waived before, holds now."""
    newly_waived: list[ClauseChange] = field(default_factory=list)
    newly_judged: list[ClauseChange] = field(default_factory=list)
    """Could not be judged before, and holds now (or is a known deviation)."""
    no_longer_judged: list[ClauseChange] = field(default_factory=list)
    differing: list[ClauseChange] = field(default_factory=list)
    """Another state, or broken in both by answers of another kind."""
    answers: list[Difference] = field(default_factory=list)
    """What was answered in another kind, whether a clause speaks of it or not."""
    asked: int = 0
    """Kinds of requests that both runs sent."""

    @property
    def groups(self) -> list[tuple[str, list[ClauseChange]]]:
        """The groups that hold something, by name."""
        named = [
            ("Newly broken", self.newly_broken),
            ("Still broken", self.still_broken),
            ("Repaired", self.repaired),
            ("Newly waived", self.newly_waived),
            ("Newly judged", self.newly_judged),
            ("No longer judged", self.no_longer_judged),
        ]
        return [(name, changes) for name, changes in named if changes]

    @property
    def two_targets(self) -> bool:
        return _target(self.old) != _target(self.new)


def compare(old: Results, new: Results) -> Comparison:
    """What changed from `old` to `new`; clauses are matched by id."""
    made = Comparison(
        old, new, answers=differences(old.answers, new.answers), asked=len(in_both(old.answers, new.answers))
    )
    before = {row.id: row for row in old.clauses}
    now = {row.id: row for row in new.clauses}
    for name in dict.fromkeys([*before, *now]):
        if _asked(old, name) and _asked(new, name):
            _sort(made, ClauseChange(before.get(name), now.get(name)))
    return made


def _asked(run: Results, clause: str) -> bool:
    """Return True where a run was asked about a clause: what it was not asked is no change."""
    if run.footer.verdict is VerdictWord.DID_NOT_START:
        return False
    return not run.header.asked or clause in run.header.asked


def _sort(made: Comparison, change: ClauseChange) -> None:
    old = change.old.state if change.old else None
    new = change.new.state if change.new else None
    if old is not new or kinds(change.old) != kinds(change.new):
        made.differing.append(change)
    if new is State.VIOLATED:
        (made.still_broken if old is State.VIOLATED else made.newly_broken).append(change)
    elif new is State.PASS and old in (State.VIOLATED, State.WAIVED):
        made.repaired.append(change)
    elif new is State.WAIVED and old in (State.VIOLATED, State.PASS):
        made.newly_waived.append(change)
    elif new in JUDGED and old not in JUDGED:
        made.newly_judged.append(change)
    elif old in JUDGED and new not in JUDGED:
        made.no_longer_judged.append(change)


def kinds(row: ClauseRow | None) -> list[str]:
    """The kinds of answers that broke a clause: status class, code, members; without repetition."""
    if row is None:
        return []
    return list(dict.fromkeys(kind(violation.exchange) for violation in row.violations))


def kind(exchange: ExchangeRow) -> str:
    """One answer in kind: `5xx SYS.1006 {error}`, `4xx text`, `202 then 2xx {inventory}`, `no answer`."""
    if exchange.job is not None:
        return f"202 then {_message_kind(exchange.job)}"
    if exchange.response is None:
        return one_line(f"no answer ({exchange.trouble})", 120) if exchange.trouble else "no answer"
    return _message_kind(exchange.response)


def _message_kind(message: Message) -> str:
    group = f"{(message.status or 0) // 100}xx"
    try:
        body: Any = json.loads(message.body) if message.encoding == "text" else None
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        return f"{group} {'JSON' if body is not None else 'text' if message.body else 'empty'}"
    error = body.get("error")
    code = str(error.get("code", "")) if isinstance(error, dict) else ""
    members = "{" + ", ".join(sorted(key for key, value in body.items() if value is not None)) + "}"
    return one_line(" ".join(part for part in (group, code, members) if part), 120)


def text(comparison: Comparison) -> list[str]:
    """The comparison as lines for a terminal."""
    told = [
        *_kinds_told(comparison),
        "  →  ".join(_runs(comparison)),
        f"{comparison.old.footer.verdict}  →  {comparison.new.footer.verdict}",
    ]
    for name, changes in comparison.groups:
        told += ["", f"{name} ({len(changes)})"]
        told += [f"  {change.row.id:<10} {_change(change)}  {one_line(change.row.sentence, 90)}" for change in changes]
    if comparison.two_targets and comparison.differing:
        told += ["", f"Clauses that differ between the targets ({len(comparison.differing)})"]
        for change in comparison.differing:
            told.append(f"  {change.row.id:<10} {_side(change.old)}  |  {_side(change.new)}")
    if not comparison.groups and not comparison.differing:
        told += ["", "No clause differs."]
    if comparison.answers:
        told += ["", f"Answers that differ in kind ({_many(comparison)})"]
    for each in comparison.answers[:MOST_ANSWERS]:
        told += [f"  {one_line(each.requests, 200)}", f"      {each.side(each.old)}  →  {each.side(each.new)}"]
    return told + [f"  {line}" for line in _more(comparison, MOST_ANSWERS)]


def markdown(comparison: Comparison, most: int = MOST_ANSWERS) -> list[str]:
    """The comparison as lines of markdown; between two targets with a table of the clauses that differ.

    `most`: so many answers that differ in kind are told.
    """
    told = [
        *_kinds_told(comparison),
        f"{' → '.join(_runs(comparison))}: **{comparison.old.footer.verdict}** → **{comparison.new.footer.verdict}**",
        "",
    ]
    for name, changes in comparison.groups:
        told += [f"- {name}: " + ", ".join(f"{change.row.id}" for change in changes)]
    if comparison.two_targets and comparison.differing:
        told += ["", f"| clause | {cell(_target(comparison.old))} | {cell(_target(comparison.new))} |", "|---|---|---|"]
        told += [
            f"| {change.row.id} {cell(change.row.sentence)} | {cell(_side(change.old))} | {cell(_side(change.new))} |"
            for change in comparison.differing
        ]
    if not comparison.groups and not comparison.differing:
        told += ["No clause differs."]
    if comparison.answers:
        sides = (
            (cell(_target(comparison.old)), cell(_target(comparison.new)))
            if comparison.two_targets
            else ("before", "now")
        )
        told += ["", f"Answers that differ in kind: {_many(comparison)}.", ""]
        told += ["| request | {} | {} |".format(*sides), "|---|---|---|"]
    for each in comparison.answers[:most]:
        told.append(f"| {cell(each.requests)} | {cell(each.side(each.old))} | {cell(each.side(each.new))} |")
    more = _more(comparison, most)
    return [*told, "", *more] if more else told


def _many(comparison: Comparison) -> str:
    differ = sum(len(each.asked) for each in comparison.answers)
    return f"{differ} of {comparison.asked} kinds of requests that both runs sent"


def _more(comparison: Comparison, most: int) -> list[str]:
    rest = comparison.answers[most:]
    return [f"And {sum(len(each.asked) for each in rest)} more, told by `python -m contract compare`."] if rest else []


def cell(content: str) -> str:
    """Text that cannot leave its cell of a markdown table."""
    return one_line(content, 200).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def _target(results: Results) -> str:
    target = results.header.target
    return str(target.get("name") or target.get("url") or "?")


def _runs(comparison: Comparison) -> list[str]:
    """Both runs by their beginning, with their targets where these differ."""
    return [
        one_line(
            f"{_target(run)} {moment(run.header.start)}" if comparison.two_targets else moment(run.header.start), 120
        )
        for run in (comparison.old, comparison.new)
    ]


def _kinds_told(comparison: Comparison) -> list[str]:
    """A line about runs that did not ask about all of the contract."""
    sides = [(name, run) for name, run in (("OLD", comparison.old), ("NEW", comparison.new)) if run.header.asked]
    if not sides:
        return []
    asked = "; ".join(f"{name} was asked about {', '.join(run.header.asked)} alone" for name, run in sides)
    return [f"{one_line(asked, 300)}: no other clause is compared."]


def _change(change: ClauseChange) -> str:
    words = [WORDS[row.state] if row else _ABSENT for row in (change.old, change.new)]
    return words[1] if words[0] == words[1] else f"{words[0]} → {words[1]}"


def _side(row: ClauseRow | None) -> str:
    if row is None:
        return _ABSENT
    shown = ", ".join(kinds(row)[:3])
    return f"{WORDS[row.state]} ({shown})" if shown else WORDS[row.state]
