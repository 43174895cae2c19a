"""The connection under an exchange: one deadline for the whole of it, and an eye on every byte that comes.

httpcore bounds each read by itself, so that a body which drips a byte a second never times out; here each
read is given only what is left of the exchange's own time.
"""

from __future__ import annotations

import itertools
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import httpcore

SLICE = 64 * 1024
"""A long body is written in pieces, and writing stops when an answer comes in between."""


@dataclass(slots=True)
class Turn:
    """One exchange under way in this thread. Instants are of the monotonic clock, in seconds."""

    deadline: float = 0.0
    first_sent: float = 0.0
    last_came: float = 0.0
    came: list[bytes] = field(default_factory=list)
    connection: int = 0
    """Number of the connection that it went over; 0 while there is none."""
    connected: bool = False
    """Whether it needed a new connection."""
    closed: bool = False
    """Whether the other side ended the connection, in order or by a reset."""
    reset: bool = False
    """Whether it was a reset: something on the way may have done it, a server that ends early closes in order."""
    lane: bool = False
    """On a lane, bytes that came while the connection was idle are told and not passed over."""
    unasked: bytes = b""
    """What came without having been asked for."""


class Unasked(Exception):  # noqa: N818  it tells a state
    """Bytes came on an idle connection before the request was sent."""


class Local(threading.local):
    """The turn of each thread."""

    def __init__(self) -> None:
        self.turn = Turn()


class Stream(httpcore.NetworkStream):
    """A connection of `inner`, bound to the turn of the thread that uses it."""

    _numbers = itertools.count(1)

    def __init__(self, inner: httpcore.NetworkStream, local: Local) -> None:
        self._inner = inner
        self._local = local
        self._number = next(self._numbers)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        turn = self._local.turn
        left = turn.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time for the whole answer is over")
        try:
            data = self._inner.read(max_bytes, left)
        except httpcore.ReadError:
            turn.closed = turn.reset = True
            raise
        turn.last_came = time.monotonic()
        if data:
            turn.came.append(data)
        else:
            turn.closed = True
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        turn = self._local.turn
        now = time.monotonic()
        if not turn.first_sent:
            turn.first_sent = now
        turn.connection = self._number
        if len(buffer) <= SLICE:
            self._inner.write(buffer, max(turn.deadline - now, 0.001))
            return
        for start in range(0, len(buffer), SLICE):
            # A server may refuse a long request early; what it says would be lost with a reset.
            if start and self._waiting():
                raise httpcore.WriteError("the answer came before the whole request was sent")
            left = turn.deadline - time.monotonic()
            if left <= 0:
                raise httpcore.WriteTimeout("the time for the whole answer is over")
            self._inner.write(buffer[start : start + SLICE], left)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> Stream:
        left = max(self._local.turn.deadline - time.monotonic(), 0.001)
        return Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._local)

    def get_extra_info(self, info: str) -> Any:
        """As `inner` tells it, and noting what came on an idle connection unasked."""
        found = self._inner.get_extra_info(info)
        turn = self._local.turn
        # The pool asks this of idle connections: of this turn's own right after its answer.
        if info == "is_readable" and found and (turn.connection == self._number or turn.lane):
            turn.unasked = self._waiting()
        return found

    def _waiting(self) -> bytes:
        """What has come and was not read yet; never waits for it."""
        sock: socket.socket = self._inner.get_extra_info("socket")
        # Over TLS what waits may be a record of TLS itself. A socket with a timeout waits even where told not to.
        if isinstance(sock, ssl.SSLSocket) or sock.fileno() < 0 or not self._inner.get_extra_info("is_readable"):
            return b""
        try:
            return sock.recv(SLICE, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except OSError:
            return b""


class Backend(httpcore.NetworkBackend):
    """Opens the connections of a wire."""

    def __init__(self, local: Local) -> None:
        self._inner = httpcore.SyncBackend()
        self._local = local

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> Stream:
        turn = self._local.turn
        if turn.unasked:
            raise Unasked
        turn.connected = True
        left = max(turn.deadline - time.monotonic(), 0.001)
        return Stream(self._inner.connect_tcp(host, port, left, local_address, socket_options), self._local)
