"""What a body holds: each described member there, left out, of another type, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from contract.kit.description import Operation
from contract.kit.drive.dimensions import characters
from contract.kit.drive.dimensions.value import Change, Dimension, Draft, Value, dimension
from contract.kit.drive.strategies.bodies import BOOLEAN_WORDS, Names, Place, places, put, telling_wrong, without
from contract.kit.drive.strategies.texts import told
from contract.kit.exchange import Expect

WRONG_BOOLEANS: Final = (
    *("yes", "on", "1", "t", "y", "truee", "no", "off", "0", "f", "n", "null", "undefined"),
    *(" true", "false ", "true\n", "\tFalse", "'true'", "true,false"),
    *(-1, 2, 1e300, [True], [False], {"value": True}, "是"),
)
"""Beside those that are wrong for any type: what careless readers take for true or false."""
OTHER_ITEMS: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, 1, -1, 1.5, 1e300, 10**30, [], {}, [[]], ["x"], {"a": 1}, {"tag": "x"}),
)
_EXTREME: Final = (Expect.EITHER, "BODY-008")
UNKNOWN: Final[tuple[Any, ...]] = (
    *(None, True, 0, -0.0, 1e308, 10**400, -(10**20), 1e-400, "", "x", [], {}, [[]], {"": {}}),
    *({"a": {"b": {"c": [1, {"d": None}]}}}, "\0", "\ud800", ["x"] * 300, {"__proto__": {"admin": True}}),
    *([{"a": 1}, {"a": 2}], [None, True, 0, "x"], {"a": [], "b": {}}, "2017-11-14T22:20:57Z", "true", "0"),
)
OPTIONS: Final[dict[str, tuple[tuple[str, Any], ...]]] = {
    "a method": (("_method", "DELETE"), ("method", "DELETE"), ("httpMethod", "DELETE"), ("action", "remove")),
    "another method": (("_method", "GET"), ("method", "PUT"), ("verb", "PATCH"), ("op", "replace")),
    "a trial": (("dryRun", True), ("dry_run", True), ("validateOnly", True), ("preview", True), ("noop", True)),
    "later": (("async", True), ("wait", False), ("background", True), ("timeout", 0), ("delay", 1)),
    "a format": (("format", "xml"), ("callback", "x"), ("pretty", True), ("fields", ["uuid"]), ("lang", "zh")),
    "force": (("force", True), ("overwrite", True), ("upsert", False), ("replace", True), ("strict", False)),
}
"""What frameworks take from a body, all members of a kind in one: they mean nothing here."""
METHOD_NAMES: Final = ("_method", "method", "httpMethod", "verb")
"""Members by which frameworks are told another method than the request's own."""
UNKNOWN_NAMES: Final = (
    *("uuid", "class", "type", "$schema", "@class", "__proto__", "constructor", "name", "zone", "sessions"),
    *("", " ", "é", "a.b", "a[0]", "a" * 300, "\0", "\ud800", "schedulerJobUuid", "TriggerNow", "system_tags"),
)


def _set(names: Names, value: Any) -> Change:
    return _set_all({names: value})


def _set_all(values: dict[Names, Any]) -> Change:
    def change(draft: Draft) -> None:
        for names, value in values.items():
            draft.body = put(draft.body, names, value)

    return change


def _escaped(names: Names, value: Any) -> Change:
    set_it = _set(names, value)

    def change(draft: Draft) -> None:
        set_it(draft)
        draft.writing = replace(draft.writing, escapes="texts")

    return change


def _leave_out(names: Names) -> Change:
    def change(draft: Draft) -> None:
        draft.body = without(draft.body, names)

    return change


def _renamed(names: Names, name: str) -> Change:
    """The member under another name, as it is."""

    def change(draft: Draft) -> None:
        inner = draft.body
        for above in names[:-1]:
            inner = inner.get(above, {})
        value = inner.get(names[-1], {})
        draft.body = put(without(draft.body, names), (*names[:-1], name), value)

    return change


