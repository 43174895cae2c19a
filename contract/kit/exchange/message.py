"""A request and a response as they went over the wire, and what a response's body says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from contract.kit.exchange import document

Headers = tuple[tuple[str, str], ...]
CODINGS: Final = frozenset(
    {
        *("aes128gcm", "br", "compress", "dcb", "dcz", "deflate", "exi", "gzip", "pack200-gzip"),
        *("x-compress", "x-gzip", "zstd"),
    }
)
"""Content codings (IANA's registry) that change a body; another word in their place leaves it plain."""


@dataclass(frozen=True, slots=True)
class Request:
    """As it went over the wire, secrets replaced. `target` is the raw request target (RFC 9112, 3.2.1)."""

    method: str
    target: str
    headers: Headers
    body: bytes


@dataclass(slots=True)
class _Contents:
    """What a body says, read once for all rules."""

    media_type: str | None
    json: document.Document | None
    envelope: dict[str, Any] | None
    error: dict[str, Any] | None
    inventory: dict[str, Any] | None

    @classmethod
    def of(cls, response: Response) -> _Contents:
        value = response.header("content-type")
        media_type = _type_of(value) if value is not None else None
        json = _read(response.body, media_type, response.status)
        coding = response.header("content-encoding")
        if json is not None and coding is not None and CODINGS & _names(coding):
            # The wire has undone what can be undone.
            json = replace(json, problems=(f"Content-Encoding: {coding} cannot be undone", *json.problems))
        envelope = json.value if json is not None and isinstance(json.value, dict) else None
        error, inventory = (envelope.get("error"), envelope.get("inventory")) if envelope is not None else (None, None)
        return cls(
            media_type,
            json,
            envelope,
            error if isinstance(error, dict) else None,
            inventory if isinstance(inventory, dict) and inventory else None,
        )


def _names(coding: str) -> set[str]:
    return {one.strip().lower() for one in coding.split(",")}


def _read(body: bytes, media_type: str | None, status: int) -> document.Document | None:
    if not body.strip():
        return None
    if _is_json(media_type):
        return document.read(body)
    if body.lstrip(b" \t\r\n\xef\xbb\xbf\xff\xfe\x00")[:1] not in (b"{", b"["):
        return None
    found = document.read(body)
    # `{not json` or `[404] not found` under a text label is a text, and so is one that turns a request away without any
    # label (RFC 9110, 15.5); under another status without a label it is JSON gone wrong.
    may_be_text = media_type is not None or 400 <= status < 500
    is_envelope = isinstance(found.value, dict) and not {"error", "inventory"}.isdisjoint(found.value)
    is_text = not found.readable or (found.followed and not is_envelope)
    return None if may_be_text and is_text else found


def _type_of(label: str) -> str:
    """Type and subtype of a Content-Type, in lower case."""
    return label.partition(";")[0].strip().lower()


def _is_json(media_type: str | None) -> bool:
    return media_type is not None and (media_type == "application/json" or media_type.endswith("+json"))


@dataclass(frozen=True)
class Response:
    """As it came, secrets replaced. `elapsed` in seconds, from the first byte sent to the last received."""

    status: int
    headers: Headers
    body: bytes
    elapsed: float = 0.0

    def header(self, name: str) -> str | None:
        """The first value of a header, by name without regard to case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    @cached_property
    def _reading(self) -> _Contents:
        return _Contents.of(self)

    @property
    def media_type(self) -> str | None:
        """Type and subtype in lower case, without parameters; None where there is no Content-Type."""
        return self._reading.media_type

    @property
    def other_labels(self) -> list[str]:
        """Its values of Content-Type that name something other than JSON."""
        labels = [value for name, value in self.headers if name.lower() == "content-type"]
        return [one for one in labels if (kind := _type_of(one)) and kind != "text/json" and not _is_json(kind)]

    @property
    def misnamed_coding(self) -> str | None:
        """A Content-Encoding that names no coding, so that the body is read as it is."""
        coding = self.header("content-encoding")
        plain = coding is None or not coding.strip() or coding.strip().lower() == "identity"
        return None if plain or CODINGS & _names(coding or "") else coding

    @property
    def json(self) -> document.Document | None:
        """The body as JSON, or None where the answer carries no JSON (text, HTML, nothing).

        Without a JSON label only something that begins as an object or a list is taken for JSON.
        """
        return self._reading.json

    @property
    def envelope(self) -> dict[str, Any] | None:
        """The root object, or None where the body is not a JSON object."""
        return self._reading.envelope

    def member(self, name: str) -> Any:
        """A member of the envelope; None where it is null or absent (the same thing everywhere)."""
        envelope = self._reading.envelope
        return envelope.get(name) if envelope is not None else None

    @property
    def error(self) -> dict[str, Any] | None:
        """The error, where it is an object at all."""
        return self._reading.error

    @property
    def inventory(self) -> dict[str, Any] | None:
        """The inventory, where it is an object with members."""
        return self._reading.inventory
