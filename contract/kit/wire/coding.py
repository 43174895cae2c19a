"""Undo a content coding (RFC 9110, 8.4) that a server chose although none was asked for."""

from __future__ import annotations

import zlib
from typing import Final

from contract.kit.wire.attempt import RawHeaders

_GZIP_OR_ZLIB: Final = zlib.MAX_WBITS | 32
_GZIP: Final = b"\x1f\x8b"
"""How each member of a gzip stream begins (RFC 1952, 2.3.1)."""


def plain(headers: RawHeaders, body: bytes, most: int) -> tuple[RawHeaders, bytes]:
    """The body without its coding, and the headers without the one that named it.

    Both stay as they are where the body is not in the coding that it claims (a rule says so then), or would be
    longer than `most` bytes.
    """
    codings = [value.strip().lower() for name, value in headers if name.lower() == b"content-encoding"]
    if codings not in ([b"gzip"], [b"x-gzip"], [b"deflate"]) or not body:
        return headers, body
    try:
        found = _undone(body, most)
    except zlib.error:
        return headers, body
    if found is None:
        return headers, body
    return [(name, value) for name, value in headers if name.lower() != b"content-encoding"], found


def _undone(body: bytes, most: int) -> bytes | None:
    """What the members of a gzip stream, one or several (RFC 1952, 2.2), or one of zlib hold; None for what is neither.

    zlib.error where a member is broken.
    """
    found = b""
    while body and len(found) < most:
        reader = zlib.decompressobj(_GZIP_OR_ZLIB)
        found += reader.decompress(body, most - len(found))
        if not reader.eof:
            return None
        body = reader.unused_data
        if body and not body.startswith(_GZIP):
            return None
    return found if not body else None
