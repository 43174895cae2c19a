"""INV: tables of its rules."""

from __future__ import annotations

from typing import Any

from contract.kit.exchange.exchange import Exchange, Expect, Promises
from contract.kit.judge.rules import inventory as rules
from tests.judge.build import GROUP, NOW, PAIR, TRIGGER, answered, exchange, failed, granted, inventory, job
from tests.judge.table import Row, RuleFunction, bad, each, good, silent

there = rules.named_members_are_there
hex_digits = rules.uuids_are_32_lower_case_hex_digits
form = rules.times_are_in_a_known_form
order = rules.creation_is_not_after_the_last_operation
today = rules.new_association_is_dated_within_a_day_of_now
never_earlier = rules.adding_again_never_answers_earlier_times
CREATED, CHANGED = "createDate", "lastOpDate"
AT_CREATED, AT_CHANGED = f"/inventory/{CREATED}", f"/inventory/{CHANGED}"
IN_GROUP, IN_TRIGGER = "/inventory/schedulerJobGroupUuid", "/inventory/schedulerTriggerUuid"
UPPER = {**PAIR, "schedulerJobGroupUuid": GROUP.upper()}
DAY_MS = 86_400_000
NOW_MS = int(NOW) * 1000


def dated(created: object, changed: object = ..., **facts: Any) -> Exchange:
    """A success with these dates; one date alone is both."""
    return granted(members={CREATED: created, CHANGED: created if changed is ... else changed}, **facts)


def no_inventory(judge: RuleFunction) -> list[Row]:
    """Rows of a rule that has nothing to say without an inventory."""
    return [
        silent(judge, "what must be refused", granted(expect=Expect.REFUSAL)),
        silent(judge, "a failure", failed()),
        silent(judge, "no answer", exchange()),
        silent(judge, "an empty inventory", answered(200, {"inventory": {}})),
        silent(judge, "an inventory that is a list", answered(200, {"inventory": [inventory()]})),
        silent(judge, "text", answered(404, b"no", content_type="text/plain")),
    ]


KNOWN_FORMS = (
    "Nov 14, 2017 10:20:57 PM",
    "Nov 14, 2017, 10:20:57 PM",
    "Nov 14, 2017, 10:20:57\u202fPM",
    "Jan 6, 2017 3:51:16 AM",
    "Nov 14, 2017 12:00:00 AM",
    "2017-11-14T22:20:57Z",
    "2017-11-14T22:20:57+08:00",
    "2017-11-14T22:20:57+0800",
    "2017-11-14T22:20:57.141Z",
    "2017-11-14T22:20:57,141Z",
    "2017-11-14T22:20:57",
    "2017-11-14T22:20",
    NOW_MS,
    float(NOW_MS),
    0,
)
UNKNOWN_FORMS: tuple[Any, ...] = (
    "",
    "now",
    "14/11/2017 22:20:57",
    "2017-11-14",
    "2017-13-14T22:20:57Z",
    "2017-11-14T22:20:57Z ",
    "Nov 31, 2017 10:20:57 PM",
    "Nov 14, 2017 13:20:57 PM",
    "Nov 14, 2017 0:20:57 PM",
    "Nov 14, 2017 10:20:57",
    "nov 14, 2017 10:20:57 PM",
    "Nov 14, 2017 10:20:57 PM\n",
    "Nov 14, ２０１７ 10:20:57 PM",
    str(NOW_MS),
    NOW_MS + 0.5,
    1e300,
    10**400,
    True,
    False,
    [],
    {"seconds": 1},
)

