"""The tables are complete: every rule has good and bad rows, and none could be weakened unseen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from contract.kit.exchange.exchange import Exchange
from contract.kit.judge.rules import Rule, all_rules, rules_of
from contract.kit.judge.rules.registry import Finding
from contract.kit.judge.rules.registry import rule as entered
from contract.kit.judge.violation import Violation
from tests.judge import test_auth, test_body, test_envelope, test_error, test_inventory, test_path, test_state
from tests.judge.build import granted
from tests.judge.table import Row, Says

ROWS: tuple[Row, ...] = (
    *test_auth.ROWS,
    *test_body.ROWS,
    *test_envelope.ROWS,
    *test_envelope.CONNECTIONS,
    *test_error.ROWS,
    *test_error.TRAFFIC,
    *test_inventory.ROWS,
    *test_inventory.TRAFFIC,
    *test_path.ROWS,
    *test_state.ROWS,
)
every_rule = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: f"{rule.clause}-{rule.name}")


def rows(rule: Rule, says: Says) -> list[Row]:
    return [row for row in ROWS if row.judge is rule.function and row.says is says]


def test_each_row_is_of_a_rule() -> None:
    judges, functions = {row.judge for row in ROWS}, {one.function for one in all_rules()}
    assert {judge.__name__ for judge in judges - functions} == set()


def test_a_name_stands_for_one_rule() -> None:
    taken = all_rules()[0]
    with pytest.raises(ValueError, match=f"two rules are named {taken.name}"):
        entered(taken.clause)(taken.function)
    assert all_rules()[0] is taken
    assert len({one.name for one in all_rules()}) == len(all_rules())


@every_rule
@pytest.mark.parametrize("says", [Says.HOLDS, Says.BREAKS])
def test_it_has_rows(rule: Rule, says: Says) -> None:
    assert rows(rule, says), f"{rule.clause}, {rule.name}: no {says} row"


def finds_fault(row: Row, judge: Callable[..., Finding]) -> bool:
    try:
        row.check(judge)
    except AssertionError:
        return True
    return False


@every_rule
def test_its_table_fails_where_it_never_finds_a_violation(rule: Rule) -> None:
    assert all(finds_fault(row, lambda *_: []) for row in rows(rule, Says.BREAKS))


@every_rule
def test_its_table_fails_where_it_never_judges(rule: Rule) -> None:
    assert all(finds_fault(row, lambda *_: None) for row in rows(rule, Says.HOLDS))


@every_rule
def test_its_table_fails_where_it_always_finds_a_violation(rule: Rule) -> None:
    def always(*_: object) -> Finding:
        return [Violation("anything else", "this", granted())]

    assert all(finds_fault(row, always) for row in rows(rule, Says.HOLDS))


@every_rule
def test_its_violations_name_its_own_clause(rule: Rule) -> None:
    for row in rows(rule, Says.BREAKS):
        found = rule.judge(*row.evidence)
        assert found
        for one in found:
            assert one.clause == rule.clause
            assert isinstance(one.exchange, Exchange)


def test_every_clause_of_the_register_has_a_rule() -> None:
    from contract.kit.judge import clauses

    assert {rule.clause for rule in all_rules()} == {clause.id for clause in clauses.load().clauses}


def test_a_rule_goes_by_the_name_of_its_function() -> None:
    assert [rule.name for rule in all_rules()] == [rule.function.__name__ for rule in all_rules()]


def test_the_rules_of_a_clause() -> None:
    for clause in {rule.clause for rule in all_rules()}:
        assert rules_of(clause) == tuple(rule for rule in all_rules() if rule.clause == clause)
    assert rules_of("ENV-999") == ()
