"""A pytest plugin that writes what a run sends, a request a line, to the file named by RECORD.

Hex digits become zeros: UUIDs differ from run to run, and so do the sessions and UUIDs cut, altered and joined.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from contract.kit.wire import Wire

HEX = re.compile(r"[0-9a-fA-F]")
SENT: list[str] = []


@pytest.fixture(autouse=True, scope="session")
def recorded() -> None:
    send = Wire.send

    def kept(self: Wire, method: str, target: str, headers: Any = (), body: bytes = b"", **named: Any) -> Any:
        # As it is asked for: in what is recorded, secrets are replaced in as many pieces as they happen to have.
        if "clause" in named:
            SENT.append(HEX.sub("0", repr((named["clause"], method, target, headers, body))))
        return send(self, method, target, headers, body, **named)

    Wire.send = kept  # type: ignore[method-assign]


def pytest_sessionfinish() -> None:
    # Those side by side come in any order.
    Path(os.environ["RECORD"]).write_text("\n".join(sorted(SENT)), "utf-8")
