"""What frameworks and gateways do with a request before the operation sees it, where the options say so."""

from __future__ import annotations

from contract.kit.reference.answers import Answer, rejection
from contract.kit.reference.call import Call
from contract.kit.reference.dialect import Options

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH")
LONG_PATH = 2048
OVERRIDES = ("x-http-method-override", "x-http-method", "x-method-override", "x-original-url", "x-rewrite-url")


def sent_elsewhere(call: Call, options: Options) -> Answer | None:
    """A redirect to the path without dot segments and empty ones, where it is not clean; many routers do that."""
    if options.unclean_path == "read":
        return None
    clean = "/".join(_clean(call.path.split("/")))
    if clean == call.path:
        return None
    host = call.header("host") or "localhost"
    place = {
        "301": f"https://{host.partition(':')[0]}{clean}",  # as behind a gateway that ends TLS
        "307": clean,
        "308": f"http://{host}{clean}",
    }[options.unclean_path]
    return Answer(int(options.unclean_path), text="", headers=[("Location", place)], check="unclean-path")


def _clean(segments: list[str]) -> list[str]:
    kept: list[str] = []
    for segment in segments:
        plain = segment.lower().replace("%2e", ".")
        if plain == "..":
            kept = kept[:-1]
        elif plain not in ("", "."):
            kept.append(segment)
    return ["", *kept]


def read_as(call: Call, options: Options) -> None:
    """Which of several Authorization headers counts, what a raw `;` in the path is, how the body is read."""
    call.lenient = options.reader == "lenient"
    if options.second_header == "last":
        call.headers = [*reversed(call.headers)]
    if options.path_parameters == "dropped" and ";" in call.path:
        call.path = "/".join(segment.partition(";")[0] for segment in call.path.split("/"))


def refused_by_framework(call: Call, options: Options) -> Answer | None:
    """The answer to what a framework does not take, whatever the operation would say; None goes on."""
    if options.unknown_method == "501" and call.method not in METHODS:
        return Answer(501, text="Not Implemented", content_type="text/plain", check="unknown-method")
    if options.long_path == "414" and len(call.path) > LONG_PATH:
        return rejection(options, "long-path", 414, "SYS.1007", "the path is too long")
    if call.route != "operation":
        return None
    if options.second_header == "refused" and sum(name == b"authorization" for name, _ in call.headers) > 1:
        return rejection(options, "second-header", 400, "ID.1001", "there are two Authorization headers")
    if options.query == "refused" and call.query:
        return rejection(options, "query", 400, "SYS.1007", "this path takes no query parameters")
    if options.override == "refused" and any(call.header(name) is not None for name in OVERRIDES):
        return rejection(options, "override", 400, "SYS.1007", "the method and the path stand in the request line")
    if options.accept == "406" and not _takes_json(call.header("accept")):
        return rejection(options, "accept", 406, "SYS.1007", "there is JSON only")
    if options.expectation == "417" and (call.header("expect") or "100-continue").lower() != "100-continue":
        return rejection(options, "expect", 417, "SYS.1007", "the expectation cannot be met")
    if options.body_coding == "415" and (call.header("content-encoding") or "identity").lower() != "identity":
        return rejection(options, "body-coding", 415, "SYS.1007", "the body's coding is not known")
    return None


def _takes_json(accept: str | None) -> bool:
    if accept is None:
        return True
    ranges = [one.partition(";")[0].strip().lower() for one in accept.split(",")]
    return any(one in ("", "*/*", "application/*", "application/json") for one in ranges)
