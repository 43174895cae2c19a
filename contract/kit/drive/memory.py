"""What broke the contract on the nights before: kept in Hypothesis's database and sent again first.

A property of the contract judges and does not raise, so Hypothesis by itself keeps nothing of it. What is kept
is an example's choices: drawn numbers and texts, nothing of the target and no secret. To ask for them is the one
use of what Hypothesis does not document; `pyproject.toml` bounds its versions and the tests tell which name is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from hypothesis import settings
from hypothesis.control import current_build_context
from hypothesis.database import ExampleDatabase, InMemoryExampleDatabase, choices_to_bytes

MOST: Final = 5
"""Examples of one property that are kept, the shortest first."""


def default_database() -> ExampleDatabase:
    """Where Hypothesis keeps examples, as its default profile says."""
    return settings.get_profile("default").database or InMemoryExampleDatabase()


def drawn() -> bytes:
    """The example that is being run, as its choices."""
    return choices_to_bytes(current_build_context().data.choices)


class Known(ExampleDatabase):
    """A database of some examples, whatever property asks; it keeps nothing and forgets nothing."""

    def __init__(self, examples: Iterable[bytes]) -> None:
        super().__init__()
        self._examples = tuple(examples)

    def fetch(self, key: bytes) -> Iterable[bytes]:
        return self._examples

    def save(self, key: bytes, value: bytes) -> None:
        pass

    def delete(self, key: bytes, value: bytes) -> None:
        pass


class Memory:
    """`breaks`: how many violations that no waiver covers the run has found so far."""

    def __init__(self, database: ExampleDatabase, breaks: Callable[[], int], *, send_again: bool = True) -> None:
        self.sent_again = 0
        self.broke_again = 0
        self.database = database
        self.breaks = breaks
        self.sends_again = send_again

    @property
    def told(self) -> str:
        """What became of the examples that were kept, in words."""
        return f"of {self.sent_again} examples kept from runs before, {self.broke_again} still break the contract"

    def of(self, name: str) -> Remembered:
        """The memory of one property, by its name."""
        return Remembered(self, f"contract:{name}".encode())


class Remembered:
    """What one property has sent and what of it broke the contract."""

    def __init__(self, memory: Memory, key: bytes) -> None:
        self._memory = memory
        self._key = key
        self._before = memory.breaks()
        self._broke: set[bytes] = set()
        self._sent = 0
        self._known = set(memory.database.fetch(key)) if memory.sends_again else set()

    @property
    def known(self) -> Known | None:
        """What is to be sent again, as a database; None where there is nothing."""
        return Known(self._known) if self._known else None

    def ran(self, example: bytes) -> Callable[[], None]:
        """Note that the example is run. To be called after each stretch of it: what has broken since is due to it."""
        self._sent += 1

        def after() -> None:
            now = self._memory.breaks()
            if now > self._before:
                self._broke.add(example)
            self._before = now

        return after

    def sent_again(self) -> None:
        """All that was known has been run: what does not break the contract any more is forgotten."""
        memory = self._memory
        memory.sent_again += self._sent
        memory.broke_again += len(self._broke)
        for example in self._known - self._broke:
            memory.database.delete(self._key, example)

    def keep(self) -> None:
        """Keep what broke the contract for the next run."""
        for example in sorted(self._broke, key=lambda each: (len(each), each))[:MOST]:
            self._memory.database.save(self._key, example)
