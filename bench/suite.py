"""The contract at each depth against `schemathesis run` with the same description, on the same server."""

from __future__ import annotations

import os
from collections.abc import Callable
from statistics import median

from bench.process import Ran, contract, schemathesis
from bench.table import Table
from contract.kit.reference import Handle, launch

PEER = "schemathesis run"
REMOTE = "20 ms a call"
"""In the name of a side: its server takes as long as one that is not on this machine."""
SIDES: dict[str, Callable[[Handle], Ran]] = {
    PEER: schemathesis,
    "schemathesis run, told nothing of 503": lambda server: schemathesis(server, config=os.devnull),
    "schemathesis run, 1,000 cases": lambda server: schemathesis(
        server, "--max-examples", "1000", "--generation-database", "none"
    ),
    "contract, smoke": lambda server: contract(server, "--depth", "smoke"),
    "contract, gate": lambda server: contract(server, "--depth", "gate"),
    "contract, gate, two workers": lambda server: contract(server, "--depth", "gate", "-n", "2"),
    f"contract, gate, {REMOTE}": lambda server: contract(server, "--depth", "gate"),
    f"contract, gate, {REMOTE}, two workers": lambda server: contract(server, "--depth", "gate", "-n", "2"),
    "contract, nightly": lambda server: contract(server, "--depth", "nightly"),
    "contract, nightly, two workers": lambda server: contract(server, "--depth", "nightly", "-n", "2"),
}


def measure(rounds: int) -> Table:
    """Median wall time, and exchanges (or cases) a second; both also as a ratio to the peer's defaults."""
    ran: dict[str, list[Ran]] = {name: [] for name in SIDES}
    with launch("documented") as near, launch("documented,delay=20") as remote:
        for _ in range(rounds):
            for name, side in SIDES.items():
                ran[name].append(side(remote if REMOTE in name else near))
    peer = median(one.wall for one in ran[PEER])
    table: Table = []
    for name, found in ran.items():
        wall = median(one.wall for one in found)
        exchanges = median(one.exchanges for one in found)
        table.append(
            {
                "whole process": name,
                "seconds": wall,
                "times the peer": wall / peer,
                "exchanges": exchanges,
                "exchanges a second": exchanges / wall,
                "MB": median(one.memory for one in found),
                "status": str({one.status for one in found}.pop()),
            }
        )
    return table
