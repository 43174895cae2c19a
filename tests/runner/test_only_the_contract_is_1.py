"""Status 1 is a broken contract's alone: however the suite itself fails, it ends with another one and with no pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.farm import Farm

WAYS = (
    "contract.kit.config.settings:_checked_files",
    "contract.kit.judge.clauses:load",
    "contract.kit.runner.run:load_description",
    "contract.kit.runner.session:start_reference",
    "contract.kit.plugin:_runs_the_contract",
    "contract.kit.runner.session:ContractSession.pytest_itemcollected",
    "contract.kit.runner.chosen:tests_for",
    "contract.kit.runner.run:Run.open",
    "contract.kit.runner.run:Run.unmet",
    "contract.kit.drive.drive:Drive.begin",
    "contract.kit.wire:Wire.send",
    "contract.kit.judge.findings:Findings.judge",
    "contract.kit.runner.run:Run.judge_so_far",
    "contract.kit.runner.protocol:Protocol.pytest_runtest_makereport",
    "contract.kit.target.estate:Estate.close",
    "contract.kit.runner.gathering:Gathering.gather",
    "contract.kit.runner.run:whole",
    "contract.kit.report.store:write",
    "contract.kit.report.summary:lines",
    "contract.kit.report.junit:document",
    "contract.kit.report.terminal:lines",
    "contract.kit.runner.session:ContractSession.stop",
)


@pytest.mark.parametrize("way", WAYS)
def test_a_suite_that_fails_is_not_taken_for_a_broken_contract(fast_farm: Farm, tmp_path: Path, way: str) -> None:
    run = fast_farm.run(tmp_path, "--clause", "AUTH-008", "-p", "tests.runner.sabotage", environ={"SABOTAGE": way})
    assert run.status not in (0, 1), run.output
    if run.results:
        assert run.violated == set()


def test_a_property_for_which_nothing_was_run_is_no_pass(fast_farm: Farm, tmp_path: Path) -> None:
    environ = {"SABOTAGE": "contract.kit.drive.properties:Properties.for_each", "SABOTAGE_SKIPS": "1"}
    run = fast_farm.run(tmp_path, "--clause", "AUTH-008", "-p", "tests.runner.sabotage", environ=environ)
    assert run.status == 3, run.output
    assert run.states("error") == {"AUTH-008"}
