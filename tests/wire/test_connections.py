"""How a connection ends: what is the server's fault and what is not."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Callable

import pytest

from contract.kit.exchange import Exchange, TroubleKind
from contract.kit.exchange.redaction import Secrets
from contract.kit.wire import Wire
from contract.kit.wire.transport import KEPT
from contract.kit.wire.turn import A_WHILE, STALL
from tests.wire.raw import Conversation, Script, Server, http, serving
from tests.wire.test_wire import OK, wired

pytestmark = pytest.mark.filterwarnings("error")

BARE_400 = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"


def on_the_head_alone(answer: bytes) -> Script:
    """Answer when the head has come, and close with the body unread, which resets the connection."""

    def script(conversation: Conversation, number: int) -> None:
        while b"\r\n\r\n" not in conversation.buffer:
            conversation.buffer += conversation.sock.recv(1)
        conversation.say(answer)

    return script


@pytest.mark.parametrize(
    "answer",
    [
        BARE_400,
        BARE_400 + b"400 Bad Request",
        b"HTTP/1.0 400 Bad Request\r\n\r\nno",
        b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno",
        b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n",
        BARE_400.replace(b"close", b"Upgrade, close") + b'{"error":{}}',
    ],
)
def test_an_answer_that_is_whole_is_an_answer_whatever_comes_after_it(answer: bytes) -> None:
    with wired(on_the_head_alone(answer)) as (wire, server):
        exchange = wire.send("POST", "/", body=b"{}" * 500)
    assert exchange.trouble is None
    assert exchange.response is not None
    assert exchange.response.status == 400
    assert server.connections == 1
    assert not wire.trouble


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 400 Bad Request\r\n\r\nno",  # it did not say that it closes
        b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 20\r\n\r\nno",
        BARE_400 + b'{"error":',
        b"HTTP/1.1 400 Bad",
    ],
)
def test_an_answer_that_a_reset_cuts_is_none(answer: bytes) -> None:
    with wired(on_the_head_alone(answer)) as (wire, _):
        exchange = wire.send("POST", "/", body=b"{}" * 500, retry=False)
    assert exchange.trouble is not None
    assert exchange.trouble.kind is TroubleKind.DROPPED
    assert not exchange.drops


def test_head_and_short_body_go_out_in_one_write() -> None:
    pieces: list[bytes] = []

    def script(conversation: Conversation, number: int) -> None:
        while piece := conversation.sock.recv(1_000_000):
            pieces.append(piece)
            conversation.say(OK)

    with wired(script) as (wire, _):
        for body in (b"", b"{}", b"x" * 3_000):
            wire.send("POST", "/", [("X-Long", "y" * 5_000)], body)
    assert [len(piece) > 5_000 and piece.startswith(b"POST ") for piece in pieces] == [True] * 3


# Closed while idle


FAREWELL = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def closing_after(seconds: float, *, farewell: bytes = b"", answers: int = 1) -> Script:
    """Close a connection that is idle for so long after so many answers, without having said so."""

    def script(conversation: Conversation, number: int) -> None:
        while True:
            for _ in range(answers):
                conversation.request()
                conversation.say(OK)
            if not select.select([conversation.sock], [], [], seconds)[0]:
                conversation.say(farewell)
                return

    return script


def closing_at(seconds: float, *, answers: int = 1) -> Script:
    """Close each connection at that time after so many answers, with whatever has come meanwhile unread."""

    def script(conversation: Conversation, number: int) -> None:
        for _ in range(answers):
            conversation.request()
            conversation.say(OK)
        time.sleep(seconds)

    return script


@pytest.mark.parametrize("farewell", [b"", FAREWELL], ids=["without a word", "408"])
@pytest.mark.parametrize("lane", [None, "lane"])
@pytest.mark.parametrize("pause", [0.0, 0.003, 0.02])
def test_a_connection_that_was_closed_while_idle_is_no_drop(farewell: bytes, lane: str | None, pause: float) -> None:
    with wired(closing_after(0.003, farewell=farewell)) as (wire, server):
        exchanges = []
        for _ in range(30):
            exchanges.append(wire.send("POST", "/", retry=False, lane=lane))
            time.sleep(pause)
    assert not any(exchange.drops or exchange.resent for exchange in exchanges)
    met = sum(exchange.trouble is not None for exchange in exchanges)
    if lane is None:
        # One request may meet the closing itself; after that, what must not be sent twice is not put at risk.
        assert met <= 1
    # On a lane it goes over the lane's own connection, whatever comes of it.
    assert len(server.seen) >= 30 - met


@pytest.mark.parametrize(("seconds", "answers"), [(0.004, 1), (0.0, 1), (0.002, 10), (0.0, 10)])
def test_a_connection_closed_some_milliseconds_after_an_answer_is_no_drop(seconds: float, answers: int) -> None:
    with wired(closing_at(seconds, answers=answers)) as (wire, server):
        exchanges = [wire.send("POST", "/") for _ in range(200)]
        # After that, what must not be sent twice is not put at risk.
        exchanges += [wire.send("POST", "/", retry=False) for _ in range(20)]
    assert not any(exchange.trouble or exchange.drops for exchange in exchanges)
    assert len(server.seen) == 220


def test_a_408_that_keeps_the_connection_is_an_answer() -> None:
    def script(conversation: Conversation, number: int) -> None:
        while True:
            conversation.request()
            conversation.say(http(408, b'{"error": {}}'))

    with wired(script) as (wire, server):
        answers = [wire.send("POST", "/").response for _ in range(3)]
    assert [answer.status for answer in answers if answer is not None] == [408] * 3
    assert len(server.seen) == 3
    assert not wire.notices()


def test_a_408_to_the_first_request_of_a_connection_is_an_answer() -> None:
    def script(conversation: Conversation, number: int) -> None:
        conversation.request()
        conversation.answer(408, b"", b"Connection: close")

    with wired(script) as (wire, server):
        exchange = wire.send("POST", "/")
    assert exchange.response is not None
    assert exchange.response.status == 408
    assert len(server.seen) == 1


def in_answer(conversation: Conversation, number: int) -> None:
    """Close each third request's connection once the request has been read."""
    while True:
        conversation.request()
        if len(conversation.seen) % 3 == 0:
            return
        conversation.answer()


