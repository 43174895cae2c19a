"""The requests that bring each clause's faults out: a short list of calls a clause."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from contract.kit.description import load
from contract.kit.drive.dimensions import Draft, Point, Value, covering, space
from contract.kit.drive.sending import path_of
from contract.kit.exchange import Expect
from tests.reference.before import (
    UNKNOWN,
    after_other_methods,
    both_ends_in_upper_case,
    logged_out_otherwise,
    methods_for_nothing,
    near_miss_with_broken_json,
    refused_after_removal,
    removed_and_added,
)
from tests.reference.client import EXAMPLE, Client

if TYPE_CHECKING:
    from tests.reference.conftest import Stage

OTHER = "fedcba9876543210fedcba9876543210"
Driver = Callable[["Stage", Client], None]
OPERATION = load()
SPACE = space(OPERATION)
MERGE = "as application/merge-patch+json"


def goods(stage: Stage, client: Client) -> None:
    """Every kind of good request, on two pairs, and each again."""
    seeds = client.seeds
    bodies: list[Any] = [
        EXAMPLE,
        {"params": {}},
        {"params": {"triggerNow": False}, "systemTags": [], "userTags": []},
    ]
    for body in bodies:
        client.add(body)
        client.add(body, path=client.path(seeds.groups[1], seeds.triggers[1]))
    client.add(headers={"Content-Type": "application/json;charset=UTF-8"})
    for trigger in (seeds.triggers[2], seeds.trigger):
        client.add(path=client.path(seeds.groups[1], trigger))
    client.add({"params": {"triggerNow": None}})
    client.add({"params": {}, "systemTags": ["é"], "userTags": ["ü"]})


def unknown(stage: Stage, client: Client) -> None:
    bodies: list[Any] = [EXAMPLE, {"params": {}}]
    for body in bodies * 2:
        client.add(body, path=client.path(UNKNOWN))
        client.add(body, path=client.path(trigger=UNKNOWN))
        client.add(body, path=client.path(UNKNOWN, OTHER))


def kinds(stage: Stage, client: Client) -> None:
    seeds = client.seeds
    client.add(path=client.path(group=seeds.trigger))
    client.add(path=client.path(trigger=seeds.job_group))
    client.add(path=client.path(seeds.trigger, seeds.job_group))


def malformed(stage: Stage, client: Client) -> None:
    group, trigger = client.seeds.job_group, client.seeds.trigger
    dashed = f"{trigger[:8]}-{trigger[8:12]}-{trigger[12:16]}-{trigger[16:20]}-{trigger[20:]}"
    values = (
        trigger[:31],
        trigger + "0",
        dashed,
        "z" * 32,
        "%25",
        "a'b",
        "a%00b",
        "a%0Ab",
        "a%2Fb",
        "%2E%2E",
        "%C3%A9",
    )
    for value in (*values, "a" * 4096):
        client.add(path=client.path(trigger=value))
    client.add(path=client.path(group=group[:31]))


def methods(stage: Stage, client: Client) -> None:
    for method in ("GET", "HEAD", "PUT", "PATCH", "OPTIONS"):
        client.send(method, client.path(), EXAMPLE)
    client.send("GET", f"{client.path()}?x=y", EXAMPLE)
    client.send("PUT", f"{client.path()}?_method=POST", EXAMPLE)
    client.send("PUT", client.path(), {**EXAMPLE, "_method": "POST"})


def near_misses(stage: Stage, client: Client) -> None:
    path = client.path()
    for near in (
        path + "/extra",
        path.replace("/scheduler/triggers", "/triggers"),
        path.replace("jobgroups", "JobGroups"),
        path.replace("/triggers/", "/trigger/"),
        path.replace("/triggers/", "/triglers/"),
    ):
        client.add(path=near)


def other_names(stage: Stage, client: Client) -> None:
    seeds = client.seeds
    client.add(path=f"{client.path()}?schedulerJobGroupUuid={seeds.groups[1]}")
    client.add({"params": {"schedulerTriggerUuid": seeds.triggers[1]}})


def strangers(stage: Stage, client: Client) -> None:
    session = client.seeds.session
    values = (None, "", "OAuth", "OAuth ", f"OAuth {UNKNOWN}", f"OAuth {session[:31]}", f"OAuth {session}0")
    tokens = (f"OAuth {session[:-1]}g", "OAuth %", "OAuth ' OR '1'='1", "OAuth caf\xe9", f"OAuth {'x' * 9000}")
    schemes = (
        f"Bearer {session}",
        f"Basic {session}",
        f"ZStack {session}",
        f"Token {session}",
        f"Odd {session}",
        "Bearer x",
    )
    for value in (*values, *tokens, *schemes):
        client.add(authorization=value)
        client.add()
    for value in (None, f"OAuth {UNKNOWN}"):
        client.add(path=client.path(UNKNOWN), authorization=value)
    for spelling in ("authorization", "AUTHORIZATION"):
        client.add(headers={spelling: f"OAuth {session}"})
    bodies: list[Any] = [{"params": {}}, {"params": {"triggerNow": False}}, {"params": {}, "userTags": ["c"]}]
    for body in bodies:
        client.add(body, authorization=None)
    client.add(path=f"{client.path()}?session={session}", authorization=None)
    client.add(authorization=None, headers={"Cookie": f"session={session}"})
    client.add({"params": {}, "session": session}, authorization=None)


def after_logout(stage: Stage, client: Client) -> None:
    world = stage.application.world
    session = world.log_in()
    for _ in range(3):
        client.add(authorization=f"OAuth {session}")
    world.log_out(session)
    client.add(authorization=f"OAuth {session}")


def sessions_unused_or_older(stage: Stage, client: Client) -> None:
    """After the logout of a session that was never used, and of one while a newer one goes on."""
    world = stage.application.world
    unused, older, _newer = (world.log_in() for _ in range(3))
    client.add(authorization=f"OAuth {older}")
    for session in (unused, older):
        world.log_out(session)
        client.add(authorization=f"OAuth {session}")


def bad_bodies(stage: Stage, client: Client) -> None:
    client.add()
    bodies: list[Any] = [b"{", b"", b"null", b"[]", b'"x"', b'{"params":{}} x', {}]
    wrong: list[Any] = [None, [], "x", 1]
    bodies += [{"params": value} for value in wrong]
    wrong = [1, "yes", [], {}, "x"]
    bodies += [{"params": {"triggerNow": value}} for value in wrong]
    wrong = ["x", "null", {}, [None], [1]]
    bodies += [{"params": {}, name: value} for name in ("systemTags", "userTags") for value in wrong]
    for body in bodies:
        client.add(body)
    client.add()


def large_bodies(stage: Stage, client: Client) -> None:
    client.add({"params": {}, "unknown": 1})
    client.add({"params": {"unknown": 1}})
    for tags in (["x" * 65_536], ["x"] * 10_000, ["\x00"], ["\U0001f600"]):
        client.add({"params": {}, "systemTags": tags})
    client.add({"params": {}, "userTags": ["x" * 1_000_000]})
    client.add(b'{"params":{},"x":' + b"[" * 10_000 + b"]" * 10_000 + b"}")


def side_by_side(stage: Stage, client: Client) -> None:
    """Ten adds at once: four of one pair, four of four others, two that share a job group with one of these."""
    seeds = client.seeds
    others_paths = map(client.path, (*seeds.groups, seeds.job_group), (*seeds.triggers, seeds.trigger))
    sharing = [client.path(seeds.groups[1], trigger) for trigger in seeds.triggers if trigger != seeds.triggers[1]]
    paths = [client.path()] * 4 + list(others_paths) + sharing
    together(stage, [{"path": path} for path in paths])


def a_stranger_beside(stage: Stage, client: Client) -> None:
    """Four adds at once, one of them without a session."""
    together(stage, [{}, {}, {}, {"authorization": None}])


def two_wrong_again(stage: Stage, client: Client) -> None:
    for _ in range(2):
        client.add({"params": {"triggerNow": 1}, "systemTags": "x"})


def a_bad_body_beside(stage: Stage, client: Client) -> None:
    together(stage, [{}, {}, {}, {"body": b"{"}])


def together(stage: Stage, adds: list[dict[str, Any]]) -> None:
    """Send them at once, each on a connection of its own; an add is what the client's takes by name."""
    others = [stage.client() for _ in adds]
    barrier = threading.Barrier(len(adds))

    def add(other: Client, named: dict[str, Any]) -> None:
        barrier.wait(5)
        other.add(**named)

    threads = [threading.Thread(target=add, args=pair) for pair in zip(others, adds, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)


def deleted_ends(stage: Stage, client: Client) -> None:
    """A pair added, removed and added once more; a job group and a trigger that were deleted."""
    world = stage.application.world
    seeds = client.seeds
    client.add(path=client.path(seeds.groups[1], seeds.triggers[1]))
    client.send("DELETE", client.path(seeds.groups[1], seeds.triggers[1]))
    client.add(path=client.path(seeds.groups[1], seeds.triggers[1]))
    world.delete_group(seeds.groups[2])
    world.delete_trigger(seeds.triggers[2])
    client.add(path=client.path(seeds.groups[2]))
    client.add(path=client.path(trigger=seeds.triggers[2]))


def later_sessions(stage: Stage, client: Client) -> None:
    world = stage.application.world
    for session in [world.log_in() for _ in range(2)]:
        client.add(authorization=f"OAuth {session}")


def common_ends(stage: Stage, client: Client) -> None:
    """Adds side by side of one job group with each trigger, and again."""
    seeds = client.seeds
    for _ in range(2):
        together(stage, [{"path": client.path(seeds.groups[1], trigger)} for trigger in seeds.triggers])


def own_trigger(stage: Stage, client: Client) -> None:
    params = {"name": "mine", "schedulerType": "simple", "startTime": 0, "schedulerInterval": 60}
    client.send("POST", "/zstack/v1/scheduler/triggers", {"params": params})


def many(stage: Stage, client: Client) -> None:
    """A pair over and over: 160 times, and as many times anew."""
    for _ in range(160):
        client.add()
    for _ in range(160):
        stage.application.world.associations.pop((client.seeds.job_group, client.seeds.trigger), None)
        client.add()


def varied(clause: str) -> Driver:
    """Every value of the dimensions that is judged by a clause, alone, for a fresh pair; the good ones for some."""

    def drive(stage: Stage, client: Client) -> None:
        for name, one in SPACE.items():
            for value in one.values:
                good = value.expect is Expect.SUCCESS and clause in ("PATH-001", "BODY-001", "BODY-002", "ENV-002")
                if value.clause == clause or good:
                    _send(stage, client, {name: value})

    return drive


def two_bad(stage: Stage, client: Client) -> None:
    """No credentials or an unknown session, and whatever else is not good of body, method and path."""
    bodies = [
        (name, value)
        for name, one in SPACE.items()
        for value in one.values
        if value.expect is not Expect.SUCCESS and value.clause.startswith(("BODY", "PATH-005", "PATH-006"))
    ]
    for who in ("no credentials", "an unknown session, 1"):
        stranger = next(value for value in SPACE["credentials"].values if value.name == who)
        for name, value in bodies:
            _send(stage, client, {"credentials": stranger, name: value})


def two_wrong(stage: Stage, client: Client) -> None:
    """Each two dimensions of path and body, bad in both."""
    groups = {
        name: [
            [(name, value) for value in family]
            for family in covering.families(one for one in one.values if one.expect is Expect.REFUSAL).values()
        ]
        for name, one in SPACE.items()
        if any(value.clause.startswith(("PATH-004", "BODY")) and value.expect is Expect.REFUSAL for value in one.values)
    }
    for point in covering.each_two(groups, list(SPACE.values())):
        _send(stage, client, dict(point.chosen))


def strangers_with_more(stage: Stage, client: Client) -> None:
    """No credentials, beside every value of every other dimension that may stand there."""
    stranger = SPACE["credentials"].judged_by("AUTH-001", Expect.REFUSAL)[0]
    for name, one in SPACE.items():
        for value in one.company:
            if name != "credentials":
                _send(stage, client, {"credentials": stranger, name: value})


def three_good(stage: Stage, client: Client) -> None:
    """Points of good values that meet by chance."""
    for point in covering.by_chance(list(SPACE.values()), 1, 400):
        _send(stage, client, dict(point.chosen))


def neighbours(stage: Stage, client: Client) -> None:
    """Other methods and near misses, with each header that names a method or a path."""
    headers = [value for value in SPACE["other headers"].values if value.family.startswith("a header that names")]
    for header in headers:
        for name in ("method", "path"):
            for value in SPACE[name].values[1:4]:
                _send(stage, client, {"other headers": header, name: value})


def deleted(stage: Stage, client: Client) -> None:
    """What existed and was deleted, on either side and on both."""
    world = stage.application.world
    group, trigger = client.seeds.groups[2], client.seeds.triggers[2]
    world.delete_group(group)
    world.delete_trigger(trigger)
    client.add(path=client.path(group))
    client.add(path=client.path(trigger=trigger))
    client.add(path=client.path(group, trigger))


def strangers_to_deleted(stage: Stage, client: Client) -> None:
    """No credentials, for a job group that was deleted."""
    world, seeds = stage.application.world, client.seeds
    group = seeds.groups[-1]
    world.delete_group(group)
    client.add(path=client.path(group=group), authorization=None)


def stranger_to_the_wrong_kind(stage: Stage, client: Client) -> None:
    """No credentials, for a trigger in the place of the job group."""
    client.add(path=client.path(group=client.seeds.trigger), authorization=None)


def stranger_with_bad_json(stage: Stage, client: Client) -> None:
    client.add(b"{", path=client.path(UNKNOWN), authorization=None)


def merge_patch(stage: Stage, client: Client) -> None:
    _send(
        stage, client, {"method": _value("method", "PATCH on the path"), "content type": _value("content type", MERGE)}
    )


def _value(name: str, told: str) -> Value:
    return next(value for value in SPACE[name].values if value.name == told)


def _send(stage: Stage, client: Client, chosen: dict[str, Value]) -> None:
    seeds, operation = client.seeds, OPERATION
    pair = (seeds.job_group, seeds.trigger)
    world = stage.application.world
    if chosen.get("method") is None and not any(value.expect is Expect.REFUSAL for value in chosen.values()):
        world.associations.pop(pair, None)
    else:
        world.associate(*pair)
    draft = Draft(
        operation,
        dict(zip(operation.path_parameters, pair, strict=True)),
        seeds.session,
        operation.plain_body,
        pair=pair,
        strangers=(seeds.groups[1], seeds.triggers[1]),
        names=dict.fromkeys(operation.path_parameters, "ready"),
        other_session=seeds.session,
        ended_session=UNKNOWN,
        cookie="a=b",
    )
    Point.of(chosen).put(draft)
    headers: list[tuple[str, str | bytes]] = [("Content-Type", operation.content_types[0])]
    if draft.content_type is not None:
        headers = [("Content-Type", draft.content_type)] if draft.content_type else []
    good: list[tuple[str, str | bytes]] = [(draft.spelling or "Authorization", f"OAuth {seeds.session}")]
    headers += good if draft.authorization is None else draft.authorization
    headers += draft.headers
    body = draft.body if isinstance(draft.body, bytes) else draft.writing.written(draft.body)
    sent = [(name, value if isinstance(value, bytes) else value.encode()) for name, value in headers]
    client.raw(draft.method or "POST", (draft.target or path_of(operation, draft.values)) + draft.query, sent, body)


DRIVERS: dict[str, tuple[Driver, ...]] = {
    "PATH-001": (deleted_ends, removed_and_added, after_other_methods, varied("PATH-001"), three_good),
    "PATH-002": (unknown, deleted_ends, deleted),
    "PATH-003": (kinds,),
    "PATH-004": (malformed, both_ends_in_upper_case, varied("PATH-004")),
    "PATH-005": (methods, methods_for_nothing, neighbours, varied("PATH-005"), two_bad, merge_patch),
    "PATH-006": (near_misses, near_miss_with_broken_json, neighbours, two_bad, varied("PATH-006")),
    "PATH-007": (other_names, varied("PATH-007")),
    "AUTH-001": (strangers, after_other_methods, varied("AUTH-001"), strangers_with_more),
    "AUTH-002": (strangers, varied("AUTH-002"), a_stranger_beside),
    "AUTH-003": (strangers, varied("AUTH-003")),
    "AUTH-010": (strangers, varied("AUTH-010")),
    "AUTH-006": (
        strangers,
        logged_out_otherwise,
        strangers_to_deleted,
        stranger_to_the_wrong_kind,
        stranger_with_bad_json,
    ),
    "AUTH-007": (strangers, two_bad),
    "AUTH-004": (after_logout, logged_out_otherwise, sessions_unused_or_older),
    "AUTH-005": (strangers, after_logout),
    "AUTH-011": (strangers, after_other_methods, after_logout, unknown),
    "BODY-003": (bad_bodies, varied("BODY-003")),
    "BODY-004": (bad_bodies, varied("BODY-004")),
    "BODY-005": (bad_bodies, varied("BODY-005"), two_wrong),
    "BODY-006": (bad_bodies, varied("BODY-006"), two_wrong),
    "BODY-001": (varied("BODY-001"),),
    "BODY-002": (varied("BODY-002"),),
    "BODY-007": (large_bodies, varied("BODY-007")),
    "BODY-008": (large_bodies, varied("BODY-008")),
    "BODY-009": (bad_bodies, refused_after_removal),
    "ENV-002": (varied("ENV-002"),),
    "ERR-006": (two_wrong_again,),
    "STATE-002": (own_trigger, unknown, bad_bodies, later_sessions, side_by_side, neighbours),
    "STATE-003": (side_by_side,),
    "STATE-004": (side_by_side, common_ends, a_bad_body_beside),
    "STATE-005": (many,),
    "STATE-006": (many,),
}


def drivers(clauses: tuple[str, ...]) -> list[Driver]:
    """What brings a mutant of these clauses out, good requests first; every list once."""
    found: list[Driver] = [goods]
    for clause in clauses:
        found += DRIVERS.get(clause, (strangers,) if clause.startswith("AUTH") else ())
        if clause.startswith(("ENV", "ERR")):
            found += (unknown, bad_bodies, strangers)
    return list(dict.fromkeys(found))
