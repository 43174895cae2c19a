"""A run that is stopped from outside cleans up and ends with status 2."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from contract.kit.reference import Handle
from tests.runner.started import account, lent, stop_in_the_middle


@pytest.mark.parametrize("mode", ["account", "lent pair"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_in_the_middle(tmp_path: Path, reference: Handle, number: signal.Signals, mode: str) -> None:
    environ = account(reference) if mode == "account" else lent(reference)
    stop_in_the_middle(tmp_path, reference, environ, number, 40)
