"""How much a run sends: smoke before a release, gate on every change, nightly for discovery, soak for the long run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hypothesis import HealthCheck, Phase, settings
from hypothesis.database import InMemoryExampleDatabase

from contract.kit.drive.memory import Memory, Property


@dataclass(frozen=True, slots=True)
class Depth:
    """`share`: of the examples that a test names for the gate. `random`: other requests every time.

    `remembers`: what broke the contract is kept for the next run.
    """

    name: str
    share: float
    random: bool
    remembers: bool = False

    def examples(self, at_gate: int) -> int:
        return max(2, round(at_gate * self.share))


DEPTHS: Final = {
    depth.name: depth
    for depth in (
        Depth("smoke", 0.15, False),
        Depth("gate", 1.0, False),
        Depth("nightly", 5.0, True, remembers=True),
        # Time decides how much; its requests are drawn at its start.
        Depth("soak", 1.0, True),
    )
}

_current: list[Depth] = [DEPTHS["gate"]]
_memory: list[Memory] = []


def select(name: str) -> Depth:
    """Make a depth the current one: before the contract's tests are imported, since it sizes them."""
    depth = DEPTHS[name]
    _current[0] = depth
    settings.register_profile(
        "contract",
        # Hypothesis keeps what raises; what is kept of a run that judges is `Memory`'s.
        database=None,
        derandomize=not depth.random,
        deadline=None,
        # A live target is no place to shrink: the smallest offending exchange of those sent is shown.
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    settings.load_profile("contract")
    return depth


def current() -> Depth:
    return _current[0]


def remember(breaks: Callable[[], int], *, send_again: bool) -> Memory:
    """Keep, from now on, what breaks the contract in Hypothesis's database, which the default profile names."""
    database = settings.get_profile("default").database or InMemoryExampleDatabase()
    _memory[:] = [Memory(database, breaks, send_again=send_again)]
    return _memory[0]


def examples(at_gate: int) -> Callable[[Property], Property]:
    """What makes a property of `given` send as many examples as the depth makes of `at_gate`."""
    sized = settings(settings.get_profile("contract"), max_examples=current().examples(at_gate))

    def ready(test: Property) -> Property:
        made: Property = sized(test)
        return _memory[0].kept(made) if _memory else made

    return ready


def rounds(at_gate: int) -> range:
    """As many rounds as the depth asks of a test that is no property."""
    return range(current().examples(at_gate))


def spread(length: int) -> list[int]:
    """Places from the first to the last of `length`: all of them at the gate, fewer for a shorter run."""
    count = min(length, current().examples(length))
    return sorted({round(at * (length - 1) / max(count - 1, 1)) for at in range(count)})
