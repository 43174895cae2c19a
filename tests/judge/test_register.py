"""The register: every clause of the contract has its row, each row states a fact, bad files are told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from contract.kit.config import UsageError
from contract.kit.judge import clauses

REGISTER = clauses.load()
CONTRACT = Path(__file__).parents[2] / "contract"

# The contract's numbering, and what is listed without being tested: a change here is a change of meaning.
TESTED = {"PATH": 7, "AUTH": 11, "ENV": 7, "ERR": 7, "INV": 4, "BODY": 9, "STATE": 6}
EXCLUDED = {"PATH": [8], "AUTH": [12, 13, 14], "ERR": [8], "INV": [5], "BODY": [10, 11], "STATE": [7, 8]}
SHOULD = ["ERR-007", "ERR-008", "INV-005", "BODY-010"]

MODAL = re.compile(r"\b(must|should|may|might|can|cannot|could|will|would|shall|ought)\b", re.IGNORECASE)


def test_each_number_of_the_contract_has_its_row_in_order() -> None:
    expected = [f"{family}-{number:03}" for family, last in TESTED.items() for number in range(1, last + 1)]
    assert [clause.id for clause in REGISTER.clauses] == expected


def test_what_is_not_tested() -> None:
    expected = [f"{family}-{number:03}" for family, numbers in EXCLUDED.items() for number in numbers]
    assert [clause.id for clause in REGISTER.excluded] == expected


def test_levels() -> None:
    assert [clause.id for clause in REGISTER.rows if clause.level is clauses.Level.SHOULD] == SHOULD


def test_families() -> None:
    assert [family.id for family in REGISTER.families] == list(TESTED)
    assert {clause.family for clause in REGISTER.rows} == set(TESTED)


@pytest.mark.parametrize("clause", REGISTER.rows, ids=lambda clause: clause.id)
def test_a_sentence_states_a_fact(clause: clauses.Clause) -> None:
    assert MODAL.search(clause.sentence) is None
    assert clause.sentence[-1] == "."
    assert len(clause.sentence) <= 200
    known = ("vendor's ", "RFC ", "follows from ", "observed in ")
    assert clause.source.startswith(known)
    for other in re.findall(r"[A-Z]+-[0-9]{3}", clause.source + clause.excluded):
        assert other in REGISTER or other.startswith(("CWE", "RFC"))


def test_no_two_sentences_are_the_same() -> None:
    sentences = [clause.sentence for clause in REGISTER.rows]
    assert len(set(sentences)) == len(sentences)


def test_each_need_is_somebodys() -> None:
    of_clauses = {need for clause in REGISTER.clauses for need in clause.needs}
    marks = re.compile(r'mark\.needs\("(\w+)"\)')
    of_tests = {need for path in CONTRACT.glob("test_*.py") for need in marks.findall(path.read_text("utf-8"))}
    assert of_clauses | of_tests == set(REGISTER.needs)


def test_look_up() -> None:
    assert "PATH-001" in REGISTER
    assert "PATH-999" not in REGISTER
    assert REGISTER["ERR-007"].family == "ERR"
    with pytest.raises(KeyError):
        REGISTER["PATH-999"]


ROW = """
[needs]
write = "leave to write"
[[family]]
id = "PATH"
title = "The path"
[[clause]]
id = "PATH-001"
level = "MUST"
sentence = "It is so."
source = "RFC 1"
needs = ["write"]
floor = { smoke = 1, gate = 2, nightly = 3 }
"""


def test_a_row(tmp_path: Path) -> None:
    [clause] = read(tmp_path, ROW).clauses
    assert (clause.needs, dict(clause.floor)) == (("write",), {"smoke": 1, "gate": 2, "nightly": 3})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[needs]", "[needs", "register.toml: it cannot be read, it is not TOML: Expected"),
        ("[[clause]]", "[[clauses]]", "the key clauses is unknown; did you mean clause?"),
        ("[[family]]", "[family]", "family must be a list"),
        ('title = "The path"', "", "family 1 (PATH): title is missing"),
        ('id = "PATH-001"', "", "clause 1: id is missing"),
        ("PATH-001", "PATH-1", "clause 1 (PATH-1): id: not a family, a dash and three digits"),
        ("PATH-001", "BODY-001", "BODY-001: id: there is no family BODY (PATH)"),
        ("MUST", "MAY", "clause 1 (PATH-001): level must be MUST or SHOULD, not 'MAY'"),
        ("It is so.", " ", "clause 1 (PATH-001): sentence must be a text that is not empty"),
        ('"RFC 1"', "1", "clause 1 (PATH-001): source must be a text that is not empty"),
        ('["write"]', '["wings"]', "PATH-001: needs: 'wings' is none of [needs] (write)"),
        ('needs = ["write"]', "nedes = []", "clause 1 (PATH-001): the key nedes is unknown; did you mean needs?"),
        ("smoke = 1, ", "", "clause 1 (PATH-001): floor: not a table of smoke, gate, nightly"),
        ("smoke = 1", "smoke = 0", "clause 1 (PATH-001): floor: each value must be a whole number from 1"),
        ("smoke = 1", "smoke = true", "clause 1 (PATH-001): floor: each value must be a whole number from 1"),
        ('needs = ["write"]', 'excluded = "x"', "clause 1 (PATH-001): floor: not for a clause that is not tested"),
    ],
)
def test_a_bad_register(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in ROW
    with pytest.raises(UsageError) as caught:
        read(tmp_path, ROW.replace(old, new))
    assert str(caught.value).startswith(f"{tmp_path / 'register.toml'}: ")
    assert "\n" not in str(caught.value)
    assert message in str(caught.value)


def test_ids_are_unique(tmp_path: Path) -> None:
    again = ROW[ROW.index("[[clause]]") :]
    with pytest.raises(UsageError, match="PATH-001: id: stands twice"):
        read(tmp_path, ROW + again)


def test_no_register(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.toml: it cannot be read: No such file"):
        clauses.load(tmp_path / "none.toml")


def read(folder: Path, text: str) -> clauses.Register:
    path = folder / "register.toml"
    path.write_text(text, "utf-8")
    return clauses.load(path)
