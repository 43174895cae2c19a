"""STATE: tables of its rules."""

from __future__ import annotations

from contract.kit.exchange import Outcome
from contract.kit.exchange.exchange import TroubleKind
from contract.kit.judge.rules import state
from tests.judge.build import (
    TRIGGER,
    answered,
    error,
    exchange,
    failed,
    granted,
    inventory,
    job,
    listed,
    rejected,
    seen,
    troubled,
)
from tests.judge.kinds import KINDS, by_kind
from tests.judge.table import Row, bad, each, good, silent
from tests.judge.test_path import IN_GROUP, IN_TRIGGER, SWAPPED, echo, no_change, whole_lists

follows = state.association_follows_the_answer
stays = state.association_stays
together = state.adds_of_one_pair_side_by_side_are_answered
apart = state.adds_of_different_pairs_side_by_side_echo_their_own
there = state.success_side_by_side_is_there_afterwards
all_there = state.adds_side_by_side_are_all_there_afterwards
elsewhere = granted(path_values={"schedulerJobGroupUuid": "1" * 32, "schedulerTriggerUuid": "2" * 32}, number=3)
keeps = state.session_keeps_being_answered
clean = state.repeated_good_request_is_a_clean_success_each_time
ENVELOPED = frozenset({Outcome.GRANTED, Outcome.FAILURE})
GRANTED = frozenset({Outcome.GRANTED})
lost = troubled(TroubleKind.TIMEOUT)
crash = answered(500, b"", number=3)
refusal, longer = failed(number=7), failed(error=error(details="d" * 90), number=2)
both = answered(200, {"inventory": inventory(), "error": error()})
no_session = failed(503, error=error(code="ID.1001"))


def cleanly(rows: list[Row]) -> list[Row]:
    """Where a success has to be clean, those with an error or under another status break the rule."""
    stained = {"inventory under 201", "inventory under 404", "inventory and error"}
    found = []
    for row in rows:
        words = "a success without an error, as every time"
        found.append(bad(clean, row.name, *row.evidence, words=words) if row.name in stained else row)
    return found


