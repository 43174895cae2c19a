"""Ends of every kind that the sibling calls can make (observed in ZStack)."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from contract.kit.target.resources import Pair

FAR_FUTURE: Final = 2_082_758_400
"""Start of the triggers, epoch seconds: the first day of 2036, so that nothing fires within a run."""
DAY: Final = 86_400
SOON: Final = 2
"""Seconds until a trigger fires that is to have fired: long enough to put a job group on it before."""

Params = Mapping[str, Any]


def far_trigger() -> Params:
    """A trigger that fires once, in the far future: the plain one."""
    return {"schedulerType": "simple", "startTime": FAR_FUTURE, "repeatCount": 1}


def repeating_trigger() -> Params:
    """One that repeats for ever, from the far future on."""
    return {"schedulerType": "simple", "startTime": FAR_FUTURE, "schedulerInterval": DAY, "repeatCount": 0}


def cron_trigger() -> Params:
    """One by cron, for a leap day: six fields, as Quartz has them."""
    return {"schedulerType": "cron", "cron": "0 0 0 29 2 ?"}


def soon_fired_trigger() -> Params:
    """One that fires once, `SOON`, by this machine's clock."""
    return {"schedulerType": "simple", "startTime": int(time.time()) + SOON, "repeatCount": 1}


@dataclass(frozen=True, slots=True)
class PairKind:
    """A kind of pair whose ends are not plain.

    `trigger`: what is sent for it; `fires`: it is over after `SOON` seconds.
    """

    words: str
    trigger: Callable[[], Params] = far_trigger
    group_disabled: bool = False
    group_linked: bool = False
    """Its job group has another trigger already."""
    fires: bool = False


# What fires is made last, so that the others are not made while it does.
KINDS: Final = (
    PairKind("a trigger that repeats", trigger=repeating_trigger),
    PairKind("a trigger by cron", trigger=cron_trigger),
    PairKind("a job group that is disabled", group_disabled=True),
    PairKind("a job group that has another trigger", group_linked=True),
    PairKind("a trigger that fires once and soon", trigger=soon_fired_trigger, fires=True),
)


@dataclass(frozen=True, slots=True)
class UnusualPair:
    """A pair of one kind, not associated; `over_at`: seconds since the epoch when its trigger has fired, or None."""

    words: str
    pair: Pair
    over_at: float | None = None
