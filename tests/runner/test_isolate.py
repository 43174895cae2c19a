"""A run tells what makes a clause break, leaves no trace of finding it out, and sends nothing more where it may not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract.kit.exchange import Exchange, Expect, TroubleKind
from contract.kit.judge.rules import Rule, rules_of
from contract.kit.reference import Handle, launch
from contract.kit.runner import isolate
from tests.farm import Farm
from tests.judge.build import answered, failed, granted, rejected, response, troubled
from tests.runner.started import lent

LONG_TEXT = "fails only with: a text of 1,000,000 characters in `x` (without it: 200)"
Given = Callable[[Handle], dict[str, str]]


def account(server: Handle) -> dict[str, str]:
    return {"CONTRACT_ACCOUNT": server.account, "CONTRACT_PASSWORD": server.password}


IN_BODY = "contract/test_body.py"
CASES = {
    "BODY-008": ("body-megabyte-crashes", f"{IN_BODY}::test_extreme_body_is_answered_in_time", LONG_TEXT),
    "STATE-002": ("state-not-made-with-tags", "contract/test_state.py::test_association_follows_the_answer", "Tags`"),
    "BODY-002": ("zsvirt", f"{IN_BODY}::test_optional_members_are_optional", "a character above U+FFFF in"),
}


@pytest.mark.parametrize("clause", CASES)
@pytest.mark.parametrize("given", [account, lent])
def test_a_cause_is_told_and_no_trace_is_left(farm: Farm, tmp_path: Path, clause: str, given: Given) -> None:
    target, tests, cause = CASES[clause]
    with launch(target) as server:
        run = farm.run(tmp_path, "--target", server.url, "--depth", "gate", tests=tests, environ=given(server))
        control = server.control()
    rows = [row for row in run.results["clauses"] if row["id"] == clause]
    told = [violation["isolated"] for violation in rows[0]["violations"]]
    assert any(cause in one and one.startswith("fails only with: ") for one in told), told
    assert any("sent to isolate" in notice for notice in run.results["notices"])
    assert control["touched"] == []
    assert run.results["cleanup"]["left"] == []


def test_a_conforming_target_is_sent_nothing_more(farm: Farm, tmp_path: Path) -> None:
    run = farm.run(tmp_path, "--depth", "smoke", tests="contract/test_path.py")
    assert not any("sent to isolate" in notice for notice in run.results["notices"])


def test_a_read_only_run_sends_only_what_must_be_refused(farm: Farm, tmp_path: Path) -> None:
    with launch("auth-no-guard-with-tags") as server:
        options = ("--target", server.url, "--depth", "smoke", "--read-only")
        run = farm.run(tmp_path, *options, tests="contract/test_auth.py", environ=lent(server))
        control = server.control()
    assert run.violated & {"AUTH-001", "AUTH-002", "AUTH-007"}
    assert control["touched"] == []


NO: dict[str, Any] = {"expect": Expect.REFUSAL}
LET_IN, FORM = rules_of("AUTH-001")[0], rules_of("BODY-003")[0]


@pytest.mark.parametrize(
    ("rule", "one", "clauses", "owner"),
    [
        (LET_IN, rejected(expect=Expect.SUCCESS), {"BODY-002"}, "BODY-002"),
        (LET_IN, answered(500, b"", expect=Expect.EITHER), {"BODY-007"}, "BODY-007"),
        (LET_IN, rejected(expect=Expect.SUCCESS), {"BODY-002", "PATH-007"}, ""),
        (LET_IN, rejected(expect=Expect.SUCCESS), {"BODY-001", "BODY-002"}, "BODY-001"),
        (LET_IN, granted(**NO), {"BODY-001"}, "AUTH-007"),
        (LET_IN, granted(**NO), {""}, ""),
        (rules_of("AUTH-003")[0], granted(**NO), {"PATH-007"}, ""),
        (FORM, granted(**NO), {"BODY-001"}, ""),
        (LET_IN, answered(500, b"", **NO), {"PATH-007"}, "PATH-007"),
        (LET_IN, failed(**NO), {"PATH-007"}, ""),
    ],
)
def test_what_breaks_for_its_cause_is_told_by_the_clause_of_that(
    rule: Rule, one: Exchange, clauses: set[str], owner: str
) -> None:
    assert isolate.owner(rule, one, clauses) == owner


def test_bytes_behind_an_answer_do_not_make_it_another_answer() -> None:
    behind = troubled(TroubleKind.MALFORMED, response(500, b""))
    assert isolate._symptom(behind) == isolate._symptom(answered(500, b""))
    assert isolate._symptom(behind) != isolate._symptom(troubled(TroubleKind.MALFORMED))
