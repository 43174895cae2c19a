"""How does a request get there? Send it, keep the target's pace, bear trouble, follow jobs, record the exchange.

This package alone knows the HTTP client (httpcore, the engine of httpx): its own backend is what allows one
deadline for a whole answer and a look at the bytes that follow it.
"""

from __future__ import annotations

import itertools
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final, Self
from urllib.parse import urlsplit

from contract.kit import __version__
from contract.kit.config import Settings, UsageError
from contract.kit.exchange import (
    NOTHING,
    Exchange,
    Expect,
    Headers,
    Request,
    Response,
    Scope,
    Secrets,
    TroubleKind,
    received,
)
from contract.kit.wire.attempt import ABOUT_THE_BODY, Attempt, Parts, RawHeaders
from contract.kit.wire.incidents import Incidents
from contract.kit.wire.jobs import Jobs
from contract.kit.wire.pace import Pace
from contract.kit.wire.patience import Patience
from contract.kit.wire.sender import Sender, TargetGone
from contract.kit.wire.tls import Trust
from contract.kit.wire.transport import Transport

__all__ = ["SendHeaders", "TargetGone", "Wire"]

SendHeaders = Sequence[tuple[str, str | bytes]]

MOST_RECEIVED: Final = 256 * 2**20
"""Bytes of bodies in a run: a target that answers each request with megabytes would keep it for ever."""
NO_BODY_METHODS = frozenset({"GET", "HEAD", "DELETE", "OPTIONS", "TRACE"})


