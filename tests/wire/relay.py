"""A gateway of the proof's own: hands requests on to a server, or answers in its place."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from tests.wire.raw import Conversation, serving

Gate = Callable[[bytes], bytes | None]
"""Takes a whole request: the answer in the server's place, or None to hand it on."""
Rewrite = Callable[[bytes], bytes]
"""Takes the server's whole answer: what is handed on in its place."""


def handed_on(request: bytes) -> None:
    """A gate that lets everything through."""


@contextlib.contextmanager
def relaying(url: str, gate: Gate = handed_on, rewrite: Rewrite = bytes) -> Iterator[str]:
    """The URL of a gateway before the server at `url`. A connection to the server for each of the client's."""
    where = urlsplit(url)

    def script(conversation: Conversation, number: int) -> None:
        with socket.create_connection((where.hostname or "", where.port or 80), 5) as server:
            while True:
                request = conversation.request()
                answer = gate(request)
                if answer is None:
                    server.sendall(request)
                    answer = rewrite(_answer(server, head_only=request.startswith(b"HEAD")))
                conversation.say(answer)

    with serving(script) as gateway:
        yield gateway.url


def _answer(server: socket.socket, *, head_only: bool, data: bytes = b"") -> bytes:
    """One whole answer, of a length announced."""
    while b"\r\n\r\n" not in data:
        data += _more(server)
    head, _, body = data.partition(b"\r\n\r\n")
    if head.startswith(b"HTTP/1.1 1"):
        # An interim answer (RFC 9110, 15.2): the final one follows.
        return head + b"\r\n\r\n" + _answer(server, head_only=head_only, data=body)
    lengths = [line.partition(b":")[2] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    length = 0 if head_only or not lengths else int(lengths[0])
    while len(body) < length:
        body += _more(server)
    return head + b"\r\n\r\n" + body


def _more(server: socket.socket) -> bytes:
    data = server.recv(65536)
    if not data:
        raise EOFError
    return data
