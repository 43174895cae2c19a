"""What a load process is told, as a line of JSON on its standard input: no secret is ever on a command line."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil
from typing import Final

from contract.kit.config import Settings, build, plain

MOST_CONNECTIONS: Final = 32
"""Connections of a process: as many as the wire holds."""
FEWEST_CONNECTIONS: Final = 4
A_SLOW_ANSWER: Final = 1.5
"""Seconds that answers may take on the way to the rate; above that it sinks, unless there are more processes."""


class Role(StrEnum):
    ALONE = "alone"
    MASTER = "master"
    """Leads the workers and sends nothing itself."""
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Plan:
    """`settings` are those of the whole run; `seconds` of load; `port` of the master on loopback, for a worker."""

    role: Role
    settings: Settings
    run_id: str
    seed: int
    port: int = 0

    @property
    def seconds(self) -> float:
        return self.settings.minutes * 60

    @property
    def rate(self) -> float:
        """Requests a second of all processes together; a pace is never exceeded."""
        return min(self.settings.rate, self.settings.pace or self.settings.rate)

    @property
    def connections(self) -> int:
        """How many connections one process opens."""
        wanted = ceil(self.rate / self.settings.soak_workers * A_SLOW_ANSWER)
        if self.settings.pair is not None:
            return FEWEST_CONNECTIONS  # only one of them has a pair to make good requests for
        return min(MOST_CONNECTIONS, max(FEWEST_CONNECTIONS, wanted))

    def of(self, role: Role, number: int, port: int = 0) -> Plan:
        """The plan of one process; each has a seed and a name of its own."""
        return replace(self, role=role, run_id=f"{self.run_id}-load{number}", seed=self.seed + number, port=port)

    def line(self) -> str:
        """As JSON, secrets included."""
        return json.dumps(plain(self))

    @classmethod
    def read(cls, line: str) -> Plan:
        return build(json.loads(line), cls, "the plan of the load")
