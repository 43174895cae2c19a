"""Job groups and triggers as the server writes them out: in the answer that makes one, and in a query."""

from __future__ import annotations

import json
from typing import Final

from contract.kit.reference import schedule
from contract.kit.reference.answers import date
from contract.kit.reference.dialect import Options
from contract.kit.reference.world import ACCOUNT_UUID, Resource, World

JOB_TYPES: Final = {
    "startVm": "vm.StartVmInstanceJob",
    "stopVm": "vm.StopVmInstanceJob",
    "rebootVm": "vm.RebootVmInstanceJob",
    "volumeSnapshot": "snapshot.CreateVolumeSnapshotJob",
    "volumeSnapshotGroup": "snapshot.CreateVolumeSnapshotGroupJob",
    "volumeBackup": "backup.CreateVolumeBackupJob",
    "rootVolumeBackup": "backup.CreateRootVolumeBackupJob",
    "vmBackup": "backup.CreateVmBackupJob",
    "databaseBackup": "backup.CreateDatabaseBackupJob",
    "runAutoScalingGroup": "autoscalinggroup.AutoScalingGroupJob",
    "cancelIAM2ProjectLoginExpired": "iam2.CancelIAM2ProjectLoginExpiredJob",
    "takeIAM2ProjectLoginExpired": "iam2.TakeIAM2ProjectLoginExpiredJob",
}
"""Each type with the class of its jobs."""

NOT_INSTALLED: Final = frozenset(
    ["volumeBackup", "rootVolumeBackup", "vmBackup", "databaseBackup", "takeIAM2ProjectLoginExpired"]
)
_DATA: Final[dict[str, dict[str, object]]] = {
    "volumeSnapshot": {"snapshotMaxNumber": 0},
    "volumeSnapshotGroup": {"snapshotGroupMaxNumber": 0},
    "cancelIAM2ProjectLoginExpired": {"state": "LoginExpired"},
}


def group(group: Resource, world: World, options: Options, new: bool = False) -> dict[str, object]:
    """A job group; `new`: as the call that makes or changes it answers."""
    kind = str(group.members.get("type"))
    named = {"name": group.name, **_described(group)}
    data = {**_DATA.get(kind, {}), **named, "createDate": date(options, group.created), "accountUuid": ACCOUNT_UUID}
    row: dict[str, object] = {
        "uuid": group.uuid,
        **named,
        "state": group.state,
        **_dated(group, options),
        "jobType": kind,
        "jobData": json.dumps(data, separators=(",", ":")),
    }
    if new:
        row["jobClassName"] = f"org.zstack.scheduler.{JOB_TYPES[kind]}"
    return {**row, "triggersUuid": world.triggers_of(group.uuid), "jobsUuid": []}


def trigger(trigger: Resource, world: World, options: Options, new: bool = False) -> dict[str, object]:
    """A trigger; a new one in ZStack's dialects has no dates, since its row is not read again before the answer."""
    members = trigger.members
    row: dict[str, object] = {"uuid": trigger.uuid, "name": trigger.name, **_described(trigger)}
    for name in ("cron", "schedulerType", "schedulerInterval"):
        if members.get(name) is not None:
            row[name] = members[name]
    row["repeatCount"] = members.get("repeatCount") or 0
    stop = schedule.stop_time(members)
    for name, instant in (("startTime", members.get("startTime")), ("stopTime", stop)):
        if isinstance(instant, int):
            row[name] = date(options, instant) if options.zstack else instant
    if not (new and options.zstack):
        row |= _dated(trigger, options)
    return {**row, "jobsUuid": [], "jobGroupsUuid": world.groups_of(trigger.uuid)}


def _described(resource: Resource) -> dict[str, object]:
    description = resource.members.get("description")
    return {"description": description} if isinstance(description, str) else {}


def _dated(resource: Resource, options: Options) -> dict[str, object]:
    return {"createDate": date(options, resource.created), "lastOpDate": date(options, resource.changed)}
