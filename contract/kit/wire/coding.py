"""Undo a content coding (RFC 9110, 8.4) that a server chose although none was asked for."""

from __future__ import annotations

import zlib
from typing import Final

from contract.kit.wire.attempt import RawHeaders

_BITS: Final = {b"gzip": zlib.MAX_WBITS | 16, b"x-gzip": zlib.MAX_WBITS | 16, b"deflate": zlib.MAX_WBITS}
"""What zlib is told of each coding: "deflate" names the zlib format (RFC 9110, 8.4.1.2)."""
_GZIP: Final = b"\x1f\x8b"
"""How each member of a gzip stream begins (RFC 1952, 2.3.1)."""


def plain(headers: RawHeaders, body: bytes, most: int) -> tuple[RawHeaders, bytes]:
    """The body without its coding, and the headers without the one that named it.

    Both stay as they are where the body is not in the coding that it claims (a rule says so then), or would be
    longer than `most` bytes.
    """
    codings = [value.strip().lower() for name, value in headers if name.lower() == b"content-encoding"]
    if len(codings) != 1 or codings[0] not in _BITS or not body:
        return headers, body
    try:
        found = _undone(body, _BITS[codings[0]], most)
    except zlib.error:
        return headers, body
    if found is None:
        return headers, body
    return [(name, value) for name, value in headers if name.lower() != b"content-encoding"], found


def _undone(body: bytes, bits: int, most: int) -> bytes | None:
    """What the members of a gzip stream, one or several (RFC 1952, 2.2), or one of zlib hold; None for what is neither.

    zlib.error where a member is broken.
    """
    found = b""
    while body and len(found) < most:
        reader = zlib.decompressobj(bits)
        found += reader.decompress(body, most - len(found))
        if not reader.eof:
            return None
        body = reader.unused_data
        if body and not body.startswith(_GZIP):
            return None
    return found if not body else None
