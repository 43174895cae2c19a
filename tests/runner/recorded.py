"""A pytest plugin that writes what a run sends, a request a line, to the file named by RECORD.

UUIDs differ from run to run, and so do the sessions and UUIDs cut, altered, joined and written otherwise. In the path
and the headers a run of hexadecimal or percent-encoded digits becomes one zero, and so does what may be base64; in the
body each hexadecimal digit does.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from contract.kit.wire import Wire

HEX = re.compile(r"[0-9a-fA-F]")
DIGITS = re.compile(r"(?:%[0-9a-fA-F]{2}|[0-9a-fA-F])+")
IN_PATH = re.compile(r"(?<=/)[0-9a-zA-Z_-]{20,24}(?:=|%3[dD])*(?=/|$)")
BASE64 = re.compile(r"[0-9a-zA-Z+/]{20,}=*")
SENT: list[str] = []


@pytest.fixture(autouse=True, scope="session")
def recorded() -> None:
    send = Wire.send

    def kept(self: Wire, method: str, target: str, headers: Any = (), body: bytes = b"", **named: Any) -> Any:
        # As it is asked for: in what is recorded, secrets are replaced in as many pieces as they happen to have.
        if "clause" in named:
            told = [(name, BASE64.sub("0", str(value))) for name, value in headers]
            head = DIGITS.sub("0", repr((named["clause"], method, IN_PATH.sub("0", target), told)))
            SENT.append(f"{head} {HEX.sub('0', repr(body))}")
        return send(self, method, target, headers, body, **named)

    Wire.send = kept  # type: ignore[method-assign]


def pytest_sessionfinish() -> None:
    # Those side by side come in any order.
    Path(os.environ["RECORD"]).write_text("\n".join(sorted(SENT)), "utf-8")
