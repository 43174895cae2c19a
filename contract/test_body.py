"""BODY: what a body may be, and what becomes of one that may not."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from contract.kit.drive import (
    ANY_BODY,
    BAD_BODIES,
    BAD_ENDS,
    Drive,
    Sending,
    Varied,
    Watch,
    every_bad_value_is_refused,
    every_other_value_is_answered,
)
from contract.kit.drive.strategies import bodies, refused
from contract.kit.drive.strategies.refused import Wrong
from contract.kit.exchange import Expect

SPELLINGS = ("content type", "white space", "order", "escapes", "framing")
"""Dimensions in which the same JSON is spelled and sent otherwise."""


@pytest.mark.clause("BODY-001")
def test_example_is_accepted_in_both_spellings_of_its_type(drive: Drive) -> None:
    def each(kind: str) -> None:
        _, exchange = drive.add(Sending(drive.operation.example_body, content_type=kind, case=f"as {kind}"))
        drive.judge(exchange)

    drive.for_each([kind for _ in drive.rounds(2) for kind in drive.operation.content_types], each)


@pytest.mark.clause("BODY-001")
def test_the_same_json_spelled_otherwise_is_accepted(drive: Drive) -> None:
    varied = Varied(drive, drive.operation.example_body)
    varied.add_all(varied.alone(*SPELLINGS))


@pytest.mark.clause("BODY-001")
def test_other_content_type_coding_or_header_is_accepted_or_refused(drive: Drive) -> None:
    varied = Varied(drive, drive.operation.example_body)
    varied.add_all(varied.other("BODY-001", Expect.EITHER))


@pytest.mark.clause("BODY-002")
def test_optional_members_are_optional(drive: Drive) -> None:
    members = drive.operation.body_members

    def each(made: tuple[object, str]) -> None:
        _, exchange = drive.add(Sending(made[0], case=made[1]))
        drive.judge(exchange)

    drive.for_each(bodies.tour(members, drive.operation.plain_body), each)
    drawn = st.one_of(bodies.good(members), bodies.full(members))
    drive.for_examples(20, each, st.tuples(drawn, st.just("")))


@pytest.mark.clause("BODY-002")
def test_every_kind_of_text_is_accepted_in_a_list(drive: Drive) -> None:
    varied = Varied(drive)
    varied.add_all(varied.alone(*map(str, drive.members_of("array"))))


test_null_for_an_optional_member_is_accepted_or_refused = every_other_value_is_answered("BODY-002")


test_params_that_is_missing_or_not_an_object_is_refused = every_bad_value_is_refused("BODY-003", effects="BODY-009")


test_trigger_now_that_is_not_a_boolean_is_refused = every_bad_value_is_refused("BODY-004", effects="BODY-009")


test_trigger_now_as_a_word_is_accepted_or_refused = every_other_value_is_answered("BODY-004")


test_tags_that_are_not_a_list_are_refused = every_bad_value_is_refused("BODY-005", effects="BODY-009")


test_items_that_are_not_strings_are_accepted_or_refused = every_other_value_is_answered("BODY-005")


test_text_that_is_not_a_json_object_is_refused = every_bad_value_is_refused("BODY-006", effects="BODY-009")


test_text_beyond_the_grammar_is_accepted_or_refused = every_other_value_is_answered("BODY-006")


test_unknown_members_are_answered = every_other_value_is_answered("BODY-007")


@pytest.mark.clause("BODY-007")
def test_any_unknown_members_are_answered(drive: Drive) -> None:
    reserved = frozenset(drive.operation.path_parameters)

    def each(body: object) -> None:
        _, exchange = drive.add(Sending(body, case="with unknown members"), expect=Expect.EITHER)
        drive.judge(exchange)

    drive.for_examples(12, each, bodies.unknown_members(drive.operation.body_members, reserved))


test_extreme_body_is_answered_in_time = every_other_value_is_answered("BODY-008")


@pytest.mark.clause("BODY-009")
def test_refused_body_has_no_effect(drive: Drive) -> None:
    varied, watch = Varied(drive), Watch.over(drive)
    points = [point for clause in BAD_BODIES for point in varied.each_family(clause)]
    for number, point in enumerate(points):
        varied.refuse(watch.pair(number), point)
        watch.judge()


@pytest.mark.clause("BODY-006", "BODY-009")
def test_body_that_is_bad_beside_a_bad_path_is_refused(drive: Drive) -> None:
    varied = Varied(drive)
    varied.refuse_all(varied.two_bad(BAD_ENDS, ANY_BODY), effects="BODY-009")


@pytest.mark.clause("BODY-006", "BODY-003", "BODY-004", "BODY-005", "BODY-009")
def test_body_that_is_bad_in_two_ways_is_refused(drive: Drive) -> None:
    varied = Varied(drive)
    varied.refuse_all(varied.each_two_bad(ANY_BODY), effects="BODY-009", by_value=True)


@pytest.mark.clause("BODY-009")
def test_any_refused_body_has_no_effect(drive: Drive) -> None:
    watch = Watch.over(drive)

    def each(wrong: Wrong) -> None:
        drive.refuse(watch.pair(0), Sending(wrong[0], case=wrong[1]))

    drive.for_examples(24, each, refused.any_body(drive.operation))
    watch.judge()
