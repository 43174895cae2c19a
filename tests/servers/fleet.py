"""The servers: how each is started, what it needs, and the slips that its framework invites."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from tests.farm import ROOT, inherited
from tests.servers.world import ACCOUNT, PASSWORD

FOLDER: Final = Path(__file__).parent
PYTHON: Final = os.environ.get("SERVERS_PYTHON", sys.executable)
"""The interpreter that has the frameworks."""
CREDENTIALS: Final = {"CONTRACT_ACCOUNT": ACCOUNT, "CONTRACT_PASSWORD": PASSWORD}


@dataclass(frozen=True, slots=True)
class Slip:
    """A fault that users of the framework really make; `test` is the file whose requests show it."""

    name: str
    clause: str
    test: str


@dataclass(frozen=True, slots=True)
class Server:
    """`command`: `{python}`, `{fd}` (of the listening socket), `{binary}` are filled in; `packages`: what it imports."""

    name: str
    command: tuple[str, ...]
    packages: tuple[str, ...] = ()
    slips: tuple[Slip, ...] = ()

    def lacks(self) -> str:
        """Why it cannot be started here, or ''."""
        if self.packages:
            gone = [package for package in self.packages if package not in _importable()]
            return f"{PYTHON} has no {', '.join(gone)}; see tests/servers/README.md" if gone else ""
        tool = "go" if self.name == "go" else self.command[0]
        return "" if shutil.which(tool) else f"there is no {tool} on this machine"

    @contextmanager
    def running(self, folder: Path, slip: str = "") -> Iterator[str]:
        """Its URL, while it runs; `folder` is for what it prints, and for a program that has to be built."""
        binary = folder / "server"
        if self.name == "go":
            subprocess.run(["go", "build", "-o", binary, FOLDER / "on_go" / "main.go"], check=True, timeout=300)
        with (
            socket.create_server(("127.0.0.1", 0), backlog=128) as listener,
            (folder / "server.txt").open("wb") as said,
        ):
            number = listener.fileno()
            command = [part.format(python=PYTHON, fd=number, binary=binary, folder=FOLDER) for part in self.command]
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                pass_fds=[number],
                env=inherited() | {"SERVER_SLIP": slip, "PYTHONDONTWRITEBYTECODE": "1"},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
            )
            try:
                yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            finally:
                process.terminate()
                try:
                    process.wait(5)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


GUNICORN = ("{python}", "-m", "gunicorn", "--bind", "fd://{fd}", "--log-level", "critical")
FLEET: Final = (
    Server(
        "fastapi",
        ("{python}", "-m", "tests.servers.on_fastapi", "{fd}"),
        ("fastapi", "uvicorn", "httptools"),
        (Slip("lax-booleans", "BODY-004", "test_body.py"), Slip("detail", "ENV-006", "test_body.py")),
    ),
    Server(
        "flask",
        (*GUNICORN, "--threads", "8", "tests.servers.on_flask:app"),
        ("flask", "gunicorn"),
        (
            Slip("recursion", "BODY-008", "test_body.py"),
            Slip("anything-after-the-session", "AUTH-002", "test_auth.py"),
            Slip("dates-of-jsonify", "INV-002", "test_inventory.py"),
        ),
    ),
    Server(
        "aiohttp",
        ("{python}", "-m", "tests.servers.on_aiohttp", "{fd}"),
        ("aiohttp",),
        (Slip("chunked", "BODY-001", "test_body.py"), Slip("charset", "BODY-001", "test_body.py")),
    ),
    Server(
        "django",
        (*GUNICORN, "tests.servers.on_django:app"),
        ("django", "gunicorn"),
        (Slip("newline", "PATH-004", "test_path.py"), Slip("routing-without-case", "PATH-006", "test_path.py")),
    ),
    Server(
        "go",
        ("{binary}", "{fd}"),
        (),
        (
            Slip("text-after-the-document", "BODY-006", "test_body.py"),
            Slip("names-in-any-case", "BODY-003", "test_body.py"),
        ),
    ),
    Server(
        "node",
        ("node", "{folder}/on_node.mjs", "{fd}"),
        (),
        (
            Slip("routing-without-case", "PATH-006", "test_path.py"),
            Slip("malformed-escape", "PATH-004", "test_path.py"),
            Slip("anything-after-the-session", "AUTH-002", "test_auth.py"),
        ),
    ),
)


@cache
def _importable() -> frozenset[str]:
    """Which of the packages the interpreter finds, asked once."""
    wanted = sorted({package for server in FLEET for package in server.packages})
    ask = f"import importlib.util as u; print(*(n for n in {wanted!r} if u.find_spec(n)))"
    told = subprocess.run([PYTHON, "-c", ask], capture_output=True, text=True, check=True, timeout=60)
    return frozenset(told.stdout.split())
