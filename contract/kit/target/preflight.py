"""Is the server there? What the answer to one plain request says of something that stands before it."""

from __future__ import annotations

from typing import Final
from urllib.parse import urljoin, urlsplit

from contract.kit.exchange import Exchange, Response, gateway, page_title, speaker

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
TLS_HINTS: Final = (b"plain http request", b"https port", b"speaking plain http", b"http request to an https server")
"""Found in pages that answer plain HTTP on a TLS port (nginx, Apache, Go)."""
CERTIFICATE_HINTS: Final = (b"ssl certificate", b"client certificate", b"certificate required")


def obstacle(exchange: Exchange, url: str) -> str | None:
    """What answered in place of the server at `url`, and what to change; None where it may be the server itself.

    Judged is a call that any caller may make: a redirect, a page with 200, another's credentials asked for, TLS
    expected. An error of any other kind may be the server's own.
    """
    answer = exchange.answer
    if answer is None or exchange.trouble is not None:
        return None
    if answer.status in REDIRECTS:
        return _redirect(answer, url)
    lowered = answer.body[:4096].lower()
    if answer.status in (400, 403, 421, 495, 496) and any(hint in lowered for hint in CERTIFICATE_HINTS):
        return f"{_who(answer)} asks for a client certificate; give --client-cert and --client-key"
    if answer.status == 400 and any(hint in lowered for hint in TLS_HINTS):
        return f"{_who(answer)} expects TLS on this port; give {url.replace('http://', 'https://', 1)} as the target"
    if answer.status == 401 and (challenge := answer.header("WWW-Authenticate")):
        scheme = challenge.split()[0].rstrip(",") if challenge.split() else "other"
        return (
            f"{_who(answer)} asks for {scheme} credentials of its own (HTTP 401); "
            "have the API let through, or give the server's own address"
        )
    title = page_title(answer)
    if answer.status == 200 and not answer.body:
        return f"{_who(answer)} answers with 200 and no body; check the host and port of the target"
    if answer.status in (403, 407) and title is not None and gateway(answer):
        return (
            f"{_who(answer)} answers with HTTP {answer.status}, a page{f' “{title}”' if title else ''}; "
            "have the run let through (allow-list, proxy), and check the host of the target"
        )
    if 200 <= answer.status < 300 and title is not None:
        named = f" “{title}”" if title else ""
        return (
            f"its answers are a page{named} of {_who(answer)}, such as a log-in page; "
            "give the address of the API itself, or have it let through"
        )
    return None


def stranger(exchange: Exchange | None) -> str | None:
    """What a call was answered with and by whom, where that is not an envelope; None where it is the server's own."""
    answer = exchange.answer if exchange is not None and exchange.trouble is None else None
    if answer is None or answer.envelope is not None:
        return None
    title = page_title(answer)
    page = f" with a page “{title}”" if title else " with a page" if title is not None else ""
    named = speaker(answer)
    return f"HTTP {answer.status}{page}{f' from {named}' if named else ''}"


def _redirect(answer: Response, url: str) -> str:
    where = urljoin(f"{url}/", answer.header("Location") or "")
    here, there = urlsplit(url), urlsplit(where)
    if there.hostname == here.hostname and there.scheme == "https" and here.scheme == "http":
        port = f":{there.port}" if there.port else ""
        return f"it redirects to https://{there.hostname}{port}; give that as the target"
    origin = f"{there.scheme}://{there.netloc.rpartition('@')[2]}"
    if there.hostname and there.hostname != here.hostname:
        return (
            f"{_who(answer)} redirects to {origin} (HTTP {answer.status}), such as a log-in page; "
            "give the address of the API itself"
        )
    return (
        f"{_who(answer)} redirects to {there.path or '/'} (HTTP {answer.status}); check the host and port of the target"
    )


def _who(answer: Response) -> str:
    named = speaker(answer)
    return f"something before the server ({named})" if named else "something before the server"
