"""What goes out is what was given, and what comes back is told for what it is."""

from __future__ import annotations

import select
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpcore
import pytest

from contract.kit.config.usage import UsageError
from contract.kit.exchange.exchange import Exchange, Scope, TroubleKind
from contract.kit.exchange.redaction import Secrets
from contract.kit.wire import TargetGone, Wire
from contract.kit.wire.patience import Patience
from contract.kit.wire.stream import Stream
from tests.wire.raw import Conversation, Script, Server, always, http, serving

pytestmark = pytest.mark.filterwarnings("error")

SESSION = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
QUICK = Patience(
    unreachable=(0.01, 0.02),
    proof=(0.001, 0.002, 0.003),
    limited=1.0,
    first_limited=1.0,
    later_limited=0.05,
    longest_pause=0.02,
    longest_wait=0.05,
    job_limit=0.3,
    job_pauses=(0.001, 0.01),
)
OK = http(200, b'{"ok":1}', b"Content-Type: application/json")


@contextmanager
def wired(
    script: Script,
    *,
    timeout: float = 2.0,
    patience: Patience = QUICK,
    prefix: str = "",
    pace: float | None = None,
) -> Iterator[tuple[Wire, Server]]:
    secrets = Secrets()
    secrets.learn(SESSION)
    with serving(script) as server:
        wire = Wire(server.url + prefix, secrets, timeout=timeout, patience=patience, pace=pace)
        try:
            yield wire, server
        finally:
            wire.close()


def kind(exchange: Exchange) -> TroubleKind | None:
    return exchange.trouble.kind if exchange.trouble else None


# What goes out


@pytest.mark.parametrize(
    "target", ["/a%2Fb/%2e%2e/./x", "//double///", "/a;b=c?x=1&x=%00#not-cut", "*", "/%c3%bc?q={}|\\^"]
)
def test_the_target_goes_out_unchanged(target: str) -> None:
    with wired(always(OK)) as (wire, server):
        exchange = wire.send("POST", target)
    assert server.seen[0].startswith(b"POST " + target.encode() + b" HTTP/1.1\r\n")
    assert exchange.request.target == target
    assert exchange.response is not None
    assert exchange.response.status == 200


@pytest.mark.parametrize("method", ["GET", "get", "FROBNICATE", "OPTIONS"])
def test_any_method_goes_out_unchanged(method: str) -> None:
    with wired(always(OK)) as (wire, server):
        wire.send(method, "/")
    assert server.seen[0].startswith(method.encode() + b" / HTTP/1.1\r\n")


def test_headers_go_out_byte_for_byte_with_their_case() -> None:
    headers: list[tuple[str, str | bytes]] = [
        ("aUTHorization", b"OAuth \xff\xe9"),
        ("X-Empty", ""),
        ("X-Text", "gr\u00fcn"),
        ("X-Two", "1"),
        ("x-two", "2"),
    ]
    with wired(always(OK)) as (wire, server):
        wire.send("POST", "/", headers)
    lines = server.seen[0].split(b"\r\n")
    assert lines[5:10] == [
        b"aUTHorization: OAuth \xff\xe9",
        b"X-Empty: ",
        b"X-Text: gr\xc3\xbcn",
        b"X-Two: 1",
        b"x-two: 2",
    ]


def test_only_four_headers_are_added_and_none_beside_the_callers_own() -> None:
    with wired(always(OK)) as (wire, server):
        wire.send("POST", "/", body=b"{}")
        wire.send("GET", "/", [("Host", "elsewhere"), ("user-agent", "x"), ("accept-encoding", "gzip")])
    names = [line.partition(b":")[0] for line in server.seen[0].split(b"\r\n")[1:5]]
    assert names == [b"Host", b"User-Agent", b"Accept-Encoding", b"Content-Length"]
    assert server.seen[1].split(b"\r\n")[1:4] == [b"Host: elsewhere", b"user-agent: x", b"accept-encoding: gzip"]


def test_an_empty_post_says_that_it_is_empty() -> None:
    with wired(always(OK)) as (wire, server):
        wire.send("POST", "/")
    assert b"Content-Length: 0" in server.seen[0]


