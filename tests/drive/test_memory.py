"""What broke the contract before is sent again first, and changes nothing of what is new."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import hypothesis.core
import hypothesis.database
import pytest
from hypothesis import strategies as st
from hypothesis.control import BuildContext
from hypothesis.database import InMemoryExampleDatabase

from contract.kit.config import Depth
from contract.kit.drive.memory import MOST, Memory
from contract.kit.drive.properties import Properties

Wrong = Callable[[object], bool]


def is_wrong(drawn: object) -> bool:
    return drawn % 13 == 3 if isinstance(drawn, int) else "7" in str(drawn)


def is_right(_: object) -> bool:
    return False


@pytest.fixture
def database() -> InMemoryExampleDatabase:
    return InMemoryExampleDatabase()


@pytest.fixture(autouse=True)
def no_seed_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A seed for all of Hypothesis, as `--hypothesis-seed` sets it, turns its database off."""
    monkeypatch.setattr(hypothesis.core, "global_force_seed", None)


def night(
    database: InMemoryExampleDatabase, wrong: Wrong, seed: int, *, send_again: bool = True
) -> tuple[list[Any], Memory]:
    """What two properties of one name draw in a run under `seed`, on a target that answers wrongly where told."""
    drawn: list[Any] = []
    broken: list[Any] = []
    memory = Memory(database, lambda: len(broken), send_again=send_again)
    properties = Properties(Depth("night", 1, random=True), seed, memory)
    properties.begin("a test")

    def each(value: object) -> None:
        drawn.append(value)
        if wrong(value):
            broken.append(value)

    for strategy in (st.integers(0, 10**6), st.text("0123456789", min_size=1)):
        properties.for_examples(60, each, strategy)
    return drawn, memory


def test_hypothesis_still_has_what_the_memory_takes_of_it_beyond_its_documentation() -> None:
    assert callable(hypothesis.database.choices_to_bytes), "the form in which the database keeps an example is gone"
    assert "data" in BuildContext.__init__.__code__.co_varnames, "an example that is being run is told no more"


def kept(database: InMemoryExampleDatabase) -> list[int]:
    return [len(found) for found in database.data.values()]


def test_what_broke_it_comes_first_and_is_counted(database: InMemoryExampleDatabase) -> None:
    first, memory = night(database, is_wrong, 1)
    assert (memory.sent_again, memory.broke_again) == (0, 0)
    number = sum(kept(database))
    assert len(kept(database)) == 2
    assert 1 <= min(kept(database)) <= max(kept(database)) <= MOST
    second, memory = night(database, is_wrong, 2)
    assert (memory.sent_again, memory.broke_again) == (number, number)
    assert is_wrong(second[0])
    assert {value for value in second[:MOST] if is_wrong(value)} <= set(first)
    assert memory.told == f"of {number} examples kept from runs before, {number} still break the contract"


def test_what_is_repaired_is_sent_once_more_and_forgotten(database: InMemoryExampleDatabase) -> None:
    night(database, is_wrong, 1)
    number = sum(kept(database))
    _, memory = night(database, is_right, 2)
    assert (memory.sent_again, memory.broke_again) == (number, 0)
    assert sum(kept(database)) == 0


def test_what_is_new_is_what_the_seed_says_whatever_is_kept(database: InMemoryExampleDatabase) -> None:
    bare, _ = night(InMemoryExampleDatabase(), is_right, 3)
    night(database, is_wrong, 1)
    full, memory = night(database, is_right, 3)
    assert len(full) == len(bare) + memory.sent_again
    assert [value for value in full if isinstance(value, str)][-60:] == [v for v in bare if isinstance(v, str)]


def test_a_run_that_repeats_another_sends_nothing_but_that(database: InMemoryExampleDatabase) -> None:
    first, _ = night(database, is_wrong, 1)
    before = kept(database)
    again, memory = night(database, is_wrong, 1, send_again=False)
    assert again == first
    assert memory.sent_again == 0
    assert kept(database) == before


def test_a_run_that_is_cut_off_forgets_nothing(database: InMemoryExampleDatabase) -> None:
    night(database, is_wrong, 1)
    before = kept(database)

    def gone(_: object) -> bool:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        night(database, gone, 2)
    assert kept(database) == before
