"""Servers that are no ZStack at all: nothing passes on them, in bounded time."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.farm import Farm
from tests.wire.raw import Conversation, Script, always, http, serving

JSON = b"Content-Type: application/json"
LOGIN_PAGE = b"<!DOCTYPE html><html><body><form action=/login><input name=user></form></body></html>"
BOUND = 60.0
"""Seconds on a busy machine; what is bounded is the number of timeouts, half a second each."""


def _hang(conversation: Conversation, _number: int) -> None:
    while True:
        conversation.request()


def _reset(conversation: Conversation, _number: int) -> None:
    conversation.request()
    conversation.reset()


def _other_api(conversation: Conversation, _number: int) -> None:
    while True:
        path = conversation.request().split(b" ")[1].decode("latin-1")
        body = json.dumps({"timestamp": 1, "status": 404, "error": "Not Found", "path": path}).encode()
        conversation.answer(404, body, JSON)


NULL: dict[str, Script] = {
    "always 200 {}": always(http(200, b"{}", JSON)),
    "always 200 null": always(http(200, b"null", JSON)),
    "always 500": always(http(500, b"Internal Server Error", b"Content-Type: text/plain")),
    "bare 503": always(http(503)),
    "login page": always(http(200, LOGIN_PAGE, b"Content-Type: text/html")),
    "empty 200": always(http(200)),
    "204": always(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "hang": _hang,
    "reset": _reset,
    "redirect loop": always(http(302, b"", b"Location: /zstack/v1/accounts/login")),
    "another API": _other_api,
    "not HTTP": always(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "echo of the success": always(
        http(200, b'{"inventory":{"uuid":"%s"},"valid":true,"inventories":[]}' % (b"a" * 32), JSON)
    ),
}
MODES = {
    "account": {"CONTRACT_ACCOUNT": "admin", "CONTRACT_PASSWORD": "open sesame"},
    "lent pair": {
        "CONTRACT_SESSION": "5" * 32,
        "CONTRACT_JOB_GROUP": "6" * 32,
        "CONTRACT_TRIGGER": "7" * 32,
    },
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", NULL)
def test_nothing_passes(fast_farm: Farm, tmp_path: Path, name: str, mode: str) -> None:
    begun = time.monotonic()
    with serving(NULL[name]) as server:
        options = ("--target", server.url, "--request-timeout", "0.5", "--depth", "smoke")
        run = fast_farm.run(tmp_path, *options, environ=MODES[mode])
    assert run.states("pass") == set()
    assert run.status in (1, 4), run.output
    assert "Traceback" not in run.output
    assert time.monotonic() - begun < BOUND
    if not run.results:
        assert sum(line.startswith("ERROR: ") for line in run.output.splitlines()) == 1, run.output
