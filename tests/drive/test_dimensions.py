"""The dimensions of a request: what each value makes of one, and that bad values are bad and good ones good."""

from __future__ import annotations

import json
import re
from collections import Counter
from string import punctuation
from urllib.parse import unquote

import h11
import pytest

from contract.kit.description import load
from contract.kit.drive import points
from contract.kit.drive.dimensions import PLAIN, Draft, Point, Value, space
from contract.kit.drive.sending import path_of
from contract.kit.drive.strategies.identifiers import Identifier
from contract.kit.exchange import Expect, Scope
from contract.kit.judge.clauses import load as register

OPERATION = load()
SPACE = space(OPERATION)
GROUP, TRIGGER = "ec8d2952f8f13747bbbf24f93585a63d", "4b5bc56b58623324afe0a57951a96064"
FIRST, SECOND = OPERATION.path_parameters
REAL = {FIRST: GROUP, SECOND: TRIGGER}
GOOD = "0f2d4a61c3e84b1c9a5e7d3f2b1c0a9d"
STRANGERS = ("a" * 32, "b" * 32)
VALUES = [(name, value) for name, one in SPACE.items() for value in one.values if value.name != PLAIN]


def plain() -> Draft:
    body = OPERATION.plain_body
    return Draft(
        OPERATION,
        dict(REAL),
        GOOD,
        body,
        pair=(GROUP, TRIGGER),
        strangers=STRANGERS,
        other_session="c" * 32,
        ended_session="d" * 32,
        cookie="a=b",
    )


def put(name: str, value: Value) -> Draft:
    return Point.of({name: value}).put(plain())


def of(*names: str, expect: Expect, clause: str = "") -> list[tuple[str, Value]]:
    """The values of these dimensions, or of all, that are of a kind and judged by a clause."""
    return [
        (name, value)
        for name, value in VALUES
        if name in (names or SPACE) and value.expect is expect and (not clause or value.clause == clause)
    ]


def target(draft: Draft) -> str:
    return (draft.target or path_of(OPERATION, draft.values)) + draft.query


def written(draft: Draft) -> bytes:
    return draft.body if isinstance(draft.body, bytes) else draft.writing.written(draft.body)


@pytest.mark.parametrize("name", SPACE)
def test_values_of_a_dimension_have_names_of_their_own(name: str) -> None:
    one = SPACE[name]
    assert one.values[0].name == PLAIN
    assert [told for told, count in Counter(value.name for value in one.values).items() if count > 1] == []


def test_what_is_not_good_is_judged_by_a_clause_and_belongs_to_a_family() -> None:
    clauses = {clause.id for clause in register().clauses}
    for _, value in VALUES:
        if value.expect is Expect.SUCCESS:
            assert (value.clause, value.family) == ("", "")
        else:
            assert value.clause in clauses
            assert value.family


def test_names_are_for_readers_and_hold_no_session() -> None:
    for _, value in VALUES:
        assert value.name.isprintable(), value.name
        assert GOOD not in value.name


@pytest.mark.parametrize("name", SPACE)
def test_every_value_can_be_sent(name: str) -> None:
    for value in SPACE[name].values:
        draft = put(name, value)
        headers: list[tuple[str, str | bytes]] = [("Host", "x"), *draft.headers]
        headers += [("Authorization", "OAuth x")] if draft.authorization is None else draft.authorization
        raw = [(key.encode(), text.encode() if isinstance(text, str) else text) for key, text in headers]
        method = draft.method or OPERATION.method
        line = target(draft)
        # What HTTP/1.1 cannot carry is refused here as it is by the client.
        h11.Request(method=method, target=line, headers=[(key, text.strip(b" \t")) for key, text in raw])
        assert line.isascii()
        assert len(line) < 7_000
        assert isinstance(written(draft), bytes)


@pytest.mark.parametrize("name", SPACE)
def test_every_value_changes_the_request(name: str) -> None:
    base = plain()
    seen = {repr(base)}
    for value in SPACE[name].values[1:]:
        made = repr(put(name, value))
        assert made not in seen, value.name
        seen.add(made)


