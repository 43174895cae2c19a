"""The dialects of ZStack's servers against what the real code answered: request by request, but for what is listed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from contract.kit.reference.naming import parse_name
from contract.kit.reference.serve import application
from contract.kit.reference.world import seeded
from tests.reference.conftest import Stage
from tests.reference.replay import PLAN, Replay, lines

LINES = list(lines())


def test_the_plan_names_lines_that_there_are() -> None:
    names = [line.name for line in LINES]
    for entry in PLAN["line"]:
        assert any(re.fullmatch(entry["name"], name) for name in names), entry["name"]
    assert len(LINES) == 438


@pytest.mark.parametrize("reference", PLAN["reference"], ids=lambda entry: entry["name"])
def test_a_dialect_answers_as_the_real_code_did(stage: Stage, reference: Mapping[str, Any]) -> None:
    world = seeded()
    stage.application = application(parse_name(f"{reference['name']},{reference['options']}"), world)
    replay = Replay(stage.port, world, tuple(reference.get("errors", ())))
    listed = [entry for entry in PLAN["difference"] if entry.get("of") in (None, reference["name"])]
    unlisted = []
    met: set[tuple[int, str]] = set()
    for line in LINES:
        for part, words in replay.differences(line).items():
            fitting = [
                number
                for number, entry in enumerate(listed)
                if part in entry["parts"] and re.fullmatch(entry["name"], line.name)
            ]
            met.update((number, part) for number in fitting)
            if not fitting:
                unlisted.append(f"{line.name}: {part}: {words}")
    assert unlisted == [], "\n".join(unlisted)
    needless = [
        f"{entry['name']}: {part}"
        for number, entry in enumerate(listed)
        for part in entry["parts"]
        if (number, part) not in met
    ]
    assert needless == []
