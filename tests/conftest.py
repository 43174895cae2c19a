from __future__ import annotations

import os
import signal
import unittest
from collections.abc import Generator
from pathlib import Path
from typing import Final

import pytest

from tests import farm

MOST_PROCESSES: Final = 8
AT_NIGHT: Final = Path(__file__).parent / "at_night.txt"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--whole", action="store_true", help="also the tests that at_night.txt keeps for the night")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what at_night.txt keeps for the night, unless it is asked for: by the option, or by the test's name."""
    if config.option.whole or any("::" in argument for argument in config.args):
        return
    lines = [line for line in AT_NIGHT.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    if _is_all_of_it(config):
        # A file that needs what is not installed here has no tests.
        files = {item.nodeid.partition("::")[0] for item in items}
        for line in (line for line in lines if line.removeprefix("!").partition("::")[0] in files):
            if not any(item.nodeid.startswith(line.removeprefix("!")) for item in items):
                raise pytest.UsageError(f"{AT_NIGHT.name}: no test begins with {line}")
    by_day: list[pytest.Item] = []
    by_night: list[pytest.Item] = []
    for item in items:
        (by_night if _at_night(item.nodeid, lines) else by_day).append(item)
    if by_night:
        config.hook.pytest_deselected(items=by_night)
        items[:] = by_day


def _is_all_of_it(config: pytest.Config) -> bool:
    return [Path(argument).resolve() for argument in config.args] == [Path(__file__).parent]


def _at_night(name: str, lines: list[str]) -> bool:
    """By the last line that its name begins with."""
    found = [line for line in lines if name.startswith(line.removeprefix("!"))]
    return bool(found) and not found[-1].startswith("!")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Hypothesis skips a test for which it finds nothing to run: it has shown nothing, and fails."""
    nothing_ran = call.excinfo is not None and call.excinfo.type is unittest.SkipTest
    report = yield
    if nothing_ran:
        report.outcome, report.longrepr = "failed", "Hypothesis ran nothing"
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """The whole proof takes all cores, unless `-n` says otherwise; one test or one file begins sooner without."""
    if hasattr(config, "workerinput") or getattr(config.option, "numprocesses", 0) is not None:
        return
    narrowed = config.option.keyword or config.option.usepdb or config.option.collectonly
    if not narrowed and _is_all_of_it(config):
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
