"""`python -m contract replay`: the exchange of a violation sent again, on the same target or on one that is fixed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from contract.kit.runner import commands
from contract.kit.runner.replay import settings_of
from tests.farm import Farm
from tests.report import example

MUTANT = "reference:auth-no-header-accepted"


@pytest.fixture(scope="module")
def broken(fast_farm: Farm, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("broken")
    run = fast_farm.run(folder, "--target", MUTANT, "--clause", "AUTH-001")
    assert run.violated == {"AUTH-001"}, run.output
    (row,) = run.results["clauses"]
    assert row["violations"][0]["rule"] == "missing_or_foreign_credentials_are_refused"
    assert sorted(row["violations"][0]["exchange"]["own"].values()) == ["job group", "trigger"]
    return folder / "results.json"


def test_a_violation_is_still_there_or_gone(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["replay", str(broken), "auth-001"]) == 1
    told = capsys.readouterr().out
    assert "HTTP 200" in told
    assert "AUTH-001 is still broken: expected a failure or a rejection; got HTTP 200 with an inventory" in told
    assert commands.main(["replay", str(broken), "AUTH-001", "--target", "reference"]) == 0
    assert capsys.readouterr().out.endswith("AUTH-001 holds for this answer\n")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["AUTH-002"], "AUTH-002 is not broken in that run; broken are AUTH-001"),
        (["AUTH-001", "99"], "not 99"),
        (["AUTH-001", "--target", "http://127.0.0.1:1"], "the target needs credentials"),
    ],
)
def test_what_cannot_be_sent_again_is_one_line(
    broken: Path, argv: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.main(["replay", str(broken), *argv]) == 4
    told = capsys.readouterr()
    assert said in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""


def test_it_reaches_the_target_as_the_run_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cert = tmp_path / "cert.pem"
    cert.write_text("-----BEGIN CERTIFICATE-----")
    way = {"pace": 40.0, "request_timeout": 7.5, "client_cert": str(cert), "client_key": str(cert), "insecure": True}
    results = example.results()
    header = replace(results.header, target={"name": "https://staging"}, settings={**way, "read_only": True})
    monkeypatch.setenv("CONTRACT_ACCOUNT", "a")
    monkeypatch.setenv("CONTRACT_PASSWORD", "p")
    asked = settings_of(replace(results, header=header), None)
    assert {name: getattr(asked, name) for name in way} == way
    assert (asked.url, asked.read_only) == ("https://staging", False)
