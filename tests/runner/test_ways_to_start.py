"""However the contract is started, it runs as it should or says in one line why it does not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.farm import ROOT, inherited

ONE = ["--clause", "AUTH-008"]


def started(cwd: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *arguments],
        cwd=cwd,
        env={**inherited(), **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=170,
    )


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    link = tmp_path / "link"
    link.symlink_to(ROOT, target_is_directory=True)
    return link


def test_through_a_symlink(linked: Path, tmp_path: Path) -> None:
    run = started(tmp_path, str(linked / "contract"), *ONE, f"--reports={tmp_path / 'reports'}")
    assert run.returncode == 0, run.stdout
    assert "HOLDS: 1 passed" in run.stdout


def test_by_a_glob_of_a_shell(tmp_path: Path) -> None:
    files = [f"contract/{file.name}" for file in sorted((ROOT / "contract").glob("test_*.py"))]
    run = started(ROOT, *files, *ONE, f"--reports={tmp_path}")
    assert run.returncode == 0, run.stdout


def test_in_a_python_that_leaves_assertions_out(tmp_path: Path) -> None:
    broken = ["--target", "reference:auth-no-header-accepted", "--clause", "AUTH-001"]
    for arguments, status in ((ONE, 0), (broken, 1)):
        run = started(ROOT, "contract", *arguments, f"--reports={tmp_path}", PYTHONOPTIMIZE="1")
        assert run.returncode == status, run.stdout + run.stderr
        assert "Traceback" not in run.stdout + run.stderr


def test_in_processes_that_are_named_one_by_one(tmp_path: Path) -> None:
    run = started(ROOT, "contract", *ONE, "--tx", "2*popen", "--dist", "load", f"--reports={tmp_path}")
    assert run.returncode == 0, run.stdout
    assert "HOLDS: 1 passed" in run.stdout


@pytest.mark.parametrize("arguments", [["."], ["contract", "tests/test_walls.py"]], ids=str)
def test_both_halves_at_once_are_refused(arguments: list[str]) -> None:
    run = started(ROOT, *arguments, "--co")
    assert run.returncode == 4, run.stdout
    assert "never share a run: name one of them" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_folder_of_reports_beside_another_project(tmp_path: Path) -> None:
    """pytest takes a value for a path, and the project for the other's, unless an equals sign ties it to its option."""
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "reports").mkdir()
    project = tmp_path / "project"
    project.mkdir()
    for name in ("contract", "openapi", "pytest.ini"):
        os.symlink(ROOT / name, project / name)
    run = started(project, "contract", *ONE, "--reports", "../reports")
    assert run.returncode == 4, run.stdout
    assert "Traceback" not in run.stderr
    run = started(project, "contract", *ONE, "--reports=../reports")
    assert run.returncode == 0, run.stdout + run.stderr
    assert (tmp_path / "reports" / "results.json").exists()
