"""A run that is stopped from outside cleans up and ends with status 2."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from contract.kit.reference import Handle
from tests.farm import ended
from tests.runner.started import account, lent, start, stop_in_the_middle, wait_for_requests


@pytest.mark.parametrize("mode", ["account", "lent pair"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_in_the_middle(tmp_path: Path, reference: Handle, number: signal.Signals, mode: str) -> None:
    environ = account(reference) if mode == "account" else lent(reference)
    stop_in_the_middle(tmp_path, reference, environ, number, 40)


def test_a_second_ctrl_c_leaves_nothing_behind_either(tmp_path: Path, reference: Handle) -> None:
    stop_in_the_middle(tmp_path, reference, account(reference), signal.SIGINT, 40, times=3)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the system does not tell a process's children")
def test_a_worker_that_is_killed_leaves_its_ledger(tmp_path: Path, reference: Handle) -> None:
    with start(tmp_path, account(reference), "--target", reference.url, "-n2", "--depth", "smoke") as run:
        wait_for_requests(reference, run, 100)
        worker = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()[0]
        os.kill(int(worker), signal.SIGKILL)
        told = ended(run.wait(120), tmp_path)
    assert told.status == 3, told.output
    assert told.results["footer"]["verdict"] == "run broken"
    assert "sweep" in told.output
    (ledger,) = tmp_path.glob("ledger-*")
    assert any(ledger.name in line for line in told.results["cleanup"]["left"])
