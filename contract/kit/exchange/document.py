"""Read a JSON text as one document, tolerantly: keep the value, list what is wrong with the text.

A strict reader would stop at the first flaw and hide every other clause behind it, so each flaw is
noted as a problem (RFC 8259) and reading goes on wherever a value can still be had.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from contract.kit.exchange.nested import LEVELS, layers

LONGEST_NUMBER: Final = 1000


class Missing:
    """The type of `MISSING`: no value could be read."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()


@dataclass(frozen=True, slots=True)
class Document:
    """What a body says as JSON: its `value` (or `MISSING`) and the `problems` of its text, in words.

    `followed`: other characters than blanks stand behind it.
    """

    value: Any
    problems: tuple[str, ...] = ()
    followed: bool = False

    @property
    def readable(self) -> bool:
        return self.value is not MISSING


class _Reader:
    """One reading: the hooks of `json.JSONDecoder` note what the standard library would let pass."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) != len(pairs):
            twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
            self.problems.append(f"the member {twice[:60]!r} stands twice in one object")
        return members

    def constant(self, text: str) -> float:
        self.problems.append(f"{text} is not a JSON number")
        return float(text.replace("Infinity", "inf"))

    @staticmethod
    def integer(text: str) -> int | float:
        return int(text) if len(text) < LONGEST_NUMBER else float(text)

    def read(self, text: str, start: int) -> tuple[Any, int]:
        decoder = json.JSONDecoder(object_pairs_hook=self.pairs, parse_constant=self.constant, parse_int=self.integer)
        if text.count("{") + text.count("[") <= LEVELS or text[start : start + 1] not in ("{", "["):
            return decoder.raw_decode(text, start)
        value, (cut, end) = None, layers(text, start)
        for layer in cut:
            value = decoder.decode(layer)
        return value, end


def _decode(body: bytes) -> tuple[str, list[str]]:
    problems: list[str] = []
    encoding = json.detect_encoding(body)
    if encoding == "utf-8-sig":
        problems.append("a byte order mark stands before it")
    elif encoding != "utf-8":
        problems.append(f"it is encoded as {encoding.upper()}, not as UTF-8")
    try:
        return body.decode(encoding), problems
    except UnicodeDecodeError as error:
        problems.append(f"byte {error.start} is not {encoding.upper()}")
        return body.decode(encoding, "replace"), problems


def read(body: bytes) -> Document:
    """Read `body` as one JSON document (RFC 8259); never raises.

    What lies deeper than `nested.LEVELS` levels is checked too, and `None` stands for it in the value. Problems
    told: not UTF-8, a byte order mark, a member twice in an object, NaN or Infinity, bytes after the document, a
    syntax error.
    """
    text, problems = _decode(body)
    start = len(text) - len(text.lstrip(" \t\r\n"))
    reader = _Reader()
    try:
        value, end = reader.read(text, start)
    except ValueError as error:
        return Document(MISSING, (*problems, f"it is not JSON: {error}"))
    problems += reader.problems
    rest = text[end:].strip(" \t\r\n")
    if rest:
        problems.append(f"{len(rest)} characters follow the document, beginning with {rest[:20]!r}")
    return Document(value, tuple(dict.fromkeys(problems)), bool(rest))
