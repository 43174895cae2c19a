"""Times: what each known form says, and how far one is from now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from contract.kit.judge.rules.timestamp import comparable, distance, parse

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
EAST = timezone(timedelta(hours=8))
SAID: tuple[tuple[object, datetime], ...] = (
    ("Nov 14, 2017 10:20:57 PM", datetime(2017, 11, 14, 22, 20, 57)),
    ("Nov 14, 2017, 10:20:57 PM", datetime(2017, 11, 14, 22, 20, 57)),
    ("Nov 14, 2017, 10:20:57\u202fPM", datetime(2017, 11, 14, 22, 20, 57)),
    ("Nov 14, 2017 10:20:57 AM", datetime(2017, 11, 14, 10, 20, 57)),
    ("Jan 6, 2017 12:00:00 AM", datetime(2017, 1, 6, 0, 0, 0)),
    ("Jan 6, 2017 12:59:59 PM", datetime(2017, 1, 6, 12, 59, 59)),
    ("Jan 6, 2017 1:00:00 AM", datetime(2017, 1, 6, 1, 0, 0)),
    ("Feb 29, 2020 01:02:03 AM", datetime(2020, 2, 29, 1, 2, 3)),
    ("2017-11-14T22:20:57Z", datetime(2017, 11, 14, 22, 20, 57, tzinfo=UTC)),
    ("2017-11-14T22:20:57+08:00", datetime(2017, 11, 14, 22, 20, 57, tzinfo=EAST)),
    ("2017-11-14T22:20:57+0800", datetime(2017, 11, 14, 22, 20, 57, tzinfo=EAST)),
    ("2017-11-14T22:20:57+08", datetime(2017, 11, 14, 22, 20, 57, tzinfo=EAST)),
    ("2017-11-14T22:20:57.5Z", datetime(2017, 11, 14, 22, 20, 57, 500_000, tzinfo=UTC)),
    ("2017-11-14T22:20:57,141592653", datetime(2017, 11, 14, 22, 20, 57, 141_592)),
    ("2017-11-14T22:20:57.123456789012Z", datetime(2017, 11, 14, 22, 20, 57, 123_456, tzinfo=UTC)),
    ("2017-11-14T22:20.5Z", datetime(2017, 11, 14, 22, 20, 30, tzinfo=UTC)),
    ("20171114T22,25+0800", datetime(2017, 11, 14, 22, 15, tzinfo=EAST)),
    ("2017-11-14T24:00:00Z", datetime(2017, 11, 15, tzinfo=UTC)),
    ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
    ("2017-11-14T22:20:57\u221208:00", datetime(2017, 11, 14, 22, 20, 57, tzinfo=timezone(timedelta(hours=-8)))),
    ("2017-11-14T22:20", datetime(2017, 11, 14, 22, 20)),
    ("20171114T222057Z", datetime(2017, 11, 14, 22, 20, 57, tzinfo=UTC)),
    ("20171114T222057.5+0800", datetime(2017, 11, 14, 22, 20, 57, 500_000, tzinfo=EAST)),
    ("20171114T2220", datetime(2017, 11, 14, 22, 20)),
    ("2017-11-14T22", datetime(2017, 11, 14, 22)),
    ("20171114T22+0800", datetime(2017, 11, 14, 22, tzinfo=EAST)),
    ("2017-W46-2T22:20:57.5+08:00", datetime(2017, 11, 14, 22, 20, 57, 500_000, tzinfo=EAST)),
    ("2017W462T222057Z", datetime(2017, 11, 14, 22, 20, 57, tzinfo=UTC)),
    ("2020-W53-5T00:00", datetime(2021, 1, 1)),
    ("2017-318T22:20:57Z", datetime(2017, 11, 14, 22, 20, 57, tzinfo=UTC)),
    ("2017318T222057", datetime(2017, 11, 14, 22, 20, 57)),
    ("2020-366T22:20:57,5", datetime(2020, 12, 31, 22, 20, 57, 500_000)),
    (0, datetime(1970, 1, 1, tzinfo=UTC)),
    (1_510_669_257_141, datetime(2017, 11, 14, 14, 20, 57, 141_000, tzinfo=UTC)),
    (1_510_669_257_141.0, datetime(2017, 11, 14, 14, 20, 57, 141_000, tzinfo=UTC)),
    *((f"{month} 1, 2017 1:00:00 AM", datetime(2017, at + 1, 1, 1, 0, 0)) for at, month in enumerate(MONTHS)),
)
UNKNOWN: tuple[object, ...] = (
    *(
        None,
        True,
        False,
        "",
        "now",
        [],
        {},
        1.5,
        float("nan"),
        float("inf"),
        10**18,
        10**21,
        -(10**21),
        10**400,
        "1510669257141",
    ),
    *("Feb 29, 2019 1:02:03 AM", "Nov 0, 2017 1:02:03 AM", "Nov 1, 2017 1:60:03 AM", "Nov 1, 2017 1:02:60 AM"),
    *("Nov 1, 2017 13:02:03 PM", "Nov 1, 2017 0:02:03 AM", "Nov 1, 17 1:02:03 AM", "Nov 1 2017 1:02:03 AM"),
    *("Nov 1, 2017 1:02:03AM", "Nov 1, 2017 1:02:03 XM", " Nov 1, 2017 1:02:03 AM", "Nov 1, 0000 1:02:03 AM"),
    *("2017-11-14 22:20:57", "2017-11-14", "2017-02-30T00:00:00Z", "2017-11-14T24:20:57Z", "2017-11-14T22:20:57+25:00"),
    *("2017-11-14T22:20:57Zx", "2017-11-14T22:20:57.Z", "0000-01-01T00:00:00Z"),
    *("2017-W54-2T22:20:57Z", "2017-W46-8T22:20:57Z", "2017-W46T22:20:57Z", "2017-W462T22:20:57Z"),
    *("2017-366T22:20:57Z", "2017-000T22:20:57Z", "2017-31T22:20:57Z", "2017-318", "2017-11T22:20:57Z"),
    *("20171114", "20171114 222057", "20171314T222057Z", "20171114222057", "2017-11-14t22:20:57z"),
)


@pytest.mark.parametrize(("value", "time"), SAID, ids=[str(value) for value, _ in SAID])
def test_a_known_form_says_its_time(value: object, time: datetime) -> None:
    found = parse(value)
    assert found == time
    assert found is not None
    assert (found.tzinfo is None) == (time.tzinfo is None)


@pytest.mark.parametrize("value", UNKNOWN, ids=[f"{value!r:.40}" for value in UNKNOWN])
def test_any_other_says_none(value: object) -> None:
    assert parse(value) is None


def test_times_are_compared_where_both_tell_their_zone_or_neither() -> None:
    aware, naive = datetime(2017, 1, 1, tzinfo=UTC), datetime(2017, 1, 1)
    assert comparable(aware, aware)
    assert comparable(naive, naive)
    assert not comparable(aware, naive)
    assert not comparable(naive, aware)


def test_how_far_away() -> None:
    assert distance(datetime(1970, 1, 1, 0, 1), 0) == 60
    assert distance(datetime(1970, 1, 1, tzinfo=UTC), 60) == 60
    assert distance(datetime(1970, 1, 1, 8, tzinfo=EAST), 0) == 0
