"""Who spoke: what an answer's head and body tell of the program that wrote it, for readers."""

from __future__ import annotations

import html
import re
from typing import Final

from contract.kit.exchange.message import Response
from contract.kit.shortened import shortened

NAMING: Final = ("Server", "Via", "X-Served-By", "X-Powered-By")
"""Headers by which programs name themselves (RFC 9110, 7.6.3 and 10.2.4; the last two by custom)."""
GATEWAYS: Final = (
    *("nginx", "openresty", "tengine", "haproxy", "apache", "caddy", "varnish", "envoy", "traefik", "squid"),
    *("lighttpd", "cloudflare"),
)
"""Programs that stand before servers, and answer in their place where they are told to."""
LONGEST: Final = 80
_TITLE: Final = re.compile(rb"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)


def speaker(answer: Response) -> str:
    """The programs that an answer names, in words: "Server: nginx, Via: 1.1 squid"; "" where it names none."""
    named = [(name, answer.header(name)) for name in NAMING]
    return ", ".join(f"{name}: {_short(value)}" for name, value in named if value)


def gateway(answer: Response) -> bool:
    """Return True if an answer names a program that stands before servers."""
    named = speaker(answer).lower().replace("apache-coyote", "")  # Tomcat is a server
    return any(program in named for program in GATEWAYS)


def page_title(answer: Response) -> str | None:
    """The title of an HTML page, "" where it has none; None where the answer is not a page (WHATWG, 4.2.2)."""
    start = answer.body[:512].lstrip().lower()
    if answer.media_type != "text/html" and not start.startswith((b"<!doctype html", b"<html")):
        return None
    found = _TITLE.search(answer.body[:65_536])
    return _short(html.unescape(found.group(1).decode("utf-8", "replace"))) if found else ""


def _short(text: str) -> str:
    text = " ".join(text.split())
    text = "".join(character if character.isprintable() else "?" for character in text)
    return shortened(text, LONGEST)
