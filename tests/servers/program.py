"""A program that runs beside a test and ends with it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.farm import inherited


@contextmanager
def running(
    command: Sequence[str], said: Path, cwd: Path, environ: Mapping[str, str], fds: Sequence[int] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """Run it with these variables beside the usual ones; what it prints goes into `said`. `fds`: it inherits them."""
    with said.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            pass_fds=fds,
            env={**inherited(), **environ},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