def test_the_base_urls_path_stands_before_every_target() -> None:
    with wired(always(OK), prefix="/behind/") as (wire, server):
        exchange = wire.send("GET", "/zstack/v1")
    assert server.seen[0].startswith(b"GET /behind/zstack/v1 ")
    assert exchange.request.target == "/behind/zstack/v1"


@pytest.mark.parametrize(
    ("target", "headers"), [("/ü", []), ("/a b", []), ("/", [("X", "a\nb")]), ("/", [("X y", "")])]
)
def test_what_http_cannot_carry_is_an_error_of_the_caller(target: str, headers: list[tuple[str, str | bytes]]) -> None:
    with wired(always(OK)) as (wire, server), pytest.raises(ValueError, match=r"target|HTTP/1.1"):
        wire.send("POST", target, headers)
    assert server.seen == []


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "http://", "127.0.0.1:8080", ""])
def test_a_url_that_is_none_is_a_usage_error(url: str) -> None:
    with pytest.raises(UsageError):
        Wire(url, Secrets())


# What is recorded


def test_the_record_holds_no_session() -> None:
    body = b'{"session":"' + SESSION.upper().encode() + b'"}'
    echo = http(200, b'{"s":"' + SESSION.encode() + b'"}', b"X-Session: " + SESSION.encode())
    with wired(always(echo)) as (wire, server):
        exchange = wire.send("POST", f"/?s={SESSION}", [("Authorization", f"OAuth {SESSION[:31]}")], body)
    assert SESSION.encode() in server.seen[0]
    assert SESSION[4:30].lower() not in repr(exchange).lower()
    assert exchange.request.headers[-1] == ("Authorization", "OAuth ${CONTRACT_SESSION:0:31}")
    assert exchange.response is not None
    assert exchange.response.header("x-session") == "$CONTRACT_SESSION"
    assert exchange.response.body == b'{"s":"$CONTRACT_SESSION"}'


def test_siblings_have_no_numbers() -> None:
    with wired(always(OK)) as (wire, _):
        sent = [wire.send("GET", "/", scope=scope) for scope in (Scope.SIBLING, Scope.NEIGHBOUR, Scope.ENDPOINT)]
    assert [exchange.number for exchange in sent] == [0, 1, 2]
    assert not wire.trouble


def test_threads_share_a_wire() -> None:
    def echo(conversation: Conversation, number: int) -> None:
        while True:
            conversation.answer(200, conversation.request().split(b" ")[1])

    numbers: list[int] = []
    with wired(echo) as (wire, server):

        def work(name: int) -> None:
            for turn in range(20):
                exchange = wire.send("GET", f"/{name}/{turn}", side_by_side=True)
                assert exchange.response is not None
                assert exchange.response.body == f"/{name}/{turn}".encode()
                numbers.append(exchange.number)

        threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(numbers) == list(range(1, 161))
    assert server.connections <= 8


def test_a_redirect_is_an_answer() -> None:
    with wired(always(http(302, b"", b"Location: /elsewhere"))) as (wire, server):
        exchange = wire.send("GET", "/")
    assert exchange.response is not None
    assert exchange.response.status == 302
    assert len(server.seen) == 1


# Trouble


def drop(conversation: Conversation, number: int) -> None:
    conversation.request()


def reset(conversation: Conversation, number: int) -> None:
    conversation.request()
    conversation.reset()


def hang(conversation: Conversation, number: int) -> None:
    conversation.request()
    time.sleep(1.5)