def test_a_connection_closed_in_answer_to_a_request_is_a_drop_whatever_the_connection() -> None:
    def script(conversation: Conversation, number: int) -> None:
        conversation.request()
        if number == 1:
            return
        conversation.answer()
        conversation.request()

    with wired(script) as (wire, server):
        new, between, kept = (wire.send("POST", "/") for _ in range(3))
    assert (new.trouble, new.drops, new.resent) == (None, 1, 1)
    assert (between.trouble, between.drops, between.resent) == (None, 0, 0)
    assert (kept.trouble, kept.drops, kept.resent) == (None, 1, 1)
    assert len(server.seen) == 5


def test_the_drops_of_many_requests_are_each_told() -> None:
    with wired(in_answer) as (wire, _):
        exchanges = [wire.send("POST", "/", case=f"case {at}") for at in range(30)]
        told = wire.notices()
    assert sum(exchange.drops for exchange in exchanges) == wire.trouble["dropped"] > 8
    assert told[0].startswith(
        "the connection was closed without an answer (dropped): request 3, case 2; request 5, case 4"
    )
    assert told[0].endswith(f"and {wire.trouble['dropped'] - 3} more")


def test_a_full_server_that_closes_new_connections_unread_does_not_drop() -> None:
    """As Node's maxConnections does: what is closed before the request was read is no answer to it."""

    def script(conversation: Conversation, number: int) -> None:
        if number % 2:
            time.sleep(0.02)
            return  # with the request unread
        conversation.request()
        conversation.answer()

    with wired(script) as (wire, _):
        exchanges = [wire.send("POST", "/", body=b"{}") for _ in range(2)]
    assert not any(exchange.trouble or exchange.drops for exchange in exchanges)
    assert wire.trouble == {"dropped": 2}


# Few connections at once


class Few(Server):
    """Serves so many connections at once; others wait until one of them ends, as behind haproxy's maxconn."""

    def __init__(self, script: Script, most: int) -> None:
        self.free = threading.Semaphore(most)
        super().__init__(script)

    def _serve(self, sock: socket.socket, number: int) -> None:
        with self.free:
            super()._serve(sock, number)


def polite(conversation: Conversation, number: int) -> None:
    while True:
        conversation.request()
        conversation.answer()


