"""Latency: which kind an answer counts for, its percentiles, its bar in the histogram."""

from __future__ import annotations

import pytest

from contract.kit.exchange import Expect
from contract.kit.verdict import BOUNDS, Latency, latency
from tests.judge.build import granted


@pytest.mark.parametrize(
    ("expect", "clause", "kind"),
    [
        (Expect.SUCCESS, "PATH-001", "good requests"),
        (Expect.SUCCESS, "", "good requests"),
        (Expect.REFUSAL, "AUTH-001", "to be refused, AUTH"),
        (Expect.REFUSAL, "", "to be refused"),
        (Expect.EITHER, "BODY-008", "may be refused, BODY"),
    ],
)
def test_a_kind_is_what_has_to_become_of_a_request_and_the_family_that_tried_it(
    expect: Expect, clause: str, kind: str
) -> None:
    assert latency.kind(granted(expect=expect, clause=clause)) == kind


@pytest.mark.parametrize(
    ("seconds", "bar"),
    [(0.0, 0), (0.001, 0), (0.0011, 1), (0.01, 3), (0.5, 8), (10.0, 12), (10.1, 13), (3600.0, 13)],
)
def test_each_answer_stands_in_one_bar(seconds: float, bar: int) -> None:
    counted = latency.histogram([(seconds, 3)])
    assert [at for at, count in enumerate(counted) if count] == [bar]
    assert (len(counted), sum(counted)) == (len(BOUNDS) + 1, 3)


def test_percentiles_are_of_all_answers_of_the_kind() -> None:
    found = latency.of([at / 1000 for at in range(1, 102)])
    assert (found.answers, found.p50, found.p95, found.p99, found.max) == (101, 0.051, 0.096, 0.1, 0.101)
    assert latency.of([0.2]) == Latency(1, 0.2, 0.2, 0.2, 0.2, [0] * 7 + [1] + [0] * 6)


def test_all_kinds_together_and_each_by_itself() -> None:
    elapsed = {"to be refused, AUTH": [0.1, 0.3], "good requests": [0.2], "may be refused": []}
    assert list(latency.by_kind(elapsed)) == ["good requests", "to be refused, AUTH"]
    assert latency.overall(elapsed)["p50"] == 0.2
    assert latency.overall({"good requests": [0.2]}) == {}


def test_of_parts_the_counts_add_up_and_the_slowest_percentiles_stand() -> None:
    one, other = latency.of([0.1, 0.2]), latency.of([0.001, 0.4, 0.4])
    found = latency.slowest([one, other])
    assert (found.answers, found.max, found.p50) == (5, 0.4, 0.4)
    assert found.histogram == [a + b for a, b in zip(one.histogram, other.histogram, strict=True)]
