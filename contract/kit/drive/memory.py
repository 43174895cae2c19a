"""What broke the contract on the nights before: kept in Hypothesis's database and sent again first.

A property of the contract judges and does not raise, so Hypothesis by itself keeps nothing of it. What is kept
is an example's choices: drawn numbers and texts, nothing of the target and no secret.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from hypothesis import Phase, settings
from hypothesis.control import current_build_context
from hypothesis.database import ExampleDatabase, ReadOnlyDatabase, choices_to_bytes

MOST: Final = 5
"""Examples of one property that are kept, the shortest first."""

Property = Callable[[], Any]


class Memory:
    """`breaks`: how many violations that no waiver covers the run has found so far."""

    def __init__(self, database: ExampleDatabase, breaks: Callable[[], int], *, send_again: bool = True) -> None:
        self.sent_again = 0
        self.broke_again = 0
        self._database = database
        self._breaks = breaks
        self._send_again = send_again
        self._named: Counter[str] = Counter()

    @property
    def told(self) -> str:
        """What became of the examples that were kept, in words."""
        return f"of {self.sent_again} examples kept from runs before, {self.broke_again} still break the contract"

    def kept(self, test: Any) -> Property:
        """A property (of `given`, with its settings) that sends again what broke it before, then what is new.

        What is new is drawn as if nothing had been kept: a seed makes the same requests on any machine.
        """
        inner = test.hypothesis.inner_test
        key = self._key(inner)
        broke: set[bytes] = set()
        sent = 0

        @functools.wraps(inner)
        def watched(*arguments: Any, **named: Any) -> None:
            nonlocal sent
            sent += 1
            before = self._breaks()
            inner(*arguments, **named)
            if self._breaks() > before:
                broke.add(choices_to_bytes(current_build_context().data.choices))

        test.hypothesis.inner_test = watched

        def run() -> None:
            nonlocal sent
            known = set(self._database.fetch(key))
            if known and self._send_again:
                sent = 0
                self._again(test, key)
                self.sent_again += sent
                self.broke_again += len(broke)
                for example in known - broke:
                    self._database.delete(key, example)
            test()
            for example in sorted(broke, key=lambda each: (len(each), each))[:MOST]:
                self._database.save(key, example)

        return run

    def _key(self, inner: Callable[..., Any]) -> bytes:
        """By the property's name, and which of that name it is: one function may judge several strategies."""
        name = f"{inner.__module__}.{inner.__qualname__}"
        self._named[name] += 1
        return f"contract:{name}:{self._named[name]}".encode()

    def _again(self, test: Any, key: bytes) -> None:
        """Run what the database holds and nothing else.

        Hypothesis forgets what does not raise, and keeps nothing under a seed: so it may only read, under a key
        that it is given.
        """
        own = test._hypothesis_internal_use_settings
        test._hypothesis_internal_use_settings = settings(
            own, phases=(Phase.reuse,), database=ReadOnlyDatabase(self._database), derandomize=False
        )
        test._hypothesis_internal_database_key = key
        try:
            test()
        finally:
            test._hypothesis_internal_use_settings = own
            del test._hypothesis_internal_database_key
