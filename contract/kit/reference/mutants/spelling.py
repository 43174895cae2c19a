"""How a body is spelled and sent, and what its texts hold: good ones refused, odd ones that bring the server down."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from contract.kit.reference.call import Call, NotJson
from contract.kit.reference.fault import Fault, Mutant
from contract.kit.reference.mutants.vices import AUTH_CHECKS, accepts, answers, crash, instead_of, refuses

When = Callable[[Call], bool]
READ: Final = "body-json"


def _holds(mark: bytes) -> When:
    return lambda call: mark in call.body


def _like(pattern: bytes) -> When:
    found = re.compile(pattern, re.DOTALL)
    return lambda call: found.search(call.body) is not None


def _tag(test: Callable[[str], bool]) -> When:
    return lambda call: any(isinstance(tag, str) and test(tag) for tag in call.tags)


def _item(test: Callable[[object], bool]) -> When:
    return lambda call: any(test(tag) for tag in call.tags)


def _chunked(call: Call) -> bool:
    return (call.header("transfer-encoding") or "").lower() == "chunked"


def _bytes(least: int, most: int = 10**9) -> When:
    return lambda call: least <= len(call.body) <= most


def _longest(least: int, most: int = 10**9) -> When:
    return _tag(lambda tag: least <= len(tag) <= most)


def _many(least: int, most: int = 10**9) -> When:
    return lambda call: any(
        isinstance(items := call.root.get(name), list) and least <= len(items) <= most
        for name in ("systemTags", "userTags")
    )


def _between(first: str, last: str) -> When:
    return _tag(lambda tag: any(first <= char <= last for char in tag))


def _deep(least: int, most: int) -> When:
    return lambda call: least <= max(call.body.count(b"["), call.body.count(b'{"a":')) <= most


def _unreadable(call: Call) -> bool:
    try:
        call.document  # noqa: B018
    except NotJson:
        return True
    return False


def _not_utf8(call: Call) -> bool:
    try:
        call.body.decode()
    except UnicodeDecodeError:
        return True
    return False


def _media(mark: str) -> When:
    return lambda call: mark in (call.header("content-type") or "")


def _extra(test: Callable[[object], bool]) -> When:
    """Return True if a member that is not known holds such a value."""
    known = {"params", "systemTags", "userTags", "triggerNow"}
    return lambda call: any(
        test(value) for inner in (call.root, call.params) for name, value in inner.items() if name not in known
    )


def _another_name(name: str) -> Fault:
    return accepts("params-missing", lambda call: name in call.root)


# fmt: off
MUTANTS = (
    *(
        Mutant(f"spelling-{slug}-refused", f"a good body {lie} is refused", ("BODY-001", "PATH-001"), refuses(when))
        for slug, lie, when in (
            ("blanks", "with blanks after its colons", _like(rb'"(params|systemTags)": ')),
            ("line-feeds", "written on several lines", _like(rb"\{\n")),
            ("crlf", "with CR LF between its members", _holds(b"\r\n\t")),
            ("leading-white", "with white space before it", lambda call: call.body[:1] in (b" ", b"\r", b"\n")),
            ("order", "whose params do not come first", _like(rb'^\s*\{\s*"(systemTags|userTags)"')),
            ("escaped-names", "with its names escaped", _holds(b"\\u0070")),
            ("upper-escapes", "with escapes in upper case", _like(rb"\\u00[0-9A-F]*[A-F]")),
            ("chunked", "that is sent in chunks", _chunked),
        )
    ),
    *(
        Mutant(f"spelling-{slug}-crashes", f"a good body {lie} ends in a 500", ("BODY-001", "PATH-001", "ENV-005"), answers(crash, when))
        for slug, lie, when in (
            ("escapes", "with characters escaped in lower case", _like(rb"\\u00[0-9a-f]*[a-f]")),
            ("solidus", "with an escaped solidus", _holds(b"\\/")),
            ("upper-chunked", "whose coding is written Chunked", lambda call: call.header("transfer-encoding") == "Chunked"),
        )
    ),
    *(
        Mutant(f"spelling-{slug}", lie, ("PATH-001", *more), fault)
        for slug, lie, more, fault in (
            ("size-256-refused", "a body of exactly 256 bytes is refused", (), refuses(_bytes(256, 256))),
            ("size-255-crashes", "a body of exactly 255 bytes ends in a 500", ("ENV-005",), answers(crash, _bytes(255, 255))),
            ("size-1024-refused", "a body of exactly 1,024 bytes is refused", (), refuses(_bytes(1_024, 1_024))),
            ("size-over-4096-refused", "a body of more than 4,096 bytes is refused", (), refuses(_bytes(4_097))),
            ("size-over-8192-crashes", "a body of more than 8,192 bytes ends in a 500", ("ENV-005", "BODY-008"), answers(crash, _bytes(8_193, 60_000))),
            ("tags-and-now-crash", "triggerNow true beside non-ASCII tags in chunks ends in a 500", ("ENV-005",),
             answers(crash, lambda call: call.trigger_now is True and _chunked(call) and not call.body.isascii())),
        )
    ),
    *(
        Mutant(f"text-{slug}-refused", f"a tag with {lie} is refused", ("BODY-002", "PATH-001"), refuses(when))
        for slug, lie, when in (
            ("quote", "a double quote", _tag(lambda tag: '"' in tag)),
            ("apostrophe", "an apostrophe", _tag(lambda tag: "'s" in tag)),
            ("percent", "a percent sign", _tag(lambda tag: "%" in tag)),
            ("angle", "angle brackets", _tag(lambda tag: "<f>" in tag)),
            ("right-to-left", "right-to-left letters", _between("\u05d0", "\u06ff")),
        )
    ),
    *(
        Mutant(f"text-{slug}-crashes", f"a tag with {lie} ends in a 500", ("BODY-002", "PATH-001", "ENV-005"), answers(crash, when))
        for slug, lie, when in (
            ("backslash", "a backslash", _tag(lambda tag: "\\" in tag)),
            ("brace", "braces", _tag(lambda tag: "{a}" in tag)),
            ("solidus", "a solidus", _tag(lambda tag: "//" in tag)),
            ("combining", "combining marks", _between("\u0300", "\u036f")),
            ("other-digits", "digits of another script", _between("\u0660", "\u0669")),
            ("full-width", "full-width digits", _between("\uff10", "\uff19")),
        )
    ),
    Mutant("text-twice-refused", "the same tag twice is refused",
           ("BODY-002", "PATH-001"), refuses(lambda call: call.root.get("systemTags") == ["x", "y", "x"])),
    *(
        Mutant(f"text-{slug}-crashes", f"{lie} ends in a 500", ("BODY-008", "ENV-005"), answers(crash, when))
        for slug, lie, when in (
            ("line-feed", "a line feed in a tag", _tag(lambda tag: tag == "a\nb")),
            ("carriage-return", "a carriage return in a tag", _tag(lambda tag: tag == "a\rb")),
            ("tab", "a tab in a tag", _tag(lambda tag: "\t" in tag)),
            ("escape", "a control character in a tag", _tag(lambda tag: "\x1b" in tag)),
            ("delete", "DEL in a tag", _tag(lambda tag: "\x7f" in tag)),
            ("half-pair", "half a surrogate pair in a tag", _between("\ud800", "\udbff")),
            ("lone-low", "the second half of a pair alone in a tag", _between("\udc00", "\udfff")),
            ("four-bytes", "a letter of four bytes in a tag", _between("\U00020000", "\U0002ffff")),
            ("no-character", "U+FFFF in a tag", _between("\uffff", "\uffff")),
            ("directional", "a directional mark in a tag", _between("\u202a", "\u202e")),
            ("empty", "an empty tag", _tag(lambda tag: tag == "")),
            ("blank", "a tag of a blank", _tag(lambda tag: tag == " ")),
            ("word-null", "a tag that says null", _tag(lambda tag: tag == "null")),
            ("length-255", "a tag of exactly 255 characters", _longest(255, 255)),
            ("length-256", "a tag of exactly 256 characters", _longest(256, 256)),
            ("length-300", "a tag of more than 255 characters", _longest(256, 1_000)),
            ("length-1025", "a tag of more than 1,024 characters", _longest(1_025, 2_000)),
            ("length-2048", "a tag of exactly 2,048 characters", _longest(2_048, 2_048)),
            ("length-4097", "a tag of more than 4,096 characters", _longest(4_097, 60_000)),
            ("length-65535", "a tag of exactly 65,535 characters", _longest(65_535, 65_535)),
            ("bytes-255", "a tag of more than 255 bytes that is shorter in characters",
             _tag(lambda tag: len(tag) <= 255 < len(tag.encode("utf-8", "replace")))),
            ("count-33", "more than 32 tags", _many(33, 60)),
            ("count-256", "exactly 256 tags", _many(256, 256)),
            ("count-1025", "more than 1,024 tags", _many(1_025, 4_000)),
            ("count-65535", "65,535 tags", _many(65_535)),
            ("deep-33", "33 levels", _deep(33, 80)),
            ("deep-101", "a hundred levels", _deep(101, 900)),
            ("deep-1001", "a thousand levels", _deep(1_001, 9_000)),
        )
    ),
    *(
        Mutant(f"spelling-{slug}-crashes", f"a body {lie} ends in a 500", ("BODY-006", "ENV-005"), fault)
        for slug, lie, fault in (
            ("not-utf8", "that is not UTF-8", instead_of(READ, crash, _not_utf8)),
            ("byte-order-mark", "with a byte order mark", instead_of(READ, crash, _holds(b"\xef\xbb\xbf{"))),
            ("comment", "with a comment", instead_of(READ, crash, _holds(b"/* x */"))),
            ("single-quotes", "in single quotes", instead_of(READ, crash, _like(rb"^\s*\{'"))),
            ("not-a-number", "with NaN in it", instead_of(READ, crash, _holds(b"NaN"))),
            ("big-number", "with a number of a thousand digits", answers(crash, _like(rb"9{900}"))),
            ("big-exponent", "with a huge exponent", answers(crash, _holds(b"1e999999999"))),
            ("member-twice", "with its params twice", answers(crash, _like(rb'"params".*"params":\{\}\}$'))),
            ("raw-nul", "with a raw NUL in it", instead_of(READ, crash, _holds(b"\0"))),
            ("wrong-escape", "with a wrong escape", instead_of(READ, crash, _holds(b"\\x41"))),
            ("utf-16", "in UTF-16", instead_of(READ, crash, lambda call: call.body[:2] == b"\xff\xfe")),
            ("xml", "in XML", instead_of(READ, crash, _holds(b"<?xml"))),
            ("word-true", "that is true", instead_of("body-root", crash, lambda call: call.body.strip() == b"true")),
            ("empty-list", "that is an empty list", instead_of("body-root", crash, lambda call: call.body.strip() == b"[]")),
        )
    ),
    *(
        Mutant(f"spelling-{slug}-accepted", f"a body {lie} is accepted", ("BODY-006",), fault)
        for slug, lie, fault in (
            ("in-a-list", "whose object stands in a list", accepts("body-root", _like(rb"^\[\{\"params"))),
            ("in-a-string", "whose object stands in a string", accepts("body-root", _like(rb'^"\{'))),
            ("call", "written as a call", accepts(READ, _holds(b"callback("))),
            ("two-documents", "of two documents", accepts(READ, _like(rb"\}\s*\{\}$"))),
            ("in-base64", "in base64", accepts(READ, _like(rb"^eyJ"))),
            ("percent", "that is percent-encoded", accepts(READ, _like(rb"^%7B"))),
        )
    ),
    Mutant("spelling-capital-params-accepted", "Params is taken for params",
           ("BODY-003",), _another_name("Params")),
    Mutant("spelling-upper-params-accepted", "PARAMS is taken for params",
           ("BODY-003",), _another_name("PARAMS")),
    Mutant("spelling-parameters-accepted", "parameters is taken for params",
           ("BODY-003",), _another_name("parameters")),
    Mutant("spelling-param-crashes", "param in the place of params ends in a 500",
           ("BODY-003", "ENV-005"), instead_of("params-missing", crash, lambda call: "param" in call.root)),
    *(
        Mutant(f"member-{slug}-crashes", f"an unknown member {lie} ends in a 500", ("BODY-007", "ENV-005"), answers(crash, when))
        for slug, lie, when in (
            ("null", "that is null", _extra(lambda value: value is None)),
            ("empty-text", "that is an empty text", _extra(lambda value: value == "")),
            ("list-of-lists", "that is a list of lists", _extra(lambda value: value == [[]])),
            ("surrogate", "with half a surrogate pair", _extra(lambda value: value == "\ud800")),
            ("big", "beyond 64 bits", _extra(lambda value: isinstance(value, int) and abs(value) > 2**64)),
            ("prototype", "named __proto__", lambda call: "__proto__" in call.root or "__proto__" in call.params),
            ("class", "named class", lambda call: "class" in call.root or "class" in call.params),
            ("nameless", "without a name", lambda call: "" in call.root or "" in call.params),
            ("dotted", "with a dot in its name", lambda call: "a.b" in call.root or "a.b" in call.params),
            ("long-name", "with a long name", lambda call: any(len(name) > 255 for name in (*call.root, *call.params))),
        )
    ),
    *(
        Mutant(f"item-{slug}-crashes", f"{lie} among the tags ends in a 500", ("BODY-005", "ENV-005"), answers(crash, _item(test)))
        for slug, lie, test in (
            ("true", "true", lambda tag: tag is True),
            ("false", "false", lambda tag: tag is False),
            ("fraction", "a fraction", lambda tag: isinstance(tag, float)),
            ("list", "a list", lambda tag: isinstance(tag, list)),
            ("empty-object", "an empty object", lambda tag: tag == {}),
            ("object", "an object with members", lambda tag: isinstance(tag, dict) and bool(tag)),
        )
    ),
    *(
        Mutant(f"media-{slug}-crashes", f"a body called {lie} ends in a 500", ("BODY-001", "ENV-005"), answers(crash, _media(mark)))
        for slug, lie, mark in (
            ("xml", "application/xml", "xml"),
            ("form", "a form", "x-www-form-urlencoded"),
            ("multipart", "multipart without a boundary", "multipart/form-data"),
            ("nonsense", "nonsense", "nonsense"),
            ("charset-nonsense", "JSON in a charset that nobody knows", "charset=nonsense"),
            ("charset-gbk", "JSON in GBK", "GBK"),
            ("charset-utf-16", "JSON in UTF-16", "utf-16"),
        )
    ),
    Mutant("guard-not-for-large-bodies", "the session is not looked at where the body is over 64 KiB",
           ("AUTH-001", "AUTH-002", "AUTH-003"), accepts(AUTH_CHECKS, _bytes(65_537))),
    Mutant("guard-not-for-chunks", "the session is not looked at where the body comes in chunks",
           ("AUTH-001", "AUTH-002", "AUTH-003"), accepts(AUTH_CHECKS, _chunked)),
    Mutant("guard-not-for-indented", "the session is not looked at where the body has line feeds",
           ("AUTH-001", "AUTH-002"), accepts(AUTH_CHECKS, _like(rb"\{\n"))),
    Mutant("guard-not-for-odd-escapes", "the session is not looked at where the body has escapes",
           ("AUTH-001", "AUTH-002"), accepts(AUTH_CHECKS, _like(rb"\\u00"))),
    Mutant("guard-crashes-on-bad-body", "no session and a body that cannot be read end in a 500 together",
           ("AUTH-007", "ENV-005"), instead_of("no-header empty-header no-token", crash, _unreadable)),
    Mutant("guard-crashes-on-bad-params", "an unknown session and params of another type end in a 500 together",
           ("AUTH-007", "ENV-005"), instead_of("unknown-session", crash, lambda call: "params" in call.root and not isinstance(call.root["params"], dict))),
    Mutant("guard-not-for-bad-tags", "tags that are no list are accepted from those who bring no session",
           ("AUTH-007",), accepts(
               " ".join(["no-header", "system-tags", "user-tags"]),
               lambda call: call.header("authorization") is None
               and any(name in call.root and not isinstance(call.root[name], list | None) for name in ("systemTags", "userTags")))),
)
# fmt: on
