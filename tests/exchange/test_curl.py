"""The curl line really sends the exchange again: bash and curl against a socket that keeps the bytes."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator

import pytest

from contract.kit.exchange.curl import curl
from contract.kit.exchange.message import Request

SESSION = "5e55105e55105e55105e55105e55105e"
OTHER = "07e507e507e507e507e507e507e507e5"


class Listener:
    """Answers each request with 200 and keeps the bytes of the last one."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.server.getsockname()[1]}"
        self.seen = b""
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self.server.accept()
            except OSError:
                return
            with peer:
                self.seen = self._read(peer)
                peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    @staticmethod
    def _read(peer: socket.socket) -> bytes:
        got = b""
        while b"\r\n\r\n" not in got:
            got += peer.recv(65536)
        head, _, body = got.partition(b"\r\n\r\n")
        length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-len")), 0)
        pieces, missing = [body], length - len(body)
        while missing > 0:
            pieces.append(peer.recv(1 << 20))
            missing -= len(pieces[-1])
        return head + b"\r\n\r\n" + b"".join(pieces)


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.server.close()


def send(listener: Listener, request: Request) -> tuple[bytes, list[bytes], bytes]:
    """The request line, header lines and body that arrived when the line was run."""
    line = curl(request, listener.url)
    assert "\n" not in line
    subprocess.run(
        ["bash", "-c", line],
        check=True,
        timeout=30,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        env={
            "PATH": "/usr/bin:/bin:/usr/local/bin",
            "CONTRACT_SESSION": SESSION,
            "CONTRACT_SESSION_OTHER": OTHER,
            "LC_ALL": "C.UTF-8",
        },
    )
    head, _, body = listener.seen.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    return first, [line for line in lines if not line.lower().startswith((b"host:", b"content-length:"))], body


JSON = ("Content-Type", "application/json")

BODIES = {
    "the page's example": b'{"params":{"triggerNow":true},"systemTags":["a"],"userTags":["b c"]}',
    "quotes": b'{"it\'s":"a \\"quote\\" and a \\\\ and $HOME and `id` and $(id) and !x"}',
    "begins with @": b"@/etc/passwd",
    "every byte": bytes(range(256)),
    "NUL": b'{"params":{"a":"\x00"}}',
    "non-ASCII": '{"systemTags":["时间 – 😀"]}'.encode(),
    "newlines": b"{\r\n\t}\n",
    "not UTF-8": b"\xff\xfe{\x00}\x00",
    "a megabyte": b'{"params":{},"systemTags":["' + b"x" * (1 << 20) + b'"]}',
    "ten thousand levels": b"[" * 10_000 + b"]" * 10_000,
    "ten thousand tags": b'{"params":{},"userTags":[' + b",".join(b'"tag-%d"' % n for n in range(10_000)) + b"]}",
    "long and quoted": b"'\"\\" * 2000 + b"\x00\n%s",
    "a blank": b" ",
}


@pytest.mark.parametrize("name", BODIES)
def test_any_body_arrives_as_it_was(listener: Listener, name: str) -> None:
    first, lines, body = send(listener, Request("POST", "/a", (JSON,), BODIES[name]))
    assert first == b"POST /a HTTP/1.1"
    assert lines == [b"Content-Type: application/json"]
    assert body == BODIES[name]


def test_no_body_brings_no_header_of_curls_own(listener: Listener) -> None:
    assert send(listener, Request("POST", "/a", (), b"")) == (b"POST /a HTTP/1.1", [], b"")


@pytest.mark.parametrize(
    "target",
    [
        "/zstack/v1/a%2Fb/%00/%0A?x=1&y=2",
        "/a/../b/./c",
        "//zstack//v1/",
        "/{a}/[1-3]",
        "/a b",
        "/a\\b",
        "/a'b\"c",
        "*",
        "/a#b",
        "/" + "a" * 5000,
        "/caf\xe9",
        "/$HOME/`id`",
        "http://other.example/a",
    ],
)
def test_any_target_arrives_raw(listener: Listener, target: str) -> None:
    first, _, _ = send(listener, Request("GET", target, (), b""))
    assert first == b"GET " + target.encode("latin-1") + b" HTTP/1.1"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "OPTIONS", "DELETE", "ASSOCIATE", "post"])
