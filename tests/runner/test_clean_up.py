"""A run leaves its target as it found it, and takes no notice of others on it."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from contract.kit.reference import Handle
from tests.farm import ROOT, Farm, ended
from tests.runner.conftest import Launch
from tests.runner.started import access_key, account, left, lent, seen, start, wait_for_requests

SMOKE = ("--depth", "smoke")


@pytest.mark.parametrize("dialect", ["documented", "zstack-5.2"])
def test_nothing_stays_of_a_run_with_an_account(farm: Farm, tmp_path: Path, launched: Launch, dialect: str) -> None:
    reference = launched(dialect)
    run = farm.run(tmp_path, *SMOKE, "--target", reference.url, environ=account(reference))
    assert run.status in (0, 1), run.output
    assert run.results["cleanup"]["made"] == run.results["cleanup"]["removed"] > 0
    assert left(reference) == {}
    assert list(tmp_path.glob("ledger-*")) == []


def test_nothing_stays_of_a_run_with_an_access_key(farm: Farm, tmp_path: Path, reference: Handle) -> None:
    run = farm.run(tmp_path, *SMOKE, "--target", reference.url, environ=access_key(reference))
    assert run.violated == set(), run.output
    assert run.status in (0, 4), run.output
    assert left(reference) == {}


@pytest.mark.parametrize("associated", [False, True])
def test_lent_pair_is_left_as_it_was_found(farm: Farm, tmp_path: Path, reference: Handle, associated: bool) -> None:
    if associated:
        _associate(reference)
    before = left(reference)
    run = farm.run(tmp_path, *SMOKE, "--target", reference.url, environ=lent(reference))
    assert run.status == 0, run.output
    assert left(reference) == before
    assert list(tmp_path.glob("ledger-*")) == []


@pytest.mark.parametrize("mode", [account, lent])
def test_read_only_makes_nothing(
    farm: Farm, tmp_path: Path, reference: Handle, mode: Callable[[Handle], dict[str, str]]
) -> None:
    run = farm.run(tmp_path, *SMOKE, "--read-only", "--target", reference.url, environ=mode(reference))
    assert run.violated == set(), run.output
    assert run.status in (0, 4), run.output
    assert run.results["cleanup"]["made"] == 0
    assert run.states("pass") != set()
    assert left(reference) == {}


def test_two_runs_side_by_side(tmp_path: Path, reference: Handle) -> None:
    options = (*SMOKE, "--target", reference.url)
    folders = [tmp_path / "one", tmp_path / "other"]
    runs = [start(folder, account(reference), *options) for folder in folders]
    for run, folder in zip(runs, folders, strict=True):
        with run:
            assert run.wait(120) == 0, ended(1, folder).output
    assert left(reference) == {}


@pytest.mark.parametrize("after", [1, 60, 250])
def test_killed_run_is_swept(tmp_path: Path, reference: Handle, after: int) -> None:
    with start(tmp_path, account(reference), "--target", reference.url) as run:
        wait_for_requests(reference, run, after)
        run.kill()
    assert left(reference) != {}
    swept = subprocess.run(
        [sys.executable, "-m", "contract", "sweep", "--target", reference.url, "--reports", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, **account(reference)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert swept.returncode == 0, swept.stderr
    # Nobody can end the session of a run that was killed: it was never written down, and expires.
    assert left(reference).keys() <= {"sessions"}
    assert list(tmp_path.glob("ledger-*")) == []


def test_session_that_ends_in_the_middle_is_renewed(tmp_path: Path, reference: Handle) -> None:
    with start(tmp_path, account(reference), "--target", reference.url) as run:
        wait_for_requests(reference, run, 100)
        reference.expire_sessions()
        status = run.wait(120)
    run_ended = ended(status, tmp_path)
    assert run_ended.violated == set(), run_ended.output
    assert status == 0, run_ended.output
    assert any("renewed" in notice for notice in run_ended.results["notices"])
    assert run_ended.results["trouble"]["renewed"] >= 1
    assert "renewed" in run_ended.output
    assert left(reference) == {"touched": ["the seeded session has ended"]}


def _associate(reference: Handle) -> None:
    """Associate the pair that is ready."""
    parts = urlsplit(reference.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    path = f"/zstack/v1/scheduler/jobgroups/{reference.job_group}/scheduler/triggers/{reference.trigger}"
    headers = {"Authorization": f"OAuth {reference.session}", "Content-Type": "application/json"}
    try:
        connection.request("POST", path, json.dumps({"params": {}}), headers)
        assert connection.getresponse().status == 200
    finally:
        connection.close()
    assert seen(reference) == 1
