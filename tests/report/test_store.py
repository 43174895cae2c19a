"""results.json: any run comes back as it was, fits the schema, and nothing else passes for one."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from contract.kit.config.usage import UsageError
from contract.kit.report import store
from contract.kit.verdict.results import Results
from tests.report import example
from tests.report.made import results

SCHEMA = json.loads(store.SCHEMA.read_text(encoding="utf-8"))
QUICK = settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@QUICK
@given(results())
def test_any_run_comes_back_and_fits_the_schema(run: Results) -> None:
    with TemporaryDirectory() as folder:
        path = store.write(run, Path(folder))
        assert store.read(path) == store.read(Path(folder)) == run
        plain = json.loads(path.read_bytes())
        assert [entry.name for entry in Path(folder).iterdir()] == ["results.json"]
    Draft202012Validator(SCHEMA).validate(plain)
    assert list(plain)[-1] == "footer"


def test_the_schema_is_that_of_the_types() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert store.SCHEMA.read_text(encoding="utf-8") == store.schema_text(), "python -m contract sample writes it anew"


@pytest.mark.parametrize(("path", "value"), [(("footer",), None), (("header", "seed"), "0"), (("clauses", 0), {})])
def test_the_schema_refuses_what_is_no_report(path: tuple[str | int, ...], value: object) -> None:
    plain = example.results().as_json()
    inner: Any = plain
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    assert not Draft202012Validator(SCHEMA).is_valid(plain)


def without(plain: dict[str, Any], *path: str | int) -> dict[str, Any]:
    inner: Any = plain
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return plain


BROKEN = {
    "empty": ("", "not JSON"),
    "half": (json.dumps(example.results().as_json())[:5000], "not JSON"),
    "a list": ("[]", "has no footer"),
    "no footer": (json.dumps(without(example.results().as_json(), "footer")), "has no footer"),
    "no state": (
        json.dumps(without(example.results().as_json(), "clauses", 0, "state")),
        "clauses 1 (PATH-001): state is missing",
    ),
    "another state": (
        json.dumps(example.results().as_json()).replace('"violated"', '"broken"'),
        "state must be pass, violated, waived, not-applicable, not-judged or error, not 'broken'",
    ),
    "a word for a number": (
        json.dumps(example.results().as_json()).replace('"seed": 0', '"seed": "0"'),
        "header.seed must be a whole number, not '0'",
    ),
    "true for a number": (
        json.dumps(example.results().as_json()).replace('"seed": 0', '"seed": true'),
        "header.seed must be a whole number, not True",
    ),
    "deep": ("[" * 100_000, "not JSON"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_report_is_told_in_one_line(name: str, tmp_path: Path) -> None:
    text, said = BROKEN[name]
    (tmp_path / "results.json").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        store.read(tmp_path)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(tmp_path) in str(caught.value)


def test_a_missing_file_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        store.read(tmp_path)


def test_a_member_of_a_newer_version_is_passed_over(tmp_path: Path) -> None:
    plain = example.results().as_json() | {"new": 1}
    (tmp_path / "results.json").write_text(json.dumps(plain), encoding="utf-8")
    assert store.read(tmp_path) == example.results()


def test_a_failed_writing_leaves_the_report_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.write(example.conformant(), tmp_path)

    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space"):
        store.write(example.results(), tmp_path)
    assert store.read(tmp_path) == example.conformant()
    assert [entry.name for entry in tmp_path.iterdir()] == ["results.json"]
