"""Start a reference in a process of its own, and stop it."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

from contract.kit.reference.naming import parse_name

START_SECONDS = 15.0
ROOT = Path(__file__).resolve().parents[3]


class NotStarted(RuntimeError):  # noqa: N818
    """The server's process ended, or said nothing in time."""


class Handle:
    """A running reference. Leaving the context, or `stop`, ends its process."""

    def __init__(self, process: subprocess.Popen[bytes], started: dict[str, object]) -> None:
        self._process = process
        self.started = started
        self.name = str(started["name"])
        self.url = str(started["url"])
        self.account = str(started["account"])
        self.ordinary_account = str(started["ordinary_account"])
        self.password = str(started["password"])
        self.session = str(started["session"])
        self.job_group = str(started["job_group"])
        self.trigger = str(started["trigger"])
        self.access_key_id = str(started["access_key_id"])
        self.access_key_secret = str(started["access_key_secret"])
        self.pid = process.pid

    def control(self) -> dict[str, object]:
        """What the server has seen and what is left in it (see control.page)."""
        return self._ask("GET", "/reference/control")

    def expire_sessions(self) -> int:
        """End every session on the server. Returns how many there were."""
        ended = self._ask("POST", "/reference/control/expire-sessions")["ended"]
        assert isinstance(ended, int)
        return ended

    def _ask(self, method: str, path: str) -> dict[str, object]:
        parts = urlsplit(self.url)
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=5)
        try:
            connection.request(method, path)
            answer = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        assert isinstance(answer, dict)
        return answer

    def alive(self) -> bool:
        return self._process.poll() is None

    def stop(self) -> None:
        """End the process. Safe to call again."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Handle:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def launch(name: str = "documented", *, port: int = 0, seconds: float = START_SECONDS) -> Handle:
    """Start the reference of that name and wait until it listens.

    UnknownReference for a name that stands for none; NotStarted when it does not come up in `seconds`.
    """
    parse_name(name)
    environment = dict(os.environ)
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), environment.get("PYTHONPATH"))))
    process = subprocess.Popen(
        [sys.executable, "-m", "contract.kit.reference", name, "--port", str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        cwd=ROOT,
    )
    try:
        line = _first_line(process, seconds)
        started = json.loads(line)
    except (NotStarted, ValueError) as failed:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
        raise NotStarted(f"the reference {name!r} did not start: {failed}") from None
    return Handle(process, started)


def _first_line(process: subprocess.Popen[bytes], seconds: float) -> bytes:
    """The first line of the process's output. NotStarted when it ends, or takes longer than `seconds`."""
    assert process.stdout is not None
    deadline = time.monotonic() + seconds
    line = b""
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        while not line.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not waiting.select(left):
                raise NotStarted(f"it said nothing in {seconds} s")
            # Byte-wise from the descriptor, past the buffer, or select would not know of bytes held in it.
            chunk = os.read(process.stdout.fileno(), 4096)
            if not chunk:
                raise NotStarted(f"it ended with status {process.wait()}")
            line += chunk
    return line
