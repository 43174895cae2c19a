"""Which parts of a request make the difference, in how few requests, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Set

import pytest

from contract.kit.exchange import Exchange
from contract.kit.judge import BUDGET, Isolation
from tests.judge.build import answered, granted

CRASH = answered(500, b"")
WORDS = [f"part {number}" for number in range(9)]


class Server:
    """Answers with a crash where `breaks` says so of the parts that are kept."""

    def __init__(self, breaks: Callable[[Set[int]], bool]) -> None:
        self.breaks = breaks
        self.asked: list[frozenset[int]] = []

    def again(self, kept: frozenset[int]) -> Exchange:
        self.asked.append(kept)
        return CRASH if self.breaks(kept) else granted()


def isolated(server: Server, words: list[str] = WORDS, **more: object) -> str:
    return Isolation(words, server.again, lambda one: one is CRASH, lambda one: "200", **more).cause()  # type: ignore[arg-type]


@pytest.mark.parametrize("at", range(9))
def test_one_part_is_found_by_itself(at: int) -> None:
    server = Server(lambda kept: at in kept)
    assert isolated(server) == f"fails only with: part {at} (without it: 200)"
    assert len(server.asked) <= BUDGET
    assert len(set(server.asked)) == len(server.asked)


@pytest.mark.parametrize("pair", [{0, 1}, {0, 3}, {1, 2}, {2, 3}])
def test_two_parts_that_are_both_needed_are_told_together(pair: set[int]) -> None:
    server = Server(lambda kept: pair <= kept)
    first, second = sorted(pair)
    assert isolated(server, WORDS[:4]) == f"fails only with: part {first} and part {second} (without it: 200)"
    assert len(server.asked) <= BUDGET


def test_many_parts_that_are_all_needed_are_counted() -> None:
    server = Server(lambda kept: len(kept) >= 20)
    words = [f"part {number}" for number in range(20)]
    assert "fails only with: 20 parts together, among them part 0 and part 19 (" in isolated(server, words, budget=99)


def test_parts_that_each_do_it_are_told_one_beside_the_other() -> None:
    server = Server(lambda kept: bool({1, 3} & kept))
    assert isolated(server, WORDS[:4]) == "fails only with: part 1, or with part 3 (without them: 200)"
    assert len(server.asked) <= BUDGET


def test_the_only_part_is_told_with_what_comes_without_it() -> None:
    server = Server(bool)
    assert isolated(server, ["it"]) == "fails only with: it (without it: 200)"
    assert len(server.asked) == 2


def test_a_plain_request_that_breaks_it_too_is_told() -> None:
    assert isolated(Server(lambda kept: True)) == "fails with a plain request too"


def test_nothing_is_said_of_a_plain_request_that_breaks_it_again() -> None:
    assert isolated(Server(lambda kept: True), []) == ""


def test_what_shows_only_after_another_request_is_told_as_that() -> None:
    after = ("a refusal", lambda: CRASH)
    assert isolated(Server(lambda kept: False), after=after) == "fails only after another request: a refusal"


def test_what_does_not_show_again_is_told_as_that() -> None:
    expected = "does not fail when it is sent again: it fails after other requests, or now and then"
    assert isolated(Server(lambda kept: False)) == expected
    assert isolated(Server(lambda kept: False), after=("a refusal", granted)) == expected


@pytest.mark.parametrize("budget", range(BUDGET + 1))
def test_no_more_is_sent_than_may_be(budget: int) -> None:
    server = Server(lambda kept: {0, 4, 8} <= kept)
    isolated(server, budget=budget)
    assert len(server.asked) <= budget


def test_what_is_not_narrowed_to_the_end_holds_still() -> None:
    server = Server(lambda kept: {0, 4, 8} <= kept)
    said = isolated(server)
    assert all(part in said for part in ("part 0", "part 4", "part 8"))
