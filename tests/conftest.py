from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Final

import pytest

from tests import farm

MOST_PROCESSES: Final = 8


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """The whole proof takes all cores, unless `-n` says otherwise; one test or one file begins sooner without."""
    if hasattr(config, "workerinput") or getattr(config.option, "numprocesses", 0) is not None:
        return
    narrowed = config.option.keyword or config.option.usepdb or config.option.collectonly
    if not narrowed and [Path(argument).resolve() for argument in config.args] == [Path(__file__).parent]:
        # Many of the tests wait, for a load, a timeout or a child: more processes than cores, and none idle at the end.
        config.option.numprocesses = min((os.cpu_count() or 1) + 1, MOST_PROCESSES)
        config.option.dist = "worksteal"


def pytest_configure(config: pytest.Config) -> None:
    """Only what is to be measured inherits what measures coverage: reference servers would be slower for nothing."""
    if hasattr(config, "workerinput") or not getattr(config.option, "numprocesses", None):
        farm.keep_from_children()
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell's background job ignores Ctrl-C, and so would the runs that tests interrupt.
        signal.signal(signal.SIGINT, signal.default_int_handler)
