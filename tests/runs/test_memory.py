"""A night on a target that is wrong, and the nights after it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.farm import Ended, Farm
from tests.runs.conftest import Launch
from tests.runs.started import account


def told(run: Ended) -> list[Any]:
    notices = run.results["notices"]
    return [notice for notice in notices if "kept from runs before" in notice]


def test_what_broke_the_contract_is_sent_again_until_it_holds(farm: Farm, tmp_path: Path, launched: Launch) -> None:
    def night(name: str) -> Ended:
        reference = launched(name)
        environ = {**account(reference), "HYPOTHESIS_STORAGE_DIRECTORY": str(tmp_path / "kept")}
        arguments = ("--depth", "nightly", "-k", "test_boolean_is_a_boolean", "--target", reference.url)
        return farm.run(tmp_path / "reports", *arguments, environ=environ)

    first = night("body-trigger-now-number-accepted")
    assert "BODY-004" in first.violated, first.output
    assert told(first) == []
    assert told(night("body-trigger-now-number-accepted")) == [
        "of 5 examples kept from runs before, 5 still break the contract"
    ]
    assert told(night("documented")) == ["of 5 examples kept from runs before, 0 still break the contract"]
