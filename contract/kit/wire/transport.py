"""One try: a request over a connection, and what came back or why nothing did."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore

from contract.kit.config import UsageError
from contract.kit.exchange import Secrets, Trouble, TroubleKind
from contract.kit.wire.coding import plain
from contract.kit.wire.stream import Backend, Local, Turn, Unasked

RawHeaders = list[tuple[bytes, bytes]]

LONGEST_BODY: Final = 16 * 1024 * 1024
CONNECTIONS: Final = 32
KEEP_IDLE: Final = 4.0
"""Seconds; below the five after which some servers close an idle connection just as a request comes."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A request as bytes. `target` is the whole request target."""

    method: bytes
    target: bytes
    headers: RawHeaders
    body: bytes


@dataclass(slots=True)
class Attempt:
    """What one try gave: an answer, a trouble, or both (a truncated answer). `elapsed` in seconds.

    `kept`: it went over a connection that had served another request before.
    """

    status: int | None = None
    headers: RawHeaders | None = None
    body: bytes = b""
    elapsed: float = 0.0
    trouble: Trouble | None = None
    kept: bool = False

    @property
    def kind(self) -> TroubleKind | None:
        return self.trouble.kind if self.trouble is not None else None


class Transport:
    """The connections to one target. Thread safe."""

    def __init__(
        self,
        base: SplitResult,
        timeout: float,
        secrets: Secrets,
        ca_bundle: str | None = None,
        insecure: bool = False,
    ) -> None:
        host = base.hostname or ""
        self._scheme = base.scheme.encode()
        self._host = host.encode("idna") if not host.isascii() else host.encode()
        self._port = base.port
        self._timeout = timeout
        self._local = Local()
        self._backend = Backend(self._local)
        self._context = _tls(ca_bundle, insecure) if base.scheme == "https" else None
        self._proxy = _proxy(base.scheme, host, secrets)
        self._main = self._pool(CONNECTIONS, KEEP_IDLE)
        self._lanes: dict[str, httpcore.ConnectionPool] = {}
        self._lock = threading.Lock()

    def attempt(self, parts: Parts, lane: str | None = None, fresh: bool = False) -> Attempt:
        """Send `parts` once. `fresh`: over a new connection. ValueError for what HTTP/1.1 cannot carry."""
        turn = self._local.turn = Turn(deadline=time.monotonic() + self._timeout, lane=lane is not None)
        if fresh and lane is None:
            with self._pool(1, None) as pool:
                return self._over(pool, parts, turn)
        return self._over(self._main if lane is None else self._lane(lane), parts, turn)

    def close(self) -> None:
        for pool in (self._main, *self._lanes.values()):
            pool.close()

    def _lane(self, name: str) -> httpcore.ConnectionPool:
        with self._lock:
            pool = self._lanes.get(name)
            if pool is None:
                pool = self._lanes[name] = self._pool(1, KEEP_IDLE)
            return pool

    def _pool(self, connections: int, keep_idle: float | None) -> httpcore.ConnectionPool:
        if self._proxy is None:
            return httpcore.ConnectionPool(
                ssl_context=self._context,
                max_connections=connections,
                max_keepalive_connections=connections,
                keepalive_expiry=keep_idle,
                network_backend=self._backend,
            )
        return httpcore.HTTPProxy(
            proxy_url=self._proxy[0],
            proxy_auth=self._proxy[1],
            ssl_context=self._context,
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=keep_idle,
            network_backend=self._backend,
        )

    def _over(self, pool: httpcore.ConnectionPool, parts: Parts, turn: Turn) -> Attempt:
        url = httpcore.URL(scheme=self._scheme, host=self._host, port=self._port, target=parts.target)
        request = httpcore.Request(
            parts.method,
            url,
            headers=parts.headers,
            content=parts.body or None,
            extensions={"timeout": {"pool": self._timeout}},
        )
        made = Attempt()
        chunks: list[bytes] = []
        try:
            response = pool.handle_request(request)
            made.status, made.headers = response.status, response.headers
            assert isinstance(response.stream, Iterable)
            size = 0
            try:
                for chunk in response.stream:
                    chunks.append(chunk)
                    size += len(chunk)
                    if size > LONGEST_BODY:
                        made.trouble = Trouble(TroubleKind.MALFORMED, "the body is longer than 16 MiB")
                        break
                else:
                    after = _excess(turn.came, parts.method, response.status, response.headers)
                    if after:
                        made.trouble = Trouble(TroubleKind.MALFORMED, f"{after} bytes follow the answer")
                        response.extensions["network_stream"].close()
            finally:
                response.close()
        except httpcore.LocalProtocolError as error:
            raise ValueError(f"HTTP/1.1 cannot carry this request: {error}") from None
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, Unasked) as error:
            made.trouble = _trouble(error, turn)
            if made.kind in (TroubleKind.TIMEOUT, TroubleKind.DROPPED):
                made.status, made.headers, chunks = None, None, []
        if turn.unasked and made.trouble is None:
            made.trouble = Trouble(TroubleKind.MALFORMED, f"unasked bytes follow the answer: {turn.unasked[:40]!r}")
        made.body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
        if made.headers is not None:
            made.headers, made.body = plain(made.headers, made.body, LONGEST_BODY)
        made.elapsed = max(turn.last_came - turn.first_sent, 0.0)
        made.kept = bool(turn.connection) and not turn.connected
        return made


def _trouble(error: Exception, turn: Turn) -> Trouble:
    said = str(error) or type(error).__name__
    if isinstance(error, Unasked):
        found = f"bytes came before the request was sent, after the answer to another: {turn.unasked[:40]!r}"
        return Trouble(TroubleKind.MALFORMED, found)
    if isinstance(error, httpcore.ConnectError | httpcore.ConnectTimeout | httpcore.ProxyError):
        return Trouble(TroubleKind.UNREACHABLE, said)
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


def _tls(ca_bundle: str | None, insecure: bool) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=ca_bundle)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(f"the CA bundle {ca_bundle} cannot be used: {error}") from None
    context.set_alpn_protocols(["http/1.1"])
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def loopback(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def _proxy(scheme: str, host: str, secrets: Secrets) -> tuple[str, tuple[str, str] | None] | None:
    """The proxy that the environment names for a host: its URL, its user and password."""
    if loopback(host) or proxy_bypass(host):
        return None
    proxies = getproxies()
    named = proxies.get(scheme) or proxies.get("all")
    if not named:
        return None
    proxy = urlsplit(named if "://" in named else f"http://{named}")
    if proxy.scheme not in ("http", "https") or not proxy.hostname:
        raise UsageError(
            f"the proxy for {scheme} in the environment is not an http:// URL; mend {scheme}_proxy or no_proxy"
        )
    port = f":{proxy.port}" if proxy.port else ""
    where = f"{proxy.scheme}://{proxy.hostname}{port}"
    if proxy.username is None:
        return where, None
    password = unquote(proxy.password or "")
    secrets.learn(password, "$PROXY_PASSWORD")
    return where, (unquote(proxy.username), password)
