"""A gate sends the same requests each time, and so does a night that is given its seed again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.farm import Farm


def _sent(fast_farm: Farm, folder: Path, *options: str) -> list[str]:
    file = folder / "sent"
    run = fast_farm.run(folder, "-p", "tests.runner.recorded", *options, environ={"RECORD": str(file)})
    assert run.status == 0, run.output
    return file.read_text("utf-8").splitlines()


@pytest.mark.parametrize("options", [("--depth", "gate"), ("--depth", "smoke")], ids=" ".join)
def test_the_same_requests_each_time(fast_farm: Farm, tmp_path: Path, options: tuple[str, ...]) -> None:
    first, second = (_sent(fast_farm, tmp_path / name, *options) for name in ("first", "second"))
    assert len(first) > 300
    assert first == second


def test_a_night_differs_and_is_the_same_with_its_seed(fast_farm: Farm, tmp_path: Path) -> None:
    tests = "test_uuid_that_is_no_uuid_is_refused or test_any_unknown_members_are_answered"
    nights = [
        fast_farm.run(
            tmp_path / str(at),
            "-p",
            "tests.runner.recorded",
            "--depth",
            "nightly",
            "-k",
            tests,
            *options,
            environ={"RECORD": str(tmp_path / f"sent{at}")},
        )
        for at, options in enumerate(((), (), ("--hypothesis-seed=7",), ("--hypothesis-seed=7",)))
    ]
    assert {night.status for night in nights} == {0}, nights[0].output
    one, other, seeded, again = ((tmp_path / f"sent{at}").read_text("utf-8") for at in range(4))
    assert one != other
    assert seeded == again
