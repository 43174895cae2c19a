"""Read a time in any of the forms that the contract knows."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
GSON: Final = re.compile(
    rf"({'|'.join(MONTHS)}) (\d{{1,2}}), (\d{{4}}),? (\d{{1,2}}):(\d{{2}}):(\d{{2}})[ \u202f](AM|PM)",
    re.ASCII,
)
"""`Nov 14, 2017 10:20:57 PM` (Java 8), with a comma after the year (9 to 19), with U+202F before PM (20 on)."""
EXTENDED: Final = re.compile(
    r"(\d{4}-(?:\d{2}-\d{2}|W\d{2}-\d|\d{3}))T(\d{2}(?::\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)?)(Z|[+-]\d{2}(?::?\d{2})?)?",
    re.ASCII,
)
BASIC: Final = re.compile(
    r"(\d{4}(?:\d{4}|W\d{3}|\d{3}))T(\d{2}(?:\d{2}(?:\d{2}(?:[.,]\d{1,9})?)?)?)(Z|[+-]\d{2}(?:\d{2})?)?",
    re.ASCII,
)
"""ISO 8601 with date (calendar, week or ordinal) and time, in the extended format and in the basic one."""
ORDINAL: Final = re.compile(r"(\d{4})-?(\d{3})")


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
    found = EXTENDED.fullmatch(text) or BASIC.fullmatch(text)
    if found:
        return _from_iso(*found.groups(""))
    return None


def _from_iso(date: str, time: str, zone: str) -> datetime:
    """ValueError for a day or an hour that there is not."""
    seconds, _, fraction = time.replace(",", ".").partition(".")
    moment = datetime.fromisoformat(f"{_calendar(date)}T{seconds}{zone}")
    return moment.replace(microsecond=int(fraction[:6].ljust(6, "0")) if fraction else 0)


def _calendar(date: str) -> str:
    """The date itself, or in place of an ordinal one, which Python does not read, that of the calendar."""
    ordinal = ORDINAL.fullmatch(date)
    if ordinal is None:
        return date
    year = int(ordinal[1])
    day = datetime(year, 1, 1) + timedelta(int(ordinal[2]) - 1)
    if day.year != year:
        raise ValueError(date)
    return f"{day:%Y-%m-%d}" if "-" in ordinal[0] else f"{day:%Y%m%d}"


def comparable(one: datetime, other: datetime) -> bool:
    """Both tell their zone, or neither does."""
    return (one.tzinfo is None) == (other.tzinfo is None)


def distance(time: datetime, epoch: float) -> float:
    """Seconds between a time and a moment since the epoch; a time without a zone is taken for UTC."""
    aware = time if time.tzinfo is not None else time.replace(tzinfo=UTC)
    return abs(aware.timestamp() - epoch)
