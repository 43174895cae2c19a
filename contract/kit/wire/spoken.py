"""What a port speaks that does not answer HTTP/1.1: asked with a few bytes, once, where a run cannot begin."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Iterator
from typing import Final

from contract.kit.wire.tls import Trust, context

SECONDS: Final = 2.0
"""For each of them."""
PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x00\x04\x00\x00\x00\x00\x00"
"""How a client begins HTTP/2 (RFC 9113, 3.4), with settings of no entry."""
SETTINGS: Final = 4
"""The type of the frame that answers it, the fourth byte."""
NONE_OF_THEM: Final = "nor does it answer TLS, HTTP/2 or the PROXY protocol: it may refuse this machine"


def spoken(host: str, port: int, over: Trust | None) -> str:
    """In words that say what to change. `over`: whom to trust where the target is reached over TLS."""
    if over is None and _speaks_tls(host, port):
        return "the port speaks TLS; give https://"
    if len(begun := _answer(host, port, over, PREFACE)) > 3 and begun[3] == SETTINGS:
        return "the port speaks HTTP/2 alone; give one that speaks HTTP/1.1 too"
    header = f"PROXY TCP4 127.0.0.1 127.0.0.1 {port} {port}\r\n"
    asked = f"{header}GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    if over is None and _answer(host, port, None, asked.encode()).startswith(b"HTTP/1."):
        return "the port expects the PROXY protocol; give the address of the balancer that stands before it"
    return NONE_OF_THEM


def _speaks_tls(host: str, port: int) -> bool:
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    with contextlib.suppress(OSError), _connected(host, port, anybody):
        return True
    return False


def _answer(host: str, port: int, over: Trust | None, asked: bytes) -> bytes:
    """The first bytes that come back; none where nothing does."""
    tls = context(over) if over is not None else None
    if tls is not None:
        tls.set_alpn_protocols(["h2"])
    with contextlib.suppress(OSError), _connected(host, port, tls) as connection:
        connection.sendall(asked)
        return connection.recv(64)
    return b""


@contextlib.contextmanager
def _connected(host: str, port: int, over: ssl.SSLContext | None) -> Iterator[socket.socket]:
    with socket.create_connection((host, port), SECONDS) as plain:
        if over is None:
            yield plain
            return
        with over.wrap_socket(plain, server_hostname=host) as encrypted:
            yield encrypted
