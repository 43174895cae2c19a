"""PATH: what the path names, and what nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from contract.kit.drive import (
    ANY_BODY,
    BAD_BODIES,
    BAD_CREDENTIALS,
    BAD_ENDS,
    FREE,
    LANES,
    MISPLACED,
    Drive,
    Sending,
    Varied,
    Watch,
    every_bad_value_is_refused,
    every_other_value_is_answered,
)
from contract.kit.drive.dimensions import Point
from contract.kit.drive.strategies import bodies, credentials, identifiers, paths
from contract.kit.exchange import Exchange, Expect, Scope
from contract.kit.target import Pair

BAD = (*BAD_CREDENTIALS, *BAD_ENDS, *BAD_BODIES)
"""What is refused for anything but its place."""


@pytest.mark.clause("PATH-001")
def test_every_two_good_values_succeed_together(drive: Drive) -> None:
    varied = Varied(drive)
    varied.add_all(varied.good())


@pytest.mark.clause("PATH-001")
def test_existing_uuids_succeed(drive: Drive) -> None:
    def each(body: object) -> None:
        _, exchange = drive.add(Sending(body))
        drive.judge(exchange)

    drive.for_examples(20, each, bodies.good(drive.operation.body_members))


@pytest.mark.clause("PATH-001", "AUTH-001", "STATE-002")
@pytest.mark.needs("write")
def test_what_went_before_on_a_connection_changes_no_answer(drive: Drive) -> None:
    varied = Varied(drive)
    added: dict[Pair, Exchange] = {}
    bad = {clause: varied.each_family(clause, company=False) for clause in (*MISPLACED, *BAD)}
    misplaced = [point for clause in MISPLACED for point in bad[clause]]
    refused = [(False, point) for point in misplaced]
    good = [(True, point) for point in [point for points in bad.values() for point in points] + varied.each_free()]

    def each(numbered: tuple[int, tuple[bool, Point]]) -> None:
        number, (succeeds, point) = numbered
        lane = f"row {number % LANES}"
        varied.go_before(point, lane)
        case = f"after {point.told}, on the same connection"
        if succeeds:
            pair, exchange = drive.add(Sending(case=case, lane=lane))
            drive.judge(exchange, clause="PATH-001")
            added[pair] = exchange
        else:
            bare = Sending(authorization=[], case=f"no credentials, {case}", lane=lane)
            drive.judge(drive.refuse(drive.unused_pair(), bare), clause="AUTH-001")

    drive.for_each(list(enumerate(refused + good)), each)
    if drive.estate.can_pair(2):
        for pair, sighting in drive.estate.looking.look_all(added).items():
            drive.judge(added[pair], sighting=sighting, clause="STATE-002")


test_unknown_or_deleted_uuid_is_a_failure_or_404 = every_bad_value_is_refused("PATH-002", effects="STATE-002")


@pytest.mark.clause("PATH-002")
def test_every_digit_of_a_uuid_counts(drive: Drive) -> None:
    known = drive.values(drive.unused_pair())

    def each(digit: tuple[str, int]) -> None:
        name, at = digit
        changed = credentials.with_digit_changed(str(known[name]), at)
        drive.judge(drive.refuse({**known, name: changed}, Sending(case=f"digit {at} of {name} changed")))

    drive.for_each([(name, at) for name in known for at in drive.spread(len(str(known[name])))], each)


test_wrong_kind_is_a_failure_or_404 = every_bad_value_is_refused("PATH-003")


test_malformed_uuid_is_refused = every_bad_value_is_refused("PATH-004")


@pytest.mark.clause("PATH-004", "PATH-002", "PATH-003")
def test_both_ends_bad_are_refused(drive: Drive) -> None:
    varied = Varied(drive)
    varied.refuse_all(varied.each_two_bad(BAD_ENDS), by_value=True)


@pytest.mark.clause("PATH-004")
def test_uuid_that_is_no_uuid_is_refused(drive: Drive) -> None:
    watch = Watch.over(drive)
    known = drive.values(watch.pair(0))

    def each(name: str, identifier: identifiers.Identifier) -> None:
        drive.judge(drive.refuse({**known, name: identifier}, Sending(case=f"{name} {identifier.case}")))

    for name in known:
        drive.for_examples(20, each, st.just(name), st.one_of(identifiers.kinds_of_malformed(str(known[name]))))
    watch.judge()


test_blanks_upper_case_and_path_parameters_are_answered = every_other_value_is_answered("PATH-004")


@pytest.mark.clause(*FREE)
@pytest.mark.needs("write")
def test_what_is_free_in_two_ways_is_answered(drive: Drive) -> None:
    varied = Varied(drive)
    varied.add_free(varied.each_two_other(FREE))


@pytest.mark.clause("PATH-005")
def test_other_method_makes_nothing(drive: Drive) -> None:
    varied = Varied(drive)
    points = varied.other("PATH-005", Expect.REFUSAL) + varied.two_bad(BAD_CREDENTIALS, ("PATH-005",))
    points += varied.every_two_bad(BAD_ENDS, "PATH-005") + varied.each_bad_with("PATH-005", "PATH-007")
    varied.refuse_all(points + varied.two_bad(("PATH-005",), ANY_BODY, kinds=(Expect.EITHER,)))


@pytest.mark.clause("PATH-005")
def test_invented_method_makes_nothing(drive: Drive) -> None:
    watch = Watch.over(drive)

    def each(method: str, body: object) -> None:
        sending = Sending(body, method=method, scope=Scope.NEIGHBOUR, case=f"{method} on the path")
        drive.judge(drive.refuse(watch.pair(0), sending))

    drive.for_examples(8, each, paths.other_methods(drive.operation.method), _any_body(drive))
    watch.judge()


@pytest.mark.clause("PATH-006")
def test_near_miss_path_makes_nothing(drive: Drive) -> None:
    varied = Varied(drive)
    points = varied.other("PATH-006", Expect.REFUSAL) + varied.two_bad(BAD_CREDENTIALS, ("PATH-006",))
    points += varied.every_two_bad((*BAD_ENDS, *ANY_BODY), "PATH-006")
    varied.refuse_all(points + varied.two_bad(("PATH-006",), ("PATH-007",), kinds=(Expect.EITHER,)))


@pytest.mark.clause("PATH-006")
def test_path_misspelt_anywhere_makes_nothing(drive: Drive) -> None:
    watch = Watch.over(drive)
    pair = watch.pair(0)
    path = drive.path(drive.values(pair))
    ends = tuple(str(value) for value in drive.values(pair).values())

    def each(miss: paths.NearMiss) -> None:
        drive.judge(drive.refuse(pair, Sending(target=miss.path, scope=Scope.NEIGHBOUR, case=miss.case)))

    drive.for_examples(20, each, paths.near_misses(path, ends).filter(lambda miss: not miss.tolerable))
    watch.judge()


test_path_that_may_be_cleaned_does_not_crash = every_other_value_is_answered("PATH-006")


@pytest.mark.clause("PATH-007", "STATE-002")
@pytest.mark.needs("write")
def test_query_and_headers_change_nothing(drive: Drive) -> None:
    varied = Varied(drive)
    points = varied.other("PATH-007", Expect.EITHER)
    varied.add_all(points)
    # Nor of what is there already: a header or a query that names DELETE removes nothing.
    varied.again_all(points, effects="STATE-002")


@pytest.mark.clause("PATH-007")
@pytest.mark.needs("write")
def test_query_and_body_name_nothing(drive: Drive) -> None:
    names = drive.operation.path_parameters
    objects: list[str | tuple[str, ...]] = [(), *(place.names for place in drive.members_of("object"))]
    for where in ["query", *objects]:
        for which in ({names[0]}, {names[1]}, set(names)):
            named = drive.unused_pair()
            other = drive.other_pair(named)
            stray = {name: str(drive.values(other)[name]) for name in sorted(which)}
            elsewhere = drive.mixed(named, stray)
            before = drive.look(elsewhere)
            sending = _named_elsewhere(drive, where, stray)
            exchange = drive.send(drive.values(named), sending, expect=Expect.EITHER, fresh=True)
            drive.note(named, exchange)
            drive.judge(exchange)
            drive.judge(exchange, named=drive.look(named), before=before, after=drive.look(elsewhere))


def _named_elsewhere(drive: Drive, where: str | tuple[str, ...], stray: dict[str, str]) -> Sending:
    case = " and ".join(stray) + " of another pair in the "
    if isinstance(where, str):
        return Sending(query="?" + "&".join(f"{name}={uuid}" for name, uuid in stray.items()), case=case + where)
    body: object = drive.operation.plain_body
    for name, uuid in stray.items():
        body = bodies.put(body, (*where, name), uuid)
    return Sending(body, case=case + ("body's " + ".".join(where) if where else "body"))


def _any_body(drive: Drive) -> st.SearchStrategy[object]:
    return bodies.good(drive.operation.body_members)
