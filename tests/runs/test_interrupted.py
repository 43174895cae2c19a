"""A run that is stopped from outside cleans up and ends with status 2."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from contract.kit.reference import Handle
from tests.runs.started import account, left, lent, start, wait_for_requests


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
