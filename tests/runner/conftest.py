"""A farm for the runs, and references that outlive them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from contract.kit.reference import Handle, launch
from tests.farm import Farm

Launch = Callable[[str], Handle]


@pytest.fixture(scope="session")
def farm() -> Iterator[Farm]:
    """Its runs count for the coverage."""
    with Farm(measured=True) as farm:
        yield farm


@pytest.fixture(scope="session")
def fast_farm() -> Iterator[Farm]:
    """For many runs that go the same ways."""
    with Farm() as farm:
        yield farm


@pytest.fixture
def launched() -> Iterator[Launch]:
    """Starts references that end with the test."""
    with ExitStack() as stack:
        yield lambda name: stack.enter_context(launch(name))


@pytest.fixture
def reference(launched: Launch) -> Handle:
    """A conforming reference of the test's own."""
    return launched("documented")
