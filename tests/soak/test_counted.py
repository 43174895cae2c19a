"""What a soak counts is what any run finds, in a space that does not grow."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest

from contract.kit.exchange.exchange import Exchange, Expect, TroubleKind
from contract.kit.judge import clauses
from contract.kit.judge.findings import Findings
from contract.kit.judge.rules import Over, all_rules, rules_of
from contract.kit.soak.counted import WINDOW, Counted
from contract.kit.verdict.tally import Part
from contract.kit.waive.waivers import Waiver, Where
from tests.judge.build import answered, error, failed, granted, rejected, seen, troubled

URL = "http://127.0.0.1:1"
REGISTER = clauses.load()


def traffic() -> list[Exchange]:
    """Something of everything, twice over."""
    made: list[Callable[..., Exchange]] = [
        granted,
        failed,
        rejected,
        lambda **facts: granted(201, **facts),
        lambda **facts: answered(500, b"", **facts),
        lambda **facts: answered(200, {"inventory": {"x": 1}, "error": error()}, **facts),
        lambda **facts: failed(error=error(code="no code"), **facts),
        lambda **facts: failed(error=error(cause=error(cause="text")), **facts),
        lambda **facts: answered(200, b'{"error":1,"error":2}', **facts),
        lambda **facts: troubled(TroubleKind.TIMEOUT, **facts),
    ]
    kinds = [(one, expect) for one in made * 2 for expect in (Expect.REFUSAL, Expect.EITHER)]
    return [one(number=number, expect=expect) for number, (one, expect) in enumerate(kinds, 1)]


def filled(counted: Counted) -> Part:
    part = Part()
    counted.fill(part, URL)
    return part


def test_it_finds_what_any_run_finds() -> None:
    findings, counted = Findings(), Counted(REGISTER, ())
    exchanges = traffic()
    ids = [clause.id for clause in REGISTER.clauses]
    findings.judge_every(ids, exchanges)
    for clause in ids:
        findings.judge_traffic(clause, exchanges)
    for exchange in exchanges:
        counted.see(exchange)
    part = filled(counted)
    assert part.exchanges == len(exchanges)
    over_all = {rule.clause for rule in all_rules() if rule.over is not Over.DRIVEN}
    broken = 0
    for clause in over_all:
        found, mine = findings.of(clause), part.of(clause)
        assert mine.judged == len(found.judged), clause
        assert sum(row.count for row in mine.violations) == len(found.violations), clause
        assert mine.asked
        broken += bool(found.violations)
    assert broken > 8


def test_driven_rules_count_an_exchange_once() -> None:
    counted = Counted(REGISTER, ())
    counted.judge("PATH-004", rejected(number=1))
    counted.judge("PATH-004", rejected(number=1), sighting=seen(True))
    counted.judge("PATH-004", granted(number=2, expect=Expect.REFUSAL))
    part = filled(counted).of("PATH-004")
    assert (part.judged, sum(row.count for row in part.violations)) == (2, 2)


def test_the_answer_before_comes_first() -> None:
    counted = Counted(REGISTER, ())
    counted.judge("STATE-005", failed(number=2), first=granted(number=1))
    [row] = filled(counted).of("STATE-005").violations
    assert (row.exchange.number, row.beside[0].number) == (2, 1)


def test_evidence_that_no_rule_takes_is_told() -> None:
    with pytest.raises(LookupError, match="no rule of PATH-002 takes exchange, seen"):
        Counted(REGISTER, ()).judge("PATH-002", granted(), seen=seen(True))


def test_the_smallest_of_each_kind_is_kept_and_counted() -> None:
    counted = Counted(REGISTER, ())
    for number in range(1, 2 * WINDOW + 1):
        padding = "x" * (number % 7)
        counted.see(answered(500, padding.encode(), content_type="text/plain", number=number))
    assert len(counted._window) < WINDOW
    [row] = filled(counted).of("ENV-005").violations
    assert (row.count, row.exchange.number) == (2 * WINDOW, 7)


def test_a_waiver_is_used_or_not_exercised() -> None:
    today = dt.date(2026, 1, 1)
    where = Where(actual=re.compile("HTTP 500"))
    known = [Waiver(name, "reason", f"T-{name}", "QA", today, today, where) for name in ("ENV-005", "ENV-004")]
    counted = Counted(REGISTER, known)
    counted.see(answered(500, b"", number=1))
    part = filled(counted)
    assert [(row.state, row.matched) for row in part.waivers] == [("used", 1), ("not exercised", 0)]
    assert part.of("ENV-005").violations[0].waiver == "T-ENV-005"


def test_every_rule_over_all_exchanges_belongs_to_a_clause_that_a_soak_judges() -> None:
    for clause in REGISTER.clauses:
        if any(rule.over is not Over.DRIVEN for rule in rules_of(clause.id)):
            assert "soak" in clause.floor, clause.id
