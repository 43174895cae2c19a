"""A run of the contract, or of some of its tests, on one mutant."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from contract.kit.reference import launch
from tests.farm import Ended, Farm

LONGEST: Final = ("state-tires", "state-tires-of-new-pairs", "state-breaks-down", "path-both-in-upper-case-crash")
"""Faults that show only after more requests than a run of one clause sends."""
THROUGHOUT: Final = ("ENV", "ERR", "INV", "AUTH-011", "PATH-001")
"""Clauses that judge every answer, so that a run of one of them is as long as a whole one."""


def options_for(mutant: str, clause: str) -> tuple[str, ...]:
    """What makes a run short and still shows what the mutant does."""
    if mutant in LONGEST:
        return "--depth", "gate"
    return "--clause", clause, "--depth", "smoke" if clause.startswith(THROUGHOUT) else "gate"


def tried(farm: Farm, folder: Path, mutant: str, *options: str, tests: str = "contract") -> tuple[Ended, object]:
    """How the run ended, and how often the fault fired."""
    with launch(mutant) as server:
        ended = farm.run(
            folder,
            *("--target", server.url, "--request-timeout", "1.5", *options),
            tests=tests,
            environ={"CONTRACT_ACCOUNT": server.account, "CONTRACT_PASSWORD": server.password},
        )
        fired = server.control()["fired"]
    assert isinstance(fired, dict)
    return ended, fired.get(mutant)
