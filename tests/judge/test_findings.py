"""Findings: which rules judge what evidence, and what is counted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from contract.kit.exchange.exchange import Expect, Scope, TroubleKind
from contract.kit.judge.findings import Findings, broken_by_every_rule
from contract.kit.judge.rules import Over, all_rules, rules_of
from contract.kit.judge.violation import Violation
from tests.judge.build import answered, error, failed, granted, rejected, seen, troubled


def names(findings: Findings, clause: str) -> list[str]:
    return [entry.rule for entry in findings.of(clause).violations]


def test_evidence_is_judged_by_the_rules_that_take_it_by_its_names() -> None:
    findings = Findings()
    findings.judge("PATH-004", exchange=granted(number=1, expect=Expect.REFUSAL))
    assert names(findings, "PATH-004") == ["malformed_uuid_is_refused"]
    findings.judge("PATH-004", exchange=rejected(number=2), sighting=seen(True))
    assert names(findings, "PATH-004")[1:] == ["malformed_uuid_makes_nothing"]
    assert set(findings.of("PATH-004").judged) == {1, 2}


def test_the_violations_are_handed_back() -> None:
    findings = Findings()
    assert findings.judge("PATH-004", exchange=rejected(), before=seen(False), after=seen(False)) == []
    (violation,) = findings.judge("PATH-004", exchange=rejected(), before=seen(False), after=seen(True))
    assert violation.clause == "PATH-004"


@pytest.mark.parametrize(
    ("clause", "names"),
    [("AUTH-001", ("before", "exchange")), ("AUTH-001", ()), ("ENV-001", ("exchange",)), ("PATH-999", ("exchange",))],
)
def test_evidence_that_no_rule_takes_is_told(clause: str, names: tuple[str, ...]) -> None:
    with pytest.raises(LookupError, match=f"no rule of {clause} takes {', '.join(names) or 'nothing'}"):
        Findings().judge(clause, **dict.fromkeys(names, granted()))


def test_a_violation_meets_the_waivers_once() -> None:
    asked: list[Violation] = []

    def waiver_of(violation: Violation) -> str | None:
        asked.append(violation)
        return "known" if violation.exchange.number == 1 else None

    findings = Findings(waiver_of)
    traffic = [answered(200, {}, number=1), answered(200, {}, number=2)]
    for _ in range(2):
        findings.judge_every(["ENV-001"], traffic)
    assert [entry.waiver for entry in findings.of("ENV-001").violations] == ["known", None]
    assert len(asked) == 2


def test_what_could_not_be_judged_is_not_counted() -> None:
    findings = Findings()
    findings.judge("AUTH-002", exchange=troubled(TroubleKind.TIMEOUT, number=1))
    assert set(findings.of("AUTH-002").judged) == set()
    findings.judge("AUTH-002", exchange=rejected(number=2))
    findings.judge("AUTH-002", exchange=rejected(number=2))
    assert set(findings.of("AUTH-002").judged) == {2}
    assert findings.of("AUTH-002").violations == []


def test_every_exchange_of_the_evidence_is_counted() -> None:
    findings = Findings()
    findings.judge("AUTH-006", existing=rejected(number=1), exchange=rejected(number=2))
    findings.judge("STATE-003", exchanges=[granted(number=3), granted(number=4)])
    findings.judge("ENV-007", refusal=rejected(number=5), followings=(granted(number=6), granted(number=7)))
    counted = [set(findings.of(clause).judged) for clause in ("AUTH-006", "STATE-003", "ENV-007")]
    assert counted == [{1, 2}, {3, 4}, {5, 6, 7}]


def test_clauses_do_not_mix() -> None:
    findings = Findings()
    findings.judge("PATH-002", exchange=granted(number=1))
    assert set(findings.of("PATH-003").judged) == set()
    assert findings.of("PATH-003").violations == []


def test_traffic_is_judged_by_the_rules_over_every_exchange() -> None:
    findings = Findings()
    both = answered(200, {"inventory": {"a": 1}, "error": error()}, number=2)
    findings.judge_every(["ENV-001", "ENV-004"], [granted(number=1), both])
    assert names(findings, "ENV-001") == ["error_is_null_exactly_when_inventory_is_present"]
    assert set(findings.of("ENV-001").judged) == {1, 2}
    assert findings.of("ENV-004").violations == []
    assert set(findings.of("ENV-006").judged) == set()


def test_traffic_is_judged_once() -> None:
    findings = Findings()
    traffic = [answered(200, {}, number=1)]
    findings.judge_every(["ENV-001"], traffic)
    findings.judge_every(["ENV-001"], traffic)
    assert len(findings.of("ENV-001").violations) == 1
    findings.judge_every(["ENV-001"], [*traffic, answered(200, {}, number=2)])
    assert [entry.violation.exchange.number for entry in findings.of("ENV-001").violations] == [1, 2]


def test_rules_over_the_traffic_judge_it_whole_each_time() -> None:
    findings = Findings()
    first = granted(members={"createDate": 2_000, "lastOpDate": 2_000}, number=1)
    earlier = granted(members={"createDate": 1_000, "lastOpDate": 2_000}, number=2)
    findings.judge_traffic("INV-004", [first])
    assert set(findings.of("INV-004").judged) == set()
    findings.judge_traffic("INV-004", [first, earlier])
    assert len(findings.of("INV-004").violations) == 1
    findings.judge_traffic("INV-004", [first, earlier, granted(number=3)])
    assert len(findings.of("INV-004").violations) == 1
    assert set(findings.of("INV-004").judged) == {1, 2, 3}


def test_driven_violations_outlive_a_second_look_at_the_traffic() -> None:
    findings = Findings()
    findings.judge("ENV-007", refusal=rejected(number=1), followings=[troubled(TroubleKind.DROPPED, number=2)])
    for length in (1, 2):
        findings.judge_traffic("ENV-007", [granted(number=9)] * length)
    assert names(findings, "ENV-007") == ["connection_is_usable_after_a_refusal"]


def test_answers_of_neighbours_break_only_what_holds_for_them() -> None:
    findings = Findings()
    page = answered(500, b'{"a":NaN}', scope=Scope.NEIGHBOUR, number=1)
    findings.judge_every(["ENV-003", "ENV-005", "ENV-006"], [page])
    assert set(findings.of("ENV-003").judged) == {1}
    assert not findings.of("ENV-005").judged
    assert not findings.of("ENV-006").judged


def test_a_second_opinion_counts_only_where_no_rule_finds_fault() -> None:
    assert broken_by_every_rule(answered(200, {}))
    assert broken_by_every_rule(failed(error=error(code=1)))
    assert not broken_by_every_rule(granted())
    assert not broken_by_every_rule(failed(503))
    assert not broken_by_every_rule(answered(500, b"", scope=Scope.NEIGHBOUR))


def test_what_each_rule_takes() -> None:
    for rule in all_rules():
        if rule.over is not Over.DRIVEN:
            assert len(rule.takes) == 1
    assert [rule.takes for rule in rules_of("PATH-004")] == [
        {"exchange"},
        {"exchange", "before", "after"},
        {"exchange", "sighting"},
    ]


def test_violations_bear_the_id_of_the_clause_whose_rule_told_them() -> None:
    for clause in ("AUTH-001", "AUTH-002", "BODY-003"):
        (violation,) = Findings().judge(clause, exchange=granted(expect=Expect.REFUSAL))
        assert violation.clause == clause


def test_no_two_driven_rules_of_a_clause_judge_the_same_evidence_under_one_name() -> None:
    for clause in {rule.clause for rule in all_rules()}:
        rules = [rule.name for rule in rules_of(clause)]
        assert len(rules) == len(set(rules))


def test_side_by_side() -> None:
    findings = Findings()
    clauses = ("PATH-002", "AUTH-001", "AUTH-002", "BODY-006", "AUTH-007")

    def judge(number: int) -> None:
        for clause in clauses:
            findings.judge(clause, exchange=granted(number=number, expect=Expect.REFUSAL))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(judge, range(400)))
    for clause in clauses:
        assert set(findings.of(clause).judged) == set(range(400))
        assert len(findings.of(clause).violations) == 400
