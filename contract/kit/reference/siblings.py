"""The calls beside the operation: job groups, triggers, their queries, the removal of a pair; and accounts."""

from __future__ import annotations

import time

from contract.kit.reference import rows, schedule
from contract.kit.reference.accounts import Accounts
from contract.kit.reference.answers import Answer, plain
from contract.kit.reference.call import Call, NotJson
from contract.kit.reference.dialect import Options
from contract.kit.reference.operation import Dialect
from contract.kit.reference.query import BadCondition, select
from contract.kit.reference.resources import canonical, form_of
from contract.kit.reference.world import ACCOUNT_UUID, Resource, World, new_uuid

PACKAGE = "org.zstack.scheduler"
MANDATORY = "field[%s] of message[%s] is mandatory, can not be null"
TOO_LONG = "field[%s] of message[%s] exceeds max length of string. expected was <= %s, actual was %s"
NAME = 255  # characters
KINDS = {"jobgroups": "SchedulerJobGroup", "triggers": "SchedulerTrigger"}
REMOVE = f"{PACKAGE}.APIRemoveSchedulerJobGroupFromSchedulerTriggerMsg"
STATES = {"enable": "Enabled", "disable": "Disabled"}


class Siblings:
    """Answers the sibling calls. `deferred` answers are those that ZStack puts in a job."""

    def __init__(self, world: World, options: Options, dialect: Dialect) -> None:
        self.world = world
        self.options = options
        self.dialect = dialect
        self.accounts = Accounts(world, options, dialect)

    def answer(self, call: Call, parts: tuple[str, ...]) -> Answer | None:
        """The answer to a call on the path /zstack/v1/ + parts, or None when no sibling is there."""
        if parts[0] == "accounts":
            return self.accounts.answer(call, parts[1:])
        api = _api(call, parts)
        if api is None:
            return None
        refused = self.dialect.guard(call, api)
        answer = refused or self._scheduler(call, parts)
        # Queries are synchronous, and so are the rejections of a bad header.
        answer.deferred = call.method != "GET" and (refused is None or refused.deferred)
        return answer

    def _scheduler(self, call: Call, parts: tuple[str, ...]) -> Answer:
        match call.method, parts:
            case "POST", (_, "jobgroups"):
                return self._create_group(call)
            case "POST", (_, "triggers"):
                return self._create_trigger(call)
            case "PUT", (_, _, group, _):
                return self._change_state(call, group)
            case "DELETE", (_, kind, uuid):
                if not form_of(self.options).fullmatch(uuid):
                    return self._failed("SYS.1003", "invalid value[%s] of field[%s]", uuid, "uuid")
                (self.world.delete_group if kind == "jobgroups" else self.world.delete_trigger)(uuid)
                return plain(self.options, {})
            case "DELETE", (_, _, group, _, _, trigger):
                return self._remove(canonical(group, self.options), canonical(trigger, self.options))
        return self._query(call, parts[1], list(parts[2:]))

    def _failed(self, code: str, template: str, *arguments: object) -> Answer:
        return self.dialect.failed("sibling", code, template, *arguments)

    def _named(self, call: Call, api: str) -> dict[str, object] | Answer:
        """The params of a creating call, or what is wrong with them."""
        try:
            call.document  # noqa: B018
        except NotJson:
            return self._failed("SYS.1007", "the body is not JSON")
        name = call.params.get("name")
        if not isinstance(name, str):
            return self._failed("SYS.1007", MANDATORY, "name", api)
        if len(name) > NAME:
            return self._failed("SYS.1007", TOO_LONG, "name", api, NAME, len(name))
        return call.params

    def _made(self, params: dict[str, object], into: dict[str, Resource]) -> Answer:
        now = time.time()
        made = Resource(new_uuid(), str(params["name"]), params, now, now)
        into[made.uuid] = made
        if into is self.world.groups:
            row = rows.group(made, self.world, self.options, new=True)
        else:
            row = rows.trigger(made, self.world, self.options, new=True)
        return plain(self.options, {"inventory": row})

    def _create_group(self, call: Call) -> Answer:
        api = f"{PACKAGE}.APICreateSchedulerJobGroupMsg"
        params = self._named(call, api)
        if isinstance(params, Answer):
            return params
        kind = params.get("type")
        if kind is None:
            return self._failed("SYS.1007", MANDATORY, "type", api)
        if kind not in rows.JOB_TYPES:
            template = "valid value for field[%s] of message[%s] are %s, but %s found"
            return self._failed("SYS.1007", template, "type", api, f"[{', '.join(rows.JOB_TYPES)}]", kind)
        if self.options.kind == "zsvirt" and kind in rows.NOT_INSTALLED:
            return self._failed("SYS.1000", f"No SchedulerJobFactory of type[{kind}] found")
        return self._made(params, self.world.groups)

    def _create_trigger(self, call: Call) -> Answer:
        params = self._named(call, schedule.MESSAGE)
        if isinstance(params, Answer):
            return params
        wrong = schedule.problem(params)
        return (
            self._made(params, self.world.triggers) if wrong is None else self._failed("SYS.1007", wrong[0], *wrong[1])
        )

    def _change_state(self, call: Call, uuid: str) -> Answer:
        wanted = call.root.get("changeSchedulerJobGroupState")
        event = wanted.get("stateEvent") if isinstance(wanted, dict) else None
        group = self.world.groups.get(uuid)
        if group is None:
            return self._failed("SYS.1003", "there is no job group %s", uuid)
        if event not in STATES:
            return self._failed("SYS.1007", "stateEvent is enable or disable")
        before = rows.group(group, self.world, self.options, new=True)
        group.state = STATES[event]
        # ZStack answers with the row as it was before (observed).
        row = before if self.options.zstack else rows.group(group, self.world, self.options, new=True)
        return plain(self.options, {"inventory": row})

    def _query(self, call: Call, kind: str, uuids: list[str]) -> Answer:
        items = [*call.query_items, *(("q", f"uuid={uuid}") for uuid in uuids)]
        # Most queries are for some UUIDs: no need to write out every row for them.
        known = self.world.groups if kind == "jobgroups" else self.world.triggers
        wanted = next((value for name, value in items if name == "q" and value.startswith(("uuid=", "uuid?="))), None)
        named = list(known) if wanted is None else wanted.partition("=")[2].split(",")
        chosen = [known[uuid] for uuid in dict.fromkeys(named) if uuid in known]
        several = self.options.several if len(named) > 1 and wanted is not None else "told"
        if several == "refused":
            return self._failed("SYS.1007", "%s", f"no operator in {wanted}")
        if several == "unknown" or not self._sees(call):
            chosen = []
        write = rows.group if kind == "jobgroups" else rows.trigger
        try:
            found, total = select((write(one, self.world, self.options) for one in chosen), items)
        except BadCondition as bad:
            return self._failed("SYS.1007", "%s", str(bad))
        if self.options.empty_links == "omitted":
            found = [{name: value for name, value in row.items() if value != []} for row in found]
        if several == "bare":
            found = [{name: value for name, value in row.items() if not isinstance(value, list)} for row in found]
        inventory = f"org.zstack.header.scheduler.{KINDS[kind]}Inventory"
        document: dict[str, object] = {"schema": {f"inventories[{number}]": inventory for number in range(len(found))}}
        if ("replyWithCount", "true") in items or ("count", "true") in items:
            document["total"] = total
        document["inventories"] = found
        return plain(self.options, document)

    def _sees(self, call: Call) -> bool:
        """Return True if the resources, which are the administrator's, are shown to the account that asks."""
        session = (call.header("authorization") or "").removeprefix("OAuth").strip().lower()
        return not self.options.zstack or self.world.account_of(session) == ACCOUNT_UUID

    def _remove(self, group: str, trigger: str) -> Answer:
        for place, value, known in (
            ("JobGroup", group, self.world.groups),
            ("Trigger", trigger, self.world.triggers),
        ):
            if value not in known:
                arguments = (f"scheduler{place}Uuid", REMOVE.rpartition(".")[2], value, f"Scheduler{place}VO")
                template = "invalid field[%s] for %s, resource[uuid:%s, type:%s] not found"
                return self._failed("SYS.1003", template, *arguments)
        if self.world.associations.pop((group, trigger), None) is None and self.options.remove_absent == "failure":
            return self._failed("SYS.1006", "the job group is not on that trigger")
        return plain(self.options, {})


def _api(call: Call, parts: tuple[str, ...]) -> str | None:
    """The class of the sibling's message, or None when there is no sibling."""
    match call.method, parts:
        case "POST", ("scheduler", "jobgroups" | "triggers" as kind):
            return f"{PACKAGE}.APICreate{KINDS[kind]}Msg"
        case "GET", ("scheduler", "jobgroups" | "triggers" as kind, *uuids) if len(uuids) <= 1:
            return f"{PACKAGE}.APIQuery{KINDS[kind]}Msg"
        case "PUT", ("scheduler", "jobgroups", _, "actions"):
            return f"{PACKAGE}.APIChangeSchedulerJobGroupStateMsg"
        case "DELETE", ("scheduler", "jobgroups" | "triggers" as kind, _):
            return f"{PACKAGE}.APIDelete{KINDS[kind]}Msg"
        case "DELETE", ("scheduler", "jobgroups", _, "scheduler", "triggers", _):
            return REMOVE
    return None
