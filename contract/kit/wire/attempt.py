"""A request as it goes out, and what one try of it gave."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from contract.kit.exchange import Trouble, TroubleKind

RawHeaders = list[tuple[bytes, bytes]]
ABOUT_THE_BODY: Final = frozenset({b"content-length", b"transfer-encoding", b"content-encoding"})


@dataclass(frozen=True, slots=True)
class Parts:
    """A request as bytes. `target` is the whole request target. `chunk`: bytes of a chunk, of a body in chunks."""

    method: bytes
    target: bytes
    headers: RawHeaders
    body: bytes
    chunk: int | None = None

    @property
    def content(self) -> bytes | list[bytes] | None:
        """The body in the pieces in which it goes out."""
        if self.chunk is None:
            return self.body or None
        return [self.body[at : at + self.chunk] for at in range(0, len(self.body), self.chunk)]

    def head_alone(self) -> Parts:
        """This request with no body behind its head."""
        rest = [(name, value) for name, value in self.headers if name.lower() not in ABOUT_THE_BODY]
        return replace(self, headers=[*rest, (b"Content-Length", b"0")], body=b"", chunk=None)


@dataclass(slots=True)
class Attempt:
    """What one try gave: an answer, a trouble, or both (a truncated answer). `elapsed` in seconds.

    `kept`: it went over a connection that had served another request before. `closed_idle`: the target had closed
    that connection while it was idle, so that nobody has read the request. `unanswered`: it was closed in answer to
    the request. `ended`: it was closed without a byte, whatever the reason.
    """

    status: int | None = None
    headers: RawHeaders | None = None
    body: bytes = b""
    elapsed: float = 0.0
    trouble: Trouble | None = None
    kept: bool = False
    closed_idle: bool = False
    unanswered: bool = False
    ended: bool = False

    @property
    def kind(self) -> TroubleKind | None:
        return self.trouble.kind if self.trouble is not None else None
