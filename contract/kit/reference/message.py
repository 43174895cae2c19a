"""The message that ZStack makes of a body, and whether its database can hold it.

What is stored beside a job is text of three-byte UTF-8, of 16 MiB at most: a character above U+FFFF, or more than
that, is not stored, the server swallows the error, and asking for the job finds none (observed).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote

from contract.kit.reference.call import Call
from contract.kit.reference.gson import Unreadable, read

TAGS: Final = ("systemTags", "userTags")
COLUMN: Final = 2**24 - 1
"""Bytes that are stored."""

_SUSPECT = re.compile(rb"[\xf0-\xf4]|\\[uU][dD][89abAB]")
_STORED: Final = (*TAGS, "name", "description", "parameters", "cron", "schedulerType", "type")


def root_of(call: Call) -> dict[str, Any]:
    """The members at the root of the body; {} where it cannot be read."""
    try:
        return read(call.body, call.header("content-type") or "")
    except Unreadable:
        return {}


def params(root: dict[str, Any]) -> dict[str, Any]:
    """The members of params; {} where it is none, or no object."""
    inner = root.get("params")
    return inner if isinstance(inner, dict) else {}


def member(root: dict[str, Any], name: str) -> Any:
    """A member of params; a list of tags may stand at the root, too, and wins there."""
    outer = root.get(name) if name in TAGS else None
    return params(root).get(name) if outer is None else outer


def can_be_stored(call: Call) -> bool:
    """Return True if the message that is made of the call fits into the column. Unknown members are not stored."""
    if _SUSPECT.search(call.body) is None and "%F" not in call.path.upper() and len(call.body) <= COLUMN:
        return True
    root = root_of(call)
    texts = [unquote(call.path), *(text for name in _STORED for text in _texts(member(root, name)))]
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)
    return size <= COLUMN and all(max(text, default="") <= "\uffff" for text in texts)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _texts(inner)