ROWS = [
    *by_kind(
        state.adding_again_is_a_success_or_a_failure, ENVELOPED, words="a success with the same pair, or a failure"
    ),
    *echo(state.adding_again_is_a_success_or_a_failure),
    # STATE-002
    good(follows, "a success that is there", granted(), seen(True, True)),
    good(follows, "a success that one view shows", granted(), seen(True, None)),
    good(follows, "a success of a job", job(200, {"inventory": inventory()}), seen(True, True)),
    good(follows, "a success after it was sent again", granted(resent=1), seen(True, True)),
    good(follows, "a failure that is not there", failed(), seen(False, False)),
    good(follows, "a rejection that is not there", rejected(), seen(False, None)),
    silent(follows, "nothing tells", granted(), seen(None, None)),
    silent(follows, "no answer", lost, seen(True, True)),
    silent(follows, "a failure after it was sent again, made by the first try", failed(resent=1), seen(True, True)),
    *(
        silent(follows, f"{kind}: {name}", one, seen(True, False))
        for kind, name, one in KINDS
        if kind not in (*ENVELOPED, Outcome.REJECTION)
    ),
    bad(
        follows,
        "a success that is nowhere",
        granted(),
        seen(False, False),
        words=("is there after a success", "job group and `jobGroupsUuid` of the trigger does not"),
    ),
    bad(
        follows,
        "a success that one view lacks",
        granted(),
        seen(True, False),
        words="`jobGroupsUuid` of the trigger does not",
    ),
    bad(follows, "a success after it was sent again that is nowhere", granted(resent=1), seen(False)),
    bad(follows, "a failure that is there", failed(), seen(True, True), words="is not made"),
    bad(follows, "a rejection that is there", rejected(), seen(None, True), words="is not made"),
    *whole_lists(state.lists_follow_the_answer, granted()),
    *no_change(state.failure_changes_nothing),
    silent(state.failure_changes_nothing, "it was granted", granted(), seen(False), seen(True)),
    silent(stays, "it was not there before", granted(), seen(False), seen(False)),
    good(stays, "it is there still", failed(), seen(True, True), seen(True, True)),
    good(stays, "one view does not tell any more", failed(), seen(True, True), seen(True, None)),
    bad(stays, "it is gone", granted(), seen(True, True), seen(False, False), words="has lost the association"),
    bad(stays, "one view has lost it", failed(), seen(True, True), seen(True, False), words="`jobGroupsUuid`"),
    # STATE-003
    good(together, "one succeeds", [granted(), failed(), failed()]),
    good(together, "all succeed", [granted(), granted()]),
    good(together, "one has no answer, another succeeds", [lost, granted()]),
    silent(together, "none has an answer", [lost, exchange()]),
    silent(together, "none at all", []),
    silent(together, "the one without an answer may have succeeded", [failed(), lost]),
    bad(
        together,
        "none succeeds",
        [longer, refusal],
        shows=refusal,
        beside=(longer, refusal),
        words=("at least one", "none of 2 succeeded: HTTP 200 with the error"),
    ),
    bad(together, "one crashes", [granted(), crash], shows=crash, words="HTTP 500"),
    bad(together, "one is turned away", [granted(), rejected(number=9)], shows=rejected(number=9)),
    bad(together, "one crashes, one has no answer", [lost, crash], shows=crash),
    bad(together, "two crash", [granted(), crash, crash], shows=crash, at=("", "")),
    bad(
        together,
        "one answers another pair",
        [granted(), granted(members=SWAPPED)],
        shows=granted(members=SWAPPED),
        at=(IN_GROUP, IN_TRIGGER),
    ),
    # STATE-004
    *by_kind(apart, GRANTED, words="a success: status 200"),
    *echo(apart),
    good(there, "a success that is there", granted(), seen(True, True)),
    silent(there, "a failure", failed(), seen(False, False)),
    silent(there, "nothing tells", granted(), seen(None)),
    bad(there, "a success that one view lacks", granted(), seen(True, False), words="is there after a success"),
    good(all_there, "all as answered", [granted(), granted(number=2)], [listed(TRIGGER)]),
    silent(all_there, "no list tells", [granted()], []),
    silent(all_there, "none was sent", [], [listed()]),
    bad(
        all_there,
        "the one that is lost is blamed",
        [elsewhere, granted()],
        [listed()],
        words=("2 side by side", f"has lost {TRIGGER}"),
        shows=granted(),
        beside=(elsewhere,),
    ),
    bad(all_there, "what none of them named", [elsewhere], [listed("0" * 32, expected=())], shows=elsewhere),
    # STATE-005
    good(keeps, "the same success", granted(), granted()),
    good(keeps, "the same failure", failed(), failed()),
    good(keeps, "the same failure in other words", failed(), failed(error=error(details="other"))),
    good(keeps, "the same rejection", rejected(), rejected()),
    good(keeps, "a failure, then a success", failed(), granted()),
    silent(keeps, "no answer first", lost, granted()),
    silent(keeps, "no answer later", granted(), lost),
    silent(keeps, "unreadable first", answered(200, b"{"), granted()),
    silent(keeps, "unreadable later", granted(), answered(200, b"{")),
    bad(
        keeps,
        "the session is gone",
        granted(),
        no_session,
        beside=(granted(),),
        words=("got before: HTTP 200 with an inventory", "ID.1001"),
    ),
    bad(keeps, "another code", failed(), no_session, beside=(failed(),)),
    bad(keeps, "turned away", granted(), rejected(429), beside=(granted(),)),
    bad(keeps, "a crash", failed(), crash, beside=(failed(),)),
    bad(keeps, "a failure without a code", failed(), failed(error=error(code=1)), beside=(failed(),)),
    # STATE-006
    *cleanly(by_kind(clean, GRANTED, misshapen=True)),
    silent(clean, "a failure after it was sent again", failed(resent=1)),
    good(clean, "by a job", job(200, {"inventory": inventory()}, number=2)),
    bad(
        clean,
        "an error that is not an object",
        answered(200, {"inventory": inventory(), "error": False}),
        words="as every time",
    ),
]


@each(ROWS)
def test_row(row: Row) -> None:
    row.check()
