"""The server's own process: how it starts, what it says, and that it never outlives its parent."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from contract.kit.reference import NotStarted, UnknownReference, launch
from contract.kit.reference.launch import ROOT

COMMAND = [sys.executable, "-m", "contract.kit.reference"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=15, check=False)


def ended(pid: int, seconds: float = 5.0) -> bool:
    """Return True if the process ends in time (a zombie has ended)."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.01)
    return False


def test_a_launched_reference_says_where_it_is_and_stops() -> None:
    with launch("documented,delay=1") as reference:
        assert reference.name == "documented,delay=1"
        assert reference.url.startswith("http://127.0.0.1:")
        assert (reference.account, reference.password) == ("admin", "password")
        control = reference.control()
        assert control["touched"] == []
        assert control["alive"] == {"job_groups": [], "triggers": [], "associations": [], "sessions": 0}
        assert {len(reference.session), len(reference.job_group), len(reference.trigger)} == {32}
        assert reference.access_key_id
        assert reference.access_key_secret
        assert reference.alive()
    assert not reference.alive()
    reference.stop()


def test_sessions_can_be_ended_from_outside() -> None:
    with launch() as reference:
        assert reference.expire_sessions() == 1
        assert reference.control()["touched"] == ["the seeded session has ended"]


def test_launch_refuses_an_unknown_name_before_it_starts_anything() -> None:
    with pytest.raises(UnknownReference, match="near: documented"):
        launch("documentd")


def test_launch_says_that_the_port_is_taken() -> None:
    with launch() as reference:
        taken = int(reference.url.rsplit(":", 1)[1])
        with pytest.raises(NotStarted, match="it ended with status"):
            launch(port=taken)


def test_launch_does_not_wait_for_ever() -> None:
    with pytest.raises(NotStarted, match=r"it said nothing in 0\.0 s"):
        launch(seconds=0.0)


def test_it_ends_when_its_standard_input_closes() -> None:
    with subprocess.Popen(COMMAND, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["pid"] == process.pid
        process.stdin.close()
        assert process.wait(5) == 0


def test_it_ends_when_its_parent_is_killed() -> None:
    script = (
        "import time; from contract.kit.reference import launch; h = launch(); print(h.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        orphan = int(parent.stdout.readline())
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait(5)
        assert ended(orphan)


def test_it_ends_on_sigterm() -> None:
    with launch() as reference:
        reference.control()
        os.kill(reference.pid, signal.SIGTERM)
        assert ended(reference.pid)


def test_it_stays_without_a_standard_input() -> None:
    with subprocess.Popen(COMMAND, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        json.loads(process.stdout.readline())
        time.sleep(0.1)
        assert process.poll() is None
        process.kill()


def test_the_names_are_listed() -> None:
    listed = run("--list")
    assert listed.returncode == 0
    assert "  zstack-5.2\n" in listed.stdout
    assert "  failure_status=503|200|rest|400\n" in listed.stdout
    assert "  causes=0..6\n" in listed.stdout
    assert "  env-success-empty: a success is {} [ENV-001, STATE-006]\n" in listed.stdout


def test_an_unknown_name_ends_in_status_4_and_one_line() -> None:
    refused = run("documentd")
    assert refused.returncode == 4
    assert refused.stdout == ""
    assert refused.stderr == "no reference is named 'documentd'; near: documented\n"


def test_requests_are_logged_only_when_asked_for() -> None:
    command = [*COMMAND, "--log"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:  # type: ignore[call-overload]
        url = json.loads(process.stdout.readline())["url"]
        from urllib.request import urlopen

        urlopen(f"{url}/reference/control", timeout=5).close()
        process.stdin.close()
        assert b"GET /reference/control" in process.stderr.read()


def test_it_imports_nothing_that_it_does_not_need() -> None:
    script = "import sys, contract.kit.reference; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"uvicorn", "starlette", "httpx", "pytest", "schemathesis", "asyncio"} & set(loaded.stdout.split())
