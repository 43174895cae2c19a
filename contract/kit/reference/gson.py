"""A body as ZStack 5.2 reads it: decoded after the charset of the header, then by Gson in its lenient way."""

from __future__ import annotations

import codecs
import json
import re
from typing import Any

# Strings first, so that nothing inside them is taken for a name or a comment.
_TOKEN = re.compile(
    r'"(?:[^"\\]|\\.)*"|\'(?P<single>(?:[^\'\\]|\\.)*)\'|(?P<comment>//[^\n]*|/\*.*?\*/|#[^\n]*)'
    r"|(?P<name>[A-Za-z_$][\w$]*)(?=\s*:)",
    re.DOTALL,
)


class Unreadable(ValueError):  # noqa: N818
    """The text of the server's 500; `by_container` when the page of the container stands in its place."""

    def __init__(self, text: str, by_container: bool = False) -> None:
        super().__init__(text)
        self.by_container = by_container


def read(body: bytes, content_type: str) -> dict[str, Any]:
    """The members at the root; nothing, whitespace, null, {} and [] are all no members. Unreadable otherwise."""
    text = _decoded(body, content_type).removeprefix("\ufeff")
    if not text.strip():
        return {}
    try:
        root = _parsed(text)
    except RecursionError:
        raise Unreadable("") from None
    except json.JSONDecodeError:
        where = f"at line 1 column {len(text) + 1} path $."
        raise Unreadable(f"java.io.EOFException: End of input {where}") from None
    if root is None:
        return {}
    if isinstance(root, list) and all(isinstance(item, list) and len(item) == 2 for item in root):
        return {str(name): value for name, value in root}
    if not isinstance(root, dict):
        kind = "BEGIN_ARRAY" if isinstance(root, list) else "STRING"
        text = f"java.lang.IllegalStateException: Expected BEGIN_OBJECT but was {kind} at line 1 column 2 path $"
        raise Unreadable(text)
    return root


def _decoded(body: bytes, content_type: str) -> str:
    # No charset is ISO-8859-1, application/json or not.
    charset = "iso-8859-1"
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip('"')
    if body.startswith(b"\xef\xbb\xbf"):
        body, charset = body[3:], "utf-8" if charset == "iso-8859-1" else charset
    try:
        codecs.lookup(charset)
        return body.decode(charset)
    except (LookupError, ValueError):
        raise Unreadable("", by_container=True) from None


class _Pairs(dict[str, Any]):
    """An object that remembers a name that came twice: the last one wins, but at the root it is an error."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        names = [name for name, _ in pairs]
        self.twice = next((name for name in names if names.count(name) > 1), None) if len(self) < len(names) else None


def _parsed(text: str) -> Any:
    try:
        root = json.loads(text, object_pairs_hook=_Pairs)
    except json.JSONDecodeError:
        root = json.loads(_TOKEN.sub(_quoted, text), object_pairs_hook=_Pairs)
    if isinstance(root, _Pairs) and root.twice is not None:
        raise Unreadable(f"duplicate key: {root.twice}")
    return root


def _quoted(token: re.Match[str]) -> str:
    if token["comment"] is not None:
        return " "
    inner = token["single"] if token["single"] is not None else token["name"]
    return token[0] if inner is None else json.dumps(inner)


def java_type(value: object) -> str:
    """The class that Java would name for a value of this kind."""
    if isinstance(value, bool):
        return "java.lang.Boolean"
    if isinstance(value, int | float):
        return "java.lang.Double"
    if isinstance(value, str):
        return "java.lang.String"
    return "java.util.ArrayList" if isinstance(value, list) else "com.google.gson.internal.LinkedTreeMap"
