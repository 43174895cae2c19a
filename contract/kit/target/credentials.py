"""The credentials of a request, as headers."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from email.utils import formatdate
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
    `context` and without the query. The body is not signed.
    """

    id: str
    secret: str = field(repr=False)
    header: str = "Authorization"
    scheme: str = "ZStack"
    context: str = "/zstack"

    def headers(self, method: str, target: str) -> list[tuple[str, str]]:
        date = formatdate(usegmt=True)
        path = target.partition("?")[0].removeprefix(self.context)
        signed = f"{method}\n{date}\n{path}".encode()
        signature = base64.b64encode(hmac.digest(self.secret.encode(), signed, hashlib.sha1)).decode()
        return [(self.header, f"{self.scheme} {self.id}:{signature}"), ("Date", date)]
