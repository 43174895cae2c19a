"""Every exit status by a run, and each mistake of the user told in one line that names what fixes it."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from pathlib import Path

import pytest

from contract.kit.reference import Handle
from tests.farm import Ended, Farm
from tests.runner.conftest import Launch
from tests.runner.started import account, left, lent

ERROR = re.compile(r"^ERROR: |: error: ", re.MULTILINE)


def test_conformant_is_0(farm: Farm, tmp_path: Path) -> None:
    run = farm.run(tmp_path, "--depth", "smoke")
    assert run.status == 0, run.output
    assert run.results["footer"]["verdict"] == "conformant"


def test_broken_contract_is_1(farm: Farm, tmp_path: Path) -> None:
    run = farm.run(tmp_path, "--depth", "smoke", "--target", "reference:auth-no-header-accepted")
    assert run.status == 1
    assert "AUTH-001" in run.violated


def test_stale_waiver_is_1(farm: Farm, tmp_path: Path) -> None:
    waivers = tmp_path / "stale.toml"
    waivers.write_text(
        '[[waiver]]\nclause = "ENV-002"\nwhere = { actual = "^HTTP 202 " }\nreason = "it was a job"\n'
        'ticket = "T-1"\nowner = "QA"\nsince = 2026-01-01\nreview_by = 2999-01-01\n'
    )
    run = farm.run(tmp_path / "reports", "--depth", "smoke", "--waivers", str(waivers))
    assert run.status == 1, run.output
    assert run.violated == set()
    assert run.results["footer"]["why"] == "the waiver of ENV-002 (T-1) is stale"


def test_clauses_that_could_not_be_judged_are_4(farm: Farm, tmp_path: Path, reference: Handle) -> None:
    environ = lent(reference)
    run = farm.run(tmp_path, "--clause", "AUTH-004", "--target", reference.url, environ=environ)
    assert run.status == 4, run.output
    assert run.results["footer"]["verdict"] == "nothing verified"


@pytest.mark.parametrize("arguments", [["-k", "no_test_is_named_so"], ["--deselect", "contract"]])
def test_nothing_selected_is_5(farm: Farm, tmp_path: Path, arguments: list[str]) -> None:
    run = farm.run(tmp_path, *arguments)
    assert run.status == 5, run.output
    assert run.results["footer"]["verdict"] == "nothing verified"


NOWHERE = "0" * 32


def _without(environ: Mapping[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in environ.items() if key != name}


def _told(run: Ended, fix: str) -> None:
    assert run.status == 4, run.output
    if "unrecognized arguments" not in run.output:  # pytest itself refuses these, before it asks the suite
        footer = run.results["footer"]
        assert (footer["verdict"], footer["exit_status"]) == ("did not start", 4)
        assert fix in footer["why"]
    assert "Traceback" not in run.output
    told = [line for line in run.output.splitlines() if ERROR.search(line) and "ERROR: usage:" not in line]
    assert len(told) == 1, run.output
    assert fix in told[0]


@pytest.mark.parametrize(
    ("arguments", "environ", "fix"),
    [
        (["--targett", "reference"], {}, "unrecognized arguments: --targett"),
        ([], {"CONTRACT_TARGE": "http://127.0.0.1:1"}, "did you mean CONTRACT_TARGET?"),
        ([], {"CONTRACT_PASSWORD": "p"}, "give --target or CONTRACT_TARGET"),
        (["--depth", "gat"], {}, "did you mean gate"),
        (["--pace", "0"], {}, "--pace is a number above 0"),
        (["--request-timeout", "soon"], {}, "--request-timeout is a number above 0"),
        (["--target", "reference:documentd"], {}, "near: documented"),
        (["--shard", "3/2"], {}, "for example 2/5"),
        (["--ca-bundle", "/nowhere.pem"], {}, "the CA bundle /nowhere.pem is not a file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_misspelt_call_is_4(
    farm: Farm, tmp_path: Path, arguments: list[str], environ: dict[str, str], fix: str
) -> None:
    _told(farm.run(tmp_path, *arguments, environ=environ), fix)


@pytest.mark.parametrize("option", ["--waivers", "--target"])
@pytest.mark.parametrize(
    "content", [None, b"[[waiver", b'[[waiver]]\nclause = "NONE-001"\n', b"\xff\xfe", b'url = "x"\nunknown = 1\n']
)
def test_unusable_file_is_4(farm: Farm, tmp_path: Path, option: str, content: bytes | None) -> None:
    file = tmp_path / "given.toml"
    if content is not None:
        file.write_bytes(content)
    _told(farm.run(tmp_path / "reports", option, str(file)), str(file))


def test_target_without_scheme_is_4(farm: Farm, tmp_path: Path) -> None:
    run = farm.run(tmp_path, "--target", "127.0.0.1:8080", environ={"CONTRACT_ACCOUNT": "a", "CONTRACT_PASSWORD": "b"})
    _told(run, "did you mean http://127.0.0.1:8080?")


def test_target_that_is_down_is_4(farm: Farm, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        run = farm.run(tmp_path, "--target", url, environ={"CONTRACT_ACCOUNT": "a", "CONTRACT_PASSWORD": "b"})
    _told(run, f"{url} is not reachable")
    assert list(tmp_path.glob("ledger-*")) == []


def test_credentials_that_are_not_good_are_4(farm: Farm, tmp_path: Path, reference: Handle) -> None:
    by_account, by_pair = account(reference), lent(reference)
    cases = [
        ({**by_account, "CONTRACT_PASSWORD": "open sesame"}, "check CONTRACT_ACCOUNT and CONTRACT_PASSWORD"),
        ({**by_account, "CONTRACT_ACCOUNT": "nobody"}, "check CONTRACT_ACCOUNT and CONTRACT_PASSWORD"),
        ({**by_pair, "CONTRACT_SESSION": NOWHERE}, "set CONTRACT_SESSION to a new one"),
        ({**by_pair, "CONTRACT_JOB_GROUP": NOWHERE}, "check CONTRACT_JOB_GROUP"),
        ({**by_pair, "CONTRACT_TRIGGER": NOWHERE}, "check CONTRACT_TRIGGER"),
        (_without(by_pair, "CONTRACT_TRIGGER"), "CONTRACT_JOB_GROUP is set but CONTRACT_TRIGGER is not"),
        (_without(by_pair, "CONTRACT_JOB_GROUP"), "CONTRACT_TRIGGER is set but CONTRACT_JOB_GROUP is not"),
        ({"CONTRACT_SESSION": reference.session}, "set CONTRACT_JOB_GROUP and CONTRACT_TRIGGER"),
        (_without(by_account, "CONTRACT_PASSWORD"), "CONTRACT_ACCOUNT is set but CONTRACT_PASSWORD is not"),
        ({**by_account, **by_pair}, "CONTRACT_ACCOUNT and CONTRACT_SESSION are both set"),
        ({}, "set CONTRACT_ACCOUNT and CONTRACT_PASSWORD, or CONTRACT_SESSION"),
    ]
    for number, (environ, fix) in enumerate(cases):
        folder = tmp_path / str(number)
        _told(farm.run(folder, "--target", reference.url, environ=environ), fix)
        assert list(folder.glob("ledger-*")) == []
    assert left(reference) == {}


def test_an_account_without_rights_is_4(farm: Farm, tmp_path: Path, launched: Launch) -> None:
    server = launched("zsvirt")
    environ = {"CONTRACT_ACCOUNT": server.ordinary_account, "CONTRACT_PASSWORD": server.password}
    run = farm.run(tmp_path, "--target", server.url, environ=environ)
    assert run.status == 4, run.output
    assert "SYS.1019" in run.output
    assert "give the account the right to it, or lend the run a pair" in run.output


@pytest.mark.parametrize("password", [True, False])
def test_workers_make_no_difference(farm: Farm, tmp_path: Path, reference: Handle, password: bool) -> None:
    environ = {**account(reference), "CONTRACT_PASSWORD": "open sesame"} if password else lent(reference)
    fix = "check CONTRACT_ACCOUNT" if password else "leave -n out"
    _told(farm.run(tmp_path, "--target", reference.url, "-n2", environ=environ), fix)
    assert left(reference) == {}


def test_session_that_expired_is_4(farm: Farm, tmp_path: Path, reference: Handle) -> None:
    environ = lent(reference)
    reference.expire_sessions()
    _told(farm.run(tmp_path, "--target", reference.url, environ=environ), "set CONTRACT_SESSION to a new one")
    assert left(reference) == {"touched": ["the seeded session has ended"]}