def _boolean(place: Place) -> Iterator[Value]:
    clause = "BODY-004"
    for value in (True, False):
        yield Value(f"{place} {told(value)}", _set(place.names, value))
    yield Value(f"{place} null", _set(place.names, None), Expect.EITHER, "BODY-002", "null")
    for word in BOOLEAN_WORDS:
        name = f"{place} is the string {told(word)}"
        yield Value(name, _set(place.names, word), Expect.EITHER, clause, "a word for a boolean")
    for value in unlike([*telling_wrong("boolean"), *WRONG_BOOLEANS]):
        name = f"{place} is {told(value)}"
        yield Value(name, _set(place.names, value), Expect.REFUSAL, clause, f"{_kind(value)} for a boolean")


def _list(place: Place, at: int, of: int) -> Iterator[Value]:
    """Good lists, what may be refused, and what is not a list."""
    nearly = list(characters.ALIKE)
    for items, what in (([], "empty"), (["x", "y", "x"], "of three, two alike"), (nearly, "of texts nearly alike")):
        yield Value(f"{place} {what}", _set(place.names, items))
    for what, text in characters.GOOD.items():
        yield Value(f"{place} with {what}", _set(place.names, ["x", text]))
    yield Value(f"{place} null", _set(place.names, None), Expect.EITHER, "BODY-002", "null")
    odd = {**dict(list(characters.EITHER.items())[at::of]), **characters.SEPARATED, **characters.MIXED}
    for what, text in odd.items():
        yield Value(f"{place} with {what}", _set(place.names, [text]), *_EXTREME, "an odd text in a list")
        if not text.isascii():
            yield Value(
                f"{place} with {what}, escaped", _escaped(place.names, [text]), *_EXTREME, "an odd text escaped"
            )
    yield from _boundaries(place, at, of)
    for value in unlike([*telling_wrong("array"), "x,y", "[]", '["x"]', {"0": "x"}, {"length": 0}, -1]):
        name = f"{place} is {told(value)}"
        yield Value(name, _set(place.names, value), Expect.REFUSAL, "BODY-005", f"{_kind(value)} for a list")


def _boundaries(place: Place, at: int, of: int) -> Iterator[Value]:
    """Long texts, many items, items that are not texts; what costs most is shared out among the lists."""
    lengths = [("x", length) for length in characters.LENGTHS]
    lengths += [("值", length) for length in characters.WIDE_LENGTHS[at::of]]
    for letter, length in lengths:
        change = _set(place.names, [letter * length])
        yield Value(f"{place}: a text of {length:,} times {letter}", change, *_EXTREME, "a long text in a list")
    for count in characters.COUNTS[at::of]:
        yield Value(f"{place}: {count:,} items", _set(place.names, ["x"] * count), *_EXTREME, "a long list")
    for number, item in enumerate(OTHER_ITEMS):
        name, items = f"{place} holds {told(item)}", ["x", item]
        if number % 2:
            name, items = f"{place} holds nothing but {told(item)}", [item]
        yield Value(name, _set(place.names, items), Expect.EITHER, "BODY-005", "items that are not texts")


def _object(operation: Operation, place: Place) -> Iterator[Value]:
    """A required object: missing, null, under another name, somewhere else, of another type."""
    name = place.names[-1]
    clause = "BODY-003"
    yield Value(f"{place} missing", _leave_out(place.names), Expect.REFUSAL, clause, f"{place} missing")
    yield Value(f"{place} null", _set(place.names, None), Expect.REFUSAL, clause, f"{place} missing")
    for other in unlike(
        [name.capitalize(), name.upper(), name[:-1], f"{name}s", f"{name} ", f" {name}", f"{name}\0", "parameters", ""]
    ):
        if other != name:
            yield Value(
                f"{place} under the name {told(other)}",
                _renamed(place.names, other),
                Expect.REFUSAL,
                clause,
                f"{place} under another name",
            )
    for what, members in _elsewhere(operation, place):
        yield Value(
            f"{place} missing, {what}", _instead(place.names, members), Expect.REFUSAL, clause, f"{place} elsewhere"
        )
    inside = _values_of(place)
    for value in unlike([*telling_wrong("object"), "{}", [*map(list, inside.items())], [inside]]):
        yield Value(
            f"{place} is {told(value)}", _set(place.names, value), Expect.REFUSAL, clause, f"{place} of another type"
        )


