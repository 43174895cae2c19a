"""A text cut to a length, for a message or a report."""

from __future__ import annotations


def shortened(text: str, most: int) -> str:
    """`text`, of a longer one its beginning and "…": at most so many characters in all."""
    return text if len(text) <= most else f"{text[: max(most - 1, 0)]}…"
