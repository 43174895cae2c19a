"""What a reader is shown of the violations."""

from __future__ import annotations

import base64
import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pytest

from contract.kit.exchange.exchange import Exchange, Expect, TroubleKind
from contract.kit.judge import Entry
from contract.kit.judge.violation import Violation
from contract.kit.verdict.results import ExchangeRow
from contract.kit.verdict.rows import (
    FIRST,
    LONGEST_BODY,
    LONGEST_HEADER,
    causes,
    exchange_row,
    sample_row,
    violation_rows,
)
from contract.kit.verdict.tally import row_size
from contract.kit.waive.waivers import Waiver, Where, match
from tests.judge.build import answered, chained, error, exchange, failed, granted, job, troubled

URL = "http://target:8080"
DAY = dt.date(2026, 1, 1)


def told(found: Exchange, **facts: Any) -> Violation:
    words = {"clause": "ENV-001", "expected": "one", "actual": "another", **facts}
    return Violation(exchange=found, **words)


def waiver(**where: Any) -> Waiver:
    return Waiver("ENV-001", "known", "ZS-1", "me", DAY, DAY, Where(**where) if where else None)


def rows_of(*violations: Violation, rule: str = "a_rule", waivers: tuple[Waiver, ...] = ()) -> list[Any]:
    return violation_rows([entry(one, rule, *waivers) for one in violations], URL)[0]


def entry(violation: Violation, rule: str = "a_rule", *waivers: Waiver) -> Entry:
    return Entry(rule, violation, match(waivers, violation))


def test_those_of_one_kind_are_one_row_that_shows_the_smallest() -> None:
    large = granted(number=1, sent=b"x" * 50)
    small = granted(number=2, sent=b"x")
    larger_answer = answered(200, {"inventory": {"a": "b" * 900}}, number=3, sent=b"x")
    (row,) = rows_of(told(large), told(small, actual="small"), told(larger_answer))
    assert (row.count, row.exchange.number, row.actual) == (3, 2, "small")
    assert "http://target:8080/zstack/v1/x" in row.curl


def test_a_sample_is_of_the_clauses_own_tests_and_plain() -> None:
    foreign = granted(number=1, clause="PATH-001", sent=b"")
    odd = granted(number=2, clause="ENV-001", sent=b"\xff")
    large = granted(number=3, clause="ENV-001", sent=b"x" * 50)
    small = granted(number=4, clause="ENV-001", sent=b"x")
    traffic = {one.number: one for one in (foreign, odd, large, small)}
    shown = sample_row("ENV-001", traffic, traffic)
    assert shown is not None
    assert shown.number == 4
    others = sample_row("AUTH-001", [1, 3], traffic)
    assert others is not None
    assert others.number == 1
    assert sample_row("ENV-001", [], traffic) is None


def test_a_sample_is_chosen_from_the_first_so_that_a_long_run_is_not_searched() -> None:
    traffic = {at: granted(number=at, sent=b"x" * (FIRST * 2 - at)) for at in range(1, FIRST * 2)}
    shown = sample_row("ENV-001", traffic, traffic)
    assert shown is not None
    assert shown.number == FIRST


def test_of_two_as_small_the_first_is_shown() -> None:
    (row,) = rows_of(told(granted(number=2)), told(granted(number=1)))
    assert row.exchange.number == 1


ODD: tuple[tuple[str, dict[str, Any]], ...] = (
    ("a body that is not UTF-8", {"sent": b"\xff"}),
    ("a control in the body", {"sent": b"\0"}),
    ("a mark that turns the text round", {"sent": "\u202e".encode()}),
    ("a header that is not ASCII", {"headers": [("A", "\xe9")]}),
    ("a long header", {"headers": [("A", "x" * 2_001)], "sent": b""}),
    ("a long body", {"sent": b"x" * 2_001}),
    ("a long answer", {"members": {"x": "y" * 2_000}, "sent": b""}),
)