ROWS = [
    *(row for judge in (there, hex_digits, form, order, today) for row in no_inventory(judge)),
    # INV-001
    good(there, "all", granted()),
    good(there, "all, of a job", job(200, {"inventory": inventory()})),
    good(there, "more than all", granted(members={"uuid": None})),
    good(there, "false and zero are there", granted(members={CREATED: False, CHANGED: 0})),
    good(there, "none is promised", granted(members={CREATED: None}, promises=Promises())),
    *(
        bad(
            there,
            f"{name} is absent",
            granted(members={name: ...}),
            at=f"/inventory/{name}",
            words=f"`{name}` is absent",
        )
        for name in (*PAIR, CREATED, CHANGED)
    ),
    *(
        bad(there, f"{name} is null", granted(members={name: None}), at=f"/inventory/{name}", words=f"`{name}` is null")
        for name in (*PAIR, CREATED, CHANGED)
    ),
    bad(there, "the vendor's own example", granted(members={CREATED: ..., CHANGED: ...}), at=(AT_CREATED, AT_CHANGED)),
    bad(
        there,
        "an inventory of something else",
        answered(200, {"inventory": {"uuid": GROUP}}),
        at=(IN_GROUP, IN_TRIGGER, AT_CREATED, AT_CHANGED),
    ),
    good(hex_digits, "both", granted()),
    good(
        hex_digits,
        "absent, which is another rule's",
        granted(members={"schedulerJobGroupUuid": ..., "schedulerTriggerUuid": None}),
    ),
    good(
        hex_digits,
        "in upper case as sent",
        granted(path_values={"schedulerJobGroupUuid": GROUP.upper()}, members={"schedulerJobGroupUuid": GROUP.upper()}),
    ),
    good(
        hex_digits,
        "with blanks as sent",
        granted(path_values={"schedulerTriggerUuid": f" {TRIGGER}"}, members={"schedulerTriggerUuid": f" {TRIGGER}"}),
    ),
    good(hex_digits, "none is promised", granted(members={"schedulerJobGroupUuid": 1}, promises=Promises())),
    bad(
        hex_digits,
        "in upper case, sent in lower",
        granted(members={"schedulerJobGroupUuid": GROUP.upper()}),
        at=IN_GROUP,
        words="32 lower-case hex digits",
    ),
    bad(
        hex_digits,
        "something else as sent",
        granted(path_values={"schedulerJobGroupUuid": "x"}, members={"schedulerJobGroupUuid": "x"}),
        at=IN_GROUP,
    ),
    *(
        bad(hex_digits, f"{value!r:.50}", granted(members={"schedulerTriggerUuid": value}), at=IN_TRIGGER)
        for value in (
            "",
            TRIGGER[:31],
            f"{TRIGGER}0",
            f"{TRIGGER}\n",
            f"{TRIGGER[:31]}g",
            f"{TRIGGER[:8]}-{TRIGGER[8:]}",
            "０" * 32,
            0,
            False,
            [TRIGGER],
            {"uuid": TRIGGER},
        )
    ),
    bad(
        hex_digits,
        "one as sent in upper case, one wrong",
        granted(path_values=UPPER, members={**UPPER, "schedulerTriggerUuid": "b"}),
        at=IN_TRIGGER,
    ),
    bad(
        hex_digits,
        "both wrong",
        granted(members={"schedulerJobGroupUuid": "a", "schedulerTriggerUuid": "b"}),
        at=(IN_GROUP, IN_TRIGGER),
    ),
    # INV-002
    *(good(form, f"{value!r:.40}", dated(value)) for value in KNOWN_FORMS),
    good(form, "absent, which is another clause's", dated(None)),
    good(form, "none is promised", dated("now", promises=Promises())),
    *(
        bad(form, f"{value!r:.40}", dated(value), at=(AT_CREATED, AT_CHANGED), words="a time as `Nov 14")
        for value in UNKNOWN_FORMS
    ),
    bad(form, "the creation", dated("now", NOW_MS), at=AT_CREATED, words="`createDate` is the string 'now'"),
    bad(form, "the last operation", dated(NOW_MS, "never"), at=AT_CHANGED, words="`lastOpDate` is the string 'never'"),
    # INV-003
    good(order, "the same time", dated(NOW_MS)),
    good(order, "later", dated("Nov 14, 2017 10:20:57 PM", "Nov 15, 2017 1:20:57 AM")),
    good(order, "later, in other zones", dated("2017-11-14T23:00:00+08:00", "2017-11-14T16:00:00Z")),
    good(order, "not to be compared: only one tells its zone", dated("2017-11-14T23:00:00", "2017-11-14T16:00:00Z")),
    good(order, "one cannot be read", dated("now", NOW_MS)),
    good(order, "one is absent", dated(NOW_MS, None)),
    bad(
        order,
        "after",
        dated(NOW_MS + 1, NOW_MS),
        at=AT_CREATED,
        words="is after `lastOpDate` 2017-11-14T14:20:57+00:00",
    ),
    bad(order, "after, without a zone", dated("Nov 14, 2017 12:00:00 PM", "Nov 14, 2017 11:59:59 AM"), at=AT_CREATED),
    bad(order, "after, in other zones", dated("2017-11-14T16:00:00Z", "2017-11-14T23:00:00+08:00"), at=AT_CREATED),
    good(today, "now", granted(fresh=True)),
    good(today, "a day ago", dated(NOW_MS - DAY_MS, fresh=True)),
    good(today, "in a day", dated(NOW_MS + DAY_MS, fresh=True)),
    good(today, "the server's zone is 14 hours ahead", dated("Nov 15, 2017 4:20:57 AM", fresh=True)),
    good(today, "one cannot be read", dated("now", NOW_MS, fresh=True)),
    silent(today, "not new", dated(0)),
    silent(today, "sent again, perhaps not new", dated(0, fresh=True, resent=1)),
    bad(
        today,
        "more than a day ago",
        dated(NOW_MS - DAY_MS - 1, fresh=True),
        at=(AT_CREATED, AT_CHANGED),
        words="of a new association lies within a day",
    ),
    bad(today, "in more than a day", dated(NOW_MS, NOW_MS + DAY_MS + 1, fresh=True), at=AT_CHANGED),
    bad(
        today,
        "epoch seconds",
        dated(int(NOW), fresh=True),
        at=(AT_CREATED, AT_CHANGED),
        words="is 17,467.1 days away; read as seconds",
    ),
    bad(
        today,
        "the vendor's example in 2026",
        dated("Nov 14, 2017 10:20:57 PM", fresh=True, at=1_795_000_000.0),
        at=(AT_CREATED, AT_CHANGED),
    ),
]