def _values_of(place: Place) -> dict[str, Any]:
    """A good value for each member of an object."""
    return {member.name: _A_VALUE.get(Place((), member).type) for member in place.member.members}


def _elsewhere(operation: Operation, place: Place) -> Iterator[tuple[str, dict[str, Any]]]:
    """What stands beside a missing object, in words, and as members of the one that it would be in."""
    name = place.names[-1]
    inside = _values_of(place)
    yield "its members in its place", inside
    yield "its members under names with a dot", {f"{name}.{inner}": value for inner, value in inside.items()}
    yield "its members under names with brackets", {f"{name}[{inner}]": value for inner, value in inside.items()}
    yield "null in its place and its members beside it", {name: None, **inside}
    for wrapper in ("data", "body", operation.operation_id):
        yield f"in an object {wrapper}", {wrapper: {name: inside}}
    yield f"its members in an object {operation.operation_id}", {operation.operation_id: inside}


_A_VALUE: Final[dict[str, Any]] = {"boolean": True, "string": "x", "array": ["x"], "object": {}}
"""A good value, by its type."""


def _instead(names: Names, members: dict[str, Any]) -> Change:
    """These members in the place of one."""

    def change(draft: Draft) -> None:
        draft.body = without(draft.body, names)
        for name, value in members.items():
            draft.body = put(draft.body, (*names[:-1], name), value)

    return change


def _kind(value: Any) -> str:
    kinds: dict[type, str] = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "a list"}
    return kinds.get(type(value), "an object")


def unlike(values: Iterable[Any]) -> list[Any]:
    """Each once, as JSON sees them: 1 and true differ."""
    return list({(type(value), told(value)): value for value in values}.values())


def _unknown(operation: Operation) -> Iterator[Value]:
    """Members that the description does not name, at the root and in each object."""
    known = {name.lower() for place in places(operation.body_members) for name in place.names}
    inside: list[Names] = [(), *(place.names for place in places(operation.body_members) if place.type == "object")]
    for at, value in enumerate(UNKNOWN):
        where = inside[at % len(inside)]
        yield Value(
            f"an unknown member, {told(value)}",
            _set((*where, "unknown"), value),
            Expect.EITHER,
            "BODY-007",
            "an unknown member",
        )
    for at, name in enumerate(UNKNOWN_NAMES):
        if name.strip().lower() not in known:
            where = inside[at % len(inside)]
            yield Value(
                f"an unknown member named {told(name)}",
                _set((*where, name), "x"),
                Expect.EITHER,
                "BODY-007",
                "an unknown member",
            )


def _options(operation: Operation) -> Iterator[Value]:
    """Members that others take for an option of the call, at the root and in each object."""
    for where in ((), *(place.names for place in places(operation.body_members) if place.type == "object")):
        inside = f" in {'.'.join(where)}" if where else ""
        for asked, members in OPTIONS.items():
            change = _set_all({(*where, name): value for name, value in members})
            yield Value(f"members that ask for {asked}{inside}", change, Expect.EITHER, "PATH-007", "an option")
        change = _set_all({(*where, name): operation.method for name in METHOD_NAMES})
        told, family = f"members that ask for the operation itself{inside}", "members that name a method"
        yield Value(told, change, Expect.EITHER, "PATH-007", family, company=True)


def dimensions(operation: Operation) -> list[Dimension]:
    """One for each described member, and one for the members that are not described."""
    members = list(places(operation.body_members))
    lists = [place for place in members if place.type == "array"]
    objects = [place for place in members if place.type == "object" and place.member.required]
    found = [dimension(str(place), _boolean(place)) for place in members if place.type == "boolean"]
    found += [dimension(str(place), _list(place, at, len(lists))) for at, place in enumerate(lists)]
    found.append(dimension("unknown members", [*_unknown(operation), *_options(operation)]))
    # Objects last: what is put into a wrong one would make it right again.
    return found + [dimension(str(place), _object(operation, place)) for place in objects]
