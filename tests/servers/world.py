"""What all servers on Python frameworks share: the state, and what is refused for it. Nothing here speaks HTTP."""

from __future__ import annotations

import hashlib
import os
import re
import threading
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal

ACCOUNT: Final = "admin"
PASSWORD: Final = "open sesame"
SLIP: Final = os.environ.get("SERVER_SLIP", "")
"""The one fault of this process, by its name in `fleet.py`; "" for none."""

Kind = Literal["jobgroups", "triggers"]
DIGEST: Final = hashlib.sha512(PASSWORD.encode()).hexdigest()
CONDITION: Final = re.compile(r"(uuid|name)=(.*)", re.DOTALL)


class Refused(Exception):  # noqa: N818  it tells what became of a call
    """The operation failed: `status` as REST has it, and the error's members."""

    def __init__(self, status: int, code: str, description: str, details: str) -> None:
        super().__init__(details)
        self.status = status
        self.envelope = {"error": {"code": code, "description": description, "details": details}}


def no_such(what: str) -> Refused:
    return Refused(404, "SYS.1003", "A resource can not be found", f"there is no such {what}")


def invalid(details: str) -> Refused:
    return Refused(400, "SYS.1007", "An argument is not valid", details)


@dataclass(slots=True)
class Resource:
    """A job group or a trigger; `members` are those that its maker gave."""

    members: Mapping[str, Any]
    uuid: str = field(default_factory=lambda: uuid.uuid4().hex)
    made: datetime = field(default_factory=lambda: datetime.now(UTC))


class World:
    """Sessions, job groups, triggers, and which job group is on which trigger. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sessions: set[str] = set()
        self._kinds: dict[str, dict[str, Resource]] = {"jobgroups": {}, "triggers": {}}
        self._associations: dict[tuple[str, str], datetime] = {}

    def log_in(self, wanted: object) -> dict[str, Any]:
        """The inventory of a new session."""
        if not isinstance(wanted, dict) or (wanted.get("accountName"), wanted.get("password")) != (ACCOUNT, DIGEST):
            raise Refused(401, "ID.1000", "Authentication failed", "wrong account name or password")
        session = uuid.uuid4().hex
        with self._lock:
            self._sessions.add(session)
        return {"uuid": session, "createDate": datetime.now(UTC)}

    def log_out(self, session: str) -> None:
        with self._lock:
            self._sessions.discard(session)

    def knows(self, session: str) -> bool:
        return session in self._sessions

    def create(self, kind: Kind, params: object) -> dict[str, Any]:
        """The new resource's row."""
        if not isinstance(params, dict) or not isinstance(params.get("name"), str):
            raise invalid("params is an object with a name")
        resource = Resource(params)
        with self._lock:
            self._kinds[kind][resource.uuid] = resource
            return self._row(kind, resource)

    def rows(self, kind: Kind, conditions: Iterable[str]) -> list[dict[str, Any]]:
        """The rows that meet every condition, `uuid=...` or `name=...`."""
        wanted = []
        for condition in conditions:
            parsed = CONDITION.fullmatch(condition)
            if parsed is None:
                raise invalid("q is a field, = and a value")
            wanted.append(parsed.groups())
        with self._lock:
            found = [self._row(kind, resource) for resource in self._kinds[kind].values()]
        return [row for row in found if all(row[name] == value for name, value in wanted)]

    def delete(self, kind: Kind, uuid: str) -> None:
        with self._lock:
            self._kinds[kind].pop(uuid, None)
            for pair in [pair for pair in self._associations if uuid in pair]:
                del self._associations[pair]

    def add(self, group: str, trigger: str) -> dict[str, Any]:
        """Put the job group on the trigger; the association's inventory."""
        with self._lock:
            self._must_exist(group, trigger)
            now = datetime.now(UTC)
            made = self._associations.setdefault((group, trigger), now)
        return {
            "schedulerJobGroupUuid": group,
            "schedulerTriggerUuid": trigger,
            "createDate": made,
            "lastOpDate": now,
        }

    def remove(self, group: str, trigger: str) -> None:
        with self._lock:
            self._must_exist(group, trigger)
            self._associations.pop((group, trigger), None)

    def _must_exist(self, group: str, trigger: str) -> None:
        if group not in self._kinds["jobgroups"]:
            raise no_such("job group")
        if trigger not in self._kinds["triggers"]:
            raise no_such("trigger")

    def _row(self, kind: Kind, resource: Resource) -> dict[str, Any]:
        own, other, links = (0, 1, "triggersUuid") if kind == "jobgroups" else (1, 0, "jobGroupsUuid")
        return {
            "uuid": resource.uuid,
            "name": resource.members["name"],
            links: [pair[other] for pair in self._associations if pair[own] == resource.uuid],
            "createDate": resource.made,
            "lastOpDate": resource.made,
        }
