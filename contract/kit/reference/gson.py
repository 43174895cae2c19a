"""A body as ZStack reads it: decoded after the charset of the header, then by Gson in its lenient way.

Comments, single quotes, bare names and texts, `;` for `,`, `=` for `:`, NaN and a byte order mark are taken. The
texts of errors, with line, column and path, are those that the server was observed to send.
"""

from __future__ import annotations

import codecs
import math
import re
from typing import Any, NoReturn

LONGEST_NUMBER = 1024  # characters; a longer one is taken for a bare text
DEEPEST = 4000  # levels, somewhere between the 1,000 that are read and the 10,000 that exhaust the stack
LONG = 2**63
INFINITE = (
    "{} is not a valid double value as per JSON specification. To override this behavior, use "
    "GsonBuilder.serializeSpecialFloatingPointValues() method."
)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_BARE = re.compile(r"[^/\\;#={}\[\]:, \t\f\r\n]+")
_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "f": "\f", "r": "\r", "\n": "\n", "'": "'", '"': '"', "\\": "\\", "/": "/"}
_KEYWORDS: dict[str, Any] = {"true": True, "false": False, "null": None}


class Unreadable(ValueError):  # noqa: N818
    """The text of the server's 500; `by_container` when the page of the container stands in its place."""

    def __init__(self, text: str, by_container: bool = False, early: bool = False) -> None:
        super().__init__(text)
        self.by_container = by_container
        self.early = early


def read(body: bytes, content_type: str) -> dict[str, Any]:
    """The members at the root; nothing, whitespace, null, {} and [] are all no members. Unreadable otherwise."""
    return _Reader(_decoded(body, content_type).removeprefix("\ufeff")).root()


