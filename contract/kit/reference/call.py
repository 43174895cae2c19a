"""One request, as the operation and the mutants see it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal, NoReturn
from urllib.parse import parse_qsl

Route = Literal["operation", "method", "near-miss", "sibling"]


class Missing:
    """Stands for a member or a document that is not there, where None would mean JSON's null."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()


class NotJson(ValueError):  # noqa: N818
    """The body is not one JSON document in UTF-8."""


def _refuse(constant: str) -> NoReturn:
    raise NotJson(f"{constant} is not JSON")


_BEYOND = re.compile(r'("(?:[^"\\]|\\.)*")|/\*.*?\*/|//[^\n]*|,(?=\s*[}\]])', re.DOTALL)
"""Strings, to be kept; comments and trailing commas, to be dropped."""


def parse(body: bytes, *, lenient: bool = False) -> object:
    """The document in `body`. NotJson for anything else, too deep and too long numbers included.

    `lenient` takes what RFC 8259 lets a reader take beyond the grammar (section 9): a byte order mark, comments,
    trailing commas, NaN; and bytes that are not UTF-8.
    """
    try:
        if lenient:
            text = body.decode("utf-8-sig", "replace")
            return json.loads(_BEYOND.sub(lambda found: found[1] or "", text))
        return json.loads(body.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as refused:
        raise NotJson(str(refused)) from None


@dataclass(slots=True, eq=False)
class Call:
    """A request and where it stands among the others.

    `target` is the request's target as sent, of which `path` and `query` are parts.
    `group` and `trigger` are the path's two values, percent-decoded once. `ordinal` counts the calls of the
    operation from 1; `on_connection` counts the requests of this connection from 1; `spelling` is the
    Authorization header's name as sent; `alone` tells that no other connection was open; `neighbours`
    are the other calls of the operation that were being answered at the same time; `lenient` says how the body is read.
    """

    method: str
    path: str
    query: str
    headers: list[tuple[bytes, bytes]]
    body: bytes = b""
    route: Route = "sibling"
    group: str = ""
    trigger: str = ""
    connection: int = 0
    on_connection: int = 1
    spelling: str = ""
    target: str = ""
    alone: bool = True
    ordinal: int = 0
    neighbours: list[Call] = field(default_factory=list)
    lenient: bool = False
    _document: object = field(default=MISSING, repr=False)
    _refused: str = field(default="", repr=False)

    def header(self, name: str) -> str | None:
        """The first header of that name (any case), bytes read as Latin-1, or None."""
        wanted = name.lower().encode("latin-1")
        for key, value in self.headers:
            if key.lower() == wanted:
                return value.decode("latin-1")
        return None

    @property
    def document(self) -> object:
        """The body's document. NotJson when it is none; MISSING never."""
        if self._document is MISSING:
            if self._refused:
                raise NotJson(self._refused)
            try:
                self._document = parse(self.body, lenient=self.lenient)
            except NotJson as refused:
                self._refused = str(refused) or "not JSON"
                raise
        return self._document

    @property
    def root(self) -> dict[str, object]:
        """The body's object, or {} when the body is anything else."""
        try:
            document = self.document
        except NotJson:
            return {}
        return document if isinstance(document, dict) else {}

    @property
    def params(self) -> dict[str, object]:
        """The body's `params`, or {} when it is not an object."""
        params = self.root.get("params")
        return params if isinstance(params, dict) else {}

    @property
    def trigger_now(self) -> object:
        """`params.triggerNow` as sent, or MISSING."""
        return self.params.get("triggerNow", MISSING)

    @property
    def tags(self) -> list[object]:
        """Every item of systemTags and userTags that came in a list."""
        found: list[object] = []
        for name in ("systemTags", "userTags"):
            items = self.root.get(name)
            if isinstance(items, list):
                found += items
        return found

    @property
    def query_items(self) -> list[tuple[str, str]]:
        return parse_qsl(self.query, keep_blank_values=True)

    def carries(self, values: Iterable[str], where: Literal["query", "cookie", "body"]) -> bool:
        """Return True if one of `values` stands somewhere in that part of the request."""
        if where == "query":
            text = self.query
        elif where == "cookie":
            text = self.header("cookie") or ""
        else:
            text = self.body.decode("latin-1")
        return bool(text) and any(value in text for value in values)