@pytest.mark.parametrize("odd", [row[1] for row in ODD], ids=[row[0] for row in ODD])
def test_one_that_is_plain_to_read_is_shown_before_a_shorter_odd_one(odd: dict[str, Any]) -> None:
    plain = granted(number=9, sent='{\r\n\t"params": "é, 中, 😀"}'.encode() + b" " * 1_500, headers=[("A", "x" * 100)])
    assert rows_of(told(granted(number=1, **odd)), told(plain))[0].exchange.number == 9
    assert rows_of(told(granted(number=1, **odd)), told(granted(number=2, **odd)))[0].exchange.number == 1


@pytest.mark.parametrize("odd", [row[1] for row in ODD], ids=[row[0] for row in ODD])
def test_parts_of_a_run_are_put_together_by_the_same_rule(odd: dict[str, Any]) -> None:
    rows = [rows_of(told(granted(number=number, **facts)))[0] for number, facts in ((1, odd), (2, {"sent": b"x" * 9}))]
    for pair in (rows, rows[::-1]):
        assert min(pair, key=row_size).exchange.number == 2


@pytest.mark.parametrize(
    "other",
    [told(granted(), pointer="/error"), told(granted(201)), told(failed()), told(troubled(TroubleKind.TIMEOUT))],
    ids=["pointer", "status", "code", "no answer"],
)
def test_another_kind_is_another_row(other: Violation) -> None:
    assert len(rows_of(told(granted()), other)) == 2


def test_what_befell_a_good_request_is_shown_before_what_befell_others() -> None:
    good = granted(number=3, expect=Expect.SUCCESS, sent=b"x" * 50)
    small = granted(number=1, expect=Expect.REFUSAL, sent=b"x")
    (row,) = rows_of(told(small), told(good), told(small))
    assert (row.count, row.exchange.number) == (3, 3)
    often = [told(failed(number=9, expect=Expect.REFUSAL))] * 5
    assert [row.exchange.number for row in rows_of(*often, told(good))] == [3, 9]


def test_a_target_s_cookies_are_shown_by_name() -> None:
    found = answered(200, {})
    assert found.response is not None
    headers = (("Set-Cookie", "JSESSIONID=0123456789; Path=/; HttpOnly"), ("Date", "a=b"))
    row = exchange_row(replace(found, response=replace(found.response, headers=headers)))
    assert row.response is not None
    assert ("Set-Cookie", "JSESSIONID=…; Path=/; HttpOnly") in row.response.headers
    assert ("Date", "a=b") in row.response.headers


def test_another_rule_is_another_row() -> None:
    entries = [entry(told(granted())), entry(told(granted()), "another")]
    assert len(violation_rows(entries, URL)[0]) == 2


def test_errors_with_different_codes_are_of_one_kind() -> None:
    assert len(rows_of(told(failed()), told(failed(error=error(code="SYS.1"))))) == 1


def test_how_deep_a_cause_lies_makes_no_other_kind() -> None:
    deep = [told(failed(), pointer=f"/error{'/cause' * depth}/code") for depth in range(1, 5)]
    assert [row.count for row in rows_of(*deep)] == [4]
    assert len(rows_of(told(failed(), pointer="/error/code"), *deep)) == 2


def test_the_most_frequent_come_first_and_six_kinds_are_shown() -> None:
    frequent = [told(granted(), pointer="/often")] * 3
    rare = [told(granted(), pointer=f"/{at}") for at in range(9)]
    rows = rows_of(*rare[:4], *frequent, *rare[4:])
    assert [row.pointer for row in rows] == ["/often", "/0", "/1", "/2", "/3", "/4"]


def test_what_a_waiver_covers_comes_last_and_is_counted_whole() -> None:
    known = waiver(status=(202,), actual=re.compile("job"))
    covered = [told(job(200, {"inventory": {"a": 1}}), actual="a job", pointer=f"/{at}") for at in range(9)]
    entries = [entry(one, "a_rule", known) for one in [*covered, told(granted())]]
    rows, matched = violation_rows(entries, URL)
    assert matched == {known: 9}
    assert [row.waiver for row in rows] == [None, *["ZS-1"] * 6]


