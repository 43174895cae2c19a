"""How an answer goes out when it does not go out as it should: plain data, carried out by the transport."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Wire:
    """`cut` sends only so many bytes of the body and closes; `length` announces another length; `silent`
    never answers; `drop` closes without a byte; `trailing` follows the answer at once; `poison` comes before the
    next answer of the connection; `fate` is what becomes of the connection at its next request; `chunked`
    sends the body as one chunk and closes without the last one.
    """

    cut: int | None = None
    length: int | None = None
    silent: bool = False
    drop: bool = False
    trailing: bytes = b""
    poison: bytes = b""
    fate: Literal["", "deaf", "abort"] = ""
    chunked: bool = False
