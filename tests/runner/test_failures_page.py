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
    ended: dict[str, Ended] = {}
    # `--lf` takes what the run before it broke.
    for command in sorted(COMMANDS, key=lambda command: not command.endswith((BROKEN, "--lf"))):
        arguments = shlex.split(command.removeprefix(RUN).replace("http://localhost:8080", server.url))
        if arguments[-1] != "--lf" or status:
            ended[arguments[-1]] = farm.run(tmp_path, *arguments, "--depth", "smoke", environ=account(server))
    assert (ended[BROKEN].status, ended["AUTH-001,INV"].status) == (status, 0)
    if status:
        assert (ended["--lf"].status, ended["--lf"].violated, ended["--lf"].states("pass")) == (1, {BROKEN}, set())
        shown = iter(LABELS.findall(violation(ended[BROKEN])))
        assert all(label in shown for label in example()), ended[BROKEN].output[-4_000:]
        assert f"--clause {BROKEN}" in violation(ended[BROKEN])
        if shutil.which("curl") is not None:
            assert re.search(r'"cause": ?"', sent_by_the_line(violation(ended[BROKEN]), server.session))


def sent_by_the_line(text: str, session: str) -> str:
    """What the first curl line in a text is answered."""
    line = next(line for line in text.splitlines() if "curl -" in line)
    bash = ["bash", "-c", f"export CONTRACT_SESSION={session}; {line[line.index('curl -') :]}"]
    return subprocess.run(bash, capture_output=True, text=True, timeout=30, check=True).stdout
