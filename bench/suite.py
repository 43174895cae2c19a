"""The contract at each depth against `schemathesis run` with the same description, on the same server."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from bench.process import Ran, contract, schemathesis
from bench.table import Table
from contract.kit.reference import Handle, launch

NEAR = "documented"
FAR = "documented,delay=20"
"""As long as a server takes that is not on this machine, in milliseconds."""
FARTHER = "documented,delay=100"
AS_ZSTACK = "zstack-5.2,delay=20,job_time=50"
SERVERS = {NEAR: "", FAR: "20 ms a call", FARTHER: "100 ms a call", AS_ZSTACK: "20 ms a call and jobs of 50 ms"}
"""Each by its name in a row."""
BESIDE = {AS_ZSTACK: FAR}
"""Servers that the peer is not run on, which follows no job, and the one that it is run on instead."""


@dataclass(frozen=True)
class Side:
    """One row, on one of the servers; `peer`: the others there are told as multiples of it."""

    name: str
    run: Callable[[Handle], Ran]
    server: str = NEAR
    peer: bool = False

    @property
    def told(self) -> str:
        where = SERVERS[self.server]
        return f"{self.name}, {where}" if where else self.name


def peer(*options: str, config: str = "schemathesis.toml") -> Callable[[Handle], Ran]:
    return lambda server: schemathesis(server, *options, config=config)


def ours(depth: str, *options: str) -> Callable[[Handle], Ran]:
    return lambda server: contract(server, "--depth", depth, *options)


NO_DATABASE = ("--generation-database", "none")
SIDES = (
    Side("schemathesis run", peer(*NO_DATABASE), peer=True),
    Side("schemathesis run with its database", peer()),
    Side("schemathesis run, told nothing of 503", peer(config=os.devnull)),
    Side("schemathesis run, 1,000 cases", peer("--max-examples", "1000", *NO_DATABASE)),
    Side("contract, smoke", ours("smoke")),
    Side("contract, gate", ours("gate")),
    Side("contract, gate, one connection", ours("gate", "--connections", "1")),
    Side("contract, gate, two workers", ours("gate", "-n", "2")),
    Side("contract, nightly", ours("nightly")),
    Side("contract, nightly, two workers", ours("nightly", "-n", "2")),
    *(
        side
        for server in (FAR, FARTHER)
        for side in (
            Side("schemathesis run", peer(*NO_DATABASE), server, peer=True),
            Side("contract, smoke", ours("smoke"), server),
            Side("contract, gate", ours("gate"), server),
        )
    ),
    Side("contract, gate, one connection", ours("gate", "--connections", "1"), FAR),
    Side("contract, nightly", ours("nightly"), FAR),
    Side("contract, gate", ours("gate"), AS_ZSTACK),
)


def measure(rounds: int) -> Table:
    """Median wall time, and exchanges (or cases) a second; the time also as a multiple of the peer's on that server."""
    ran: dict[Side, list[Ran]] = {side: [] for side in SIDES}
    with ExitStack() as stack:
        servers = {name: stack.enter_context(launch(name)) for name in SERVERS}
        for _ in range(rounds):
            for side, found in ran.items():
                found.append(side.run(servers[side.server]))
    walls = {side: median(one.wall for one in found) for side, found in ran.items()}
    peers = {side.server: walls[side] for side in SIDES if side.peer}
    table: Table = []
    for side, found in ran.items():
        exchanges = median(one.exchanges for one in found)
        table.append(
            {
                "whole process": side.told,
                "seconds": walls[side],
                "times the peer": walls[side] / peers[BESIDE.get(side.server, side.server)],
                "exchanges": exchanges,
                "exchanges a second": exchanges / walls[side],
                "MB": median(one.memory for one in found),
                "status": str({one.status for one in found}.pop()),
            }
        )
    return table
