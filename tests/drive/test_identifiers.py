"""UUIDs that name nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote
from uuid import UUID

import pytest
from hypothesis import strategies as st

from contract.kit.description import operation as spec
from contract.kit.drive.strategies import identifiers
from contract.kit.drive.strategies.identifiers import Identifier
from tests.drive.reach import always, reaches

REAL = "ec8d2952f8f13747bbbf24f93585a63d"
ALL_DIGITS = "12345678901234567890123456789012"
OPERATION = spec.load()
malformed = st.one_of(identifiers.kinds_of_malformed(REAL))


def segment(made: Identifier) -> str:
    """The path's segment as it is sent."""
    if made.raw is not None:
        return made.raw
    first, second = OPERATION.path_parameters
    path = OPERATION.expand(**{first: made.value, second: REAL})
    return path.removeprefix(OPERATION.path.partition("{")[0]).removesuffix(f"/scheduler/triggers/{REAL}")


def test_unknown_uuids_are_of_version_4_and_canonical() -> None:
    def canonical(made: str) -> bool:
        uuid = UUID(made)
        return re.fullmatch("[0-9a-f]{32}", made) is not None and uuid.version == 4 and uuid.hex == made

    always(identifiers.unknown(), canonical)


def test_malformed_ones_are_never_the_uuid() -> None:
    always(malformed, lambda made: made.value.strip().lower() != REAL)
    always(malformed, lambda made: unquote(segment(made)).strip().lower() != REAL)
    always(malformed, lambda made: not made.tolerable)


def test_malformed_ones_are_never_a_well_formed_uuid_of_another() -> None:
    def looks_right(made: Identifier) -> bool:
        return re.fullmatch("[0-9a-f]{32}", made.value) is not None

    always(malformed, lambda made: not looks_right(made), 300)


@pytest.mark.parametrize("real", [REAL, ALL_DIGITS])
def test_segments_are_ascii_and_no_part_of_another(real: str) -> None:
    def sent(made: Identifier) -> bool:
        found = segment(made)
        return found.isascii() and found.isprintable() and bool(found) and not set(found) & set("/?# \\")

    always(st.one_of(identifiers.kinds_of_malformed(real)), sent)


def test_each_case_is_told_in_words() -> None:
    always(malformed, lambda made: bool(made.case) and made.case.isprintable())


def test_no_request_line_grows_beyond_what_servers_take() -> None:
    always(malformed, lambda made: len(segment(made)) < 7_000, 300)


REACHED: dict[str, Callable[[Identifier], bool]] = {
    "cut": lambda made: REAL.startswith(made.value) and len(made.value) < 32,
    "without its beginning": lambda made: REAL.endswith(made.value) and len(made.value) < 32,
    "one digit short": lambda made: made.value == REAL[:31],
    "one digit long": lambda made: len(made.value) == 33 and made.value.startswith(REAL),
    "twice": lambda made: made.value == REAL * 2,
    "not hex": lambda made: len(made.value) == 32 and made.value.isalnum() and made.value.isascii(),
    "dashes": lambda made: made.value == str(UUID(REAL)),
    "braces": lambda made: made.value == f"{{{REAL}}}",
    "SQL": lambda made: made.value.startswith(REAL) and " OR " in made.value,
    "SQL alone": lambda made: made.value.startswith("'"),
    "a wildcard alone": lambda made: made.value == "%",
    "a wildcard inside": lambda made: made.value[5:6] == "_",
    "an encoded slash": lambda made: "%2F" in segment(made),
    "a dot segment": lambda made: segment(made) == "..",
    "an encoded dot segment": lambda made: segment(made) == "%2e%2e",
    "NUL": lambda made: segment(made) == f"{REAL}%00",
    "NUL inside": lambda made: "%00" in segment(made)[:-3],
    "a newline inside": lambda made: "%0A" in segment(made),
    "a backslash": lambda made: "%5C" in segment(made),
    "not ASCII": lambda made: not made.value.isascii(),
    "full-width digits": lambda made: made.value == "".join(chr(ord(char) + 0xFEE0) for char in REAL),
    "not UTF-8": lambda made: segment(made) == f"{REAL}%ff",
    "a bad escape": lambda made: segment(made) == f"{REAL}%zz",
    "thousands of characters": lambda made: len(made.value) > 3_000,
}


@pytest.mark.parametrize("what", REACHED)
def test_malformed_ones_reach(what: str) -> None:
    reaches(malformed, REACHED[what])
