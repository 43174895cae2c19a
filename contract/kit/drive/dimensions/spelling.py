"""How the JSON of a body is written, and how long it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from contract.kit.drive.dimensions.value import Change, Dimension, Draft, Value, dimension
from contract.kit.exchange import Expect

GOOD_SIZES: Final = (255, 256, 257, 1_024, 1_025, 2_049, 4_097, 8_193, 16_385)
LARGE: Final = (65_535, 65_536, 70_000)


def _written(**changes: Any) -> Change:
    def put(draft: Draft) -> None:
        draft.writing = replace(draft.writing, **changes)

    return put


def dimensions() -> list[Dimension]:
    """White space, the order of members, escapes, and the size, all of which leave the value as it is (RFC 8259)."""
    spaces = [
        Value("a blank after each mark", _written(comma=", ", colon=": ")),
        Value("indented, with line feeds", _written(comma=",\n  ", inside="\n  ", colon=": ")),
        Value("CR LF and tabs between", _written(comma="\r\n\t,\t", inside="\r\n\t", colon="\t:\r\n")),
        Value("blank lines before and after", _written(around="\r\n \t\n")),
    ]
    # Beside what is not good, names stay as they are: a waiver reads them.
    escapes = [
        Value("names escaped", _written(escapes="names"), company=False),
        Value("what is not ASCII escaped", _written(escapes="texts")),
        Value("what is not ASCII escaped in upper case", _written(escapes="upper")),
        Value("every character escaped", _written(escapes="everything"), company=False),
        Value("the solidus escaped", _written(escapes="solidus")),
    ]
    sizes = [Value(f"{size:,} bytes long", _written(size=size)) for size in GOOD_SIZES]
    large = [
        Value(f"{size:,} bytes long", _written(size=size), Expect.EITHER, "BODY-008", "a large body", company=True)
        for size in LARGE
    ]
    return [
        dimension("white space", spaces),
        dimension("order", [Value("members in reverse", _written(backwards=True))]),
        dimension("escapes", escapes),
        dimension("size", sizes + large),
    ]
