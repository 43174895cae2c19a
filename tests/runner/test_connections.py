"""Several requests under way find what one at a time finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.farm import Ended, Farm

TELLING = (
    "documented",
    "zstack-5.2",
    # Faults that show only where requests are under way together, or that come only now and then.
    "state-parallel-crossed",
    "state-parallel-fails",
    "state-one-in-twenty-with-error",
    "err-code-alternates",
    "auth-refusal-spoils-the-next",
)


def run(farm: Farm, folder: Path, target: str, connections: int) -> Ended:
    return farm.run(
        folder / str(connections), "--target", target, "--depth", "smoke", "--connections", str(connections)
    )


@pytest.mark.parametrize("target", TELLING)
def test_clauses_stand_as_with_one_at_a_time(fast_farm: Farm, tmp_path: Path, target: str) -> None:
    one, eight = (run(fast_farm, tmp_path, f"reference:{target}", count) for count in (1, 8))
    assert [(row["id"], row["state"]) for row in eight.results["clauses"]] == [
        (row["id"], row["state"]) for row in one.results["clauses"]
    ]
    assert (eight.status, eight.results["footer"]["verdict"]) == (one.status, one.results["footer"]["verdict"])


def test_the_same_requests_are_sent_at_every_width(fast_farm: Farm, tmp_path: Path) -> None:
    counts = {run(fast_farm, tmp_path, "reference", width).results["footer"]["exchanges"] for width in (1, 3, 8)}
    assert len(counts) == 1


def test_a_server_that_answers_few_at_a_time_conforms(fast_farm: Farm, tmp_path: Path) -> None:
    ended = run(fast_farm, tmp_path, "reference:documented,in_flight=2", 8)
    assert ended.status == 0, ended.output[-4_000:]