def unwritable(value: Any) -> str:
    """What the writer says of a value with a number in it that is beyond a double; "" where there is none."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, float) and math.isinf(one):
            return INFINITE.format("Infinity" if one > 0 else "-Infinity")
        left += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
    return ""


def _decoded(body: bytes, content_type: str) -> str:
    # No charset is ISO-8859-1, application/json or not.
    charset = "iso-8859-1"
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip('"')
    if not charset:
        raise Unreadable("", by_container=True, early=True)
    if body.startswith(b"\xef\xbb\xbf"):
        body, charset = body[3:], "utf-8" if charset == "iso-8859-1" else charset
    if charset == "latin-1":  # a name of Python's own
        raise Unreadable("", by_container=True)
    try:
        codecs.lookup(charset)
        return body.decode(charset)
    except (LookupError, ValueError):
        raise Unreadable("", by_container=True) from None


class _Scope:
    """An object or a list that is being read, and the name before its next value."""

    def __init__(self, into: dict[str, Any] | list[Any]) -> None:
        self.into = into
        self.name = ""
        self.count = 0


class _Opened:
    """Stands for an object or a list whose inside is still to be read."""


_OPENED = _Opened()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.peeked = 0  # where Gson stands once it knows the kind of the value that was read last
        self.scopes: list[_Scope] = []

    def root(self) -> dict[str, Any]:
        self._skip()
        if self.at == len(self.text):
            return {}
        first = self.text[self.at]
        if first == "[":
            members = self._pairs()
        elif first == "{":
            members = self._value()
        else:
            value = self._begin()
            if value is not None:
                raise self._unexpected("BEGIN_OBJECT", value)
            members = {}
        self._skip(lenient=False)
        if self.at < len(self.text):
            self.at += 1
            self._lenient_only()
        return members

    def _pairs(self) -> dict[str, Any]:
        """A list of lists of two is an object, too."""
        self._begin()
        members: dict[str, Any] = {}
        while self._more():
            value = self._begin()
            if value is not _OPENED or not isinstance(self.scopes[-1].into, list):
                raise self._unexpected("BEGIN_ARRAY", self.scopes.pop().into if value is _OPENED else value)
            pair = self._inside()
            if len(pair) != 2:
                raise Unreadable("java.lang.IllegalStateException")
            self._unique(members, str(pair[0]))
            members[str(pair[0])] = pair[1]
            self.scopes[-1].count += 1
        self.scopes.pop()
        return members

    def _value(self) -> Any:
        value = self._begin()
        return self._inside() if value is _OPENED else value

    def _inside(self) -> Any:
        """What the scope that was just opened holds."""
        floor = len(self.scopes) - 1
        while True:
            if self._more():
                value = self._begin()
                if value is not _OPENED:
                    self._put(value)
                continue
            value = self.scopes.pop().into
            if len(self.scopes) == floor:
                return value
            self._put(value)

    def _put(self, value: Any) -> None:
        scope = self.scopes[-1]
        scope.count += 1
        if isinstance(scope.into, list):
            scope.into.append(value)
            return
        if len(self.scopes) == 1:
            self._unique(scope.into, scope.name)
        scope.into[scope.name] = value

    def _unique(self, members: dict[str, Any], name: str) -> None:
        if name in members:
            raise Unreadable(f"duplicate key: {name}")

    def _more(self) -> bool:
        """Go on to the next value of the innermost scope, past its name; False past the scope's end."""
        scope = self.scopes[-1]
        is_list = isinstance(scope.into, list)
        mark = self._next()
        if mark == ("]" if is_list else "}"):
            return False
        if scope.count:
            if mark not in ",;":
                raise self._malformed("Unterminated array" if is_list else "Unterminated object")
            if is_list:
                return True
            mark = self._next()
        elif is_list:
            self.at -= 1
            return True
        scope.name = self._name(mark)
        mark = self._next()
        if mark not in ":=":
            raise self._malformed("Expected ':'")
        if mark == "=" and self.text.startswith(">", self.at):
            self.at += 1
        return True

    def _name(self, mark: str) -> str:
        if mark in "\"'":
            return self._quoted(mark)
        bare = _BARE.match(self.text, self.at - 1)
        if bare is None:
            raise self._malformed("Expected name")
        self.at = bare.end()
        return bare[0]

    def _begin(self) -> Any:
        """A value without an inside, or `_OPENED` and a new scope."""
        mark = self._next()
        self.peeked = self.at
        if mark in "[{":
            if len(self.scopes) == DEEPEST:
                raise Unreadable("")
            self.scopes.append(_Scope([] if mark == "[" else {}))
            return _OPENED
        if mark in "\"'":
            return self._quoted(mark)
        in_list = bool(self.scopes) and isinstance(self.scopes[-1].into, list)
        if mark in ",;]" and in_list:
            self.at -= 1
            return None  # nothing between two commas is null
        bare = _BARE.match(self.text, self.at - 1)
        if bare is None:
            raise self._malformed("Unexpected value" if mark in ",;]" else "Expected value")
        self.at = self.peeked = bare.end()
        text = bare[0]
        if text.lower() in _KEYWORDS and text in (text.lower(), text.upper()):
            return _KEYWORDS[text.lower()]
        if len(text) >= LONGEST_NUMBER or _NUMBER.fullmatch(text) is None:
            self.peeked = bare.start()
            return text
        whole = text.lstrip("-").isdigit() and text != "-0"
        if whole and -LONG <= int(text) < LONG:
            return int(text)
        return float(text)

    def _quoted(self, quote: str) -> str:
        start, parts = self.at, []
        while True:
            end = self.text.find(quote, self.at)
            escape = self.text.find("\\", self.at, len(self.text) if end < 0 else end)
            if escape < 0:
                if end < 0:
                    self.at = len(self.text)
                    raise self._malformed("Unterminated string")
                parts.append(self.text[start:end])
                self.at = end + 1
                return _joined("".join(parts))
            parts.append(self.text[start:escape])
            self.at = escape + 1
            parts.append(self._escaped())
            start = self.at

    def _escaped(self) -> str:
        char = self.text[self.at : self.at + 1]
        self.at += 1
        if char == "u":
            digits = self.text[self.at : self.at + 4]
            if len(digits) < 4:
                raise self._malformed("Unterminated escape sequence")
            if re.fullmatch("[0-9a-fA-F]{4}", digits) is None:
                raise Unreadable(f"java.lang.NumberFormatException: \\u{digits}")
            self.at += 4
            return chr(int(digits, 16))
        if char not in _ESCAPES:
            raise self._malformed("Invalid escape sequence" if char else "Unterminated escape sequence")
        return _ESCAPES[char]

    def _next(self) -> str:
        """The next character that is neither blank nor in a comment, read."""
        self._skip()
        if self.at == len(self.text):
            raise Unreadable(f"java.io.EOFException: End of input{self._where()}")
        self.at += 1
        return self.text[self.at - 1]

    def _skip(self, lenient: bool = True) -> None:
        while self.at < len(self.text):
            char = self.text[self.at]
            if char in " \t\r\n":
                self.at += 1
                continue
            if not lenient or char not in "/#":
                return
            if self.text.startswith("/*", self.at):
                end = self.text.find("*/", self.at + 2)
                if end < 0:
                    self.at = len(self.text)
                    raise self._malformed("Unterminated comment")
                self.at = end + 2
            elif char == "#" or self.text.startswith("//", self.at):
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            else:
                return

    def _lenient_only(self) -> NoReturn:
        raise self._malformed("Use JsonReader.setLenient(true) to accept malformed JSON")

    def _malformed(self, text: str) -> Unreadable:
        return Unreadable(f"com.google.gson.stream.MalformedJsonException: {text}{self._where()}")

    def _unexpected(self, wanted: str, value: Any) -> Unreadable:
        self.at = self.peeked
        return Unreadable(f"java.lang.IllegalStateException: Expected {wanted} but was {token(value)}{self._where()}")

    def _where(self) -> str:
        read = self.text[: self.at]
        column = self.at - (read.rfind("\n") + 1) + 1
        path = "".join(f"[{scope.count}]" if isinstance(scope.into, list) else "." for scope in self.scopes)
        return f" at line {read.count(chr(10)) + 1} column {column} path ${path}"


def token(value: object) -> str:
    """What the reader calls a value of this kind."""
    if isinstance(value, bool):
        return "BOOLEAN"
    if isinstance(value, int | float):
        return "NUMBER"
    if isinstance(value, str):
        return "STRING"
    return "BEGIN_ARRAY" if isinstance(value, list) else "BEGIN_OBJECT" if isinstance(value, dict) else "NULL"


def _joined(text: str) -> str:
    """Two escapes that make one character together are that character."""
    if text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
