"""A run of the contract, or of some of its tests, on one mutant."""

from __future__ import annotations

from pathlib import Path

from contract.kit.reference import launch
from tests.farm import Ended, Farm

DEEPER = dict.fromkeys(
    (
        *("state-tires", "state-tires-of-new-pairs", "state-breaks-down"),
        *("body-number-tag-crashes", "path-letter-off-associates"),
    ),
    "gate",
)
"""Faults that show only after more requests than a smoke run sends."""


def tried(farm: Farm, folder: Path, mutant: str, tests: str = "contract") -> tuple[Ended, object]:
    """How the run ended, and how often the fault fired."""
    with launch(mutant) as server:
        ended = farm.run(
            folder,
            "--target",
            server.url,
            "--depth",
            DEEPER.get(mutant, "smoke"),
            "--request-timeout",
            "1.5",
            tests=tests,
            environ={"CONTRACT_ACCOUNT": server.account, "CONTRACT_PASSWORD": server.password},
        )
        fired = server.control()["fired"]
    assert isinstance(fired, dict)
    return ended, fired.get(mutant)
