"""What a clause was in the runs before: a strip of them, and since when it is what it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import takewhile
from typing import Final

from markupsafe import Markup

from contract.kit.report.history import Past
from contract.kit.report.order import WORDS
from contract.kit.report.text import plural
from contract.kit.verdict import State

_KNOWN: Final = frozenset(State)


def strip(clause: str, past: Sequence[Past]) -> Markup:
    """A bar for each run, this one last; nothing where there was none before. Bars differ in height and colour."""
    states = _states(clause, past)
    if len(states) < 2:
        return Markup("")
    bars = Markup("").join(Markup('<i class="{}"></i>').format(state or "absent") for state in states)
    counted = Counter(WORDS[State(state)] if state else "not in it" for state in states)
    told = ", ".join(f"{number} {word}" for word, number in counted.items())
    return Markup('<span class="strip" role="img" aria-label="Last {} runs: {}">{}</span>').format(
        len(states), told, bars
    )


def since_when(clause: str, past: Sequence[Past]) -> str:
    """`new in this run`, `in the last 3 runs`, `in all 21 runs`; empty where no run before is known."""
    states = _states(clause, past)
    if len(states) < 2:
        return ""
    alike = len(list(takewhile(lambda state: state == states[-1], reversed(states))))
    if alike == len(states):
        return f"in all {alike} runs"
    return "new in this run" if alike == 1 else f"in the last {alike} runs"


def told(one: Past) -> str:
    """The states of a run in words, its clauses counted."""
    counted = Counter(one.states.values())
    return ", ".join(f"{counted[state]} {WORDS[state]}" for state in WORDS if counted[state]) or plural(0, "clause")


def _states(clause: str, past: Sequence[Past]) -> list[str]:
    """By run; empty where the run did not know the clause. What another version wrote is nothing that is known."""
    return [state if (state := one.states.get(clause, "")) in _KNOWN else "" for one in past]
