"""Send requests to the target, follow jobs, bear trouble, and record each exchange with its secrets replaced.

This package alone knows the HTTP client (httpcore, the engine of httpx): its own backend is what allows one
deadline for a whole answer and a look at the bytes that follow it.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from urllib.parse import urlsplit

from contract.kit import __version__
from contract.kit.exchange import Exchange, Expect, Request, Response, Scope, Trouble, TroubleKind
from contract.kit.secrets import Secrets
from contract.kit.usage import UsageError
from contract.kit.wire.jobs import location
from contract.kit.wire.pace import Pace
from contract.kit.wire.patience import ENDS_THE_RUN, Patience, bare, retry_after
from contract.kit.wire.transport import Attempt, Parts, RawHeaders, Transport

SendHeaders = Iterable[tuple[str, str | bytes]]

NOTHING: Mapping[str, str] = MappingProxyType({})
NO_BODY_METHODS = frozenset({"GET", "HEAD", "DELETE", "OPTIONS", "TRACE"})


class TargetGone(Exception):  # noqa: N818  it tells a state
    """The target answers nothing any more; the text says what was seen last."""


class Wire:
    """The way to one target. Thread safe.

    `traffic` holds the exchanges of the endpoint and its neighbours; `counts` how many of each scope there
    were, `polls` among them; `trouble` how often each kind was met, even where a new try helped. `broken` is
    why the target was taken for gone, empty where it was not.
    """

    def __init__(
        self,
        base_url: str,
        secrets: Secrets,
        *,
        timeout: float = 5.0,
        pace: float | None = None,
        ca_bundle: str | None = None,
        insecure: bool = False,
        patience: Patience | None = None,
    ) -> None:
        """`base_url`: scheme, host, port, and a path that is put before every target; `timeout` in seconds."""
        base = urlsplit(base_url)
        if base.scheme not in ("http", "https") or not base.hostname:
            raise UsageError(f"the target's URL {base_url!r} does not begin with http://HOST or https://HOST")
        self.secrets = secrets
        self.traffic: list[Exchange] = []
        self.counts: Counter[str] = Counter()
        self.trouble: Counter[str] = Counter()
        self.broken = ""
        self._gone = False
        self.reached = False
        self.patience = patience or Patience()
        self._pace = Pace(pace)
        self._prefix = base.path.rstrip("/")
        self._transport = Transport(base, timeout, secrets, ca_bundle, insecure)
        self._defaults = [
            (b"Host", base.netloc.rpartition("@")[2].encode()),
            (b"User-Agent", f"contract/{__version__}".encode()),
            (b"Accept-Encoding", b"identity"),
        ]
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._without_answer = 0
        self._bare_in_vain = 0
        self._reprieves = 0

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
        plain: bool = False,
    ) -> Exchange:
        """Send a request as it is given and return the exchange, trouble included.

        `target` goes out unchanged (ASCII without blanks, else ValueError); a header value of bytes goes out
        as those bytes, a text as UTF-8. `lane`: requests of one lane share one connection of their own.
        `retry`: send again after a dropped connection or a gateway's answer. `plain`: keep the secrets in the
        answer, for a sibling call that asks for one. TargetGone when the target is taken for gone.
        """
        if self._gone:
            raise TargetGone(self.broken)
        sent = list(headers)
        parts = self._parts(method, target, sent, body)
        # Siblings stand outside the record; the numbers of the recorded ones have no gaps.
        number = 0 if scope is Scope.SIBLING else next(self._numbers)
        at = time.time()
        attempt, resent = self._persist(parts, retry, lane)
        settled, trouble = None, attempt.trouble
        if attempt.status == 202 and trouble is None:
            job = self._follow(attempt, parts)
            if job is not None:
                settled, trouble = self._response(job), job.trouble
        exchange = Exchange(
            number=number,
            request=self._request(parts, sent),
            response=self._response(attempt, plain and scope is Scope.SIBLING),
            trouble=replace(trouble, detail=self.secrets.scrub(trouble.detail)) if trouble else None,
            settled=settled,
            scope=scope,
            expect=expect,
            clause=clause,
            case=case,
            path_values=path_values,
            fresh=fresh,
            side_by_side=side_by_side,
            resent=resent,
            at=at,
        )
        self.counts[scope.value] += 1
        if scope is not Scope.SIBLING:
            self.traffic.append(exchange)
        return exchange

    def reused(self, lane: str) -> bool:
        """Whether the last request on `lane` went over the same connection as the one before it."""
        return self._transport.reused(lane)

    def once_more(self) -> bool:
        """Whether requests may go out: a target taken for gone is asked again, so that it can be cleaned up."""
        if self._gone and self._alive():
            self._gone = False
            self._without_answer = self._reprieves = 0
        return not self._gone

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

    def _persist(self, parts: Parts, retry: bool, lane: str | None = None) -> tuple[Attempt, int]:
        """Send until there is an answer or patience ends. Returns the last try and how often it was resent."""
        patience = self.patience
        started = time.monotonic()
        resent = refused = connects = 0
        while True:
            self._pace.wait()
            attempt = self._transport.attempt(parts, lane, fresh=resent > 0)
            if attempt.status == 429 and attempt.trouble is None:
                if self._wait_for_less(attempt, refused):
                    refused += 1
                    continue
            elif attempt.status is not None:
                self._pace.accepted()
            if attempt.trouble is None and bare(attempt):
                attempt.trouble = Trouble(TroubleKind.GATEWAY, f"a bare {attempt.status}")
            pause: float | None = None
            if attempt.kind is TroubleKind.UNREACHABLE:
                pauses = patience.unreachable if self.reached else patience.unreachable[:1]
                # A connection that times out is not tried as often as one that is refused at once.
                if connects < len(pauses) and time.monotonic() - started < sum(patience.unreachable):
                    pause = pauses[connects]
                connects += 1
            elif attempt.kind is TroubleKind.DROPPED and retry and resent < patience.dropped:
                pause = 0.0
            elif attempt.kind is TroubleKind.GATEWAY and retry and resent < len(patience.gateway):
                pause = patience.gateway[resent] if self._bare_in_vain < patience.gateway_in_vain else None
            self._count(attempt, final=pause is None)
            if pause is None:
                if resent and attempt.trouble is None:
                    self._bare_in_vain = 0
                return attempt, resent
            resent += attempt.kind is not TroubleKind.UNREACHABLE
            time.sleep(pause)

    def _wait_for_less(self, attempt: Attempt, refused: int) -> bool:
        """Slow down after a 429. False when it is to be taken as it is, with its trouble noted on it."""
        said = retry_after(attempt)
        patience = self.patience
        if said is None and refused >= patience.backoffs:
            return False
        waits = self._pace.refused(min(said, patience.longest_wait) if said is not None else patience.backoff)
        self._count_trouble(TroubleKind.THROTTLED)
        if waits <= patience.waits:
            return True
        attempt.trouble = Trouble(TroubleKind.THROTTLED, f"429 {waits} times in a row")
        return False

    def _count_trouble(self, kind: TroubleKind) -> None:
        with self._lock:
            self.trouble[kind.value] += 1

    def _count(self, attempt: Attempt, *, final: bool) -> None:
        if attempt.kind is None:
            # The usual way takes no lock.
            self.reached = True
            self._without_answer = self._reprieves = 0
            return
        with self._lock:
            if attempt.kind is not TroubleKind.THROTTLED:
                self.trouble[attempt.kind.value] += 1
            if attempt.kind is not TroubleKind.UNREACHABLE:
                self.reached = True
            if not final:
                return
            self._bare_in_vain += attempt.kind is TroubleKind.GATEWAY
            if attempt.kind not in ENDS_THE_RUN:
                self._without_answer = 0
                return
            self._without_answer += 1
            if self._without_answer < self.patience.in_a_row or self._gone:
                return
            self._without_answer = 0
            if self._reprieves < self.patience.reprieves and self._alive():
                self._reprieves += 1
                return
            assert attempt.trouble is not None
            self._gone = True
            self.broken = self.broken or (
                f"{self.patience.in_a_row} requests in a row had no answer, "
                f"the last one: {attempt.kind}, {self.secrets.scrub(attempt.trouble.detail)}"
            )

    def _alive(self) -> bool:
        """Whether the target answers anything: a server that hangs on some inputs is still there to be judged."""
        probe = self._transport.attempt(self._parts("GET", "/", [], b""), fresh=True)
        return probe.kind not in ENDS_THE_RUN and probe.status != 429

    def _follow(self, accepted: Attempt, parts: Parts) -> Attempt | None:
        """What the job of a 202 ends with; None where it cannot be asked for."""
        target = location(accepted, self._prefix)
        if target is None:
            return None
        bare_headers = [(name, value) for name, value in self._defaults]
        credentials = [(name, value) for name, value in parts.headers if name.lower() == b"authorization"]
        question = Parts(b"GET", target.encode("ascii"), bare_headers, b"")
        pause, longest = self.patience.job_pauses
        started = time.monotonic()
        while True:
            found, _ = self._persist(question, retry=True)
            self.counts["polls"] += 1
            if found.status in (401, 403) and credentials and len(question.headers) == len(bare_headers):
                question = Parts(b"GET", question.target, bare_headers + credentials, b"")
                continue
            if found.status != 202 or found.trouble is not None:
                return found
            if time.monotonic() - started > self.patience.job_limit:
                self._count_trouble(TroubleKind.TIMEOUT)
                found = Attempt(elapsed=time.monotonic() - started)
                limit = f"its job had not ended after {self.patience.job_limit:g} seconds"
                found.trouble = Trouble(TroubleKind.TIMEOUT, limit)
                return found
            time.sleep(pause)
            pause = min(pause * 2, longest)

    def _request(self, parts: Parts, sent: list[tuple[str, str | bytes]]) -> Request:
        scrub = self.secrets.scrub
        own = [(name.decode(), value.decode()) for name, value in parts.headers[: len(parts.headers) - len(sent)]]
        given = [(name, scrub(value.decode("latin-1") if isinstance(value, bytes) else value)) for name, value in sent]
        return Request(parts.method.decode(), scrub(parts.target.decode()), (*own, *given), scrub(parts.body))

    def _response(self, attempt: Attempt, plain: bool = False) -> Response | None:
        if attempt.status is None:
            return None
        headers = attempt.headers or []
        texts = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
        if plain:
            return Response(attempt.status, tuple(texts), attempt.body, attempt.elapsed)
        if self.secrets.touches(b"\n".join(itertools.chain.from_iterable(headers))):
            texts = [(self.secrets.scrub(name), self.secrets.scrub(value)) for name, value in texts]
        return Response(attempt.status, tuple(texts), self.secrets.scrub(attempt.body), attempt.elapsed)
