"""What the servlet container answers before ZStack's own code sees a request."""

from __future__ import annotations

import re

from contract.kit.reference.answers import Answer
from contract.kit.reference.call import Call
from contract.kit.reference.dialect import Options

HEADERS = 65_536  # bytes that the request's headers may take
# The installer of 5.2 writes these into a security constraint of the container.
DENIED = frozenset(
    ["OPTIONS", "TRACE", "PATCH", "COPY", "LINK", "UNLINK", "PURGE", "LOCK", "UNLOCK", "PROPFIND", "VIEW"]
)
MAPPED = ("POST", "PUT", "DELETE", "GET", "HEAD")
_BAD_PATH = re.compile(r"%(?![0-9A-Fa-f]{2})|%2[Ff]|%5[Cc]|%00|[\\{}|^`<>\"]")
_BAD_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")
_TITLES = {
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    500: "Internal Server Error",
    501: "Not Implemented",
}
_PREFLIGHT = "access-control-request-method"


def html(status: int, check: str, allow: str = "") -> Answer:
    """The container's page."""
    title = f"HTTP Status {status} – {_TITLES[status]}"
    page = f'<!doctype html><html lang="en"><head><title>{title}</title></head><body><h1>{title}</h1></body></html>'
    answer = Answer(status, text=page, content_type="text/html;charset=utf-8", check=check, by_container=True)
    answer.headers = [("Allow", allow)] if allow else []
    answer.headers.append(("Content-Language", "en"))
    return answer


def refused_by_container(call: Call, options: Options) -> Answer | None:
    """The container's refusal, or None when the request goes on to the server behind it."""
    named = [(name.lower(), value) for name, value in call.headers]
    if sum(len(name) + len(value) for name, value in named) > HEADERS:
        return html(400, "long-header")
    if [name for name, _ in named].count(b"host") > 1 or not call.path.startswith("/"):
        return html(400, "request")
    if "#" in call.target or _BAD_PATH.search(call.path):
        return html(400, "path")
    coding = (call.header("transfer-encoding") or "chunked").strip().lower()
    if call.method == "CONNECT" or coding != "chunked":
        return html(501, "method")
    if options.kind == "zstack-5.2" and call.method in DENIED:
        return html(403, "method")
    if call.path == "/zstack":
        return Answer(302, text="", headers=[("Location", "/zstack/")], check="path", by_container=True)
    if not re.match("/+zstack/+v1/", call.path):
        return html(404, "path")
    if call.method in MAPPED and call.method not in ("GET", "HEAD") and _BAD_ESCAPE.search(call.query):
        return html(500, "query")
    return _unmapped(call)


def _unmapped(call: Call) -> Answer | None:
    if call.method in MAPPED:
        return None
    if call.method == "TRACE":
        return html(405, "method", "HEAD, DELETE, POST, GET, OPTIONS, PUT")
    if call.method != "OPTIONS":
        return html(405, "method", ", ".join(MAPPED))
    if call.header("origin") is not None and call.header(_PREFLIGHT) is not None:
        vary = [
            ("Vary", name) for name in ("Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers")
        ]
        return Answer(403, text="Invalid CORS request", headers=vary, check="method", by_container=True)
    allow = [("Allow", ",".join((*MAPPED, "OPTIONS")))]
    return Answer(200, text="", headers=allow, check="method", by_container=True)
