"""Where a mutant may reach into the reference: six hooks, each of which tells whether it did something."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from contract.kit.reference.answers import Answer
from contract.kit.reference.call import Call
from contract.kit.reference.dialect import Options
from contract.kit.reference.world import World


@dataclass(slots=True)
class Scene:
    """What a hook may look at and remember: the world, the options, a seeded chance, notes of its own."""

    world: World
    options: Options
    chance: random.Random = field(default_factory=lambda: random.Random(20))
    notes: dict[str, object] = field(default_factory=dict)

    def count(self, name: str) -> int:
        """How often this name was counted, this time included."""
        number = self.notes.get(name, 0)
        assert isinstance(number, int)
        self.notes[name] = number + 1
        return number + 1


@dataclass(frozen=True, slots=True)
class Fault:
    """One vice. A hook that is None is never called.

    `rewrite` changes the call before it is read, and tells whether it did;
    `before` answers in the operation's stead, or returns None;
    `waives` tells whether the named check of this call is to be skipped;
    `alter` returns what goes out in the answer's stead, or None to leave it;
    `effect` changes the world after the answer is made, and tells whether it did;
    `overlap` makes calls that come side by side wait for each other, so that one can disturb the other.
    """

    rewrite: Callable[[Call, Scene], bool] | None = None
    before: Callable[[Call, Scene], Answer | None] | None = None
    waives: Callable[[Call, str, Scene], bool] | None = None
    alter: Callable[[Call, Answer, Scene], Answer | None] | None = None
    effect: Callable[[Call, Answer, Scene], bool] | None = None
    overlap: bool = False


@dataclass(frozen=True, slots=True)
class Mutant:
    """A name, the lie in one sentence, the clauses that it breaks, its vice, and the dialect that it needs.

    The first clause is its own, which it must make fail; the others have been seen beside it.

    A dialect of ZStack's will do in another one's place.
    """

    name: str
    lie: str
    clauses: tuple[str, ...]
    fault: Fault
    dialect: str = ""
