"""INV: the association that a success tells of."""

from __future__ import annotations

from collections.abc import Callable

from contract.kit.reference.answers import Answer, date
from contract.kit.reference.call import Call
from contract.kit.reference.fault import Fault, Mutant, Scene
from contract.kit.reference.mutants.vices import (
    Object,
    drops,
    is_success,
    on_inventory,
    one_in_twenty,
    puts,
    trigger_now,
    with_tags,
)

GROUP = "schedulerJobGroupUuid"
TRIGGER = "schedulerTriggerUuid"
CREATED = "createDate"
CHANGED = "lastOpDate"
HOUR = 3600.0
DAY = 24 * HOUR


def _both(value: object) -> Callable[[Object], None]:
    def change(inventory: Object) -> None:
        inventory[CREATED] = inventory[CHANGED] = value

    return change


def _shifted(created: float, changed: float) -> Fault:
    """Answer dates that lie so many seconds after the true ones."""

    def alter(call: Call, answer: Answer, scene: Scene) -> Answer | None:
        known = scene.world.associations.get((call.group, call.trigger))
        if not is_success(answer) or known is None:
            return None
        assert isinstance(answer.document, dict)
        inventory = answer.document["inventory"]
        inventory[CREATED] = date(scene.options, known.created + created)
        inventory[CHANGED] = date(scene.options, known.changed + changed)
        return answer

    return Fault(alter=alter)


def _earlier_again(created: float, changed: float, when: Callable[[Call], bool] = lambda _: True) -> Fault:
    """Answer earlier dates each time that a pair is added again by such a request."""
    shift = _shifted

    def alter(call: Call, answer: Answer, scene: Scene) -> Answer | None:
        if not is_success(answer):
            return None
        times = scene.count(f"{call.group} {call.trigger}") - 1
        if not when(call):
            return None
        vice = shift(created * times, changed * times).alter
        return vice(call, answer, scene) if times and vice is not None else None

    return Fault(alter=alter)


def _dashed(name: str) -> Callable[[Object], None]:
    def change(inventory: Object) -> None:
        uuid = str(inventory[name])
        inventory[name] = "-".join((uuid[:8], uuid[8:12], uuid[12:16], uuid[16:20], uuid[20:]))

    return change


def _by_place(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    """Take the UUIDs from their places in the path as it was sent."""
    words = call.path.split("/")
    shifted = on_inventory(lambda inventory: inventory.update({GROUP: words[5], TRIGGER: words[8]})).alter
    return shifted(call, answer, scene) if "//" in call.path and shifted is not None else None


# fmt: off
MUTANTS = (
    Mutant("inv-uuids-by-place", "where a slash in the path is doubled, what stands beside the UUIDs is answered",
           ("INV-001",), Fault(alter=_by_place), "zstack-5.2"),
    Mutant("inv-group-missing", "the job group's UUID is left out",
           ("INV-001", "PATH-001", "STATE-004", "PATH-007", "STATE-001", "STATE-003"), on_inventory(drops(GROUP))),
    Mutant("inv-trigger-missing", "the trigger's UUID is left out",
           ("INV-001", "PATH-001", "STATE-004", "PATH-007", "STATE-001", "STATE-003"), on_inventory(drops(TRIGGER))),
    Mutant("inv-trigger-null", "the trigger's UUID is null",
           ("INV-001", "PATH-001", "STATE-004", "PATH-007", "STATE-001", "STATE-003"), on_inventory(puts(TRIGGER, None))),
    Mutant("inv-group-dashed", "the job group's UUID has dashes",
           ("INV-001", "PATH-001", "STATE-004", "PATH-007", "STATE-001", "STATE-003"), on_inventory(_dashed(GROUP))),
    Mutant("inv-group-object", "the job group stands in the place of its UUID",
           ("INV-001", "PATH-001", "STATE-004", "PATH-007", "STATE-001", "STATE-003"),
           on_inventory(lambda inventory: puts(GROUP, {"uuid": inventory[GROUP]})(inventory))),
    Mutant("inv-create-date-missing", "createDate is left out",
           ("INV-001",), on_inventory(drops(CREATED))),
    Mutant("inv-create-date-missing-by-chance", "createDate is left out, one success in twenty, by lot",
           ("INV-001",), one_in_twenty(on_inventory(drops(CREATED)), by_chance=True)),
    Mutant("inv-last-op-date-missing", "lastOpDate is left out",
           ("INV-001",), on_inventory(drops(CHANGED))),
    Mutant("inv-create-date-null", "createDate is null",
           ("INV-001",), on_inventory(puts(CREATED, None))),
    Mutant("inv-create-date-missing-with-tags", "createDate is left out when there are tags",
           ("INV-001",), on_inventory(drops(CREATED), with_tags)),
    Mutant("inv-last-op-date-missing-to-run-now", "lastOpDate is left out when triggerNow is true",
           ("INV-001",), on_inventory(drops(CHANGED), trigger_now)),
    Mutant("inv-dates-numeric-form", "the dates are written 14/11/2017",
           ("INV-002",), on_inventory(_both("14/11/2017 22:20:57"))),
    Mutant("inv-dates-in-words", "the dates are a moment ago",
           ("INV-002",), on_inventory(_both("a moment ago"))),
    Mutant("inv-dates-empty", "the dates are empty strings",
           ("INV-002",), on_inventory(_both(""))),
    Mutant("inv-dates-true", "the dates are true",
           ("INV-002",), on_inventory(_both(True))),
    Mutant("inv-dates-not-a-day", "the dates are the 31st of November",
           ("INV-002",), on_inventory(_both("Nov 31, 2026 10:20:57 PM"))),
    Mutant("inv-dates-hour-13", "the dates are at 13 PM",
           ("INV-002",), on_inventory(_both("Nov 14, 2026 13:20:57 PM"))),
    Mutant("inv-dates-month-13", "the dates are in the 13th month",
           ("INV-002",), on_inventory(_both("2026-13-01T10:20:57Z"))),
    Mutant("inv-dates-object", "the dates are objects",
           ("INV-002",), on_inventory(_both({"seconds": 1_510_669_257}))),
    Mutant("inv-last-op-date-in-words", "lastOpDate is never",
           ("INV-002",), on_inventory(puts(CHANGED, "never"))),
    Mutant("inv-dates-swapped", "createDate is an hour after lastOpDate",
           ("INV-003",), _shifted(HOUR, 0)),
    Mutant("inv-dates-of-the-page", "the dates are always those of the vendor's page",
           ("INV-003",), on_inventory(_both("Nov 14, 2017 10:20:57 PM"))),
    Mutant("inv-dates-a-year-ago", "a new association is a year old",
           ("INV-003",), _shifted(-365 * DAY, -365 * DAY)),
    Mutant("inv-dates-in-the-future", "a new association is made in a week",
           ("INV-003",), _shifted(7 * DAY, 7 * DAY)),
    Mutant("inv-dates-epoch-seconds", "the dates are epoch seconds, which read as 1970",
           ("INV-003",), on_inventory(_both(1_795_000_000))),
    Mutant("inv-again-last-op-date-earlier", "adding again answers an earlier lastOpDate each time",
           ("INV-004", "INV-003"), _earlier_again(0, -120)),
    Mutant("inv-again-both-earlier", "adding again answers earlier dates each time",
           ("INV-004",), _earlier_again(-120, -120)),
    Mutant("inv-again-in-chunks-earlier", "adding again in chunks answers earlier dates",
           ("INV-004",), _earlier_again(-120, -120, lambda call: call.header("transfer-encoding") is not None)),
)
# fmt: on
