"""Text that came over the wire, made safe for people's eyes: nothing acts, nothing is endless."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from typing import Final

from contract.kit.shortened import shortened

LONGEST_BODY: Final = 8192
"""Characters of a body that a report shows."""

_NAMED: Final = {"\t": "\\t", "\r": "\\r", "\n": "\\n", "\x00": "\\0"}
_LONGEST_CHAIN: Final = 12
"""Levels of a chain of causes that are shown."""
_CAUSES: Final = re.compile(r"(?:/cause){4,}")
_INSTANT: Final = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z")
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def visible(text: str, *, keep: str = "") -> str:
    """`text` with every control, format and surrogate character written as an escape, but those in `keep`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c in keep or unicodedata.category(c) not in _HIDDEN else _escape(c) for c in text)


def _escape(character: str) -> str:
    code = ord(character)
    return _NAMED.get(character) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{{{code:x}}}")


def cut(text: str, limit: int = LONGEST_BODY) -> str:
    """At most `limit` characters of `text`, and how many more there are."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… ({len(text) - limit:,} more characters)"


def one_line(text: str, limit: int) -> str:
    """`text` in one line of at most `limit` characters."""
    return shortened(visible(" ".join(text.split())), limit)


def wrapped(text: str, width: int, indent: str, first: str | None = None) -> list[str]:
    """`text` as lines of at most `width` characters, each begun with `indent` (the first with `first`)."""
    return textwrap.wrap(
        visible(text),
        max(width, len(indent) + 20),
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_on_hyphens=False,
    ) or [(indent if first is None else first).rstrip()]


def tree(causes: list[str], indent: str = "") -> list[str]:
    """A chain of causes, outermost first, as a small tree: each level hangs under the one that it caused.

    Of a long chain the middle is counted, so that it neither fills the page nor walks off it.
    """
    shown = list(causes)
    if len(causes) > _LONGEST_CHAIN:
        left_out = len(causes) - _LONGEST_CHAIN + 1
        shown = [*causes[: _LONGEST_CHAIN - 3], f"… {left_out} more levels …", *causes[-2:]]
    return [
        indent + ("   " * (level - 1) + "└─ " if level else "") + one_line(cause, 300)
        for level, cause in enumerate(shown)
    ]


def where(pointer: str) -> str:
    """A pointer into a body, with how often a long row of causes repeats: `/error/cause ×33/code`."""
    return visible(_CAUSES.sub(lambda found: f"/cause ×{found[0].count('/')}", pointer))


def moment(instant: str) -> str:
    """RFC 3339 in UTC to the second, as people read it: `2026-03-02 01:00:09 UTC`."""
    found = _INSTANT.fullmatch(instant)
    return f"{found[1]} {found[2]} UTC" if found else visible(instant)


def period(start: str, end: str) -> str:
    """From one moment to another: `2026-03-02 01:00:00 to 01:00:09 UTC`."""
    first, last = moment(start), moment(end)
    if first[:10] == last[:10]:
        last = last[11:]
    return f"{first.removesuffix(' UTC')} to {last}"


def more_like_it(count: int) -> str:
    """What follows the first of `count` exchanges that are alike: `, and 1,132 more like it`; nothing for one."""
    return f", and {count - 1:,} more like it" if count > 1 else ""


def plural(number: int, word: str, words: str | None = None) -> str:
    """`1 clause`, `2 clauses`."""
    return f"{number:,} {word if number == 1 else words or word + 's'}"
