"""The servers: how each is started, what it needs, and the slips that its framework invites."""

from __future__ import annotations

import importlib.util
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

from tests.farm import ROOT
from tests.servers.program import running
from tests.servers.world import ACCOUNT, PASSWORD

FOLDER: Final = Path(__file__).parent
ON_REQUEST: Final = os.environ.get("SERVERS", "")
"""A depth, where more is asked for than a smoke run."""
CREDENTIALS: Final = {"CONTRACT_ACCOUNT": ACCOUNT, "CONTRACT_PASSWORD": PASSWORD}


@dataclass(frozen=True, slots=True)
class Slip:
    """A fault that users of the framework really make, and the clause that catches it."""

    name: str
    clause: str


@dataclass(frozen=True, slots=True)
class Server:
    """`packages` are what it imports; `{python}`, `{fd}` (of the listening socket), `{binary}` stand in its command."""

    name: str
    command: tuple[str, ...]
    packages: tuple[str, ...] = ()
    slips: tuple[Slip, ...] = ()

    def lacks(self) -> str:
        """Why it cannot be started here, or ''."""
        if self.packages:
            gone = [package for package in self.packages if importlib.util.find_spec(package) is None]
            return f"no {', '.join(gone)} here: pip install -r requirements-servers.lock" if gone else ""
        tool = "go" if self.name == "go" else self.command[0]
        if not shutil.which(tool):
            return f"there is no {tool} on this machine"
        if self.name == "go" and not ON_REQUEST and _has_to_compile():
            return "net/http is not compiled yet, which takes a minute: `go build net/http`, once"
        return ""

    @contextmanager
    def running(self, folder: Path, slip: str = "") -> Iterator[str]:
        """Its URL, while it runs; `folder` is for what it prints, and for a program that has to be built."""
        binary = folder / "server"
        if self.name == "go":
            subprocess.run(["go", "build", "-o", binary, FOLDER / "on_go" / "main.go"], check=True, timeout=300)
        with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
            number = listener.fileno()
            places = {"python": sys.executable, "fd": number, "binary": binary, "folder": FOLDER}
            command = [part.format(**places) for part in self.command]
            environ = {"SERVER_SLIP": slip, "PYTHONDONTWRITEBYTECODE": "1"}
            with running(command, folder / "server.txt", ROOT, environ, [number]):
                yield f"http://127.0.0.1:{listener.getsockname()[1]}"


GUNICORN = ("{python}", "-m", "gunicorn", "--bind", "fd://{fd}", "--log-level", "critical")
FLEET: Final = (
    Server(
        "fastapi",
        ("{python}", "-m", "tests.servers.on_fastapi", "{fd}"),
        ("fastapi", "uvicorn", "httptools"),
        (Slip("lax-booleans", "BODY-004"), Slip("detail", "ENV-006")),
    ),
    Server(
        "flask",
        (*GUNICORN, "--threads", "8", "tests.servers.on_flask:app"),
        ("flask", "gunicorn"),
        (
            Slip("recursion", "BODY-008"),
            Slip("anything-after-the-session", "AUTH-002"),
            Slip("dates-of-jsonify", "INV-002"),
        ),
    ),
    Server(
        "aiohttp",
        ("{python}", "-m", "tests.servers.on_aiohttp", "{fd}"),
        ("aiohttp",),
        (Slip("charset", "BODY-001"), Slip("coding", "BODY-001")),
    ),
    Server(
        "django",
        (*GUNICORN, "tests.servers.on_django:app"),
        ("django", "gunicorn"),
        (Slip("chunked", "BODY-001"), Slip("routing-without-case", "PATH-006")),
    ),
    Server(
        "go",
        ("{binary}", "{fd}"),
        (),
        (Slip("text-after-the-document", "BODY-006"), Slip("names-in-any-case", "BODY-003")),
    ),
    Server(
        "node",
        ("node", "{folder}/on_node.mjs", "{fd}"),
        (),
        (
            Slip("routing-without-case", "PATH-006"),
            Slip("malformed-escape", "PATH-004"),
            Slip("anything-after-the-session", "AUTH-002"),
        ),
    ),
)


@cache
def _has_to_compile() -> bool:
    asked = ["go", "list", "-f", "{{.Stale}}", "net/http"]
    return subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60).stdout.strip() == "true"
