"""How a clause is judged once more: the command that runs it, and what it needs to be running."""

from __future__ import annotations

import shlex
from typing import Final
from urllib.parse import urlsplit

from contract.kit.verdict import Results

_VALUES: Final = {
    "waivers": "--waivers",
    "pace": "--pace",
    "ca_bundle": "--ca-bundle",
    "client_cert": "--client-cert",
    "client_key": "--client-key",
    "zone": "--zone",
}
_FLAGS: Final = {"read_only": "--read-only", "insecure": "--insecure"}
_PATIENCE: Final = 5.0
"""Seconds, where nothing else was asked for."""


def command(results: Results, *clauses: str) -> str:
    """The line that judges `clauses` on the same target with the same requests."""
    header, asked = results.header, results.header.settings
    words = ["pytest", "contract"]
    if (name := str(header.target.get("name") or "reference")) != "reference:documented":
        words += ["--target", name]
    for key, option in _VALUES.items():
        if asked.get(key) is not None:
            words += [option, str(asked[key])]
    words += [option for key, option in _FLAGS.items() if asked.get(key)]
    if asked.get("request_timeout") not in (None, _PATIENCE):
        words += ["--request-timeout", f"{asked['request_timeout']:g}"]
    if header.depth and header.depth != "gate":
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
