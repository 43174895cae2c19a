"""What the reference remembers: accounts, sessions, job groups, triggers and their associations."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
import uuid
from dataclasses import dataclass, field

from contract.kit.reference.schedule import is_over

ACCOUNT = "admin"
ORDINARY = "ordinary"  # an account as created: in ZStack's dialects it may do nothing but ask
PASSWORD = "password"
PASSWORD_DIGEST = hashlib.sha512(PASSWORD.encode()).hexdigest()
ACCOUNT_UUID = "36c27e8ff05c4780bf6d2fa65700f22e"
UUID_FORM = re.compile(r"[0-9a-f]{32}")


def new_uuid() -> str:
    """A random version 4 UUID without dashes, as the server makes them."""
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class Account:
    """`digest` is SHA-512 of the password, in hexadecimal digits."""

    uuid: str
    digest: str


@dataclass(slots=True)
class Resource:
    """A job group or a trigger. `members` are those that its creator gave; instants are epoch seconds."""

    uuid: str
    name: str
    members: dict[str, object]
    created: float
    changed: float
    state: str = "Enabled"

    @property
    def fired(self) -> bool:
        """Return True if this trigger has fired for the last time."""
        return is_over(self.members)


@dataclass(slots=True)
class Association:
    """One pair; instants are epoch seconds."""

    created: float
    changed: float


@dataclass(slots=True)
class Seeds:
    """What is there before any request: for a run without an account, and to show what a run touches."""

    session: str = ""
    job_group: str = ""
    trigger: str = ""
    access_key_id: str = ""
    access_key_secret: str = ""
    groups: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()
    associations: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class World:
    """The whole state of one reference."""

    accounts: dict[str, Account] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)  # of sessions: account UUIDs
    sessions: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    groups: dict[str, Resource] = field(default_factory=dict)
    triggers: dict[str, Resource] = field(default_factory=dict)
    associations: dict[tuple[str, str], Association] = field(default_factory=dict)
    seeds: Seeds = field(default_factory=Seeds)
    deleted: set[str] = field(default_factory=set)
    one_sided: bool = False  # set by a mutant: triggers do not list their job groups
    twice: set[tuple[str, str]] = field(default_factory=set)  # by a mutant: pairs that stand twice in their job group

    def log_in(self, account: str = ACCOUNT_UUID) -> str:
        session = new_uuid()
        self.sessions.add(session)
        self.owners[session] = account
        return session

    def account_of(self, session: str) -> str:
        """The account's UUID behind a session; an access key is the administrator's."""
        return self.owners.get(session, ACCOUNT_UUID)

    def log_out(self, session: str) -> None:
        if session in self.sessions:
            self.sessions.discard(session)
            self.ended.add(session)

    def log_out_all(self, account: str) -> None:
        """End every session of an account."""
        for session in [one for one in self.sessions if self.owners.get(one) == account]:
            self.log_out(session)

    def expire_sessions(self) -> int:
        """End every session. Returns how many there were."""
        count = len(self.sessions)
        self.ended |= self.sessions
        self.sessions.clear()
        return count

    def associate(self, group: str, trigger: str) -> Association:
        """Make the association of a pair, or touch it when it is there."""
        now = time.time()
        known = self.associations.get((group, trigger))
        if known is None:
            known = self.associations[group, trigger] = Association(now, now)
        else:
            known.changed = now
        return known

    def triggers_of(self, group: str) -> list[str]:
        found = [pair[1] for pair in self.associations if pair[0] == group]
        return found + [trigger for trigger in found if (group, trigger) in self.twice]

    def groups_of(self, trigger: str) -> list[str]:
        return [] if self.one_sided else [pair[0] for pair in self.associations if pair[1] == trigger]

    def delete_group(self, group: str) -> None:
        self.groups.pop(group, None)
        self.deleted.add(group)
        for pair in [pair for pair in self.associations if pair[0] == group]:
            del self.associations[pair]

    def delete_trigger(self, trigger: str) -> None:
        self.triggers.pop(trigger, None)
        self.deleted.add(trigger)
        for pair in [pair for pair in self.associations if pair[1] == trigger]:
            del self.associations[pair]

    def touched(self) -> list[str]:
        """In words, whatever was there at the start and is no longer as it was. Empty when all is well."""
        seeds = self.seeds
        found = [f"job group {uuid} is gone" for uuid in (*seeds.groups, seeds.job_group) if uuid not in self.groups]
        found += [f"trigger {uuid} is gone" for uuid in (*seeds.triggers, seeds.trigger) if uuid not in self.triggers]
        found += [f"association {pair} is gone" for pair in seeds.associations if pair not in self.associations]
        groups = {*seeds.groups, seeds.job_group}
        triggers = {*seeds.triggers, seeds.trigger}
        found += [
            f"association {pair} is new"
            for pair in self.associations
            if (pair[0] in groups or pair[1] in triggers) and pair not in seeds.associations
        ]
        if seeds.session not in self.sessions:
            found.append("the seeded session has ended")
        return found


def seeded() -> World:
    """A world with bystanders, one ready pair that is not associated, a session for it and an access key."""
    world = World()
    world.accounts = {ACCOUNT: Account(ACCOUNT_UUID, PASSWORD_DIGEST), ORDINARY: Account(new_uuid(), PASSWORD_DIGEST)}
    an_hour_ago = time.time() - 3600

    def group(name: str) -> str:
        made = Resource(new_uuid(), name, {"type": "startVm"}, an_hour_ago, an_hour_ago)
        world.groups[made.uuid] = made
        return made.uuid

    def trigger(name: str) -> str:
        members: dict[str, object] = {"schedulerType": "simple", "schedulerInterval": 86400, "startTime": 0}
        made = Resource(new_uuid(), name, members, an_hour_ago, an_hour_ago)
        world.triggers[made.uuid] = made
        return made.uuid

    groups = tuple(group(f"bystander-{number}") for number in range(3))
    triggers = tuple(trigger(f"bystander-{number}") for number in range(3))
    pair = (groups[0], triggers[0])
    world.associations[pair] = Association(an_hour_ago, an_hour_ago)
    world.seeds = Seeds(
        session=world.log_in(),
        job_group=group("ready"),
        trigger=trigger("ready"),
        access_key_id=secrets.token_hex(10),
        access_key_secret=secrets.token_hex(20),
        groups=groups,
        triggers=triggers,
        associations=(pair,),
    )
    return world
