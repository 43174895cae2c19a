"""One try: a request over a connection, and what came back or why nothing did."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import SplitResult

import httpcore

from contract.kit.exchange import Secrets, Trouble, TroubleKind, document
from contract.kit.wire.announced import closes, ends_with_its_connection
from contract.kit.wire.attempt import Attempt, Parts, RawHeaders
from contract.kit.wire.coding import plain
from contract.kit.wire.proxies import proxy_for
from contract.kit.wire.spoken import spoken
from contract.kit.wire.stream import NOTICES, Backend, Unasked
from contract.kit.wire.tls import Trust, context, meaning
from contract.kit.wire.turn import Capacity, Local, Turn

LONGEST_BODY: Final = 16 * 1024 * 1024
CONNECTIONS: Final = 32
TLS_ALERT: Final = b"\x15\x03"
"""How an answer over TLS to a request without it begins (RFC 8446, 5.1)."""
KEPT: Final = 16
"""Connections that are kept while they are idle; as many as requests go out side by side."""
LANES: Final = KEPT
"""Lanes whose connections are kept; the one that was used longest ago goes first."""
KEEP_IDLE: Final = 4.0
"""Seconds; below the five after which some servers close an idle connection just as a request comes."""


class Transport:
    """The connections to one target. Thread safe."""

    def __init__(
        self,
        base: SplitResult,
        timeout: float,
        secrets: Secrets,
        trust: Trust,
    ) -> None:
        host = base.hostname or ""
        self._scheme = base.scheme.encode()
        self._host = host.encode("idna") if not host.isascii() else host.encode()
        self._port = base.port
        self._timeout = timeout
        self._capacity = Capacity(self._give_up_idle, self._count)
        self._local = Local(self._capacity)
        self._backend = Backend(self._local)
        self._trust = trust if base.scheme == "https" else None
        self._context = context(self._trust) if self._trust is not None else None
        self._proxy = proxy_for(base.scheme, host, secrets)
        self._main = self._pool(CONNECTIONS, KEEP_IDLE)
        self._lanes: dict[str, httpcore.ConnectionPool] = {}
        self._lock = threading.Lock()
        self._active = 0
        """Requests under way."""

    def spoken(self) -> str:
        """What the port speaks where it does not answer, in words; nothing is asked through a proxy."""
        if self._proxy is not None:
            return ""
        port = self._port or (80 if self._trust is None else 443)
        return spoken(self._host.decode(), port, self._trust)

    def attempt(self, parts: Parts, lane: str | None = None, fresh: bool = False) -> Attempt:
        """Send `parts` once. `fresh`: over a new connection. ValueError for what HTTP/1.1 cannot carry."""
        while True:
            turn = self._local.turn = Turn(deadline=time.monotonic() + self._timeout, lane=lane is not None)
            if fresh and lane is None:
                with self._pool(1, None) as pool:
                    return self._over(pool, parts, turn)
            with self._under_way(turn):
                made = self._over(self._main if lane is None else self._lane(lane), parts, turn)
            if not turn.unsent:
                break
        if made.status is not None:
            self._capacity.served(turn)
            if made.kept:
                self._capacity.took(made.elapsed)
        if self._capacity.few:
            # The target serves few connections at once: others wait for those that we keep.
            self._give_up_idle(spare=0 if self._active else 1)
        return made

    @contextmanager
    def _under_way(self, turn: Turn) -> Iterator[None]:
        with self._lock:
            self._active += 1
        try:
            yield
        finally:
            turn.end()
            with self._lock:
                self._active -= 1

    @property
    def few(self) -> bool:
        """Return True if the target serves so few connections at once that idle ones are in the way."""
        return self._capacity.few

    def close(self) -> None:
        for pool in self._pools():
            pool.close()

    def _pools(self) -> list[httpcore.ConnectionPool]:
        """The main one, and those of the lanes, the last used last."""
        with self._lock:
            return [self._main, *self._lanes.values()]

    def _lane(self, name: str) -> httpcore.ConnectionPool:
        with self._lock:
            pool = self._lanes.pop(name, None) or self._pool(1, KEEP_IDLE)
            self._lanes[name] = pool
            if len(self._lanes) > LANES:
                self._close_idle(self._lanes[next(iter(self._lanes))])
                del self._lanes[next(iter(self._lanes))]
            return pool

    def end_lanes(self) -> None:
        """Give up what is idle of the lanes: nobody goes on over their connections."""
        with self._lock:
            lanes, self._lanes = list(self._lanes.values()), {}
        for pool in lanes:
            self._close_idle(pool)

    def _give_up_idle(self, spare: int = 0) -> int:
        """Close idle connections; returns how many. `spare`: so many are left, with the last lane's if above 0."""
        main, *lanes = self._pools()
        given_up = self._close_idle(main, spare)
        return given_up + sum(self._close_idle(pool) for pool in (lanes[:-1] if spare else lanes))

    def _close_idle(self, pool: httpcore.ConnectionPool, spare: int = 0) -> int:
        """Close what no thread uses; one that is handed to a request just now sends that over another."""
        given_up = [connection for connection in pool.connections if connection.is_idle()][spare:]
        self._local.gives_up = True
        try:
            for connection in given_up:
                connection.close()
        finally:
            self._local.gives_up = False
        return len(given_up)

    def _count(self) -> int:
        """How many connections are kept idle."""
        return sum(connection.is_idle() for pool in self._pools() for connection in pool.connections)

    def _pool(self, connections: int, keep_idle: float | None) -> httpcore.ConnectionPool:
        if self._proxy is None:
            return httpcore.ConnectionPool(
                ssl_context=self._context,
                max_connections=connections,
                max_keepalive_connections=min(connections, KEPT),
                keepalive_expiry=keep_idle,
                network_backend=self._backend,
            )
        return httpcore.HTTPProxy(
            proxy_url=self._proxy.url,
            proxy_auth=self._proxy.auth,
            ssl_context=self._context,
            max_connections=connections,
            max_keepalive_connections=min(connections, KEPT),
            keepalive_expiry=keep_idle,
            network_backend=self._backend,
        )

    def _over(self, pool: httpcore.ConnectionPool, parts: Parts, turn: Turn) -> Attempt:
        url = httpcore.URL(scheme=self._scheme, host=self._host, port=self._port, target=parts.target)
        request = httpcore.Request(
            parts.method,
            url,
            headers=parts.headers,
            content=parts.content,
            extensions={"timeout": {"pool": self._timeout}},
        )
        made = Attempt()
        chunks: list[bytes] = []
        version = b""
        try:
            response = pool.handle_request(request)
            made.status, made.headers = response.status, response.headers
            version = response.extensions["http_version"]
            try:
                made.trouble = _read(response, chunks, turn, parts.method)
            finally:
                response.close()
        except httpcore.LocalProtocolError as error:
            # The library quotes what it refuses, which may be a credential.
            said = str(error).partition(" b'")[0].partition(' b"')[0]
            raise ValueError(f"HTTP/1.1 cannot carry this request: {said}") from None
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, Unasked) as error:
            if not (turn.reset and _is_whole(made, version, parts.method, chunks)):
                made.trouble = self._trouble(error, turn)
        except httpcore.ProxyError as error:
            made.trouble = Trouble(TroubleKind.UNREACHABLE, f"{self._proxy} refuses to connect: {error}")
        if made.kind in (TroubleKind.TIMEOUT, TroubleKind.DROPPED):
            made.status, made.headers, chunks = None, None, []
        if turn.unasked and made.trouble is None:
            made.trouble = Trouble(TroubleKind.MALFORMED, f"unasked bytes follow the answer: {turn.unasked[:40]!r}")
        made.body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
        if made.headers is not None:
            made.headers, made.body = plain(made.headers, made.body, LONGEST_BODY)
        made.elapsed = max(turn.last_came - turn.first_sent, 0.0)
        made.kept = bool(turn.connection) and not turn.connected
        if made.status == 407 and self._proxy is not None and self._context is None:
            made.trouble = Trouble(TroubleKind.UNREACHABLE, f"{self._proxy} asks for a user and a password (407)")
        self._look_at_the_end(made, turn, version)
        return made

    def _look_at_the_end(self, made: Attempt, turn: Turn, version: bytes) -> None:
        """Tell a connection that was closed while it was idle from one that was closed in answer to the request."""
        if made.kept and made.status == 408 and closes(version, made.headers or []):
            made.closed_idle = True
        elif made.kind is TroubleKind.DROPPED and not turn.came:
            earliest = self._capacity.shortest_idle
            by_itself = earliest is not None and turn.idle >= earliest / 2
            told = turn.closed_before
            idle = told is True or by_itself or (told is None and not turn.reset)
            made.closed_idle = made.kept and idle and not turn.given_up
            # A reset says that the request was not read to its end.
            made.unanswered = not (made.closed_idle or turn.given_up) and told is False and not turn.reset
            made.ended = True

    def _trouble(self, error: Exception, turn: Turn) -> Trouble:
        said = str(error) or type(error).__name__
        if isinstance(error, Unasked):
            before = f"bytes came before the request was sent, after the answer to another: {turn.unasked[:40]!r}"
            return Trouble(TroubleKind.MALFORMED, before)
        told = meaning(said) if isinstance(error, httpcore.NetworkError) else None
        # A client certificate is asked for after the client's side of the handshake is over (RFC 8446, 4.4.2.4).
        if told or isinstance(error, httpcore.ConnectError | httpcore.ConnectTimeout):
            where = f"{self._proxy}: " if self._proxy is not None and told is None else ""
            return Trouble(TroubleKind.UNREACHABLE, f"{told} ({said})" if told else where + said)
        return _trouble(error, said, turn)


