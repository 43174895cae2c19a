"""The zsvirt dialect: its own form of errors, its checks, and the two defects that the real code was found with."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from contract.kit.reference.world import ORDINARY, PASSWORD_DIGEST
from tests.reference.client import EXAMPLE, Client, Reply

Play = Callable[..., Client]
SMILE = {"params": {}, "userTags": ["\U0001f600"]}


@pytest.fixture
def client(play: Play) -> Client:
    return play("zsvirt", timeout=30)


def job(client: Client, answer: Reply, seconds: float = 5) -> Reply:
    """The job's end, or where it stands after so long."""
    assert answer.status == 202, answer
    deadline = time.monotonic() + seconds
    while (end := client.final(answer)).status == 202 and time.monotonic() < deadline:
        time.sleep(0.005)
    return end


def trigger(client: Client, **schedule: Any) -> str:
    params = {"name": "t", "schedulerType": "simple", **schedule}
    made = job(client, client.send("POST", "/zstack/v1/scheduler/triggers", {"params": params}))
    assert made.status == 200, made
    return str(made.json["inventory"]["uuid"])


def test_an_error_has_its_template(client: Client) -> None:
    error = job(client, client.add(path=client.path("abc"))).json["error"]
    assert error == {
        "code": "SYS.1003",
        "description": "A resource can not be found",
        "details": "invalid value[abc] of field[schedulerJobGroupUuid]",
        "i18nDetails": "invalid value[abc] of field[schedulerJobGroupUuid]",
        "causes": [],
        "opaque": {
            "template": "invalid value[%s] of field[%s]",
            "arg.0": "abc",
            "arg.1": "schedulerJobGroupUuid",
        },
    }


@pytest.mark.parametrize("change", [str.upper, lambda uuid: uuid[:31], lambda uuid: uuid[:12] + "0" + uuid[13:]])
def test_a_uuid_is_looked_at_before_it_is_looked_up(client: Client, change: Callable[[str], str]) -> None:
    for path in (client.path(change(client.seeds.job_group)), client.path(trigger=change(client.seeds.trigger))):
        assert job(client, client.add(path=path)).json["error"]["details"].startswith("invalid value[")
    assert not client.associated()


def test_an_ordinary_account_may_ask_and_nothing_else(client: Client) -> None:
    login = {"logInByAccount": {"accountName": ORDINARY, "password": PASSWORD_DIGEST}}
    session = client.send("PUT", "/zstack/v1/accounts/login", login, authorization=None).json["inventory"]["uuid"]
    known = f"OAuth {session}"
    denied = job(client, client.add(authorization=known))
    assert denied.code == "SYS.1019"
    assert denied.json["error"]["description"] == "Operation denied"
    group = {"params": {"name": "g", "type": "startVm"}}
    assert job(client, client.send("POST", "/zstack/v1/scheduler/jobgroups", group, known)).code == "SYS.1019"
    listed = client.send("GET", "/zstack/v1/scheduler/jobgroups", authorization=known)
    assert listed.json == {"schema": {}, "inventories": []}
    assert not client.associated()


def test_an_outcome_that_cannot_be_stored_is_never_told(play: Play) -> None:
    client = play("zsvirt,job_time=50")
    lost = client.add(SMILE)
    assert (lost.status, client.final(lost).status, client.final(lost).body) == (202, 404, b"the job has been expired")
    assert not client.associated()
    time.sleep(0.1)
    assert client.associated()


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (SMILE, ""),
        ({"params": {"systemTags": ["\U0001f600"]}}, ""),
        (b'{"params":{},"userTags":["\\ud83d\\ude00"]}', ""),
        (EXAMPLE, "%F0%9F%98%80"),
        ({"params": {}, "userTags": ["x" * 17_000_000]}, ""),
    ],
    ids=["tag", "tag in params", "escaped", "path", "17 MB"],
)
def test_what_is_stored_of_a_request(client: Client, body: Any, path: str) -> None:
    assert job(client, client.add(body, path=client.path(path) if path else client.path(), headers=UTF_8)).status == 404


UTF_8 = {"Content-Type": "application/json;charset=UTF-8"}


@pytest.mark.parametrize(
    "body",
    [{"params": {"x": "\U0001f600"}}, {"params": {}, "userTags": ["\uffff"]}, b'{"params":{},"userTags":["\\ud800"]}'],
)
def test_what_is_not_stored_is_harmless(client: Client, body: Any) -> None:
    assert job(client, client.add(body, headers=UTF_8)).status == 200


def test_adding_again_to_a_trigger_that_has_fired_for_the_last_time_never_ends(client: Client) -> None:
    path = client.path(trigger=trigger(client, startTime=int(time.time()) + 1, repeatCount=1))
    assert job(client, client.add(path=path)).status == 200
    assert job(client, client.add(path=path)).code == "SYS.1000"
    time.sleep(2)
    assert job(client, client.add(path=path), 0.1).status == 202
    assert job(client, client.send("DELETE", path)).status == 200
    gone = job(client, client.add(path=path))
    assert gone.json["error"]["details"].endswith("will never fire.")


def test_adding_again_fails_while_a_trigger_fires_still(client: Client) -> None:
    now = int(time.time())
    for schedule in (
        {"startTime": now + 2_000, "repeatCount": 1},
        {"startTime": now - 100, "repeatCount": 3, "schedulerInterval": 60},
        {"startTime": now - 100, "repeatCount": 0, "schedulerInterval": 60},
        {"schedulerType": "cron", "cron": "0 0/3 17-23 * * ?"},
    ):
        path = client.path(trigger=trigger(client, **schedule))
        assert [job(client, client.add(path=path)).status for _ in range(2)] == [200, 503]


def test_a_disabled_group_is_added(client: Client) -> None:
    path = f"/zstack/v1/scheduler/jobgroups/{client.seeds.job_group}"
    change = {"changeSchedulerJobGroupState": {"stateEvent": "disable"}}
    assert job(client, client.send("PUT", f"{path}/actions", change)).status == 200
    assert client.send("GET", path).json["inventories"][0]["state"] == "Disabled"
    assert job(client, client.add()).status == 200
    assert job(client, client.add()).code == "SYS.1000"


def test_texts_of_casts_are_dropped_after_so_many_refusals(play: Play) -> None:
    client = play("zsvirt,texts=5")
    cast, malformed = b'{"params":1}', b"{"
    answers = [client.add(cast) for _ in range(5)]
    assert {(one.status, one.body) for one in answers} == {(500, b"java.lang.Long cannot be cast to java.util.Map")}
    late = client.add(cast)
    assert (late.status, late.body) == (500, b"")
    assert client.add(malformed).body.startswith(b"java.io.EOFException")


def test_so_many_requests_a_minute(play: Play) -> None:
    client = play("zsvirt,rate_minute=2")
    for _ in range(2):
        assert client.add().status == 202
    slowed = client.add()
    assert (slowed.status, slowed.body) == (429, b"Rate limit exceeded")
    assert not slowed.headers.keys() & {"retry-after", "content-type"}


def test_a_job_takes_its_time(play: Play) -> None:
    client = play("zsvirt,job_time=60")
    accepted = client.add()
    assert client.final(accepted).status == 202
    assert job(client, accepted).status == 200
