"""The good session in another place than its header, which is missing, empty or names another session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import quote

from contract.kit.description import Auth, Operation
from contract.kit.drive.dimensions.making import nobody
from contract.kit.drive.dimensions.value import Draft, Value
from contract.kit.drive.strategies.bodies import Names, places, put
from contract.kit.drive.strategies.identifiers import Identifier
from contract.kit.exchange import Expect

Move = Callable[[Draft, str], None]
"""Puts the session somewhere."""

MISSING, UNKNOWN, EMPTY = range(3)
"""What the header says, where the session is elsewhere."""
WAYS: Final = ("", ", beside an unknown one", ", beside an empty header")
FORMS: Final = {"alone": "{}", "after session::": "session::{}", "after sessionUuid=": "sessionUuid={}"}
"""How the session is written in an item of a list, by words."""


def _names(auth: Auth) -> tuple[str, ...]:
    scheme = auth.scheme.lower()
    return (
        *("session", "sessionUuid", "sessionId", "session_id", "uuid", "token", "access_token", "accessToken", "auth"),
        *(auth.header.lower(), scheme, f"{scheme}_token", "jwt", "api_key", "apikey", "key", "sid", "JSESSIONID"),
        *("ticket", auth.scheme, auth.header),
    )


def _header_names(auth: Auth) -> tuple[str, ...]:
    header, scheme = auth.header, auth.scheme
    return (
        *("X-Session", "X-Session-Uuid", "X-Session-Id", "Session", "Session-Uuid", "X-Auth-Token", "X-Access-Token"),
        *("Token", "X-Token", "X-Api-Key", "Api-Key", f"X-{header}", f"Proxy-{header}", "Authentication"),
        *(f"X-Forwarded-{header}", f"X-Original-{header}", scheme, f"X-{scheme}", "X-User-Session", "From"),
    )


def values(operation: Operation) -> Iterator[Value]:
    """Each name in the query, the path, a cookie and the body's objects; some headers; items of lists."""
    auth = operation.auth
    members = list(places(operation.body_members))
    objects: list[Names] = [(), *(place.names for place in members if place.type == "object")]
    moves: list[tuple[str, Move, str]] = []
    for number, name in enumerate(_names(auth)):
        said = _said(name, auth)
        moves.append((f"as {name} in the query", _in_query(name, said), "the session in the query"))
        moves.append((f"as {name} in a cookie", _in_cookie(name, said), "the session in a cookie"))
        for at, names in enumerate(objects):
            as_object = (number + at) % 3 == 2
            where = ".".join(names) or "the root"
            told = f"as {name} in {where} of the body{', as an object' if as_object else ''}"
            moves.append((told, _in_body((*names, name), as_object), f"the session in {where} of the body"))
    for place in (place for place in members if place.type == "array"):
        for words, form in FORMS.items():
            told = f"{words} in an item of {place}"
            moves.append((told, _in_list(place.names, form), "the session in a list of the body"))
    for names in objects:
        where = ".".join(names) or "the root"
        told = f"as object named session, with its uuid, in {where}"
        moves.append((told, _in_body((*names, "session"), True), f"the session in {where} of the body"))
    moves.append(
        ("in headers in the root", _in_body(("headers", auth.header), False), "the session in the root of the body")
    )
    for name in _names(auth):
        told = f"as {name} in a path parameter"
        moves.append((told, _in_path(name, _said(name, auth)), "the session in a path parameter"))
    # Another place may be asked where the header is missing, or only where what it says is no good.
    first: dict[str, tuple[Move, str]] = {}
    for what, move, family in moves:
        first.setdefault(what, (move, family))
    for number, (what, (move, family)) in enumerate(first.items()):
        for way in (MISSING, UNKNOWN if number % 2 else EMPTY):
            yield Value(f"the session {what}{WAYS[way]}", _moved(move, way), Expect.REFUSAL, "AUTH-003", family)
    for name in _header_names(auth):
        for way in (MISSING, UNKNOWN):
            told = f"the session in the header {name}{WAYS[way]}"
            change = _moved(_in_header(name, _said(name, auth) if way == MISSING else "{}"), way)
            family, to_a_proxy = "the session in another header", name.startswith("Proxy-")
            yield Value(told, change, Expect.REFUSAL, "AUTH-003", family, for_proxies=to_a_proxy)


def _said(name: str, auth: Auth) -> str:
    """How a session is written under a name: as in the header where the name is like the header's."""
    return f"{auth.scheme} {{}}" if auth.header.lower() in name.lower() else "{}"


def _moved(move: Move, way: int) -> Callable[[Draft], None]:
    """`way`: in which the header is no good."""

    def change(draft: Draft) -> None:
        auth = draft.operation.auth
        no_good = [(auth.header, f"{auth.scheme} {nobody('elsewhere')}")]
        draft.authorization = ([], no_good, [(auth.header, "")])[way]  # type: ignore[assignment]
        move(draft, draft.session)

    return change


def _in_query(name: str, form: str) -> Move:
    def move(draft: Draft, session: str) -> None:
        draft.query = f"?{name}={quote(form.format(session))}"

    return move


def _in_path(name: str, form: str) -> Move:
    """Behind a raw semicolon at the path's end (RFC 3986, 3.3), where some servers look for a session."""

    def move(draft: Draft, session: str) -> None:
        last = next(reversed(draft.values))
        real = draft.real(last)
        raw = f"{real};{name}={quote(form.format(session))}"
        draft.values[last] = Identifier(real, "with a path parameter", raw=raw)

    return move


def _in_cookie(name: str, form: str) -> Move:
    def move(draft: Draft, session: str) -> None:
        draft.headers.append(("Cookie", f"{name}={quote(form.format(session))}"))

    return move


def _in_header(name: str, form: str) -> Move:
    def move(draft: Draft, session: str) -> None:
        draft.headers.append((name, form.format(session)))

    return move


def _in_body(names: Names, as_object: bool) -> Move:
    def move(draft: Draft, session: str) -> None:
        draft.body = put(draft.body, names, {"uuid": session} if as_object else session)

    return move


def _in_list(names: Names, form: str) -> Move:
    def move(draft: Draft, session: str) -> None:
        draft.body = put(draft.body, names, [form.format(session)])

    return move
