"""What a target refuses for coming too fast is tried again; a bare 5xx that stands is the request's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from contract.kit.exchange import Expect, Scope, TroubleKind
from contract.kit.wire import TargetGone, Wire
from contract.kit.wire.jobs import Habit
from contract.kit.wire.patience import Patience
from tests.wire.raw import Conversation, Script, always, http
from tests.wire.test_wire import OK, QUICK, kind, wired

pytestmark = pytest.mark.filterwarnings("error")

LIMIT_503 = http(503, b"<html>503 Service Temporarily Unavailable</html>", b"Server: nginx")


def by_path(answers: dict[bytes, Callable[[int], bytes]]) -> Script:
    """The answer to the n-th request of a path, counted from 1 over all connections."""

    def script(conversation: Conversation, number: int) -> None:
        while True:
            path = conversation.request().split(b" ")[1]
            seen = sum(request.split(b" ")[1] == path for request in conversation.seen)
            conversation.say(answers[path](seen))

    return script


def good(wire: Wire) -> Callable[[], bool]:
    """A plain good request, as the drive sends one."""

    def witness() -> bool:
        exchange = wire.send("POST", "/good", scope=Scope.SIBLING, retry=False)
        return exchange.trouble is None and exchange.response is not None and exchange.response.status == 200

    return witness


# 429


@pytest.mark.parametrize("headers", [(), (b"Retry-After: 0",), (b"Retry-After: 1",), (b"Retry-After: soon",)])
@pytest.mark.parametrize("retry", [True, False])
def test_a_request_that_comes_too_fast_waits_and_is_answered(headers: tuple[bytes, ...], retry: bool) -> None:
    with wired(always(http(429, b"", *headers), http(429, b"", *headers), OK)) as (wire, server):
        exchange = wire.send("POST", "/", retry=retry)
    assert exchange.trouble is None
    assert exchange.response is not None
    assert exchange.response.status == 200
    assert (exchange.resent, exchange.drops) == (0, 0)
    assert wire.trouble == {"throttled": 2}
    assert len(server.seen) == 3


def test_429_for_ever_ends_patience_and_then_the_run() -> None:
    patience = Patience(longest_wait=0.001, longest_pause=0.01, first_limited=0.05, later_limited=0.01)
    with wired(always(http(429, b"", b"Retry-After: 5")), patience=patience) as (wire, server):
        for _ in range(5):
            exchange = wire.send("POST", "/")
            assert kind(exchange) is TroubleKind.THROTTLED
            assert exchange.response is not None
            assert exchange.response.status == 429
        with pytest.raises(TargetGone, match="throttled"):
            wire.send("POST", "/")
    assert len(server.seen) > 10


def test_the_rate_that_was_found_is_told() -> None:
    with wired(always(http(429), http(429), http(429), OK)) as (wire, _):
        wire.send("POST", "/")
        told = wire.notices()
    assert told[0] == "429 came (throttled): request 1, POST /"
    assert told[1].startswith("the target limits the rate: about ")


# A bare 502, 503 or 504


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_bare_answer_that_good_requests_meet_too_is_a_limit_and_waited_for(status: int) -> None:
    def limited(seen: int) -> bytes:
        return http(status) if seen < 5 else OK

    with wired(by_path({b"/x": limited, b"/good": limited}), patience=replace(QUICK, limited=5, first_limited=5)) as (
        wire,
        _,
    ):
        wire.vouch(good(wire))
        exchange = wire.send("POST", "/x")
    assert exchange.trouble is None
    assert not exchange.standing
    assert exchange.response is not None
    assert exchange.response.status == 200
    assert wire.trouble["gateway"] >= 4


def test_a_bare_answer_that_passes_at_another_try_is_none_of_the_request() -> None:
    with wired(by_path({b"/x": lambda seen: LIMIT_503 if seen == 1 else OK, b"/good": lambda _: OK})) as (wire, server):
        wire.vouch(good(wire))
        exchange = wire.send("POST", "/x")
    assert (exchange.trouble, exchange.standing, exchange.resent) == (None, False, 1)
    assert exchange.response is not None
    assert exchange.response.status == 200
    assert len(server.seen) == 3


def test_a_bare_answer_that_stands_while_good_requests_beside_it_are_answered_is_the_requests_own() -> None:
    with wired(by_path({b"/x": lambda _: LIMIT_503, b"/good": lambda _: OK})) as (wire, server):
        wire.vouch(good(wire))
        exchange = wire.send("POST", "/x")
        order = b"".join(request.split(b" ")[1][1:2] for request in server.seen)
        for _ in range(3):
            wire.send("POST", "/x")
        before = len(server.seen)
        assert wire.send("POST", "/x").standing
        later = len(server.seen) - before
    assert (exchange.trouble, exchange.standing, exchange.resent) == (None, True, 3)
    assert exchange.response is not None
    assert exchange.response.status == 503
    assert order == b"xgxgxgxg"
    assert later == 4
    assert not wire.trouble
    assert not wire.notices()


def by_body(of_the_head: bytes) -> Script:
    """A gateway that says 502 wherever a body came, for a server that answers the head like this."""

    def script(conversation: Conversation, _number: int) -> None:
        while True:
            head, _, body = conversation.request().partition(b"\r\n\r\n")
            good_one = head.split(b" ")[1] == b"/good"
            conversation.say(OK if good_one else http(502, b"<html>Bad Gateway</html>") if body else of_the_head)

    return script


@pytest.mark.parametrize("chunk", [None, 2])
def test_where_a_server_refuses_the_head_a_gateways_502_to_the_rest_is_not_its_answer(chunk: int | None) -> None:
    chunked = [("Transfer-Encoding", "chunked")] if chunk else []
    with wired(by_body(http(400, b"Invalid HTTP request received."))) as (wire, _):
        wire.vouch(good(wire))
        exchange = wire.send("ADD", "/x", [*chunked, ("X-A", "b")], b"{}", expect=Expect.REFUSAL, chunk=chunk)
    assert (exchange.trouble, exchange.standing) == (None, False)
    assert exchange.response is not None
    assert exchange.response.status == 400
    assert exchange.request.body == b""
    assert exchange.request.headers[-2:] == (("X-A", "b"), ("Content-Length", "0"))
    assert "Transfer-Encoding" not in dict(exchange.request.headers)
    assert wire.notices() == ["a bare 502, 503 or 504 came (gateway): request 1, ADD /x"]


@pytest.mark.parametrize(
    ("expect", "of_the_head"),
    [
        pytest.param(Expect.EITHER, http(400, b"no"), id="it may be granted"),
        pytest.param(Expect.REFUSAL, http(400, b'{"error": {}}'), id="the server reads the body"),
        pytest.param(Expect.REFUSAL, http(502, b"no"), id="the head is no better"),
        pytest.param(Expect.REFUSAL, OK, id="the head is granted"),
    ],
)
def test_else_the_502_stands(expect: Expect, of_the_head: bytes) -> None:
    with wired(by_body(of_the_head)) as (wire, _):
        wire.vouch(good(wire))
        exchange = wire.send("POST", "/x", body=b"{", expect=expect)
    assert exchange.standing
    assert exchange.response is not None
    assert exchange.response.status == 502
    assert exchange.request.body == b"{"


def test_a_bare_answer_that_good_requests_meet_for_ever_cannot_be_judged() -> None:
    with wired(by_path({b"/x": lambda _: LIMIT_503, b"/good": lambda _: LIMIT_503})) as (wire, _):
        wire.vouch(good(wire))
        exchange = wire.send("POST", "/x")
    assert kind(exchange) is TroubleKind.GATEWAY
    assert not exchange.standing


def test_without_a_good_request_to_compare_with_a_bare_answer_is_waited_for_only() -> None:
    with wired(by_path({b"/x": lambda seen: LIMIT_503 if seen < 4 else OK})) as (wire, _):
        exchange = wire.send("POST", "/x")
    assert exchange.trouble is None
    assert exchange.resent == 3


def test_what_must_not_be_sent_twice_is_told_at_its_first_bare_answer() -> None:
    with wired(always(LIMIT_503)) as (wire, server):
        for _ in range(12):
            assert kind(wire.send("POST", "/", scope=Scope.SIBLING, retry=False)) is TroubleKind.GATEWAY
        assert not wire.broken
    assert len(server.seen) == 12


def test_a_bare_answer_to_head_is_an_answer() -> None:
    with wired(always(b"HTTP/1.1 503 X\r\nContent-Length: 80\r\n\r\n")) as (wire, server):
        exchange = wire.send("HEAD", "/", scope=Scope.NEIGHBOUR)
    assert exchange.trouble is None
    assert len(server.seen) == 1


# Jobs


def polls(habit: Habit, takes: float, round_trip: float = 0.002) -> tuple[int, float]:
    """How often a job is asked for, and when it is found to have ended."""
    looks, now, pause = 0, 0.0, habit.first()
    while True:
        looks += 1
        now += pause
        asked = now
        now += round_trip
        if asked >= takes:
            habit.learn(asked, looks)
            return looks, now
        pause = habit.next(asked)


@pytest.mark.parametrize("takes", [0.005, 0.02, 0.5, 5.0, 40.0])
def test_a_job_is_soon_found_to_have_ended_and_seldom_asked_for(takes: float) -> None:
    habit = Habit(*Patience().job_pauses)
    first, found = polls(habit, takes)
    assert first < 100
    assert found <= max(takes * 1.11, takes + 0.015)
    later = [polls(habit, takes) for _ in range(10)]
    assert max(looks for looks, _ in later) <= 5
    assert max(found for _, found in later) <= max(takes * 1.11, takes + 0.015)


def test_a_job_that_ends_at_a_number_of_looks_makes_no_wait_longer_than_the_last() -> None:
    habit = Habit(*Patience().job_pauses)
    waits = []
    for _ in range(50):
        watched, pause = 0.0, habit.first()
        for _look in range(4):
            watched += pause
            pause = habit.next(watched)
        habit.learn(watched, 4)
        waits.append(watched)
    assert max(waits) < 0.1


def test_a_habit_is_unlearned() -> None:
    habit = Habit(*Patience().job_pauses)
    for _ in range(20):
        polls(habit, 5.0)
    for _ in range(20):
        polls(habit, 0.1)
    assert polls(habit, 0.1)[1] < 0.12


@pytest.mark.parametrize(("took", "jobs", "limit"), [(0.02, 20, 15), (0.02, 19, 60), (0.4, 20, 40), (2.0, 50, 60)])
def test_a_job_without_end_is_watched_a_hundred_times_as_long_as_others_took(
    took: float, jobs: int, limit: float
) -> None:
    habit = Habit(*Patience().job_pauses)
    for _ in range(jobs):
        habit.learn(took, 2)
    assert habit.limit(Patience().usual_job_limit, Patience().job_limit) == pytest.approx(limit)
