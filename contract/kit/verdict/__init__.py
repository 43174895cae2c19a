"""May we ship? The results of a run as types, the sum of its parts, the verdict and the exit status.

Every report is rendered from `Results` and from nothing else.
"""

from __future__ import annotations

from contract.kit.verdict.answers import OTHERS, Kind, Kinds, short
from contract.kit.verdict.results import (
    Answers,
    ClauseRow,
    ExchangeRow,
    Footer,
    Header,
    Load,
    Message,
    Results,
    State,
    VerdictWord,
    ViolationRow,
)
from contract.kit.verdict.rows import Groups, violation_rows
from contract.kit.verdict.tally import UNSELECTED, Part, row_kind, row_size, rows
from contract.kit.verdict.verdict import ExitStatus, conclude
from contract.kit.waive import WaiverRow

__all__ = [
    "OTHERS",
    "UNSELECTED",
    "Answers",
    "ClauseRow",
    "ExchangeRow",
    "ExitStatus",
    "Footer",
    "Groups",
    "Header",
    "Kind",
    "Kinds",
    "Load",
    "Message",
    "Part",
    "Results",
    "State",
    "VerdictWord",
    "ViolationRow",
    "WaiverRow",
    "conclude",
    "row_kind",
    "row_size",
    "rows",
    "short",
    "violation_rows",
]
