"""The coding of an answer's body: none, a label that names none, or gzip in one member or several (RFC 1952, 2.2)."""

from __future__ import annotations

import gzip

from contract.kit.reference.dialect import Options


def coded(body: bytes, headers: list[tuple[bytes, bytes]], options: Options) -> bytes:
    """The body as it goes out; its Content-Encoding is added to `headers`."""
    if not body or options.coding == "plain":
        return body
    if options.coding == "unnamed":
        headers.append((b"content-encoding", b"utf-8"))
        return body
    headers.append((b"content-encoding", b"gzip"))
    if options.coding == "gzip":
        return gzip.compress(body, 1)
    half = len(body) // 2
    return gzip.compress(body[:half], 1) + gzip.compress(body[half:], 1)
