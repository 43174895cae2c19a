"""The documented dialect as it stands without options."""

from __future__ import annotations

import hashlib
import json
import socket
from collections.abc import Callable
from typing import Any

import pytest

from tests.reference.client import EXAMPLE, Client
from tests.reference.conftest import Stage

Play = Callable[..., Client]
DIGEST = hashlib.sha512(b"password").hexdigest()
INVENTORY = {"schedulerJobGroupUuid", "schedulerTriggerUuid", "createDate", "lastOpDate"}
UNKNOWN = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def client(play: Play) -> Client:
    return play("documented")


def test_the_example_of_the_page_makes_the_association(client: Client) -> None:
    answer = client.add()
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json.keys() == {"inventory"}
    inventory = answer.json["inventory"]
    assert inventory.keys() == INVENTORY
    assert inventory["schedulerJobGroupUuid"] == client.seeds.job_group
    assert inventory["schedulerTriggerUuid"] == client.seeds.trigger
    assert inventory["createDate"] == inventory["lastOpDate"]
    assert client.associated()


@pytest.mark.parametrize(
    "body",
    [
        {"params": {}},
        {"params": {"triggerNow": False}, "systemTags": [], "userTags": []},
        {"params": {"triggerNow": None}, "systemTags": None, "userTags": None},
        {"params": {}, "userTags": ["é", "\U0001f600", "\x00", "x" * 65_536]},
        {"params": {"unknown": 1}, "unknown": 2},
        {"params": {}, "systemTags": ["x"] * 10_000},
    ],
    ids=repr,
)
def test_good_bodies(client: Client, body: Any) -> None:
    assert client.add(body).status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"", b" ", b"{", b"null", b"[]", b'"x"', b"1", b'{"params":{}} x', b'{"params":{"triggerNow":NaN}}', b"\xff",
        b"[" * 10_000, {}, {"params": None}, {"params": []}, {"params": "x"}, {"params": {"triggerNow": 1}},
        {"params": {"triggerNow": "true"}}, {"params": {"triggerNow": []}}, {"params": {}, "systemTags": "x"},
        {"params": {}, "userTags": {}}, {"params": {}, "userTags": [1]},
    ],
    ids=lambda body: repr(body)[:40],
)  # fmt: skip
def test_bad_bodies_are_refused_and_make_nothing(client: Client, body: Any) -> None:
    answer = client.add(body)
    assert (answer.status, answer.code) == (400, "SYS.1007")
    assert not client.associated()


def test_strangers_learn_the_same_whatever_exists(client: Client) -> None:
    session = client.seeds.session
    values = [
        None,
        "",
        "OAuth",
        f"Bearer {session}",
        f"oauth {session}",
        f"OAuth {session}x",
        "OAuth é",
        f"OAuth {UNKNOWN}",
    ]
    for value in values:
        for path in (client.path(), client.path(UNKNOWN), client.path(client.seeds.trigger)):
            answer = client.add(path=path, authorization=value)
            assert (answer.status, answer.code) == (401, "ID.1001"), value
            assert session not in answer.body.decode()
    assert not client.associated()
    assert client.add().status == 200


def test_a_session_stands_only_in_the_header(client: Client) -> None:
    session = client.seeds.session
    refused = [
        client.add(path=f"{client.path()}?session={session}", authorization=None),
        client.add(authorization=None, headers={"Cookie": f"session={session}"}),
        client.add({"params": {}, "session": session}, authorization=None),
    ]
    assert [answer.status for answer in refused] == [401, 401, 401]


def test_the_header_is_matched_in_any_case(client: Client) -> None:
    for name in ("authorization", "AUTHORIZATION", "aUtHoRiZaTiOn"):
        assert client.add(headers={name: f"OAuth   {client.seeds.session} "}).status == 200


@pytest.mark.parametrize("place", ["group", "trigger"])
@pytest.mark.parametrize(
    "value",
    [UNKNOWN, "x", "0" * 31, "0" * 33, "a%2Fb", "%2E%2E", "%00", "%0A", "%25", "a'b", "%C3%A9", "%FF", "a" * 8192],
)
def test_paths_that_name_nothing_fail(client: Client, place: str, value: str) -> None:
    answer = client.add(path=client.path(**{place: value}))
    assert (answer.status, answer.code) == (503, "SYS.1003")


