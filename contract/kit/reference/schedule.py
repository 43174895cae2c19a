"""When a trigger fires: which schedules ZStack takes, and whether one is over. Instants are epoch seconds."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final

LATEST: Final = 2_147_454_847  # the column holds no later instant (observed in ZStack 5.2)
LONGEST_INTERVAL: Final = 2_147_483_647
MESSAGE: Final = "org.zstack.scheduler.APICreateSchedulerTriggerMsg"
Problem = tuple[str, tuple[object, ...]]


def problem(members: Mapping[str, object]) -> Problem | None:
    """What is wrong with the schedule of a new trigger, as a template and what is put there; or None."""
    kind = members.get("schedulerType")
    if kind is None:
        return "field[%s] of message[%s] is mandatory, can not be null", ("schedulerType", MESSAGE)
    if kind == "cron":
        cron = members.get("cron")
        well_formed = isinstance(cron, str) and len(cron.split()) in (6, 7) and "?" in cron
        return None if well_formed else ("invalid cron expression", ())
    if kind != "simple":
        template = "valid value for field[%s] of message[%s] are %s, but %s found"
        return template, ("schedulerType", MESSAGE, "[simple, cron]", kind)
    return _numbers(members) or _simple(members)


def _numbers(members: Mapping[str, object]) -> Problem | None:
    for name, lowest in (("schedulerInterval", 1), ("repeatCount", 0), ("startTime", 0)):
        value = members.get(name)
        highest = 2**63 - 1 if name == "startTime" else LONGEST_INTERVAL
        if value is not None and not (_whole(value) and lowest <= _number(value) <= highest):
            return "field[%s] must be in range of [%s, %s]", (name, lowest, highest)
    return None


def _simple(members: Mapping[str, object]) -> Problem | None:
    if members.get("startTime") is None:
        return "startTime must be set for simple scheduler", ()
    repeat, interval = members.get("repeatCount"), members.get("schedulerInterval")
    if interval is None and repeat != 1:
        return "interval must be set when use simple scheduler when repeat more than once", ()
    stop = stop_time(members)
    if _number(members["startTime"]) > LATEST:
        return f"{'startTime' if stop is None else 'stopTime'} out of mysql timestamp range", ()
    if stop is not None and stop > LATEST:
        return "stopTime out of mysql timestamp range", ()
    if stop is not None and stop < time.time():
        return "stopTime has been passed", ()
    return None


def stop_time(members: Mapping[str, object]) -> int | None:
    """When a trigger that fires so many times is over; None where it never is."""
    repeat = _number(members.get("repeatCount"))
    if members.get("schedulerType") != "simple" or repeat == 0:
        return None
    return _number(members.get("startTime")) + repeat * _number(members.get("schedulerInterval"))


def is_over(members: Mapping[str, object]) -> bool:
    """Return True if the trigger has fired for the last time."""
    stop = stop_time(members)
    return stop is not None and stop - _number(members.get("schedulerInterval")) < time.time()


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
