"""The credentials of a request, as headers."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import Protocol


class Credential(Protocol):
    """Something that proves who asks."""

    def headers(self, method: str, target: str) -> list[tuple[str, str]]:
        """The headers that carry it, for a request with this method and request target."""


@dataclass(frozen=True, slots=True)
class Session:
    """`Authorization: OAuth UUID` (the vendor's page, Request Example)."""

    uuid: str = field(repr=False)
    header: str = "Authorization"
    scheme: str = "OAuth"

    def headers(self, method: str, target: str) -> list[tuple[str, str]]:
        return [(self.header, f"{self.scheme} {self.uuid}")]


@dataclass(frozen=True, slots=True)
class AccessKey:
    """`Authorization: ZStack ID:SIGNATURE` with a Date (observed in ZStack 5.2).

    The signature is the HMAC-SHA1 of method, Date and path, a line each; the path without the servlet's
    `context` and without the query. The body is not signed. `zone` is the server's: by default it compares the Date
    with its own clock on the wall and passes over the zone behind it (observed in ZSvirt), so the true moment is
    written in that zone.
    """

    id: str
    secret: str = field(repr=False)
    header: str = "Authorization"
    scheme: str = "ZStack"
    context: str = "/zstack"
    zone: dt.tzinfo = dt.UTC

    def headers(self, method: str, target: str) -> list[tuple[str, str]]:
        date = signing_date(dt.datetime.now(self.zone))
        path = target.partition("?")[0].removeprefix(self.context)
        signed = f"{method}\n{date}\n{path}".encode()
        signature = base64.b64encode(hmac.digest(self.secret.encode(), signed, hashlib.sha1)).decode()
        return [(self.header, f"{self.scheme} {self.id}:{signature}"), ("Date", date)]


def signing_date(moment: dt.datetime) -> str:
    """`Thu, 26 Nov 2026 14:30:00 GMT`, or with `+08:00` in the place of GMT: forms that ZStack 5.2 and ZSvirt read."""
    if not moment.utcoffset():
        return format_datetime(moment.astimezone(dt.UTC), usegmt=True)
    return f"{format_datetime(moment)[:-5]}{moment.isoformat(timespec='seconds')[-6:]}"
