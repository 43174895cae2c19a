"""Every option on connections, limits, frameworks and the bytes of an answer does what it says."""

from __future__ import annotations

import gzip
import json
import re
import socket
import threading
import time
import zlib
from collections.abc import Callable
from datetime import datetime
from http.client import HTTPConnection
from typing import Any

import pytest

from contract.kit.reference import launch
from contract.kit.reference.world import PASSWORD_DIGEST
from tests.reference.client import EXAMPLE, Client, Reply
from tests.reference.conftest import Stage

Play = Callable[..., Client]
GROUPS = "/zstack/v1/scheduler/jobgroups"


def option(play: Play, *settings: str) -> Client:
    return play(",".join(("documented", *settings)))


def kept(client: Client) -> bool:
    """Return True if the client's connection still answers: nothing is opened anew."""
    connection = client._connection
    assert connection is not None
    try:
        connection.request("GET", GROUPS)
        connection.getresponse().read()
    except OSError:
        return False
    return True


def test_an_idle_connection_is_closed(play: Play) -> None:
    client = option(play, "idle=50")
    assert client.add().status == 200
    assert kept(client)
    time.sleep(0.2)
    connection = client._connection
    assert connection is not None
    assert connection.sock.recv(100) == b""


def test_an_idle_connection_is_told_before_it_is_closed(play: Play) -> None:
    client = option(play, "idle=50", "idle_end=408")
    client.add()
    connection = client._connection
    assert connection is not None
    assert connection.sock.recv(1000).startswith(b"HTTP/1.1 408 ")
    assert connection.sock.recv(100) == b""


def test_answers_of_a_connection(play: Play) -> None:
    client = option(play, "answers=2")
    client.add()
    time.sleep(0.1)
    assert kept(client)
    connection = client._connection
    assert connection is not None
    assert connection.sock.recv(100) == b""


