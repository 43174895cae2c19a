"""The credentials of a request, as headers."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import unquote


class Credential(Protocol):
    """Something that proves who asks."""

    def headers(self, method: str, target: str) -> list[tuple[str, str]]:
        """The headers that carry it, for a request with this method and request target."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session's UUID behind a word, in the header of the description (`Authorization: OAuth UUID`)."""

    uuid: str = field(repr=False)
    header: str
    scheme: str

    def headers(self, method: str, target: str) -> list[tuple[str, str]]:
        return [(self.header, f"{self.scheme} {self.uuid}")]


@dataclass(frozen=True, slots=True)
class AccessKey:
    """`Authorization: ZStack ID:SIGNATURE` with a Date (observed in ZStack 5.2).

    The signature is the HMAC-SHA1 of method, Date and path, a line each; the path is decoded, without the servlet's
    `context` and without the query. The body is not signed. `zone` is the server's: by default it compares the Date
    with its own clock on the wall and passes over the zone behind it (observed in ZSvirt), so the true moment is
    written in that zone.
    """

    id: str
    secret: str = field(repr=False)
    header: str
    scheme: str = "ZStack"
    context: str = "/zstack"
    zone: dt.tzinfo = dt.UTC

    def headers(self, method: str, target: str) -> list[tuple[str, str]]:
        date = signing_date(dt.datetime.now(self.zone))
        return [self._authorization(self.id, self._signature(method, date, target)), ("Date", date)]

    def wrong(self, method: str, target: str) -> Iterator[tuple[list[tuple[str, str]], str]]:
        """Headers that must not let a request with this method and target in, each with what is wrong in words.

        The case of the id, a signature that is sent again and another body are the server's to take or to refuse.
        """
        now = dt.datetime.now(self.zone)
        date, other = signing_date(now), target.rstrip("/").rpartition("/")[0]
        good = self._signature(method, date, target)
        swapped = ("B" if good[0] == "A" else "A") + good[1:]
        signatures = {
            "with its first character changed": swapped,
            "cut after half of it": good[: len(good) // 2],
            "left out": "",
            "of another path": self._signature(method, date, other),
            "of another method": self._signature("GET" if method != "GET" else "PUT", date, target),
            "of a Date one minute before": self._signature(method, signing_date(now - dt.timedelta(minutes=1)), target),
            "made with another secret": replace(self, secret=f"{self.secret}x")._signature(method, date, target),
        }
        for words, signature in signatures.items():
            yield [self._authorization(self.id, signature), ("Date", date)], f"an access key's signature {words}"
        for identifier, words in (("0" * len(self.id), "an unknown access key"), ("", "an access key without an id")):
            yield [self._authorization(identifier, good), ("Date", date)], words
        yield [self._authorization(self.id, good)], "an access key without a Date"
        yesterday = signing_date(now - dt.timedelta(days=1))
        signed = self._signature(method, yesterday, target)
        yield [self._authorization(self.id, signed), ("Date", yesterday)], "an access key with a Date of yesterday"

    def _signature(self, method: str, date: str, target: str) -> str:
        path = unquote(target.partition("?")[0]).removeprefix(self.context)
        signed = f"{method}\n{date}\n{path}".encode()
        return base64.b64encode(hmac.digest(self.secret.encode(), signed, hashlib.sha1)).decode()

    def _authorization(self, identifier: str, signature: str) -> tuple[str, str]:
        return self.header, f"{self.scheme} {identifier}:{signature}"


def signing_date(moment: dt.datetime) -> str:
    """`Thu, 26 Nov 2026 14:30:00 GMT`, or with `+08:00` in the place of GMT: forms that ZStack 5.2 and ZSvirt read."""
    if not moment.utcoffset():
        return format_datetime(moment.astimezone(dt.UTC), usegmt=True)
    return f"{format_datetime(moment)[:-5]}{moment.isoformat(timespec='seconds')[-6:]}"
