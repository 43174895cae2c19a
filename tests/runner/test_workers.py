"""One process or several, at once or shard by shard: the same findings."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.farm import ROOT, Ended, Farm

TARGETS = ["reference", "reference:auth-no-header-accepted", "reference:inv-group-missing"]


def _states(run: Ended) -> dict[str, str]:
    return {row["id"]: row["state"] for row in run.results["clauses"]}


@pytest.mark.parametrize("target", TARGETS)
def test_workers_and_shards_find_the_same(fast_farm: Farm, tmp_path: Path, target: str) -> None:
    options = ("--depth", "smoke", "--target", target)
    alone = fast_farm.run(tmp_path / "alone", *options)
    assert alone.status == (0 if target == "reference" else 1), alone.output
    beside = fast_farm.run(tmp_path / "beside", *options, "-n2")
    assert (_states(beside), beside.status) == (_states(alone), alone.status), beside.output
    assert beside.results["footer"]["verdict"] == alone.results["footer"]["verdict"]
    shards = [fast_farm.run(tmp_path / str(k), *options, "--shard", f"{k}/2") for k in (1, 2)]
    merged = subprocess.run(
        [sys.executable, "-m", "contract", "merge", "--reports", str(tmp_path / "merged")]
        + [str(tmp_path / str(k) / "results.json") for k in (1, 2)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    results = json.loads((tmp_path / "merged/results.json").read_text())
    whole = Ended(merged.returncode, merged.stdout, results)
    assert (_states(whole), whole.status) == (_states(alone), alone.status), merged.stdout + merged.stderr
    assert results["footer"]["verdict"] == alone.results["footer"]["verdict"]
    assert results["footer"]["exchanges"] == sum(shard.results["footer"]["exchanges"] for shard in shards)
