"""AUTH: who may add, and what a refused caller learns."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import strategies as st

from contract.kit.drive import (
    ANY_BODY,
    BAD_CREDENTIALS,
    BAD_ENDS,
    Drive,
    Sending,
    Values,
    Varied,
    Watch,
    every_bad_value_is_refused,
    every_other_value_is_answered,
    holds_throughout,
)
from contract.kit.drive.dimensions import Point
from contract.kit.drive.strategies import bodies, credentials, identifiers, refused
from contract.kit.drive.strategies.refused import Bad, Headers
from contract.kit.exchange import Exchange, Expect, status_and_code

HEAD = ("BODY-001", "PATH-007")
"""What may be refused for the content type, a header or the query: a guard may look at each of them."""
OTHERWISE_BAD = tuple(clause for clause in (*BAD_ENDS, *ANY_BODY) if clause not in HEAD)
"""What is refused, or may be, for the rest."""
TRIES = 6
"""How often both are sent again, where a refusal seems to tell whether resources exist."""
USES = (3, 0, 1, 8)
"""How often a session is used before it is logged out, in each round."""

Send = Callable[[], Exchange]


test_missing_or_foreign_credentials_are_refused = every_bad_value_is_refused("AUTH-001", effects="AUTH-005")


@pytest.mark.clause("AUTH-001", "AUTH-005")
def test_invented_scheme_is_refused(drive: Drive) -> None:
    watch = Watch.over(drive)

    def each(bad: Bad) -> None:
        drive.judge(drive.refuse(watch.pair(0), Sending(authorization=bad[0], case=bad[1])))

    for kind in refused.kinds_of_foreign(drive.operation.auth, drive.token()):
        drive.for_examples(4, each, kind)
    watch.judge("AUTH-005")


test_spelling_of_the_credentials_is_accepted_or_refused = every_other_value_is_answered("AUTH-001")


test_unknown_or_altered_session_is_refused = every_bad_value_is_refused("AUTH-002", effects="AUTH-005")


@pytest.mark.clause("AUTH-002", "AUTH-005")
def test_session_altered_anywhere_is_refused(drive: Drive) -> None:
    watch = Watch.over(drive)
    auth = drive.operation.auth

    def each(bad: Bad, body: object) -> None:
        drive.judge(drive.refuse(watch.pair(0), Sending(body, authorization=bad[0], case=bad[1])))

    kinds = [refused.unknown_session(auth), *refused.kinds_of_altered_session(auth, drive.token())]
    drive.for_examples(20, each, refused.evenly(*kinds), bodies.good(drive.operation.body_members))
    watch.judge("AUTH-005")


@pytest.mark.clause("AUTH-002", "AUTH-005")
def test_every_digit_of_the_session_counts(drive: Drive) -> None:
    watch = Watch.over(drive)
    auth, token = drive.operation.auth, drive.token()

    def each(at: int) -> None:
        changed = credentials.with_digit_changed(token, at)
        headers: Headers = [(auth.header, f"{auth.scheme} {changed}")]
        sending = Sending(authorization=headers, case=f"digit {at} of the session changed")
        drive.judge(drive.refuse(watch.pair(at), sending))

    drive.for_each(drive.spread(len(token)), each)
    watch.judge("AUTH-005")


@pytest.mark.clause("AUTH-002", "AUTH-005")
@pytest.mark.needs("key")
def test_wrong_access_key_is_refused(drive: Drive) -> None:
    watch = Watch.over(drive)
    for headers, case in drive.wrong_keys(watch.pair(0)):
        drive.judge(drive.refuse(watch.pair(0), Sending(authorization=headers, case=case)))
    watch.judge("AUTH-005")


test_session_elsewhere_does_not_stand_in_for_the_header = every_bad_value_is_refused("AUTH-003", effects="AUTH-005")


@pytest.mark.clause("AUTH-004")
@pytest.mark.needs("login")
def test_session_is_refused_after_logout(drive: Drive) -> None:
    # A session may be kept somewhere once it was used more than once, with the connection that it was used on, or with
    # what is newer of its account.
    for number in drive.rounds(4):
        pair, lane = drive.unused_pair(), "the session's own"
        with ExitStack() as newer:
            with drive.sessions.own() as good:
                for _ in range(USES[number % len(USES)]):
                    drive.add(Sending(authorization=good, lane=lane, case="before logout"))
                if number % 2:
                    newer.enter_context(drive.sessions.own())
            drive.judge(drive.refuse(pair, Sending(authorization=good, case="after logout")))
            on_its_own = "after logout, on the connection that it was used on"
            drive.judge(drive.refuse(pair, Sending(authorization=good, lane=lane, case=on_its_own)))


test_session_that_was_logged_out_is_refused_in_every_shape = every_bad_value_is_refused("AUTH-004", effects="AUTH-005")


@pytest.mark.clause("AUTH-005")
def test_refused_request_has_no_effect(drive: Drive) -> None:
    varied, watch = Varied(drive), Watch.over(drive)
    points = [point for clause in BAD_CREDENTIALS for point in varied.each_family(clause)]
    for number, point in enumerate(points):
        varied.refuse(watch.pair(number), point)
        watch.judge()


@pytest.mark.clause("AUTH-006")
def test_refusal_is_the_same_whether_the_resources_exist(drive: Drive) -> None:
    watch = Watch.over(drive)
    known = drive.values(watch.pair(0))
    names = drive.operation.path_parameters
    which = st.sets(st.sampled_from(names), min_size=1)
    varied = Varied(drive)
    deleted = varied.deleted()

    def alike(bad: Sending, where: set[str], uuid: str, *, kinds: bool = False) -> None:
        def refused_for(values: Values, case: str) -> Send:
            return lambda: drive.refuse(values, replace(bad, case=f"{bad.case}, for {case}"))

        there = refused_for(known, "resources that exist")
        existing, ends = there(), " and ".join(sorted(where))
        others = {f"an unknown {ends}": {**known, **dict.fromkeys(where, uuid)}}
        if deleted:
            others[f"a deleted {ends}"] = {**known, **{name: deleted[name] for name in where}}
        if kinds:
            # With two parameters, the other's UUID is one of the wrong kind.
            kind = dict(zip(names, reversed(known.values()), strict=True))
            others[f"{ends} of the wrong kind"] = {**known, **{name: kind[name] for name in where}}
        if watch.pair(3) != watch.pair(0):
            others["resources that are associated"] = drive.values(watch.pair(3))
        for case, values in others.items():
            _judge_alike(drive, existing, there, refused_for(values, case))

    def each(bad: Bad, body: object, where: set[str], uuid: str) -> None:
        alike(Sending(body, authorization=bad[0], case=bad[1]), where, uuid, kinds=True)

    def each_point(point: Point) -> None:
        alike(varied.request(watch.pair(0), point)[1], {names[-1]}, uuid4().hex)

    points = [point for clause in BAD_CREDENTIALS for point in varied.each_family(clause, company=False)]
    drive.for_each(points, each_point)
    operation = drive.operation
    good, bad = bodies.good(operation.body_members), refused.any_body(operation).map(lambda wrong: wrong[0])
    for count, body in ((24, good), (8, bad)):
        drive.for_examples(count, each, _any_bad(drive), body, which, identifiers.unknown())


def _judge_alike(drive: Drive, existing: Exchange, there: Send, elsewhere: Send) -> None:
    """Judge that two refusals are the same. `there` sends that of `existing` once more, `elsewhere` the other.

    Where they differ both are sent again: what alternates by itself tells nothing of the resources.
    """
    exchange = elsewhere()
    said_there, said_elsewhere = {status_and_code(existing): existing}, {status_and_code(exchange): exchange}
    for _ in range(TRIES):
        if said_there.keys() & said_elsewhere.keys():
            break
        for send, said in ((elsewhere, said_elsewhere), (there, said_there)):
            again = send()
            said[status_and_code(again)] = again
    if both := said_there.keys() & said_elsewhere.keys():
        alike = next(iter(both))
        existing, exchange = said_there[alike], said_elsewhere[alike]
    drive.judge(exchange, existing=existing)


@pytest.mark.clause("AUTH-007", "AUTH-005")
def test_what_is_bad_in_two_ways_is_refused_like_what_is_bad_in_one(drive: Drive) -> None:
    varied = Varied(drive)
    points = varied.two_bad(BAD_CREDENTIALS, OTHERWISE_BAD) + varied.two_bad(BAD_CREDENTIALS, HEAD, every=True)
    # A path that is cleaned first is easily let in before anybody has asked who it is.
    points += varied.two_bad(BAD_CREDENTIALS, ("PATH-006",), kinds=(Expect.EITHER,), every=True)
    varied.refuse_all(points, effects="AUTH-005")


@pytest.mark.clause("AUTH-008")
def test_header_name_is_matched_in_any_case(drive: Drive) -> None:
    name = drive.operation.auth.header
    letters = st.lists(st.booleans(), min_size=len(name), max_size=len(name))

    def judge(upper: list[bool]) -> None:
        spelt = "".join(char.upper() if up else char.lower() for char, up in zip(name, upper, strict=True))
        _, exchange = drive.add(Sending(spelling=spelt, case=f"the header written {spelt}"))
        drive.judge(exchange)

    drive.for_each([[upper] * len(name) for upper in (False, True)], judge)
    drive.for_examples(8, judge, letters)


@pytest.mark.clause("AUTH-009", "AUTH-005")
def test_refusal_does_not_disturb_the_next_request(drive: Drive) -> None:
    watch = Watch.over(drive)

    def each(bad: Bad, body: object) -> None:
        for lane, where in (("refused", "the same connection"), (None, "another connection")):
            sending = Sending(body, authorization=bad[0], case=bad[1], lane="refused")
            refusal = drive.refuse(watch.pair(0), sending)
            _, following = drive.add(Sending(case=f"after {bad[1]}, on {where}", lane=lane))
            drive.judge(following, refusal=refusal)

    drive.for_examples(12, each, _any_bad(drive), bodies.good(drive.operation.body_members), in_order=True)
    watch.judge("AUTH-005")


test_odd_header_value_is_refused = every_bad_value_is_refused("AUTH-010", effects="AUTH-005")


test_session_never_comes_back = holds_throughout("AUTH-011")


def _any_bad(drive: Drive) -> st.SearchStrategy[Bad]:
    return refused.any_credentials(drive.operation.auth, drive.token())
