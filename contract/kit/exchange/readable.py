"""How plain an exchange is to read: of those that break a clause, a plain one is shown before a shorter odd one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

LONGEST: Final = 2_000
"""Characters of a line, bytes of a body, that a reader takes in."""
_LAYOUT: Final = str.maketrans("", "", "\t\r\n")


def is_plain(lines: Iterable[str], bodies: Iterable[bytes | str]) -> bool:
    """Return True if `lines` (targets, headers) are short printable ASCII and `bodies` short printable UTF-8."""
    return all(_line(line) for line in lines) and all(_body(body) for body in bodies)


def _line(text: str) -> bool:
    return len(text) <= LONGEST and text.isascii() and text.isprintable()


def _body(body: bytes | str) -> bool:
    if len(body) > LONGEST:
        return False
    try:
        text = body.decode() if isinstance(body, bytes) else body
    except UnicodeDecodeError:
        return False
    return text.translate(_LAYOUT).isprintable()
