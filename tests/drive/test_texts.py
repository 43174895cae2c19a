"""Bodies as bytes."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from contract.kit.description import operation as spec
from contract.kit.drive.strategies import texts
from contract.kit.exchange import document
from tests.drive.reach import always, reaches

OPERATION = spec.load()
GOOD = texts.written(OPERATION.example_body)
broken = st.one_of(texts.kinds_of_broken(GOOD))


def parsed(body: bytes) -> object:
    """The value, or the error where the standard library's reader finds none."""
    try:
        return json.loads(body)
    except ValueError as error:
        return error


def test_broken_texts_are_no_json() -> None:
    always(broken, lambda case: isinstance(parsed(case[0]), ValueError), 300)
    always(broken, lambda case: document.read(case[0]).problems != ())
    always(broken, lambda case: bool(case[1]))


def test_broken_texts_reach() -> None:
    reaches(broken, lambda case: case[0] == b"")
    reaches(broken, lambda case: case[0] == GOOD[:-1])
    reaches(broken, lambda case: case[0] == GOOD[1:])
    reaches(broken, lambda case: case[0] == GOOD + b"}")
    reaches(broken, lambda case: case[0].startswith(b"a="))
    reaches(broken, lambda case: case[0].isspace())


def test_rootless_texts_are_json_without_an_object_for_a_root() -> None:
    rootless = texts.rootless()
    always(rootless, lambda case: not isinstance(parsed(case[0]), dict | ValueError))
    always(rootless, lambda case: document.read(case[0]).problems == ())
    for body in (b"null", b"true", b"[]", b"0", b"[{}]"):
        reaches(rootless, lambda case, body=body: case[0] == body)  # type: ignore[misc]
    reaches(rootless, lambda case: case[0].startswith(b'"'))


def test_written_bodies_come_back() -> None:
    assert texts.written({"a": ["é", 1.5, None]}) == '{"a":["é",1.5,null]}'.encode()
    assert json.loads(texts.written(["\ud83d"])) == ["\ud83d"]
