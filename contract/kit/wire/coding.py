"""Undo a content coding (RFC 9110, 8.4) that a server chose although none was asked for."""

from __future__ import annotations

import zlib
from typing import Final

RawHeaders = list[tuple[bytes, bytes]]
_GZIP_OR_ZLIB: Final = zlib.MAX_WBITS | 32


def plain(headers: RawHeaders, body: bytes, most: int) -> tuple[RawHeaders, bytes]:
    """The body without its coding, and the headers without the one that named it.

    Both stay as they are where the body is not in the coding that it claims (a rule says so then), or would be
    longer than `most` bytes.
    """
    codings = [value.strip().lower() for name, value in headers if name.lower() == b"content-encoding"]
    if codings not in ([b"gzip"], [b"x-gzip"], [b"deflate"]) or not body:
        return headers, body
    reader = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        found = reader.decompress(body, most)
    except zlib.error:
        return headers, body
    if not reader.eof or reader.unused_data:
        return headers, body
    return [(name, value) for name, value in headers if name.lower() != b"content-encoding"], found
