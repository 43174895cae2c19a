"""The model of what is listed, and what a walk of the state machine reaches."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis.errors import FlakyStrategyDefinition

from contract.kit.config import load
from contract.kit.drive import Drive, drive_machine, walks
from contract.kit.drive.model import Model, concerns_others, sharing
from contract.kit.drive.walks import walk
from contract.kit.exchange import Exchange, Expect, Response
from contract.kit.reference import launch
from contract.kit.reference.launch import Handle
from contract.kit.runner.run import Run
from contract.kit.target import Pair, What
from tests.judge.build import GROUP, TRIGGER, answered, exchange, failed, granted

Given = Callable[[Handle], dict[str, str]]
PAIR = Pair(GROUP, TRIGGER)
STRANGER = "0" * 32
CLAUSES = (
    *("STATE-002", "STATE-001", "STATE-004", "PATH-001", "PATH-002"),
    *("AUTH-001", "AUTH-002", "AUTH-004", "AUTH-005", "BODY-009"),
)


class Lists:
    """What each end lists."""

    def __init__(self) -> None:
        self.now: dict[tuple[What, str], list[str] | None] = {}

    def lists(self, ends: Iterable[tuple[What, str]]) -> dict[tuple[What, str], list[str] | None]:
        return {end: self.now.get(end, []) for end in ends}


def modelled(only: Pair | None = None) -> tuple[Model, Lists]:
    lists = Lists()
    model = Model(lists.lists, only)
    model.add_end(What.GROUP, GROUP)
    model.add_end(What.TRIGGER, TRIGGER)
    return model, lists


def differing(model: Model) -> set[What]:
    return {end[0] for end, one in model.look().items() if one.listed != one.expected}


def test_a_success_is_expected_at_both_ends_once() -> None:
    model, lists = modelled()
    model.take(PAIR, granted())
    assert differing(model) == {What.GROUP, What.TRIGGER}
    lists.now[What.GROUP, GROUP] = [TRIGGER]
    assert differing(model) == {What.TRIGGER}
    lists.now[What.TRIGGER, TRIGGER] = [GROUP]
    assert differing(model) == set()
    lists.now[What.TRIGGER, TRIGGER] = [GROUP, GROUP]
    model.take(PAIR, granted())
    assert differing(model) == {What.TRIGGER}


def test_a_failure_changes_nothing() -> None:
    model, lists = modelled()
    model.take(PAIR, failed())
    lists.now[What.GROUP, GROUP] = [TRIGGER]
    assert differing(model) == {What.GROUP}


@pytest.mark.parametrize("one", [exchange(), answered(500, b""), failed(resent=1)], ids=["none", "crash", "resent"])
def test_an_answer_that_leaves_it_open_is_not_held_against_the_target(one: object) -> None:
    model, lists = modelled()
    model.take(PAIR, one)  # type: ignore[arg-type]
    lists.now[What.GROUP, GROUP] = [TRIGGER]
    assert differing(model) == set()
    assert model.associated(PAIR)


UNTOLD = exchange(Response(202, (), b"{}"), settled=Response(404, (), b"the job has been expired"))


@pytest.mark.parametrize("one", [exchange(), UNTOLD], ids=["none", "never told"])
def test_what_had_no_end_that_was_told_may_be_done_after_any_look(one: Exchange) -> None:
    model, lists = modelled()
    model.take(PAIR, one)
    assert differing(model) == set()
    lists.now[What.GROUP, GROUP] = [TRIGGER]
    assert differing(model) == set()
    lists.now[What.TRIGGER, TRIGGER] = [GROUP]
    assert differing(model) == set()
    lists.now.clear()
    assert differing(model) == {What.GROUP, What.TRIGGER}


def test_a_crash_is_open_for_one_look() -> None:
    model, lists = modelled()
    model.take(PAIR, answered(500, b""))
    assert differing(model) == set()
    lists.now[What.GROUP, GROUP] = [TRIGGER]
    assert differing(model) == {What.GROUP}


def test_a_refused_request_that_crashes_leaves_nothing_open() -> None:
    model, lists = modelled()
    model.take(PAIR, answered(500, b"", expect=Expect.REFUSAL))
    lists.now[What.GROUP, GROUP] = [TRIGGER]
    assert differing(model) == {What.GROUP}


def test_an_end_that_does_not_tell_is_passed_over() -> None:
    model, lists = modelled()
    model.take(PAIR, granted())
    lists.now = {(What.GROUP, GROUP): [TRIGGER], (What.TRIGGER, TRIGGER): None}
    assert {end[0] for end in model.look()} == {What.GROUP}


def test_of_a_lent_pair_what_others_do_to_its_ends_is_not_looked_at() -> None:
    model, lists = modelled(only=PAIR)
    lists.now[What.GROUP, GROUP] = [STRANGER]
    assert differing(model) == set()
    lists.now[What.GROUP, GROUP] = [STRANGER, TRIGGER]
    assert differing(model) == {What.GROUP}


def test_what_is_adopted_is_right_from_then_on() -> None:
    model, lists = modelled()
    lists.now[What.GROUP, GROUP] = [STRANGER]
    model.adopt()
    assert differing(model) == set()


def test_a_difference_that_no_pair_of_a_step_names_is_told_apart() -> None:
    model, lists = modelled()
    model.take(PAIR, granted())
    lists.now[What.TRIGGER, TRIGGER] = [GROUP]
    end, one = next(iter(model.look().items()))
    assert not concerns_others(end, one, [PAIR])
    assert concerns_others(end, one, [Pair(GROUP, STRANGER)])


def test_pairs_that_share_an_end() -> None:
    other, apart = Pair(GROUP, STRANGER), Pair(STRANGER, "1" * 32)
    assert sharing(What.GROUP, [PAIR, other, apart]) == [[PAIR, other]]
    assert sharing(What.TRIGGER, [PAIR, other, apart]) == []


def account(server: Handle) -> dict[str, str]:
    return {"CONTRACT_ACCOUNT": server.account, "CONTRACT_PASSWORD": server.password}


def lent(server: Handle) -> dict[str, str]:
    return {
        "CONTRACT_SESSION": server.session,
        "CONTRACT_JOB_GROUP": server.job_group,
        "CONTRACT_TRIGGER": server.trigger,
    }


@contextmanager
def opened(name: str, depth: str, reports: Path, given: Given) -> Iterator[tuple[Run, Drive]]:
    with launch(name) as server:
        run = Run(load({"target": server.url, "depth": depth, "reports": str(reports)}, given(server)), "walk", 0)
        run.open()
        try:
            run.drive.begin(CLAUSES, "walk")
            yield run, run.drive
        finally:
            run.close()
        assert server.control()["touched"] == []


def violated(run: Run) -> set[str]:
    return {clause for clause in CLAUSES if run.findings.of(clause).violations}


REACHED = {
    *(
        "the first pair of new ends",
        "the pair added before",
        "the pair added before and removed",
        "2 pairs with a common end side by side",
    ),
    *("added by another session", "added by a session that was logged out"),
    *(f"{end} that {was}" for end in ("a job group", "a trigger") for was in ("never existed", "was deleted")),
    *(f"a job group that {was} and a trigger that {was}" for was in ("never existed", "was deleted")),
}
LENT = {case for case in REACHED if not any(word in case for word in ("deleted", "side by side", "session"))}


@pytest.mark.parametrize(("given", "cases"), [(account, REACHED), (lent, LENT)], ids=["account", "lent"])
@pytest.mark.parametrize("name", ["documented", "zstack-5.2"])
def test_a_walk_reaches_every_kind_of_step_in_few_requests(
    tmp_path: Path, name: str, given: Given, cases: set[str]
) -> None:
    with opened(name, "smoke", tmp_path, given) as (run, drive):
        drive_machine(drive, 4, 14)
        sent = Counter(one.case for one in drive.traffic)
    assert cases <= sent.keys()
    assert len(drive.traffic) <= 90
    assert violated(run) == set()
    assert drive.begun_anew == 0


def test_a_target_that_answers_the_same_steps_in_two_ways_is_walked_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walked = itertools.count()

    def in_two_ways(*args: Any) -> None:
        walk(*args)
        if next(walked) == 0:
            raise FlakyStrategyDefinition

    monkeypatch.setattr(walks, "walk", in_two_ways)
    with opened("documented", "gate", tmp_path, account) as (run, drive):
        drive_machine(drive, 4, 14)
    assert drive.begun_anew == 1
    assert next(walked) > 4
    assert violated(run) == set()


@pytest.mark.parametrize(
    ("mutant", "given", "clauses"),
    [
        ("path-deleted-group-accepted", account, {"PATH-002"}),
        ("path-deleted-trigger-accepted", account, {"PATH-002"}),
        ("state-unknown-group-listed", account, {"STATE-002"}),
        ("state-unknown-trigger-listed", account, {"STATE-002"}),
        ("state-again-listed-twice", account, {"STATE-002"}),
        ("state-again-listed-twice", lent, {"STATE-002"}),
        ("state-again-drops-another", account, {"STATE-002"}),
        ("state-only-the-newest", account, {"STATE-002"}),
        ("state-not-after-removal", lent, {"PATH-001"}),
        ("auth-stranger-removes", lent, {"AUTH-005"}),
        ("auth-ended-session-but-made", account, {"AUTH-005"}),
    ],
    ids=lambda value: getattr(value, "__name__", None) or (value if isinstance(value, str) else ""),
)
def test_a_walk_blames_what_differs_on_the_right_clause(
    tmp_path: Path, mutant: str, given: Given, clauses: set[str]
) -> None:
    with opened(mutant, "gate", tmp_path, given) as (run, drive):
        drive_machine(drive, 4, 14)
    assert violated(run) == clauses
