"""PATH: tables of its rules."""

from __future__ import annotations

from typing import Any

from contract.kit.exchange import Outcome
from contract.kit.exchange.exchange import Exchange, Expect, Promises
from contract.kit.judge.rules import path
from tests.judge.build import (
    GROUP,
    PAIR,
    TRIGGER,
    answered,
    exchange,
    failed,
    granted,
    inventory,
    job,
    listed,
    rejected,
    response,
    seen,
)
from tests.judge.kinds import ANSWERED, NOT_JUDGED, REFUSED, by_kind
from tests.judge.table import Row, RuleFunction, Says, bad, each, good, silent

IN_GROUP = "/inventory/schedulerJobGroupUuid"
IN_TRIGGER = "/inventory/schedulerTriggerUuid"
NO_CRASH = frozenset(Outcome) - {Outcome.CRASH, Outcome.SILENCE}
SILENCE = frozenset({Outcome.SILENCE})
SWAPPED = {"schedulerJobGroupUuid": TRIGGER, "schedulerTriggerUuid": GROUP}
UPPER = {**PAIR, "schedulerJobGroupUuid": GROUP.upper()}
PADDED = {**PAIR, "schedulerTriggerUuid": f" {TRIGGER}\t"}


def whole_lists(judge: RuleFunction, one: Exchange) -> list[Row]:
    """Rows of a rule that compares whole lists after a request with what was answered."""
    other = "0" * 32
    told = "both ends list what was answered, each once, and no other"
    return [
        good(judge, "as it should be", one, [listed(TRIGGER)]),
        good(judge, "empty as it should be", one, [listed(expected=())]),
        good(
            judge,
            "two lists as they should be",
            one,
            [listed(TRIGGER, other, expected=(other, TRIGGER)), listed(TRIGGER)],
        ),
        silent(judge, "no list tells", one, []),
        bad(
            judge,
            "one is lost",
            one,
            [listed(TRIGGER), listed()],
            words=(told, f"afterwards `triggersUuid` of the job group {GROUP} has lost {TRIGGER}"),
        ),
        bad(judge, "one is strange", one, [listed(TRIGGER, other)], words=f"lists {other} too"),
        bad(judge, "one stands twice", one, [listed(TRIGGER, TRIGGER)], words=f"lists {TRIGGER} 2 times"),
        bad(
            judge,
            "one stands there though nothing should",
            one,
            [listed(other, expected=())],
            words=f"lists {other} too",
        ),
        bad(judge, "many differ", one, [listed()] * 5, words="and 2 more"),
    ]


def no_trace(judge: RuleFunction) -> list[Row]:
    """Rows of a rule that asks for no association afterwards."""
    refused = rejected(expect=Expect.REFUSAL)
    return [
        good(judge, "both views are without it", refused, seen(False, False)),
        good(judge, "one view does not tell", refused, seen(None, False)),
        good(judge, "after no answer", exchange(expect=Expect.REFUSAL), seen(False, False)),
        silent(judge, "no view tells", refused, seen(None, None)),
        silent(judge, "no view at all", refused, seen()),
        bad(judge, "both views show it", refused, seen(True, True), words="of the job group and `jobGroupsUuid`"),
        bad(judge, "one view shows it", refused, seen(True, False), words="HTTP 400 (text/plain, 2 bytes): no, yet"),
        bad(
            judge, "the other view shows it", refused, seen(None, True), words="`jobGroupsUuid` of the trigger shows it"
        ),
    ]


def no_change(judge: RuleFunction, *given: Any) -> list[Row]:
    """Rows of a rule that asks for nothing to change from one look to the next; `given` comes before both."""
    refused, there, gone = rejected(), seen(True, True), seen(False, False)
    return [
        good(judge, "absent as before", refused, *given, gone, gone),
        good(judge, "present as before", refused, *given, there, there),
        good(judge, "in one view only, as before", refused, *given, seen(True, False), seen(True, False)),
        good(judge, "a view that did not tell before", refused, *given, seen(None, False), seen(True, False)),
        good(judge, "a view that does not tell now", refused, *given, seen(False, False), seen(None, False)),
        good(judge, "a view that was not asked before", refused, *given, seen(False), seen(False, True)),
        silent(judge, "nothing told before", refused, *given, seen(None, None), there),
        silent(judge, "nothing tells now", refused, *given, gone, seen()),
        bad(
            judge,
            "made",
            refused,
            *given,
            gone,
            there,
            words=("HTTP 400 (text/plain, 2 bytes): no, yet", "of the job group and `jobG", "shows the assoc"),
        ),
        bad(
            judge,
            "made in one view",
            refused,
            *given,
            gone,
            seen(False, True),
            words="yet `jobGroupsUuid` of the trigger shows the",
        ),
        bad(
            judge,
            "made in one view, lost in the other",
            refused,
            *given,
            seen(False, True),
            seen(True, False),
            words="of the trigger shows the association",
        ),
        bad(judge, "lost", refused, *given, there, gone, words="has lost the association afterwards"),
    ]


