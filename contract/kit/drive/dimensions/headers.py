"""What may stand in a request's headers and means nothing to the operation: none of it changes what is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from contract.kit.description import Operation
from contract.kit.drive.dimensions.value import Change, Dimension, Draft, Value, dimension
from contract.kit.drive.strategies.bodies import Names, first_names
from contract.kit.exchange import Expect
from contract.kit.shortened import shortened

ACCEPTS: Final = (
    ("Accept", "application/json"),
    ("Accept", "*/*"),
    ("Accept", "application/json, text/plain, */*"),
    ("Accept", "text/html;q=0.9, application/json;q=0.1"),
    ("Accept", "application/json;charset=UTF-8"),
    ("Accept", "application/json, application/xml;q=0.5"),
)
PREFERENCES: Final = (
    ("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.8"),
    ("Accept-Language", "en-US"),
    ("Accept-Language", "*"),
    ("Accept-Language", "xx-unknown"),
    ("Accept-Encoding", "gzip"),
    ("Accept-Encoding", "gzip, deflate"),
    ("Accept-Encoding", "deflate"),
    ("Accept-Encoding", "gzip;q=1.0, identity;q=0.5"),
    ("Accept-Charset", "utf-8"),
    ("TE", "trailers"),
)
BROWSER: Final = (
    ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"),
    ("User-Agent", "curl/8.5.0"),
    ("User-Agent", "Java/1.8.0_402"),
    ("User-Agent", "x"),
    ("Referer", "http://127.0.0.1/scheduler"),
    ("X-Requested-With", "XMLHttpRequest"),
    ("DNT", "1"),
    ("Upgrade-Insecure-Requests", "1"),
    ("Cookie", "theme=dark; lang=zh-CN"),
    ("Cookie", "JSESSIONID=0123456789ABCDEF0123456789ABCDEF"),
)
PROXIES: Final = (
    ("X-Forwarded-For", "127.0.0.1"),
    ("X-Forwarded-For", "203.0.113.7, 198.51.100.2"),
    ("X-Real-IP", "127.0.0.1"),
    ("X-Client-IP", "127.0.0.1"),
    ("True-Client-IP", "127.0.0.1"),
    ("X-Forwarded-Proto", "https"),
    ("Forwarded", "for=192.0.2.60;proto=https"),
    ("Via", "1.1 gateway"),
    ("X-Request-ID", "7b7ad1c7-6f0f-4b0e-9d3a-3d0f0d5f0b11"),
    ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
)
CONDITIONS: Final = (
    ("If-None-Match", '"0"'),
    ("If-Modified-Since", "Tue, 14 Nov 2017 22:20:57 GMT"),
    ("If-Modified-Since", "Fri, 14 Nov 2036 22:20:57 GMT"),
    ("Range", "bytes=0-9"),
    ("Cache-Control", "no-cache"),
    ("Pragma", "no-cache"),
    ("Max-Forwards", "0"),
    ("Content-Language", "en"),
)
"""On a POST these mean nothing (RFC 9110, 13.1 and 14.2; RFC 9111, 5.2.1)."""
UNUSUAL: Final = (
    ("Accept", "text/html"),
    ("Accept", "application/xml"),
    ("Accept", "image/png"),
    ("Accept", "application/json;q=0"),
    ("Accept", "nonsense"),
    ("Accept", "application/json;q=high, */*;q="),
    ("Accept", ",;/,=;,"),
    ("Accept", ""),
    ("Accept-Charset", "nonsense"),
    ("Accept-Charset", "iso-8859-1"),
    ("Accept-Charset", "utf-8;q=high"),
    ("Accept-Language", ";q=,,"),
    ("Accept-Language", "e" * 300),
    ("Accept-Encoding", "identity;q=0"),
    ("Accept-Encoding", "nonsense"),
    ("Accept-Encoding", "gzip;q=high,;"),
    ("Expect", "100-continue"),
    ("Expect", "nonsense"),
    ("If-Modified-Since", "yesterday"),
    ("If-None-Match", "nonsense"),
    ("Range", "bytes=9-0"),
    ("Range", "nonsense"),
    ("Max-Forwards", "many"),
    ("Cache-Control", "max-age=never"),
    ("Cookie", ";;=;\"'"),
    ("Cookie", "a=" + "b" * 3_000),
    ("User-Agent", ""),
    ("User-Agent", "u" * 3_000),
    ("Referer", "::not a URL::"),
    ("X-Forwarded-For", "nowhere, ::1, [], 999.999.999.999"),
    ("X-Forwarded-Proto", "gopher"),
    ("X-Forwarded-Port", "many"),
    ("X-Forwarded-Host", "elsewhere.invalid"),
    ("X-Forwarded-Prefix", "/elsewhere"),
    ("Forwarded", 'for=;by=""'),
    ("Content-Language", "!!"),
    ("Content-MD5", "nonsense"),
    ("TE", "nonsense;q=high"),
    ("traceparent", "nonsense"),
    ("X-Request-ID", "r" * 3_000),
    ("Date", "never"),
    ("Upgrade", "h2c"),
)
"""To be answered in some way or other; nothing is said of which."""
STANDARD: Final = (
    ("Prefer", "return=minimal"),
    ("Prefer", "respond-async, wait=10"),
    ("Prefer", "handling=strict"),
    ("Idempotency-Key", '"8e03978e-40d5-43dd-bc93-6894a57f9324"'),
    ("Priority", "u=7, i"),
    ("Save-Data", "on"),
    ("Sec-GPC", "1"),
    ("Depth", "infinity"),
    ("From", "nobody@elsewhere.invalid"),
    ("SOAPAction", '""'),
    ("Link", '<http://elsewhere.invalid/>; rel="related"'),
    ("Last-Event-ID", "7"),
    ("Content-Location", "/elsewhere"),
    ("Content-Disposition", 'attachment; filename="x.json"'),
    ("Keep-Alive", "timeout=1, max=1"),
    ("Access-Control-Request-Method", "DELETE"),
    ("grpc-timeout", "1n"),
    ("Accept-Version", "99"),
    ("Api-Version", "99"),
    ("X-Timeout", "0"),
    ("X-Debug", "true"),
    ("X-Dry-Run", "true"),
    ("X-CSRF-Token", "nonsense"),
)
"""Headers of standards and customs that this operation does not follow: they may be ignored or refused, not obeyed."""
ORIGINS: Final = (
    ("Origin", "null"),
    ("Origin", "http://elsewhere.invalid"),
    ("Origin", "nonsense"),
    ("Sec-Fetch-Site", "cross-site"),
)
"""A server may guard against requests from foreign pages."""
FOR_PROXIES: Final = ("Expect", "Max-Forwards", "Range", "TE", "Upgrade")
"""What proxies answer in the server's place (RFC 9110, 7.6.2, 7.8, 10.1.1, 10.1.4, 14.2)."""
PASSED_ON: Final = ("Expect", "100-continue")
"""But this one, which every proxy knows (RFC 9110, 10.1.1)."""
TO_A_PROXY: Final = tuple(one for one in CONDITIONS if one[0] in FOR_PROXIES)
"""What shows a proxy that does not name itself: Apache answers Range and Max-Forwards on any method."""
OVERRIDES: Final = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")
REWRITES: Final = ("X-Original-URL", "X-Rewrite-URL", "X-Original-URI", "X-Forwarded-Uri", "X-Forwarded-Path")


