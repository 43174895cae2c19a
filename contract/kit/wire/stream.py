"""The connection under an exchange: one deadline for the whole of it, and an eye on every byte that comes.

httpcore bounds each read by itself, so that a body which drips a byte a second never times out; here each
read is given only what is left of the exchange's own time.
"""

from __future__ import annotations

import contextlib
import itertools
import socket
import ssl
import sys
import threading
import time
from collections.abc import Iterable
from typing import Any, Final

import httpcore

from contract.kit.wire.turn import Local, Turn

SLICE = 64 * 1024
"""A long body is written in pieces, and writing stops when an answer comes in between."""
NOTICES: Final = (b"HTTP/1.1 408 ", b"HTTP/1.0 408 ")
"""How a server says that it closes an idle connection (RFC 9110, 15.5.9)."""
INTERIM: Final = b"HTTP/1.1 1"
"""How an answer begins that another one follows (RFC 9110, 15.2); a server may send it unasked."""
QUICK_ACK: Final[int | None] = getattr(socket, "TCP_QUICKACK", None)
"""Linux alone has it."""
_RESET: Final = 7
_ENDED: Final = 8
"""TCP_CLOSE and TCP_CLOSE_WAIT: a connection that the other side has reset, or ended in order (Linux, tcp(7))."""


class Unasked(Exception):  # noqa: N818  it tells a state
    """Bytes came on an idle connection before the request was sent."""


