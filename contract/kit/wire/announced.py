"""What an answer says of its own end and of its connection (RFC 9112, 6.3 and 9.3)."""

from __future__ import annotations

from contract.kit.wire.attempt import RawHeaders


def closes(version: bytes, headers: RawHeaders) -> bool:
    """Return True if the server said that it closes the connection after this answer."""
    options = [option.strip() for option in ",".join(_values(headers, b"connection")).lower().split(",")]
    return "close" in options or (version == b"HTTP/1.0" and "keep-alive" not in options)


def ends_with_its_connection(method: bytes, status: int, headers: RawHeaders) -> bool:
    """Return True if nothing but the end of the connection says where the body ends."""
    if method == b"HEAD" or status in (204, 304) or status < 200:
        return False
    return not _values(headers, b"content-length") and "chunked" not in ",".join(_values(headers, b"transfer-encoding"))


def _values(headers: RawHeaders, name: bytes) -> list[str]:
    return [value.decode("latin-1").lower() for key, value in headers if key.lower() == name]
