"""A farm for the runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.farm import Farm


@pytest.fixture(scope="package")
def farm() -> Iterator[Farm]:
    with Farm() as farm:
        yield farm
