"""A night on a target that is wrong, and the nights after it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.farm import Ended, Farm
from tests.runner.conftest import Launch
from tests.runner.started import account

KEPT = re.compile(r"of (\d+) examples kept from runs before, (\d+) still break the contract")


def told(run: Ended) -> list[tuple[int, int]]:
    """How many examples were sent again, and how many of them broke the contract again."""
    found = (KEPT.fullmatch(notice) for notice in run.results["notices"])
    return [(int(match[1]), int(match[2])) for match in found if match]


def test_what_broke_the_contract_is_sent_again_until_it_holds(farm: Farm, tmp_path: Path, launched: Launch) -> None:
    def night(name: str) -> Ended:
        reference = launched(name)
        environ = {**account(reference), "HYPOTHESIS_STORAGE_DIRECTORY": str(tmp_path / "kept")}
        arguments = ("--depth", "nightly", "-k", "test_uuid_that_is_no_uuid", "--target", reference.url)
        return farm.run(tmp_path / "reports", *arguments, environ=environ)

    first = night("path-truncated-group-accepted")
    assert "PATH-004" in first.violated, first.output
    assert told(first) == []
    ((sent, broke),) = told(night("path-truncated-group-accepted"))
    assert 1 <= sent == broke
    ((sent_at_last, still_broke),) = told(night("documented"))
    assert (sent_at_last >= sent, still_broke) == (True, 0)
