"""May we ship? The results of a run as types, the sum of its parts, the verdict and the exit status.

Every report is rendered from `Results` and from nothing else.
"""

from __future__ import annotations

from contract.kit.verdict import latency
from contract.kit.verdict.answers import OTHERS, Kind, Kinds, short
from contract.kit.verdict.results import (
    BOUNDS,
    Answers,
    ClauseRow,
    ExchangeRow,
    Footer,
    Header,
    Latency,
    Load,
    Message,
    Results,
    State,
    VerdictWord,
    ViolationRow,
)
from contract.kit.verdict.rows import Groups, exchange_row, sample_row, violation_rows
from contract.kit.verdict.tally import UNSELECTED, Part, row_kind, row_size, rows
from contract.kit.verdict.verdict import ExitStatus, conclude
from contract.kit.waive import WaiverRow

__all__ = [
    "BOUNDS",
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
    "Latency",
    "Load",
    "Message",
    "Part",
    "Results",
    "State",
    "VerdictWord",
    "ViolationRow",
    "WaiverRow",
    "conclude",
    "exchange_row",
    "latency",
    "row_kind",
    "row_size",
    "rows",
    "sample_row",
    "short",
    "violation_rows",
]
