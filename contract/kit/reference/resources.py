"""Which job group and which trigger a pair of path values stands for."""

from __future__ import annotations

import re

from contract.kit.reference.dialect import Options
from contract.kit.reference.java import trim
from contract.kit.reference.refusal import Refusal
from contract.kit.reference.world import UUID_FORM, World

STRICT_FORM = re.compile(r"[0-9a-f]{12}[1-5][0-9a-f]{3}[89ab][0-9a-f]{15}")


def canonical(value: str, options: Options) -> str:
    """A path value as a UUID would be spelt, when the options allow another spelling; else as it is."""
    if options.blanks == "trimmed":
        value = trim(value) if options.zstack else value.strip(" \t")
    if options.upper_case == "matches":
        value = value.lower()
    return value


def form_of(options: Options) -> re.Pattern[str]:
    """What the dialect takes for a UUID: 32 hexadecimal digits, which in ZSvirt tell a version and a variant."""
    return STRICT_FORM if options.kind == "zsvirt" else UUID_FORM


def unknown_pair(group: str, trigger: str, world: World, form: re.Pattern[str] = UUID_FORM) -> Refusal | None:
    """Why this is not a job group and a trigger, or None. The values are canonical.

    The check's name tells the kind: malformed-group, malformed-trigger, kind-group (a trigger's UUID in its
    place), kind-trigger, kind-both (swapped), unknown-group, unknown-trigger, unknown-both.
    """
    for value, place in ((group, "group"), (trigger, "trigger")):
        if not form.fullmatch(value):
            return Refusal(f"malformed-{place}", 404, "SYS.1003", f"no {place} has a UUID like that")
    no_group = group not in world.groups
    no_trigger = trigger not in world.triggers
    if not no_group and not no_trigger:
        return None
    other_group = group in world.triggers
    other_trigger = trigger in world.groups
    if other_group and other_trigger:
        check = "kind-both"
    elif other_group:
        check = "kind-group"
    elif other_trigger:
        check = "kind-trigger"
    elif no_group and no_trigger:
        check = "unknown-both"
    else:
        check = "unknown-group" if no_group else "unknown-trigger"
    place, value = ("job group", group) if no_group else ("trigger", trigger)
    return Refusal(check, 404, "SYS.1003", f"there is no {place} {value}")
