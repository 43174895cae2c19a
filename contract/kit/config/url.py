"""The URL of a target: scheme, host, port and the path before the API, nothing else."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from contract.kit.config.usage import UsageError


def checked_url(url: str, where: str) -> str:
    """The URL of a target without slashes at its end. UsageError, which says `where` it stands, where it is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UsageError(f"{where} {url!r} is not a URL: {error}") from None
    if parts.username is not None or parts.password is not None:
        raise UsageError(f"{where} holds a user or password; secrets come from the environment only")
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise UsageError(f"{where} {url!r} does not begin with http://HOST or https://HOST")
    if parts.query or parts.fragment or any(not "!" <= character <= "~" for character in parts.path):
        raise UsageError(f"{where} {url!r} holds more than scheme, host, port and path")
    path = parts.path.rstrip("/")
    if path.endswith("/zstack") or "/zstack/" in path:
        raise UsageError(f"{where} {url!r} ends too late: the run appends /zstack/v1/...; leave it out")
    return _ascii(url, parts.hostname, where).rstrip("/")


def _ascii(url: str, host: str, where: str) -> str:
    """The URL with a host that is not ASCII as names are looked up (IDNA)."""
    if host.isascii():
        return url
    try:
        known = host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise UsageError(f"{where} {url!r} has a host that is not a name: {error}") from None
    parts = urlsplit(url)
    netloc = f"{known}:{parts.port}" if parts.port is not None else known
    return urlunsplit((parts.scheme, netloc, parts.path, "", ""))
