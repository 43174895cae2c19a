"""Something before the server that begins to refuse everything: told once, by name; nothing left behind."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest

from tests.farm import Farm
from tests.runner.conftest import Launch
from tests.runner.started import account, left, lent
from tests.wire.raw import http
from tests.wire.relay import Gate, relaying

BAN = http(403, b"<html><title>Forbidden</title></html>", b"Server: gate/1.0", b"Content-Type: text/html")
HTML = b"Content-Type: text/html"
WALL = http(200, b"<html><title>Sign in</title></html>", b"Content-Type: text/html")


def after(number: int, answer: bytes, *, seconds: float = 1e9) -> Gate:
    """Refuses everything but removals after so many requests, for so long."""
    counted = itertools.count(1)
    began: list[float] = []

    def gate(request: bytes) -> bytes | None:
        if next(counted) <= number or request.startswith(b"DELETE"):
            return None
        began.append(time.monotonic())
        return answer if time.monotonic() - began[0] < seconds else None

    return gate


@pytest.mark.parametrize("answer", [BAN, WALL], ids=["ban", "log-in wall"])
def test_a_ban_is_told_once_and_blamed_on_no_clause(
    fast_farm: Farm, launched: Launch, tmp_path: Path, answer: bytes
) -> None:
    handle = launched("documented")
    with relaying(handle.url, after(150, answer)) as url:
        run = fast_farm.run(tmp_path, "--depth", "smoke", "--target", url, environ=account(handle))
    assert run.status == 4, run.output
    footer = run.results["footer"]
    assert footer["verdict"] == "partial"
    assert "something before the server refuses everything after request" in footer["why"]
    assert footer["counts"]["violated"] == footer["counts"]["error"] == 0
    assert left(handle) == {}


class Closing:
    """A gate that closes each connection after so many requests, and answers nothing any more."""

    def __init__(self, number: int) -> None:
        self._counted = itertools.count(1)
        self._number = number

    def __call__(self, request: bytes) -> bytes | None:
        if next(self._counted) > self._number:
            raise EOFError
        return None


@pytest.mark.parametrize("gate", [Closing(150), after(150, b"")], ids=["closed", "silent"])
def test_a_ban_without_an_answer_is_blamed_on_no_clause(
    fast_farm: Farm, launched: Launch, tmp_path: Path, gate: Gate
) -> None:
    """As nginx's 444 and haproxy's silent-drop do."""
    handle = launched("documented")
    with relaying(handle.url, gate) as url:
        asked = ["--depth", "smoke", "--target", url, "--request-timeout", "1"]
        run = fast_farm.run(tmp_path, *asked, environ=account(handle))
    assert run.status == 4, run.output
    footer = run.results["footer"]
    assert footer["counts"]["violated"] == footer["counts"]["error"] == 0
    assert "something before the server refuses everything after request" in footer["why"]
    assert run.results["cleanup"]["removed"] == 0 or left(handle) == {}


def test_a_page_in_answer_to_a_removal_is_no_removal(fast_farm: Farm, launched: Launch, tmp_path: Path) -> None:
    handle = launched("documented")
    counted = itertools.count(1)
    with relaying(handle.url, lambda _: WALL if next(counted) > 150 else None) as url:
        run = fast_farm.run(tmp_path, "--depth", "smoke", "--target", url, environ=account(handle))
    assert run.status == 4, run.output
    cleanup = run.results["cleanup"]
    assert cleanup["made"] > cleanup["removed"] == 0
    assert left(handle) != {}
    assert list(tmp_path.glob("ledger-*")) != []


def test_a_ban_that_ends_costs_only_time(fast_farm: Farm, launched: Launch, tmp_path: Path) -> None:
    handle = launched("documented")
    with relaying(handle.url, after(150, BAN, seconds=1.5)) as url:
        run = fast_farm.run(tmp_path, "--depth", "smoke", "--target", url, environ=lent(handle))
    assert run.results["footer"]["counts"]["violated"] == 0, run.output
    assert run.status == 0, run.output
    assert left(handle) == {}


@pytest.mark.parametrize("status", [403, 405])
def test_a_pair_that_cannot_be_freed_leaves_what_must_be_refused_to_be_judged(
    fast_farm: Farm, launched: Launch, tmp_path: Path, status: int
) -> None:
    handle = launched("documented")

    def gate(request: bytes) -> bytes | None:
        return http(status, b"<html>") if request.startswith(b"DELETE /zstack/v1/scheduler") else None

    with relaying(handle.url, gate) as url:
        run = fast_farm.run(tmp_path, "--depth", "smoke", "--target", url, environ=lent(handle))
    assert run.status == 4, run.output
    counts = run.results["footer"]["counts"]
    assert counts["violated"] == counts["error"] == 0
    assert counts["pass"] >= 20, run.output
    # It was tried before anything was added.
    assert run.results["cleanup"]["left"] == []
    assert left(handle) == {}


def test_pages_in_the_place_of_failures_are_one_finding(fast_farm: Farm, launched: Launch, tmp_path: Path) -> None:
    """nginx with proxy_intercept_errors: what the server would have said is not known, and blamed on no clause."""
    page = http(503, b"<html><title>503 Service Unavailable</title></html>", b"Server: nginx/1.22", HTML)
    handle = launched("documented")
    with relaying(handle.url, rewrite=lambda answer: page if answer.startswith(b"HTTP/1.1 503") else answer) as url:
        run = fast_farm.run(tmp_path, "--depth", "smoke", "--target", url, environ=account(handle))
    assert run.status == 4, run.output
    footer = run.results["footer"]
    assert footer["counts"]["violated"] == footer["counts"]["error"] == 0
    assert "something before the server (Server: nginx/1.22) replaces its 503 by a page" in footer["why"]
    assert left(handle) == {}