class Stream(httpcore.NetworkStream):
    """A connection of `inner`, bound to the turn of the thread that uses it."""

    _numbers = itertools.count(1)

    def __init__(self, inner: httpcore.NetworkStream, local: Local, round_trip: float) -> None:
        """`round_trip`: seconds that it took to connect."""
        self._inner = inner
        self._round_trip = round_trip
        self._last_used = time.monotonic()
        self._local = local
        self._number = next(self._numbers)
        self._held = bytearray()
        self._closed_here = False
        self._turn = Turn(over=True)
        """The last one that has begun to send over it."""
        self._handing_over = threading.Lock()
        self._unfinished = False
        """A request was left in its middle: whatever came after it would be taken for the rest of it."""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        turn = self._local.turn
        if turn.unsent:
            raise httpcore.ReadError("nothing was asked on this connection")
        # A server that has closed already may have answered before: whatever came is still to be read.
        with contextlib.suppress(httpcore.WriteError):
            self._send(len(self._held))
        left = turn.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time for the whole answer is over")
        self._acknowledge_at_once()
        try:
            data = self._read(max_bytes, left)
        except httpcore.ReadError:
            turn.closed = turn.reset = True
            turn.given_up = self._closed_here
            raise
        turn.last_came = self._last_used = time.monotonic()
        if data:
            turn.came.append(data)
        else:
            turn.closed = True
            turn.given_up = self._closed_here
            if not turn.came and turn.closed_before is None:
                turn.closed_before = self._was_closed()
        return data

    def _read(self, max_bytes: int, left: float) -> bytes:
        turn = self._local.turn
        watch = self._local.capacity
        while turn.connected and not turn.came and left > watch.patience:
            try:
                return self._inner.read(max_bytes, watch.patience)
            except httpcore.ReadTimeout:
                watch.stalled(turn)
                left = max(turn.deadline - time.monotonic(), 0.001)
        return self._inner.read(max_bytes, left)

    def _acknowledge_at_once(self) -> None:
        """A server that writes head and body in two waits 40 ms between them for an acknowledgement held back."""
        if QUICK_ACK is not None:
            with contextlib.suppress(OSError):
                self._inner.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, QUICK_ACK, 1)

    def _was_closed(self) -> bool | None:
        """Return True if the other side had closed before our request came: a reset answers it, a round trip later."""
        until = time.monotonic() + min(max(3 * self._round_trip, 0.02), 0.5)
        while (state := self._state()) is not None and state != _RESET:
            if time.monotonic() > until:
                return False
            time.sleep(0.002)
        return None if state is None else True

    def _is_closing(self, waiting: bytes) -> bool:
        """Return True if an idle connection is readable because it ended. Over TLS it may be a record of TLS itself."""
        if isinstance(self._inner.get_extra_info("socket"), ssl.SSLSocket):
            return self._state() in (_RESET, _ENDED)
        return not waiting or waiting.startswith(NOTICES)

    def _state(self) -> int | None:
        """The state of the TCP connection, None where the system does not tell."""
        if not sys.platform.startswith("linux"):
            return None
        sock: socket.socket = self._inner.get_extra_info("socket")
        with contextlib.suppress(OSError):
            return sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
        return None

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Hold what is written until the answer is asked for or a slice is full.

        So the head and a short body go out in one write. In two, the second would meet the closing of a server that
        refuses on the head alone, and the reset that follows could take its answer with it.
        """
        self._held += buffer
        while len(self._held) > SLICE:
            self._send(SLICE)
        # The rest of a long request goes out as it comes: what a server refuses meanwhile ends the connection here,
        # where the library still sees that the request was cut short.
        if self._local.turn.first_sent:
            self._send(len(self._held))

    def _send(self, size: int) -> None:
        if not size:
            return
        data = bytes(self._held[:size])
        del self._held[:size]
        turn = self._local.turn
        now = time.monotonic()
        if not turn.first_sent:
            with self._handing_over:
                # The pool may hand it on before it has looked whether it may be used again.
                turn.unsent = self._unfinished or self._closed_here
                self._turn = turn
            if turn.unsent:
                self._inner.close()
                raise httpcore.WriteError("the connection may not be used again")
            turn.first_sent = now
            turn.connection = self._number
            turn.idle = 0.0 if turn.connected else now - self._last_used
        # A server may refuse a long request early; what it says would be lost with a reset.
        elif _has_answer(self._waiting()):
            self._held.clear()
            self._unfinished = True
            raise httpcore.WriteError("the answer came before the whole request was sent")
        if now >= turn.deadline:
            raise httpcore.WriteTimeout("the time for the whole answer is over")
        try:
            self._inner.write(data, turn.deadline - now)
        except httpcore.WriteError:
            self._held.clear()
            if not turn.connected and not turn.came:
                turn.closed_before = True
            raise

    def close(self) -> None:
        turn = self._turn
        if self._local.gives_up and not turn.over:
            # Another thread has just begun to use what was taken for idle.
            turn.then = self._close
            if not turn.over:
                return
        self._close()

    def _close(self) -> None:
        with self._handing_over:
            self._closed_here = True
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> Stream:
        turn = self._local.turn
        # What a proxy said to CONNECT is no part of the answer.
        turn.came.clear()
        turn.first_sent = 0.0
        left = max(turn.deadline - time.monotonic(), 0.001)
        stalled = threading.Timer(self._local.capacity.patience, self._local.capacity.stalled, [turn])
        stalled.daemon = True
        stalled.start()
        try:
            inner = self._inner.start_tls(ssl_context, server_hostname, left)
        finally:
            stalled.cancel()
        return Stream(inner, self._local, self._round_trip)

    def get_extra_info(self, info: str) -> Any:
        """As `inner` tells it, and noting what came on an idle connection unasked."""
        if info == "is_readable" and self._unfinished:
            return True  # which the pool takes for its end
        found = self._inner.get_extra_info(info)
        turn = self._local.turn
        # The pool asks this of idle connections: of this turn's own right after its answer.
        if info == "is_readable" and found and self._inner.get_extra_info("socket").fileno() >= 0:
            waiting = self._waiting()
            if self._is_closing(waiting):
                self._local.capacity.saw_closing(time.monotonic() - self._last_used)
            elif turn.connection == self._number or turn.lane:
                turn.unasked = waiting
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


def _has_answer(waiting: bytes) -> bool:
    """Return True if an answer has begun to come that is the last one."""
    while waiting.startswith(INTERIM):
        waiting = waiting.partition(b"\r\n\r\n")[2]
    return not INTERIM.startswith(waiting)


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
        turn.beside = self._local.capacity.count()
        started = time.monotonic()
        left = max(turn.deadline - started, 0.001)
        try:
            inner = self._inner.connect_tcp(
                host, port, min(left, 2 * self._local.capacity.patience), local_address, socket_options
            )
        except httpcore.ConnectTimeout:
            self._local.capacity.stalled(turn)
            left = max(turn.deadline - time.monotonic(), 0.001)
            inner = self._inner.connect_tcp(host, port, left, local_address, socket_options)
        return Stream(inner, self._local, time.monotonic() - started)
