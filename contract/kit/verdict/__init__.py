"""May we ship? The results of a run as types, the sum of its parts, the verdict and the exit status.

Every report is rendered from `Results` and from nothing else.
"""

from __future__ import annotations

from contract.kit.verdict import latency
from contract.kit.verdict.answers import OTHERS, AnswerCount, AnswerKey, short
from contract.kit.verdict.merge import merge
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
    RootCause,
    RunKind,
    State,
    VerdictWord,
    ViolationRow,
)
from contract.kit.verdict.rows import Groups, exchange_row, sample_row, violation_rows
from contract.kit.verdict.tally import Part, rows
from contract.kit.verdict.verdict import ExitStatus, conclude
from contract.kit.verdict.whole import whole
from contract.kit.waive import WaiverRow

__all__ = [
    "BOUNDS",
    "OTHERS",
    "AnswerCount",
    "AnswerKey",
    "Answers",
    "ClauseRow",
    "ExchangeRow",
    "ExitStatus",
    "Footer",
    "Groups",
    "Header",
    "Latency",
    "Load",
    "Message",
    "Part",
    "Results",
    "RootCause",
    "RunKind",
    "State",
    "VerdictWord",
    "ViolationRow",
    "WaiverRow",
    "conclude",
    "exchange_row",
    "latency",
    "merge",
    "rows",
    "sample_row",
    "short",
    "violation_rows",
    "whole",
]
