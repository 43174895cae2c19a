"""Every mutant can be made to fire, over a real socket, and is written down as it should be."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from contract.kit.reference import mutants
from tests.reference.conftest import Stage
from tests.reference.drivers import DRIVERS, drivers

CLAUSES = {
    *(f"PATH-{number:03}" for number in range(1, 8)),
    *(f"AUTH-{number:03}" for number in range(1, 12)),
    *(f"ENV-{number:03}" for number in range(1, 8)),
    *(f"ERR-{number:03}" for number in range(1, 8)),
    *(f"INV-{number:03}" for number in range(1, 5)),
    *(f"BODY-{number:03}" for number in range(1, 10)),
    *(f"STATE-{number:03}" for number in range(1, 7)),
}
SILENT_SECONDS = 0.15


@pytest.mark.parametrize("name", mutants())
def test_a_mutant_fires(name: str, stage: Stage) -> None:
    client = stage.play(name, timeout=SILENT_SECONDS)
    # What shows a fault may be a clause that a run cannot judge for it: then the rest are tried too.
    likely = [*drivers(mutants()[name].clauses), *drivers(tuple(sorted(CLAUSES)))]
    for drive in likely * (40 if name.endswith("-by-chance") else 1):
        drive(stage, client)
        if stage.application.operation.fired:
            break
    assert stage.application.operation.fired > 0


def test_a_mutant_does_not_fire_without_its_occasion(stage: Stage) -> None:
    client = stage.play("path-unknown-trigger-accepted")
    assert client.add().status == 200
    assert client.send("GET", "/reference/control").json["fired"] == {"path-unknown-trigger-accepted": 0}
    assert client.add(path=client.path(trigger="0" * 32)).status == 200
    assert client.send("GET", "/reference/control").json["fired"] == {"path-unknown-trigger-accepted": 1}


def test_every_clause_has_a_mutant() -> None:
    named = Counter(clause for mutant in mutants().values() for clause in mutant.clauses)
    assert named.keys() == CLAUSES


def test_every_driver_is_for_a_clause() -> None:
    assert DRIVERS.keys() <= CLAUSES


def test_the_catalogue_is_well_written() -> None:
    for name, mutant in mutants().items():
        assert name == mutant.name
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", name)
        assert len(set(mutant.clauses)) == len(mutant.clauses) > 0
        assert mutant.lie, name
        assert not mutant.lie.endswith("."), name
    lies = Counter(mutant.lie for mutant in mutants().values())
    assert [lie for lie, count in lies.items() if count > 1] == []
