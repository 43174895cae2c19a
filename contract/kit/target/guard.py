"""Is it still the server that answers? Notices when something before it begins to refuse everything."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from contract.kit.exchange import CRASHING_TROUBLE, Exchange, Expect, Outcome, TroubleKind, outcome, page_title, speaker
from contract.kit.target.preflight import stranger
from contract.kit.wire import TargetGone

PAUSES: Final = (3.0, 12.0)
"""Seconds before each look at whether a ban has ended."""
IN_A_ROW: Final = 40
"""Answers without an envelope, one after the other, that are looked into whatever they are."""

UNANSWERED: Final = CRASHING_TROUBLE | {TroubleKind.TIMEOUT, TroubleKind.THROTTLED, TroubleKind.GATEWAY}
"""Trouble that a ban may be: with a target that cannot be reached at all there is nobody to ban."""

Face = tuple[int, str, str]
"""What an answer that is not an envelope shows: its status, the programs that it names, the title of its page."""


class Blocked(TargetGone):
    """Something before the server refuses everything; the text says what, and since when."""


class Guard:
    """Told each exchange with the endpoint. Thread safe.

    `probe`: a plain sibling call, that the server answers with an envelope. An answer that is none is the server's own
    where the probe is answered at the same time, and something else's where the probe meets the same.
    """

    def __init__(self, probe: Callable[[], Exchange], pauses: Sequence[float] = PAUSES) -> None:
        self.blocked = ""
        self._probe = probe
        self._pauses = pauses
        self._told = False
        """The server's own envelope has been seen in answer to the probe, so that its absence means something."""
        self._faces: set[Face] = set()
        self._without = 0
        self._answered_last = 0
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Learn how the server itself answers the probe."""
        self._told = _is_envelope(self._probe())

    def passes(self, exchange: Exchange) -> bool:
        """Return True if the exchange may be judged; False where it is to be sent again, since a ban has ended.

        Raises Blocked where the ban goes on: no clause is to be blamed for it.
        """
        if not self._told or not self._is_suspect(exchange):
            return True
        with self._lock:
            if self.blocked:
                raise Blocked(self.blocked)
            found = self._met_by_the_probe()
            if found is None:
                if (face := _face(exchange)) is not None:
                    self._faces.add(face)
                self._without = 0
                return True
            for pause in self._pauses:
                time.sleep(pause)
                if self._met_by_the_probe() is None:
                    return False
            self._block(found)
            raise Blocked(self.blocked)

    def gone(self, kind: TroubleKind | None, why: str) -> None:
        """The wire took the target for gone, which may be a ban too: the server had answered before."""
        if self._told and kind in UNANSWERED and not self.blocked:
            self._block(why)

    def _block(self, found: str) -> None:
        since = f"after request {self._answered_last}" if self._answered_last else "from the first request on"
        self.blocked = (
            f"something before the server refuses everything {since}: {found}; "
            "a ban may be met by what a run sends and how fast: try a lower --pace, or have the run let through"
        )

    def _is_suspect(self, exchange: Exchange) -> bool:
        if exchange.trouble is not None:
            return exchange.trouble.kind in UNANSWERED
        if _is_envelope(exchange):
            self._without = 0
            self._answered_last = max(self._answered_last, exchange.number)
            return False
        self._without += 1
        if self._without >= IN_A_ROW:
            return True
        if exchange.expect is Expect.SUCCESS:
            return outcome(exchange) in (Outcome.REJECTION, Outcome.STRAY, Outcome.CRASH)
        face = _face(exchange)
        return face is not None and face not in self._faces

    def _met_by_the_probe(self) -> str | None:
        """What the probe met in the place of the server's answer, in words; None where the server answered."""
        try:
            probed = self._probe()
        except TargetGone as gone:
            return str(gone)
        if _is_envelope(probed):
            return None
        if probed.trouble is not None:
            return f"{probed.trouble.kind}: {probed.trouble.detail}"
        return stranger(probed) or "an answer that is not an envelope"


def _is_envelope(exchange: Exchange) -> bool:
    answer = exchange.answer
    return exchange.trouble is None and answer is not None and answer.envelope is not None


def _face(exchange: Exchange) -> Face | None:
    answer = exchange.answer
    return (answer.status, speaker(answer), page_title(answer) or "") if answer is not None else None
