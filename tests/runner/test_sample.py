"""reports/sample is what today's suite writes: `python -m contract sample` makes it anew."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from contract.kit.judge import clauses
from contract.kit.report import page, picture, store
from contract.kit.runner import sample
from contract.kit.verdict.results import Results, State, VerdictWord

SCHEMA = json.loads((Path(store.__file__).parent / "schema.json").read_text(encoding="utf-8"))
NAMES = list(sample.RUNS)


def pictured(file: Path) -> str:
    """The digest of the page that a picture is of; empty where it tells none."""
    data, at = file.read_bytes(), 8
    while at + 8 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        if data[at + 4 : at + 8] == b"tEXt" and data[at + 8 :].startswith(picture._KEY + b"\0"):
            return data[at + 8 + len(picture._KEY) + 1 : at + 8 + length].decode("ascii")
        at += 12 + length
    return ""


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


@pytest.mark.parametrize("name", NAMES)
def test_its_page_is_small(name: str) -> None:
    assert (sample.FOLDER / name / page.NAME).stat().st_size < 400_000


def test_the_picture_is_small_and_of_the_page_that_is_there() -> None:
    assert sample.PICTURE.stat().st_size < 150_000
    if pictured(sample.PICTURE) != picture.digest(sample.PICTURED):
        assert picture.chromium() is None, "the picture is out of date: python -m contract sample --rendered"
        pytest.skip("the picture in README is out of date, and there is no Chromium to take another")


@pytest.mark.skipif(picture.chromium() is None, reason="no picture was taken: there is no Chromium on this machine")
def test_a_picture_knows_its_page(tmp_path: Path) -> None:
    page_file = tmp_path / page.NAME
    page_file.write_text("<p>a page</p>", encoding="utf-8")
    assert picture.take(page_file, tmp_path / "page.png")
    assert pictured(tmp_path / "page.png") == picture.digest(page_file)
    assert pictured(sample.PICTURE) != picture.digest(page_file)


def test_without_a_chromium_no_picture_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "chromium", lambda: None)
    assert not picture.take(sample.PICTURED, tmp_path / "page.png")
    assert list(tmp_path.iterdir()) == []


def test_each_shows_what_it_is_there_for() -> None:
    assert read("conformant").footer.verdict is VerdictWord.CONFORMANT
    waived = [row for row in read("with-waivers").clauses if row.state is State.WAIVED]
    assert waived
    assert all(violation.waiver for row in waived for violation in row.violations)
    broken = {row.id: row for row in read("broken").clauses if row.state is State.VIOLATED}
    assert list(broken) == ["ERR-004"]
    assert broken["ERR-004"].violations[0].causes