@pytest.mark.parametrize("body", [b"", b"{}"])
def test_any_method(listener: Listener, method: str, body: bytes) -> None:
    first, _, came = send(listener, Request(method, "/a", (), body))
    assert (first, came) == (f"{method} /a HTTP/1.1".encode(), body)


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("", b"Authorization:"),
        ("OAuth", b"Authorization: OAuth"),
        ("OAuth   x  y", b"Authorization: OAuth   x  y"),
        ("OAuth \xe9\xff", b"Authorization: OAuth \xe9\xff"),
        ("OAuth 时", b"Authorization: OAuth \xe6\x97\xb6"),
        ('O\'Auth "x" $HOME `id` \\', b'Authorization: O\'Auth "x" $HOME `id` \\'),
        ("OAuth " + "x" * 70_000, b"Authorization: OAuth " + b"x" * 70_000),
        ("OAuth $CONTRACT_SESSION", b"Authorization: OAuth " + SESSION.encode()),
        ("OAuth $CONTRACT_SESSION_OTHER", b"Authorization: OAuth " + OTHER.encode()),
        ("OAuth $CONTRACT_SESSIONABC", b"Authorization: OAuth " + SESSION.encode() + b"ABC"),
        ("OAuth ${CONTRACT_SESSION:0:31}", b"Authorization: OAuth " + SESSION[:31].encode()),
        ("OAuth ${CONTRACT_SESSION}f", b"Authorization: OAuth " + SESSION.encode() + b"f"),
        ("OAuth ${CONTRACT_SESSION^^}", b"Authorization: OAuth " + SESSION.upper().encode()),
        ("OAuth ${HOME}$(id)", b"Authorization: OAuth ${HOME}$(id)"),
    ],
)
def test_any_header_value_and_only_the_runs_variables_expand(listener: Listener, value: str, line: bytes) -> None:
    _, lines, _ = send(listener, Request("POST", "/a", (("Authorization", value),), b""))
    assert lines == [line]


def test_headers_keep_their_case_order_and_number(listener: Listener) -> None:
    headers = (
        ("aUTHORIZATION", "OAuth 1"),
        ("X-A", "1"),
        ("X-A", "2"),
        ("User-Agent", "contract"),
        ("Accept", "*/*"),
    )
    _, lines, _ = send(listener, Request("POST", "/a", headers, b"{}"))
    assert lines == [b"User-Agent: contract", b"Accept: */*", *(f"{n}: {v}".encode() for n, v in headers[:3])] or (
        lines == [f"{n}: {v}".encode() for n, v in headers]
    )


@pytest.mark.parametrize("filler", [b"", b"x" * 9000])
def test_a_session_in_target_and_body_expands(listener: Listener, filler: bytes) -> None:
    body = b'{"session":"$CONTRACT_SESSION","x":"' + filler + b'","y":"${CONTRACT_SESSION:0:8}"}'
    first, _, came = send(listener, Request("POST", "/a?session=$CONTRACT_SESSION", (JSON,), body))
    assert first == b"POST /a?session=" + SESSION.encode() + b" HTTP/1.1"
    assert came == b'{"session":"' + SESSION.encode() + b'","x":"' + filler + b'","y":"' + SESSION[:8].encode() + b'"}'


def test_the_host_is_named_once_be_it_the_urls_or_another(listener: Listener) -> None:
    for host in (listener.url.removeprefix("http://"), "another.example"):
        send(listener, Request("POST", "/a", (("Host", host),), b""))
        assert [line for line in listener.seen.split(b"\r\n") if line.lower().startswith(b"host:")] == [
            b"Host: " + host.encode()
        ]


def test_an_announced_empty_body_stays_announced(listener: Listener) -> None:
    send(listener, Request("POST", "/a", (("Content-Length", "0"),), b""))
    assert listener.seen.lower().count(b"content-length: 0") == 1


def test_long_regular_bodies_make_short_lines() -> None:
    for name in ("a megabyte", "ten thousand levels"):
        assert len(curl(Request("POST", "/a", (JSON,), BODIES[name]), "http://127.0.0.1")) < 600
