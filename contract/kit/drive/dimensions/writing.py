"""One JSON value written in many ways: white space, the order of members, escapes. A reader sees the same value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from contract.kit.drive.strategies.texts import written

Escapes = Literal["none", "names", "texts", "upper", "everything", "solidus"]


@dataclass(frozen=True, slots=True)
class Writing:
    """How JSON is written. The white space is between `before` (a brace's or bracket's inside) and after `comma`
    and `colon`; `around` stands before and after the document. `size`: blanks after it make it so many bytes long.

    `escapes`: of characters that need none: all of `names`, what is not ASCII in `texts` (`upper`: all of such a
    text, in upper-case digits), `everything`, or the `solidus`.
    """

    comma: str = ","
    colon: str = ":"
    inside: str = ""
    around: str = ""
    backwards: bool = False
    escapes: Escapes = "none"
    size: int = 0

    def written(self, value: Any) -> bytes:
        """The document in UTF-8; lone surrogates are escaped whatever is asked."""
        if self == _PLAIN:
            return written(value)
        text = f"{self.around}{''.join(self._value(value))}{self.around}"
        raw = text.encode("utf-8", "backslashreplace")
        return raw.ljust(self.size)

    def _value(self, value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            members = list(value.items())
            if self.backwards:
                members.reverse()
            yield from self._within(
                "{", "}", [[self._text(name, True), self.colon, *self._value(of)] for name, of in members]
            )
        elif isinstance(value, list) and value and all(isinstance(item, str) for item in value):
            yield from self._texts(value)
        elif isinstance(value, list):
            yield from self._within("[", "]", [list(self._value(item)) for item in value])
        elif isinstance(value, str):
            yield self._text(value, False)
        else:
            yield json.dumps(value)

    def _within(self, opens: str, closes: str, parts: list[list[str]]) -> Iterator[str]:
        yield opens + self.inside
        for at, part in enumerate(parts):
            if at:
                yield self.comma
            yield from part
        yield (self.inside if parts else "") + closes

    def _texts(self, texts: list[str]) -> Iterator[str]:
        """A list of texts, of which there may be thousands."""
        if self.escapes in ("none", "texts", "names"):
            written = json.dumps(texts, ensure_ascii=self.escapes == "texts", separators=(self.comma, self.colon))[1:-1]
        else:
            known = {text: self._text(text, False) for text in {*texts}}
            written = self.comma.join(known[text] for text in texts)
        yield f"[{self.inside}{written}{self.inside}]"

    def _text(self, text: str, is_name: bool) -> str:
        if self.escapes == "everything" or (self.escapes == "names" and is_name):
            return '"' + "".join(_escaped(char) for char in text) + '"'
        if self.escapes == "upper" and not text.isascii():
            return '"' + "".join(_escaped(char).upper().replace("U", "u") for char in text) + '"'
        plain = json.dumps(text, ensure_ascii=self.escapes == "texts")
        return plain.replace("/", "\\/") if self.escapes == "solidus" else plain


def _escaped(char: str) -> str:
    """A character as one or two escapes of four hexadecimal digits (RFC 8259, 7)."""
    units = char.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


_PLAIN = Writing()
