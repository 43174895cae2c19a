"""reports/sample is what today's suite writes: `python -m contract sample` makes it anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from contract.kit.judge import clauses
from contract.kit.report import store
from contract.kit.runner import sample
from contract.kit.verdict.results import Results, State, VerdictWord

SCHEMA = json.loads((Path(store.__file__).parent / "schema.json").read_text(encoding="utf-8"))
NAMES = list(sample.RUNS)


def read(name: str) -> Results:
    return store.read(sample.FOLDER / name)


@pytest.mark.parametrize("name", NAMES)
def test_it_fits_the_schema_and_the_register(name: str) -> None:
    Draft202012Validator(SCHEMA).validate(json.loads((sample.FOLDER / name / store.NAME).read_bytes()))
    told = [(row.id, row.level, row.sentence, row.source) for row in read(name).clauses]
    assert told == [(each.id, str(each.level), each.sentence, each.source) for each in clauses.load().clauses]


@pytest.mark.parametrize("name", NAMES)
def test_its_reports_are_those_that_its_results_make_today(name: str, tmp_path: Path) -> None:
    made = sample.render(read(name), tmp_path / name)
    committed = sample.FOLDER / name
    assert {path.name for path in committed.iterdir()} == {path.name for path in made.iterdir()}
    for path in made.iterdir():
        assert path.read_text(encoding="utf-8") == (committed / path.name).read_text(encoding="utf-8"), path.name


def test_each_shows_what_it_is_there_for() -> None:
    assert read("conformant").footer.verdict is VerdictWord.CONFORMANT
    waived = [row for row in read("with-waivers").clauses if row.state is State.WAIVED]
    assert waived
    assert all(violation.waiver for row in waived for violation in row.violations)
    broken = {row.id: row for row in read("broken").clauses if row.state is State.VIOLATED}
    assert list(broken) == ["ERR-004"]
    assert broken["ERR-004"].violations[0].causes
