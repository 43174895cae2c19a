"""What `python -m contract clauses` tells: the tests and mutants of each clause, found without a run."""

from __future__ import annotations

from pathlib import Path

from contract.kit.judge import clauses
from contract.kit.reference import mutants
from contract.kit.runner import proof


def test_marks_are_read_without_importing(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text(
        "import nothing_of_that_name\n"
        '@pytest.mark.clause("AUTH-001")\n@pytest.mark.needs("login")\ndef test_one(): ...\n'
        '@mark.clause("AUTH-001")\nasync def test_two(): ...\n'
        "def test_without(): ...\n",
        encoding="utf-8",
    )
    (tmp_path / "helper.py").write_text('@pytest.mark.clause("ENV-001")\ndef test_no(): ...\n', encoding="utf-8")
    assert proof.marked(tmp_path) == {"AUTH-001": ["test_a.py::test_one", "test_a.py::test_two"]}


def test_every_clause_has_a_test_and_every_must_a_mutant() -> None:
    register = clauses.load()
    for each in proof.proofs(register):
        assert each.tests, each.clause.id
        assert each.mutants or each.clause.level is not clauses.Level.MUST, each.clause.id


def test_every_must_can_be_broken_alone_or_says_why_not() -> None:
    alone = {mutant.clauses[0] for mutant in mutants().values() if len(set(mutant.clauses)) == 1}
    for clause in clauses.load().clauses:
        if clause.level is clauses.Level.MUST:
            assert (clause.id in alone) is not bool(clause.together), clause.id


def test_no_test_and_no_mutant_speaks_of_an_unknown_clause() -> None:
    known = {clause.id for clause in clauses.load().clauses}
    assert set(proof.marked()) <= known
    assert {name for mutant in mutants().values() for name in mutant.clauses} <= known


def test_the_page_has_a_row_for_each_clause_and_each_that_is_not_tested() -> None:
    register = clauses.load()
    page = "\n".join(proof.markdown(register, proof.proofs(register)))
    for clause in register.rows:
        assert page.count(f"\n| {clause.id} | ") == 1
