"""Runs that are asked about some clauses: what they send, and that they speak of these alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.kit.config import UsageError
from contract.kit.judge import clauses
from contract.kit.runner import chosen
from tests.farm import ROOT, Farm

REGISTER = clauses.load()
HOME = ROOT / "contract"
EVERY = [clause.id for clause in REGISTER.clauses]


def ids(family: str) -> tuple[str, ...]:
    return tuple(name for name in EVERY if name.startswith(family))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["ERR-004"], ("ERR-004",)),
        (["err-004", "auth-001", "ERR-004"], ("AUTH-001", "ERR-004")),
        (["ERR"], ids("ERR-")),
        (["inv", "PATH-001"], ("PATH-001", *ids("INV-"))),
        ([], ()),
    ],
)
def test_words_stand_for_clauses_in_the_order_of_the_register(words: list[str], found: tuple[str, ...]) -> None:
    assert chosen.named(words, REGISTER) == found


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("ERR-044", "did you mean ERR-004?"),
        ("AUHT", "did you mean AUTH?"),
        ("42", "give an id such as ERR-004, or a family: PATH,"),
        ("PATH-008", "PATH-008: it is not tested: "),
    ],
)
def test_a_word_that_stands_for_none_is_told(word: str, said: str) -> None:
    with pytest.raises(UsageError, match="--clause") as raised:
        chosen.named([word], REGISTER)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["contract"], ()),
        (["contract/test_inventory.py"], ids("INV-")),
        ([f"contract/{file.name}" for file in HOME.glob("test_*.py")], ()),
        (["contract/test_inventory.py", "contract"], ()),
        (["contract/test_error.py::test_cause_is_null_or_an_error"], ("ERR-004",)),
    ],
)
def test_files_and_tests_stand_for_the_clauses_that_they_judge(arguments: list[str], found: tuple[str, ...]) -> None:
    assert chosen.in_tests(arguments, ROOT, HOME, REGISTER) == found


@pytest.mark.parametrize("argument", ["contract/test_nothing.py", "contract/test_error.py::test_nothing"])
def test_a_test_that_is_not_there_is_told(argument: str) -> None:
    with pytest.raises(UsageError, match="no test of the contract is named so"):
        chosen.in_tests([argument], ROOT, HOME, REGISTER)


def test_a_clause_of_its_own_requests_holds_after_a_good_one(farm: Farm, tmp_path: Path) -> None:
    run = farm.run(tmp_path, "--clause", "AUTH-008")
    assert run.status == 0, run.output
    footer, header = run.results["footer"], run.results["header"]
    assert (footer["verdict"], header["kind"], header["asked"]) == ("holds", "chosen clauses", ["AUTH-008"])
    assert [row["id"] for row in run.results["clauses"]] == ["AUTH-008"]
    assert footer["exchanges"] < 400
    assert "the rest of the contract was not asked" in run.output
    assert "conformant" not in run.output.lower()


@pytest.mark.parametrize(
    "arguments", [["--clause", "ERR-004"], ["-k", "ERR-004"], ["-k", "test_cause_is_null"]], ids=" ".join
)
def test_a_clause_over_every_answer_is_given_the_requests_of_all_tests(
    farm: Farm, tmp_path: Path, arguments: list[str]
) -> None:
    run = farm.run(tmp_path, "--depth", "smoke", "--target", "reference:err-cause-string", *arguments)
    assert run.status == 1, run.output
    assert run.results["footer"]["verdict"] == "violated"
    assert run.violated == {"ERR-004"}
    assert run.results["footer"]["exchanges"] > 300


def test_another_broken_clause_is_not_spoken_of(farm: Farm, tmp_path: Path) -> None:
    run = farm.run(tmp_path, "--target", "reference:err-cause-string", "--clause", "AUTH-008,PATH-003")
    assert run.status == 0, run.output
    assert run.results["footer"]["verdict"] == "holds"


def test_a_family_s_file_by_itself_can_look_fixed(farm: Farm, tmp_path: Path) -> None:
    run = farm.run(tmp_path, "--depth", "smoke", "-n2", tests="contract/test_inventory.py")
    assert run.status == 0, run.output
    assert [row["id"] for row in run.results["clauses"]] == list(ids("INV-"))


def test_what_broke_before_is_asked_again(farm: Farm, tmp_path: Path) -> None:
    broken = farm.run(tmp_path, "--target", "reference:auth-lower-case-name-refused", "--clause", "AUTH-008")
    assert broken.status == 1
    again = farm.run(tmp_path, "--lf")
    assert again.status == 0, again.output
    assert again.results["header"]["asked"] == ["AUTH-008"]


def test_an_order_of_its_own_is_refused(farm: Farm, tmp_path: Path) -> None:
    run = farm.run(tmp_path, "--ff")
    assert run.status == 4
    assert "--ff has no meaning here" in run.output


def test_a_run_that_did_not_start_leaves_no_report_of_before(farm: Farm, tmp_path: Path) -> None:
    green = farm.run(tmp_path, "--clause", "AUTH-008")
    assert green.status == 0
    nothing = farm.run(tmp_path, "--depth", "gat")
    assert nothing.results["footer"]["verdict"] == "did not start"
    for name in ("summary.md", "junit.xml", "index.html"):
        assert "did you mean gate" in (tmp_path / name).read_text(), name
    assert "holds" in (tmp_path / "results.before.json").read_text()


def test_reports_that_cannot_be_written_are_named_and_the_verdict_is_told(farm: Farm, tmp_path: Path) -> None:
    (tmp_path / "reports" / "summary.md" / "x").mkdir(parents=True)
    run = farm.run(tmp_path / "reports", "--clause", "AUTH-008")
    assert run.status == 3, run.output
    assert "HOLDS: 1 passed" in run.output
    assert "the reports cannot be written" in run.output
    assert "summary.md" in run.output
    assert "Traceback" not in run.output
