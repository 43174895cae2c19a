"""What the servlet container answers before ZStack's own code sees a request."""

from __future__ import annotations

import re

from contract.kit.reference.answers import Answer
from contract.kit.reference.call import Call

HEADERS = 65_536  # bytes that the request's headers may take
# The installer writes these into a security constraint of the container.
DENIED = frozenset(
    ["OPTIONS", "TRACE", "PATCH", "COPY", "LINK", "UNLINK", "PURGE", "LOCK", "UNLOCK", "PROPFIND", "VIEW"]
)
MAPPED = ("POST", "PUT", "DELETE", "GET", "HEAD")
_BAD_PATH = re.compile(r"%(?![0-9A-Fa-f]{2})|%2[Ff]|%5[Cc]|%00|[\\{}|^`<>\"]")
_TITLES = {
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    500: "Internal Server Error",
}


def html(status: int, check: str) -> Answer:
    """The container's page."""
    title = f"HTTP Status {status} – {_TITLES[status]}"
    page = f'<!doctype html><html lang="en"><head><title>{title}</title></head><body><h1>{title}</h1></body></html>'
    return Answer(status, text=page, content_type="text/html;charset=utf-8", check=check)


def refused_by_container(call: Call) -> Answer | None:
    """The container's refusal, or None when the request goes on to the server behind it."""
    if sum(len(name) + len(value) for name, value in call.headers) > HEADERS:
        return html(400, "long-header")
    if _BAD_PATH.search(call.path):
        return html(400, "path")
    if call.method in DENIED:
        return html(403, "method")
    if not call.path.startswith("/zstack/v1/"):
        return html(404, "path")
    if call.method not in MAPPED:
        answer = html(405, "method")
        answer.headers.append(("Allow", ", ".join(MAPPED)))
        return answer
    return None
