"""What is unusual about a request: each part with its plain counterpart, so that it can be sent without it."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from contract.kit.description import Operation
from contract.kit.drive import plainer
from contract.kit.drive.plainer import LONG, Change
from contract.kit.drive.sending import Sending
from contract.kit.drive.strategies import bodies
from contract.kit.drive.strategies.bodies import Json, Place
from contract.kit.drive.strategies.identifiers import Identifier
from contract.kit.drive.strategies.texts import written
from contract.kit.shortened import shortened

MOST_TOLD: Final = 80
"""Characters of a value in the words of a part; a session that stands in it is whole, so that it can be masked."""
SPELT: Final = "AUTH-008"
BESIDE: Final = "PATH-007"
WRITTEN: Final = "BODY-001"
OPTIONAL: Final = "BODY-002"
LISTS: Final = "BODY-005"
UNKNOWN: Final = "BODY-007"
EXTREME: Final = "BODY-008"
"""The clauses of what a good request may vary in: its header's spelling, what stands beside, how the body is written,
its optional members, its lists' items, unknown members and sheer size."""
MOST_UNKNOWN: Final = 12
"""Members of an object that are parts of their own; more of them are one."""
CHUNKED: Final = "transfer-encoding"
"""The header that says that a body comes in chunks."""


@dataclass(frozen=True)
class RequestPart:
    """`words` follow "only with". `plain` puts the plain counterpart in its place.

    `flaw`: what makes the request a bad one. `parameter`: of the path, whose value is what is unusual.
    `drops`: the member that the plain counterpart leaves out. `inside`: members without which there is no such part.
    `clause`: by which a request is judged that differs from a plain one in this part; empty for a flaw, which its test
    judges.
    """

    words: str
    plain: Change
    flaw: bool = False
    parameter: str = ""
    drops: str = ""
    inside: tuple[str, ...] = ()
    clause: str = ""

    def needs(self, other: RequestPart) -> bool:
        """Return True if this part is not there without the other."""
        return bool(other.drops) and any(f"{one}.".startswith(f"{other.drops}.") for one in self.inside)


def parts_of(operation: Operation, values: Mapping[str, Any], sending: Sending) -> list[RequestPart]:
    """Every unusual part of a request, those of the head first."""
    found: list[RequestPart] = []
    for name, value in values.items():
        if isinstance(value, Identifier):
            found.append(RequestPart(f"{name} {value.case}", _itself, not value.tolerable, name))
        elif name in sending.dimensions:
            found.append(RequestPart(sending.dimensions[name], _itself, flaw=True, parameter=name))
    if sending.authorization is not None:
        found.append(RequestPart("these credentials", lambda one: replace(one, authorization=None), flaw=True))
    if sending.spelling is not None:
        words = f"the header written {sending.spelling}"
        found.append(RequestPart(words, lambda one: replace(one, spelling=None), clause=SPELT))
    if sending.query:
        words = f"the query {shortened(sending.query, MOST_TOLD)}"
        found.append(RequestPart(words, lambda one: replace(one, query=""), clause=BESIDE))
    if sending.content_type not in (None, operation.content_types[0]):
        words = f"the content type {sending.content_type}" if sending.content_type else "no content type"
        found.append(RequestPart(words, lambda one: replace(one, content_type=None), clause=WRITTEN))
    if sending.method not in (None, operation.method):
        found.append(RequestPart(f"the method {sending.method}", lambda one: replace(one, method=None), flaw=True))
    if sending.target is not None:
        found.append(RequestPart("this spelling of the path", lambda one: replace(one, target=None), flaw=True))
    if sending.chunk is not None:
        found.append(RequestPart("the body in chunks", _of_one_piece, clause=WRITTEN))
    found += [_header(name, value) for name, value in sending.headers if name.lower() != CHUNKED]
    return found + list(_of_body(operation, sending.body))


def only(sending: Sending, parts: Sequence[RequestPart], kept: Container[int]) -> Sending:
    """The request with the plain counterparts of all parts but those at the places `kept`, and what these need."""
    staying = [part for at, part in enumerate(parts) if at in kept]
    for at, part in enumerate(parts):
        if at not in kept and not any(one.needs(part) for one in staying):
            sending = part.plain(sending)
    return sending


def _itself(sending: Sending) -> Sending:
    return sending


def _of_one_piece(sending: Sending) -> Sending:
    headers = [(name, value) for name, value in sending.headers if name.lower() != CHUNKED]
    return replace(sending, chunk=None, headers=headers)


def _header(name: str, value: str | bytes) -> RequestPart:
    text = value.decode("latin-1") if isinstance(value, bytes) else value

    def plain(one: Sending) -> Sending:
        return replace(one, headers=[(other, said) for other, said in one.headers if (other, said) != (name, value)])

    of_the_body = name.lower().startswith(("accept", "content-", "expect"))
    return RequestPart(
        f"the header {name}: {shortened(text, MOST_TOLD)}", plain, clause=WRITTEN if of_the_body else BESIDE
    )


# --- the body ---