def _read(response: httpcore.Response, chunks: list[bytes], turn: Turn, method: bytes) -> Trouble | None:
    """Read the body into `chunks`; what is wrong with its length."""
    assert isinstance(response.stream, Iterable)
    size = 0
    for chunk in response.stream:
        chunks.append(chunk)
        size += len(chunk)
        if size > LONGEST_BODY:
            return Trouble(TroubleKind.MALFORMED, "the body is longer than 16 MiB")
    after = _excess(turn.came, method, response.status, response.headers)
    if not after:
        return None
    response.extensions["network_stream"].close()
    if b"".join(turn.came)[-after:].startswith(NOTICES):
        return None
    return Trouble(TroubleKind.MALFORMED, f"{after} bytes follow the answer")


def _is_whole(made: Attempt, version: bytes, method: bytes, chunks: list[bytes]) -> bool:
    """Return True if an answer is whole although a reset ended it: the server had said that it closes, and only the end
    of the connection says where the body ends. A server that refuses on the head alone leaves the body unread, and that
    resets the connection."""
    if made.status is None or made.headers is None:
        return False
    if not closes(version, made.headers) or not ends_with_its_connection(method, made.status, made.headers):
        return False
    body = b"".join(chunks)
    return not body.lstrip().startswith((b"{", b"[")) or document.read(body).readable


