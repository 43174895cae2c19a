"""A proxy of the environment: its request line, its tunnel, its refusals by name."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from contract.kit.config.usage import UsageError
from contract.kit.exchange import Exchange, TroubleKind
from contract.kit.exchange.redaction import Secrets
from contract.kit.wire import Wire
from contract.kit.wire.proxies import proxy_for
from tests.wire.raw import Conversation, Script, Server, always, http, serving
from tests.wire.test_way import OK, QUICK, over_tls

pytestmark = pytest.mark.filterwarnings("error")

ESTABLISHED = b"HTTP/1.1 200 Connection established\r\nProxy-Agent: one\r\n\r\n"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.delenv("REQUEST_METHOD", raising=False)


def tunnel(to: Server) -> Script:
    """Answer CONNECT, whatever it names, with a tunnel to a server here."""

    def script(conversation: Conversation, number: int) -> None:
        conversation.request()
        conversation.say(ESTABLISHED)
        with socket.create_connection(("127.0.0.1", int(to.url.rpartition(":")[2]))) as behind:
            ends = {conversation.sock: behind, behind: conversation.sock}
            while True:
                for ready in select.select([*ends], [], [])[0]:
                    data = ready.recv(65536)
                    if not data:
                        return
                    ends[ready].sendall(data)

    return script


@pytest.fixture
def behind(certificate: tuple[Path, Path]) -> Iterator[Server]:
    """A target over TLS, which only the tunnel of a proxy leads to."""
    with serving(over_tls(certificate, always(OK))) as server:
        yield server


def sent(url: str, secrets: Secrets | None = None, ca_bundle: str | None = None, times: int = 1) -> list[Exchange]:
    wire = Wire(url, secrets or Secrets(), patience=QUICK, ca_bundle=ca_bundle)
    exchanges = [wire.send("POST", "/a%2Fb/..", body=b"{}") for _ in range(times)]
    wire.close()
    return exchanges


def test_plain_http_goes_through_and_the_proxys_password_is_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = Secrets()
    with serving(always(OK)) as proxy, serving(always(OK)) as here:
        monkeypatch.setenv("http_proxy", proxy.url.replace("//", "//me:very-hidden@"))
        # A name that never resolves: only the proxy on the loopback is asked.
        assert [one.trouble for one in sent("http://target.invalid:8080", secrets)] == [None]
        assert proxy.seen[0].startswith(b"POST http://target.invalid:8080/a%2Fb/.. HTTP/1.1\r\n")
        assert b"proxy-authorization: basic" in proxy.seen[0].lower()
        assert "very-hidden" not in secrets.scrub("very-hidden")
        sent(here.url)
        assert len(here.seen) == len(proxy.seen) == 1


def test_https_goes_through_a_tunnel(
    monkeypatch: pytest.MonkeyPatch, certificate: tuple[Path, Path], behind: Server
) -> None:
    with serving(tunnel(behind)) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        exchanges = sent("https://target.invalid", ca_bundle=str(certificate[0]), times=3)
        assert proxy.seen[0].startswith(b"CONNECT target.invalid:443 HTTP/1.1\r\n")
        assert len(proxy.seen) == 1
    assert [one.trouble for one in exchanges] == [None] * 3
    assert [one.on_kept_connection for one in exchanges] == [False, True, True]
    assert b"POST /a%2Fb/.. HTTP/1.1" in behind.seen[0]


@pytest.mark.parametrize(
    ("scheme", "answer", "said"),
    [
        ("https", http(403), "refuses to connect: 403 X"),
        ("https", http(407, b"", b"Proxy-Authenticate: Basic"), "refuses to connect: 407 X"),
        ("https", http(502, b"<html>"), "refuses to connect: 502 X"),
        ("http", http(407, b"", b"Proxy-Authenticate: Basic"), "asks for a user and a password (407)"),
    ],
)
def test_a_refusal_names_the_proxy_and_its_variable(
    monkeypatch: pytest.MonkeyPatch, scheme: str, answer: bytes, said: str
) -> None:
    with serving(always(answer)) as proxy:
        monkeypatch.setenv(f"{scheme.upper()}_PROXY" if scheme == "https" else "http_proxy", proxy.url)
        (exchange,) = sent(f"{scheme}://target.invalid")
        variable = "HTTPS_PROXY" if scheme == "https" else "http_proxy"
        assert exchange.trouble is not None
        assert exchange.trouble.kind is TroubleKind.UNREACHABLE
        assert exchange.trouble.detail == f"the proxy {proxy.url} (from {variable}) {said}"


def test_a_proxy_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(always(OK)) as gone:
        monkeypatch.setenv("all_proxy", gone.url)
    (exchange,) = sent("http://target.invalid")
    assert exchange.trouble is not None
    assert exchange.trouble.detail.startswith(f"the proxy {gone.url} (from all_proxy): ")


@pytest.mark.parametrize(
    ("host", "no_proxy", "proxied"),
    [
        ("10.1.2.3", "10.0.0.0/8", False),
        ("10.1.2.3", "192.168.0.0/16, 10.1.2.0/24", False),
        ("11.1.2.3", "10.0.0.0/8", True),
        ("fd00::7", "fd00::/8", False),
        ("staging.example", "10.0.0.0/8", True),
        ("staging.example", ".example", False),
        ("10.1.2.3", "10.0.0.0/nonsense", True),
        ("127.0.0.1", "", False),
    ],
)
def test_no_proxy_takes_names_and_blocks_of_addresses(
    monkeypatch: pytest.MonkeyPatch, host: str, no_proxy: str, proxied: bool
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", no_proxy)
    assert (proxy_for("http", host, Secrets()) is not None) is proxied


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("socks5://127.0.0.1:1", "http_proxy names a SOCKS proxy, which is not supported"),
        ("socks5h://127.0.0.1:1", "which is not supported"),
        ("ftp://127.0.0.1:1", "the proxy in http_proxy is not an http:// URL"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_a_usage_error(monkeypatch: pytest.MonkeyPatch, named: str, said: str) -> None:
    monkeypatch.setenv("http_proxy", named)
    with pytest.raises(UsageError, match=said):
        Wire("http://target.invalid:8080", Secrets())
