"""Content codings that nobody asked for are undone, and a false claim of one stays to be seen."""

from __future__ import annotations

import gzip
import zlib

import pytest

from contract.kit.judge.rules.envelope import json_body_is_one_well_formed_document
from contract.kit.wire.coding import plain
from tests.judge.build import exchange, response
from tests.wire.raw import always, http
from tests.wire.test_wire import wired

BODY = b'{"error":null,"inventory":{"uuid":"x"}}'
JSON = (b"Content-Type", b"application/json")


def zipped(body: bytes) -> bytes:
    """These bytes never change: they are in the names of the tests."""
    return gzip.compress(body, mtime=0)


@pytest.mark.parametrize(
    ("coding", "coded"),
    [
        (b"gzip", zipped(BODY)),
        (b"gzip", zipped(BODY[:9]) + zipped(BODY[9:20]) + zipped(BODY[20:])),
        (b"gzip", zipped(BODY) + zipped(b"")),
        (b"X-GZIP", zipped(BODY)),
        (b"deflate", zlib.compress(BODY)),
    ],
)
def test_a_coding_is_undone(coding: bytes, coded: bytes) -> None:
    assert plain([JSON, (b"Content-Encoding", coding)], coded, 1000) == ([JSON], BODY)


@pytest.mark.parametrize(
    ("coding", "coded"),
    [
        (b"gzip", BODY),
        (b"gzip", zipped(BODY)[:-9]),
        (b"gzip", zipped(BODY) + b"x"),
        (b"gzip", zipped(BODY) + zipped(BODY)[:-1]),
        (b"gzip", zipped(b"x" * 600) + zipped(b"x" * 600)),
        (b"deflate", zlib.compress(BODY) + zlib.compress(b"")),
        (b"deflate", zipped(BODY)),
        (b"gzip", zlib.compress(BODY)),
        (b"gzip", zipped(b"x" * 2000)),
        (b"br", BODY),
        (b"identity", BODY),
    ],
)
def test_what_cannot_be_undone_stays_as_it_came(coding: bytes, coded: bytes) -> None:
    headers = [JSON, (b"Content-Encoding", coding)]
    assert plain(headers, coded, 1000) == (headers, coded)


def test_over_the_wire() -> None:
    with wired(always(http(200, zipped(BODY), b"Content-Encoding: gzip"))) as (wire, _):
        answer = wire.send("POST", "/").answer
    assert answer is not None
    assert (answer.body, answer.header("content-encoding")) == (BODY, None)


@pytest.mark.parametrize(("coding", "broken"), [("gzip", True), ("br", True), ("identity", False), ("utf-8", False)])
def test_a_false_claim_is_a_flaw_of_the_document(coding: str, broken: bool) -> None:
    answer = response(200, BODY, headers=[("Content-Encoding", coding)])
    assert bool(json_body_is_one_well_formed_document(exchange(answer))) is broken


@pytest.mark.parametrize(
    ("coding", "misnamed"), [("utf-8", True), ("none", True), ("identity", False), ("", False), ("utf-8, gzip", False)]
)
def test_a_word_that_names_no_coding_is_known(coding: str, misnamed: bool) -> None:
    answer = response(200, BODY, headers=[("Content-Encoding", coding)])
    assert answer.misnamed_coding == (coding if misnamed else None)
    assert response(200, BODY).misnamed_coding is None
