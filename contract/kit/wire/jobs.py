"""The job behind a 202: where it is asked for, on the target's own host."""

from __future__ import annotations

from urllib.parse import urlsplit

from contract.kit.exchange import document
from contract.kit.wire.transport import Attempt


def location(attempt: Attempt, prefix: str) -> str | None:
    """The request target of the job that a 202 names; None where it names none that can be used.

    It stands in the member `location` (observed in ZStack 5.2) or in the header of that name. Only path and
    query are taken: the host that it names may be one that only the server can reach.
    """
    value = document.read(attempt.body).value if attempt.body.lstrip().startswith(b"{") else None
    named = value.get("location") if isinstance(value, dict) else None
    if named is None:
        header = next((value for name, value in attempt.headers or [] if name.lower() == b"location"), None)
        named = header.decode("latin-1") if header is not None else None
    if not isinstance(named, str):
        return None
    try:
        parts = urlsplit(named.strip())
    except ValueError:
        return None
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    if not target.startswith("/") or not all("!" <= character <= "~" for character in target):
        return None
    return target if not prefix or target.startswith(prefix + "/") else prefix + target
