"""What a soak sends is drawn from the strategies, the same for the same seed, and judged by the clauses it names."""

from __future__ import annotations

from uuid import uuid4

import pytest

from contract.kit.config.settings import Settings, TargetKind
from contract.kit.description.operation import load
from contract.kit.exchange.exchange import Expect
from contract.kit.judge import clauses
from contract.kit.judge.rules import Over, rules_of
from contract.kit.soak.hand import EFFECTS
from contract.kit.soak.mix import AGAIN, SHARES, Mix, draw
from contract.kit.soak.plan import Plan, Role
from contract.kit.target.resources import Pair

OPERATION = load()
IDLE = (Pair("a" * 32, "b" * 32), Pair("c" * 32, "d" * 32))
TOKEN = uuid4().hex
OTHERS = {"STATE-002", "STATE-005"}
"""Driven by a hand, with what it knows of its pairs."""


@pytest.fixture(scope="module")
def mix() -> Mix:
    return draw(OPERATION, TOKEN, IDLE, 7, 40)


def test_the_same_seed_draws_the_same(mix: Mix) -> None:
    assert draw(OPERATION, TOKEN, IDLE, 7, 40) == mix
    assert draw(OPERATION, TOKEN, IDLE, 8, 40) != mix


def test_every_kind_has_its_share_and_its_requests(mix: Mix) -> None:
    assert set(mix) == set(SHARES)
    assert all(len({repr(shot) for shot in shots}) > 2 for kind, shots in mix.items() if kind != AGAIN)


def test_every_clause_that_a_soak_drives_has_a_request(mix: Mix) -> None:
    driven = {clause for shots in mix.values() for shot in shots for clause in shot.clauses} | set(EFFECTS.values())
    wanted = {
        clause.id
        for clause in clauses.load().clauses
        if "soak" in clause.floor and any(rule.over is Over.DRIVEN for rule in rules_of(clause.id))
    }
    # What follows a refusal on its connection is for the gate.
    assert driven | OTHERS == wanted - {"ENV-006", "ENV-007"}


def test_what_must_be_refused_is_no_good_request(mix: Mix) -> None:
    good = dict(zip(OPERATION.path_parameters, ("c" * 32, "d" * 32), strict=True))
    auth = OPERATION.auth
    real = (auth.header, f"{auth.scheme} {TOKEN}")
    for kind, shots in mix.items():
        for shot in shots:
            if shot.expect is not Expect.REFUSAL:
                continue
            wrong_path = shot.values != good
            wrong_session = shot.sending.authorization is not None
            wrong_body = shot.sending.body is not None
            assert wrong_path + wrong_session + wrong_body == 1, (kind, shot)
            if wrong_session:
                assert real not in (shot.sending.authorization or ())


@pytest.mark.parametrize(
    ("settings", "rate", "connections"),
    [
        (Settings(TargetKind.REFERENCE, "reference"), 20, 30),
        (Settings(TargetKind.REFERENCE, "reference", rate=500), 500, 32),
        (Settings(TargetKind.REFERENCE, "reference", rate=500, pace=10), 10, 15),
        (Settings(TargetKind.REFERENCE, "reference", rate=0.5), 0.5, 4),
        (Settings(TargetKind.REFERENCE, "reference", rate=40, soak_workers=2), 40, 30),
        (Settings(TargetKind.URL, "u", session="s", job_group="g", trigger="t", rate=100), 100, 4),
    ],
)
def test_connections_follow_the_rate(settings: Settings, rate: float, connections: int) -> None:
    plan = Plan(Role.ALONE, settings, "run", 1)
    assert (plan.rate, plan.connections) == (rate, connections)


def test_a_plan_is_read_as_it_was_told() -> None:
    settings = Settings(TargetKind.URL, "u", url="http://127.0.0.1", account="me", password="hidden", rate=3)
    plan = Plan(Role.ALONE, settings, "run", 1).of(Role.WORKER, 2, 1234)
    assert (plan.run_id, plan.seed, plan.port) == ("run-load2", 3, 1234)
    assert Plan.read(plan.line()) == plan
    assert "hidden" not in repr(plan)
