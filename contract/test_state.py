"""STATE: what adding does, again, side by side and in the long run."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from uuid import uuid4

import pytest
from hypothesis import strategies as st

from contract.kit.drive import (
    BAD_BODIES,
    BAD_CREDENTIALS,
    BAD_ENDS,
    FREE,
    WORKERS,
    Drive,
    Model,
    Sending,
    Varied,
    Watch,
    drive_machine,
    first_success,
    judge_all_there,
    judge_listed_once,
    look_back,
    strays,
)
from contract.kit.drive.strategies import bodies
from contract.kit.exchange import Exchange, Expect, Outcome, outcome
from contract.kit.target import Pair, UnusualPair

BESIDE = 4
"""Requests that must be refused beside as many good ones."""
FIRST = "added for the first time"


@pytest.mark.clause("STATE-001", "STATE-002")
@pytest.mark.needs("pairs")
@pytest.mark.before_all
def test_ends_of_every_kind_may_be_added_again_and_after_removal(drive: Drive) -> None:
    # What fires soon is added at once, or its trigger would be over before.
    for unusual in sorted(drive.estate.maker.unusual_pairs(), key=lambda unusual: unusual.over_at is None):
        _add(drive, unusual, FIRST)
        if unusual.over_at is None:
            _again(drive, unusual, "added before")


@pytest.mark.clause("STATE-001")
def test_adding_again_is_a_success_or_a_failure(drive: Drive) -> None:
    def each(first: object, second: object) -> None:
        pair, _ = drive.add(Sending(first))
        for body in (first, second):
            drive.judge(drive.again(pair, Sending(body, case="the pair added before")))

    drive.for_examples(20, each, *[bodies.good(drive.operation.body_members)] * 2)


@pytest.mark.clause("STATE-001", "STATE-002", *FREE)
@pytest.mark.needs("write")
def test_what_is_good_or_free_may_be_sent_again(drive: Drive) -> None:
    varied = Varied(drive)
    points = varied.alone(*drive.space) + varied.each_free()
    varied.again_all(points, effects="STATE-002", by_value=True)


def _add(drive: Drive, unusual: UnusualPair, case: str) -> bool:
    """Add a pair that is not associated, and tell whether it was; that the association follows is STATE-002's."""
    sending = Sending(case=f"{unusual.words}, {case}")
    exchange = drive.send(drive.values(unusual.pair), sending, expect=Expect.EITHER, fresh=True)
    drive.judge(exchange)
    drive.judge(exchange, clause="STATE-002", sighting=drive.look(unusual.pair))
    return outcome(exchange) is Outcome.GRANTED


def _again(drive: Drive, unusual: UnusualPair, case: str) -> None:
    drive.judge(drive.again(unusual.pair, Sending(case=f"{unusual.words}, {case}")))
    drive.estate.remove(unusual.pair)
    _add(drive, unusual, "added after removal")


@pytest.mark.clause("STATE-002")
def test_association_follows_the_answer(drive: Drive) -> None:
    members = drive.operation.body_members
    made = st.one_of(
        bodies.good(members),
        bodies.full(members),
        bodies.unknown_members(members, frozenset(drive.operation.path_parameters)),
    )

    def each(body: object) -> None:
        pair, exchange = drive.add(Sending(body), expect=Expect.EITHER)
        drive.judge(exchange, sighting=drive.look(pair))

    drive.for_examples(16, each, made)


@pytest.mark.clause("STATE-001", "STATE-002")
@pytest.mark.needs("pairs")
def test_a_trigger_that_is_over_may_be_added_again_and_after_removal(drive: Drive) -> None:
    for unusual in drive.estate.maker.unusual_pairs():
        if unusual.over_at is not None:
            # It was added long ago, in the first of these tests, unless that runs elsewhere.
            sent = [one for one in drive.traffic if unusual.pair == Pair.of(one)]
            in_time = any(outcome(one) is Outcome.GRANTED for one in sent) if sent else _add(drive, unusual, FIRST)
            time.sleep(max(0.0, unusual.over_at - time.time()))
            _again(drive, unusual, f"added before, its trigger over {'since' if in_time else 'already'}")


@pytest.mark.clause("STATE-002")
@pytest.mark.after_all
def test_every_association_of_the_run_follows_its_answer(drive: Drive) -> None:
    for exchange, seen in (*look_back(drive), *drive.known.seen, *strays(drive)):
        drive.judge(exchange, sighting=seen)


@pytest.mark.clause(
    *("STATE-002", "STATE-001", "STATE-004", "PATH-001", "PATH-002"),
    *("AUTH-001", "AUTH-002", "AUTH-004", "AUTH-005", "BODY-009"),
)
def test_lists_of_both_ends_hold_what_was_answered_and_nothing_else(drive: Drive) -> None:
    drive_machine(drive, at_gate=4, steps=14)