def _of_body(operation: Operation, body: Json) -> Iterator[RequestPart]:
    if body is None:
        return
    if isinstance(body, bytes):
        try:
            document = json.loads(body)
        except RecursionError:
            yield RequestPart(f"a body nested very deep ({_length(body)})", plainer.without_body, clause=EXTREME)
            return
        except ValueError:
            document = None
        if not isinstance(document, dict):
            yield RequestPart(f"a body that is not a JSON object ({_length(body)})", plainer.without_body, flaw=True)
            return
        if body != written(document):
            # Written anew, the rest can be changed; as it is, nothing of it can.
            names = tuple(_names_in(document))
            yield RequestPart(
                "this way to write the JSON", partial(plainer.with_body, document), inside=names, clause=WRITTEN
            )
        body = document
    elif not isinstance(body, dict):
        yield RequestPart("a root that is not an object", plainer.without_body, flaw=True)
        return
    described = {place.names: place for place in bodies.places(operation.body_members)}
    yield from _of_members(body, (), described, operation.plain_body)
    yield from _of_texts(body)


def _of_members(
    found: Mapping[str, Json], above: tuple[str, ...], described: Mapping[tuple[str, ...], Place], plain: Json
) -> Iterator[RequestPart]:
    """The members of an object, and those that are missing, by what the description says of them."""
    unknown = [name for name in found if (*above, name) not in described]
    if len(unknown) > MOST_UNKNOWN:
        words = f"{len(unknown):,} unknown members{' in `' + '.'.join(above) + '`' if above else ''}"
        yield RequestPart(words, partial(plainer.without_all, above, unknown), clause=UNKNOWN)
        found = {name: value for name, value in found.items() if (*above, name) in described}
    for name, value in found.items():
        names = (*above, name)
        place = described.get(names)
        if place is None:
            said = ".".join(names)
            words = f"the unknown member `{shortened(said, MOST_TOLD)}`"
            yield RequestPart(words, partial(plainer.without, names), drops=said, clause=UNKNOWN)
        elif not _is_of(place, value):
            counterpart = plainer.counterpart(place.member, names, plain)
            yield RequestPart(f"`{place}` {_kind(value)}", counterpart, flaw=True)
        elif isinstance(value, dict):
            yield from _of_members(value, names, described, plain)
        elif isinstance(value, list):
            yield from _of_list(place, names, value)
        else:
            words = f"`{place}` {json.dumps(value)[:20]}"
            yield RequestPart(words, partial(plainer.without, names), drops=str(place), clause=OPTIONAL)
    for names, place in described.items():
        if names[:-1] == above and place.member.required and names[-1] not in found:
            yield RequestPart(f"`{place}` missing", plainer.counterpart(place.member, names, plain), flaw=True)


def _of_list(place: Place, names: tuple[str, ...], items: list[Json]) -> Iterator[RequestPart]:
    many = f"a list of {len(items):,} items in `{place}`" if len(items) > LONG else f"`{place}`"
    others = [item for item in items if not isinstance(item, str)]
    if others:
        words = f"an item of `{place}` that is {_kind(others[0])}"
        yield RequestPart(
            words, partial(plainer.with_items, names, plainer.texts_alone), inside=(str(place),), clause=LISTS
        )
    clause = EXTREME if len(items) > LONG else OPTIONAL
    yield RequestPart(
        many if items else f"`{place}` empty", partial(plainer.without, names), drops=str(place), clause=clause
    )


def _of_texts(body: Json) -> Iterator[RequestPart]:
    """A part for the long texts of each member, and one for each class of unusual characters in any."""
    longest: dict[str, int] = {}
    places: dict[str, list[str]] = {}
    for where, text in _texts_in(body, ""):
        if len(text) > LONG:
            longest[where] = max(len(text), longest.get(where, 0))
        for kind in set(map(plainer.class_of, set(text))) - {""}:
            places.setdefault(kind, []).append(where)
    for where, length in longest.items():
        words = f"a text of {length:,} characters in `{where}`"
        yield RequestPart(words, partial(plainer.with_short_texts, where), inside=(where,), clause=EXTREME)
    for kind, found in sorted(places.items()):
        within = tuple(dict.fromkeys(found))
        named = " or ".join(f"`{one}`" for one in within)
        yield RequestPart(f"{kind} in {named}", partial(plainer.without_class, kind), inside=within, clause=OPTIONAL)


def _names_in(document: Json) -> Iterator[str]:
    """The members of an object and of those within it."""
    waiting = [("", document)]
    while waiting:
        above, one = waiting.pop()
        for name, value in one.items():
            yield (said := f"{above}.{name}" if above else name)
            if isinstance(value, dict):
                waiting.append((said, value))


def _texts_in(value: Json, where: str) -> Iterator[tuple[str, str]]:
    """Every text in a JSON value that has an unusual name or is one, with the member that it stands in."""
    waiting = [(value, where)]
    while waiting:
        one, at = waiting.pop()
        if isinstance(one, str):
            yield at, one
        elif isinstance(one, list):
            waiting += [(item, at) for item in reversed(one)]
        elif isinstance(one, dict):
            waiting += [(item, f"{at}.{name}" if at else name) for name, item in reversed(one.items())]


def _is_of(place: Place, value: Json) -> bool:
    kinds = {"boolean": bool, "array": list, "object": dict, "string": str}
    wanted = kinds.get(place.type)
    return wanted is None or isinstance(value, wanted)


def _kind(value: Json) -> str:
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "a list", dict: "an object"}
    return "null" if value is None else names.get(type(value), "of another type")


def _length(body: bytes) -> str:
    return "1 byte" if len(body) == 1 else f"{len(body):,} bytes"
