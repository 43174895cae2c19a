"""Replace every known secret, and every recognisable part of one, by the shell expression that gives it.

What is written down must still be what was sent, so a session cut by one digit becomes
`${CONTRACT_SESSION:0:31}`: a reader can replay it, and the report holds no part of the session.
"""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterable
from typing import overload
from urllib.parse import quote, quote_plus

from contract.kit.exchange.exchange import SESSION_MARK

SHORTEST = 4
"""Shorter values are not secrets that a text could be searched for."""
SURE = 12
"""A value of this length stands for itself anywhere; a shorter one only between other than letters and digits."""
WINDOW = 8
STRIDE = 8
"""A part of a secret of WINDOW + STRIDE - 1 characters always covers one whole window."""
SHORTEST_PART = 6
"""Characters of a part that was sent; fewer digits are not a secret."""
AROUND = 128
"""How far a longer word round a part of a secret is put into an expression."""
REMEMBERED = 256

VARIABLE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")
HEX = re.compile(r"[0-9a-fA-F]{16,}")
ESCAPE = re.compile(r"u[0-9a-fA-F]{4}")
WORD = re.compile(r"[0-9A-Za-z]+")
ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


class Secrets:
    """The secrets of a run. Thread safe; learning is rare, scrubbing is done for every exchange.

    A secret is known in two ways:

    - As *forms*: the value and the ways in which it may be written (percent-encoded, JSON-escaped, base64). A form
      stands in a text whole or not at all; one regular expression, the longest form first, replaces them.
    - As *parts*, where it is hexadecimal, as sessions are: tests cut it, extend it and change its digits, and any
      stretch of it may come back. Windows of `WINDOW` characters are cut from it, one each `STRIDE` characters and the
      last: a stretch of at least `WINDOW + STRIDE - 1` covers one of them whole, so that only windows are searched for.
      Where one is found, the word round it (at most `AROUND` characters to each side) is written anew from its
      beginning: the longest stretch of a secret that stands there as `${NAME:start:length}`, any other character as
      itself. A shorter part is known once it has been sent: `sent` learns it as a form.

    Parts are replaced first, then forms. *Marks* make the usual case cheap: the windows and the shortest forms, in
    lower case; a text in which none of them stands holds no secret and is handed back as it is. What is learned makes
    all of this anew, in objects that replace the old ones, so that scrubbing takes no lock.

    Expressions hold no quote and no backslash, so that a scrubbed JSON text is still the same JSON.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parts: dict[str, str] = {}
        self._forms: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None
        self._marks: tuple[str, ...] = ()
        self._mark_bytes: tuple[bytes, ...] = ()
        self._windows: tuple[str, ...] = ()
        self._followed: dict[str, str] = {}
        self._seen: dict[str, str] = {}

    def learn(self, value: str, expression: str = SESSION_MARK) -> None:
        """Replace `value` from now on by `expression`, for instance "$CONTRACT_PASSWORD".

        Its percent-encoded, JSON-escaped and base64 forms are learned with it; of a hexadecimal value also
        the upper case and every part. A value shorter than `SHORTEST` is left alone.
        """
        if len(value) < SHORTEST:
            return
        with self._lock:
            if HEX.fullmatch(value) and VARIABLE.fullmatch(expression):
                # A new dictionary: other threads may be going through the old one.
                self._parts = {value.lower(): expression, **self._parts}
            else:
                self._forms.setdefault(value, expression)
            # What is computed from a secret (a digest) is not written in other forms again.
            if not expression.startswith("$("):
                for form in _escaped(value):
                    self._forms.setdefault(form, expression)
                for form in _base64(value):
                    self._forms.setdefault(form, f"$(printf %s {expression}|base64)")
            self._prepare()

    def learn_after(self, prefix: str, expression: str) -> None:
        """Replace, from now on, the base64 that follows `prefix`: a secret that is another one each time."""
        with self._lock:
            self._followed = {**self._followed, prefix: expression}
            self._prepare()

    def forget(self, value: str) -> None:
        """Look for `value` no more: it opens nothing now, and each one costs every text that comes."""
        with self._lock:
            gone = {value, *_escaped(value), *_base64(value)}
            self._parts = {secret: told for secret, told in self._parts.items() if secret != value.lower()}
            self._forms = {form: told for form, told in self._forms.items() if form not in gone}
            self._prepare()

    def sent(self, text: str) -> str:
        """As `scrub`, for a header value that is sent: the short parts of secrets in it are learned with it.

        A session cut to a few digits is then known when an answer tells of it.
        """
        known = self._seen.get(text)
        if known is not None:
            return known
        for word in set(WORD.findall(text)):
            if SHORTEST_PART <= len(word) < WINDOW + STRIDE and self._longest(word.lower())[2] == len(word):
                expression = self._expressed(word, "")
                with self._lock:
                    self._forms.setdefault(word, expression)
                    self._forms.setdefault(word.lower(), expression)
                    self._prepare()
        scrubbed = self.scrub(text)
        if len(text) < REMEMBERED:
            self._remember(text, scrubbed)
        return scrubbed

    def _remember(self, text: str, scrubbed: str) -> None:
        if len(self._seen) >= REMEMBERED:
            self._seen = {}
        self._seen[text] = scrubbed

    def _prepare(self) -> None:
        windows: dict[str, None] = {}
        for secret in self._parts:
            last = len(secret) - WINDOW
            for start in (*range(0, last, STRIDE), last):
                windows[secret[start : start + WINDOW]] = None
        forms = sorted(self._forms, key=len, reverse=True)
        marks = dict.fromkeys([*windows, *(_lower(form) for form in [*_shortest(forms), *self._followed])])
        # Replaced whole and never changed in place: scrubbing threads hold no lock.
        self._windows = tuple(windows)
        self._pattern = re.compile("|".join(map(_delimited, forms))) if forms else None
        # A form outside Latin-1 cannot stand in bytes read as Latin-1; its UTF-8 twin is a form too.
        self._mark_bytes = tuple(mark.encode("latin-1") for mark in marks if max(mark) <= "\xff")
        self._marks = tuple(marks)
        self._seen = {}

    @overload
    def scrub(self, text: str) -> str: ...

    @overload
    def scrub(self, text: bytes) -> bytes: ...

    def scrub(self, text: str | bytes) -> str | bytes:
        """`text` with each secret and each part of one replaced; the very same object where there is none."""
        if isinstance(text, bytes):
            if not self.touches(text):
                return text
            # Latin-1 keeps every byte apart; the forms hold the secrets as their UTF-8 bytes read so.
            return self._scrub(text.decode("latin-1")).encode("latin-1")
        known = self._seen.get(text)
        if known is not None:
            return known
        lowered = _lower(text)
        if not any(mark in lowered for mark in self._marks):
            return text
        scrubbed = self._scrub(text)
        if len(text) < REMEMBERED:
            self._remember(text, scrubbed)
        return scrubbed

    def touches(self, data: bytes) -> bool:
        """Return True if `data` may hold a secret; False is certain."""
        lowered = data.lower()
        for mark in self._mark_bytes:  # noqa: SIM110  a generator costs more than the search
            if mark in lowered:
                return True
        return False

    def _scrub(self, text: str) -> str:
        text = self._without_parts(text)
        for prefix, expression in self._followed.items():
            text = re.sub(rf"(?<={re.escape(prefix)})[A-Za-z0-9+/=]+", expression, text)
        pattern, forms = self._pattern, self._forms
        return pattern.sub(lambda match: forms[match.group()], text) if pattern is not None else text

    def _without_parts(self, text: str) -> str:
        pieces, at = [], 0
        for start, end in _merged(_word_round(text, *span) for span in self._found(_lower(text))):
            pieces += [text[at:start], self._expressed(text[start:end], text[end : end + 1])]
            at = end
        return "".join([*pieces, text[at:]])

    def _found(self, lowered: str) -> list[tuple[int, int]]:
        """Where whole windows of secrets stand."""
        found = []
        for window in self._windows:
            start = lowered.find(window)
            while start >= 0:
                found.append((start, start + WINDOW))
                start = lowered.find(window, start + 1)
        return found

    def _expressed(self, word: str, follows: str) -> str:
        """A word that holds part of a secret, as literal characters and expressions."""
        lowered, pieces, at = word.lower(), [], 0
        while at < len(word):
            secret, start, length = self._longest(lowered[at:])
            # By chance a character before a part may seem to belong to it.
            if length < 2 or self._longest(lowered[at + 1 :])[2] > length:
                pieces.append(word[at])
                at += 1
                continue
            name = self._parts[secret][1:]
            after = word[at + length : at + length + 1] or follows
            pieces.append(_expression(name, secret, start, word[at : at + length], after))
            at += length
        return "".join(pieces)

    def _longest(self, lowered: str) -> tuple[str, int, int]:
        """The secret, offset and length of the longest part of a secret that `lowered` begins with."""
        best = ("", 0, 0)
        for secret in self._parts:
            length = best[2]
            while length < len(lowered) and lowered[: length + 1] in secret:
                length += 1
            if length > best[2]:
                best = (secret, secret.index(lowered[:length]), length)
        return best


def _expression(name: str, secret: str, start: int, piece: str, after: str) -> str:
    if len(piece) < len(secret):
        return f"${{{name}:{start}:{len(piece)}}}"
    if piece != secret:
        return f"${{{name}^^}}"
    return f"${{{name}}}" if after == "_" or after.isalnum() else f"${name}"


def _lower(text: str) -> str:
    """ASCII letters in lower case, as `bytes.lower` does it, so that every character stays in its place."""
    return text.lower() if text.isascii() else text.translate(ASCII_LOWER)


def _word_round(text: str, start: int, end: int) -> tuple[int, int]:
    low, high = max(0, start - AROUND), min(len(text), end + AROUND)
    for word in WORD.finditer(text, low, high):
        if word.start() <= start and end <= word.end():
            return min(_after_escape(text, word.start()), start), word.end()
    return start, end


def _after_escape(text: str, start: int) -> int:
    """Where a word begins whose first characters may be those of an escape in JSON (RFC 8259, 7)."""
    before = text[max(0, start - AROUND) : start]
    if (len(before) - len(before.rstrip("\\"))) % 2 == 0:
        return start
    return start + (len("u0000") if ESCAPE.match(text, start) else 1)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _escaped(value: str) -> set[str]:
    """The other ways to write a value in a URL, a JSON text and as bytes."""
    forms = {value, quote(value, safe=""), quote(value), quote_plus(value)}
    forms |= {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    forms |= {form.encode("utf-8", "surrogatepass").decode("latin-1") for form in forms}
    return forms - {value}


def _base64(value: str) -> set[str]:
    """The characters that base64 must show for a value, whatever stands before and after it."""
    forms = set()
    raw = value.encode("utf-8", "surrogatepass")
    for before in range(3):
        padded = b"\0" * before + raw
        text = base64.b64encode(padded).decode()
        # The first characters also hold bits of what stands before, the last ones of what follows.
        first = -(-before * 4 // 3)
        whole = text[first : len(padded) // 3 * 4]
        forms |= {whole, whole.translate(str.maketrans("+/", "-_"))}
        if before == 0:
            forms.add(text)
    return {form for form in forms if len(form) >= WINDOW}


def _shortest(forms: list[str]) -> list[str]:
    """Those forms that hold no other form: where none of them stands, none of the others does."""
    kept: list[str] = []
    for form in reversed(forms):
        if not any(other in form for other in kept):
            kept.append(form)
    return kept


def _delimited(form: str) -> str:
    pattern = re.escape(form)
    if len(form) >= SURE:
        return pattern
    if form.isascii() and form.isalpha():
        # In a sentence it is a word like another: to replace it there would tell which one the password is.
        pattern = rf"(?<![A-Za-z,] ){pattern}(?! [A-Za-z])"
    return rf"(?<![0-9A-Za-z]){pattern}(?![0-9A-Za-z])"