@pytest.mark.clause("STATE-003", "STATE-002")
def test_adds_of_one_pair_side_by_side_are_answered(drive: Drive) -> None:
    for _ in drive.rounds(8):
        pair = drive.unused_pair()
        before = Model.of_pair(drive.lists, pair)
        add = partial(drive.send, drive.values(pair), Sending(), expect=Expect.EITHER, side_by_side=True)
        exchanges = drive.side_by_side([add] * WORKERS)
        drive.judge(exchanges=exchanges)
        judge_listed_once(drive, before, pair, exchanges, "STATE-002")
        drive.forget(pair)


@pytest.mark.clause("STATE-004")
def test_adds_of_different_pairs_side_by_side_echo_their_own(drive: Drive) -> None:
    for _ in drive.rounds(8):
        pairs = drive.estate.pairs(WORKERS)
        add = partial(drive.send, sending=Sending(), expect=Expect.SUCCESS, fresh=True, side_by_side=True)
        exchanges = drive.side_by_side([partial(add, drive.values(pair)) for pair in pairs])
        for exchange in exchanges:
            drive.judge(exchange)
        judge_all_there(drive, pairs, exchanges)
        for pair in pairs:
            drive.forget(pair)


@pytest.mark.clause("STATE-004", "STATE-002", *BAD_CREDENTIALS, *BAD_ENDS, *BAD_BODIES)
@pytest.mark.needs("pairs")
def test_refused_requests_beside_good_ones_are_refused(drive: Drive) -> None:
    varied, watch = Varied(drive), Watch.over(drive)
    points = [
        point
        for clause in (*BAD_CREDENTIALS, *BAD_ENDS, *BAD_BODIES)
        for point in varied.each_family(clause, company=False)
    ]
    good = Sending(case="beside requests that must be refused")
    add = partial(drive.send, sending=good, expect=Expect.SUCCESS, fresh=True, side_by_side=True)
    for at in range(0, len(points), BESIDE):
        some = points[at : at + BESIDE]
        pairs = drive.estate.pairs(len(some))
        jobs: list[Callable[[], Exchange]] = []
        for pair, point in zip(pairs, some, strict=True):
            values, sending = varied.request(watch.pair(0), point)
            told = replace(sending, case=f"{sending.case}, beside good requests")
            jobs += [partial(add, drive.values(pair)), partial(drive.refuse, values, told, side_by_side=True)]
        exchanges = drive.side_by_side(jobs)
        for exchange in exchanges[::2]:
            drive.judge(exchange)
        for exchange, point in zip(exchanges[1::2], some, strict=True):
            drive.judge(exchange, clause=point.clause)
        judge_all_there(drive, pairs, exchanges[::2])
    watch.judge("STATE-002")


@pytest.mark.clause("STATE-002", "PATH-001")
@pytest.mark.needs("write")
def test_refusals_before_take_nothing_from_a_good_request(drive: Drive) -> None:
    refused = (*_bad(drive).values(), Sending([], case="a body that is not an object"))

    def each(before: tuple[int, Sending]) -> None:
        times, sending = before
        pair = drive.unused_pair()
        for _ in range(times):
            drive.refuse(pair, sending)
        refusals = "one request" if times == 1 else f"{times} requests"
        good = Sending(case=f"after {refusals} with {sending.case}, for the same pair")
        _, exchange = drive.add(good, pair=pair)
        drive.judge(exchange, clause="PATH-001")
        drive.judge(exchange, sighting=drive.look(pair))

    drive.for_each([(times, sending) for times in (1, 2, 3) for sending in refused], each)


def _bad(drive: Drive) -> dict[str, Sending]:
    """Requests that are refused for any pair, by the clause that says so."""
    auth = drive.operation.auth
    return {
        "AUTH-001": Sending(authorization=[], case="no credentials"),
        "AUTH-002": Sending(authorization=[(auth.header, f"{auth.scheme} {uuid4().hex}")], case="an unknown session"),
        "BODY-006": Sending(b"{", case="a body cut short"),
    }


@pytest.mark.clause("STATE-005")
def test_session_keeps_being_answered(drive: Drive) -> None:
    firsts: list[tuple[Pair, Exchange]] = []

    def begin(_number: int) -> None:
        pair, now = drive.add()
        drive.judge(now, first=first_success(drive, now))
        firsts.append((pair, drive.again(pair)))

    def each(number: int) -> None:
        pair, first = firsts[number % len(firsts)]
        now = drive.again(pair)
        if outcome(now) is outcome(first):
            drive.judge(now, first=first)
            return
        # To add again may be granted or not, each time anew: a fresh pair tells whether the session is good for more.
        _, fresh = drive.add()
        drive.judge(fresh, first=first_success(drive, fresh))

    drive.for_each(range(drive.pairs_in_turn), begin)
    drive.for_each(drive.rounds(140), each, in_order=drive.pairs_in_turn == 1)


@pytest.mark.clause("STATE-006")
def test_repeated_good_request_is_a_clean_success_each_time(drive: Drive) -> None:
    def each(_round: int) -> None:
        _, exchange = drive.add(Sending(drive.operation.example_body))
        drive.judge(exchange)

    drive.for_each(drive.rounds(60), each)
