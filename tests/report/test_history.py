"""The runs before: kept by target, depth and kind of run, and never compared across them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from contract.kit.report import history, publish
from contract.kit.verdict import Results, RunKind
from tests.report import example


def run(name: str, *, red: bool = False, **changes: object) -> Results:
    header = example.header(run_id=name, start=f"2026-02-0{name[-1]}T01:00:00Z", **changes)
    return replace(example.results() if red else example.conformant(), header=header)


TARGET = example.header().target


@pytest.mark.parametrize(
    "other",
    [
        run("run 2", red=True, depth="nightly"),
        run("run 2", red=True, target=TARGET | {"name": "production"}),
        run("run 2", red=True, target=TARGET | {"url": "http://127.0.0.1:9090"}),
        run("run 2", red=True, kind=RunKind.READ_ONLY),
        run("run 2", red=True, kind=RunKind.CHOSEN, asked=["ERR-004"]),
        run("run 2", red=True, kind=RunKind.PART, shard="1/2"),
    ],
    ids=["another depth", "another target", "another address", "read-only", "chosen clauses", "a shard"],
)
def test_unlike_runs_are_never_compared(other: Results, tmp_path: Path) -> None:
    for each in (run("run 1"), other, run("run 3")):
        publish.write(each, tmp_path)
    assert history.series(other) != history.series(run("run 3"))
    assert history.since(other, tmp_path) is None
    found = history.since(run("run 3"), tmp_path)
    assert found is not None
    assert found.old.header.run_id == "run 1"
    assert found.newly_broken == found.repaired == []
    assert [one.run_id for one in history.past(run("run 3"), tmp_path)] == ["run 1", "run 3"]


def test_runs_of_other_chosen_clauses_are_not_compared() -> None:
    asked = [run("run 1", kind=RunKind.CHOSEN, asked=[clause]) for clause in ("ERR-004", "ERR-005")]
    assert len({history.series(one) for one in asked}) == 2


def test_the_embedded_server_is_one_target_on_whatever_port() -> None:
    ports = [TARGET | {"kind": "reference", "url": f"http://127.0.0.1:{port}"} for port in (1, 2)]
    assert len({history.series(run("run 1", target=target)) for target in ports}) == 1


def test_a_run_is_remembered_once_however_often_it_is_written(tmp_path: Path) -> None:
    for each in (run("run 1"), run("run 2"), run("run 2")):
        publish.write(each, tmp_path)
    publish.write(run("run 2", red=True), tmp_path)
    found = history.past(run("run 2", red=True), tmp_path)
    assert [one.run_id for one in found] == ["run 1", "run 2"]
    since = history.since(run("run 2", red=True), tmp_path)
    assert since is not None
    assert since.old.header.run_id == "run 1"


def test_what_came_after_a_run_is_not_told_of_it(tmp_path: Path) -> None:
    for each in (run("run 1"), run("run 2"), run("run 3")):
        history.enter(each, tmp_path)
    assert [one.run_id for one in history.past(run("run 2"), tmp_path)] == ["run 1", "run 2"]
    since = history.since(run("run 1"), tmp_path)
    assert since is None


def test_as_many_runs_are_remembered_as_are_shown(tmp_path: Path) -> None:
    for number in range(history.RUNS + 5):
        header = example.header(run_id=str(number), start=f"2026-02-01T01:{number:02d}:00Z")
        history.enter(replace(example.conformant(), header=header), tmp_path)
    (file,) = (tmp_path / history.FOLDER).glob("*.jsonl")
    assert len(file.read_text(encoding="utf-8").splitlines()) == history.RUNS


def test_a_line_that_another_version_wrote_or_that_is_cut_is_passed_over(tmp_path: Path) -> None:
    history.enter(run("run 1"), tmp_path)
    (file,) = (tmp_path / history.FOLDER).glob("*.jsonl")
    whole = file.read_text(encoding="utf-8")
    file.write_text(f'{whole[:50]}\n[]\n{{"run_id": "x"}}\n{whole}', encoding="utf-8")
    assert [one.run_id for one in history.past(run("run 2"), tmp_path)] == ["run 1", "run 2"]


def test_without_a_history_a_run_is_its_own(tmp_path: Path) -> None:
    assert history.past(run("run 1"), tmp_path) == [history.of(run("run 1"))]
    assert history.since(run("run 1"), tmp_path) is None


def test_names_of_files_hold_no_path(tmp_path: Path) -> None:
    target = TARGET | {"name": "../../etc/x", "url": "http://h/../.."}
    name = history.series(run("run 1", target=target))
    assert "/" not in name
    assert not name.startswith(".")
