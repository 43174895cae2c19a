"""The soak by whole runs: a clean load passes, a rare fault is caught, whatever stops it leaves nothing behind."""

from __future__ import annotations

import importlib.util
import json
import signal
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest

from contract.kit.config.usage import UsageError
from contract.kit.judge.clauses import load as load_register
from contract.kit.reference import Handle
from contract.kit.soak.plugin import Soak
from tests.farm import ROOT, Ended, Farm, ended
from tests.runner.started import account, left, lent, start, stop_in_the_middle, wait_for_requests

RATE = 80
SHORT = ("--depth", "soak", "--minutes", "0.07", "--rate", str(RATE))
JUDGED = {clause.id for clause in load_register().clauses if "soak" in clause.floor}

needs_locust = pytest.mark.skipif(importlib.util.find_spec("locust") is None, reason="no Locust here")


@needs_locust
def test_clean_load_is_conformant(farm: Farm, tmp_path: Path) -> None:
    run = farm.run(tmp_path, *SHORT)
    assert run.status == 0, run.output
    assert run.results["footer"]["verdict"] == "conformant"
    assert run.states("pass") == JUDGED
    others = {row["id"]: row["reason"] for row in run.results["clauses"] if row["id"] not in JUDGED}
    assert set(others.values()) == {"a soak does not drive it; --depth gate does"}
    load = run.results["load"]
    assert load["asked"] == RATE
    assert RATE / 2 < load["held"] < RATE * 1.05
    assert run.results["footer"]["exchanges"] == pytest.approx(load["held"] * load["seconds"], rel=0.02)
    for found in (run.results["latency"], *run.results["latencies"].values()):
        assert 0 <= found["p50"] <= found["p95"] <= found["p99"] <= found["max"] < 5
    for found in run.results["latencies"].values():
        assert sum(found["histogram"]) == found["answers"]
    answered = sum(found["answers"] for found in run.results["latencies"].values())
    assert answered == run.results["footer"]["exchanges"]
    assert "Load: " in run.output
    assert "Answered in: p50 " in run.output
    assert "Answered in: p50 " in (tmp_path / "summary.md").read_text()
    schema = json.loads((ROOT / "contract/kit/report/schema.json").read_text())
    jsonschema.validate(run.results, schema)
    assert run.results["cleanup"]["made"] == run.results["cleanup"]["removed"] > 0
    assert list(tmp_path.glob("ledger-*")) == []


@needs_locust
@pytest.mark.parametrize(
    ("target", "clause"),
    [
        ("state-one-in-twenty-with-error", "ENV-001"),
        ("auth-no-header-accepted", "AUTH-001"),
    ],
)
def test_fault_is_caught(farm: Farm, tmp_path: Path, target: str, clause: str) -> None:
    run = farm.run(tmp_path, *SHORT, "--target", f"reference:{target}")
    assert run.status == 1, run.output
    assert clause in run.violated
    [row] = [row for row in run.results["clauses"] if row["id"] == clause]
    shown = row["violations"][0]
    assert 1 <= shown["count"] <= row["judged"]
    assert shown["curl"].startswith("curl ")
    assert shown["exchange"]["response"] is not None
    assert f"{clause} MUST violated" in run.output
    sent = dict(shown["exchange"]["request"]["headers"]).get("Authorization")
    assert sent in (None, "", "OAuth", "OAuth $CONTRACT_SESSION")


@needs_locust
def test_known_deviations_are_waived(farm: Farm, tmp_path: Path) -> None:
    run = farm.run(tmp_path, *SHORT, "--target", "reference:zstack-5.2", "--waivers", "zstack-5.2")
    assert run.status == 0, run.output
    assert run.results["footer"]["verdict"] == "conformant with waivers"
    assert {row["state"] for row in run.results["waivers"]} <= {"used", "not exercised"}


@needs_locust
def test_several_processes_share_the_rate(farm: Farm, tmp_path: Path) -> None:
    run = farm.run(tmp_path, *SHORT, "--minutes", "0.15", "--soak-workers", "2", "--pace", "30")
    assert run.status == 0, run.output
    load = run.results["load"]
    assert (load["workers"], load["asked"]) == (2, 30)
    assert 10 < load["held"] < 32


@needs_locust
def test_too_many_requests_slow_it_down(farm: Farm, tmp_path: Path) -> None:
    run = farm.run(tmp_path, *SHORT, "--target", "reference:documented,rate=40")
    assert run.violated == set(), run.output
    assert run.results["trouble"]["throttled"] > 0
    assert run.results["load"]["held"] < RATE * 0.9
    assert any("requests a second were sent of the 80 asked for" in notice for notice in run.results["notices"])


