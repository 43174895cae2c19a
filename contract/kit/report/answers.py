"""Where two runs were answered in different kinds: by which requests, and how on each side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from contract.kit.report.text import one_line
from contract.kit.verdict import OTHERS, AnswerKey, Answers, short

_NAMED: Final = 3
"""Requests that are named; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Requests that one run was answered with the kinds `old` and the other with the kinds `new`."""

    old: tuple[AnswerKey, ...]
    new: tuple[AnswerKey, ...]
    asked: tuple[tuple[str, str], ...]
    """Clause and case."""

    @property
    def requests(self) -> str:
        """`PATH-002 unknown schedulerTriggerUuid; and 3 more`."""
        named = [f"{clause} {case}" for clause, case in self.asked[:_NAMED]]
        more = len(self.asked) - len(named)
        return "; ".join([*named, *([f"and {more} more"] if more else [])])

    def side(self, kinds: Sequence[AnswerKey]) -> str:
        """One side in words, with what tells its kinds from the other side's."""
        return one_line(", ".join(map(self._words, kinds)), 200)

    def _words(self, kind: AnswerKey) -> str:
        name = short(kind)
        alike = [other for other in {*self.old, *self.new} if short(other) == name]
        if len(alike) < 2:
            return name
        common = set.intersection(*(set(other.members) for other in alike))
        own = ", ".join(member for member in kind.members if member not in common)
        media = kind.media if len({other.media for other in alike}) > 1 else ""
        return " ".join(part for part in (name, media and f"as {media}", own and f"with {own}") if part)


def differences(old: Answers, new: Answers) -> list[Difference]:
    """What both runs were asked and answered otherwise: other statuses first, then other codes, then the rest."""
    grouped: dict[tuple[tuple[AnswerKey, ...], tuple[AnswerKey, ...]], list[tuple[str, str]]] = {}
    for clause, case in in_both(old, new):
        sides = _kinds(old, clause, case), _kinds(new, clause, case)
        if sides[0] != sides[1]:
            grouped.setdefault(sides, []).append((clause, case))
    found = [Difference(*sides, tuple(asked)) for sides, asked in grouped.items()]
    return sorted(found, key=lambda each: (_alike(each), -len(each.asked)))


def in_both(old: Answers, new: Answers) -> list[tuple[str, str]]:
    """Clause and case of what both runs were asked; the odds and ends of a clause need not be the same in both."""
    return [
        (clause, case)
        for clause, cases in old.asked.items()
        for case in cases
        if case != OTHERS and case in new.asked.get(clause, {})
    ]


def _kinds(answers: Answers, clause: str, case: str) -> tuple[AnswerKey, ...]:
    found = [answers.kinds[name] for name in answers.asked[clause][case] if name in answers.kinds]
    return tuple(sorted(AnswerKey(each.answer, each.code, each.media, tuple(each.members)) for each in found))


def _alike(found: Difference) -> int:
    """0: other statuses. 1: other codes. 2: other members or media types."""
    if {kind.answer for kind in found.old} != {kind.answer for kind in found.new}:
        return 0
    return 1 if {kind.code for kind in found.old} != {kind.code for kind in found.new} else 2
