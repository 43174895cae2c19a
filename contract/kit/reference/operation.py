"""AddSchedulerJobGroupToSchedulerTrigger: the order of its steps, and where a mutant may reach in."""

from __future__ import annotations

from typing import Protocol

from contract.kit.reference.answers import Answer
from contract.kit.reference.call import Call
from contract.kit.reference.fault import Mutant, Scene


class Dialect(Protocol):
    """What a dialect has to say about a call. `Waived` is asked before any refusal is given."""

    def front(self, call: Call) -> Answer | None:
        """What is answered before anything else is looked at, or None."""

    def failed(self, check: str, code: str, template: str, *arguments: object, location: str = "") -> Answer:
        """A failure in this dialect's shape: a template with `%s` in it, and what is put there."""

    def guard(self, call: Call, api: str) -> Answer | None:
        """The refusal of a sibling call (`api` is its message's class) of somebody who may not make it, or None."""

    def decide(self, call: Call, waived: Waived) -> Answer:
        """The answer to a call, whatever its route; a success has changed the world already."""


class Waived(Protocol):
    def __call__(self, call: Call, check: str) -> bool: ...


class Operation:
    """A dialect with at most one mutant in it, and the count of what the mutant did."""

    def __init__(self, dialect: Dialect, scene: Scene, mutant: Mutant | None) -> None:
        self.dialect = dialect
        self.scene = scene
        self.mutant = mutant
        self.fired = 0

    @property
    def overlaps(self) -> bool:
        return self.mutant is not None and self.mutant.fault.overlap

    def answer(self, call: Call) -> Answer:
        """The answer of this server, faults and all."""
        if self.mutant is None:
            return self.dialect.decide(call, _nothing_waived)
        fault, scene = self.mutant.fault, self.scene
        if fault.rewrite is not None and fault.rewrite(call, scene):
            self.fired += 1
        if fault.before is not None:
            instead = fault.before(call, scene)
            if instead is not None:
                self.fired += 1
                return instead
        answer = self.dialect.decide(call, self._waived)
        if fault.alter is not None:
            altered = fault.alter(call, answer, scene)
            if altered is not None:
                self.fired += 1
                answer = altered
        if fault.effect is not None and fault.effect(call, answer, scene):
            self.fired += 1
        return answer

    def _waived(self, call: Call, check: str) -> bool:
        assert self.mutant is not None
        waives = self.mutant.fault.waives
        if waives is None or not waives(call, check, self.scene):
            return False
        self.fired += 1
        return True


def _nothing_waived(call: Call, check: str) -> bool:
    return False
