"""Either means either: no choice that the contract leaves open is reported, alone or with others."""

from __future__ import annotations

import os
import random
import re
from pathlib import Path

import pytest

from contract.kit.reference.dialect import BOUNDS, DEPARTURES, OPTION_NAMES, words
from tests.farm import Farm
from tests.runner.conftest import Launch
from tests.runner.started import access_key, left, lent

RANDOM = int(os.environ.get("VARIANTS", "10"))
"""How many random combinations; every value is covered by a few runs before them."""

# Whole numbers: the ends of their ranges, and what is bearable in a test of seconds.
NUMBERS = {
    "causes": ("0", "1", "6"),
    "delay": ("0", "4"),
    "rate": ("0", "200"),
    "rate_minute": ("0", "100000"),
    "job_polls": ("0",),  # a wait that is learned from jobs grows with each, where they count polls and not time
    "job_time": ("0", "9"),
}
LIMITS = {
    *("idle", "idle_end", "answers", "connections", "slowed", "in_flight", "limiter"),
    *("sessions", "session_seconds", "session_requests"),
}
"""What slows a run down or makes it begin again: tried one by one, not together."""
LEFT_OUT = {*DEPARTURES, *LIMITS, "reader"}
VALUES = {
    name: words(name) or NUMBERS.get(name) or tuple(map(str, (*BOUNDS[name], 0)))
    for name in OPTION_NAMES
    if name not in LEFT_OUT
}
LIMITED = (
    "idle=50,idle_end=408",
    "answers=10,idle=5",
    "connections=4",
    "slowed=100,limiter=bare",
    "slowed=100,limiter=503",
    "in_flight=2,limiter=bare",
    "sessions=one",
)


def _covering() -> list[str]:
    """As many combinations as the option with the most values has: each value of each option is in one."""
    chance = random.Random(3)
    shuffled = {name: chance.sample(values, len(values)) for name, values in VALUES.items()}
    most = max(map(len, VALUES.values()))
    return [_name({name: values[at % len(values)] for name, values in shuffled.items()}) for at in range(most)]


def _random(seed: int) -> str:
    chance = random.Random(seed)
    return _name({name: chance.choice(values) for name, values in VALUES.items()})


def _name(chosen: dict[str, str]) -> str:
    return ",".join(["documented", *(f"{name}={value}" for name, value in chosen.items())])


def _conforms(fast_farm: Farm, folder: Path, name: str) -> None:
    run = fast_farm.run(folder, "--depth", "smoke", "--target", f"reference:{name}")
    assert run.violated == set(), f"{name}\n{run.output}"
    assert run.status == 0, f"{name}\n{run.output}"


@pytest.mark.parametrize("settings", LIMITED)
def test_a_limit_conforms(fast_farm: Farm, tmp_path: Path, settings: str) -> None:
    _conforms(fast_farm, tmp_path, f"documented,{settings}")


@pytest.mark.parametrize("at", range(len(_covering())))
def test_every_value_conforms(fast_farm: Farm, tmp_path: Path, at: int) -> None:
    _conforms(fast_farm, tmp_path, _covering()[at])


@pytest.mark.parametrize(("connections", "at"), [("1", 0), ("8", 0), ("8", 1)])
def test_with_the_one_pair_that_was_lent(
    fast_farm: Farm, tmp_path: Path, launched: Launch, connections: str, at: int
) -> None:
    server = launched(_covering()[at])
    options = ("--target", server.url, "--depth", "smoke", "--connections", connections)
    run = fast_farm.run(tmp_path, *options, environ=lent(server))
    assert run.status == 0, run.output
    assert left(server) == {}


@pytest.mark.parametrize("seed", range(RANDOM))
def test_random_combination_conforms(fast_farm: Farm, tmp_path: Path, seed: int) -> None:
    _conforms(fast_farm, tmp_path, _random(seed))


@pytest.mark.parametrize("read_only", [False, True])
def test_with_an_access_key_whose_zone_is_found_out(
    fast_farm: Farm, tmp_path: Path, launched: Launch, read_only: bool
) -> None:
    """Also where only what must be refused is sent: a signed query shows that the key is good."""
    server = launched("zstack-5.2")
    arguments = ["--depth", "smoke", "--target", server.url, "--waivers", "zstack-5.2"]
    run = fast_farm.run(tmp_path, *arguments, *(["--read-only"] if read_only else []), environ=access_key(server))
    assert run.status == 0, run.output
    assert left(server) == {}
    written = "".join(path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file())
    assert f"ZStack {server.access_key_id}:$CONTRACT_SIGNATURE" in written
    assert re.search(rf"ZStack {server.access_key_id}:[A-Za-z0-9+/]{{20,}}=", written) is None