def test_one_kind_that_is_covered_in_part_is_two_rows() -> None:
    rows = rows_of(told(granted(), actual="known"), told(granted()), waivers=(waiver(actual=re.compile("known")),))
    assert [(row.waiver, row.count) for row in rows] == [(None, 1), ("ZS-1", 1)]


def test_two_of_those_beside_it_are_shown() -> None:
    (row,) = rows_of(told(granted(number=9), beside=tuple(granted(number=at) for at in range(4))))
    assert [other.number for other in row.beside] == [0, 1]


def test_nothing_is_no_row() -> None:
    assert violation_rows([], URL) == ([], {})


def shown(body: bytes) -> tuple[str, str, int]:
    row = exchange_row(answered(200, body, content_type=None))
    assert row.response is not None
    return row.response.body, row.response.encoding, row.response.size


BODIES: tuple[tuple[str, bytes, str, str], ...] = (
    ("empty", b"", "", "text"),
    ("text", "é\0\n".encode(), "é\0\n", "text"),
    ("not UTF-8", b"a\xff", base64.b64encode(b"a\xff").decode(), "base64"),
    ("as long as is shown", b"x" * LONGEST_BODY, "x" * LONGEST_BODY, "text"),
    ("longer", b"x" * (LONGEST_BODY + 1), "x" * LONGEST_BODY, "text"),
    ("cut within a character", b"x" + "😀".encode() * 3_000, "x" + "😀" * 2_047, "text"),
    ("cut within its last byte", b"xxx" + "😀".encode() * 3_000, "xxx" + "😀" * 2_047, "text"),
    ("half a character at the end", b"x\xf0\x9f", base64.b64encode(b"x\xf0\x9f").decode(), "base64"),
    ("long, one byte not UTF-8", b"\xff" + b"x" * 9_000, base64.b64encode(b"\xff" + b"x" * 8_191).decode(), "base64"),
    ("long, not UTF-8", b"\xff" * 9_000, base64.b64encode(b"\xff" * LONGEST_BODY).decode(), "base64"),
)  # fmt: skip


@pytest.mark.parametrize(("body", "text", "encoding"), [row[1:] for row in BODIES], ids=[row[0] for row in BODIES])
def test_a_body_as_it_is_shown(body: bytes, text: str, encoding: str) -> None:
    assert shown(body) == (text, encoding, len(body))


def test_long_targets_and_header_values_are_cut() -> None:
    long = "y" * (LONGEST_HEADER + 1)
    row = exchange_row(exchange(target=f"/{long}", headers=[("A", long), ("B", long[1:])]))
    assert row.request.line == f"POST /{long[2:]}… (1,026 characters)"
    assert row.request.headers == [("A", f"{long[1:]}… (1,025 characters)"), ("B", long[1:])]


def test_an_exchange_as_it_is_shown() -> None:
    row = exchange_row(granted(503, case="no header", number=7))
    assert (row.number, row.case, row.trouble, row.job) == (7, "no header", None, None)
    assert row.response is not None
    assert (row.request.line, row.response.line) == ("POST /zstack/v1/x", "HTTP 503")
    assert (row.request.elapsed, row.response.elapsed) == (None, 0.0)
    assert row.request.body == '{"params":{}}'


def test_an_exchange_with_a_job_and_one_with_trouble() -> None:
    row = exchange_row(job(200, {}))
    assert row.response is not None
    assert row.job is not None
    assert (row.response.line, row.job.line) == ("HTTP 202", "HTTP 200")
    row = exchange_row(troubled(TroubleKind.TIMEOUT))
    assert row == ExchangeRow(
        1, row.request, None, None, "timeout: told by the library: timeout", "timeout", outcome="silence"
    )


def test_the_causes_are_a_line_each() -> None:
    found = failed(
        error=chained(error(code="A.1", description="a"), error(code=None, description="b" * 161), {"code": 5})
    )
    assert causes(found) == ["A.1 a", "b" * 159 + "…", "int"]
    assert causes(granted()) == []
    assert len(causes(failed(error=chained(*[error()] * 60)))) == 40


def test_words_that_no_encoding_can_write_are_escaped() -> None:
    assert causes(failed(error=error(description="\ud800"))) == ["SYS.1003 \\ud800"]
