"""Walks of the state machine: every step of it once, in an order that is drawn; and machines that choose their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.errors import FlakyStrategyDefinition, InvalidDefinition

from contract.kit.drive.drive import Drive
from contract.kit.drive.machine import ABSENT, SESSIONS, TURNS, StateAgainstModel
from contract.kit.target import What

Step = tuple[str, dict[str, Any]]
"""The name of a rule of the machine, and what it is told."""

ANEW: Final = 3
"""How often one property begins, where the target answers the same steps now so, now otherwise."""

_ENDS: Final[tuple[Step, ...]] = tuple(("make", {"what": what}) for what in What) + tuple(
    ("delete", {"what": what}) for what in What
)
_ABSENT: Final[tuple[Step, ...]] = tuple(
    ("add_for_ends_that_are_not_there", {"which": which, "deleted": deleted})
    for which in ABSENT
    for deleted in (True, False)
)
_WITHOUT: Final[tuple[Step, ...]] = tuple(
    ("add_without_a_good_session", {"associated": associated, "clause": clause})
    for clause in SESSIONS
    for associated in (True, False)
)
_EITHER_WAY: Final[tuple[Step, ...]] = tuple(
    (name, {said: value})
    for name, said in (
        ("add_with_a_bad_body", "associated"),
        ("add_by_another_session", "again"),
    )
    for value in (True, False)
)
_GOOD: Final[tuple[Step, ...]] = (("add", {}), ("add_again", {}), ("remove", {"times": TURNS}), ("add", {}))
_REPLACED: Final[tuple[Step, ...]] = tuple(("add_after_deletion", {"what": what}) for what in What)
_BESIDE: Final[tuple[Step, ...]] = tuple(("add_side_by_side", {"what": what}) for what in What)
STEPS: Final = (*_BESIDE, *_GOOD, *_REPLACED, *_WITHOUT, *_EITHER_WAY, *_ABSENT, *_ENDS)
"""Every step, in every state of the pair that it can be told of: by chance alone most are missed in so few."""


def walk(machine: StateAgainstModel, data: st.DataObject, steps: Sequence[Step]) -> None:
    """Take each of `steps` once, in an order that is drawn; one that cannot be taken then is passed over."""
    try:
        machine.begin()
        for name, said in data.draw(st.permutations(steps)):
            if machine.may(name):
                getattr(machine, name)(data=data, **said)
    finally:
        machine.teardown()


def drive_machine(drive: Drive, at_gate: int, steps: int) -> None:
    """Walk through all steps, and run machines of so many `steps`, which choose their own.

    Each has ends of its own, so that they go on side by side. `at_gate`: how many half walks at the gate, and half as
    many machines. SiblingFailed, TargetGone.
    """
    failed: list[Exception] = []

    def machine() -> StateAgainstModel:
        return StateAgainstModel(drive, failed)

    def half(steps: Sequence[Step]) -> None:
        drive.for_examples(at_gate // 2, lambda data: walk(machine(), data, steps), st.data(), in_order=True)

    def each(run: Callable[[], None]) -> None:
        for _ in range(ANEW):
            try:
                if not failed:
                    run()
                return
            except InvalidDefinition:
                # Once the target has failed no rule can be taken.
                if not failed:
                    raise
            except FlakyStrategyDefinition:
                # The same draws met another answer than before, so that other steps could be taken: with new draws.
                drive.begun_anew += not failed

    # What is drawn must not hang on how often was drawn: a property of its own for each half.
    runs = [partial(half, STEPS[::2]), partial(half, STEPS[1::2])]
    drive.for_each([*runs, partial(drive.properties.for_machine, machine, at_gate // 2, steps)], each)
    for one in failed:
        raise one
