"""Every option of the documented dialect does what it says."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.reference.client import EXAMPLE, Client, Reply
from tests.reference.conftest import Stage

Play = Callable[..., Client]
UNKNOWN = "0123456789abcdef0123456789abcdef"
PAGE = r"[A-Z][a-z]{2} \d{1,2}, \d{4} \d{1,2}:\d\d:\d\d [AP]M"
COMMA = "[A-Z][a-z]{2} \\d{1,2}, \\d{4}, \\d{1,2}:\\d\\d:\\d\\d\u202f[AP]M"


def option(play: Play, *settings: str) -> Client:
    return play(",".join(("documented", *settings)))


def stranger(client: Client) -> Reply:
    return client.add(authorization=None)


def missing(client: Client) -> Reply:
    return client.add(path=client.path(UNKNOWN))


def test_nulls(play: Play) -> None:
    client = option(play, "nulls=written")
    assert client.add().json["error"] is None
    failure = missing(client).json
    assert failure["inventory"] is None
    assert [failure["error"][name] for name in ("cause", "opaque", "elaboration")] == [None, None, None]
    assert "error" not in option(play, "nulls=omitted").add().json


def test_unknown_members(play: Play) -> None:
    client = option(play, "unknown_members=beside")
    assert client.add().json.keys() > {"inventory"}
    assert client.add().json["inventory"].keys() > {"createDate", "state"}
    assert missing(client).json["error"].keys() > {"code", "cost", "messages"}


@pytest.mark.parametrize(
    ("value", "label"),
    [("bare", "application/json"), ("charset", "application/json;charset=UTF-8"), ("none", None)],
)
def test_content_type(play: Play, value: str, label: str | None) -> None:
    client = option(play, f"content_type={value}")
    assert client.add().headers.get("content-type") == label
    assert missing(client).headers.get("content-type") == label


def test_content_type_in_other_case(play: Play) -> None:
    assert option(play, "content_type=upper").add().headers["content-type"].lower() == "application/json; charset=utf-8"


def test_extra_headers(play: Play) -> None:
    headers = option(play, "extra_headers=sent").add().headers
    assert headers.keys() >= {"set-cookie", "x-request-id", "cache-control"}


@pytest.mark.parametrize(("value", "status"), [("503", 503), ("200", 200), ("400", 400), ("rest", 404)])
def test_failure_status(play: Play, value: str, status: int) -> None:
    answer = missing(option(play, f"failure_status={value}"))
    assert (answer.status, answer.code) == (status, "SYS.1003")


@pytest.mark.parametrize(
    ("value", "status", "label", "body"),
    [
        ("text", 401, "text/plain;charset=utf-8", b"the Authorization header is missing"),
        ("html", 401, "text/html;charset=utf-8", b"<h1>401</h1>"),
        ("empty", 401, None, b""),
        ("json", 401, "application/json", b'"code":"ID.1001"'),
        ("failure", 503, "application/json", b'"code":"ID.1001"'),
    ],
)
def test_rejection(play: Play, value: str, status: int, label: str | None, body: bytes) -> None:
    answer = stranger(option(play, f"rejection={value}"))
    assert (answer.status, answer.headers.get("content-type")) == (status, label)
    assert body in answer.body


@pytest.mark.parametrize("status", [400, 403, 422])
def test_rejection_status(play: Play, status: int) -> None:
    client = option(play, "rejection=text", f"rejection_status={status}")
    assert stranger(client).status == status
    assert client.add(path=client.path() + "/x").status == status
    assert client.send("PUT", client.path()).status == 405


def test_missing(play: Play) -> None:
    answer = missing(option(play, "missing=rejection", "rejection=empty", "rejection_status=400"))
    assert (answer.status, answer.body) == (404, b"")


@pytest.mark.parametrize("depth", range(7))
def test_causes(play: Play, depth: int) -> None:
    error = missing(option(play, f"causes={depth}", "nulls=written")).json["error"]
    seen = []
    while error is not None:
        seen.append((error["code"], error["details"]))
        error = error["cause"]
    assert len(seen) == len(set(seen)) == depth + 1


def test_reserved(play: Play) -> None:
    error = missing(option(play, "reserved=filled", "causes=1")).json["error"]
    for one in (error, error["cause"]):
        assert isinstance(one["elaboration"], str)
        assert isinstance(one["opaque"], dict)


MINUTES = r"\d{4}-\d\d-\d\dT\d\d:\d\d\.\d{3}\+08:00"


@pytest.mark.parametrize(
    ("form", "pattern"),
    [("page", PAGE), ("comma", COMMA), ("iso", r"\d{4}-\d\d-\d\dT[\d:.]{12}\+08:00"), ("minutes", MINUTES)],
)
def test_dates(play: Play, form: str, pattern: str) -> None:
    inventory = option(play, f"dates={form}").add().json["inventory"]
    assert re.fullmatch(pattern, inventory["createDate"])
    assert re.fullmatch(pattern, inventory["lastOpDate"])


def test_dates_as_numbers(play: Play) -> None:
    created = option(play, "dates=epoch").add().json["inventory"]["createDate"]
    assert abs(created / 1000 - time.time()) < 5


@pytest.mark.parametrize(("zone", "ending"), [(0, "Z"), (-720, "-12:00"), (345, "+05:45"), (840, "+14:00")])
def test_zone(play: Play, zone: int, ending: str) -> None:
    created = option(play, "dates=iso", f"zone={zone}").add().json["inventory"]["createDate"]
    assert created.endswith(ending)
    hour = time.gmtime(time.time() + zone * 60).tm_hour
    assert (hour - int(created[11:13])) % 24 in (0, 1)


def test_readd(play: Play) -> None:
    client = option(play, "readd=fresh", "dates=epoch")
    first = client.add().json["inventory"]
    time.sleep(0.002)
    again = client.add().json["inventory"]
    assert first["createDate"] == again["createDate"]
    assert first["lastOpDate"] < again["lastOpDate"]
    client = option(play, "readd=failure")
    assert client.add().status == 200
    assert client.add().code == "SYS.1006"


def test_readd_by_turns(play: Play) -> None:
    client = option(play, "readd=by_turns")
    assert [client.add().status for _ in range(4)] == [200, 503, 200, 503]


def test_remove_absent(play: Play) -> None:
    client = option(play, "remove_absent=failure")
    assert client.send("DELETE", client.path()).code == "SYS.1006"
    client = option(play, "remove_absent=success")
    assert client.send("DELETE", client.path()).json == {}


def test_blanks(play: Play) -> None:
    client = option(play, "blanks=trimmed")
    path = client.path(f"%20{client.seeds.job_group}%20")
    assert client.add(path=path).json["inventory"]["schedulerJobGroupUuid"] == client.seeds.job_group
    assert option(play).add(path=path).status == 503


def test_upper_case(play: Play) -> None:
    client = option(play, "upper_case=matches")
    path = client.path(client.seeds.job_group.upper())
    assert client.add(path=path).json["inventory"]["schedulerJobGroupUuid"] == client.seeds.job_group
    assert client.associated()
    assert option(play).add(path=path).status == 503


def test_slashes(play: Play) -> None:
    client = option(play, "slashes=tolerated")
    assert client.add(path=client.path() + "/").status == 200
    assert client.add(path=client.path().replace("/scheduler", "//scheduler")).status == 200


def test_scheme(play: Play) -> None:
    client = option(play, "scheme=any_case")
    assert client.add(authorization=f"oauth {client.seeds.session}").status == 200
    assert client.add(authorization=f"Bearer {client.seeds.session}").status == 401


@pytest.mark.parametrize(("value", "status"), [("read", 401), ("431", 431), ("400", 400)])
def test_long_header(play: Play, value: str, status: int) -> None:
    assert option(play, f"long_header={value}").add(authorization="OAuth " + "x" * 9000).status == status


@pytest.mark.parametrize("status", [405, 200, 204])
def test_options_method(play: Play, status: int) -> None:
    client = option(play, f"options_method={status}")
    answer = client.send("OPTIONS", client.path())
    assert (answer.status, answer.headers["allow"]) == (status, "POST, DELETE")


def accepted(play: Play, setting: str, body: Any, **named: Any) -> bool:
    return option(play, setting).add(body, **named).status == 200


def test_what_the_body_may_hold(play: Play) -> None:
    unknown = {"params": {}, "unknown": 1}
    assert accepted(play, "unknown_body=ignored", unknown)
    assert not accepted(play, "unknown_body=refused", unknown)
    assert not accepted(play, "unknown_body=refused", {"params": {"unknown": 1}})
    assert accepted(play, "unknown_body=refused", EXAMPLE)
    bodies: list[Any] = [{"params": {"triggerNow": None}}, {"params": {}, "userTags": None}]
    for nulls in bodies:
        assert accepted(play, "null_members=accepted", nulls)
        assert not accepted(play, "null_members=refused", nulls)
    assert accepted(play, "boolean_text=accepted", {"params": {"triggerNow": "true"}})
    assert not accepted(play, "boolean_text=accepted", {"params": {"triggerNow": "yes"}})
    assert not accepted(play, "boolean_text=refused", {"params": {"triggerNow": "true"}})
    lists: list[Any] = [[1], [None], [{}]]
    for items in lists:
        assert accepted(play, "tag_items=accepted", {"params": {}, "systemTags": items})
        assert not accepted(play, "tag_items=refused", {"params": {}, "systemTags": items})
    assert accepted(play, "media=any", EXAMPLE, headers={"Content-Type": "text/plain"})
    assert accepted(play, "media=json", EXAMPLE, headers={"Content-Type": "application/json; charset=UTF-8"})
    assert not accepted(play, "media=json", EXAMPLE, headers={"Content-Type": "text/plain"})
    large = {"params": {}, "userTags": ["x" * 1_000_000]}
    assert accepted(play, "large=accepted", large)
    client = option(play, "large=413")
    assert [client.add(large).status, client.add().status] == [413, 200]


def test_job_time(play: Play) -> None:
    client = option(play, "provisioning=jobs", "job_time=60")
    accepted = client.send("DELETE", client.path())
    assert client.final(accepted).status == 202
    time.sleep(0.06)
    assert client.final(accepted).status == 200


def test_delay(play: Play) -> None:
    start = time.monotonic()
    option(play, "delay=50").add()
    assert time.monotonic() - start >= 0.05


@pytest.mark.parametrize("rejection", ["json", "failure", "text", "empty"])
def test_rate(play: Play, rejection: str) -> None:
    client = option(play, "rate=5", f"rejection={rejection}")
    answers = [client.add() for _ in range(12)]
    slowed = [answer for answer in answers if answer.status == 429]
    assert slowed
    assert slowed[0].headers["retry-after"] == "1"


def test_rate_of_a_minute(play: Play) -> None:
    client = option(play, "rate_minute=3")
    assert [client.add().status for _ in range(4)] == [200, 200, 200, 429]
    assert "retry-after" not in client.add().headers


def test_session_in_another_case(play: Play) -> None:
    for value, status in (("any", 200), ("exact", 401)):
        client = option(play, f"session_case={value}")
        assert client.add(authorization=f"OAuth {client.seeds.session.upper()}").status == status


@pytest.mark.parametrize(("value", "same"), [("kept", True), ("closed", False)])
def test_connection(stage: Stage, value: str, same: bool) -> None:
    client = stage.play(f"documented,connection={value}")
    assert (client.add().headers.get("connection") == "close") is not same
    assert client.add().status == 200


def test_provisioning_by_jobs(play: Play) -> None:
    client = option(play, "provisioning=jobs", "job_polls=2")
    params = {"params": {"name": "g", "type": "startVm"}}
    accepted = client.send("POST", "/zstack/v1/scheduler/jobgroups", params)
    assert accepted.status == 202
    assert accepted.json["location"].startswith("http://127.0.0.9:")
    assert [client.final(accepted).status for _ in range(3)] == [202, 202, 200]
    assert client.final(accepted).json["inventory"]["name"] == "g"
    assert client.add().status == 200
    assert client.send("DELETE", client.path()).status == 202
    assert client.send("GET", "/zstack/v1/scheduler/jobgroups").status == 200
    assert client.send("POST", "/zstack/v1/scheduler/jobgroups", params, authorization=None).status == 401
