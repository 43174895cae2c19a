"""JSON texts: what is read from each, and what is told of it."""

from __future__ import annotations

import json
import math
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.kit.exchange.document import MISSING, Document, read
from contract.kit.exchange.nested import LEVELS
from tests.judge.build import response

DEEP = 20_000
CLEAN: tuple[tuple[bytes, object], ...] = (
    (b"{}", {}),
    (b' [1, 2.5, -3e2, true, false, null, "a"] ', [1, 2.5, -300.0, True, False, None, "a"]),
    (b'{"a":{"a":1}}', {"a": {"a": 1}}),
    ('"该 😀"'.encode(), "该 😀"),
    (b'"\\ud800"', "\ud800"),
    (b"1" * 999, int("1" * 999)),
    (b"1" * 1000, math.inf),
    (b"1e999", math.inf),
)
FLAWED: tuple[tuple[bytes, object, str], ...] = (
    (b'{"a":1,"a":2}', {"a": 2}, "the member 'a' stands twice in one object"),
    (b'{"' + b"a" * 99 + b'":1,"' + b"a" * 99 + b'":2}', {"a" * 99: 2}, f"the member '{'a' * 60}' stands twice"),
    (b"[Infinity, -Infinity]", [math.inf, -math.inf], "Infinity is not a JSON number"),
    (b"{} {}", {}, "2 characters follow the document, beginning with '{}'"),
    (b"\xef\xbb\xbf[]", [], "a byte order mark stands before it"),
    ("[1]".encode("utf-16"), [1], "it is encoded as UTF-16, not as UTF-8"),
    ("[1]".encode("utf-32-be"), [1], "it is encoded as UTF-32-BE, not as UTF-8"),
    (b'["\xe9"]', ["�"], "byte 2 is not UTF-8"),
    (b'["\xed\xa0\x80"]', ["���"], "byte 2 is not UTF-8"),
    (b"", MISSING, "it is not JSON"),
    (b"{", MISSING, "it is not JSON"),
    (b"nan", MISSING, "it is not JSON"),
    (b"{'a':1}", MISSING, "it is not JSON"),
    (b"<html>", MISSING, "it is not JSON"),
    (b"\xff\xfe\x00", MISSING, "it is encoded as UTF-16"),
    (b"[" * DEEP, MISSING, "it is not JSON: It ends within 20000 levels"),
    (b"[" * DEEP + b"}" * DEEP, MISSING, "it is not JSON"),
    (b"[" * DEEP + b'"' + b"]" * DEEP, MISSING, "it is not JSON"),
    (b"[" * DEEP + b"1," + b"]" * DEEP, MISSING, "it is not JSON"),
)


@pytest.mark.parametrize(("body", "value"), CLEAN, ids=[str(body[:20]) for body, _ in CLEAN])
def test_a_clean_text(body: bytes, value: object) -> None:
    assert read(body) == Document(value)
    assert read(body).readable


@pytest.mark.parametrize(("body", "value", "problem"), FLAWED, ids=[str(row[0][:20]) for row in FLAWED])
def test_a_flawed_text(body: bytes, value: object, problem: str) -> None:
    found = read(body)
    assert found.value == value
    assert found.readable is (value is not MISSING)
    assert found.problems[0].startswith(problem)


def test_nan_is_told_once() -> None:
    found = read(b"[NaN, NaN]")
    assert all(math.isnan(number) for number in found.value)
    assert found.problems == ("NaN is not a JSON number",)


def test_every_problem_is_told() -> None:
    found = read(b'\xef\xbb\xbf{"a":NaN,"a":"\xff"} x')
    assert [problem.split()[0] for problem in found.problems] == ["a", "byte", "NaN", "the", "1"]


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
@pytest.mark.parametrize("levels", [LEVELS, LEVELS + 1, 2 * LEVELS, DEEP, 150_000])
def test_any_number_of_levels_is_read(opening: bytes, levels: int) -> None:
    closing = b"]" if opening == b"[" else b"}"
    found = read(opening * levels + b"1" + closing * levels)
    assert found.problems == ()
    depth, value = 0, found.value
    while isinstance(value, list | dict):
        depth, value = depth + 1, value[0] if isinstance(value, list) else value["a"]
    assert (depth, value) == ((levels, 1) if levels == LEVELS else (LEVELS, None))


def test_what_is_wrong_in_the_depth_is_told() -> None:
    found = read(b"[" * DEEP + b'{"a":NaN,"a":1},"]}"' + b"]" * DEEP + b" x")
    assert [problem.split()[0] for problem in found.problems] == ["NaN", "the", "1"]


def test_what_stands_beside_the_depth_is_read() -> None:
    found = read(b'{"[":"\\"]","deep":' + b"[" * DEEP + b"]" * DEEP + b',"after":[{"b":"}"}]}')
    assert found.problems == ()
    assert {name: found.value[name] for name in found.value if name != "deep"} == {"[": '"]', "after": [{"b": "}"}]}


def test_deep_texts_side_by_side() -> None:
    body = b"[" * 20_000 + b"]" * 20_000
    with ThreadPoolExecutor(4) as pool:
        assert all(found.problems == () for found in pool.map(read, [body] * 8))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES, st.sampled_from([None, 1]))
def test_a_text_of_many_brackets_is_read_as_the_standard_reader_does(value: object, indent: int | None) -> None:
    text = json.dumps([value, [[]] * LEVELS, {"after": value}], indent=indent)
    assert read(text.encode()) == Document(json.loads(text))


@given(st.text('{}[]:, "a1\n\\', max_size=12))
def test_a_deep_text_is_judged_as_a_shallow_one(text: str) -> None:
    shallow, deep = (read(b"[" * levels + text.encode() + b"]" * levels) for levels in (20, 2000))
    assert shallow.readable == deep.readable
    assert bool(shallow.problems) == bool(deep.problems)


def test_a_huge_object_with_a_member_twice_is_quick() -> None:
    members = b",".join(b'"%d":1' % number for number in range(200_000))
    assert read(b'{"1":1,' + members + b"}").problems == ("the member '1' stands twice in one object",)


TAKEN: tuple[tuple[bytes, str | None, bool], ...] = (
    (b"{}", "application/json", True),
    (b"{}", None, True),
    (b"{}", "text/html", True),
    (b"[]", None, True),
    (b"\xef\xbb\xbf{}", None, True),
    (b"{oops", None, True),
    (b"oops", "application/json", True),
    (b"1", "application/vnd.x+json; charset=utf-8", True),
    (b"{oops", "text/plain", False),
    (b"oops", None, False),
    (b"1", None, False),
    (b'"x"', "text/plain", False),
    (b"", "application/json", False),
    (b" \n", "application/json", False),
    (b"<html>", "text/html", False),
)


@pytest.mark.parametrize(("body", "label", "taken"), TAKEN)
def test_what_is_taken_for_json(body: bytes, label: str | None, taken: bool) -> None:
    assert (response(200, body, content_type=label).json is not None) is taken