def test_bad_identifiers_are_never_the_real_one() -> None:
    for name, value in of(FIRST, SECOND, expect=Expect.REFUSAL):
        draft = put(name, value)
        raw = path_of(OPERATION, draft.values)
        segments = raw.removeprefix(OPERATION.path.partition("{")[0]).split("/scheduler/triggers/")
        said = unquote(segments[0 if name == FIRST else 1], errors="replace")
        assert said.strip(" \t").lower() != REAL[name]
        # What follows a raw semicolon may be dropped, and a server may clean raw dot segments away.
        assert ";" not in raw
        assert not {".", "..", ""} & set(raw.split("/")[1:])
        other = draft.real(SECOND if name == FIRST else FIRST)
        assert other == REAL[SECOND if name == FIRST else FIRST]


def test_unknown_ones_are_well_formed() -> None:
    for name, value in of(FIRST, SECOND, expect=Expect.REFUSAL, clause="PATH-002"):
        assert re.fullmatch("[0-9a-f]{32}", put(name, value).real(name))


def test_tolerable_ones_are_the_real_one_to_a_lenient_server() -> None:
    for name, value in of(FIRST, SECOND, expect=Expect.EITHER):
        draft = put(name, value)
        found = draft.values[name]
        raw = found.raw if isinstance(found, Identifier) and found.raw else draft.real(name)
        assert unquote(raw.partition(";")[0]).strip(" \t").lower() == REAL[name]


def test_near_misses_are_never_the_path() -> None:
    for name, value in of("path", expect=Expect.REFUSAL):
        draft = put(name, value)
        assert draft.scope is Scope.NEIGHBOUR
        assert draft.target is not None
        raw = path_of(OPERATION, dict(REAL))
        cleaned = [part for part in draft.target.split("/") if part not in ("", ".")]
        assert "/" + "/".join(cleaned) != raw
        assert ".." not in draft.target
        assert ";" not in draft.target


def opens(value: str) -> bool:
    """Return True if the most lenient conforming server would take the header's value for the good session."""
    scheme = OPERATION.auth.scheme
    head, token = value[: len(scheme)], value[len(scheme) :]
    return head.lower() == scheme.lower() and token.strip().lower() == GOOD


def test_bad_credentials_never_open() -> None:
    for name, value in of("credentials", expect=Expect.REFUSAL):
        draft = put(name, value)
        assert draft.authorization is not None
        said = [text.decode("latin-1") if isinstance(text, bytes) else text for _, text in draft.authorization]
        assert not any(opens(text) for text in said)
        assert all(key == OPERATION.auth.header for key, _ in draft.authorization)


def test_the_session_stands_elsewhere() -> None:
    for name, value in of("credentials", expect=Expect.REFUSAL, clause="AUTH-003"):
        draft = put(name, value)
        assert draft.authorization is not None
        assert not any(GOOD in str(text) for _, text in draft.authorization)
        assert GOOD in "".join([target(draft), written(draft).decode(), *(str(text) for _, text in draft.headers)])


def test_each_kind_of_place_is_tried_without_the_header_and_beside_one_that_is_no_good() -> None:
    """A fallback may be taken where there is no header only, or where what it says is no good."""
    found: dict[str, set[bool]] = {}
    for name, value in of("credentials", expect=Expect.REFUSAL, clause="AUTH-003"):
        found.setdefault(value.family, set()).add(put(name, value).authorization == [])
    assert len(found) > 5
    assert all(ways == {True, False} for ways in found.values()), found


def test_good_values_leave_a_good_request() -> None:
    for name, value in of(expect=Expect.SUCCESS):
        draft = put(name, value)
        assert target(draft) == path_of(OPERATION, dict(REAL))
        assert draft.method is None
        body = json.loads(written(draft))
        assert body["params"].get("triggerNow", True) in (True, False)
        assert all(isinstance(tag, str) for names in ("systemTags", "userTags") for tag in body.get(names, ()))
        assert set(body) <= {"params", "systemTags", "userTags"}


