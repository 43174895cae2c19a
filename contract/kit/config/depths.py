"""How much a run sends: smoke before a release, gate on every change, nightly for discovery, soak for the long run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

GATE: Final = "gate"
"""What a run is unless another depth is asked for."""
NIGHTLY: Final = "nightly"
SOAK: Final = "soak"


@dataclass(frozen=True, slots=True)
class Depth:
    """`share`: of the examples that a test names for the gate. `random`: other requests every time.

    `meeting`: how many values of a request's dimensions meet each other: one (each is sent), every two, or every
    two and some three by chance. `remembers`: what broke the contract is kept for the next run.
    """

    name: str
    share: float
    random: bool
    meeting: int = 2
    remembers: bool = False

    def examples(self, at_gate: int) -> int:
        """How many examples this depth makes of so many at the gate; two at least."""
        return max(2, round(at_gate * self.share))

    def spread(self, length: int) -> list[int]:
        """Places from the first to the last of `length`: all of them at the gate, fewer for a shorter run."""
        count = min(length, self.examples(length))
        return sorted({round(at * (length - 1) / max(count - 1, 1)) for at in range(count)})


DEPTHS: Final = {
    depth.name: depth
    for depth in (
        Depth("smoke", 0.15, False, meeting=1),
        Depth(GATE, 1.0, False),
        Depth(NIGHTLY, 5.0, True, meeting=3, remembers=True),
        # Time decides how much; its requests are drawn at its start.
        Depth(SOAK, 1.0, True),
    )
}
