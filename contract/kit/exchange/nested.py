"""Cut a JSON text of any depth into texts for the standard scanner, which recurses and ends where the stack does."""

from __future__ import annotations

import re
from json import JSONDecodeError
from typing import Final

LEVELS: Final = 200
"""Levels of a layer: more than any rule walks, fewer than the scanner has left under a test."""
_STEP: Final = re.compile(r'[^"{}\[\]]*+(?:"[^"\\]*+(?:\\.[^"\\]*+)*+"[^"{}\[\]]*+)*+[{}\[\]]', re.DOTALL)
"""Up to the next bracket outside a string."""


def layers(text: str, at: int) -> tuple[list[str], int]:
    """The object or array that begins at `at` as layers, the outermost last, and where it ends.

    Each layer is a value of at most `LEVELS` levels with `null` for what lies deeper, which is a layer of its own.
    Only brackets are counted: whether the text is JSON is told by reading every layer. Raises JSONDecodeError where
    it ends too early.
    """
    done: list[str] = []
    opened: list[list[str]] = [[]]
    depth, begin = 0, at
    while step := _STEP.match(text, at):
        at = step.end()
        if text[at - 1] in "{[":
            if depth and depth % LEVELS == 0:
                opened[-1] += [text[begin : at - 1], "null"]
                opened.append([])
                begin = at - 1
            depth += 1
        else:
            depth -= 1
            if depth % LEVELS == 0:
                done.append("".join((*opened.pop(), text[begin:at])))
                begin = at
                if depth == 0:
                    return done, at
    raise JSONDecodeError(f"It ends within {depth} levels", text, len(text))