def drip(conversation: Conversation, number: int) -> None:
    conversation.request()
    conversation.say(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        conversation.say(b" ")
        time.sleep(0.05)


def drip_head(conversation: Conversation, number: int) -> None:
    conversation.request()
    conversation.say(b"HTTP/1.1 200 OK\r\n")
    while True:
        conversation.say(b"X: y\r\n")
        time.sleep(0.05)


def cut(conversation: Conversation, number: int) -> None:
    conversation.request()
    conversation.say(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"half":')


def cut_chunks(conversation: Conversation, number: int) -> None:
    conversation.request()
    conversation.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")


def cut_head(conversation: Conversation, number: int) -> None:
    conversation.request()
    conversation.say(b"HTTP/1.1 200 OK\r\nContent-Le")


def gibberish(conversation: Conversation, number: int) -> None:
    conversation.request()
    conversation.say(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")


def too_long(conversation: Conversation, number: int) -> None:
    conversation.request()
    conversation.say(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}{}\n")
    conversation.request()


@pytest.mark.parametrize(
    ("script", "expected", "tries"),
    [
        (drop, TroubleKind.DROPPED, 4),
        (reset, TroubleKind.DROPPED, 4),
        (hang, TroubleKind.TIMEOUT, 1),
        (drip, TroubleKind.TIMEOUT, 1),
        (drip_head, TroubleKind.TIMEOUT, 1),
        (cut, TroubleKind.TRUNCATED, 1),
        (cut_chunks, TroubleKind.TRUNCATED, 1),
        (cut_head, TroubleKind.TRUNCATED, 1),
        (gibberish, TroubleKind.MALFORMED, 1),
        (too_long, TroubleKind.MALFORMED, 1),
    ],
)
def test_each_trouble_is_told_for_what_it_is(script: Script, expected: TroubleKind, tries: int) -> None:
    with wired(script, timeout=0.4) as (wire, server):
        started = time.monotonic()
        exchange = wire.send("POST", "/", body=b"{}")
        took = time.monotonic() - started
    assert kind(exchange) is expected
    assert len(server.seen) == tries
    assert exchange.resent == tries - 1
    assert wire.trouble == {expected.value: tries}
    assert took < 1


def test_a_truncated_answer_is_kept_as_far_as_it_came() -> None:
    with wired(cut) as (wire, _):
        exchange = wire.send("POST", "/")
    assert exchange.response is not None
    assert exchange.response.body == b'{"half":'


def test_bytes_after_the_answer_leave_the_answer_and_do_not_reach_the_next() -> None:
    with wired(too_long) as (wire, server):
        first = wire.send("POST", "/")
        assert first.response is not None
        assert first.response.body == b"{}"
        wire.send("POST", "/")
    assert server.connections == 2


def test_a_dropped_request_is_not_sent_again_where_it_must_not() -> None:
    with wired(drop) as (wire, server):
        exchange = wire.send("POST", "/", retry=False)
    assert kind(exchange) is TroubleKind.DROPPED
    assert len(server.seen) == 1


def test_a_dropped_request_is_sent_again_over_a_new_connection() -> None:
    def every_second(conversation: Conversation, number: int) -> None:
        conversation.request()
        conversation.answer()
        conversation.request()

    with wired(every_second) as (wire, server):
        wire.send("POST", "/")
        exchange = wire.send("POST", "/")
    assert exchange.trouble is None
    assert (exchange.resent, exchange.drops, exchange.on_kept_connection) == (1, 1, False)
    assert server.connections == 2
    assert wire.trouble == {"dropped": 1}


def test_a_kept_connection_is_told() -> None:
    with wired(always(OK)) as (wire, _):
        assert [wire.send("POST", "/").on_kept_connection for _ in range(3)] == [False, True, True]


def test_nobody_listening_is_unreachable() -> None:
    with serving(drop) as server:
        url = server.url
    wire = Wire(url, Secrets(), patience=QUICK)
    exchange = wire.send("GET", "/")
    assert kind(exchange) is TroubleKind.UNREACHABLE
    assert wire.trouble == {"unreachable": 2}


def test_an_early_refusal_of_a_long_body_is_an_answer() -> None:
    def early(conversation: Conversation, number: int) -> None:
        conversation.sock.recv(1000)
        conversation.answer(413, b"too long", b"Connection: close")
        time.sleep(0.3)

    with wired(early) as (wire, _):
        exchange = wire.send("POST", "/", body=b"x" * 8_000_000)
    assert exchange.response is not None
    assert exchange.response.status == 413


@pytest.mark.parametrize("status", [100, 102, 103, 199])
def test_an_interim_answer_to_a_long_body_does_not_end_it(status: int) -> None:
    def interim(conversation: Conversation, number: int) -> None:
        conversation.say(b"HTTP/1.1 %d X\r\n\r\nHTTP/1.1 %d X\r\nLink: </x>\r\n\r\n" % (status, status))
        conversation.say(b"HTTP/1.1 1")
        conversation.request()
        conversation.say(b"00 X\r\n\r\n")
        conversation.answer()

    with wired(interim) as (wire, server):
        exchange = wire.send("POST", "/", body=b"x" * 8_000_000)
    assert exchange.trouble is None
    assert len(server.seen[0]) > 8_000_000


def test_a_long_body_goes_out_without_a_pause() -> None:
    with wired(always(OK)) as (wire, server):
        started = time.monotonic()
        exchange = wire.send("POST", "/", body=b"x" * 1_000_000)
        took = time.monotonic() - started
    assert exchange.trouble is None
    assert len(server.seen[0]) > 1_000_000
    assert took < 1


def test_an_endless_body_is_cut() -> None:
    def endless(conversation: Conversation, number: int) -> None:
        conversation.request()
        conversation.say(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            conversation.say(b"x" * 1_000_000)

    with wired(endless, timeout=10) as (wire, _):
        exchange = wire.send("GET", "/")
    assert kind(exchange) is TroubleKind.MALFORMED
    assert exchange.response is not None
    assert 16 <= len(exchange.response.body) / 2**20 < 17


# Gateways


@pytest.mark.parametrize("bad", [http(502, b"<html>"), http(504), http(503, b"Service Unavailable")])
def test_a_bare_gateway_answer_is_waited_out(bad: bytes) -> None:
    with wired(always(bad, bad, OK)) as (wire, server):
        exchange = wire.send("POST", "/")
    assert exchange.trouble is None
    assert (exchange.resent, exchange.drops) == (2, 0)
    assert exchange.response is not None
    assert exchange.response.status == 200
    assert len(server.seen) == 3


def test_a_bare_gateway_answer_that_stays_is_trouble_and_answer() -> None:
    with wired(always(http(503, b"Service Unavailable"))) as (wire, server):
        exchange = wire.send("POST", "/")
        assert len(server.seen) > 2
    assert kind(exchange) is TroubleKind.GATEWAY
    assert exchange.response is not None
    assert exchange.response.status == 503
    assert not wire.broken


def test_a_target_of_which_only_a_gateway_is_there_ends_the_run() -> None:
    with wired(always(http(502)), patience=replace(QUICK, first_limited=0.001)) as (wire, _):
        for _ in range(5):
            assert kind(wire.send("POST", "/")) is TroubleKind.GATEWAY
        with pytest.raises(TargetGone, match="gateway, a bare 502"):
            wire.send("POST", "/")


@pytest.mark.parametrize("body", [b'{"error":{"code":"SYS.1006"}}', b'{"message":"no"}', b"[]"])
def test_a_503_with_json_is_the_servers_own(body: bytes) -> None:
    with wired(always(http(503, body))) as (wire, server):
        exchange = wire.send("POST", "/")
    assert exchange.trouble is None
    assert len(server.seen) == 1


# Jobs


def job(*polls: bytes, location: bytes = b"http://127.0.0.9:1/zstack/v1/api-jobs/1?x=y") -> Script:
    return always(http(202, b'{"location":"' + location + b'"}'), *polls)


def test_a_job_is_followed_on_the_targets_own_host() -> None:
    with wired(job(http(202, b"{}"), http(202, b"{}"), OK)) as (wire, server):
        exchange = wire.send("POST", "/", [("Authorization", f"OAuth {SESSION}")])
    assert exchange.response is not None
    assert exchange.response.status == 202
    assert exchange.settled is not None
    assert exchange.settled.body == b'{"ok":1}'
    assert exchange.answer is exchange.settled
    assert server.seen[1].startswith(b"GET /zstack/v1/api-jobs/1?x=y HTTP/1.1\r\n")
    assert b"authorization" not in server.seen[3].lower()
    assert exchange.number == 1


def test_the_location_header_is_followed_too() -> None:
    with wired(always(http(202, b"", b"Location: /jobs/7"), OK)) as (wire, server):
        exchange = wire.send("POST", "/")
    assert exchange.settled is not None
    assert server.seen[1].startswith(b"GET /jobs/7 ")


def test_a_guarded_job_is_asked_for_with_the_requests_own_credential() -> None:
    with wired(job(http(401, b"who?"), OK)) as (wire, server):
        exchange = wire.send("POST", "/", [("Authorization", f"OAuth {SESSION}")])
    assert exchange.settled is not None
    assert exchange.settled.status == 200
    assert f"Authorization: OAuth {SESSION}".encode() in server.seen[2]


def test_a_refused_job_is_the_answer() -> None:
    with wired(job(http(401, b"who?"))) as (wire, server):
        exchange = wire.send("POST", "/", [("Authorization", f"OAuth {SESSION}")])
    assert exchange.settled is not None
    assert exchange.settled.status == 401
    assert len(server.seen) == 3


@pytest.mark.parametrize(
    "body", [b"{}", b'{"location":7}', b'{"location":"not a path"}', b"[", b'{"location":"http://["}']
)
def test_a_location_that_cannot_be_used_is_left(body: bytes) -> None:
    with wired(always(http(202, body))) as (wire, server):
        exchange = wire.send("POST", "/")
    assert exchange.settled is None
    assert exchange.trouble is None
    assert len(server.seen) == 1


def test_a_job_that_never_ends_is_a_timeout_that_tells_how_long_it_was_watched() -> None:
    with wired(job(http(202, b"{}")), patience=replace(QUICK, job_limit=1)) as (wire, _):
        exchange = wire.send("POST", "/")
    assert exchange.trouble is not None
    assert exchange.trouble.kind is TroubleKind.TIMEOUT
    assert "watched for 1 seconds and did not end" in exchange.trouble.detail
    assert exchange.settled is None


# Lanes


def test_a_lane_keeps_one_connection_of_its_own() -> None:
    with wired(always(OK)) as (wire, server):
        kept = [wire.send("POST", "/", lane=lane).on_kept_connection for lane in ("a", None, "a")]
    assert kept == [False, False, True]
    assert server.connections == 2


def test_a_connection_that_the_server_closes_in_order_is_not_trouble() -> None:
    def close_after(conversation: Conversation, number: int) -> None:
        conversation.request()
        conversation.answer(401)

    with wired(close_after) as (wire, _):
        wire.send("POST", "/", lane="a")
        time.sleep(0.05)
        exchange = wire.send("POST", "/", lane="a", retry=False)
        assert exchange.trouble is None
        assert not exchange.on_kept_connection


def test_bytes_that_come_unasked_on_a_lane_are_told() -> None:
    taken, said = threading.Event(), threading.Event()

    def twice(conversation: Conversation, number: int) -> None:
        conversation.request()
        conversation.answer(401)
        if said.is_set():
            return  # the connection after it
        taken.wait(5)
        conversation.answer(400, b"bad request")
        said.set()
        conversation.request()

    with wired(twice) as (wire, server):
        first = wire.send("POST", "/", lane="a")
        taken.set()
        assert said.wait(5)
        # What is written on the loopback is there at once.
        time.sleep(0.02)
        second = wire.send("POST", "/", lane="a", retry=False)
        third = wire.send("POST", "/", lane="a")
    assert first.trouble is None
    assert kind(second) is TroubleKind.MALFORMED
    assert len(server.seen) == 2
    assert third.trouble is None


# The breaker and the pace


def test_five_requests_without_an_answer_end_the_run() -> None:
    with wired(hang, timeout=0.05) as (wire, _):
        for _ in range(5):
            assert kind(wire.send("POST", "/")) is TroubleKind.TIMEOUT
        assert "timeout" in wire.broken
        with pytest.raises(TargetGone, match="5 requests in a row"):
            wire.send("POST", "/")


def test_a_target_that_hangs_on_some_inputs_is_not_gone() -> None:
    def picky(conversation: Conversation, number: int) -> None:
        while True:
            if conversation.request().startswith(b"GET"):
                conversation.answer(404)
            else:
                time.sleep(0.6)

    # Long enough for a busy machine to answer in.
    with wired(picky, timeout=0.15) as (wire, _):
        for _ in range(8):
            wire.send("POST", "/")
        assert not wire.broken
        wire.send("GET", "/")
        for _ in range(20):
            if not wire.broken:
                wire.send("POST", "/")
        assert wire.broken


def test_the_pace_holds_over_all_threads() -> None:
    def twenty() -> float:
        with wired(always(OK), pace=100) as (wire, _):
            started = time.monotonic()
            threads = [threading.Thread(target=lambda: [wire.send("GET", "/") for _ in range(5)]) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            return time.monotonic() - started

    # A busy machine may hold one of them up.
    assert 0.17 < min(twenty() for _ in range(3)) < 0.6


@pytest.mark.skipif(not hasattr(socket, "TCP_QUICKACK"), reason="the system acknowledges when it likes")
def test_an_answer_in_two_writes_is_not_held_back_by_its_acknowledgement() -> None:
    whole = http(200, b"{}")

    def script(conversation: Conversation, number: int) -> None:
        while True:
            conversation.request()
            conversation.say(whole[:-2])
            conversation.say(whole[-2:])

    with wired(script) as (wire, _):
        answers = [wire.send("POST", "/").response for _ in range(30)]
    # Held back it is 40 ms later at the least.
    assert statistics.median(answer.elapsed for answer in answers[10:] if answer is not None) < 0.03


def _until_the_answer_has_come(stream: Stream) -> None:
    sock = stream.get_extra_info("socket")
    if sock.fileno() >= 0:
        select.select([sock], [], [], 2)


@pytest.mark.parametrize("chunk", [None, 70_000], ids=["whole", "in chunks"])
@pytest.mark.parametrize("asked", [True, False], ids=["the pool asks", "the pool does not ask"])
def test_nothing_goes_over_a_connection_that_was_left_in_the_middle_of_a_request(
    monkeypatch: pytest.MonkeyPatch, chunk: int | None, asked: bool
) -> None:
    """The pool looks at it before the answer has ended: other threads may be given it all the same."""

    def script(conversation: Conversation, number: int) -> None:
        conversation.head()
        conversation.say(http(401, b"no"))
        while conversation.sock.recv(100_000):
            pass

    waiting = Stream._waiting

    def later(self: Stream) -> bytes:
        _until_the_answer_has_come(self)  # before the rest would be sent
        return waiting(self)

    monkeypatch.setattr(Stream, "_waiting", later)
    if not asked:
        monkeypatch.setattr(httpcore.HTTP11Connection, "has_expired", lambda _: False)
    headers = [("Transfer-Encoding", "chunked")] if chunk else []
    with wired(script) as (wire, server):
        answers = [wire.send("POST", "/", headers, body=b"x" * 66_000, chunk=chunk, retry=False) for _ in range(4)]
    assert [one.response.status if one.response is not None else one.trouble for one in answers] == [401] * 4
    assert server.connections == 4
    assert not any(one.drops or one.resent for one in answers)


def test_a_request_that_was_cut_short_by_its_answer_ends_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """What came next would be taken for the rest of it: so servers that refuse on the head alone would hang."""
    whole = 66_000  # a little more than is written at once

    def script(conversation: Conversation, number: int) -> None:
        while True:
            conversation.head()
            conversation.say(http(401, b"no"))
            conversation.body(whole)

    read = Stream.read

    def later(self: Stream, max_bytes: int, timeout: float | None = None) -> bytes:
        _until_the_answer_has_come(self)  # before the rest would be sent
        return read(self, max_bytes, timeout)

    monkeypatch.setattr(Stream, "read", later)
    with wired(script) as (wire, _):
        answers = [wire.send("POST", "/", body=b"x" * whole) for _ in range(3)]
    assert [one.response.status if one.response is not None else one.trouble for one in answers] == [401] * 3
