"""What stands in a request's headers: it changes what is done, brings the server down, or opens the door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from contract.kit.reference.answers import Answer
from contract.kit.reference.call import Call
from contract.kit.reference.fault import Fault, Mutant, Scene
from contract.kit.reference.mutants.vices import (
    AUTH_CHECKS,
    accepts,
    answers,
    changes,
    crash,
    drops,
    is_success,
    on_success,
    refuses,
)

When = Callable[[Call], bool]
OVERRIDES: Final = ("x-http-method-override", "x-http-method", "x-method-override")
REWRITES: Final = ("x-original-url", "x-rewrite-url", "x-original-uri", "x-forwarded-uri", "x-forwarded-path")


def has(name: str, part: str = "") -> When:
    """Return True if a header is there, with some text in it."""

    def when(call: Call) -> bool:
        value = call.header(name)
        return value is not None and part in value

    return when


def _status(status: int, when: When) -> Fault:
    return changes(lambda answer: setattr(answer, "status", status), is_success, when)


def _nothing(status: int, when: When) -> Fault:
    """Answer with a bare status, as if the client knew the rest."""
    return answers(lambda: Answer(status, text="", check="bare"), when)


def _taken_for(method: str) -> Callable[[Call, Scene], bool]:
    """The method that a header names counts for more than the one that was sent."""

    def rewrite(call: Call, scene: Scene) -> bool:
        named = next((call.header(name) for name in OVERRIDES if call.header(name)), None)
        if named != method or call.route not in ("operation", "method"):
            return False
        call.method = named
        call.route = "operation" if named == "POST" else "method"
        return True

    return rewrite


def _removes(call: Call, answer: Answer, scene: Scene) -> bool:
    """A header that names DELETE takes the association away."""
    deletes = any(call.header(name) == "DELETE" for name in OVERRIDES)
    return deletes and scene.world.associations.pop((call.group, call.trigger), None) is not None


def _removes_by_member(call: Call, answer: Answer, scene: Scene) -> bool:
    deletes = "DELETE" in (call.root.get("_method"), call.params.get("_method"))
    return deletes and scene.world.associations.pop((call.group, call.trigger), None) is not None


def _elsewhere(call: Call, scene: Scene) -> bool:
    """The path that a header names counts for more than the one that was sent."""
    path = next((value for name in REWRITES if (value := call.header(name))), None)
    parts = (path or "").split("/")
    if len(parts) != 9 or ((call.group, call.trigger) == (parts[5], parts[8]) and call.route == "operation"):
        return False
    call.group, call.trigger, call.route = parts[5], parts[8], "operation"
    return True


def _open(when: When) -> Fault:
    """Who sends such a header needs no session."""
    return accepts(AUTH_CHECKS, when)


# fmt: off
MUTANTS = (
    *(
        Mutant(f"header-{slug}-refused", f"a good request {lie} is refused", ("PATH-001",), refuses(has(name, part)))
        for slug, lie, name, part in (
            ("accept-list", "that accepts a list of types", "accept", "text/plain"),
            ("accept-anything", "that accepts anything", "accept", "*/*"),
            ("accept-parameter", "that accepts JSON with a charset", "accept", "charset"),
            ("language", "with a language preferred", "accept-language", ""),
            ("accept-charset", "with a charset preferred", "accept-charset", "utf-8"),
            ("browser", "of a browser", "user-agent", "Mozilla"),
            ("java", "of a Java client", "user-agent", "Java/"),
            ("referer", "with a Referer", "referer", "http://127"),
            ("xml-http-request", "of a script", "x-requested-with", ""),
            ("cookie", "with a cookie", "cookie", "theme"),
            ("forwarded-for", "that was forwarded for another", "x-forwarded-for", "203.0"),
            ("forwarded", "with Forwarded", "forwarded", "proto=https"),
            ("via", "that came via a gateway", "via", ""),
            ("traceparent", "with a trace", "traceparent", ""),
            ("no-cache", "that wants nothing from a cache", "cache-control", "no-cache"),
            ("connection-close", "that is the last of its connection", "connection", "close"),
        )
    ),
    *(
        Mutant(f"header-{slug}-crashes", f"a good request {lie} ends in a 500", ("PATH-001", "ENV-005"), answers(crash, has(name, part)))
        for slug, lie, name, part in (
            ("quality", "with weights in Accept", "accept", ";q="),
            ("any-language", "that takes any language", "accept-language", "*"),
            ("unknown-language", "with a language that nobody knows", "accept-language", "xx-"),
            ("two-addresses", "that was forwarded twice", "x-forwarded-for", ","),
            ("real-ip", "with X-Real-IP", "x-real-ip", ""),
            ("request-id", "with a request id", "x-request-id", ""),
            ("do-not-track", "with DNT", "dnt", ""),
            ("session-cookie", "with a JSESSIONID", "cookie", "JSESSIONID"),
            ("modified-since", "with If-Modified-Since", "if-modified-since", "GMT"),
            ("pragma", "with Pragma", "pragma", ""),
            ("max-forwards", "with Max-Forwards", "max-forwards", ""),
            ("content-language", "with Content-Language en", "content-language", "en"),
        )
    ),
    Mutant("header-none-match-304", "a good request with If-None-Match is answered 304",
           ("PATH-001",), _nothing(304, has("if-none-match"))),
    Mutant("header-prefer-minimal", "a success holds nothing where as little as can be is preferred",
           ("ENV-001", "PATH-007"), on_success(drops("inventory"), has("prefer", "return=minimal"))),
    Mutant("header-range-206", "a success is 206 where a range is asked for",
           ("ENV-002",), _status(206, has("range"))),
    Mutant("header-forwarded-proto-redirects", "a good request that came over https before is sent elsewhere",
           ("PATH-001",), _nothing(302, has("x-forwarded-proto", "https"))),
    *(
        Mutant(f"header-{slug}-crashes", f"a request {lie} ends in a 500", (clause, "ENV-005"), answers(crash, has(name, part)))
        for slug, lie, name, part, clause in (
            ("accept-html", "that accepts HTML alone", "accept", "text/html", "BODY-001"),
            ("accept-image", "that accepts images alone", "accept", "image/", "BODY-001"),
            ("accept-nonsense", "that accepts what is no type", "accept", "nonsense", "BODY-001"),
            ("charset-wanted-nonsense", "that prefers a charset nobody knows", "accept-charset", "nonsense", "BODY-001"),
            ("expect", "with an unknown Expect", "expect", "nonsense", "BODY-001"),
            ("coding-nonsense", "with a Content-Encoding that nobody knows", "content-encoding", "nonsense", "BODY-001"),
            ("coding-gzip", "that is called gzip and is not", "content-encoding", "gzip", "BODY-001"),
            ("origin", "of a foreign origin", "origin", "elsewhere", "BODY-001"),
            ("bad-date", "modified since no date", "if-modified-since", "yesterday", "BODY-001"),
            ("bad-range", "for a range that runs back", "range", "bytes=9-0", "BODY-001"),
            ("bad-address", "forwarded for no address", "x-forwarded-for", "nowhere", "BODY-001"),
            ("bad-port", "forwarded from a port that is not a number", "x-forwarded-port", "many", "BODY-001"),
            ("bad-cookie", "with a cookie gone wrong", "cookie", ";;", "BODY-001"),
        )
    ),
    Mutant("header-long-agent-crashes", "a long User-Agent ends in a 500",
           ("BODY-001", "ENV-005"), answers(crash, lambda call: len(call.header("user-agent") or "") > 2_000)),
    Mutant("header-many-crash", "more than 60 headers end in a 500",
           ("PATH-007", "ENV-005"), answers(crash, lambda call: len(call.headers) > 60)),
    Mutant("header-tab-crashes", "a tab in a header's value ends in a 500",
           ("PATH-007", "ENV-005"), answers(crash, lambda call: any(b"\t" in value for _, value in call.headers))),
    Mutant("header-empty-accept-crashes", "an empty Accept ends in a 500",
           ("BODY-001", "ENV-005"), answers(crash, lambda call: call.header("accept") == "")),
    Mutant("header-override-post", "another method makes the association where a header names POST",
           ("PATH-005",), Fault(rewrite=_taken_for("POST"))),
    Mutant("header-override-delete-removes", "a header that names DELETE takes the association away",
           ("STATE-002",), Fault(effect=_removes)),
    Mutant("header-override-get-crashes", "a header that names GET ends in a 500",
           ("PATH-007", "ENV-005"), answers(crash, lambda call: any(call.header(name) == "GET" for name in OVERRIDES))),
    Mutant("body-method-removes", "a member `_method` that names DELETE takes the association away",
           ("STATE-002",), Fault(effect=_removes_by_member)),
    Mutant("header-names-the-path", "the path that a header names counts for more than the one that is sent",
           ("PATH-006", "PATH-007", "STATE-002"), Fault(rewrite=_elsewhere)),
    *(
        Mutant(f"header-{slug}-opens", f"who {lie} needs no session", ("AUTH-001",), _open(has(name, part)))
        for slug, lie, name, part in (
            ("loopback", "says that it was forwarded for the server itself", "x-forwarded-for", "127.0.0.1"),
            ("real-ip", "calls itself the server's own address", "x-real-ip", "127.0.0.1"),
            ("client-ip", "names the server's address as the client's", "true-client-ip", ""),
            ("curl", "comes with curl", "user-agent", "curl"),
            ("script", "comes from a script", "x-requested-with", ""),
            ("request-id", "brings a request id", "x-request-id", ""),
            ("any-cookie", "brings a cookie", "cookie", "theme"),
            ("original-url", "brings an X-Original-URL", "x-original-url", ""),
        )
    ),
)
# fmt: on
