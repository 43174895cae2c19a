"""A run that is stopped from outside cleans up and ends with status 2."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from contract.kit.reference import Handle
from tests.runs.started import account, left, lent, seen, start


@pytest.mark.parametrize("mode", ["account", "lent pair"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_in_the_middle(tmp_path: Path, reference: Handle, number: signal.Signals, mode: str) -> None:
    environ = account(reference) if mode == "account" else lent(reference)
    with start(tmp_path, environ, "--target", reference.url) as run:
        wait_for_requests(reference, run, 40)
        run.send_signal(number)
        status = run.wait(60)
    output = (tmp_path / "output.txt").read_text()
    assert status == 2, output
    assert "Traceback" not in output
    assert left(reference) == {}
    assert list(tmp_path.glob("ledger-*")) == []
    footer = json.loads((tmp_path / "results.json").read_text())["footer"]
    assert (footer["verdict"], footer["exit_status"], footer["why"]) == ("run broken", 2, "interrupted")


def wait_for_requests(reference: Handle, run: subprocess.Popen[bytes], many: int) -> None:
    """Until the reference has been asked so many times."""
    deadline = time.monotonic() + 60
    while seen(reference) < many:
        assert run.poll() is None, "the run ended too early"
        assert time.monotonic() < deadline, "the run does not begin"
        time.sleep(0.02)
