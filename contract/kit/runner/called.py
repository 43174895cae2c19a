"""What the call of pytest asks for: options, clauses, a shard, a seed. UsageError where it cannot be."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from contract.kit.config import DEPTHS, OPTIONS, Settings, UsageError
from contract.kit.judge import Register
from contract.kit.runner import chosen


def options(config: pytest.Config) -> dict[str, str | None]:
    """Each option of the project as it was given; lists of one option are put together by commas."""
    given = {name: config.getoption(name) for name in OPTIONS}
    return {name: ",".join(value) if isinstance(value, list) else value for name, value in given.items()}


def clauses(config: pytest.Config, settings: Settings, register: Register, home: Path) -> tuple[str, ...]:
    """The clauses that the call names; () for the whole contract. `home`: where the tests of the contract are."""
    if config.getoption("failedfirst", False):
        raise UsageError("--ff has no meaning here, the order of the tests is the contract's; give --lf")
    if settings.clause:
        return chosen.named(settings.clause, register)
    if config.getoption("lf", False):
        return chosen.last_broken(settings.reports, register)
    return chosen.in_tests(config.args, config.invocation_params.dir, home, register)


def shard(config: pytest.Config) -> tuple[int, int] | None:
    """Which part of how many."""
    value: str | None = config.getoption("shard")
    if value is None:
        return None
    part, _, parts = value.partition("/")
    if not (part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts)):
        raise UsageError(f"--shard is K/N with 1 ≤ K ≤ N, for example 2/5, not {value!r}")
    return int(part), int(parts)


def seed(config: pytest.Config, settings: Settings) -> int:
    """The seed of a random run; 0 where the requests are the same each time."""
    given = config.getoption("--hypothesis-seed", None)
    if given is not None and str(given).isdecimal():
        return int(given)
    if not DEPTHS[settings.depth].random:
        return 0
    return random.SystemRandom().randrange(2**32)
