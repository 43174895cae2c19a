"""Connection trouble, each with the request that met it, in words for the report."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from contract.kit.exchange import Exchange, TroubleKind
from contract.kit.shortened import shortened

NAMED: Final = 3
"""Requests that are named of each kind of trouble."""
LONGEST: Final = 80
"""Characters of what a request is named by."""
WORDS: Final = {
    TroubleKind.UNREACHABLE: "the target could not be reached",
    TroubleKind.DROPPED: "the connection was closed without an answer",
    TroubleKind.TIMEOUT: "no answer came in time",
    TroubleKind.TRUNCATED: "the answer ended early",
    TroubleKind.MALFORMED: "what came was not one HTTP answer",
    TroubleKind.GATEWAY: "a bare 502, 503 or 504 came",
    TroubleKind.THROTTLED: "429 came",
}


class Incidents:
    """Thread safe, and of a bounded size."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[TroubleKind, int] = defaultdict(int)
        self._named: dict[TroubleKind, list[str]] = defaultdict(list)

    def note(self, exchange: Exchange, kinds: Iterable[TroubleKind]) -> None:
        """The kinds of trouble that a request met."""
        with self._lock:
            for kind in dict.fromkeys(kinds):
                self._counts[kind] += 1
                if len(self._named[kind]) < NAMED:
                    self._named[kind].append(_named(exchange))

    def told(self) -> list[str]:
        """A line a kind."""
        with self._lock:
            return [self._line(kind, count) for kind, count in self._counts.items()]

    def _line(self, kind: TroubleKind, count: int) -> str:
        named = self._named[kind]
        more = f" and {count - len(named)} more" if count > len(named) else ""
        return f"{WORDS[kind]} ({kind}): {'; '.join(named)}{more}"


def _named(exchange: Exchange) -> str:
    request = exchange.request
    sent = f"{request.method} {shortened(request.target, LONGEST)}"
    if not exchange.number:
        return f"{sent} (a call of the run's own)"
    return f"request {exchange.number}, {shortened(exchange.case, LONGEST) if exchange.case else sent}"
