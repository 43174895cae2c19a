from __future__ import annotations

import pytest

from tests import farm


def pytest_configure(config: pytest.Config) -> None:
    """Only what is to be measured inherits what measures coverage: reference servers would be slower for nothing."""
    if hasattr(config, "workerinput") or not getattr(config.option, "numprocesses", None):
        farm.keep_from_children()
