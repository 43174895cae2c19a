"""Sessions and Authorization values that open nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import strategies as st

from contract.kit.drive.strategies import credentials
from contract.kit.drive.strategies.credentials import Altered
from tests.drive.reach import always, reaches

GOOD = "0f2d4a61c3e84b1c9a5e7d3f2b1c0a9d"
SCHEME = "OAuth"


def opens(value: str) -> bool:
    """Return True if the most lenient conforming server would take the value for the good session."""
    head, token = value[: len(SCHEME)], value[len(SCHEME) :]
    return head.lower() == SCHEME.lower() and token.strip() == GOOD


def test_altered_ones_never_open() -> None:
    altered = credentials.altered(GOOD)
    always(altered, lambda made: made.value.strip().lower() != GOOD, 300)
    always(altered, lambda made: not opens(f"{SCHEME} {made.value}"))
    always(altered, lambda made: made.value.isascii() and made.value.isprintable() and bool(made.value))
    always(altered, lambda made: bool(made.case) and GOOD not in made.case)


ALTERED: dict[str, Callable[[Altered], bool]] = {
    "cut": lambda made: made.value == GOOD[:31],
    "without its beginning": lambda made: made.value == GOOD[1:],
    "one digit changed": lambda made: (
        sum(a != b for a, b in zip(made.value, GOOD, strict=False)) == 1 and len(made.value) == 32
    ),
    "drawn out": lambda made: made.value.startswith(GOOD) and len(made.value) == 33,
    "something before it": lambda made: made.value.endswith(GOOD) and len(made.value) == 33,
    "a wildcard": lambda made: made.value == "%",
    "a wildcard after a beginning": lambda made: made.value == f"{GOOD[:8]}%",
    "SQL after it": lambda made: made.value.startswith(f"{GOOD}'"),
    "SQL": lambda made: made.value.startswith("'"),
    "twice": lambda made: made.value == GOOD * 2,
    "two of them": lambda made: made.value == f"{GOOD},{GOOD}",
}


@pytest.mark.parametrize("what", ALTERED)
def test_altered_ones_reach(what: str) -> None:
    reaches(credentials.altered(GOOD), ALTERED[what])


def test_foreign_values_never_open() -> None:
    values = st.one_of(credentials.kinds_of_foreign_values(SCHEME, GOOD))
    always(values, lambda value: not opens(value), 300)
    always(values, lambda value: not value.lower().startswith(SCHEME.lower()))
    always(values, lambda value: value.isascii() and value.isprintable())


FOREIGN: dict[str, Callable[[str], bool]] = {
    "Bearer": lambda value: value == f"Bearer {GOOD}",
    "Basic": lambda value: value == f"Basic {GOOD}",
    "ZStack": lambda value: value == f"ZStack {GOOD}",
    "a scheme alone": lambda value: value == "Bearer",
    "an invented scheme with the good session": lambda value: (
        value.endswith(f" {GOOD}") and value.partition(" ")[0] not in credentials.FOREIGN_SCHEMES
    ),
    "the session alone": lambda value: value == GOOD,
    "the scheme behind": lambda value: value == f"{GOOD} {SCHEME}",
    "the good value within another": lambda value: value == f"Bearer {SCHEME} {GOOD}",
}


@pytest.mark.parametrize("what", FOREIGN)
def test_foreign_values_reach(what: str) -> None:
    reaches(st.one_of(credentials.kinds_of_foreign_values(SCHEME, GOOD)), FOREIGN[what])
