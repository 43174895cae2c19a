"""Read a time in any of the forms that the contract knows."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
GSON: Final = re.compile(
    rf"({'|'.join(MONTHS)}) (\d{{1,2}}), (\d{{4}}),? (\d{{1,2}}):(\d{{2}}):(\d{{2}})[ \u202f](AM|PM)",
    re.ASCII,
)
"""`Nov 14, 2017 10:20:57 PM` (Java 8), with a comma after the year (9 to 19), with U+202F before PM (20 on)."""
ISO: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?(Z|[+-]\d{2}(:?\d{2})?)?"
    r"|\d{8}T\d{4}(\d{2}([.,]\d{1,9})?)?(Z|[+-]\d{2}(\d{2})?)?",
    re.ASCII,
)
"""ISO 8601 with date and time, in the extended format or the basic one."""


def parse(value: object) -> datetime | None:
    """A time, aware where the wire tells its zone; None where the value is in no known form.

    Known: `Nov 14, 2017 10:20:57 PM` and its variants, ISO 8601 with date and time, epoch milliseconds.
    """
    try:
        if isinstance(value, bool):
            return None
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value / 1000, UTC) if value == int(value) else None
        if isinstance(value, str):
            return _from_text(value)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _from_text(text: str) -> datetime | None:
    found = GSON.fullmatch(text)
    if found:
        month, day, year, hour, minute, second, half = found.groups()
        if not 1 <= int(hour) <= 12:
            return None
        hours = int(hour) % 12 + (12 if half == "PM" else 0)
        return datetime(int(year), MONTHS.index(month) + 1, int(day), hours, int(minute), int(second))
    if ISO.fullmatch(text):
        return datetime.fromisoformat(re.sub(r"([.,]\d{6})\d+", r"\1", text).replace(",", "."))
    return None


def comparable(one: datetime, other: datetime) -> bool:
    """Both tell their zone, or neither does."""
    return (one.tzinfo is None) == (other.tzinfo is None)


def distance(time: datetime, epoch: float) -> float:
    """Seconds between a time and a moment since the epoch; a time without a zone is taken for UTC."""
    aware = time if time.tzinfo is not None else time.replace(tzinfo=UTC)
    return abs(aware.timestamp() - epoch)