def echo(judge: RuleFunction) -> list[Row]:
    """Rows of a rule that wants each UUID of the path in its own member."""
    swapped = granted(members=SWAPPED)
    return [
        good(judge, "as sent", granted()),
        good(judge, "as sent by a job", job(200, {"inventory": inventory()})),
        good(
            judge, "in upper case as sent", granted(path_values=UPPER, members={"schedulerJobGroupUuid": GROUP.upper()})
        ),
        good(judge, "in lower case, sent in upper", granted(path_values=UPPER)),
        good(judge, "without the blanks that were sent", granted(path_values=PADDED)),
        good(judge, "with the blanks that were sent", granted(path_values=PADDED, members=PADDED)),
        good(judge, "nothing was sent", granted(path_values={}, members=SWAPPED)),
        good(judge, "nothing is promised", granted(promises=Promises(), members=SWAPPED)),
        bad(judge, "swapped", swapped, at=(IN_GROUP, IN_TRIGGER), words=(GROUP, f"'{TRIGGER}'", "as in the path")),
        bad(judge, "absent", granted(members={"schedulerJobGroupUuid": ...}), at=IN_GROUP, words="is absent"),
        bad(judge, "null", granted(members={"schedulerTriggerUuid": None}), at=IN_TRIGGER, words="is null"),
        bad(judge, "another group", granted(members={"schedulerJobGroupUuid": "0" * 32}), at=IN_GROUP),
        bad(judge, "another trigger", granted(members={"schedulerTriggerUuid": "0" * 32}), at=IN_TRIGGER),
        bad(
            judge,
            "in upper case, sent in lower",
            granted(members={"schedulerJobGroupUuid": GROUP.upper()}),
            at=IN_GROUP,
        ),
        bad(
            judge,
            "with a blank that was not sent",
            granted(members={"schedulerTriggerUuid": f"{TRIGGER} "}),
            at=IN_TRIGGER,
        ),
        bad(
            judge,
            "another one, sent in upper case",
            granted(path_values=UPPER, members=SWAPPED),
            at=(IN_GROUP, IN_TRIGGER),
        ),
        bad(
            judge,
            "another one, sent with blanks",
            granted(path_values=PADDED, members={"schedulerTriggerUuid": GROUP}),
            at=IN_TRIGGER,
        ),
        bad(judge, "a number", granted(members={"schedulerJobGroupUuid": 1}), at=IN_GROUP, words="the number 1"),
        bad(
            judge,
            "a number, sent in upper case",
            granted(path_values=UPPER, members={"schedulerJobGroupUuid": 1}),
            at=IN_GROUP,
        ),
        bad(judge, "a list", granted(members={"schedulerTriggerUuid": [TRIGGER]}), at=IN_TRIGGER, words="a list"),
        bad(judge, "empty", granted(members={"schedulerTriggerUuid": ""}), at=IN_TRIGGER, words="the string ''"),
        bad(judge, "by a job", job(200, {"inventory": inventory(**SWAPPED)}), at=(IN_GROUP, IN_TRIGGER)),
    ]


comes_back = path.each_uuid_comes_back_in_its_own_member
ignored = path.other_names_are_ignored_or_refused
changes = path.other_names_change_nothing
malformed = path.malformed_uuid_is_refused
slashed = path.near_miss_path_changes_nothing
HOST = ("Host", "staging:8080")
NOT_FOUND = "a failure, or status 404"


def redirected(status: int, location: str | None, **facts: Any) -> Exchange:
    """Sent elsewhere in answer to dot segments."""
    where = [("Location", location)] if location is not None else []
    came = response(status, b"", content_type=None, headers=where)
    return exchange(came, target="/zstack/v1/a/../x", headers=[HOST], **{"expect": Expect.REFUSAL, **facts})


def cleaned(judge: RuleFunction) -> list[Row]:
    """Rows of a rule that takes a redirect to a cleaned path of the same host for a rejection."""
    return [
        good(judge, "sent to the cleaned path", redirected(307, "/zstack/v1/x")),
        good(judge, "sent there for good", redirected(301, "/zstack/v1/x")),
        good(judge, "sent there with the host", redirected(308, "http://staging:8080/zstack/v1/x")),
        good(judge, "sent there by a TLS terminator", redirected(308, "https://STAGING/zstack/v1/x")),
        good(judge, "sent there where either conforms", redirected(308, "../x", expect=Expect.EITHER)),
        bad(judge, "sent to another host", redirected(307, "http://elsewhere:8080/zstack/v1/x"), words="HTTP 307"),
        bad(judge, "sent to another host without a scheme", redirected(307, "//elsewhere/zstack/v1/x")),
        bad(judge, "sent to where it was", redirected(307, "/zstack/v1/a/../x")),
        bad(judge, "sent to where it was, with a query", redirected(301, "?a=b")),
        bad(judge, "sent nowhere", redirected(308, None)),
        bad(judge, "sent to no URL", redirected(308, "http://[/x")),
        bad(judge, "told to look with GET", redirected(302, "/zstack/v1/x")),
        bad(judge, "told to look elsewhere", redirected(303, "/zstack/v1/x")),
    ]


