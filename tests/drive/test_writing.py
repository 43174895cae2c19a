"""Ways to write one JSON document: however it is written, a reader sees the same value."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import strategies as st

from contract.kit.drive.dimensions.spelling import dimensions
from contract.kit.drive.dimensions.value import Draft, Value
from contract.kit.drive.dimensions.writing import Writing
from contract.kit.drive.strategies import bodies, texts
from contract.kit.exchange import document
from tests.drive.reach import always

BODY = {"params": {"triggerNow": True}, "systemTags": ["标签::值/é", 'a"b\\c', "\U0001f600"], "userTags": []}
ODD = ["\0\n\x1f\x7f\u2028\ufeff", "\ud83d", "", {"": None, "é/": [1.5, -0.0, 10**30, False]}]
SPELLINGS = [value for one in dimensions() for value in one.values]


def writing(value: Value) -> Writing:
    from contract.kit.description import load

    draft = Draft(load(), {}, "", None)
    value.change(draft)
    return draft.writing


@pytest.mark.parametrize("value", SPELLINGS, ids=lambda value: value.name)
def test_every_spelling_is_the_same_value(value: Value) -> None:
    how = writing(value)
    for body in (BODY, ODD, {}, [], None, "x"):
        written = how.written(body)
        assert json.loads(written) == body
        assert document.read(written).problems in ((), ("half a surrogate pair",)) or body is ODD
    always(st.one_of(bodies.values(), bodies.words()), lambda body: json.loads(how.written(body)) == body)


def test_plain_is_as_bodies_are_written_elsewhere() -> None:
    for body in (BODY, ODD, {}):
        assert Writing().written(body) == texts.written(body)


def test_each_spelling_differs_from_the_plain_one() -> None:
    written = {writing(value).written(BODY) for value in SPELLINGS}
    # One plain value in each dimension.
    assert len(written) == len(SPELLINGS) - len(dimensions()) + 1


def test_sizes_are_kept() -> None:
    assert len(replace(Writing(), size=4_096).written(BODY)) == 4_096
    assert len(replace(Writing(), size=1).written(BODY)) == len(Writing().written(BODY))


def test_escapes_reach() -> None:
    assert replace(Writing(), escapes="names").written({"a": "a"}) == b'{"\\u0061":"a"}'
    assert replace(Writing(), escapes="texts").written({"a": "é\U0001f600"}) == b'{"a":"\\u00e9\\ud83d\\ude00"}'
    assert replace(Writing(), escapes="upper").written(["é", "a"]) == b'["\\u00E9","a"]'
    assert replace(Writing(), escapes="solidus").written(["/"]) == b'["\\/"]'
    assert replace(Writing(), escapes="everything").written(["a"]) == b'["\\u0061"]'
    assert replace(Writing(), backwards=True).written({"a": 1, "b": 2}) == b'{"b":2,"a":1}'
