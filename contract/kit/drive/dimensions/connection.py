"""How a request travels: over which connection, after what, in which pieces."""

from __future__ import annotations

from typing import Final

from contract.kit.drive.dimensions.value import Change, Dimension, Draft, Value, dimension

AFTER_A_REFUSAL: Final = "on the connection of a refusal"
REFUSED: Final = ("credentials", "body", "UUID")
"""What is refused before, on the same connection."""


def _last(draft: Draft) -> None:
    draft.headers.append(("Connection", "close"))


def _after(what: str) -> Change:
    def put(draft: Draft) -> None:
        draft.after = what

    return put


def _chunked(size: int, spelling: str = "chunked") -> Change:
    def put(draft: Draft) -> None:
        draft.chunk = size
        draft.headers.append(("Transfer-Encoding", spelling))

    return put


def dimensions() -> list[Dimension]:
    """The connection, and the framing of the body (RFC 9112, 6 and 9)."""
    return [
        dimension(
            "connection",
            [
                Value("to be closed after it", _last),
                *(Value(f"{AFTER_A_REFUSAL} for its {what}", _after(what), company=False) for what in REFUSED),
            ],
        ),
        dimension(
            "framing",
            [
                Value("chunked, in one", _chunked(2**20)),
                Value("chunked, 1,000 bytes each", _chunked(1_000)),
                Value("chunked, 7 bytes each", _chunked(7)),
                Value("Chunked, in upper case", _chunked(2**20, "Chunked")),
            ],
        ),
    ]
