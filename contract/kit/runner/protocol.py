"""One test of the contract, in the words of pytest's runtest protocol: whether it may run, and what its end means."""

from __future__ import annotations

import unittest
from collections.abc import Generator
from typing import Final

import pytest

from contract.kit.runner.chosen import clauses_of, is_after_all
from contract.kit.runner.run import Run
from contract.kit.target import SiblingFailed
from contract.kit.wire import TargetGone

Item = pytest.Item
MOST_TEXT: Final = 4_000


class ContractBroken(Exception):  # noqa: N818 - a fact, not an error of ours
    """A clause is violated; the text is one line."""


class Protocol:
    """Registered as a plugin beside the session, whose run it guards and judges."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def pytest_runtest_setup(self, item: Item) -> None:
        clause = self.run.register[clause_of(item)]
        needs = [*clause.needs, *(name for mark in item.iter_markers("needs") for name in mark.args)]
        reason = self.run.unmet(needs)
        if reason is not None:
            pytest.skip(reason)
        client = self.run.drive.client
        if why := client.guard.blocked or client.wire.broken:
            self.run.part.of(clause.id).unjudged.append(why)
            pytest.skip(why)
        self.run.drive.begin(clauses_of(item), item.nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: Item) -> Generator[None, object, object]:
        clauses, after_all = clauses_of(item), is_after_all(item)
        if after_all:
            self.run.judge_so_far()
        before = {name: 0 if after_all else len(self.run.findings.of(name).violations) for name in clauses}
        try:
            result = yield
        except (TargetGone, SiblingFailed) as error:
            # Neither the endpoint's fault nor ours: the target does not let us judge.
            self.run.part.of(clauses[0]).unjudged.append(str(error))
            pytest.skip(str(error))
        entries = [entry for name in clauses for entry in self.run.findings.of(name).violations[before[name] :]]
        unknown = [entry.violation for entry in entries if entry.waiver is None]
        if asked := self.run.part.asked:
            unknown = [violation for violation in unknown if violation.clause in asked]
        if unknown:
            first = min(unknown, key=lambda violation: violation.exchange.size)
            raise ContractBroken(f"{first.clause}: expected {first.expected}; got {first.actual}")
        return result

    def pytest_runtest_teardown(self) -> None:
        self.run.judge_so_far()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        # Hypothesis had nothing to run, which is a fault of ours; pytest makes a skip of it.
        nothing_ran = call.excinfo is not None and call.excinfo.type is unittest.SkipTest
        report = yield
        part = self.run.part.of(clause_of(item))
        if nothing_ran:
            report.outcome = "failed"
        if report.skipped and call.excinfo is not None and not part.unjudged:
            part.inapplicable.append(str(call.excinfo.value))
        elif report.failed and call.excinfo is not None:
            if isinstance(call.excinfo.value, ContractBroken):
                report.longrepr = str(call.excinfo.value)
            else:
                text = self.run.drive.client.secrets.scrub(report.longreprtext)
                part.errors.append(f"{item.name}: {call.excinfo.typename}\n{text[-MOST_TEXT:]}")
                report.longrepr = text
        return report


def clause_of(item: Item) -> str:
    """The clause that a test belongs to."""
    return next(iter(clauses_of(item)), "")
