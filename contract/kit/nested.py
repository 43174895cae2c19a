"""Read a JSON text of any depth without recursion: the standard scanner ends where the C stack does."""

from __future__ import annotations

import re
from collections.abc import Callable
from json import JSONDecodeError, JSONDecoder
from typing import Any, Final, NamedTuple

Pairs = list[tuple[str, Any]]
_BLANKS: Final = re.compile(r"[ \t\n\r]*")
_PLAIN: Final = re.compile(r'"([^"\\\x00-\x1f]*)"[ \t\n\r]*:[ \t\n\r]*"([^"\\\x00-\x1f]*)"[ \t\n\r]*,[ \t\n\r]*')
"""A member whose name and value are strings without escapes, and the comma after it: most of an error."""
_CLOSING: Final = {"{": "}", "[": "]"}


class _Open(NamedTuple):
    """An object or array whose end has not come yet."""

    closing: str
    names: list[str]
    values: list[Any]


class NestedReader:
    """Scalars are read as `decoder` reads them; `close` makes a dict of an object's pairs."""

    def __init__(self, decoder: JSONDecoder, close: Callable[[Pairs], dict[str, Any]]) -> None:
        self._scan = decoder.scan_once  # type: ignore[attr-defined]
        self._close = close

    def read(self, text: str, at: int) -> tuple[Any, int]:
        """The value that begins at `at`, and where it ends; raises `json.JSONDecodeError`."""
        opened: list[_Open] = []
        while True:
            at = _skip(text, at)
            closing = _CLOSING.get(text[at : at + 1])
            if closing is None:
                value, at = self._scalar(text, at)
            else:
                opened.append(_Open(closing, [], []))
                at = _skip(text, at + 1)
                if not text.startswith(closing, at):
                    at = self._name(text, at, opened[-1])
                    continue
                value, at = self._closed(opened.pop()), at + 1
            while opened:
                opened[-1].values.append(value)
                at = _skip(text, at)
                if text.startswith(",", at):
                    at = self._name(text, _skip(text, at + 1), opened[-1])
                    break
                if not text.startswith(opened[-1].closing, at):
                    raise JSONDecodeError("Expecting ',' delimiter", text, at)
                value, at = self._closed(opened.pop()), at + 1
            else:
                return value, at

    def _scalar(self, text: str, at: int) -> tuple[Any, int]:
        try:
            value, at = self._scan(text, at)
        except StopIteration as stop:
            raise JSONDecodeError("Expecting value", text, stop.value) from None
        return value, at

    def _name(self, text: str, at: int, within: _Open) -> int:
        if within.closing == "]":
            return at
        while plain := _PLAIN.match(text, at):
            within.names.append(plain[1])
            within.values.append(plain[2])
            at = plain.end()
        if not text.startswith('"', at):
            raise JSONDecodeError("Expecting property name enclosed in double quotes", text, at)
        name, at = self._scan(text, at)
        within.names.append(name)
        at = _skip(text, at)
        if not text.startswith(":", at):
            raise JSONDecodeError("Expecting ':' delimiter", text, at)
        return at + 1

    def _closed(self, ended: _Open) -> Any:
        if ended.closing == "]":
            return ended.values
        return self._close(list(zip(ended.names, ended.values, strict=True)))


def _skip(text: str, at: int) -> int:
    blanks = _BLANKS.match(text, at)
    assert blanks is not None
    return blanks.end()
