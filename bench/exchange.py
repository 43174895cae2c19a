"""What the wire and the rules add to a bare httpx call."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from statistics import median

import httpx

from bench.table import Table
from contract.kit.description import Operation, load
from contract.kit.drive import named, path_of
from contract.kit.exchange import Exchange, Expect, Secrets
from contract.kit.judge import Findings
from contract.kit.judge.rules import all_rules
from contract.kit.reference import Handle, launch
from contract.kit.wire import Wire

CALLS = 500


def measure(rounds: int) -> Table:
    """Median microseconds a call, one after the other on a kept connection."""
    operation = load()
    taken: dict[str, list[float]] = {}
    with launch("documented") as server:
        sides = _sides(operation, server)
        for _ in range(rounds):
            for name, side in sides.items():
                began = time.perf_counter()
                for _call in range(CALLS):
                    side()
                taken.setdefault(name, []).append((time.perf_counter() - began) / CALLS * 1e6)
    bare = median(taken["httpx.Client"])
    return [
        {"one exchange": name, "µs": median(found), "times httpx": median(found) / bare}
        for name, found in taken.items()
    ]


def _sides(operation: Operation, server: Handle) -> dict[str, Callable[[], object]]:
    values = dict(zip(operation.path_parameters, (server.job_group, server.trigger), strict=True))
    target, body = path_of(operation, values), json.dumps(operation.example_body).encode()
    headers = {
        operation.auth.header: f"{operation.auth.scheme} {server.session}",
        "Content-Type": operation.content_types[0],
    }
    known = Secrets()
    known.learn(server.session, "$CONTRACT_SESSION")
    client, wire, findings = httpx.Client(base_url=server.url), Wire(server.url, known), Findings()
    clauses = list(dict.fromkeys(rule.clause for rule in all_rules()))
    driven = ("PATH-001", "BODY-001", "STATE-006")

    def sent() -> Exchange:
        return wire.send(
            operation.method, target, [*headers.items()], body, expect=Expect.EITHER, path_values=named(values)
        )

    traffic: list[Exchange] = []

    def judged() -> object:
        exchange = sent()
        traffic.append(exchange)
        for clause in driven:
            findings.judge(clause, exchange=exchange)
        findings.judge_every(clauses, traffic)
        return exchange

    return {
        "httpx.Client": lambda: client.request(operation.method, target, headers=headers, content=body),
        "wire": sent,
        "wire and rules": judged,
    }
