"""Bodies that the description allows, and those with one thing wrong."""

from __future__ import annotations

from typing import Any
from unicodedata import category

import pytest
from jsonschema import Draft202012Validator

from contract.kit.description import operation as spec
from contract.kit.drive.strategies import bodies
from contract.kit.drive.strategies.bodies import put, without
from contract.kit.drive.strategies.texts import written
from tests.drive.reach import always, reaches

OPERATION = spec.load()
MEMBERS = OPERATION.body_members
PLACES = list(bodies.places(MEMBERS))


def schema() -> dict[str, Any]:
    """The body's schema with its references within reach."""
    document = OPERATION.bundled()
    return {
        "$ref": f"#/components/schemas/{OPERATION.operation_id}Body",
        "components": document["components"],
    }


VALIDATOR = Draft202012Validator(schema())


def test_the_places_are_those_of_the_page() -> None:
    assert [(str(place), place.type) for place in PLACES] == [
        ("params", "object"),
        ("params.triggerNow", "boolean"),
        ("systemTags", "array"),
        ("userTags", "array"),
    ]


def test_the_schema_does_refuse() -> None:
    assert VALIDATOR.is_valid(OPERATION.example_body)
    assert not VALIDATOR.is_valid({})
    assert not VALIDATOR.is_valid({"params": {"triggerNow": 1}})


def test_good_bodies_are_allowed() -> None:
    good = bodies.good(MEMBERS)
    always(good, VALIDATOR.is_valid)
    always(good, lambda body: set(body) <= {"params", "systemTags", "userTags"})
    always(good, lambda body: written(body).decode() != "")


@pytest.mark.parametrize("place", [place for place in PLACES if not place.member.required], ids=str)
def test_good_bodies_have_each_optional_member_or_not(place: bodies.Place) -> None:
    def holds(body: Any) -> bool:
        for name in place.names:
            if name not in body:
                return False
            body = body[name]
        return True

    reaches(bodies.good(MEMBERS), holds)
    reaches(bodies.good(MEMBERS), lambda body: not holds(body))


def test_good_bodies_reach() -> None:
    good = bodies.good(MEMBERS)
    reaches(good, lambda body: body == {"params": {}})
    reaches(good, lambda body: body["params"].get("triggerNow") is True)
    reaches(good, lambda body: body["params"].get("triggerNow") is False)
    reaches(good, lambda body: body.get("systemTags") == [])
    reaches(good, lambda body: len(body.get("userTags", ())) > 1)
    reaches(good, lambda body: any(not tag.isascii() for tag in body.get("userTags", ())))


def test_full_bodies_leave_nothing_out() -> None:
    full = bodies.full(MEMBERS)
    always(full, VALIDATOR.is_valid)
    always(full, lambda body: set(body) == {"params", "systemTags", "userTags"})
    always(full, lambda body: isinstance(body["params"]["triggerNow"], bool))
    always(full, lambda body: body["systemTags"] and body["userTags"])
    reaches(full, lambda body: not body["params"]["triggerNow"])


@pytest.mark.parametrize(("kind", "of_kind"), [("object", dict), ("boolean", bool), ("array", list), ("string", str)])
def test_wrong_values_are_never_of_the_kind_nor_null(kind: str, of_kind: type) -> None:
    wrong = bodies.wrong(kind)
    always(wrong, lambda value: value is not None and not isinstance(value, of_kind), 300)
    other: tuple[type, ...] = (str, list, dict, bool, int, float)
    for each in other:
        if each is not of_kind and (kind, each) != ("boolean", bool):
            reaches(wrong, lambda value, each=each: type(value) is each)  # type: ignore[misc]


def test_wrong_booleans_are_never_the_words_of_one() -> None:
    words = ("true", "false")
    always(bodies.wrong("boolean"), lambda value: str(value).strip().lower() not in words, 300)
    reaches(bodies.wrong("boolean"), lambda value: value == "1")
    reaches(bodies.wrong("boolean"), lambda value: type(value) is int and value == 1)


def test_values_can_be_written() -> None:
    always(bodies.values(), lambda value: written(value).decode() != "")
    always(bodies.words(), lambda word: bool(word.strip()) and not any(category(char)[0] == "C" for char in word))


def test_unknown_members_only_add() -> None:
    reserved = frozenset(OPERATION.path_parameters)
    unknown = bodies.unknown_members(MEMBERS, reserved)

    def known_part(body: Any) -> Any:
        root = {name: value for name, value in body.items() if name in {"params", "systemTags", "userTags"}}
        params = {name: value for name, value in root["params"].items() if name == "triggerNow"}
        return {**root, "params": params}

    always(unknown, lambda body: VALIDATOR.is_valid(known_part(body)))
    always(unknown, lambda body: known_part(body) != body)
    always(unknown, lambda body: not reserved & {*body, *body["params"]})
    always(
        unknown,
        lambda body: (
            not {name.lower() for name in body} & {"systemtags", "usertags"} - {*map(str.lower, known_part(body))}
        ),
    )
    reaches(unknown, lambda body: known_part(body)["params"] != body["params"])
    reaches(unknown, lambda body: set(body) - {"params", "systemTags", "userTags"} != set())


def test_put_and_without_leave_the_given_body_alone() -> None:
    body: dict[str, Any] = {"params": {"triggerNow": True}}
    assert put(body, ("params", "triggerNow"), 1) == {"params": {"triggerNow": 1}}
    assert put(body, ("a", "b"), [1]) == {"params": {"triggerNow": True}, "a": {"b": [1]}}
    assert without(body, ("params",)) == {}
    assert without(body, ("params", "triggerNow")) == {"params": {}}
    assert without(body, ("params", "other")) == body
    assert without(body, ("other", "member")) == body
    assert body == {"params": {"triggerNow": True}}


@pytest.mark.parametrize("kind", ["object", "boolean", "array", "string"])
def test_telling_values_of_a_wrong_type_are_of_another(kind: str) -> None:
    types = {"object": dict, "boolean": bool, "array": list, "string": str}
    found = bodies.telling_wrong(kind)
    assert len(found) > 8
    assert not [value for value in found if isinstance(value, types[kind])]


def test_a_tour_has_every_optional_member_alone_and_all_of_them() -> None:
    plain: dict[str, Any] = {"params": {}}
    found = list(bodies.tour(MEMBERS, plain))
    assert found[0] == (plain, "only what is required")
    sent = [body for body, _ in found]
    for place in (place for place in PLACES if not place.member.required):
        for value in bodies.TELLING[place.type]:
            assert put(plain, place.names, value) in sent
    assert len({case for _, case in found}) == len(found)
    assert all(Draft202012Validator(schema()).is_valid(body) for body in sent)
