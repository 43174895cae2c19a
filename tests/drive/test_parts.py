"""What is unusual about a request, and the request without it."""

from __future__ import annotations

from typing import Any

import pytest

from contract.kit.description import load
from contract.kit.drive import Sending
from contract.kit.drive.parts import RequestPart, only, parts_of
from contract.kit.drive.plainer import class_of
from contract.kit.drive.strategies.identifiers import Identifier
from contract.kit.judge import clauses

OPERATION = load()
PLAIN = OPERATION.plain_body


def found(sending: Sending, values: dict[str, Any] | None = None) -> list[RequestPart]:
    return parts_of(OPERATION, values or {}, sending)


def words(body: Any) -> list[str]:
    return [part.words for part in found(Sending(body))]


def test_each_part_is_a_flaw_or_belongs_to_a_clause() -> None:
    known = {clause.id for clause in clauses.load().clauses}
    varied = Sending(
        b'{ "params": {"triggerNow":true,"y":1},"systemTags":["\xc3\xa9",1],"userTags":[]}',
        spelling="authorization",
        query="?x=1",
        content_type="",
        headers=[("X-A", "1"), ("Accept", "*/*"), ("Transfer-Encoding", "chunked")],
        chunk=7,
    )
    parts = found(varied)
    assert len(parts) == 13
    assert all(part.flaw or part.clause in known for part in parts)


def test_a_plain_request_has_no_unusual_part() -> None:
    assert found(Sending()) == []
    assert words(PLAIN) == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({**PLAIN, "userTags": ["it's"]}, ["`userTags`", "an apostrophe in `userTags`"]),
        ({**PLAIN, "userTags": []}, ["`userTags` empty"]),
        ({**PLAIN, "userTags": ["a" * 300]}, ["`userTags`", "a text of 300 characters in `userTags`"]),
        ({**PLAIN, "userTags": ["a"] * 256}, ["a list of 256 items in `userTags`"]),
        ({**PLAIN, "userTags": [1]}, ["an item of `userTags` that is a number", "`userTags`"]),
        ({**PLAIN, "x": 1}, ["the unknown member `x`"]),
        ({**PLAIN, "x": "a" * 9_000}, ["the unknown member `x`", "a text of 9,000 characters in `x`"]),
        ({**PLAIN, **{f"x{at}": 1 for at in range(2_000)}}, ["2,000 unknown members"]),
        ({"params": {f"x{at}": 1 for at in range(20)}}, ["20 unknown members in `params`"]),
        ({"params": {"triggerNow": True}}, ["`params.triggerNow` true"]),
        ({"params": {"triggerNow": "x"}}, ["`params.triggerNow` a string"]),
        ({"params": None}, ["`params` null"]),
        ({}, ["`params` missing"]),
        (b"{", ["a body that is not a JSON object (1 byte)"]),
        ([], ["a root that is not an object"]),
        (b'{ "params": {} }', ["this way to write the JSON"]),
    ],
)
def test_parts_of_a_body(body: Any, said: list[str]) -> None:
    assert words(body) == said


def test_the_description_is_the_judge_of_flaws() -> None:
    flaws = [{}, {"params": 1}, {"params": {"triggerNow": []}}, {**PLAIN, "userTags": "x"}, b"x"]
    good = [{**PLAIN, "userTags": ["a"]}, {"params": {"triggerNow": False}}, {**PLAIN, "x": {}}]
    assert all(any(part.flaw for part in found(Sending(body))) for body in flaws)
    assert not any(part.flaw for body in good for part in found(Sending(body)))


def test_parts_of_the_head() -> None:
    identifier = Identifier("x", "cut short")
    sending = Sending(authorization=[], query="?a=b", content_type="text/plain", headers=[("Accept", "text/html")])
    assert [part.words for part in found(sending, {"schedulerTriggerUuid": identifier})] == [
        "schedulerTriggerUuid cut short",
        "these credentials",
        "the query ?a=b",
        "the content type text/plain",
        "the header Accept: text/html",
    ]


def test_a_body_in_chunks_is_one_part_with_its_header() -> None:
    sending = Sending(chunk=8, headers=[("Transfer-Encoding", "chunked"), ("A", "b")])
    parts = found(sending)
    assert [part.words for part in parts] == ["the body in chunks", "the header A: b"]
    plain = only(sending, parts, {1})
    assert (plain.chunk, list(plain.headers)) == (None, [("A", "b")])


def test_without_any_of_its_parts_a_request_is_the_plain_one() -> None:
    body = {"params": {"triggerNow": "x", "y": "\x00"}, "userTags": ["\U0001f600", 1], "systemTags": []}
    for odd in (body, b"{", b' {"params": {}, "x": [1]}'):
        sending = Sending(odd, query="?a", headers=[("A", "b"), ("A", "c")], content_type="x/y", authorization=[])
        plain = only(sending, found(sending), set())
        assert plain.body in (None, PLAIN)
        assert (plain.query, list(plain.headers), plain.content_type, plain.authorization) == ("", [], None, None)


def test_a_part_stays_with_what_it_is_in() -> None:
    sending = Sending({**PLAIN, "systemTags": ["a"], "userTags": ["it's \U0001f600"]})
    parts = found(sending)
    at = [part.words for part in parts].index("an apostrophe in `userTags`")
    assert only(sending, parts, {at}).body == {**PLAIN, "userTags": ["it's a"]}


def test_many_unknown_members_go_together() -> None:
    many = {f"x{at}": at for at in range(20)}
    for body, kept in (
        ({**PLAIN, **many}, {**PLAIN, **many}),
        ({"params": {**many, "triggerNow": True}}, {"params": many}),
    ):
        sending = Sending(body)
        parts = found(sending)
        at = next(at for at, part in enumerate(parts) if "20 unknown members" in part.words)
        assert only(sending, parts, {at}).body == kept
        assert only(sending, parts, set()).body == PLAIN


def test_a_way_to_write_stays_with_all_that_is_written() -> None:
    written = b'{ "params": {}, "userTags": ["a"] }'
    sending = Sending(written)
    parts = found(sending)
    at = [part.words for part in parts].index("this way to write the JSON")
    assert only(sending, parts, {at}).body == written
    assert only(sending, parts, set(range(len(parts))) - {at}).body == {"params": {}, "userTags": ["a"]}


@pytest.mark.parametrize(
    ("character", "kind"),
    [
        *((plain, "") for plain in "aZ0 _-.:"),
        ("'", "an apostrophe"),
        ("\\", "a reverse solidus"),
        ("%", "a percent sign"),
        ("\x00", "the control character U+0000"),
        ("\n", "the control character U+000A"),
        ("\U0001f600", "a character above U+FFFF"),
        ("\u0301", "a combining character"),
        ("\u05d0", "a right-to-left character"),
        ("\u0663", "a digit of another script"),
        ("\ud800", "half a surrogate pair"),
        ("\u00e9", "a character that is not ASCII"),
    ],
)
def test_classes_of_characters(character: str, kind: str) -> None:
    assert class_of(character) == kind