def test_bad_documents_are_no_json_object() -> None:
    for name, value in of("document", expect=Expect.REFUSAL):
        try:
            found = json.loads(written(put(name, value)))
        except ValueError:
            continue
        assert not isinstance(found, dict), value.name


@pytest.mark.parametrize(
    ("name", "value"), of("params", "params.triggerNow", "systemTags", "userTags", expect=Expect.REFUSAL)
)
def test_bad_members_are_missing_or_of_another_type(name: str, value: Value) -> None:
    body = json.loads(written(put(name, value)))
    wrong = {
        "params": lambda: not isinstance(body.get("params"), dict),
        "params.triggerNow": lambda: (
            not isinstance(found := body["params"]["triggerNow"], bool)
            and not (isinstance(found, str) and found.lower() in ("true", "false"))
        ),
        "systemTags": lambda: not isinstance(body["systemTags"], list | None),
        "userTags": lambda: not isinstance(body["userTags"], list | None),
    }
    assert wrong[name]()


def test_a_bad_value_is_put_in_last_and_what_is_asked_of_a_point_follows_its_values() -> None:
    bad = SPACE["params"].judged_by("BODY-003", Expect.REFUSAL)[0]
    either = SPACE["size"].company[-1]
    good = SPACE["order"].good[1]
    assert Point.of({"order": good}).expect is Expect.SUCCESS
    assert Point.of({"order": good, "size": either}).expect is Expect.EITHER
    point = Point.of({"order": good, "size": either, "params": bad})
    assert point.expect is Expect.REFUSAL
    assert dict(point.names) == {"order": good.name, "size": either.name, "params": bad.name}
    assert point.told == bad.name
    assert dict(point.without("params").names) == {"order": good.name, "size": either.name}
    assert Point.of({"order": SPACE["order"].values[0]}).names == {}


@pytest.mark.parametrize("name", [FIRST, SECOND])
def test_each_mark_of_punctuation_stands_alone_after_before_and_inside(name: str) -> None:
    said = {put(name, value).real(name) for value in SPACE[name].judged_by("PATH-004", Expect.REFUSAL)}
    real = REAL[name]
    for mark in punctuation:
        assert {real + mark, mark + real, real[:16] + mark + real[16:]} <= said, mark


@pytest.mark.parametrize("size", [255, 256, 1_024, 2_048, 4_096, 65_535, 65_536])
def test_texts_and_lists_end_at_below_and_above_where_buffers_do(size: int) -> None:
    lengths, counts = set(), set()
    for name in ("systemTags", "userTags"):
        for value in SPACE[name].judged_by("BODY-008", Expect.EITHER):
            items = json.loads(written(put(name, value)))[name]
            lengths |= {len(item) for item in items}
            counts.add(len(items))
    assert {size - 1, size, size + 1} & lengths
    assert max(lengths) > size
    assert any(count > size for count in counts)


def clauses(*names: str, expect: Expect) -> set[str]:
    return {value.clause for _, value in of(*names, expect=expect)}


def test_tests_choose_among_all_clauses_that_a_value_is_judged_by() -> None:
    credentials = clauses("credentials", expect=Expect.REFUSAL)
    ends = clauses(FIRST, SECOND, "both ends", expect=Expect.REFUSAL)
    misplaced = clauses("method", "path", expect=Expect.REFUSAL)
    refused, either = clauses(expect=Expect.REFUSAL), clauses(expect=Expect.EITHER)
    assert {*points.BAD_CREDENTIALS} == credentials
    assert {*points.BAD_ENDS} == ends
    assert {*points.MISPLACED} == misplaced
    assert {*points.FREE} == either
    assert {*points.BAD_BODIES} == refused - credentials - ends - misplaced
    assert {*points.ANY_BODY} == (refused | either) - credentials - ends - misplaced - clauses(
        "query", expect=Expect.EITHER
    )
