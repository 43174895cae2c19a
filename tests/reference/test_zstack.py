"""The zstack-5.2 dialect: each of the observed facts that it is made of."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.reference.client import EXAMPLE, Client, Reply

UNKNOWN = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def client(play: Callable[..., Client]) -> Client:
    return play("zstack-5.2")


def job(client: Client, answer: Reply) -> Reply:
    assert answer.status == 202
    return client.final(answer)


def refused(client: Client, status: int, text: str, **named: Any) -> None:
    answer = client.add(named.pop("body", EXAMPLE), **named)
    assert (answer.status, answer.body.decode()) == (status, text)
    assert "content-type" not in answer.headers


def test_the_answer_stands_in_a_job(client: Client) -> None:
    accepted = client.add()
    assert accepted.json.keys() == {"apiTimeout", "location"}
    assert re.fullmatch(r"http://127\.0\.0\.9:\d+/zstack/v1/api-jobs/[0-9a-f]{32}", accepted.json["location"])
    assert "content-type" not in accepted.headers
    answer = job(client, accepted)
    seeds = client.seeds
    inventory = {"schedulerJobGroupUuid": seeds.job_group, "schedulerTriggerUuid": seeds.trigger}
    assert (answer.status, answer.json) == (200, {"inventory": inventory})
    assert "content-type" not in answer.headers
    assert client.associated()


def test_polling(client: Client) -> None:
    location = client.add().json["location"]
    path = location[location.index("/zstack") :]
    assert client.send("GET", path, headers={"X-JSON-Schema": "true"}).json.keys() == {"schema", "inventory"}
    assert client.send("GET", path, authorization=None).json.keys() == {"inventory"}
    assert client.send("POST", path).body == b"only GET method is allowed for querying job status"
    unknown = client.send("GET", f"/zstack/v1/api-jobs/{UNKNOWN}")
    assert (unknown.status, unknown.body) == (404, b"the job has been expired")


def test_a_job_may_be_named(client: Client) -> None:
    name = "a" * 32
    assert client.add(headers={"X-Job-UUID": name}).json["location"].endswith(f"/{name}")
    again = client.add(headers={"X-Job-UUID": name})
    assert (again.status, again.body) == (400, f"Duplicate job uuid[{name}]".encode())
    assert client.add(headers={"X-Job-UUID": "x"}).body.startswith(b"Invalid header[X-Job-UUID]")
    create = {"params": {"name": "g", "type": "startVm"}}
    made = client.send("POST", "/zstack/v1/scheduler/jobgroups", create, headers={"X-Job-UUID": name})
    assert made.status == 400


def test_adding_again_fails(client: Client) -> None:
    client.add()
    answer = job(client, client.add())
    assert (answer.status, answer.code) == (503, "SYS.1000")
    assert "because one already exists with this identification." in answer.json["error"]["details"]
    assert b"\\u0027" in answer.body
    assert b"'" not in answer.body


def test_an_unknown_session_is_told_in_the_job(client: Client) -> None:
    for value in (f"OAuth {UNKNOWN}", "OAuth", "OAuthx", "OAuth OAuth x"):
        answer = job(client, client.add(authorization=value))
        assert (answer.status, answer.code) == (503, "ID.1001")
        error = answer.json["error"]
        assert error["details"] == "Session expired"
        assert error.keys() == {"code", "description", "details", "elaboration", "messages", "cost"}
    assert job(client, client.add(authorization=f"OAuth{client.seeds.session}")).status == 200


def test_validation_comes_before_the_session(client: Client) -> None:
    answer = job(client, client.add(path=client.path(UNKNOWN), authorization=f"OAuth {UNKNOWN}"))
    assert answer.code == "SYS.1003"
    details = f"invalid field[schedulerJobGroupUuid], resource[uuid:{UNKNOWN}, type:SchedulerJobGroupVO] not found"
    assert answer.json["error"]["details"] == details
    answer = job(client, client.add(path=client.path(trigger=UNKNOWN)))
    assert "type:SchedulerTriggerVO" in answer.json["error"]["details"]


def test_bad_headers_are_refused_in_text(client: Client) -> None:
    refused(client, 400, "missing header 'Authorization'", authorization=None)
    for value in ("", "oauth x", f"Bearer {client.seeds.session}"):
        refused(client, 400, "Authorization type must be 'OAuth'", authorization=value)


def test_the_body_is_read_before_the_header(client: Client) -> None:
    assert client.add(b"{", authorization=None).status == 500


@pytest.mark.parametrize(
    "body",
    [b"", b" ", b"null", b"{}", b"[]", b'{"params":null}', b'[["params",{}]]', b"{'params':{}}", b"{params:{}// x\n}",
     b'\xef\xbb\xbf{"params":{}}', b'{"params":{"x":NaN}}', b'{"params":{"a":1,"a":2}}',
     b'{"params":{"triggerNow":null}}', b'{"params":{"triggerNow":"TRUE"}}', b'{"params":{},"userTags":[1]}',
     b'{"params":{"systemTags":["x"]}}', b'{"triggerNow":7,"params":{}}'],
)  # fmt: skip
def test_lenient_bodies(client: Client, body: bytes) -> None:
    assert job(client, client.add(body)).status == 200


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        (b"{", 500, "java.io.EOFException: End of input at line 1 column 2 path $."),
        (b'{"params":{}} x', 500, "com.google.gson.stream.MalformedJsonException: Use JsonReader.setLenient(true)"),
        (b'{"params":{},}', 500, "com.google.gson.stream.MalformedJsonException: Expected name at line 1 column 15"),
        (b'"x"', 500, "java.lang.IllegalStateException: Expected BEGIN_OBJECT but was STRING"),
        (b"[1]", 500, "java.lang.IllegalStateException: Expected BEGIN_ARRAY but was NUMBER at line 1 column 3"),
        (b'{"params":{},"params":{}}', 500, "duplicate key: params"),
        (b'{"params":"x"}', 500, "java.lang.String cannot be cast to java.util.Map"),
        (b'{"params":[]}', 500, "java.util.ArrayList cannot be cast to java.util.Map"),
        (b'{"params":{},"systemTags":"x"}', 500, "java.lang.String cannot be cast to java.util.List"),
        (b'{"params":{"userTags":{}}}', 500, "java.lang.IllegalStateException: Expected BEGIN_ARRAY"),
        (b"[" * 50_000, 500, ""),
        (b'{"params":{"triggerNow":1}}', 400, "Invalid value for boolean field [triggerNow], [1] is not"),
        (b'{"params":{"triggerNow":""}}', 400, "Invalid value for boolean field [triggerNow], [] is not"),
    ],
    ids=lambda value: repr(value)[:40],
)  # fmt: skip
def test_bodies_that_are_refused_in_text(client: Client, body: bytes, status: int, text: str) -> None:
    answer = client.add(body)
    assert answer.status == status
    assert answer.body.decode().startswith(text)
    assert "content-type" not in answer.headers
    assert not client.associated()


def test_a_charset_that_does_not_fit_is_the_containers(client: Client) -> None:
    for charset, body in (("nonsense", b"{}"), ("utf-8", b'{"x":"\xff"}')):
        answer = client.add(body, headers={"Content-Type": f"application/json;charset={charset}"})
        assert (answer.status, answer.headers["content-type"]) == (500, "text/html;charset=utf-8")


def test_null_among_the_tags_fails_in_the_job(client: Client) -> None:
    answer = job(client, client.add({"params": {}, "systemTags": [None]}))
    assert (answer.code, answer.json["error"]["details"]) == (
        "SYS.1007",
        "field[systemTags] cannot contain a NULL element",
    )


def test_a_tag_may_ask_for_validation_only(client: Client) -> None:
    answer = job(client, client.add({"params": {}, "systemTags": ["ephemeral::validationOnly"]}))
    assert (answer.status, answer.json) == (200, {})
    assert not client.associated()


def test_a_timeout_is_a_number(client: Client) -> None:
    assert client.add(headers={"X-API-Timeout": "soon"}).status == 500


def test_thirty_triggers_a_group(client: Client) -> None:
    params = {"name": "t", "schedulerType": "simple", "startTime": 0, "schedulerInterval": 60}
    codes = []
    for _ in range(31):
        made = job(client, client.send("POST", "/zstack/v1/scheduler/triggers", {"params": params}))
        answer = job(client, client.add(path=client.path(trigger=made.json["inventory"]["uuid"])))
        codes.append(answer.code if answer.status == 503 else "")
    assert codes == [""] * 30 + ["SYS.1007"]


def test_uuids_are_trimmed_and_matched_in_any_case(client: Client) -> None:
    upper = client.seeds.job_group.upper()
    answer = job(client, client.add(path=client.path(f"{upper}%20")))
    assert answer.json["inventory"]["schedulerJobGroupUuid"] == upper
    assert client.associated()


def test_other_methods(client: Client) -> None:
    path = client.path()
    get = client.send("GET", path, authorization=None)
    assert (get.status, get.body.decode()) == (500, f"No query API found for the path[{path}]")
    assert client.send("HEAD", path).status == 405
    put = client.send("PUT", path, EXAMPLE)
    assert (put.status, put.body[:42]) == (400, b"the body doesn't contain action mapping to")
    assert (client.send("PUT", path).status, client.send("PUT", path).body) == (500, b"")
    for method, status in (("PATCH", 403), ("OPTIONS", 403), ("MKCOL", 405)):
        answer = client.send(method, path)
        assert (answer.status, answer.headers["content-type"]) == (status, "text/html;charset=utf-8")


def test_paths_that_are_not_found(client: Client) -> None:
    path = client.path()
    for near in (
        path + "/",
        path + "/x",
        path.replace("/v1/scheduler", "/v1/Scheduler"),
        client.path("%2e%2e"),
        client.path("a%0Ab"),
    ):
        answer = client.add(path=near)
        assert answer.status == 404
        assert answer.body.startswith(b"no api mapping to /v1/")
    for near in (path.replace("/v1", "/V1"), path.replace("/zstack", ""), "/x"):
        answer = client.add(path=near)
        assert (answer.status, answer.headers["content-type"]) == (404, "text/html;charset=utf-8")


def test_paths_that_match_all_the_same(client: Client) -> None:
    path = client.path()
    assert client.add(path=path.replace("/scheduler/", "//scheduler//")).status == 202
    assert client.add(path=path.replace("scheduler/jobgroups", "%73cheduler/jobgroups")).status == 202
    assert client.add(path=path + "?triggerNow=x").status == 202


@pytest.mark.parametrize("value", ["a%2Fb", "%00", "%", "%zz", "a%5Cb", "a\\b", "a{b"])
def test_paths_that_the_container_refuses(client: Client, value: str) -> None:
    answer = client.add(path=client.path(value))
    assert (answer.status, answer.headers["content-type"]) == (400, "text/html;charset=utf-8")


@pytest.mark.parametrize("value", ["%252F", "%7Bx%7D", ";a=b", "x;a=b", "a'b", "%C3%A9"])
def test_paths_that_fail_in_the_job(client: Client, value: str) -> None:
    assert job(client, client.add(path=client.path(value))).code == "SYS.1003"


def test_long_headers_are_the_containers(client: Client) -> None:
    answer = client.add(authorization="OAuth " + "x" * 70_000)
    assert (answer.status, answer.headers["content-type"]) == (400, "text/html;charset=utf-8")


def test_a_cookie_comes_until_it_is_sent_back(client: Client) -> None:
    cookie = client.add().headers["set-cookie"]
    assert re.fullmatch(r"JSESSIONID=[0-9A-F]{32}; Path=/zstack; HttpOnly", cookie)
    assert "set-cookie" not in client.add(headers={"Cookie": cookie.split(";")[0]}).headers


def test_siblings(client: Client) -> None:
    login = {"logInByAccount": {"accountName": "admin", "password": "x"}}
    answer = client.send("PUT", "/zstack/v1/accounts/login", login)
    assert (answer.status, answer.code) == (503, "ID.1000")
    params = {"name": "t", "schedulerType": "cron", "cron": "0 0/3 17-23 * * ?"}
    made = job(client, client.send("POST", "/zstack/v1/scheduler/triggers", {"params": params})).json["inventory"]
    assert made["cron"] == params["cron"]
    assert "createDate" not in made
    query = client.send("GET", f"/zstack/v1/scheduler/triggers?q=uuid={made['uuid']}")
    assert query.status == 200
    assert "createDate" in query.json["inventories"][0]
    stranger = client.send("GET", "/zstack/v1/scheduler/triggers", authorization=f"OAuth {UNKNOWN}")
    assert (stranger.status, stranger.code) == (503, "ID.1001")
    unnamed = client.send("GET", "/zstack/v1/scheduler/triggers", authorization=None)
    assert (unnamed.status, unnamed.body) == (400, b"missing header 'Authorization'")
    removed = client.send("DELETE", client.path())
    assert job(client, removed).json == {}
    assert job(client, client.send("DELETE", client.path(UNKNOWN))).code == "SYS.1003"
    late = client.send("DELETE", client.path(), authorization=f"OAuth {UNKNOWN}")
    assert job(client, late).code == "ID.1001"


def test_a_mutant_lies_in_the_job(play: Callable[..., Client]) -> None:
    client = play("zstack-5.2+env-success-empty")
    assert json.loads(job(client, client.add()).body) == {}