def not_found(judge: RuleFunction) -> list[Row]:
    """Rows of a rule that wants a failure or 404: of the rejections no other status."""
    rows = []
    for row in by_kind(judge, REFUSED):
        (one,) = row.evidence
        if (row.name[:3].isdigit() and row.says == "good" and one.answer.status != 404) or row.says == "bad":
            rows.append(bad(judge, row.name, one, words=NOT_FOUND))
        else:
            rows.append(row)
    return rows


ROWS = [
    *by_kind(
        path.existing_uuids_succeed, frozenset({Outcome.GRANTED}), words="a success: status 200 with an inventory"
    ),
    silent(path.existing_uuids_succeed, "a failure after it was sent again", failed(resent=1)),
    bad(path.existing_uuids_succeed, "a crash after it was sent again", answered(500, b"", resent=1), words="HTTP 500"),
    *echo(comes_back),
    silent(comes_back, "a failure", failed()),
    silent(comes_back, "no answer", exchange()),
    silent(comes_back, "side by side", granted(members=SWAPPED, side_by_side=True)),
    silent(comes_back, "what must be refused", granted(members=SWAPPED, expect=Expect.REFUSAL)),
    bad(comes_back, "what may be refused", granted(members=SWAPPED, expect=Expect.EITHER), at=(IN_GROUP, IN_TRIGGER)),
    *not_found(path.unknown_uuid_is_a_failure_or_404),
    *not_found(path.wrong_kind_is_a_failure_or_404),
    *no_change(path.wrong_kind_changes_nothing),
    silent(path.wrong_kind_changes_nothing, "it was granted", granted(), seen(False), seen(True)),
    *by_kind(malformed, REFUSED, expect=Expect.REFUSAL, words="a failure or a rejection"),
    *by_kind(malformed, ANSWERED, expect=Expect.EITHER, case=", either", words="a success, a failure or a rejection"),
    *cleaned(malformed),
    *no_change(path.malformed_uuid_changes_nothing),
    silent(path.malformed_uuid_changes_nothing, "it was granted", granted(), seen(False), seen(True)),
    *no_trace(path.malformed_uuid_makes_nothing),
    *by_kind(path.other_method_does_not_crash, NO_CRASH, SILENCE, words="an answer that is not a server error"),
    good(path.other_method_does_not_crash, "a method that is not known", answered(501, b"", content_type=None)),
    silent(path.other_method_does_not_crash, "503 to HEAD", answered(503, b"", content_type=None, method="HEAD")),
    bad(
        path.other_method_does_not_crash,
        "500 to HEAD",
        answered(500, b"", content_type=None, method="HEAD"),
        words="an answer that is not a server error",
    ),
    bad(
        path.other_method_does_not_crash,
        "503 to GET",
        answered(503, b"", content_type=None, method="GET"),
        words="an answer that is not a server error",
    ),
    *no_change(path.other_method_changes_nothing),
    bad(path.other_method_changes_nothing, "it was granted", granted(), seen(False), seen(True)),
    *by_kind(path.near_miss_path_does_not_crash, NO_CRASH, SILENCE, words="an answer that is not a server error"),
    *no_change(slashed),
    bad(slashed, "it was granted", granted(), seen(False), seen(True), words="with an inventory, yet"),
    *by_kind(ignored, ANSWERED, NOT_JUDGED, words="a success, a failure or a rejection"),
    *echo(ignored),
    *(row for row in no_change(changes, seen(False, False)) if row.says is not Says.NOTHING),
    good(changes, "ignored", granted(), seen(True, True), seen(False, False), seen(False, False)),
    good(changes, "ignored, and the other pair was there before", granted(), seen(True), seen(True), seen(True)),
    silent(changes, "nothing tells of the pair of the path", granted(), seen(None), seen(False), seen(False)),
    silent(changes, "nothing tells at all", granted(), seen(), seen(), seen()),
    bad(
        changes,
        "both are made",
        granted(),
        seen(True, True),
        seen(False, False),
        seen(True, True),
        words="nothing is changed",
    ),
    bad(
        changes,
        "the pair of the path is not made",
        granted(),
        seen(False),
        seen(False),
        seen(False),
        words="is there after",
    ),
    bad(
        changes,
        "refused, yet made",
        failed(),
        seen(True),
        seen(None),
        seen(None),
        words="`triggersUuid` of the job group shows it",
    ),
]


@each(ROWS)
def test_row(row: Row) -> None:
    row.check()
