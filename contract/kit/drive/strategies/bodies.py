"""Bodies: what the description allows, and one thing wrong at a time. Members come from the description."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from hypothesis import strategies as st

from contract.kit.description import Member

Json = Any
Names = tuple[str, ...]

BOOLEAN_WORDS = ("true", "false", "TRUE", "False")
"""What a lenient reader may take for a boolean, and a strict one refuse."""
MEMBER_NAMES = st.text("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789_", min_size=3, max_size=16)


@dataclass(frozen=True, slots=True)
class Place:
    """A member somewhere in a body, by the names that lead to it."""

    names: Names
    member: Member

    @property
    def type(self) -> str:
        found = self.member.schema.get("type")
        return found if isinstance(found, str) else "any"

    def __str__(self) -> str:
        return ".".join(self.names)


def places(members: Sequence[Member], above: Names = ()) -> Iterator[Place]:
    """Every described member of a body, outermost first."""
    for member in members:
        yield Place((*above, member.name), member)
        yield from places(member.members, (*above, member.name))


def first_names(members: Sequence[Member]) -> Names:
    """The names that lead to the first member that has none within it: `params`, `triggerNow`."""
    first = members[0]
    return (first.name, *first_names(first.members)) if first.members else (first.name,)


@cache
def scalars() -> st.SearchStrategy[Json]:
    numbers = st.one_of(st.integers(-(10**6), 10**6), st.floats(-1e6, 1e6, allow_nan=False))
    return st.one_of(st.none(), st.booleans(), numbers, words())


@cache
def words() -> st.SearchStrategy[str]:
    """Short texts in any script, without control characters, never blank."""
    letters = st.characters(exclude_categories=("Cs", "Cn", "Cc", "Cf", "Co", "Zl", "Zp"), max_codepoint=0x1FAFF)
    return st.text(letters, min_size=1, max_size=16).filter(lambda text: bool(text.strip()))


@cache
def values() -> st.SearchStrategy[Json]:
    """Any JSON value, a few levels deep."""
    return st.recursive(
        scalars(),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(MEMBER_NAMES, inner, max_size=3)),
        max_leaves=6,
    )


def good(members: Sequence[Member]) -> st.SearchStrategy[Json]:
    """An object that the description allows: each optional member there or not, every value of its type."""
    required = {member.name: _of_type(member) for member in members if member.required}
    optional = {member.name: _of_type(member) for member in members if not member.required}
    return st.fixed_dictionaries(required, optional=optional)


def full(members: Sequence[Member]) -> st.SearchStrategy[Json]:
    """An object with every described member in it, every value of its type, no list empty."""

    def value(member: Member) -> st.SearchStrategy[Json]:
        kind = Place((), member).type
        if kind == "object":
            return full(member.members)
        return st.lists(words(), min_size=1, max_size=4) if kind == "array" else _of_type(member)

    return st.fixed_dictionaries({member.name: value(member) for member in members})


def _of_type(member: Member) -> st.SearchStrategy[Json]:
    kinds: dict[str, st.SearchStrategy[Json]] = {
        "object": good(member.members),
        "boolean": st.booleans(),
        "array": st.lists(words(), max_size=4),
        "string": words(),
        "integer": st.integers(0, 2**31 - 1),
        "number": st.integers(0, 2**31 - 1),
    }
    return kinds[Place((), member).type]


@cache
def wrong(kind: str) -> st.SearchStrategy[Json]:
    """Values that are not of a JSON type and are not null; for a boolean, not the words of one either."""
    return st.one_of(st.sampled_from(telling_wrong(kind)), values().filter(partial(_is_wrong, kind)))


def _is_wrong(kind: str, value: Json) -> bool:
    of_kind: dict[str, tuple[type, ...]] = {"object": (dict,), "boolean": (bool,), "array": (list,), "string": (str,)}
    if value is None or isinstance(value, of_kind[kind]):
        return False
    return not (kind == "boolean" and isinstance(value, str) and value.strip().lower() in BOOLEAN_WORDS)


def telling_wrong(kind: str) -> list[Json]:
    """The values among these that a careless reader takes for one: empty, zero, in quotes, a list of one."""
    common: tuple[Json, ...] = ("x", 1, "", 0, 1.5, [], {}, False, True, "0", "1", "null", [[]], [{}], {"a": 1})
    return [value for value in common if _is_wrong(kind, value)]


TELLING: dict[str, tuple[Json, ...]] = {
    "boolean": (True, False),
    "array": ([], ["x"], ["标签::值 é", "x"]),
    "string": ("x", "é 值"),
    "integer": (0, 1),
    "number": (0, 1.5),
    "object": ({},),
}
"""For each type the values that a server may treat in a way of its own."""


def tour(members: Sequence[Member], plain: Json) -> Iterator[tuple[Json, str]]:
    """Bodies that the description allows, one optional member at a time and then all of them, and each in words."""
    yield plain, "only what is required"
    optional = [place for place in places(members) if not place.member.required]
    for place in optional:
        for value in TELLING[place.type]:
            yield put(plain, place.names, value), f"{place} alone, {json.dumps(value, ensure_ascii=False)}"
    for at, which in ((0, "the first"), (-1, "the last")):
        body = plain
        for place in optional:
            body = put(body, place.names, TELLING[place.type][at])
        yield body, f"every optional member, with {which} of these values"


def put(body: Json, names: Names, value: Json) -> Json:
    """A copy of `body` with `value` at the place that `names` lead to, objects made on the way."""
    changed = copy.deepcopy(body)
    inner = changed
    for name in names[:-1]:
        inner = inner.setdefault(name, {})
    inner[names[-1]] = value
    return changed


def without(body: Json, names: Names) -> Json:
    """A copy of `body` without that place."""
    changed = copy.deepcopy(body)
    inner = changed
    for name in names[:-1]:
        inner = inner.get(name, {})
    inner.pop(names[-1], None)
    return changed


def unknown_members(members: Sequence[Member], reserved: frozenset[str]) -> st.SearchStrategy[Json]:
    """A good body with members that the description does not name: at the root, in an object, in both."""
    known = {name.lower() for place in places(members) for name in place.names} | {n.lower() for n in reserved}
    names = MEMBER_NAMES.filter(lambda name: name.lower() not in known)
    extra = st.dictionaries(names, values(), min_size=1, max_size=3)
    objects = [place.names for place in places(members) if place.type == "object"]

    def spread(parts: tuple[Json, dict[str, Json], Names | None]) -> Json:
        body, more, where = parts
        if where is None:
            return {**more, **body}
        inner = body
        for name in where:
            inner = inner.get(name, {})
        return put(body, where, {**more, **inner})

    return st.tuples(good(members), extra, st.sampled_from([None, *objects])).map(spread)