@pytest.mark.parametrize("most", [1, 4])
def test_a_server_of_few_connections_is_not_starved_by_idle_ones(most: int) -> None:
    server = Few(polite, most)
    wire = Wire(server.url, Secrets(), timeout=4.0)
    try:
        exchanges: list[Exchange] = []

        def work() -> None:
            exchanges.append(wire.send("POST", "/", side_by_side=True))

        for _ in range(3):
            threads = [threading.Thread(target=work) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            exchanges += [wire.send("POST", "/", lane=f"lane {at}") for at in range(6)]
        assert not any(exchange.trouble for exchange in exchanges)
        assert "the target serves few connections at once: idle ones were given up" in wire.notices()
    finally:
        wire.close()
        server.stop()


def side_by_side(count: int, send: Callable[[int], object]) -> None:
    threads = [threading.Thread(target=send, args=[at]) for at in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_server_that_pauses_now_and_then_does_not_serve_few_connections() -> None:
    pauses = threading.Event()

    def script(conversation: Conversation, number: int) -> None:
        while True:
            conversation.request()
            time.sleep(1.5 * STALL if pauses.is_set() else 0.01)
            conversation.say(OK)

    with wired(script) as (wire, _):
        side_by_side(8, lambda _: wire.send("POST", "/", side_by_side=True))
        for pause in range(3):
            for at in range(4):
                wire.send("POST", "/", lane=f"pause {pause}, {at}")
            pauses.set()
            side_by_side(3, lambda at: wire.send("POST", "/", lane=f"during {at}", side_by_side=True))
            pauses.clear()
            side_by_side(8, lambda _: wire.send("POST", "/", side_by_side=True))
            time.sleep(A_WHILE / 2)
        assert not wire.notices()


def test_a_connection_that_was_taken_for_idle_serves_its_request_first() -> None:
    def script(conversation: Conversation, number: int) -> None:
        while True:
            conversation.request()
            time.sleep(0.3)
            conversation.say(OK)

    with wired(script) as (wire, _):
        wire.send("POST", "/")
        [kept] = wire._transport._main.connections

        def give_up() -> None:
            wire._transport._local.gives_up = True
            kept.close()

        threading.Timer(0.1, give_up).start()
        exchanges = [wire.send("POST", "/") for _ in range(2)]
    assert [exchange.resent for exchange in exchanges] == [0, 0]
    assert not any(exchange.trouble for exchange in exchanges)
    assert not wire.trouble


def test_no_more_connections_are_kept_than_go_out_side_by_side() -> None:
    with wired(polite) as (wire, server):
        for at in range(2 * KEPT):
            wire.send("POST", "/", lane=f"lane {at}")
        open_now = sum(sock.fileno() >= 0 for sock in server._open)
        time.sleep(0.1)
        open_now = sum(sock.fileno() >= 0 for sock in server._open)
    assert open_now <= KEPT
    assert not wire.notices()


def test_lanes_that_have_ended_keep_no_connection() -> None:
    with wired(polite) as (wire, server):
        for at in range(3):
            wire.send("POST", "/", lane=f"lane {at}")
        wire.end_lanes()
        time.sleep(0.1)
        assert not any(sock.fileno() >= 0 for sock in server._open)
        assert not wire.send("POST", "/", lane="lane 0").on_kept_connection


def test_serving_ends() -> None:
    with serving(polite) as server:
        assert server.url


def test_a_connection_that_is_given_up_while_a_request_is_on_it_may_have_carried_it() -> None:
    """Another thread took it for idle: the request is sent again, and a second try at it is no first one."""
    begun = threading.Event()

    def script(conversation: Conversation, number: int) -> None:
        while True:
            conversation.request()
            if number == 1 and begun.is_set():
                time.sleep(30)
            conversation.say(OK)
            begun.set()

    with wired(script) as (wire, _):
        wire.send("POST", "/")
        wire._transport._capacity.saw_closing(0.0)  # the target is known to close idle connections
        kept = wire._transport._main.connections[0]
        threading.Timer(0.3, kept.close).start()
        exchange = wire.send("POST", "/")
    assert exchange.response is not None
    assert exchange.response.status == 200
    assert exchange.resent == 1
    assert exchange.drops == 0
