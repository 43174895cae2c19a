"""Whole processes: their wall time, their memory, and what they say of themselves."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from contract.kit.description import DEFAULT
from contract.kit.reference import Handle

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Ran:
    """`wall` in seconds; `memory` in MB at its highest; `exchanges` sent."""

    wall: float
    memory: float
    exchanges: int
    status: int


def contract(server: Handle, *options: str, plugins: tuple[str, ...] = (), **environ: str) -> Ran:
    """`pytest contract` on a server that is running."""
    with tempfile.TemporaryDirectory() as folder:
        named = [part for plugin in plugins for part in ("-p", plugin)]
        command = [sys.executable, "-m", "pytest", "contract", *named, "--target", server.url, "--reports", folder]
        secrets = {"CONTRACT_ACCOUNT": server.account, "CONTRACT_PASSWORD": server.password}
        wall, memory, status, _ = _run([*command, *options], secrets | environ)
        found = json.loads((Path(folder) / "results.json").read_text("utf-8"))
    return Ran(wall, memory, int(found["footer"]["exchanges"]), status)


def schemathesis(server: Handle, *options: str, config: str = "schemathesis.toml") -> Ran:
    """`schemathesis run` of the project's description on a server that is running."""
    program = str(Path(sys.executable).with_name("schemathesis"))
    command = [program, "--config-file", config, "run", str(DEFAULT), "--url", server.url]
    wall, memory, status, said = _run([*command, "-H", f"Authorization: OAuth {server.session}", *options], {})
    cases = re.search(r"(\d+) generated", said)
    return Ran(wall, memory, int(cases[1]) if cases else 0, status)


def _run(command: list[str], environ: dict[str, str]) -> tuple[float, float, int, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("CONTRACT_", "PYTEST_"))}
    began = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=ROOT, env=clean | environ, stdout=said, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    return wall, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status), text
