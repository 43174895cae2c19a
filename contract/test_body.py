"""BODY: what a body may be, and what becomes of one that may not."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from contract.kit.drive import Drive, Sending, judge_refused, judge_unchanged, watched
from contract.kit.drive.strategies import bodies, refused, texts
from contract.kit.drive.strategies.bodies import Place
from contract.kit.drive.strategies.refused import Wrong
from contract.kit.exchange import Expect
from contract.kit.target import Pair

OTHER_TYPES = (
    "text/plain",
    "application/xml",
    "application/x-www-form-urlencoded",
    "application/octet-stream",
    "",
)


@pytest.mark.clause("BODY-001")
def test_example_is_accepted_in_both_spellings_of_its_type(drive: Drive) -> None:
    def each(kind: str) -> None:
        _, exchange = drive.add(Sending(drive.operation.example_body, content_type=kind, case=f"as {kind}"))
        drive.judge(exchange)

    drive.for_each([kind for _ in drive.rounds(5) for kind in drive.operation.content_types], each)


@pytest.mark.clause("BODY-001")
@pytest.mark.parametrize("kind", OTHER_TYPES)
def test_other_content_type_is_either(drive: Drive, kind: str) -> None:
    sending = Sending(drive.operation.example_body, content_type=kind, case=f"as {kind or 'no content type'}")
    _, exchange = drive.add(sending, expect=Expect.EITHER)
    drive.judge(exchange)


@pytest.mark.clause("BODY-002")
def test_optional_members_are_optional(drive: Drive) -> None:
    members = drive.operation.body_members

    def each(made: tuple[object, str]) -> None:
        _, exchange = drive.add(Sending(made[0], case=made[1]))
        drive.judge(exchange)

    drive.for_each(bodies.tour(members, drive.operation.plain_body), each)
    drawn = st.one_of(bodies.good(members), bodies.full(members))
    drive.for_examples(40, each, st.tuples(drawn, st.just("")))


@pytest.mark.clause("BODY-002")
def test_null_for_an_optional_member_is_either(drive: Drive) -> None:
    def each(place: Place) -> None:
        body = bodies.put(drive.operation.example_body, place.names, None)
        _, exchange = drive.add(Sending(body, case=f"{place} null"), expect=Expect.EITHER)
        drive.judge(exchange)

    drive.for_each([place for place in drive.members if not place.member.required], each)


@pytest.mark.clause("BODY-003", "BODY-009")
def test_required_member_is_an_object(drive: Drive) -> None:
    pair = drive.unused_pair()

    def each(wrong: Wrong) -> None:
        drive.judge(drive.refuse(pair, Sending(wrong[0], case=wrong[1])))

    drive.for_examples(40, each, refused.wrong_required(drive.operation))
    judge_unchanged(drive, pair, "BODY-009")


@pytest.mark.clause("BODY-004", "BODY-009")
def test_boolean_is_a_boolean(drive: Drive) -> None:
    pair = drive.unused_pair()

    def judge(wrong: Wrong) -> None:
        drive.judge(drive.refuse(pair, Sending(wrong[0], case=wrong[1])))

    drive.for_each(refused.every_wrong_type(drive.operation, "boolean"), judge)
    drive.for_examples(30, judge, refused.wrong_type(drive.operation, "boolean"))
    judge_unchanged(drive, pair, "BODY-009")


@pytest.mark.clause("BODY-004")
@pytest.mark.needs("write")
@pytest.mark.parametrize("word", ["true", "false", "TRUE", "False"])
def test_boolean_as_a_word_is_either(drive: Drive, word: str) -> None:
    for place in drive.members_of("boolean"):
        body = bodies.put(drive.operation.example_body, place.names, word)
        _, exchange = drive.add(Sending(body, case=f"{place} is the string {word}"), expect=Expect.EITHER)
        drive.judge(exchange)


@pytest.mark.clause("BODY-005", "BODY-009")
def test_list_is_a_list(drive: Drive) -> None:
    pair = drive.unused_pair()

    def judge(wrong: Wrong) -> None:
        drive.judge(drive.refuse(pair, Sending(wrong[0], case=wrong[1])))

    drive.for_each(refused.every_wrong_type(drive.operation, "array"), judge)
    drive.for_examples(30, judge, refused.wrong_type(drive.operation, "array"))
    judge_unchanged(drive, pair, "BODY-009")


@pytest.mark.clause("BODY-005")
@pytest.mark.needs("write")
def test_items_that_are_no_strings_are_either(drive: Drive) -> None:
    def each(place: Place, items: list[object]) -> None:
        body = bodies.put(drive.operation.example_body, place.names, items)
        _, exchange = drive.add(Sending(body, case=f"{place} with other items"), expect=Expect.EITHER)
        drive.judge(exchange)

    drive.for_examples(20, each, st.sampled_from(drive.members_of("array")), bodies.mixed_lists())


@pytest.mark.clause("BODY-006", "BODY-009")
def test_text_that_is_no_json_object_is_refused(drive: Drive) -> None:
    pair = drive.unused_pair()
    kinds = refused.kinds_of_no_object(drive.operation)

    def each(case: texts.Case) -> None:
        drive.judge(drive.refuse(pair, Sending(case[0], case=case[1])))

    for kind in kinds:
        drive.for_examples(80 // len(kinds), each, kind)
    judge_unchanged(drive, pair, "BODY-009")


@pytest.mark.clause("BODY-007")
def test_unknown_members_are_answered(drive: Drive) -> None:
    reserved = frozenset(drive.operation.path_parameters)

    def each(body: object) -> None:
        _, exchange = drive.add(Sending(body, case="with unknown members"), expect=Expect.EITHER)
        drive.judge(exchange)

    drive.for_examples(30, each, bodies.unknown_members(drive.operation.body_members, reserved))


@pytest.mark.clause("BODY-008")
def test_extreme_body_is_answered_in_time(drive: Drive) -> None:
    def each(made: texts.Case) -> None:
        _, exchange = drive.add(Sending(made[0], case=made[1]), expect=Expect.EITHER)
        drive.judge(exchange)

    drive.for_each(texts.extreme(drive.operation.body_members, drive.operation.plain_body), each)


@pytest.mark.clause("BODY-009")
def test_refused_body_has_no_effect(drive: Drive) -> None:
    pairs = watched(drive)

    def each(which: Pair, wrong: Wrong) -> None:
        judge_refused(drive, which, Sending(wrong[0], case=wrong[1]))

    drive.for_examples(48, each, st.sampled_from(pairs), refused.any_body(drive.operation), in_order=True)
