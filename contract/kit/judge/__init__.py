"""Does it conform? The register of clauses and the rules that find violations of them.

Rules are pure functions of exchanges, a file a family in `rules`.
"""

from __future__ import annotations

from contract.kit.judge.clauses import Clause, Register
from contract.kit.judge.findings import Entry, Findings, broken_by_every_rule
from contract.kit.judge.isolation import AS_IT_IS, BUDGET, PLAIN_TOO, Isolation, only_with
from contract.kit.judge.replaced import replaced
from contract.kit.judge.rules.envelope import FOLLOWED
from contract.kit.judge.violation import Violation

__all__ = [
    "AS_IT_IS",
    "BUDGET",
    "FOLLOWED",
    "PLAIN_TOO",
    "Clause",
    "Entry",
    "Findings",
    "Isolation",
    "Register",
    "Violation",
    "broken_by_every_rule",
    "clauses",
    "only_with",
    "replaced",
]
