"""What was sent and what came back: the one kind of evidence that rules judge."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from contract.kit.exchange import document
from contract.kit.exchange.readable import is_plain

Headers = tuple[tuple[str, str], ...]
NOTHING: Final[Mapping[Any, str]] = MappingProxyType({})
"""What stands where nothing is said."""

CODINGS: Final = frozenset(
    {
        *("aes128gcm", "br", "compress", "dcb", "dcz", "deflate", "exi", "gzip", "pack200-gzip"),
        *("x-compress", "x-gzip", "zstd"),
    }
)
"""Content codings (IANA's registry) that change a body; another word in their place leaves it plain."""

SESSION_MARK: Final = "$CONTRACT_SESSION"
"""What the wire writes in place of a session, in requests and answers alike."""


class Scope(StrEnum):
    """Whose answer it is, and so which clauses it can break."""

    ENDPOINT = "endpoint"
    """The described operation: its method on its path."""
    NEIGHBOUR = "neighbour"
    """Another method on the path, or a path that is nearly it."""
    SIBLING = "sibling"
    """A call of the run's own, to prepare, look or clean up: never judged."""


class Expect(StrEnum):
    """What the contract promises for a request."""

    SUCCESS = "success"
    REFUSAL = "refusal"
    EITHER = "either"


class TroubleKind(StrEnum):
    """Why a request has no answer that can be judged."""

    UNREACHABLE = "unreachable"
    """No connection: refused, no such name, no route, TLS."""
    DROPPED = "dropped"
    """The connection was closed or reset after the request, before an answer."""
    TIMEOUT = "timeout"
    """No whole answer in the time allowed."""
    TRUNCATED = "truncated"
    """Fewer bytes than announced."""
    MALFORMED = "malformed"
    """Bytes that are not HTTP."""
    GATEWAY = "gateway"
    """A bare 502, 503 or 504: something before the target answered for it."""
    THROTTLED = "throttled"
    """429 again and again, beyond patience."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """`kind` and the library's own words."""

    kind: TroubleKind
    detail: str


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


@dataclass(frozen=True, slots=True, eq=False)
class Promises:
    """What the description promises, so that rules need not know the endpoint. One for all exchanges of a run.

    `method`: the operation's own. `header`: the one that carries the session. `rejections`: the statuses with which a
    server may turn a bad request away before the operation, without an envelope.
    Of an inventory: `required` members; those that are `echoed` from the path's parameter of the same name, with the
    form of both; `timestamps`, the creation first, the last operation last.
    Of an error: the schemas of its members (`error`) but of those that are errors themselves; `telling`: those members
    that each error has.
    """

    method: str = ""
    header: str = ""
    rejections: frozenset[int] = frozenset()
    required: tuple[str, ...] = ()
    echoed: Mapping[str, re.Pattern[str]] = field(default_factory=lambda: MappingProxyType({}))
    timestamps: tuple[str, ...] = ()
    error: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: MappingProxyType({}))
    telling: tuple[str, ...] = ()


NO_PROMISES: Final = Promises()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what became of it.

    `number` counts within the run. `settled` is what the job of a 202 ended with. `path_values` are the
    values put for the path's parameters, decoded, as sent. `fresh`: the association was not there before.
    `side_by_side`: it was sent to be under way with others. `beside`: what each of those `named` that happened to be
    under way. `resent`: how often it was sent again after trouble (an earlier try may have taken effect), `drops`: how
    often the connection was closed in answer to it. `standing`: it is a bare 502, 503 or 504, and stayed while plain
    good requests before and after it were answered well. `on_kept_connection`: the answer came over a connection that
    had served another request before. `at`: seconds since the epoch when it was sent. `dimensions`: which value each
    dimension of the request has, in words, but the plain ones.
    """

    number: int
    request: Request
    response: Response | None = None
    trouble: Trouble | None = None
    settled: Response | None = None
    scope: Scope = Scope.ENDPOINT
    expect: Expect = Expect.EITHER
    clause: str = ""
    case: str = ""
    path_values: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    promises: Promises = NO_PROMISES
    dimensions: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    fresh: bool = False
    side_by_side: bool = False
    beside: frozenset[tuple[str, ...]] = frozenset()
    resent: int = 0
    drops: int = 0
    standing: bool = False
    on_kept_connection: bool = False
    at: float = 0.0

    @property
    def answer(self) -> Response | None:
        """What is judged: the job's end where the answer was a job, otherwise the answer itself."""
        return self.settled if self.settled is not None else self.response

    @property
    def error(self) -> dict[str, Any] | None:
        """The answer's error, where it is an object."""
        return self.answer.error if self.answer is not None else None

    @property
    def inventory(self) -> dict[str, Any] | None:
        """The answer's inventory, where it is an object with members."""
        return self.answer.inventory if self.answer is not None else None

    @property
    def code(self) -> str | None:
        """The code of the answer's error, where there is one and it is a string."""
        code = self.error.get("code") if self.error is not None else None
        return code if isinstance(code, str) else None

    @property
    def named(self) -> tuple[str, ...]:
        """What the path names, in the order of its parameters' names."""
        return tuple(value for _, value in sorted(self.path_values.items()))

    @property
    def size(self) -> tuple[bool, int, int, int]:
        """How hard it is to read: of the offending exchanges the least is shown, plain ones before shorter odd ones."""
        request, answer = self.request, self.answer
        sent = len(request.target) + len(request.body)
        sent += sum(len(name) + len(value) for name, value in request.headers)
        came = answer.body if answer is not None else b""
        plain = is_plain([request.target, *(value for _, value in request.headers)], [request.body, came])
        return (not plain, sent, len(came), self.number)


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the target's own queries tell of an association: each view's yes, no, or None (it does not tell).

    `views` is keyed by the view in words ("`triggersUuid` of the job group").
    """

    views: Mapping[str, bool | None]

    @property
    def told(self) -> bool:
        return any(seen is not None for seen in self.views.values())

    @property
    def present_in(self) -> tuple[str, ...]:
        return tuple(view for view, seen in self.views.items() if seen)

    @property
    def absent_from(self) -> tuple[str, ...]:
        return tuple(view for view, seen in self.views.items() if seen is False)


@dataclass(frozen=True, slots=True)
class Listing:
    """What the target's own queries list at one end, whole, and what should stand there by all that was answered.

    `view` in words ("`triggersUuid` of the job group 4b5b…"). An item that stands twice is there twice.
    """

    view: str
    expected: tuple[str, ...]
    listed: tuple[str, ...]
