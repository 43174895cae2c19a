"""The server's time zone, as it is given: an offset or a name of the tz database."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from contract.kit.config.usage import UsageError

_OFFSET: Final = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?")


def zone(text: str, where: str) -> dt.tzinfo:
    """`UTC`, `+08:00`, `UTC-3` or `Asia/Shanghai` as a zone. UsageError, which names `where` it stands."""
    if text.upper() in ("UTC", "GMT", "Z"):
        return dt.UTC
    if found := _OFFSET.fullmatch(text.upper()):
        sign, hours, minutes = found.groups()
        offset = dt.timedelta(hours=int(hours), minutes=int(minutes or 0))
        if offset <= dt.timedelta(hours=14):
            return dt.timezone(-offset if sign == "-" else offset)
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(
            f"{where} is an offset such as +08:00, or a time zone's name such as Asia/Shanghai, not {text!r}"
        ) from None