def told(name: str, value: str) -> str:
    """A field in words, cut where it is long."""
    return f"{name}: {shortened(value, 40)}"


def _with(*fields: tuple[str, str]) -> Value:
    """In the place of what stands under these names: of two a server would read one."""
    names = {name.lower() for name, _ in fields}

    def put(draft: Draft) -> None:
        draft.headers = [*(field for field in draft.headers if field[0].lower() not in names), *fields]

    for_proxies = any(one[0] in FOR_PROXIES and one != PASSED_ON for one in fields)
    return Value(", ".join(told(*one) for one in fields), put, for_proxies=for_proxies)


def _good(name: str, fields: Iterable[tuple[str, str]]) -> Dimension:
    return dimension(name, map(_with, fields))


def _either(fields: Iterable[tuple[str, str]], clause: str, family: str, *, company: bool = False) -> list[Value]:
    return [replace(_with(one), expect=Expect.EITHER, clause=clause, family=family, company=company) for one in fields]


def _own_cookie(draft: Draft) -> None:
    if draft.cookie:
        draft.headers.append(("Cookie", draft.cookie))


def _of_no_meaning(names: Names) -> dict[str, tuple[tuple[str, str | bytes], ...]]:
    """Of no meaning to anybody. Servers take 100 fields (Tomcat, Apache, gunicorn) and 8 KiB of them (most)."""
    return {
        "a header without a value": (("X-Contract", ""),),
        "a header with a tab in it": (("X-Contract", "a\tb"),),
        "a header in Latin-1": (("X-Contract", "é".encode("latin-1")),),
        "a header in UTF-8": (("X-Contract", "测试".encode()),),
        "a header of punctuation": (("X-Contract", "\"'`\\%&,;=<>(){}[]|^~!?#@*$"),),
        "a header of commas": (("X-Contract", "," * 200),),
        "a header with JSON in it": (("X-Contract", f'{{"{names[0]}": null, "{names[-1]}": "maybe"}}'),),
        "a header of 4,000 characters": (("X-Contract", "h" * 4_000),),
        "a header with a name of 200 characters": (("X-" + "N" * 198, "y"),),
        "a header with an underscore in its name": (("X_Contract", "y"),),
        "a header with punctuation in its name": (("X.Contract!#$'*+^`|~1", "y"),),
        "a header twice": (("X-Contract", "a"), ("X-Contract", "b")),
        "a header with a number for its name": (("7", "y"),),
        "40 headers": tuple((f"X-Contract-{at}", "y") for at in range(40)),
        "75 headers": tuple((f"X-Contract-{at}", "y") for at in range(75)),
        "60 cookies": (("Cookie", "; ".join(f"c{at}=y" for at in range(60))),),
        "many cookie headers": tuple(("Cookie", f"c{at}=y") for at in range(20)),
    }