def test_the_wrong_kind_fails(client: Client) -> None:
    group, trigger = client.seeds.job_group, client.seeds.trigger
    for pair in ((trigger, trigger), (group, group), (trigger, group)):
        assert client.add(path=client.path(*pair)).code == "SYS.1003"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "OPTIONS", "PROPFIND"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    answer = client.send(method, client.path(), EXAMPLE)
    assert (answer.status, answer.headers["allow"]) == (405, "POST, DELETE")
    assert not client.associated()


def test_an_invented_method_is_refused(client: Client) -> None:
    assert client.send("FROBNICATE", client.path(), EXAMPLE).status == 400
    assert not client.associated()


@pytest.mark.parametrize(
    "change",
    [
        ("jobgroups", "jobGroups"),
        ("/triggers/", "/trigger/"),
        ("/scheduler/triggers", "/triggers"),
        ("/v1", "/v1/"),
        ("/zstack", ""),
    ],
)
def test_near_misses_are_not_found(client: Client, change: tuple[str, str]) -> None:
    for path in (client.path().replace(*change), client.path() + "/", client.path() + "/x"):
        assert client.add(path=path).status == 404
    assert not client.associated()


def test_only_the_path_names_the_resources(client: Client) -> None:
    seeds = client.seeds
    others = {"schedulerJobGroupUuid": seeds.groups[1], "schedulerTriggerUuid": seeds.triggers[1]}
    path = f"{client.path()}?schedulerJobGroupUuid={seeds.groups[1]}&triggerNow=x"
    answer = client.add({"params": others, **others}, path=path)
    assert answer.json["inventory"]["schedulerTriggerUuid"] == seeds.trigger
    assert not client.associated(seeds.groups[1], seeds.triggers[1])


def test_adding_again_answers_the_same(client: Client) -> None:
    assert client.add().json == client.add().json


def test_a_head_that_is_no_http_is_refused(client: Client) -> None:
    with socket.create_connection(("127.0.0.1", client.port), 5) as raw:
        raw.sendall(b"NONSENSE\r\n\r\n")
        answer = b"".join(iter(lambda: raw.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.endswith(b"Invalid HTTP request received.")


def test_logging_in_and_out(client: Client) -> None:
    wanted = {"logInByAccount": {"accountName": "admin", "password": DIGEST}}
    answer = client.send("PUT", "/zstack/v1/accounts/login", wanted, authorization=None)
    session = answer.json["inventory"]["uuid"]
    valid = f"/zstack/v1/accounts/sessions/{session}/valid"
    assert client.send("GET", valid, authorization=None).json == {"valid": True}
    assert client.add(authorization=f"OAuth {session}").status == 200
    assert client.send("DELETE", f"/zstack/v1/accounts/sessions/{session}", authorization=None).json == {}
    assert client.send("GET", valid, authorization=None).json == {"valid": False}
    assert client.add(authorization=f"OAuth {session}").code == "ID.1001"


@pytest.mark.parametrize("body", [{}, {"logInByAccount": {"accountName": "admin", "password": "password"}}, b"{"])
def test_a_bad_login_fails(client: Client, body: Any) -> None:
    assert client.send("PUT", "/zstack/v1/accounts/login", body, authorization=None).status == 503


def make(client: Client, kind: str, **params: Any) -> Any:
    return client.send("POST", f"/zstack/v1/scheduler/{kind}", {"params": params})


def test_resources_are_made_found_and_removed(client: Client) -> None:
    group = make(client, "jobgroups", name="g", type="startVm").json["inventory"]["uuid"]
    simple = {"schedulerType": "simple", "startTime": 0, "schedulerInterval": 60}
    trigger = make(client, "triggers", name="t", **simple).json["inventory"]["uuid"]
    path = client.path(group, trigger)
    assert client.add(path=path).status == 200
    rows = client.send("GET", f"/zstack/v1/scheduler/triggers/{trigger}").json["inventories"]
    assert rows[0]["jobGroupsUuid"] == [group]
    control = client.send("GET", "/reference/control", authorization=None).json
    assert control["alive"] == {
        "job_groups": [group],
        "triggers": [trigger],
        "associations": [[group, trigger]],
        "sessions": 0,
    }
    assert control["names"] == ["g", "t"]
    assert client.send("DELETE", path).json == {}
    assert not client.associated(group, trigger)
    client.add(path=path)
    for kind, uuid in (("jobgroups", group), ("triggers", trigger), ("triggers", UNKNOWN)):
        assert client.send("DELETE", f"/zstack/v1/scheduler/{kind}/{uuid}?deleteMode=Permissive").json == {}
    assert client.send("DELETE", "/zstack/v1/scheduler/triggers/x").code == "SYS.1003"
    control = client.send("GET", "/reference/control", authorization=None).json
    assert control["alive"] == {"job_groups": [], "triggers": [], "associations": [], "sessions": 0}
    assert control["touched"] == []


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("jobgroups", {"type": "startVm"}),
        ("jobgroups", {"name": "g", "type": "x"}),
        ("jobgroups", {"name": "g" * 256, "type": "startVm"}),
        ("triggers", {"name": "t"}),
        ("triggers", {"name": "t", "schedulerType": "cron", "cron": "* * *"}),
        ("triggers", {"name": "t", "schedulerType": "simple", "schedulerInterval": 60}),
        (
            "triggers",
            {"name": "t", "schedulerType": "simple", "startTime": 1_510_669_257_141, "schedulerInterval": 60},
        ),
        ("triggers", {"name": "t", "schedulerType": "simple", "startTime": 0, "schedulerInterval": 0}),
        ("triggers", {"name": "t", "schedulerType": "simple", "startTime": 0, "repeatCount": -1}),
    ],
)
def test_bad_resources_are_not_made(client: Client, kind: str, params: dict[str, Any]) -> None:
    assert make(client, kind, **params).code == "SYS.1007"


