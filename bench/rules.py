"""What each rule costs on small, large and hostile answers."""

from __future__ import annotations

import inspect
import json
import time
from typing import Any

from bench.table import Table
from contract.kit.description import load
from contract.kit.drive import promised
from contract.kit.exchange import Exchange, Expect, Request, Response, Sighting
from contract.kit.judge.rules import Over, Rule, all_rules

ERROR = {"code": "SYS.1006", "description": "An operation failed", "details": "it failed"}
PROMISES = promised(load())
TRACE = "  at org.zstack.core.Some$Inner.method(Some.java:1" * 20_000
LEAST_SECONDS = 0.002


def measure(rounds: int) -> Table:
    """Microseconds a rule takes for one answer that has been read; the fewest of all rounds. The costliest first."""
    bodies = {
        "small": _error(ERROR),
        "large": _error({**ERROR, "details": "x" * 1_000_000, "opaque": {str(n): [n] * 9 for n in range(20_000)}}),
        "30 causes": _error(_chain(30)),
        "10,000 causes": nested(10_000),
        "hostile text": _error({**ERROR, "code": "A." + "1" * 100_000 + "x", "details": TRACE}),
    }
    read = {name: answered(body) for name, body in bodies.items()}
    table: Table = [
        {"rule": f"{rule.clause} {rule.name}", **{name: _cost(rule, one, rounds) for name, one in read.items()}}
        for rule in all_rules()
    ]
    table.sort(key=lambda row: -max(value for value in row.values() if isinstance(value, float)))
    whole = {name: sum(float(row[name]) for row in table) for name in bodies}
    return [{"rule": "all of them", **whole}, {"rule": "reading the body", **_reading(bodies, rounds)}, *table]


def _cost(rule: Rule, exchange: Exchange, rounds: int) -> float:
    evidence = _evidence(rule, exchange)
    best = float("inf")
    for _ in range(rounds):
        turns, began = 0, time.perf_counter()
        while not turns or time.perf_counter() - began < LEAST_SECONDS:
            rule.judge(*evidence)
            turns += 1
        best = min(best, (time.perf_counter() - began) / turns * 1e6)
    return best


def _reading(bodies: dict[str, bytes], rounds: int) -> dict[str, float]:
    found = {}
    for name, body in bodies.items():
        best = float("inf")
        for _ in range(rounds):
            answer = answered(body).answer
            assert answer is not None
            began = time.perf_counter()
            assert answer.json is not None
            best = min(best, (time.perf_counter() - began) * 1e6)
        found[name] = best
    return found


def _evidence(rule: Rule, exchange: Exchange) -> list[Any]:
    """Something of the right type for each parameter: the same exchange wherever one is asked for."""
    if rule.over is Over.TRAFFIC:
        return [[exchange, exchange]]
    stand_ins: dict[str, Any] = {
        "Exchange": exchange,
        "Sighting": Sighting({"one side": True}),
        "Sequence[Exchange]": [exchange, exchange],
        "Sequence[str]": (),
        "str": "OAuth x",
    }
    return [stand_ins[str(parameter.annotation)] for parameter in inspect.signature(rule.judge).parameters.values()]


def answered(body: bytes) -> Exchange:
    answer = Response(503, (("Content-Type", "application/json"),), body, 0.01)
    return Exchange(1, Request("POST", "/x", (), b"{}"), answer, expect=Expect.REFUSAL, promises=PROMISES)


def _error(error: dict[str, Any]) -> bytes:
    return json.dumps({"error": error}).encode()


def _chain(levels: int) -> dict[str, Any]:
    error: dict[str, Any] = dict(ERROR)
    for _ in range(levels):
        error = {**ERROR, "cause": error}
    return error


def nested(levels: int) -> bytes:
    return b'{"error":' + (json.dumps(ERROR).encode()[:-1] + b',"cause":') * levels + b"null" + b"}" * levels + b"}"
