"""A request as a test asks for it, before the description and the target fill in the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from contract.kit.description import Operation
from contract.kit.drive.strategies.identifiers import Identifier
from contract.kit.drive.strategies.texts import written
from contract.kit.exchange import NOTHING, Scope
from contract.kit.target import Credential
from contract.kit.wire import SendHeaders

Values = Mapping[str, str | Identifier] | Mapping[str, str]
"""What stands for each parameter of the path."""


@dataclass(frozen=True, slots=True)
class Sending:
    """How a request differs from a plain good one; None is what a good request has."""

    body: Any = None
    """A JSON value, or bytes to be sent as they are."""
    authorization: SendHeaders | None = None
    """The headers in place of the good credential's; empty for none."""
    spelling: str | None = None
    """How the good credential's header is written."""
    content_type: str | None = None
    """Empty for none."""
    headers: SendHeaders = ()
    method: str | None = None
    target: str | None = None
    query: str = ""
    case: str = ""
    lane: str | None = None
    chunk: int | None = None
    """Bytes of a chunk, where the headers say that the body comes in chunks."""
    dimensions: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    """Which value of each dimension it has, where it is not the plain one."""
    scope: Scope = Scope.ENDPOINT


def decoded(values: Values) -> dict[str, str]:
    """What each parameter says, percent-encoding undone."""
    return {name: value.value if isinstance(value, Identifier) else value for name, value in values.items()}


def named(values: Values) -> Mapping[str, str]:
    """Values by name, read-only, and one object for the same values: a long run keeps it with every exchange."""
    return _named(*decoded(values).items())


@lru_cache(1024)
def _named(*items: tuple[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(items))


def path_of(operation: Operation, values: Values) -> str:
    """The raw path with `values` for its parameters; an identifier's `raw` goes in as it is."""
    raw = {name: value.raw for name, value in values.items() if isinstance(value, Identifier) and value.raw}
    stand_ins = {name: f"raw{at}" for at, name in enumerate(raw)}
    path = operation.expand(**{**decoded(values), **stand_ins})
    for name, stand_in in stand_ins.items():
        path = path.replace(f"/{stand_in}", f"/{raw[name]}", 1)
    return path


def built(
    operation: Operation, credential: Credential, values: Values, sending: Sending
) -> tuple[str, str, list[tuple[str, str | bytes]], bytes]:
    """Method, raw target, headers and body of a request."""
    method = sending.method or operation.method
    target = (sending.target or path_of(operation, values)) + sending.query
    body = sending.body if sending.body is not None else operation.plain_body
    kind = operation.content_types[0] if sending.content_type is None else sending.content_type
    headers: list[tuple[str, str | bytes]] = []
    if sending.authorization is None:
        own, spelt = operation.auth.header, sending.spelling
        for name, value in credential.headers(method, target):
            headers.append((spelt if spelt is not None and name == own else name, value))
    else:
        headers += sending.authorization
    if kind:
        headers.append(("Content-Type", kind))
    headers += sending.headers
    return method, target, headers, body if isinstance(body, bytes) else written(body)