def _trouble(error: Exception, said: str, turn: Turn) -> Trouble:
    if turn.came and turn.came[0].startswith(TLS_ALERT):
        return Trouble(TroubleKind.UNREACHABLE, "the port speaks TLS; give https://")
    if isinstance(error, httpcore.TimeoutException):
        came = sum(map(len, turn.came))
        return Trouble(TroubleKind.TIMEOUT, f"{said} ({came} bytes had come)" if came else said)
    if not turn.came or turn.reset:
        return Trouble(TroubleKind.DROPPED, said)
    if turn.closed and turn.came[0].startswith(b"HTTP/"):
        return Trouble(TroubleKind.TRUNCATED, said)
    return Trouble(TroubleKind.MALFORMED, said)


def _excess(came: list[bytes], method: bytes, status: int, headers: RawHeaders) -> int:
    """How many bytes more came than the answer announced; 0 also where that cannot be told."""
    if not came or came[0].startswith((b"HTTP/1.1 1", b"HTTP/1.0 1")):
        return 0  # interim answers stand before the answer
    if method == b"HEAD" or status in (204, 304):
        length = 0
    else:
        said = next((value for name, value in headers if name.lower() == b"content-length"), None)
        if said is None or not said.isdigit():
            return 0
        length = int(said)
    end = came[0].find(b"\r\n\r\n")
    if end < 0:
        end = b"".join(came).find(b"\r\n\r\n")
    return max(sum(map(len, came)) - end - 4 - length, 0) if end >= 0 else 0