def _unknown(operation: Operation) -> Iterator[Value]:
    for told, fields in _of_no_meaning(first_names(operation.body_members)).items():
        yield Value(told, _adding(fields), Expect.EITHER, "PATH-007", "an unknown header")


def _adding(fields: Iterable[tuple[str, str | bytes]]) -> Change:
    def put(draft: Draft) -> None:
        draft.headers.extend(fields)

    return put


def _methods(operation: Operation) -> list[Value]:
    """Headers that name a method: another than the one that is sent, or the operation's own where it is not."""
    other = [(name, method) for method in ("DELETE", "PUT", "GET") for name in OVERRIDES]
    own = [(name, operation.method) for name in OVERRIDES]
    family = "a header that names a method"
    return [*_either(other, "PATH-007", family), *_either(own, "PATH-007", family, company=True)]


def _paths() -> Iterator[Value]:
    """Headers that name a path: that of another pair, or the right one where it is not sent."""
    for header in REWRITES:
        yield Value(f"{header} names another pair", _naming(header, True), *_EITHER, "a header that names a path")
        told = f"{header} names the pair itself"
        yield Value(told, _naming(header, False), *_EITHER, "a header that names a path", company=True)


def _naming(header: str, stranger: bool) -> Change:
    def put(draft: Draft) -> None:
        named = draft.strangers if stranger else draft.pair
        draft.headers.append((header, draft.operation.path_naming(*named)))

    return put


_EITHER: Final = (Expect.EITHER, "PATH-007")


def dimensions(operation: Operation) -> list[Dimension]:
    """A dimension for each kind of thing that headers tell."""
    return [
        _good("what is accepted", ACCEPTS),
        _good("what is preferred", PREFERENCES),
        dimension("who asks", [*map(_with, BROWSER), Value("a cookie that the server has set", _own_cookie)]),
        _good("who forwards", PROXIES),
        _good("conditions", CONDITIONS),
        dimension(
            "other headers",
            [
                *_either(UNUSUAL, "BODY-001", "an unusual header"),
                *_either(STANDARD, "PATH-007", "a header of another standard"),
                *_unknown(operation),
                *_either(ORIGINS, "BODY-001", "a foreign origin"),
                *_methods(operation),
                *_paths(),
            ],
        ),
    ]
