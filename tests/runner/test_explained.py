"""`python -m contract clauses ID`: all about a clause, by places that are there."""

from __future__ import annotations

import re

import pytest

from contract.kit.judge import clauses
from contract.kit.runner import commands, explained, proof

PLACE = re.compile(r"(contract/[\w/.]+):(\d+)(?: (\w+))?")


@pytest.mark.parametrize("clause", [clause.id for clause in clauses.load().clauses])
def test_each_place_is_where_it_is_said_to_be(clause: str) -> None:
    register = clauses.load()
    told = explained.explained(register, proof.proofs(register), [clause])
    places = [found for line in told for found in PLACE.findall(line)]
    assert {file.split("/")[1] for file, _, _ in places} >= {"clauses.toml", "kit"}
    assert any("test_" in file for file, _, _ in places)
    for file, line, name in places:
        lines = (explained.ROOT / file).read_text(encoding="utf-8").splitlines()
        near = "\n".join(lines[int(line) - 1 : int(line) + 3])
        assert (name or clause) in near, (file, line)


def test_the_mutants_that_fail_this_clause_alone_come_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["clauses", "err-004"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("ERR-004    An error's cause is null")
    alone = [line for line in told.splitlines() if "(this clause alone)" in line]
    assert any("err-cause-string" in line for line in alone)
    assert told.index("err-code-of-cause-wrong") > told.index(alone[-1])


def test_a_long_list_of_mutants_is_cut_and_shown_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["clauses", "ENV-005"]) == 0
    cut = capsys.readouterr().out
    assert re.search(r"\n +and \d+ more: --all lists them\n", cut)
    assert commands.main(["clauses", "ENV-005", "--all"]) == 0
    assert len(capsys.readouterr().out.splitlines()) > len(cut.splitlines())


def test_how_to_run_it_and_where_the_report_has_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["clauses", "ENV-002"]) == 0
    told = capsys.readouterr().out
    assert "run      pytest contract --clause ENV-002\n" in told
    assert "report   reports/index.html#ENV-002\n" in told
    assert re.search(r"waivers  contract/waivers/zstack-5\.2\.toml:\d+\n", told)
    assert re.search(r"floor    smoke \d+, gate \d+, nightly \d+, soak \d+\n", told)


def test_what_is_not_tested_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["clauses", "PATH-008"]) == 0
    assert "untested it is an operation of its own" in capsys.readouterr().out


def test_a_family_is_all_of_its_clauses(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["clauses", "INV"]) == 0
    register = clauses.load()
    expected = [row.id for row in register.rows if row.family == "INV"]
    assert re.findall(r"^INV-\d{3}", capsys.readouterr().out, re.MULTILINE) == expected


def test_an_unknown_id_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["clauses", "ERR-044"]) == 4
    assert capsys.readouterr().err == "contract: clauses ERR-044: there is no such clause; did you mean ERR-004?\n"


def test_the_source_of_a_clause_has_its_address(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["clauses", "PATH-005"]) == 0
    source = " ".join(capsys.readouterr().out.partition("source")[2].partition("register")[0].split())
    assert source == (
        "vendor's page, Endpoint; RFC 9110, 15.5.6; https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6"
    )