def test_siblings_want_a_session_too(client: Client) -> None:
    for method, path in (
        ("GET", "triggers"),
        ("POST", "jobgroups"),
        ("DELETE", f"triggers/{client.seeds.trigger}"),
    ):
        assert client.send(method, f"/zstack/v1/scheduler/{path}", {}, authorization=None).status == 401
    assert client.send("DELETE", client.path(), authorization=None).status == 401


def test_queries(client: Client) -> None:
    def names(query: str) -> list[str]:
        rows = client.send("GET", f"/zstack/v1/scheduler/jobgroups{query}").json["inventories"]
        return [row["name"] for row in rows]

    assert names("") == ["bystander-0", "bystander-1", "bystander-2", "ready"]
    assert names("?q=name=ready") == ["ready"]
    assert names("?q=name!=ready&limit=2&start=1") == ["bystander-1", "bystander-2"]
    assert names("?q=name~=by%25&q=name~=%25_1") == ["bystander-1"]
    assert names("?q=name?=ready,bystander-0") == ["bystander-0", "ready"]
    assert names(f"?q=uuid={client.seeds.job_group}") == ["ready"]
    assert names(f"/{UNKNOWN}") == []
    counted = client.send("GET", "/zstack/v1/scheduler/jobgroups?replyWithCount=true&limit=1").json
    assert (len(counted["inventories"]), counted["total"]) == (1, 4)
    for bad in ("?q=name", "?q=colour=red", "?limit=x"):
        assert client.send("GET", f"/zstack/v1/scheduler/jobgroups{bad}").code == "SYS.1007"


def test_bystanders_are_watched(client: Client) -> None:
    seeds = client.seeds
    client.add()
    client.send("DELETE", client.path(seeds.groups[0], seeds.triggers[0]))
    client.send("DELETE", f"/zstack/v1/scheduler/jobgroups/{seeds.groups[1]}")
    client.send("DELETE", f"/zstack/v1/scheduler/triggers/{seeds.triggers[1]}")
    client.send("DELETE", f"/zstack/v1/accounts/sessions/{seeds.session}")
    touched = client.send("GET", "/reference/control", authorization=None).json["touched"]
    assert sorted(touched) == sorted(
        [
            f"job group {seeds.groups[1]} is gone",
            f"trigger {seeds.triggers[1]} is gone",
            f"association {(seeds.groups[0], seeds.triggers[0])} is gone",
            f"association {(seeds.job_group, seeds.trigger)} is new",
            "the seeded session has ended",
        ]
    )


def test_requests_are_counted(stage: Stage) -> None:
    client = stage.play("documented")
    client.add()
    client.send("PUT", client.path())
    client.associated()
    counts = json.loads(client.send("GET", "/reference/control", authorization=None).body)["requests"]
    assert counts == {"total": 3, "operation": 1, "misplaced": 1, "siblings": 1}