@each(ROWS)
def test_row(row: Row) -> None:
    row.check()


first = dated(NOW_MS, number=1)
same = dated(NOW_MS, number=2)
later = dated(NOW_MS, NOW_MS + 9, number=3)
earlier = dated(NOW_MS - 1, number=4)
changed_earlier = dated(NOW_MS, NOW_MS - 1, number=5)
other_pair = dated(0, path_values={**PAIR, "schedulerTriggerUuid": GROUP}, number=6)
undated = dated(None, number=7)
zoneless = dated("Nov 14, 2017 2:20:56 AM", number=8)

half_comparable = dated("Nov 14, 2017 2:20:57 AM", NOW_MS - 1, number=9)

TRAFFIC = [
    bad(
        never_earlier,
        "earlier after one side by side",
        [first, granted(side_by_side=True), earlier],
        shows=earlier,
        beside=(first,),
        at=(AT_CREATED, AT_CHANGED),
    ),
    bad(
        never_earlier,
        "one cannot be compared, one is earlier",
        [first, half_comparable],
        shows=half_comparable,
        beside=(first,),
        at=AT_CHANGED,
    ),
    good(never_earlier, "the same", [first, same]),
    good(never_earlier, "later", [first, later]),
    good(never_earlier, "earlier only in the traffic of another pair", [first, other_pair, same]),
    silent(never_earlier, "none", []),
    silent(never_earlier, "one", [first]),
    silent(never_earlier, "different pairs", [first, other_pair]),
    silent(never_earlier, "no dates", [undated, undated]),
    silent(never_earlier, "dates once", [first, undated]),
    silent(never_earlier, "dates that cannot be compared", [first, zoneless]),
    silent(never_earlier, "failures between", [failed(), first, failed()]),
    silent(never_earlier, "side by side", [first, dated(0, side_by_side=True)]),
    silent(
        never_earlier, "under way beside it", [first, dated(0, beside=frozenset([tuple(first.path_values.values())]))]
    ),
    bad(
        never_earlier,
        "others under way beside it that share an end",
        [first, sharing := dated(0, beside=frozenset((uuid, "b" * 32) for uuid in first.path_values.values()))],
        shows=sharing,
        beside=(first,),
        at=(AT_CREATED, AT_CHANGED),
    ),
    bad(
        never_earlier,
        "both earlier",
        [first, earlier],
        shows=earlier,
        beside=(first,),
        at=(AT_CREATED, AT_CHANGED),
        words=("not before 2017-11-14T14:20:57+00:00", "`createDate` is 2017"),
    ),
    bad(never_earlier, "one earlier", [first, changed_earlier], shows=changed_earlier, beside=(first,), at=AT_CHANGED),
    bad(never_earlier, "earlier than the last", [first, later, first], shows=first, beside=(later,), at=AT_CHANGED),
    bad(
        never_earlier,
        "earlier after one without dates",
        [first, undated, changed_earlier],
        shows=changed_earlier,
        beside=(first,),
        at=AT_CHANGED,
    ),
    bad(
        never_earlier,
        "the names of the path in another order",
        [first, dated(NOW_MS, NOW_MS - 1, path_values=dict(reversed(PAIR.items())))],
        shows=dated(NOW_MS, NOW_MS - 1),
        beside=(first,),
        at=AT_CHANGED,
    ),
]


@each(TRAFFIC)
def test_traffic(row: Row) -> None:
    row.check()
