from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.farm import Farm


@pytest.fixture(scope="session")
def farm() -> Iterator[Farm]:
    # Hundreds of runs that go the same ways as those of tests/runs.
    with Farm(measured=False) as opened:
        yield opened
