"""A mistake in how the suite was called: told in one line, the run ends with status 4."""

from __future__ import annotations


class UsageError(Exception):
    """One clear line that names what is wrong and what mends it."""
