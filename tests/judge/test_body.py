"""BODY: tables of its rules."""

from __future__ import annotations

from contract.kit.exchange import Outcome
from contract.kit.exchange.exchange import Expect
from contract.kit.judge.rules import body
from tests.judge.build import answered, failed, granted, inventory, job, listed, rejected, seen
from tests.judge.kinds import ANSWERED, ONE_OF_EACH, REFUSED, by_kind
from tests.judge.table import Row, bad, each, good, silent
from tests.judge.test_path import no_change, no_trace, whole_lists

BY_EXPECTATION = (
    body.example_is_accepted_in_both_spellings_of_its_type,
    body.optional_members_are_optional,
    body.required_member_is_an_object,
    body.boolean_is_a_boolean,
    body.lists_are_lists,
    body.text_that_is_not_a_json_object_is_refused,
    body.unknown_members_are_answered,
    body.extreme_body_is_answered_in_time,
)
GRANTED = frozenset({Outcome.GRANTED})
no_effect = body.refused_body_has_no_effect

ROWS = [
    *(
        row
        for judge in BY_EXPECTATION
        for row in (
            *by_kind(judge, GRANTED, expect=Expect.SUCCESS, kinds=ONE_OF_EACH, case=", to succeed", words="a success:"),
            *by_kind(
                judge, REFUSED, expect=Expect.REFUSAL, kinds=ONE_OF_EACH, case=", to be refused", words="a failure or"
            ),
            *by_kind(
                judge, ANSWERED, expect=Expect.EITHER, kinds=ONE_OF_EACH, case=", either", words="a success, a failure"
            ),
        )
    ),
    *no_trace(body.refused_body_leaves_no_trace),
    *whole_lists(body.refused_body_leaves_the_lists, rejected()),
    silent(body.refused_body_leaves_the_lists, "it was not refused", granted(), [listed()]),
    silent(body.refused_body_leaves_no_trace, "it was not refused", granted(), seen(True)),
    *no_change(no_effect),
    good(no_effect, "a failure without effect", failed(), seen(False), seen(False)),
    silent(no_effect, "it was not refused", granted(), seen(False), seen(True)),
    silent(no_effect, "its job was not refused", job(200, {"inventory": inventory()}), seen(False), seen(True)),
    bad(
        no_effect,
        "a crash with effect",
        answered(500, b""),
        seen(False),
        seen(True),
        words="HTTP 500 with no body, yet",
    ),
    bad(no_effect, "a failure with effect", failed(503), seen(False, False), seen(False, True), words="SYS.1003"),
]


@each(ROWS)
def test_row(row: Row) -> None:
    row.check()
