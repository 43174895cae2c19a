"""How a clause is judged once more: the command that runs it, and what it needs to be running."""

from __future__ import annotations

import shlex
from typing import Final
from urllib.parse import urlsplit

from contract.kit.config import GATE, REQUEST_TIMEOUT
from contract.kit.verdict import Results

WAY: Final = ("pace", "request_timeout", "ca_bundle", "client_cert", "client_key", "zone", "insecure")
"""The settings without which the target is not reached again, or not as it was."""
_JUDGING: Final = ("waivers", "read_only")


def command(results: Results, *clauses: str) -> str:
    """The line that judges `clauses` on the same target with the same requests."""
    header, asked = results.header, results.header.settings
    words = ["pytest", "contract"]
    if (name := str(header.target.get("name") or "reference")) != "reference:documented":
        words += ["--target", name]
    for name in (*_JUDGING, *WAY):
        value = asked.get(name)
        if value in (None, False) or (name == "request_timeout" and value == REQUEST_TIMEOUT):
            continue
        option = f"--{name.replace('_', '-')}"
        words += [option] if value is True else [option, f"{value:g}" if isinstance(value, float) else str(value)]
    if header.depth and header.depth != GATE:
        words += ["--depth", header.depth]
    if header.seed:
        words.append(f"--hypothesis-seed={header.seed}")
    return " ".join(map(shlex.quote, [*words, *(["--clause", ",".join(clauses)] if clauses else [])]))


def server(results: Results) -> str:
    """The line that starts the embedded server of a run again, where it listened; "" for another target."""
    target = results.header.target
    if target.get("kind") != "reference":
        return ""
    name = str(target.get("name", "")).partition(":")[2] or "documented"
    try:
        port = urlsplit(str(target.get("url", ""))).port
    except ValueError:
        port = None
    listen = ["--port", str(port)] if port else []
    return " ".join(map(shlex.quote, ["python", "-m", "contract.kit.reference", name, *listen]))
