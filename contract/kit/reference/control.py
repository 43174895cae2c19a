"""The page under /reference/control: what the reference has seen and what is left in it, for tests."""

from __future__ import annotations

from contract.kit.reference.operation import Operation
from contract.kit.reference.world import World

PATH = "/reference/control"
EXPIRE = PATH + "/expire-sessions"


def page(world: World, operation: Operation, requests: dict[str, int]) -> dict[str, object]:
    """`alive` is what was made since the start; `touched` says in words what is no longer as it was."""
    seeds = world.seeds
    seeded_groups = {*seeds.groups, seeds.job_group}
    seeded_triggers = {*seeds.triggers, seeds.trigger}
    return {
        "requests": requests,
        "fired": {operation.mutant.name: operation.fired} if operation.mutant else {},
        "alive": {
            "job_groups": [uuid for uuid in world.groups if uuid not in seeded_groups],
            "triggers": [uuid for uuid in world.triggers if uuid not in seeded_triggers],
            "associations": [list(pair) for pair in world.associations if pair not in seeds.associations],
            "sessions": len(world.sessions - {seeds.session}),
        },
        "names": sorted(
            resource.name
            for resource in (*world.groups.values(), *world.triggers.values())
            if resource.uuid not in seeded_groups | seeded_triggers
        ),
        "bystanders": {
            "job_groups": list(seeds.groups),
            "triggers": list(seeds.triggers),
            "associations": [list(pair) for pair in seeds.associations],
        },
        "touched": world.touched(),
        "sessions_ended": len(world.ended),
    }
