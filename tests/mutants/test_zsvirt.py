"""What a mutant does on ZStack's own dialect shows through the waivers for it: a sample of every family."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.kit.reference import launch, mutants
from tests.farm import Farm

CATALOGUE = mutants()
SAMPLE = (
    "path-unknown-group-accepted",
    "auth-truncated-session-accepted",
    "auth-logged-out-accepted",
    "env-data",
    "env-success-with-error",
    "err-description-missing",
    "err-code-alternates",
    "body-trigger-now-number-accepted",
    "body-malformed-but-made",
    "state-not-made",
    "state-parallel-crossed",
)
"""Mutants that the dialect can show: not a refusal of missing params, say, which it accepts and which is waived."""


@pytest.mark.parametrize("name", SAMPLE)
def test_a_fault_shows_through_the_waivers(farm: Farm, tmp_path: Path, name: str) -> None:
    clauses = CATALOGUE[name].clauses
    # Without the job that never ends, which is waited for.
    with launch(f"zsvirt,fired=failure+{name}") as server:
        run = farm.run(
            tmp_path,
            *("--target", server.url, "--waivers", "zsvirt", "--depth", "smoke", "--clause", ",".join(clauses)),
            environ={"CONTRACT_ACCOUNT": server.account, "CONTRACT_PASSWORD": server.password},
        )
        fired = server.control()["fired"]
    assert fired != {name: 0}, f"the fault of {name} never fired"
    assert run.violated & set(clauses), run.output[-4_000:]
    assert run.status == 1
