"""What was sent and what came back? Request, answer and exchange: the evidence that rules judge.

Nothing leaves this room with a secret in it.
"""

from __future__ import annotations

from contract.kit.exchange.curl import curl
from contract.kit.exchange.exchange import (
    NOTHING,
    SESSION_MARK,
    Exchange,
    Expect,
    Listing,
    Promises,
    Scope,
    Sighting,
    Trouble,
    TroubleKind,
    in_order,
)
from contract.kit.exchange.expansion import CannotExpandError, expanded
from contract.kit.exchange.kept import kept, received
from contract.kit.exchange.message import Headers, Request, Response
from contract.kit.exchange.outcome import (
    CRASHING_TROUBLE,
    UNREAD,
    Outcome,
    describe,
    has_excess,
    outcome,
    status_and_code,
)
from contract.kit.exchange.readable import LONGEST, is_plain
from contract.kit.exchange.redaction import Secrets
from contract.kit.exchange.speaker import gateway, page_title, speaker

__all__ = [
    "CRASHING_TROUBLE",
    "LONGEST",
    "NOTHING",
    "SESSION_MARK",
    "UNREAD",
    "CannotExpandError",
    "Exchange",
    "Expect",
    "Headers",
    "Listing",
    "Outcome",
    "Promises",
    "Request",
    "Response",
    "Scope",
    "Secrets",
    "Sighting",
    "Trouble",
    "TroubleKind",
    "curl",
    "describe",
    "document",
    "expanded",
    "gateway",
    "has_excess",
    "in_order",
    "is_plain",
    "kept",
    "outcome",
    "page_title",
    "received",
    "speaker",
    "status_and_code",
]