class Wire:
    """The way to one target. Thread safe."""

    def __init__(
        self,
        base_url: str,
        secrets: Secrets,
        *,
        timeout: float = 5.0,
        pace: float | None = None,
        ca_bundle: str | None = None,
        insecure: bool = False,
        client_cert: str | None = None,
        client_key: str | None = None,
        patience: Patience | None = None,
    ) -> None:
        """`base_url`: scheme, host, port, and a path that is put before every target; `timeout` in seconds.

        `client_cert`, `client_key`: PEM files that show who asks; the key may stand in the certificate's file.
        """
        base = urlsplit(base_url)
        if base.scheme not in ("http", "https") or not base.hostname:
            raise UsageError(f"the target's URL {base_url!r} does not begin with http://HOST or https://HOST")
        self.secrets = secrets
        self._prefix = base.path.rstrip("/")
        self._defaults = [
            (b"Host", base.netloc.rpartition("@")[2].encode()),
            (b"User-Agent", f"contract/{__version__}".encode()),
            (b"Accept-Encoding", b"identity"),
        ]
        self._transport = Transport(base, timeout, secrets, Trust(ca_bundle, insecure, client_cert, client_key))
        patience = patience or Patience()
        rate = Pace(pace, longest_pause=patience.longest_pause)
        self._sender = Sender(self._transport, rate, patience, self._defaults)
        self._jobs = Jobs(self._sender, self._defaults, self._prefix)
        self._incidents = Incidents()
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._received = 0
        self.most_received: int | None = MOST_RECEIVED
        self.via = ""
        """What a proxy on the way calls itself (RFC 9110, 7.6.3), once an answer has told."""

    @classmethod
    def to(cls, settings: Settings, secrets: Secrets) -> Self:
        """The way to the target of a run."""
        return cls(
            settings.url,
            secrets,
            timeout=settings.request_timeout,
            pace=settings.pace,
            ca_bundle=settings.ca_bundle,
            insecure=settings.insecure,
            client_cert=settings.client_cert,
            client_key=settings.client_key,
        )

    def send(
        self,
        method: str,
        target: str,
        headers: SendHeaders = (),
        body: bytes = b"",
        *,
        scope: Scope = Scope.ENDPOINT,
        expect: Expect = Expect.EITHER,
        clause: str = "",
        case: str = "",
        path_values: Mapping[str, str] = NOTHING,
        fresh: bool = False,
        side_by_side: bool = False,
        retry: bool = True,
        lane: str | None = None,
        chunk: int | None = None,
        plain: bool = False,
        number: int | None = None,
    ) -> Exchange:
        """Send a request as it is given and return the exchange, trouble included.

        `target` goes out unchanged (ASCII without blanks, else ValueError); a header value of bytes goes out
        as those bytes, a text as UTF-8. `lane`: requests of one lane share one connection of their own. `chunk`: bytes
        of a chunk, where the headers say that the body comes in chunks.
        `retry`: send again after a dropped connection or a gateway's answer. `plain`: keep the secrets in the
        answer, for a sibling call that asks for one. `number`: the exchange's, the next one by default.
        TargetGone when the target is taken for gone.
        """
        sent = list(headers)
        parts = replace(self._parts(method, target, sent, body), chunk=chunk)
        # Siblings stand outside the record; the numbers of the recorded ones have no gaps.
        if number is None:
            number = 0 if scope is Scope.SIBLING else next(self._numbers)
        at = time.time()
        sent_as = self._sender.send(
            parts, retry, lane, provable=scope is not Scope.SIBLING, refusable=expect is Expect.REFUSAL
        )
        attempt = sent_as.attempt
        if sent_as.parts is not parts:
            parts = sent_as.parts
            sent = [(name, value) for name, value in sent if name.lower().encode() not in ABOUT_THE_BODY]
            sent.append(("Content-Length", "0"))
        # First, for what it teaches of the secrets that were sent.
        request = self._request(parts, sent)
        settled, trouble = None, attempt.trouble
        if attempt.status == 202 and trouble is None:
            job = self._jobs.follow(attempt, parts)
            if job is not None:
                settled, trouble = self._response(job), job.trouble
        exchange = Exchange(
            number=number,
            request=request,
            response=self._response(attempt, plain and scope is Scope.SIBLING),
            trouble=replace(trouble, detail=self.secrets.scrub(trouble.detail)) if trouble else None,
            settled=settled,
            scope=scope,
            expect=expect,
            clause=clause,
            case=sys.intern(case),
            path_values=path_values,
            fresh=fresh,
            side_by_side=side_by_side,
            resent=sent_as.resent,
            drops=sent_as.drops,
            standing=sent_as.standing,
            on_kept_connection=attempt.kept,
            at=at,
        )
        if sent_as.met or trouble is not None:
            self._incidents.note(exchange, [*(met.kind for met in sent_as.met), *([trouble.kind] if trouble else [])])
        with self._lock:
            self._received += received(exchange)
            if self.most_received is not None and self._received > self.most_received and not self._sender.broken:
                self._sender.broken = f"the answers together are longer than {self.most_received // 2**20} MiB"
        return exchange

    def let_go(self, size: int) -> None:
        """So many bytes of what was received are kept no longer."""
        with self._lock:
            self._received -= size

    def vouch(self, witness: Callable[[], bool | None]) -> None:
        """Take `witness` to ask whether plain good requests are answered well; None where it cannot tell."""
        self._sender.witness = witness

    def spoken(self) -> str:
        """What the port speaks where it answers no request, in words that say what to change; empty behind a proxy."""
        return self._transport.spoken()

    def once_more(self) -> bool:
        """Return True if requests may go out: a target taken for gone is asked again, so that it can be cleaned up."""
        return self._sender.once_more()

    @property
    def trouble(self) -> Counter[str]:
        """How often each kind of trouble was met, even where a new try helped."""
        return self._sender.trouble

    def notices(self) -> list[str]:
        """What the report should tell of the way: each trouble with its requests, limits and connections."""
        told = self._incidents.told()
        if at_once := self._sender.crowd.found:
            told.append(f"the target serves {at_once} requests at once: no more were under way")
        pace = self._sender.pace
        if pace.found is not None:
            told.append(f"the target limits the rate: about {pace.found:.3g} requests a second went through")
        elif pace.refusals:
            told.append("a request was put off now and then (429, or a bare 502, 503 or 504), at no rate in particular")
        if closed := self._sender.idle_closings:
            told.append(f"the target closes idle connections without notice: {closed} request(s) went over a new one")
        if self._transport.few:
            told.append("the target serves few connections at once: idle ones were given up")
        if self.via:
            told.append(
                f"a proxy on the way names itself (Via: {self.secrets.scrub(self.via)[:60]}): "
                "headers that proxies answer themselves (Expect, Range and the like) were not sent"
            )
        return told

    @property
    def gone_by(self) -> TroubleKind | None:
        """The trouble by which the target was taken for gone; None where it was not."""
        return self._sender.gone_by

    @property
    def broken(self) -> str:
        """Why the target was taken for gone; empty where it was not."""
        return self.secrets.scrub(self._sender.broken)

    def end_lanes(self) -> None:
        """Nobody goes on over the connections of the lanes used so far."""
        self._transport.end_lanes()

    def close(self) -> None:
        self._transport.close()

    def _parts(self, method: str, target: str, headers: list[tuple[str, str | bytes]], body: bytes) -> Parts:
        made: RawHeaders = []
        given = set()
        for name, value in headers:
            raw = value if isinstance(value, bytes) else value.encode("utf-8", "surrogateescape")
            # Blanks round a value are no part of it (RFC 9110, 5.5).
            made.append((name.encode(), raw.strip(b" \t")))
            given.add(name.lower())
        defaults = [(name, value) for name, value in self._defaults if name.decode().lower() not in given]
        if (body or method not in NO_BODY_METHODS) and not given & {"content-length", "transfer-encoding"}:
            defaults.append((b"Content-Length", str(len(body)).encode()))
        try:
            whole = (self._prefix + target).encode("ascii")
        except UnicodeEncodeError:
            raise ValueError(f"a request target is ASCII, percent-encoded: {target!r}") from None
        return Parts(method.encode(), whole, defaults + made, body)

    def _request(self, parts: Parts, sent: list[tuple[str, str | bytes]]) -> Request:
        scrub = self.secrets.scrub
        own = [(name.decode(), value.decode()) for name, value in parts.headers[: len(parts.headers) - len(sent)]]
        given = [
            (name, self.secrets.sent(value.decode("latin-1") if isinstance(value, bytes) else value))
            for name, value in sent
        ]
        method, target = sys.intern(parts.method.decode()), sys.intern(scrub(parts.target.decode()))
        return Request(method, target, _shared((*own, *given)), scrub(parts.body))

    def _response(self, attempt: Attempt, plain: bool = False) -> Response | None:
        if attempt.status is None:
            return None
        headers = attempt.headers or []
        texts = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
        self.via = self.via or next((value for name, value in texts if name.lower() == "via"), "")
        if plain:
            return Response(attempt.status, tuple(texts), attempt.body, attempt.elapsed)
        if self.secrets.touches(b"\n".join(itertools.chain.from_iterable(headers))):
            texts = [(self.secrets.scrub(name), self.secrets.scrub(value)) for name, value in texts]
        return Response(attempt.status, _shared(tuple(texts)), self.secrets.scrub(attempt.body), attempt.elapsed)


@lru_cache(1024)
def _shared(headers: Headers) -> Headers:
    """Headers as one shared object: a long run keeps every exchange, and most have the same ones."""
    return tuple(_shared_field(name, value) for name, value in headers)


@lru_cache(4096)
def _shared_field(name: str, value: str) -> tuple[str, str]:
    return (name, value)
