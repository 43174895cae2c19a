"""A ban, a log-in wall: told once, by name, and not blamed on forty clauses."""

from __future__ import annotations

import pytest

from contract.kit.exchange import Exchange, Expect, Request, Response, Trouble, TroubleKind
from contract.kit.target.guard import IN_A_ROW, Blocked, Guard
from contract.kit.wire import TargetGone

SERVER = Response(200, (), b'{"valid":true}')
SUCCESS = Response(200, (), b'{"inventory":{"uuid":"x"}}')
TEXT = Response(400, (), b"no header")
BAN = Response(403, (("Server", "nginx"), ("Content-Type", "text/html")), b"<html><title>Forbidden</title></html>")
WALL = Response(200, (("Content-Type", "text/html"),), b"<html><title>Sign in</title></html>")


def exchange(
    number: int, answer: Response | None, expect: Expect = Expect.SUCCESS, trouble: Trouble | None = None
) -> Exchange:
    return Exchange(number, Request("POST", "/", (), b""), answer, trouble, expect=expect)


class Probe:
    """Answers with the next of its answers, the last one for ever."""

    def __init__(self, *answers: Response | Exception) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self) -> Exchange:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return exchange(0, answer)


def guard(*later: Response | Exception) -> tuple[Guard, Probe]:
    probe = Probe(SERVER, *later)
    made = Guard(probe, pauses=(0.0, 0.0))
    made.begin()
    assert made.passes(exchange(1, SUCCESS))
    return made, probe


@pytest.mark.parametrize("answer", [BAN, WALL])
@pytest.mark.parametrize("expect", [Expect.SUCCESS, Expect.REFUSAL, Expect.EITHER])
def test_what_refuses_everything_is_told_by_name_and_since_when(answer: Response, expect: Expect) -> None:
    made, _ = guard(answer)
    with pytest.raises(
        Blocked, match=r"refuses everything after request 1: HTTP \d+ with a page “(Forbidden|Sign in)”"
    ):
        made.passes(exchange(2, answer, expect))
    assert made.blocked
    with pytest.raises(Blocked):
        made.passes(exchange(3, answer))


def test_a_closed_door_is_one_too() -> None:
    made, _ = guard(TargetGone("nothing there"))
    with pytest.raises(Blocked, match="nothing there"):
        made.passes(exchange(2, None, trouble=Trouble(TroubleKind.DROPPED, "closed")))


@pytest.mark.parametrize("expect", [Expect.SUCCESS, Expect.REFUSAL])
@pytest.mark.parametrize("kind", [TroubleKind.DROPPED, TroubleKind.TIMEOUT, TroubleKind.THROTTLED])
def test_silence_is_one_where_a_plain_call_meets_it_too(kind: TroubleKind, expect: Expect) -> None:
    met = exchange(2, None, expect, Trouble(kind, "nothing"))
    made, _ = guard(TargetGone("nothing there"))
    with pytest.raises(Blocked, match="after request 1"):
        made.passes(met)
    made, probe = guard(SERVER)
    assert made.passes(met)
    assert probe.asked == 2


@pytest.mark.parametrize("kind", [TroubleKind.TIMEOUT, TroubleKind.THROTTLED, TroubleKind.UNREACHABLE])
def test_a_target_taken_for_gone_is_banned_from_unless_it_cannot_be_reached(kind: TroubleKind) -> None:
    made, _ = guard(SERVER)
    made.gone(kind, "5 requests in a row had no answer")
    assert bool(made.blocked) is (kind is not TroubleKind.UNREACHABLE)


def test_a_ban_that_ends_has_the_request_sent_again() -> None:
    made, _ = guard(BAN, SERVER)
    assert not made.passes(exchange(2, BAN))
    assert not made.blocked


@pytest.mark.parametrize("answer", [BAN, TEXT, Response(500, (), b"")])
def test_a_server_that_says_so_itself_is_judged(answer: Response) -> None:
    made, _ = guard(SERVER)
    assert made.passes(exchange(2, answer))


def test_the_servers_own_rejections_are_looked_into_once_a_kind() -> None:
    made, probe = guard(SERVER)
    for number in range(2, 30):
        assert made.passes(exchange(number, TEXT, Expect.REFUSAL))
    assert probe.asked == 2


def test_a_ban_that_looks_like_the_servers_own_rejection_is_found_after_some() -> None:
    made, probe = guard(SERVER)
    assert made.passes(exchange(2, TEXT, Expect.REFUSAL))
    probe.answers = [TEXT]
    for number in range(3, 2 + IN_A_ROW):
        assert made.passes(exchange(number, TEXT, Expect.REFUSAL))
    with pytest.raises(Blocked):
        made.passes(exchange(2 + IN_A_ROW, TEXT, Expect.REFUSAL))


def test_a_target_that_never_answered_the_probe_is_not_held_to_it() -> None:
    probe = Probe(TEXT)
    made = Guard(probe, pauses=(0.0,))
    made.begin()
    assert made.passes(exchange(1, BAN))
    assert probe.asked == 1
