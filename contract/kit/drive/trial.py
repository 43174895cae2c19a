"""A test under way: what it has sent so far, and whom it hands its evidence to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from contract.kit.exchange import Exchange
from contract.kit.target import Pair


class Judge(Protocol):
    """What the drive hands its evidence to."""

    def judge(self, clause: str, **evidence: Any) -> Sequence[object]:
        """Judge by the clause's own rules that take evidence of these names; returns the violations."""

    def judge_throughout(self, clause: str, traffic: Sequence[Exchange]) -> None:
        """Judge all exchanges of the run by the clause."""


@dataclass
class Trial:
    """A test under way. `clauses`: those that it declares, its own first."""

    clauses: tuple[str, ...] = ("",)
    refused: list[tuple[Exchange, Callable[[], Exchange]]] = field(default_factory=list)
    """Its requests that must be refused, each with a way to send it again."""
    tried: set[Pair] = field(default_factory=set)
    """Pairs that it has sent requests for which need not be refused."""
    let_in: list[tuple[int, int]] = field(default_factory=list)
    """The numbers of each request that was let in though it had to be refused, and of the last one sent before its pair
    was freed."""
    timeouts: int = 0
    last_timeout: Exchange | None = None
