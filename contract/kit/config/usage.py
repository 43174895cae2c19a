"""A mistake in how the suite was called: told in one line, the run ends with status 4."""

from __future__ import annotations


class UsageError(Exception):
    """One clear line that names what is wrong and what fixes it.

    It may quote a target: whatever would act on a terminal is written as an escape.
    """

    def __init__(self, told: str) -> None:
        super().__init__("".join(one if one.isprintable() else ascii(one)[1:-1] for one in told))
