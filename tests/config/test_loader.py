"""The one loader: what comes back as it was, and one line of ours for whatever is wrong."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from contract.kit.config import UsageError, loader
from contract.kit.config.loader import AboveZero, FromOne, OneOrMore, Table, Text, Variable, WrongError, build, plain


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Inner(Table, frozen=True):
    id: Text
    status: OneOrMore[int] = OneOrMore()
    pattern: re.Pattern[str] | None = None

    def __post_init__(self) -> None:
        if self.id == "none":
            raise WrongError("id", "it names nothing")


class Outer(Table, frozen=True):
    name: Text
    colour: Colour = Colour.RED
    pace: AboveZero | None = None
    day: dt.date | None = None
    inner: list[Inner] = loader.field(default_factory=list)
    floor: dict[str, FromOne] = loader.field(default_factory=dict)
    secret: Variable | None = None


@dataclass(frozen=True)
class Record:
    number: int
    path: Path = Path("a")
    seen: Counter[str] = field(default_factory=Counter)
    rows: list[tuple[str, str]] = field(default_factory=list)
    inner: Record | None = None


def test_types_come_back_from_plain_data() -> None:
    record = Record(1, Path("b/c"), Counter(x=2), [("A", "\ud800")], Record(2))
    assert build(json.loads(json.dumps(plain(record))), Record, "here") == record


def test_a_member_that_a_record_does_not_know_is_passed_over() -> None:
    assert build({"number": 1, "new": 2}, Record, "here") == Record(1)


def test_one_may_stand_for_a_list_of_one() -> None:
    rows = [{"id": "a", "status": 200}, {"id": "b", "status": [200, 202]}, {"id": "c"}]
    found = build({"name": "x", "inner": rows}, Outer, "here")
    assert [row.status for row in found.inner] == [(200,), (200, 202), ()]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({}, "name is missing"),
        ([], "the document must be a table"),
        ({"name": " "}, "name must be a text that is not empty"),
        ({"name": 1}, "name must be a text that is not empty"),
        ({"name": "x", "colour": "gren"}, "colour must be red or green, not 'gren'; did you mean green?"),
        ({"name": "x", "colour": 1}, "colour must be red or green, not 1"),
        ({"name": "x", "coluor": "red"}, "the key coluor is unknown; did you mean colour?"),
        ({"name": "x", "zzz": 1}, "the key zzz is unknown; known are colour, day, floor, inner, name, pace, secret"),
        ({"name": "x", "pace": True}, "pace must be a number above 0"),
        ({"name": "x", "pace": float("inf")}, "pace must be a number above 0"),
        ({"name": "x", "pace": float("nan")}, "pace must be a number above 0"),
        ({"name": "x", "day": "2030-01-31"}, "day must be a date such as 2030-01-31, without quotes, not '2030-01-31'"),
        ({"name": "x", "day": dt.datetime(2030, 1, 31)}, "day must be a date such as 2030-01-31, without quotes"),
        ({"name": "x", "inner": {}}, "inner must be a list"),
        ({"name": "x", "inner": [7]}, "inner 1 must be a table, not 7"),
        ({"name": "x", "inner": [{"id": "a"}, {"id": 7}]}, "inner 2: id must be a text that is not empty"),
        ({"name": "x", "inner": [{"id": "a", "status": []}]}, "inner 1 (a): status: not a whole number, or a list"),
        ({"name": "x", "inner": [{"id": "a", "status": [True]}]}, "inner 1 (a): status: not a whole number"),
        ({"name": "x", "inner": [{"id": "a", "pattern": "("}]}, "inner 1 (a): pattern: not a regular expression: miss"),
        ({"name": "x", "inner": [{"id": "a", "pattern": 1}]}, "inner 1 (a): pattern: not a regular expression"),
        ({"name": "x", "inner": [{"id": "none"}]}, "inner 1 (none): id: it names nothing"),
        (
            {"name": "x", "inner": [{"id": "a", "stats": 1}]},
            "inner 1 (a): the key stats is unknown; did you mean status?",
        ),
        ({"name": "x", "floor": {"a": 0}}, "floor: each value must be a whole number from 1"),
        ({"name": "x", "colour": "x" * 500}, f"colour must be red or green, not '{'x' * 38}…"),
    ],
)
def test_what_is_wrong_is_one_line_that_names_the_place(content: Any, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        build(content, Outer, "file.toml")
    assert str(caught.value).startswith(f"file.toml: {said}")
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("value", ["4711!", 4711, "a b", "x-y"])
def test_what_may_be_a_secret_is_never_shown(value: object) -> None:
    with pytest.raises(UsageError) as caught:
        build({"name": "x", "secret": value}, Outer, "file.toml")
    assert str(caught.value) == "file.toml: secret must be the name of an environment variable, never the secret itself"


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"name = ", "it is not TOML"), (b"name = '\xff'", "it is not TOML"), (None, "No such file or directory")],
)
def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "file.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=said) as caught:
        loader.read_toml(path, Outer)
    assert str(caught.value).startswith(f"{path}: it cannot be read")
    assert "\n" not in str(caught.value)


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "file.toml").write_bytes(b"\xef\xbb\xbfname = 'x'")
    assert loader.read_toml(tmp_path / "file.toml", Outer) == Outer("x")


def test_near() -> None:
    assert loader.near("gren", ["red", "green"]) == "; did you mean green?"
    assert loader.near("zzz", ["red", "green"]) == ""
