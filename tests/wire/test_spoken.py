"""What a port speaks that does not answer HTTP/1.1 is told by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.kit.exchange import Secrets
from contract.kit.wire import Wire
from tests.wire.raw import Conversation, Script, serving
from tests.wire.test_way import over_tls


def http2_alone(conversation: Conversation, number: int) -> None:
    if conversation.sock.recv(100).startswith(b"PRI * HTTP/2.0\r\n"):
        conversation.say(b"\x00\x00\x00\x04\x00\x00\x00\x00\x00")


def proxy_protocol(conversation: Conversation, number: int) -> None:
    if conversation.request().startswith(b"PROXY TCP4 127.0.0.1 "):
        conversation.answer(404)


def nothing(conversation: Conversation, number: int) -> None:
    conversation.sock.recv(100)


@pytest.mark.parametrize(
    ("script", "encrypted", "words"),
    [
        (http2_alone, False, "the port speaks HTTP/2 alone"),
        (http2_alone, True, "the port speaks HTTP/2 alone"),
        (proxy_protocol, False, "the port expects the PROXY protocol"),
        (nothing, False, "nor does it answer TLS, HTTP/2 or the PROXY protocol"),
        (nothing, True, "nor does it answer TLS, HTTP/2 or the PROXY protocol"),
    ],
)
def test_it_is_named(script: Script, encrypted: bool, words: str, certificate: tuple[Path, Path]) -> None:
    with serving(over_tls(certificate, script) if encrypted else script) as server:
        url = server.url.replace("http:", "https:") if encrypted else server.url
        assert Wire(url, Secrets(), ca_bundle=str(certificate[0])).spoken().startswith(words)


def test_tls_is_named(certificate: tuple[Path, Path]) -> None:
    with serving(over_tls(certificate, nothing)) as server:
        assert Wire(server.url, Secrets()).spoken() == "the port speaks TLS; give https://"


def test_nothing_is_asked_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert Wire("http://target.invalid", Secrets()).spoken() == ""
