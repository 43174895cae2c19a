"""No secret of a run is in anything that it writes, not even where the server sends it back."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contract.kit.reference import Handle
from contract.kit.report import history, page
from tests.farm import Farm
from tests.runner.conftest import Launch
from tests.runner.started import access_key, account, lent

BLOB = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
PART = 16
"""So many of a secret's digits in a row tell too much of it."""


def _readings(data: bytes) -> Iterator[bytes]:
    """The data, and what is in the base64 in it, at each of the four places where a blob may begin."""
    yield data.lower()
    for blob in BLOB.findall(data):
        for skip in range(4):
            text = blob[skip:].rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
            yield base64.b64decode(text[: len(text) // 4 * 4]).lower()


def _found_in(folder: Path, secrets: list[str]) -> list[str]:
    parts = {secret[at : at + PART].lower().encode() for secret in secrets for at in range(len(secret) - PART + 1)}
    pattern = re.compile(b"|".join(map(re.escape, sorted(parts))))
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert len(files) >= 4
    return [file.name for file in files if any(pattern.search(text) for text in _readings(file.read_bytes()))]


def _secrets(reference: Handle) -> list[str]:
    digest = hashlib.sha512(reference.password.encode()).hexdigest()
    return [reference.session, reference.access_key_secret, digest]


@pytest.mark.parametrize("mode", [account, lent, access_key])
@pytest.mark.parametrize("name", ["documented", "auth-session-echoed", "zstack-5.2+auth-session-echoed"])
def test_no_secret_is_written(
    fast_farm: Farm, tmp_path: Path, launched: Launch, name: str, mode: Callable[[Handle], dict[str, str]]
) -> None:
    reference = launched(name)
    run = fast_farm.run(tmp_path, "--depth", "smoke", "--target", reference.url, environ=mode(reference))
    assert run.results, run.output
    if mode is not access_key:
        assert ("AUTH-011" in run.violated) == ("echoed" in name), run.output
    assert _found_in(tmp_path, _secrets(reference)) == []


@pytest.mark.parametrize("place", ["query", "cookie"])
def test_no_secret_stands_in_what_makes_a_clause_break(
    fast_farm: Farm, tmp_path: Path, launched: Launch, place: str
) -> None:
    reference = launched(f"auth-session-in-{place}-accepted")
    options = ("--target", reference.url, "--clause", "AUTH-003")
    run = fast_farm.run(tmp_path, *options, environ=lent(reference))
    (row,) = (row for row in run.results["clauses"] if row["violations"])
    told = [violation["isolated"] for violation in row["violations"]]
    assert any(re.search(r"\$\{?CONTRACT_SESSION", words) for words in told), told
    assert _found_in(tmp_path, _secrets(reference)) == []


@pytest.mark.parametrize("mode", [account, lent])
def test_no_secret_is_in_the_page_of_a_run_nor_in_its_history(
    fast_farm: Farm, tmp_path: Path, launched: Launch, mode: Callable[[Handle], dict[str, str]]
) -> None:
    reference = launched("zstack-5.2+auth-session-echoed")
    run = fast_farm.run(tmp_path, "--depth", "smoke", "--target", reference.url, environ=mode(reference))
    assert "AUTH-011" in run.violated, run.output
    assert "OAuth $CONTRACT_SESSION" in (tmp_path / page.NAME).read_text(encoding="utf-8")
    assert len(list((tmp_path / history.FOLDER).iterdir())) == 2
    assert _found_in(tmp_path, _secrets(reference)) == []


def test_search_finds_what_it_looks_for(tmp_path: Path) -> None:
    secret = "0123456789abcdef" * 2
    for name, text in [
        ("plain", secret),
        ("part", secret[5:25]),
        ("upper", secret.upper()),
        ("base64", base64.b64encode(secret.encode()).decode()),
        ("inside", base64.b64encode(f"x{secret}".encode()).decode()),
        ("run on", "a" + base64.b64encode(f"xy{secret}".encode()).decode()),
        ("nothing", secret[:15]),
    ]:
        (tmp_path / name).write_text(f"<p>{text}</p>")
    assert sorted(_found_in(tmp_path, [secret])) == ["base64", "inside", "part", "plain", "run on", "upper"]
