"""Texts made from a UUID: with something after it, without a part of it, in another notation."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Final
from uuid import UUID

from contract.kit.drive.strategies.credentials import with_digit_changed

Make = Callable[[str], str]
"""From the real UUID to what stands in its place."""
Named = tuple[str, Make]
"""What is made, in words."""

MIDDLE: Final = 16


def after(more: str) -> Make:
    return lambda real: real + more


def before(more: str) -> Make:
    return lambda real: more + real


def inside(more: str) -> Make:
    return lambda real: real[:MIDDLE] + more + real[MIDDLE:]


def instead(text: str) -> Make:
    return lambda _: text


def cut(length: int) -> Make:
    """Its first characters only."""
    return lambda real: real[:length]


def without(count: int) -> Make:
    """All but its first characters."""
    return lambda real: real[count:]


def changed(place: int) -> Make:
    """With one digit another."""
    return lambda real: with_digit_changed(real, place)


def replaced(place: int, mark: str) -> Make:
    """With a mark for one digit."""
    return lambda real: real[:place] + mark + real[place + 1 :]


def half(mark: str) -> Make:
    """With a mark for its second half."""
    return lambda real: real[:MIDDLE] + mark


def joined(mark: str) -> Make:
    """Twice, with a mark between."""
    return lambda real: f"{real}{mark}{real}"


def drawn_out(length: int) -> Make:
    """Over and over, to a length."""
    return lambda real: (real * (length // len(real) + 1))[:length]


def shifted(by: int, *, letters: bool) -> Make:
    """Its digits, and its letters where they are to be, in another block of characters."""
    return lambda real: "".join(chr(ord(char) + by) if letters or char.isdigit() else char for char in real)


def with_one_upper(real: str) -> str:
    """With its first letter in upper case, wherever it stands."""
    at = next((at for at, char in enumerate(real) if char.isalpha()), 0)
    return real[:at] + real[at].upper() + real[at + 1 :]


def dashed(real: str) -> str:
    return str(UUID(real))


def in_base64(real: str) -> str:
    return base64.urlsafe_b64encode(bytes.fromhex(real)).decode().rstrip("=")


def nobody(text: str) -> str:
    """A well-formed UUID (version 4) that names nothing, the same one for the same text."""
    return UUID(bytes=hashlib.sha256(text.encode()).digest()[:16], version=4).hex


FOREIGN: Final = {
    "a no-break space": "\u00a0",
    "an ideographic space": "\u3000",
    "a line separator": "\u2028",
    "a zero-width space": "\u200b",
    "a byte order mark": "\ufeff",
    "a soft hyphen": "\u00ad",
    "a combining mark": "\u0301",
    "a C1 control": "\x85",
    "a Han letter": "值",
    "an emoji": "\U0001f600",
    "a directional mark": "\u202e",
}
"""Characters that a UUID cannot have: blanks of other scripts, what nobody sees, letters and signs."""
SCRIPTS: Final[tuple[Named, ...]] = (
    ("in full-width characters", shifted(0xFEE0, letters=True)),
    ("in mathematical digits", shifted(0x1D7CE - 0x30, letters=False)),
    ("in Arabic digits", shifted(0x660 - 0x30, letters=False)),
    ("with a Cyrillic letter for its last", lambda real: real[:-1] + "\u0430"),
)
"""What a reader that folds characters (Unicode's NFKC, `int`) takes for the UUID itself."""
