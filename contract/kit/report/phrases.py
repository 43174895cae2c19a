"""Phrases for a reader: code as code, what differs marked, sources and tickets as links."""

from __future__ import annotations

import difflib
import re
from typing import Final

from markupsafe import Markup, escape

from contract.kit.report.text import visible

_CODE: Final = re.compile("`([^`]*)`")
_WORDS: Final = re.compile(r"`[^`]*`|\w+|\s+|.", re.DOTALL)
# Private characters: `visible` leaves none of them in a text.
_FROM, _TO = "\ue000", "\ue001"
_ALIKE: Final = 0.5
"""How much two phrases have to share for their difference to be worth a mark."""
_MOST_WORDS: Final = 80
_LINKED: Final = re.compile(
    r"(?P<url>https?://[^\s<>\"']+)|RFC (?P<rfc>\d{3,5})(?:, (?P<section>\d+(?:\.\d+)*))?"
    r"|CWE-(?P<cwe>\d+)|(?P<clause>\b[A-Z]{2,8}-\d{3}\b)"
)


def phrase(text: str) -> Markup:
    """A phrase with what stands between backticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(visible(text)))))


def differing(expected: str, actual: str) -> tuple[Markup, Markup]:
    """Both phrases with the words marked that tell them apart; unmarked where they have little in common."""
    sides: list[list[str]] = [_WORDS.findall(visible(text)) for text in (expected, actual)]
    if max(map(len, sides)) > _MOST_WORDS:
        return phrase(expected), phrase(actual)
    if _alike(sides) < _ALIKE:
        return phrase(expected), phrase(actual)
    matcher = difflib.SequenceMatcher(None, sides[0], sides[1], autojunk=False)
    told: list[list[str]] = [[], []]
    for operation, *ranges in matcher.get_opcodes():
        for side, (begin, end) in enumerate((ranges[:2], ranges[2:])):
            words = "".join(sides[side][begin:end])
            told[side].append(words if operation == "equal" or not words.strip() else f"{_FROM}{words}{_TO}")
    first, second = (_marked("".join(words)) for words in told)
    return first, second


def _alike(sides: list[list[str]]) -> float:
    """How much they share, white space left out: from 0 to 1."""
    words = [[word for word in side if not word.isspace()] for side in sides]
    return difflib.SequenceMatcher(None, words[0], words[1], autojunk=False).ratio()


def _marked(text: str) -> Markup:
    # What stands between two changed words has changed with them.
    text = re.sub(f"{_TO}(\\s*){_FROM}", r"\1", text)
    made = _CODE.sub(r"<code>\1</code>", str(escape(text)))
    return Markup(made.replace(_FROM, "<mark>").replace(_TO, "</mark>"))


def linked(text: str) -> Markup:
    """A source or a ticket with its addresses, RFCs and clauses as links that wait for a click."""
    shown, made, at = visible(text), Markup(""), 0
    for found in _LINKED.finditer(shown):
        made += phrase(shown[at : found.start()]) + Markup('<a href="{}">{}</a>').format(_address(found), found[0])
        at = found.end()
    return made + phrase(shown[at:])


def addresses(text: str) -> list[tuple[str, str]]:
    """What of a source or a ticket has an address of its own, with it."""
    return [(found[0], _address(found)) for found in _LINKED.finditer(visible(text)) if not found["clause"]]


def _address(found: re.Match[str]) -> str:
    if found["url"]:
        return found["url"]
    if found["rfc"]:
        section = f"#section-{found['section']}" if found["section"] else ""
        return f"https://www.rfc-editor.org/rfc/rfc{found['rfc']}{section}"
    if found["cwe"]:
        return f"https://cwe.mitre.org/data/definitions/{found['cwe']}.html"
    return f"#{found['clause']}"
