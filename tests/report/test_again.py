"""The lines that judge a clause again: with what the run was given, and nothing that it was not."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import Any

import pytest

from contract.kit.report import again
from contract.kit.verdict.results import Results
from tests.report import example


def run(settings: dict[str, Any], **header: Any) -> Results:
    found = example.results()
    return replace(found, header=replace(found.header, settings=settings, **header))


STAGING = {"name": "http://staging:8080", "url": "http://staging:8080", "kind": "url"}
MUTANT = {"name": "reference:err-cause-string", "url": "http://127.0.0.1:4242", "kind": "reference"}


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (run({}, target=STAGING), "pytest contract --target http://staging:8080 --clause ERR-004"),
        (
            run({"waivers": "my file.toml", "pace": 5.0, "read_only": True, "request_timeout": 5.0}, target=STAGING),
            "pytest contract --target http://staging:8080 --waivers 'my file.toml' --read-only --pace 5 "
            "--clause ERR-004",
        ),
        (
            run({"request_timeout": 7.5, "insecure": True}, target=MUTANT, depth="nightly", seed=42),
            "pytest contract --target reference:err-cause-string --request-timeout 7.5 --insecure --depth nightly "
            "--hypothesis-seed=42 --clause ERR-004",
        ),
        (run({}, target={"name": "reference:documented", "kind": "reference"}), "pytest contract --clause ERR-004"),
    ],
)
def test_the_command(found: Results, line: str) -> None:
    assert again.command(found, "ERR-004") == line
    assert shlex.split(line)[0] == "pytest"


def test_the_embedded_server_is_started_where_it_listened() -> None:
    line = "python -m contract.kit.reference err-cause-string --port 4242"
    assert again.server(run({}, target=MUTANT)) == line
    assert again.server(run({}, target=STAGING)) == ""
