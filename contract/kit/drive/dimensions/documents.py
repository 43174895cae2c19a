"""Bodies that are not JSON objects, and those that only a lenient reader takes for one."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from contract.kit.drive.dimensions.value import Change, Dimension, Draft, Value, dimension
from contract.kit.drive.strategies.bodies import Names, first_names
from contract.kit.exchange import Expect


@dataclass(frozen=True, slots=True)
class Naming:
    """Bytes in which the description's own names stand: the path to its first member, outermost first."""

    made: Callable[[bytes, Names], bytes]


Remake = Callable[[bytes], bytes] | Naming


def _remade(remake: Remake) -> Change:
    """The body as it would be sent, made into other bytes."""

    def change(draft: Draft) -> None:
        written = draft.body if isinstance(draft.body, bytes) else draft.writing.written(draft.body)
        if isinstance(remake, Naming):
            draft.body = remake.made(written.strip(), first_names(draft.operation.body_members))
        else:
            draft.body = remake(written.strip())

    return change


def _nothing_at_all(draft: Draft) -> None:
    draft.body, draft.content_type = b"", ""


def _constant(body: bytes) -> Remake:
    return lambda _: body


def _nested(opens: bytes, middle: bytes, closes: bytes, levels: int) -> Remake:
    return lambda body: body[:-1] + b',"x":' + opens * levels + middle + closes * levels + b"}"


def _swapped(body: bytes) -> bytes:
    """Its last brace a bracket."""
    return body[:-1] + b"]"


def _xml(names: Names) -> str:
    return f"<{names[0]}>{_xml(names[1:])}</{names[0]}>" if names else "true"


def _yaml(names: Names, indent: str = "") -> str:
    return f"{indent}{names[0]}:" + (f"\n{_yaml(names[1:], indent + '  ')}" if names[1:] else " true\n")


def _bare(names: Names) -> str:
    return f"{{{names[0]}:{_bare(names[1:])}}}" if names else "true"