def test_connection_reset_behind_a_whole_answer(stage: Stage) -> None:
    client = stage.play("documented,connection=reset")
    answer = client.add()
    assert (answer.status, answer.headers["connection"]) == (200, "close")
    with socket.create_connection(("127.0.0.1", stage.port)) as raw:
        raw.sendall(b"GET /zstack/v1/x HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.1)
        assert b"connection: close" in raw.recv(4096)
        with pytest.raises(ConnectionResetError):
            raw.recv(4096)


def test_connections_at_a_time(stage: Stage) -> None:
    first = stage.play("documented,connections=1")
    assert first.add().status == 200
    second = stage.client(timeout=0.3)
    assert second.add().status == 0
    first.close()
    assert stage.client().add().status == 200


@pytest.mark.parametrize(("limiter", "answer"), [("429", (429, "1")), ("bare", (429, None)), ("503", (503, None))])
def test_slowed(play: Play, limiter: str, answer: tuple[int, str | None]) -> None:
    client = option(play, "slowed=3", f"limiter={limiter}")
    answers = [client.add() for _ in range(6)]
    assert [one.status for one in answers] == [200, 200, answer[0]] * 2
    assert answers[2].headers.get("retry-after") == answer[1]
    assert (answers[2].body == b"") is (limiter == "503")


def test_in_flight(stage: Stage) -> None:
    stage.play("documented,in_flight=1,delay=200")
    statuses: list[int] = []
    senders = [threading.Thread(target=lambda: statuses.append(stage.client().add().status)) for _ in range(3)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(statuses) == [200, 429, 429]


def test_sessions(play: Play) -> None:
    client = option(play, "sessions=one")
    wanted = {"logInByAccount": {"accountName": "admin", "password": PASSWORD_DIGEST}}
    answers = [client.send("PUT", "/zstack/v1/accounts/login", wanted, authorization=None) for _ in range(2)]
    sessions = [answer.json["inventory"]["uuid"] for answer in answers]
    assert [client.add(authorization=f"OAuth {session}").status for session in sessions] == [401, 200]


def test_session_requests(play: Play) -> None:
    client = option(play, "session_requests=2")
    assert [client.add().status for _ in range(3)] == [200, 200, 401]


def test_session_seconds(play: Play) -> None:
    client = option(play, "session_seconds=1")
    assert client.add().status == 200
    time.sleep(1.1)
    assert client.add().status == 401


@pytest.mark.parametrize(("value", "before"), [("301", "https://127.0.0.1"), ("307", ""), ("308", "http://127.0.0.1:")])
def test_unclean_path(stage: Stage, value: str, before: str) -> None:
    client = stage.play(f"documented,unclean_path={value}")
    clean = client.path()
    for path in (
        clean + "/",
        clean.replace("/scheduler", "//scheduler", 1),
        clean.replace("/triggers", "/x/%2E./triggers"),
    ):
        answer = client.add(path=path)
        assert answer.status == int(value)
        assert answer.headers["location"].startswith(before)
        assert answer.headers["location"].endswith(clean)
    assert client.add().status == 200


def test_path_parameters(play: Play) -> None:
    client = option(play, "path_parameters=dropped")
    assert client.add(path=client.path() + ";a=b").status == 200
    assert option(play).add(path=client.path() + ";a=b").status == 503


def test_long_path(play: Play) -> None:
    path = "/zstack/v1/" + "x" * 3000
    assert option(play, "long_path=414").add(path=path).status == 414
    assert option(play).add(path=path).status == 404


def test_unknown_method(play: Play) -> None:
    client = option(play, "unknown_method=501")
    assert client.send("PROPFIND", client.path()).status == 501
    assert client.send("PUT", client.path()).status == 405


@pytest.mark.parametrize(("name", "status"), [("documented", 400), ("documented,unknown_method=501", 501)])
def test_invented_method(name: str, status: int) -> None:
    with launch(name) as server:
        connection = HTTPConnection("127.0.0.1", int(server.url.rpartition(":")[2]), timeout=5)
        connection.request("FROBNICATE", "/zstack/v1/x")
        assert connection.getresponse().status == status
        connection.close()


def refused(play: Play, setting: str, status: int, *, path: str = "", **headers: str) -> bool:
    """Return True if the option refuses the request with that status, and its absence does not."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    statuses = []
    for settings in ((setting,), ()):
        client = option(play, *settings)
        statuses.append(client.add(path=client.path() + path, headers=named).status)
    return statuses == [status, 200]


def test_what_a_framework_refuses(play: Play) -> None:
    assert refused(play, "query=refused", 400, path="?a=b")
    assert refused(play, "override=refused", 400, X_HTTP_Method_Override="GET")
    assert refused(play, "accept=406", 406, Accept="text/html, image/*;q=0.5")
    assert refused(play, "expectation=417", 417, Expect="miracles")
    assert refused(play, "body_coding=415", 415, Content_Encoding="br")
    client = option(play, "accept=406", "expectation=417", "body_coding=415")
    good = {"Accept": "text/html, */*;q=0.1", "Content-Encoding": "identity"}
    assert client.add(headers=good).status == 200


@pytest.mark.parametrize(("value", "statuses"), [("first", (200, 401)), ("last", (401, 200)), ("refused", (400, 400))])
def test_second_header(stage: Stage, value: str, statuses: tuple[int, int]) -> None:
    client = stage.play(f"documented,second_header={value}")
    good, bad = f"OAuth {client.seeds.session}", "OAuth " + "0" * 32
    for pair, status in zip(((good, bad), (bad, good)), statuses, strict=True):
        connection = HTTPConnection("127.0.0.1", stage.port, timeout=5)
        connection.putrequest("POST", client.path())
        for one in pair:
            connection.putheader("Authorization", one)
        body = json.dumps(EXAMPLE).encode()
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        assert connection.getresponse().status == status
        connection.close()


BEYOND: list[bytes] = [
    b'\xef\xbb\xbf{"params":{}}',
    b'{"params":{}, /* , */ "x":[1,2,],} // end',
    b'{"params":{"x":NaN}}',
    b'{"params":{},"userTags":["\xff"]}',
]


@pytest.mark.parametrize("body", BEYOND)
def test_reader(play: Play, body: bytes) -> None:
    assert option(play, "reader=lenient").add(body).status == 200
    assert option(play).add(body).status == 400


@pytest.mark.parametrize("body", [b'{"params":{}', b'{"params":{}}x', b'{"params":"/*"/*}', b'{"params":{]}', b""])
def test_a_lenient_reader_refuses_what_is_malformed(play: Play, body: bytes) -> None:
    assert option(play, "reader=lenient").add(body).status == 400


def test_a_lenient_reader_keeps_texts_as_they_are(play: Play) -> None:
    params = {"params": {"name": "a // b, ]/* c */\\", "type": "startVm"}}
    answer = option(play, "reader=lenient").send("POST", GROUPS, params)
    assert answer.json["inventory"]["name"] == params["params"]["name"]


def test_boolean_text_in_any_case(play: Play) -> None:
    client = option(play, "boolean_text=any_case")
    assert client.add({"params": {"triggerNow": "tRUE"}}).status == 200
    assert client.add({"params": {"triggerNow": " true"}}).status == 400


def undone(answer: Reply) -> Any:
    return json.loads(gzip.decompress(answer.body))


def test_coding(play: Play) -> None:
    answer = option(play, "coding=unnamed").add()
    assert (answer.headers["content-encoding"], answer.json.keys()) == ("utf-8", {"inventory"})
    for value in ("gzip", "members"):
        answer = option(play, f"coding={value}").add()
        assert answer.headers["content-encoding"] == "gzip"
        assert undone(answer).keys() == {"inventory"}
        first = zlib.decompressobj(wbits=31)
        first.decompress(answer.body)
        assert bool(first.unused_data) is (value == "members")


@pytest.mark.parametrize("value", ["chunked", "apart"])
def test_framing(play: Play, value: str) -> None:
    client = option(play, f"framing={value}")
    answer = client.add()
    assert answer.json.keys() == {"inventory"}
    assert ("content-length" in answer.headers) is (value == "apart")
    assert (answer.headers.get("transfer-encoding") == "chunked") is (value == "chunked")
    assert client.send("HEAD", client.path()).body == b""
    assert client.add().status == 200


def test_rejection_in_brackets(play: Play) -> None:
    client = option(play, "rejection=brackets")
    answer = client.add(authorization=None)
    assert (answer.status, "content-type" in answer.headers) == (401, False)
    assert answer.body.startswith(b"[scheduler] ")
    assert client.add(b"").body.startswith(b"{scheduler] ")


def test_rejection_by_a_page(play: Play) -> None:
    answer = option(play, "rejection=page").add(authorization=None)
    assert answer.headers["content-type"].startswith("text/html")
    assert len(answer.body) > 200_000


@pytest.mark.parametrize(
    ("form", "pattern"),
    [
        ("week", r"\d{4}-W\d\d-[1-7]T[\d:.]{12}\+08:00"),
        ("ordinal", r"\d{4}-[0-3]\d\dT[\d:.]{12}\+08:00"),
        ("basic", r"\d{8}T\d{6}\.\d{3}\+0800"),
    ],
)
def test_further_forms_of_iso_8601(play: Play, form: str, pattern: str) -> None:
    created = option(play, f"dates={form}").add().json["inventory"]["createDate"]
    assert pytest.approx(time.time(), abs=5) == _instant(created)
    assert re.fullmatch(pattern, created)


def _instant(text: str) -> float:
    if "W" in text or ("T" in text[:9] and "-" not in text[:8]):
        return datetime.fromisoformat(text).timestamp()
    year, day = int(text[:4]), int(text[5:8])
    return datetime.fromisoformat(f"{year}-01-01{text[8:]}").timestamp() + (day - 1) * 86_400


def test_language(play: Play) -> None:
    def details(value: str) -> str:
        client = option(play, f"language={value}")
        return str(client.add(path=client.path("0" * 32)).json["error"]["details"])

    assert "SELECT ONE" in details("sql_like")
    assert "操作失败" in details("chinese")
    assert details("plain").isascii()


def test_codes(play: Play) -> None:
    client = option(play, "codes=others")
    assert client.add(path=client.path("0" * 32)).code == "vmSchedulingRule.3001"
    assert client.add(authorization=None).code == "zbox.1000"


def test_several(play: Play) -> None:
    def asked(value: str) -> tuple[int, list[dict[str, object]]]:
        client = option(play, f"several={value}")
        several = f"{client.seeds.job_group},{'0' * 32}"
        answer = client.send("GET", f"{GROUPS}?q=uuid?={several}")
        return answer.status, answer.json.get("inventories", [])

    status, rows = asked("told")
    assert (status, [row["triggersUuid"] for row in rows]) == (200, [[]])
    status, rows = asked("bare")
    assert (status, ["triggersUuid" in row for row in rows]) == (200, [False])
    assert asked("unknown") == (200, [])
    assert asked("refused")[0] == 503


def test_empty_links(play: Play) -> None:
    client = option(play, "empty_links=omitted")
    one = f"{GROUPS}?q=uuid={client.seeds.job_group}"
    assert "triggersUuid" not in client.send("GET", one).json["inventories"][0]
    client.add()
    assert client.send("GET", one).json["inventories"][0]["triggersUuid"] == [client.seeds.trigger]
