"""How long a wire puts up with trouble that is not the server's answer."""

from __future__ import annotations

import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final

from contract.kit.exchange import TroubleKind
from contract.kit.wire.attempt import Attempt

GATEWAY_STATUSES: Final = frozenset({502, 503, 504})
ENDS_THE_RUN: Final = frozenset(
    {TroubleKind.TIMEOUT, TroubleKind.UNREACHABLE, TroubleKind.THROTTLED, TroubleKind.GATEWAY}
)
"""Kinds that cost so much time that several in a row end the run."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Pauses and limits; all times in seconds."""

    unreachable: tuple[float, ...] = (0.1, 0.2, 0.4, 0.8, 1.5)
    """Pauses before each new try to connect to a target that has answered before."""
    dropped: int = 3
    proof: tuple[float, ...] = (0.05, 0.2, 0.8)
    """Pauses before each new try of a request that a bare 502, 503 or 504 answers while good ones are answered well.
    Each is several times the one before, so that no limiter's interval fits between two of them in the same way."""
    known_proof: tuple[float, ...] = (0.02,)
    """Those pauses once several bare answers have been proven to be the server's own and none has passed."""
    proofs: int = 3
    """How many bare answers make it known."""
    limited: float = 60.0
    """How long one request is tried that comes too fast each time."""
    first_limited: float = 10.0
    """How long before the target has answered anything well."""
    later_limited: float = 5.0
    """How long once one was tried in vain."""
    longest_pause: float = 5.0
    """The longest pause after a refusal that names no time."""
    longest_wait: float = 60.0
    """The longest that one Retry-After is waited for."""
    job_limit: float = 60.0
    usual_job_limit: float = 15.0
    """The limit once many jobs have ended, each in a hundredth of this time."""
    later_job_limit: float = 3.0
    """Once a job has not ended in its time: a target whose jobs never end would keep the run for an hour."""
    job_pauses: tuple[float, float] = (0.01, 1.0)
    """Between two looks at a job: the shortest pause and the longest."""
    in_a_row: int = 5
    """Requests without an answer before the target is taken for gone."""
    reprieves: int = 3
    """How often in a row it may still show life after that."""


def bare(attempt: Attempt) -> bool:
    """Return True if it is a gateway's 502, 503 or 504, not the server's own: one with text, HTML or nothing in it."""
    return attempt.status in GATEWAY_STATUSES and not attempt.body.lstrip().startswith((b"{", b"["))


def retry_after(attempt: Attempt) -> float | None:
    """Seconds that Retry-After (RFC 9110, 10.2.3) asks for; None where it says nothing readable."""
    said = next((value for name, value in attempt.headers or [] if name.lower() == b"retry-after"), b"")
    text = said.decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(parsedate_to_datetime(text).timestamp() - time.time(), 0.0)
    except (ValueError, OverflowError):
        return None
