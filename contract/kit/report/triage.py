"""Whose desk a clause's state goes to: the same few categories in every report."""

from __future__ import annotations

from enum import StrEnum

from contract.kit.verdict import ClauseRow, State


class Category(StrEnum):
    """In the order of triage: what has to be looked at first stands first."""

    STALE_WAIVER = "Waiver stale"
    CRASH = "Crash"
    BROKEN = "Contract broken"
    TROUBLE = "Suite or target trouble"
    KNOWN = "Known deviations"
    NOT_JUDGED = "Not judged"


def category(row: ClauseRow) -> Category | None:
    """The category of a clause; None where there is nothing to do (it passed, or does not apply)."""
    if row.state is State.VIOLATED:
        crashed = any(violation.exchange.crashed for violation in row.violations if violation.waiver is None)
        return Category.CRASH if crashed else Category.BROKEN
    return {
        State.ERROR: Category.TROUBLE,
        State.WAIVED: Category.KNOWN,
        State.NOT_JUDGED: Category.NOT_JUDGED,
    }.get(row.state)
