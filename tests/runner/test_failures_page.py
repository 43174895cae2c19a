"""docs/failures.md does what it says: its commands, with a fault and without, its example and its curl line."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.farm import ROOT, Ended, Farm
from tests.runner.conftest import Launch
from tests.runner.started import account

PAGE = (ROOT / "docs" / "failures.md").read_text("utf-8")
RUN = ".venv/bin/pytest contract "
COMMANDS = [line.strip() for line in PAGE.splitlines() if line.startswith(f"    {RUN}")]
MUTANT = "err-cause-string"
BROKEN = "ERR-004"
LABELS = re.compile(r"^ +([a-z]+) ", re.MULTILINE)


def test_it_names_ways_to_judge_again() -> None:
    assert [command.split()[-1] for command in COMMANDS] == [BROKEN, "AUTH-001,INV", "--lf"]


def example() -> list[str]:
    """The labels of the page's violation, in their order."""
    block = PAGE[PAGE.index("ERR-004 MUST violated") : PAGE.index("- **expected**")]
    return LABELS.findall(block)


def violation(run: Ended) -> str:
    """As the terminal shows it."""
    return run.output[run.output.index(f"{BROKEN} MUST violated") :]


@pytest.mark.parametrize(("name", "status"), [(MUTANT, 1), ("documented", 0)])
def test_each_command_judges_what_it_says(farm: Farm, tmp_path: Path, launched: Launch, name: str, status: int) -> None:
    server = launched(name)
    ends = {}
    for command in COMMANDS[:-1]:
        arguments = shlex.split(command.removeprefix(RUN).replace("http://localhost:8080", server.url))
        run = farm.run(tmp_path / arguments[-1], *arguments, "--depth", "smoke", environ=account(server))
        ends[arguments[-1]] = run.status
        if run.violated:
            shown = iter(LABELS.findall(violation(run)))
            assert all(label in shown for label in example()), run.output[-4_000:]
            assert f"--clause {BROKEN}" in violation(run)
    assert ends == {BROKEN: status, "AUTH-001,INV": 0}


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not here")
def test_the_curl_line_shows_it_again(farm: Farm, tmp_path: Path, launched: Launch) -> None:
    server = launched(MUTANT)
    options = ("--target", server.url, "--clause", BROKEN, "--depth", "smoke")
    run = farm.run(tmp_path, *options, environ=account(server))
    line = next(line for line in violation(run).splitlines() if "curl -" in line)
    bash = ["bash", "-c", f"export CONTRACT_SESSION={server.session}; {line[line.index('curl -') :]}"]
    told = subprocess.run(bash, capture_output=True, text=True, timeout=30, check=True).stdout
    assert re.search(r'"cause": ?"', told), told


def test_only_what_the_run_before_broke_is_judged_again(farm: Farm, tmp_path: Path, launched: Launch) -> None:
    server = launched(MUTANT)
    options = ("--target", server.url, "--depth", "smoke")
    farm.run(tmp_path, *options, "--clause", BROKEN, environ=account(server))
    again = farm.run(tmp_path, *options, "--lf", environ=account(server))
    assert (again.status, again.violated) == (1, {BROKEN})
    assert again.states("pass") == set()