@needs_locust
def test_lent_pair_is_left_as_it_was_found(farm: Farm, tmp_path: Path, reference: Handle) -> None:
    before = left(reference)
    run = farm.run(tmp_path, *SHORT, "--target", reference.url, environ=lent(reference))
    assert run.violated == set(), run.output
    assert run.states("not-judged") == set()
    assert run.status == 0, run.output
    assert left(reference) == before
    assert list(tmp_path.glob("ledger-*")) == []


@needs_locust
def test_read_only_load_makes_nothing(farm: Farm, tmp_path: Path, reference: Handle) -> None:
    run = farm.run(tmp_path, *SHORT, "--read-only", "--target", reference.url, environ=account(reference))
    assert run.violated == set(), run.output
    assert run.status == 0, run.output
    assert run.results["cleanup"]["made"] == 0
    assert "AUTH-001" in run.states("pass")


@needs_locust
@pytest.mark.parametrize(("number", "workers"), [(signal.SIGINT, "1"), (signal.SIGTERM, "2")])
def test_signal_in_the_middle(tmp_path: Path, reference: Handle, number: signal.Signals, workers: str) -> None:
    options = ("--depth", "soak", "--rate", "60", "--soak-workers", workers)
    told = stop_in_the_middle(tmp_path, reference, account(reference), number, 100, *options)
    assert told.results["footer"]["exchanges"] >= 100


@needs_locust
def test_target_that_goes_away(tmp_path: Path, reference: Handle) -> None:
    options = ("--depth", "soak", "--rate", "60", "--request-timeout", "1", "--target", reference.url)
    with start(tmp_path, account(reference), *options) as run:
        wait_for_requests(reference, run, 100)
        reference.stop()
        status = run.wait(90)
    run_ended = ended(status, tmp_path)
    assert status == 3, run_ended.output
    assert "had no answer" in run_ended.results["footer"]["why"]
    assert "Traceback" not in run_ended.output


@needs_locust
def test_session_that_ends_in_the_middle_is_renewed(tmp_path: Path, reference: Handle) -> None:
    options = (*SHORT, "--minutes", "0.1", "--target", reference.url)
    with start(tmp_path, account(reference), *options) as run:
        wait_for_requests(reference, run, 200)
        reference.expire_sessions()
        status = run.wait(90)
    run_ended = ended(status, tmp_path)
    assert run_ended.violated == set(), run_ended.output
    assert status == 0, run_ended.output
    assert any("renewed" in notice for notice in run_ended.results["notices"])


def _told(run: Ended, fix: str) -> None:
    assert run.status == 4, run.output
    assert run.results["footer"]["verdict"] == "did not start"
    assert "Traceback" not in run.output
    told = [line for line in run.output.splitlines() if line.startswith("ERROR: ") and "usage:" not in line]
    assert len(told) == 1, run.output
    assert fix in told[0]


@pytest.mark.parametrize(
    ("arguments", "environ", "fix"),
    [
        (["--depth", "soak", "--minutes", "0"], {}, "--minutes is a number above 0"),
        (["--depth", "soak", "--minutes", "soon"], {}, "--minutes is a number above 0"),
        (["--depth", "soak", "--rate", "-1"], {}, "--rate is a number above 0"),
        (["--depth", "soak"], {"CONTRACT_RATE": "inf"}, "CONTRACT_RATE is a number above 0"),
        (["--depth", "soak", "--soak-workers", "1.5"], {}, "--soak-workers is a whole number"),
        (["--minutes", "5"], {}, "--minutes is for a soak; give --depth soak"),
        (["--depth", "gate"], {"CONTRACT_RATE": "20"}, "CONTRACT_RATE is for a soak"),
        (["--depth", "saok"], {}, "did you mean soak?"),
    ],
)
def test_misspelt_call_is_4(
    farm: Farm, tmp_path: Path, arguments: list[str], environ: dict[str, str], fix: str
) -> None:
    _told(farm.run(tmp_path, *arguments, environ=environ), fix)


@needs_locust
@pytest.mark.parametrize(
    ("arguments", "fix"),
    [(["-n2"], "give --soak-workers N in place of -n"), (["--shard", "1/2"], "a soak has no shards")],
)
def test_other_ways_to_divide_it_are_4(farm: Farm, tmp_path: Path, arguments: list[str], fix: str) -> None:
    _told(farm.run(tmp_path, *SHORT, *arguments), fix)


@needs_locust
def test_one_pair_is_for_one_process(farm: Farm, tmp_path: Path, reference: Handle) -> None:
    run = farm.run(tmp_path, *SHORT, "--soak-workers", "2", "--target", reference.url, environ=lent(reference))
    _told(run, "leave --soak-workers out")
    assert left(reference) == {}


def test_without_locust_the_fix_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(UsageError, match=r"needs Locust: pip install .* -r requirements-soak\.lock"):
        Soak(cast(Any, None))
