"""What was sent and what came back: the one kind of evidence that rules judge."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from contract.kit.exchange.message import Request, Response
from contract.kit.exchange.readable import is_plain

NOTHING: Final[Mapping[Any, str]] = MappingProxyType({})
"""What stands where nothing is said."""

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
        """What the path names, as `in_order` has it."""
        return in_order(self.path_values)

    @property
    def size(self) -> tuple[bool, int, int, int]:
        """How hard it is to read: of the offending exchanges the least is shown, plain ones before shorter odd ones."""
        request, answer = self.request, self.answer
        sent = len(request.target) + len(request.body)
        sent += sum(len(name) + len(value) for name, value in request.headers)
        came = answer.body if answer is not None else b""
        plain = is_plain([request.target, *(value for _, value in request.headers)], [request.body, came])
        return (not plain, sent, len(came), self.number)


def in_order(path_values: Mapping[str, str]) -> tuple[str, ...]:
    """What a path names, in the order of its parameters' names."""
    return tuple(value for _, value in sorted(path_values.items()))


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
