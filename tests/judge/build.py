"""Make evidence: exchanges as short as the fact that they show."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from contract.kit.description import load
from contract.kit.drive.promised import promised
from contract.kit.exchange.exchange import Exchange, Listing, Sighting, Trouble, TroubleKind
from contract.kit.exchange.message import Request, Response

GROUP: Final = "ec8d2952f8f13747bbbf24f93585a63d"
TRIGGER: Final = "4b5bc56b58623324afe0a57951a96064"
PAIR: Final = {"schedulerJobGroupUuid": GROUP, "schedulerTriggerUuid": TRIGGER}
PROMISES: Final = promised(load())
NOW: Final = 1_510_669_257.0
"""Seconds since the epoch: 2017-11-14T14:20:57Z, the time of `inventory()`."""
JSON: Final = "application/json"
SESSION: Final = "0123456789abcdef0123456789abcdef"


def inventory(**changes: object) -> dict[str, Any]:
    """The vendor's example with its dates; a member given as ... is left out."""
    dates = {"createDate": "Nov 14, 2017 2:20:57 PM", "lastOpDate": "Nov 14, 2017 2:20:57 PM"}
    return _without_dots({**PAIR, **dates, **changes})


def error(**changes: object) -> dict[str, Any]:
    """A well-formed error; a member given as ... is left out."""
    words = {"code": "SYS.1003", "description": "A resource can not be found", "details": "it was not found"}
    return _without_dots({**words, **changes})


def _without_dots(members: Mapping[str, object]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not ...}


def chained(*errors: dict[str, Any]) -> dict[str, Any]:
    """Errors one under the other, outermost first."""
    first, *rest = errors
    return {**first, "cause": chained(*rest)} if rest else first


def response(
    status: int, body: object, *, content_type: str | None = JSON, headers: Sequence[tuple[str, str]] = ()
) -> Response:
    """`body`: bytes as they are, or a value to be written as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    label = [("Content-Type", content_type)] if content_type is not None else []
    return Response(status, (*label, *headers), raw)


def exchange(
    came: Response | None = None,
    *,
    method: str = "POST",
    target: str = "/zstack/v1/x",
    sent: bytes = b'{"params":{}}',
    headers: Sequence[tuple[str, str]] = (),
    path_values: Mapping[str, str] = MappingProxyType(PAIR),
    **facts: Any,
) -> Exchange:
    """One request for the pair and what came; `facts` are the exchange's other fields."""
    facts = {"number": 1, "promises": PROMISES, "at": NOW, **facts}
    request = Request(method, target, tuple(headers), sent)
    return Exchange(request=request, response=came, path_values=MappingProxyType(dict(path_values)), **facts)


def answered(status: int, body: object, *, content_type: str | None = JSON, **facts: Any) -> Exchange:
    return exchange(response(status, body, content_type=content_type), **facts)


def granted(status: int = 200, **facts: Any) -> Exchange:
    """A success; `facts` may hold `members`, the changed members of its inventory."""
    changes = facts.pop("members", {})
    return answered(status, {"inventory": inventory(**changes)}, **facts)


def failed(status: int = 200, **facts: Any) -> Exchange:
    """A failure; `facts` may hold `error`, its error whole."""
    return answered(status, {"error": facts.pop("error", error())}, **facts)


def rejected(status: int = 400, **facts: Any) -> Exchange:
    """Turned away with a text."""
    return answered(status, b"no", content_type="text/plain", **facts)


def job(status: int, body: object, **facts: Any) -> Exchange:
    """A 202 with a location, and what its job ended with."""
    accepted = response(202, {"location": "http://127.0.0.9:8080/zstack/v1/api-jobs/1"}, content_type=None)
    return exchange(accepted, settled=response(status, body, content_type=None), **facts)


def troubled(kind: TroubleKind, came: Response | None = None, **facts: Any) -> Exchange:
    return exchange(came, trouble=Trouble(kind, f"told by the library: {kind}"), **facts)


def seen(*views: bool | None) -> Sighting:
    """What the target's queries tell: one entry a view."""
    names = ("`triggersUuid` of the job group", "`jobGroupsUuid` of the trigger")
    return Sighting(dict(zip(names, views, strict=False)))


def listed(*now: str, expected: tuple[str, ...] = (TRIGGER,)) -> Listing:
    """What the job group lists now, and what it should: the trigger of the pair by default."""
    return Listing(f"`triggersUuid` of the job group {GROUP}", expected, now)
