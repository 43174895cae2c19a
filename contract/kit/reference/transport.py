"""The transport under the application: uvicorn's HTTP protocol, with a handle on the connection.

An application sees `scope["reference.wire"]`, its own connection, and `scope["reference.target"]`, the request's
target as sent; and it may have an answer sent otherwise than
in one correct piece. Conforming dialects use only the numbers of connections and requests.
"""

from __future__ import annotations

import itertools
import socket
import struct
import sys
from typing import Any

from httptools import HttpParserInvalidMethodError
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from contract.kit.reference.wire import Wire


class Connection(HttpToolsProtocol):
    """One connection: numbers itself and its requests, and sends what the application tells it to."""

    _numbers = itertools.count(1)
    refusal = (400, "text/plain; charset=utf-8", "Invalid HTTP request received.")
    timeout_keep_alive: float  # type: ignore[assignment]  # seconds; uvicorn counts whole ones
    knows_methods = True  # where not, an invented one is answered with 501

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.number = next(self._numbers)
        self.requests = 0
        self.spelling = ""  # of the Authorization header's name, which uvicorn lower-cases
        self.fate: str = ""
        self.poison = b""
        self.farewell = "silent"
        self.resets = False

    def data_received(self, data: bytes) -> None:
        if self.fate == "deaf":
            return
        if self.fate == "abort":
            self.transport.abort()
            return
        if self.poison:
            poison, self.poison = self.poison, b""
            self.transport.write(poison)
        super().data_received(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        if len(name) == len("authorization") and name.lower() == b"authorization":
            self.spelling = name.decode("latin-1")
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self.scope["reference.target"] = self.url  # type: ignore[typeddict-unknown-key]
        super().on_headers_complete()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.spelling = ""
        self.requests += 1
        self.scope["reference.wire"] = self  # type: ignore[typeddict-unknown-key]

    def timeout_keep_alive_handler(self) -> None:
        if self.farewell == "408" and not self.transport.is_closing():
            self.transport.write(STATUS_LINE[408] + b"content-length: 0\r\nconnection: close\r\n\r\n")
        super().timeout_keep_alive_handler()

    def on_response_complete(self) -> None:
        if self.resets:
            # The transport is about to close: this makes the close a reset, behind an answer that is whole.
            plain: socket.socket = self.transport.get_extra_info("socket")
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        status, content_type, text = self.refusal
        if not self.knows_methods and isinstance(sys.exception(), HttpParserInvalidMethodError):
            status, content_type, text = 501, "text/plain", "Not Implemented"
        body = text.encode()
        head = f"content-type: {content_type}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        self.transport.write(STATUS_LINE[status] + head.encode() + body)
        self.transport.close()

    def send(self, wire: Wire, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> bool:
        """Send an answer in the wire's way. False when it is to go out as usual, its aftermath set."""
        self.fate = wire.fate
        self.poison = wire.poison
        if wire.silent:
            self.fate = "deaf"
            self._finish()
            return True
        if wire.drop:
            self.transport.abort()
            self._finish()
            return True
        if wire.cut is None and wire.length is None and not wire.trailing and not wire.chunked:
            return False
        announced = len(body) if wire.length is None else wire.length
        framing = b"transfer-encoding: chunked\r\n" if wire.chunked else f"content-length: {announced}\r\n".encode()
        head = STATUS_LINE[status] + b"".join(name + b": " + value + b"\r\n" for name, value in headers)
        payload = body if wire.cut is None else body[: wire.cut]
        if wire.chunked:
            # A first chunk and no last one: the body never ends as it should.
            payload = f"{len(payload):x}\r\n".encode() + payload + b"\r\n"
        self.transport.write(head + framing + b"\r\n" + payload + wire.trailing)
        self._finish()
        if wire.cut is not None or wire.chunked:
            self.transport.close()
        return True

    def _finish(self) -> None:
        """Tell uvicorn that this request has had its answer."""
        self.cycle.response_started = True
        self.cycle.response_complete = True
        self.cycle.message_event.set()
        self.cycle.on_response()