CUT: Final[dict[str, Remake]] = {
    "cut before its last brace": lambda body: body[:-1],
    "cut in the middle": lambda body: body[: len(body) // 2],
    "cut after its first brace": lambda body: body[:1],
    "without its first brace": lambda body: body[1:],
    "from the middle on": lambda body: body[len(body) // 2 :],
    "with a brace more": lambda body: body + b"}",
    "with a bracket more": lambda body: body + b"]",
    "with a bracket for its last brace": _swapped,
    "with its braces the wrong way round": lambda body: b"}" + body[1:-1] + b"{",
    "without its quotes and colons": lambda body: body.replace(b'"', b"").replace(b":", b" "),
    "without its colons": lambda body: body.replace(b":", b" "),
    "with a quote that does not end": lambda body: body[:-1] + b',"x":"}',
}
AFTER: Final[dict[str, Remake]] = {
    "with a letter after it": lambda body: body + b"x",
    "with a comma after it": lambda body: body + b",",
    "with another document after it": lambda body: body + b"{}",
    "with a line and another document after it": lambda body: body + b"\n{}",
    "twice": lambda body: body * 2,
    "with null after it": lambda body: body + b" null",
    "with a quote after it": lambda body: body + b'"',
    "with a letter before it": lambda body: b"x" + body,
    "with another document before it": lambda body: b"{}" + body,
    "as a call": lambda body: b"callback(" + body + b")",
}
OTHER_FORMATS: Final[dict[str, Remake]] = {
    "as a form": Naming(lambda _, names: f"{names[0]}=%7B%7D&{names[-1]}=true".encode()),
    "as XML": Naming(lambda _, names: f"<?xml version='1.0'?>{_xml(names)}".encode()),
    "as YAML": Naming(lambda _, names: _yaml(names).encode()),
    "in words": Naming(lambda _, names: f"{names[0]} are empty".encode()),
    "percent-encoded": lambda body: quote(body).encode(),
    "in base64": base64.b64encode,
    "within a form": lambda body: b"body=" + quote(body).encode(),
}
EMPTY: Final[dict[str, Remake]] = {
    "is empty": _constant(b""),
    "is a blank": _constant(b" "),
    "is blank lines": _constant(b"\r\n\t\r\n"),
    "is null": _constant(b"null"),
}
ROOTS: Final[dict[str, Remake]] = {
    "is true": _constant(b"true"),
    "is false": _constant(b"false"),
    "is a number": _constant(b"1"),
    "is zero": _constant(b"0"),
    "is a string": Naming(lambda _, names: f'"{names[0]}"'.encode()),
    "is an empty string": _constant(b'""'),
    "is an empty list": _constant(b"[]"),
    "is a list of an empty object": _constant(b"[{}]"),
    "is the object in a list": lambda body: b"[" + body + b"]",
    "is the object in a string": lambda body: b'"' + body.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"',
}
LENIENT: Final[dict[str, Remake]] = {
    "with a byte order mark": lambda body: b"\xef\xbb\xbf" + body,
    "with a comment before it": lambda body: b"/* x */" + body,
    "with a comment after it": lambda body: body + b" // x",
    "with a hash comment": lambda body: b"# x\n" + body,
    "in single quotes": lambda body: body.replace(b'"', b"'"),
    "with bare names": Naming(lambda _, names: _bare(names).encode()),
    "with a comma before its end": lambda body: body[:-1] + b",}",
    "with two commas": lambda body: body[:-1] + b',,"x":1}',
    "with NaN": lambda body: body[:-1] + b',"x":NaN}',
    "with -Infinity": lambda body: body[:-1] + b',"x":-Infinity}',
    "with a number that begins with zero": lambda body: body[:-1] + b',"x":01}',
    "with a number that begins with plus": lambda body: body[:-1] + b',"x":+1}',
    "with a number without digits before the point": lambda body: body[:-1] + b',"x":.5}',
    "with a hexadecimal number": lambda body: body[:-1] + b',"x":0x1F}',
    "with a number of a thousand digits": lambda body: body[:-1] + b',"x":' + b"9" * 1_000 + b"}",
    "with a number of ten thousand digits": lambda body: body[:-1] + b',"x":' + b"9" * 10_000 + b"}",
    "with an exponent of nine digits": lambda body: body[:-1] + b',"x":1e999999999}',
    "with a member twice": lambda body: body[:-1] + b',"x":1,"x":2}',
    "with its first member twice": Naming(lambda body, names: body[:-1] + f',"{names[0]}":{{}}}}'.encode()),
    "with a line feed in a string": lambda body: body[:-1] + b',"x":"a\nb"}',
    "with NUL in a string": lambda body: body[:-1] + b',"x":"a\0b"}',
    "with a wrong escape": lambda body: body[:-1] + b',"x":"\\x41"}',
    "with an escape cut short": lambda body: body[:-1] + b',"x":"\\u12"}',
    "with words in upper case": lambda body: body[:-1] + b',"x":TRUE}',
    "with None": lambda body: body[:-1] + b',"x":None}',
    "with an equals sign for a colon": lambda body: body.replace(b":", b"=", 1),
    "with NUL after it": lambda body: body + b"\0",
    "with a no-break space before it": lambda body: b"\xc2\xa0" + body,
    "with a vertical tab between": lambda body: body[:1] + b"\x0b" + body[1:],
    "with a prefix against scripts": lambda body: b")]}',\n" + body,
}
"""Beyond the grammar: a reader may take it (RFC 8259, 9)."""
NOT_UTF8: Final[dict[str, Remake]] = {
    "in Latin-1": lambda body: body[:-1] + b',"x":"caf\xe9"}',
    "with a byte that is never in UTF-8": lambda body: body[:-1] + b',"x":"\xff"}',
    "with a character cut short": lambda body: body[:-1] + b',"x":"\xe6\xa0"}',
    "with an overlong form": lambda body: body[:-1] + b',"x":"\xc0\xaf"}',
    "with a surrogate in UTF-8": lambda body: body[:-1] + b',"x":"\xed\xa0\xbd"}',
    "with a byte that is not UTF-8 in a name": lambda body: body[:-1] + b',"\xe9":1}',
    "with a byte that is not UTF-8 after it": lambda body: body + b"\xff",
    "in UTF-16": lambda body: body.decode().encode("utf-16"),
    "in UTF-16 without a mark": lambda body: body.decode().encode("utf-16-le"),
    "in UTF-32": lambda body: body.decode().encode("utf-32"),
    "in GBK": lambda body: body[:-1] + ',"x":"标签"}'.encode("gbk"),
    "compressed": lambda body: gzip.compress(body, mtime=0),
    "of bytes of all kinds": _constant(bytes(range(256))),
}
DEEP: Final[dict[str, Remake]] = {
    f"with {told} {kind} within each other": _nested(opens, middle, closes, levels)
    for told, levels in (("33", 33), ("101", 101), ("1,001", 1_001), ("ten thousand", 10_000))
    for kind, opens, middle, closes in (("lists", b"[", b"", b"]"), ("objects", b'{"a":', b"1", b"}"))
}
HUGE: Final[dict[str, Remake]] = {
    "with a megabyte in an unknown member": lambda body: body[:-1] + b',"x":"' + b"x" * 1_000_000 + b'"}',
    "with a megabyte of blanks after it": lambda body: body.ljust(1_048_577),
    "with ten thousand unknown members": lambda body: (
        body[:-1] + b"," + b",".join(b'"x%d":%d' % (at, at) for at in range(10_000)) + b"}"
    ),
    "with a name of 64 KiB": lambda body: body[:-1] + b',"' + b"x" * 65_536 + b'":1}',
}


def _of(cases: dict[str, Remake], expect: Expect, clause: str, family: str) -> list[Value]:
    return [Value(f"the body {name}", _remade(remake), expect, clause, family) for name, remake in cases.items()]


def dimensions() -> list[Dimension]:
    """The bytes of the body."""
    return [
        dimension(
            "document",
            [
                *_of(CUT, Expect.REFUSAL, "BODY-006", "brackets that do not match"),
                *_of(AFTER, Expect.REFUSAL, "BODY-006", "text after the document"),
                *_of(OTHER_FORMATS, Expect.REFUSAL, "BODY-006", "not JSON at all"),
                *_of(EMPTY, Expect.REFUSAL, "BODY-006", "an empty body"),
                Value("no body and no Content-Type", _nothing_at_all, Expect.REFUSAL, "BODY-006", "an empty body"),
                *_of(ROOTS, Expect.REFUSAL, "BODY-006", "a root that is not an object"),
                *_of(LENIENT, Expect.EITHER, "BODY-006", "beyond the grammar"),
                *_of(NOT_UTF8, Expect.EITHER, "BODY-006", "not UTF-8"),
                *_of(DEEP, Expect.EITHER, "BODY-008", "deep or huge"),
                *_of(HUGE, Expect.EITHER, "BODY-008", "deep or huge"),
            ],
        )
    ]
