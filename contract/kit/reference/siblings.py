"""The calls beside the operation: sessions, job groups, triggers, their queries, the removal of a pair."""

from __future__ import annotations

import json
import time

from contract.kit.reference.answers import Answer, date, plain
from contract.kit.reference.call import Call, NotJson
from contract.kit.reference.dialect import Options
from contract.kit.reference.operation import Dialect
from contract.kit.reference.query import BadCondition, select
from contract.kit.reference.resources import canonical
from contract.kit.reference.world import (
    ACCOUNT,
    ACCOUNT_UUID,
    PASSWORD_DIGEST,
    UUID_FORM,
    Resource,
    World,
    new_uuid,
)

JOB_TYPES = {
    "startVm", "stopVm", "rebootVm", "volumeSnapshot", "volumeSnapshotGroup", "volumeBackup",
    "rootVolumeBackup", "vmBackup", "databaseBackup", "runAutoScalingGroup", "cancelIAM2ProjectLoginExpired",
    "takeIAM2ProjectLoginExpired",
}  # fmt: skip
LATEST_START = 2_147_454_847  # epoch seconds; the column holds no later one (observed in ZStack 5.2)
SESSION_SECONDS = 7200


class Siblings:
    """Answers the sibling calls. `deferred` answers are those that ZStack puts in a job."""

    def __init__(self, world: World, options: Options, dialect: Dialect) -> None:
        self.world = world
        self.options = options
        self.dialect = dialect

    def answer(self, call: Call, parts: tuple[str, ...]) -> Answer | None:
        """The answer to a call on the path /zstack/v1/ + parts, or None when no sibling is there."""
        match call.method, parts:
            case "PUT", ("accounts", "login"):
                return self._log_in(call)
            case "DELETE", ("accounts", "sessions", session):
                self.world.log_out(session)
                return plain(self.options, {})
            case "GET", ("accounts", "sessions", session, "valid"):
                return plain(self.options, {"valid": session in self.world.sessions})
            case "GET" | "POST" | "DELETE", ("scheduler", "jobgroups" | "triggers", *_):
                refused = self.dialect.guard(call)
                answer = refused or self._scheduler(call, parts)
                if answer is not None:
                    # Queries are synchronous, and so are the rejections of a bad header.
                    answer.deferred = call.method != "GET" and (refused is None or refused.deferred)
                return answer
        return None

    def _scheduler(self, call: Call, parts: tuple[str, ...]) -> Answer | None:
        match call.method, parts:
            case "POST", (_, "jobgroups"):
                return self._create_group(call)
            case "POST", (_, "triggers"):
                return self._create_trigger(call)
            case "GET", (_, kind, *uuids) if len(uuids) <= 1:
                return self._query(call, kind, uuids)
            case "DELETE", (_, kind, uuid):
                if not UUID_FORM.fullmatch(uuid):
                    return self._failed("SYS.1003", f"invalid value[{uuid}] of field [uuid]")
                (self.world.delete_group if kind == "jobgroups" else self.world.delete_trigger)(uuid)
                return plain(self.options, {})
            case "DELETE", (_, "jobgroups", group, "scheduler", "triggers", trigger):
                return self._remove(canonical(group, self.options), canonical(trigger, self.options))
        return None

    def _failed(self, code: str, details: str) -> Answer:
        return self.dialect.failed("sibling", code, details)

    def _log_in(self, call: Call) -> Answer:
        wanted = call.root.get("logInByAccount")
        if not isinstance(wanted, dict):
            return self._failed("SYS.1007", "logInByAccount is required")
        if (wanted.get("accountName"), wanted.get("password")) != (ACCOUNT, PASSWORD_DIGEST):
            return self._failed("ID.1000", "wrong account name or password")
        now = time.time()
        inventory = {
            "uuid": self.world.log_in(),
            "accountUuid": ACCOUNT_UUID,
            "userUuid": ACCOUNT_UUID,
            "expiredDate": date(self.options, now + SESSION_SECONDS),
            "createDate": date(self.options, now),
            "noSessionEvaluation": False,
        }
        return plain(self.options, {"inventory": inventory})

    def _params(self, call: Call) -> dict[str, object] | str:
        """The params of a creating call, or what is wrong with them."""
        try:
            call.document  # noqa: B018
        except NotJson:
            return "the body is not JSON"
        name = call.params.get("name")
        if not isinstance(name, str) or not 0 < len(name) <= 255:
            return "name is a string of 1 to 255 characters"
        return call.params

    def _made(self, resource: Resource, kind: dict[str, Resource]) -> Answer:
        kind[resource.uuid] = resource
        row = self._group(resource) if kind is self.world.groups else self._trigger(resource)
        if self.options.kind == "zstack-5.2" and kind is self.world.triggers:
            # The row of a new trigger is not read again before it is answered (observed in ZStack 5.2).
            row = {name: value for name, value in row.items() if name not in ("createDate", "lastOpDate")}
        return plain(self.options, {"inventory": row})

    def _create_group(self, call: Call) -> Answer:
        params = self._params(call)
        if isinstance(params, str):
            return self._failed("SYS.1007", params)
        if params.get("type") not in JOB_TYPES:
            return self._failed("SYS.1007", f"type is one of {', '.join(sorted(JOB_TYPES))}")
        now = time.time()
        return self._made(Resource(new_uuid(), str(params["name"]), params, now, now), self.world.groups)

    def _create_trigger(self, call: Call) -> Answer:
        params = self._params(call)
        if isinstance(params, str):
            return self._failed("SYS.1007", params)
        wrong = _wrong_schedule(params)
        if wrong:
            return self._failed("SYS.1007", wrong)
        now = time.time()
        return self._made(Resource(new_uuid(), str(params["name"]), params, now, now), self.world.triggers)

    def _query(self, call: Call, kind: str, uuids: list[str]) -> Answer:
        items = [*call.query_items, *(("q", f"uuid={uuid}") for uuid in uuids)]
        # Most queries are for one UUID: no need to write out every row for them.
        known = self.world.groups if kind == "jobgroups" else self.world.triggers
        single = next((value[5:] for name, value in items if name == "q" and value.startswith("uuid=")), None)
        chosen = list(known.values()) if single is None else [known[single]] if single in known else []
        write = self._group if kind == "jobgroups" else self._trigger
        try:
            rows, total = select(map(write, chosen), items)
        except BadCondition as bad:
            return self._failed("SYS.1007", str(bad))
        name = "SchedulerJobGroupInventory" if kind == "jobgroups" else "SchedulerTriggerInventory"
        schema = {f"inventories[{number}]": f"org.zstack.header.scheduler.{name}" for number in range(len(rows))}
        document: dict[str, object] = {"inventories": rows, "schema": schema}
        if ("replyWithCount", "true") in items or ("count", "true") in items:
            document["total"] = total
        return plain(self.options, document)

    def _group(self, group: Resource) -> dict[str, object]:
        return {
            "uuid": group.uuid,
            "name": group.name,
            "description": str(group.members.get("description") or ""),
            "state": "Enabled",
            "jobType": group.members.get("type"),
            "jobData": json.dumps(group.members.get("parameters") or {}),
            "jobClassName": "org.zstack.scheduler.SchedulerJobGroup",
            "triggersUuid": self.world.triggers_of(group.uuid),
            "jobsUuid": [],
            "createDate": date(self.options, group.created),
            "lastOpDate": date(self.options, group.changed),
        }

    def _trigger(self, trigger: Resource) -> dict[str, object]:
        row: dict[str, object] = {
            "uuid": trigger.uuid,
            "name": trigger.name,
            "description": str(trigger.members.get("description") or ""),
            "schedulerType": trigger.members.get("schedulerType"),
            "createDate": date(self.options, trigger.created),
            "lastOpDate": date(self.options, trigger.changed),
            "jobsUuid": [],
            "jobGroupsUuid": self.world.groups_of(trigger.uuid),
        }
        for name in ("cron", "schedulerInterval", "repeatCount", "startTime", "stopTime"):
            if trigger.members.get(name) is not None:
                row[name] = trigger.members[name]
        return row

    def _remove(self, group: str, trigger: str) -> Answer:
        if group not in self.world.groups or trigger not in self.world.triggers:
            return self._failed("SYS.1003", "there is no such job group or trigger")
        if self.world.associations.pop((group, trigger), None) is None and self.options.remove_absent == "failure":
            return self._failed("SYS.1006", "the job group is not on that trigger")
        return plain(self.options, {})


def _wrong_schedule(params: dict[str, object]) -> str:
    """What is wrong with the schedule of a new trigger, or ''."""
    kind = params.get("schedulerType")
    if kind == "cron":
        cron = params.get("cron")
        well_formed = isinstance(cron, str) and len(cron.split()) in (6, 7) and "?" in cron
        return "" if well_formed else "cron is a Quartz expression of six fields with a ? in it"
    if kind != "simple":
        return "schedulerType is simple or cron"
    start, interval, repeat = (params.get(name) for name in ("startTime", "schedulerInterval", "repeatCount"))
    if not isinstance(start, int) or isinstance(start, bool) or not 0 <= start <= LATEST_START:
        return "startTime is in epoch seconds, 0 for now"
    if repeat is not None and (not isinstance(repeat, int) or repeat < 0):
        return "repeatCount is a whole number, 0 for no end"
    if repeat != 1 and (not isinstance(interval, int) or interval < 1):
        return "schedulerInterval is at least a second"
    return ""
