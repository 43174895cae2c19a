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
    r"(\d{4}-(?:\d{2}-\d{2}|W\d{2}-\d|\d{3}))T(\d{2}(?::\d{2}(?::\d{2})?)?)(?:[.,](\d+))?(Z|[+\u2212-]\d{2}(?::?\d{2})?)?",
    re.ASCII,
)
BASIC: Final = re.compile(
    r"(\d{4}(?:\d{4}|W\d{3}|\d{3}))T(\d{2}(?:\d{2}(?:\d{2})?)?)(?:[.,](\d+))?(Z|[+\u2212-]\d{2}(?:\d{2})?)?",
    re.ASCII,
)
"""ISO 8601 with date (calendar, week or ordinal) and time, in the extended format and in the basic one. The lowest unit
of the time may have a fraction, hours and minutes too; midnight may be 24:00, and a leap second 60."""
LASTS: Final = {1: 3600, 2: 60, 3: 1}
"""Seconds of the lowest unit, by how many there are."""
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


def _from_iso(date: str, time: str, fraction: str, zone: str) -> datetime:
    """ValueError for a day or an hour that there is not."""
    units = re.findall(r"\d{2}", time)
    more = timedelta(microseconds=int(fraction[:6].ljust(6, "0")) * LASTS[len(units)])
    if units[0] == "24" and not any(map(int, [*units[1:], fraction or 0])):
        units, more = ["00"], timedelta(days=1)
    elif units[2:] == ["60"]:
        units, more = [*units[:2], "59"], timedelta(seconds=1)
    west = zone.replace("\u2212", "-")
    moment = datetime.fromisoformat(f"{_calendar(date)}T00:00{west}")
    hour, minute, second = [*map(int, units), 0, 0][:3]
    return moment.replace(hour=hour, minute=minute, second=second) + more


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
