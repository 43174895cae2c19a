"""A request with something of its body made plain."""

from __future__ import annotations

import copy
import json
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from typing import Final

from contract.kit.description import Member
from contract.kit.drive.sending import Sending
from contract.kit.drive.strategies import bodies
from contract.kit.drive.strategies.bodies import Json

LONG: Final = 255
"""Characters of a text, or items of a list, above which that is told as a part of its own."""
PLAIN_TEXT: Final = "a"

Change = Callable[[Sending], Sending]


def class_of(character: str) -> str:
    """What is unusual about a character, with its article; empty for letters, digits and blanks of ASCII."""
    if character.isascii() and (character.isalnum() or character in " _-.:"):
        return ""
    category, name = unicodedata.category(character), f"U+{ord(character):04X}"
    if category == "Cs":
        return "half a surrogate pair"
    if ord(character) > 0xFFFF:
        return "a character above U+FFFF"
    if category == "Cc":
        return f"the control character {name}"
    if character.isascii():
        said = unicodedata.name(character).lower()
        return f"an {said}" if said[0] in "aeiou" else f"a {said}"
    if category.startswith("M"):
        return "a combining character"
    if unicodedata.bidirectional(character) in ("R", "AL"):
        return "a right-to-left character"
    if category == "Nd":
        return "a digit of another script"
    return "a character that is not ASCII"


def without_body(sending: Sending) -> Sending:
    """No body of its own: the plain one is sent."""
    return replace(sending, body=None)


def with_body(document: Json, sending: Sending) -> Sending:
    """A body of bytes written anew, in the plain way."""
    return replace(sending, body=document) if isinstance(sending.body, bytes) else sending


def _changed(sending: Sending, change: Callable[[Json], Json]) -> Sending:
    """The body changed as a document; bytes that say one are written anew in the plain way."""
    body = sending.body
    if isinstance(body, bytes):
        body = json.loads(body)
    return replace(sending, body=change(body)) if isinstance(body, dict) else sending


def without(names: tuple[str, ...], sending: Sending) -> Sending:
    """The body without a member."""
    return without_all(names[:-1], names[-1:], sending)


def without_all(above: tuple[str, ...], names: Collection[str], sending: Sending) -> Sending:
    """The body without these members of the object that stands at `above`."""

    def change(body: Json) -> Json:
        changed = copy.deepcopy(body)
        inner = standing(changed, above)
        for name in names if isinstance(inner, dict) else ():
            inner.pop(name, None)
        return changed

    return _changed(sending, change)


def counterpart(member: Member, names: tuple[str, ...], plain: Json) -> Change:
    """The member as a plain body has it, or without it."""
    if not member.required:
        return partial(without, names)
    value = standing(plain, names)
    return lambda sending: _changed(sending, lambda body: bodies.put(body, names, value))


def with_items(names: tuple[str, ...], each: Callable[[list[Json]], list[Json]], sending: Sending) -> Sending:
    """The body with another list in the place of one that it has."""

    def change(body: Json) -> Json:
        found = standing(body, names)
        return bodies.put(body, names, each(found)) if isinstance(found, list) else body

    return _changed(sending, change)


def texts_alone(items: list[Json]) -> list[Json]:
    """Plain texts in the place of what is not text."""
    return [item if isinstance(item, str) else PLAIN_TEXT for item in items]


def with_short_texts(member: str, sending: Sending) -> Sending:
    """The texts of a member cut to a usual length."""
    return _texts_changed(sending, lambda text, where: text[:LONG] if where == member else text)


def without_class(kind: str, sending: Sending) -> Sending:
    """Every text with a plain one in the place of each character of a class."""

    def plain(text: str, _where: str) -> str:
        return "".join(PLAIN_TEXT if class_of(character) == kind else character for character in text)

    return _texts_changed(sending, plain)


def _texts_changed(sending: Sending, change: Callable[[str, str], str]) -> Sending:
    """Every text of the body changed, by what it says and the member that it stands in."""

    def changed(value: Json, where: str) -> Json:
        if isinstance(value, str):
            return change(value, where)
        if isinstance(value, list):
            return [changed(item, where) for item in value]
        if isinstance(value, dict):
            return {name: changed(item, f"{where}.{name}" if where else name) for name, item in value.items()}
        return value

    return _changed(sending, lambda body: changed(body, ""))


def standing(value: Json, names: tuple[str, ...]) -> Json:
    """What stands there; None where nothing does."""
    for name in names:
        if not isinstance(value, dict) or name not in value:
            return None
        value = value[name]
    return value
