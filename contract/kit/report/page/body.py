"""A body for a reader: its own characters and no others, laid out over lines, with the place that is wrong marked.

The layout is a matter of style sheets alone: each line is an element, white space of the body's own stays in it
hidden. So what is shown raw, copied or searched is what came, a member twice and NaN included.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Final

from markupsafe import Markup

from contract.kit.report.text import visible
from contract.kit.verdict import Message

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"?|[{}\[\],:]|\s+|[^\s{}\[\],:"]+', re.DOTALL)
_OPEN: Final = {"{": "}", "[": "]"}
_DEEPEST: Final = 12
"""Levels that are indented; deeper ones stand under each other."""
_LAID_OUT: Final = 48
"""Levels that are laid out over lines; what is deeper stands in one."""

Pointer = tuple[str, ...]


def body(message: Message, limit: int, pointer: str = "") -> Markup:
    """The body of a message as the inside of a `pre`, at most `limit` characters of it, `pointer` (RFC 6901) marked."""
    text = message.body[:limit]
    if message.encoding != "text":
        return Markup(f'<span class="note">{message.size:,} bytes that are not text, in base64:</span>\n{_text(text)}')
    left = message.size - len(text.encode("utf-8", "replace"))
    as_json = text.lstrip()[:1] in _OPEN
    made = _laid_out(text, pointer, whole=left <= 0) if as_json else _text(text, keep="\n\t")
    return Markup(f'{made}<span class="note"> … {left:,} more bytes</span>' if left > 0 else made)


def _text(text: str, keep: str = "") -> str:
    """Text for the inside of an element: quotes may stand there as they are, which JSON has many of."""
    return visible(text, keep=keep).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def is_laid_out(message: Message) -> bool:
    """Return True if a body is shown otherwise than raw."""
    return message.encoding == "text" and message.body.lstrip()[:1] in _OPEN and len(message.body) > 2


@dataclass(slots=True)
class _Line:
    depth: int
    place: Pointer = ()
    pieces: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Level:
    """A container that is open, with the member or item under way; `over_lines`: its items have lines of their own."""

    opened: str
    over_lines: bool
    key: str = ""
    item: int = 0
    at_key: bool = True


def _laid_out(text: str, pointer: str, *, whole: bool) -> str:
    lines = _lines(text)
    wanted = tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])
    missing = _missing(wanted, {line.place for line in lines})
    if missing is not None and not whole:
        wanted, missing = (), None  # it may stand in what was cut off
    told = []
    for line in lines:
        hit = note = ""
        if missing is None:
            hit = " hit" if wanted and line.place[: len(wanted)] == wanted else ""
        elif line.place == wanted[:missing]:
            # The container in which it is looked for in vain, or the list that stands in one line.
            if wanted[missing].isdecimal():
                hit = " hit"
            else:
                note = f'<span class="note hit"> no "{_text(wanted[missing])}" here</span>'
            missing, wanted = None, ()
        told.append(f'<span class="l d{min(line.depth, _DEEPEST)}{hit}">{"".join(line.pieces)}{note}</span>')
    return "".join(told)


def _missing(wanted: Pointer, places: set[Pointer]) -> int | None:
    """How many steps of a pointer lead somewhere; None where all do."""
    steps = next(steps for steps in range(len(wanted), -1, -1) if wanted[:steps] in places or not steps)
    return None if steps == len(wanted) else steps


def _lines(text: str) -> list[_Line]:
    tokens = [found[0] for found in _TOKEN.finditer(text)]
    after = _next_tokens(tokens)
    levels: list[_Level] = []
    lines = [_Line(0)]

    def start() -> None:
        if lines[-1].pieces:
            lines.append(_Line(sum(level.over_lines for level in levels), _place(levels)))

    for at, token in enumerate(tokens):
        level = levels[-1] if levels else None
        if token.isspace():
            blank = _text(token, keep="\n\t")
            lines[-1].pieces.append(f'<span class="w">{blank}</span>')
        elif token in _OPEN:
            lines[-1].pieces.append(token)
            over_lines = after[at] != _OPEN[token] and (token == "{" or after[at] in _OPEN) and len(levels) < _LAID_OUT
            levels.append(_Level(token, over_lines))
            if over_lines:
                start()
        elif token in ("}", "]"):
            if level is not None:
                levels.pop()
                if level.over_lines:
                    start()
            lines[-1].pieces.append(token)
        elif token == ",":
            lines[-1].pieces.append(token)
            if level is not None:
                level.item += 1
                level.at_key = True
                if level.over_lines and (level.opened == "{" or after[at] in _OPEN):
                    start()
                    lines[-1].place = _place(levels)
        elif level is not None and level.opened == "{" and level.at_key and token[0] == '"':
            level.key, level.at_key = _name(token), False
            lines[-1].place = _place(levels)
            lines[-1].pieces.append(f"<i>{_text(token)}</i>")
        else:
            lines[-1].pieces.append(_text(token))
    return lines


def _next_tokens(tokens: list[str]) -> list[str]:
    """For each token the next that is not white space."""
    found, coming = [], ""
    for token in reversed(tokens):
        found.append(coming)
        coming = coming if token.isspace() else token
    return found[::-1]


def _place(levels: list[_Level]) -> Pointer:
    keys = []
    for level in levels:
        if level.opened == "[":
            keys.append(str(level.item))
        elif level.at_key:
            break
        else:
            keys.append(level.key)
    return tuple(keys)


def _name(token: str) -> str:
    try:
        return str(json.loads(token))
    except ValueError:
        return token.strip('"')
