"""The command line: what each command prints, and its exit status."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from contract.kit.report import publish, store
from contract.kit.runner import commands
from contract.kit.verdict.results import VerdictWord
from tests.report import example


@pytest.fixture
def runs(tmp_path: Path) -> tuple[str, str]:
    """Two runs: one that found nothing, one in which everything happened."""
    good = replace(example.conformant(), header=example.header(run_id="another"))
    paths = [store.write(run, tmp_path / name) for name, run in (("good", good), ("bad", example.results()))]
    return str(paths[0]), str(paths[1])


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["nonsense"],
        ["compare", "one"],
        ["report", "/nowhere"],
        ["waive", "/nowhere"],
        ["merge", "/nowhere"],
        ["compare", "/nowhere", "/nowhere"],
        ["clauses", "--nonsense"],
    ],
)
def test_a_mistake_is_one_line_and_status_4(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(argv) == 4
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("contract: ")
    assert told.err.count("\n") == 1


def test_it_is_a_module_that_is_called_and_starts_fast() -> None:
    code = (
        "import sys, contract.kit.runner.commands as _;"
        "print([m for m in ('allure_commons', 'httpx', 'yaml') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
    ended = subprocess.run([sys.executable, "-m", "contract", "waive"], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr.count("\n")) == (4, 1)


def test_compare_ends_with_1_where_a_clause_is_newly_broken(
    runs: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = runs
    assert commands.main(["compare", good, bad]) == 1
    assert "Newly broken (4)" in capsys.readouterr().out
    assert commands.main(["compare", bad, good, "--markdown"]) == 0
    assert "- Repaired: AUTH-001, ENV-002, ENV-005, ERR-004, ERR-006" in capsys.readouterr().out


def test_merge_writes_the_reports_and_ends_as_the_whole(
    runs: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.main(["merge", *runs, "--reports", str(tmp_path / "merged")]) == 1
    assert "NOT CONFORMANT: " in capsys.readouterr().out
    assert store.read(tmp_path / "merged").footer.verdict is VerdictWord.NOT_CONFORMANT
    assert {path.name for path in (tmp_path / "merged").iterdir()} == {
        "results.json",
        "summary.md",
        "junit.xml",
        "allure-results",
        "history",
        "index.html",
    }


def test_waive_prints_a_waiver_file(runs: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["waive", runs[1]]) == 0
    assert 'clause = "AUTH-001"' in capsys.readouterr().out


def test_clauses_prints_the_register(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["clauses"]) == 0
    text = capsys.readouterr().out
    assert commands.main(["clauses", "--markdown"]) == 0
    page = capsys.readouterr().out
    for name in ("PATH-001", "AUTH-011", "ENV-007", "ERR-007", "INV-004", "BODY-009", "STATE-006"):
        assert name in text
        assert f"\n| {name} | " in page
    assert "test_auth.py::" in text


def test_a_reader_that_goes_early_is_no_trouble(tmp_path: Path) -> None:
    line = f"{sys.executable} -m contract clauses | head -1; echo ${{PIPESTATUS[0]}}"
    ended = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)
    assert ended.stderr == ""
    assert ended.stdout.splitlines()[-1] in ("0", "141")


def test_report_makes_the_page_of_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    publish.write(example.results(), tmp_path)
    assert commands.main(["report", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'index.html'}\n"
    assert (tmp_path / "index.html").is_file()
