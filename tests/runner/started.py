"""Runs of the contract on a target that outlives them: how they are started and what they leave."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contract.kit.reference import Handle
from tests.farm import ROOT, Ended, ended, inherited


def account(handle: Handle) -> dict[str, str]:
    """The variables of a run that logs in."""
    return {"CONTRACT_ACCOUNT": handle.account, "CONTRACT_PASSWORD": handle.password}


def lent(handle: Handle) -> dict[str, str]:
    """The variables of a run that is given a session and the one pair that is ready."""
    return {
        "CONTRACT_SESSION": handle.session,
        "CONTRACT_JOB_GROUP": handle.job_group,
        "CONTRACT_TRIGGER": handle.trigger,
    }


def access_key(handle: Handle) -> dict[str, str]:
    """The variables of a run that signs its requests."""
    return {
        "CONTRACT_ACCESS_KEY_ID": handle.access_key_id,
        "CONTRACT_ACCESS_KEY_SECRET": handle.access_key_secret,
    }


def left(handle: Handle) -> dict[str, Any]:
    """What stands on the reference that did not before, and what is no longer as it was; {} for nothing."""
    page = handle.control()
    alive = page["alive"]
    assert isinstance(alive, dict)
    found = {name: value for name, value in alive.items() if value}
    return found | ({"touched": page["touched"]} if page["touched"] else {})


def start(folder: Path, environ: Mapping[str, str], *arguments: str, root: Path = ROOT) -> subprocess.Popen[bytes]:
    """`pytest contract` of a project in a process of its own, to be waited for or ended. It prints into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "output.txt").open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "pytest", "contract", "-q", "--reports", str(folder), *arguments],
            cwd=root,
            env={**inherited(), **environ},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def seen(handle: Handle) -> int:
    """How many requests of the endpoint the reference has had."""
    requests = handle.control()["requests"]
    assert isinstance(requests, dict)
    return int(requests.get("operation", 0))


def wait_for_requests(handle: Handle, run: subprocess.Popen[bytes], many: int) -> None:
    """Until the reference has been asked so many times."""
    deadline = time.monotonic() + 60
    while seen(handle) < many:
        assert run.poll() is None, "the run ended too early"
        assert time.monotonic() < deadline, "the run does not begin"
        time.sleep(0.02)


def stop_in_the_middle(
    folder: Path,
    handle: Handle,
    environ: Mapping[str, str],
    number: signal.Signals,
    after: int,
    *arguments: str,
    times: int = 1,
) -> Ended:
    """End a run by a signal after so many requests; it has to clean up and to say so. `times`: how often it is sent."""
    with start(folder, environ, *arguments, "--target", handle.url) as run:
        wait_for_requests(handle, run, after)
        for _ in range(times):
            run.send_signal(number)
            time.sleep(0.1)
        told = ended(run.wait(60), folder)
    assert told.status == 2, told.output
    assert "Traceback" not in told.output
    assert left(handle) == {}
    assert list(folder.glob("ledger-*")) == []
    footer = told.results["footer"]
    assert (footer["verdict"], footer["exit_status"], footer["why"]) == ("run broken", 2, "interrupted")
    return told
