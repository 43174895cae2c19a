"""The isolation of a cause: which of a request's unusual parts makes a clause break, found by a few more requests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from contract.kit.exchange import Exchange

BUDGET: Final = 12
"""Requests for one kind of violation."""

PLAIN_TOO: Final = "fails with a plain request too"
AS_IT_IS: Final = "also fails when everything else is plain"
"""What is said of a request that stays bad: a plain one is rightly granted."""

MOST_SAID: Final = 10
"""Parts that are named one by one where it takes all of them together."""

Again = Callable[[frozenset[int]], Exchange]
"""Sends a request again with only these of its unusual parts, the plain ones in place of the others."""


class _Spent(Exception):  # noqa: N818  it tells a state
    """No request is left."""


@dataclass
class Isolation:
    """Isolates the cause of one violation.

    `words`: its request's unusual parts. `shows`: whether an exchange breaks the clause likewise.

    `after`: sends the request that came before, in words, and this one once more; None where there is none.
    """

    words: Sequence[str]
    again: Again
    shows: Callable[[Exchange], bool]
    told: Callable[[Exchange], str]
    """An answer in a word or two."""
    after: tuple[str, Callable[[], Exchange]] | None = None
    plain: str = PLAIN_TOO
    """What is said where it breaks the clause without any of its parts."""
    budget: int = BUDGET
    causes: list[frozenset[int]] = field(default_factory=list)
    """Sets of parts of which each alone makes it break; none where that was not found."""
    _seen: dict[frozenset[int], tuple[Exchange, bool]] = field(default_factory=dict)
    """What a set of parts was answered, and whether it broke the clause: what the target lists then is seen once."""

    def cause(self) -> str:
        """The cause in one line; empty where it was not found."""
        every = frozenset(range(len(self.words)))
        try:
            if not self._breaks(every):
                return self._by_itself_it_does_not()
            if not every:
                return ""
            if self._breaks(frozenset()):
                return self.plain
            return self._only_with(self._least(every), every)
        except _Spent:
            return ""

    def _least(self, parts: frozenset[int]) -> frozenset[int]:
        """A smallest set of parts that breaks it, where no part of that set alone does: the halves of it first."""
        pieces = 2
        while len(parts) > 1:
            ordered = sorted(parts)
            size = -(-len(ordered) // pieces)
            cut = [frozenset(ordered[at : at + size]) for at in range(0, len(ordered), size)]
            without = [] if len(cut) == 2 else [parts - piece for piece in cut]
            try:
                found = next((fewer for fewer in (*cut, *without) if self._breaks(fewer)), None)
            except _Spent:
                return parts
            if found is not None:
                parts, pieces = found, max(2, pieces - 1)
            elif size == 1:
                break
            else:
                pieces = min(len(ordered), pieces * 2)
        return parts

    def _only_with(self, least: frozenset[int], every: frozenset[int]) -> str:
        causes, rest = self.causes, every - least
        causes.append(least)
        try:
            while rest and self._breaks(rest):
                causes.append(self._least(rest))
                rest -= causes[-1]
            answered = self.told(self._seen[rest][0])
        except _Spent:
            return f"fails with some of: {self._said(causes)}"
        return only_with(self._said(causes), answered, len(causes))

    def _said(self, causes: Sequence[frozenset[int]]) -> str:
        return ", or with ".join(_together([self.words[at] for at in sorted(cause)]) for cause in causes)

    def _by_itself_it_does_not(self) -> str:
        if self.after is not None:
            words, send = self.after
            self._spend()
            if self.shows(send()):
                return f"fails only after another request: {words}"
        return "does not fail when it is sent again: it fails after other requests, or now and then"

    def _breaks(self, parts: frozenset[int]) -> bool:
        if parts not in self._seen:
            self._spend()
            exchange = self.again(parts)
            self._seen[parts] = exchange, self.shows(exchange)
        return self._seen[parts][1]

    def _spend(self) -> None:
        if self.budget <= 0:
            raise _Spent
        self.budget -= 1


def only_with(words: str, without: str, causes: int = 1) -> str:
    """The sentence for causes in words, and what the request is answered without them."""
    return f"fails only with: {words} (without {'it' if causes == 1 else 'them'}: {without})"


def _together(words: Sequence[str]) -> str:
    if len(words) <= MOST_SAID:
        return " and ".join(words)
    return f"{len(words)} parts together, among them {words[0]} and {words[-1]}"
