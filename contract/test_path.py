"""PATH: what the path names, and what nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from contract.kit.drive import Drive, Sending, Values, judge_unchanged
from contract.kit.drive.strategies import bodies, credentials, identifiers, paths
from contract.kit.exchange import Expect, Scope


@pytest.mark.clause("PATH-001")
def test_existing_uuids_succeed(drive: Drive) -> None:
    def each(body: object) -> None:
        _, exchange = drive.add(Sending(body))
        drive.judge(exchange)

    drive.for_examples(30, each, bodies.good(drive.operation.body_members))


@pytest.mark.clause("PATH-002")
def test_unknown_uuid_is_a_failure_or_404(drive: Drive) -> None:
    known = drive.values(drive.unused_pair())
    names = drive.operation.path_parameters
    unknown = st.sets(st.sampled_from(names), min_size=1)

    def each(where: set[str], made: list[str], body: object) -> None:
        others = {name: uuid for name, uuid in zip(names, made, strict=True) if name in where}
        case = "unknown " + " and ".join(sorted(where))
        drive.judge(drive.refuse({**known, **others}, Sending(body, case=case)))

    made = st.lists(identifiers.unknown(), min_size=len(names), max_size=len(names))
    drive.for_examples(50, each, unknown, made, _any_body(drive))


@pytest.mark.clause("PATH-002")
def test_every_digit_of_a_uuid_counts(drive: Drive) -> None:
    known = drive.values(drive.unused_pair())

    def each(digit: tuple[str, int]) -> None:
        name, at = digit
        changed = credentials.with_digit_changed(str(known[name]), at)
        drive.judge(drive.refuse({**known, name: changed}, Sending(case=f"digit {at} of {name} changed")))

    drive.for_each([(name, at) for name in known for at in drive.spread(len(str(known[name])))], each)


@pytest.mark.clause("PATH-003")
def test_wrong_kind_is_a_failure_or_404(drive: Drive) -> None:
    pair = drive.unused_pair()
    first, second = drive.operation.path_parameters
    group, trigger = drive.values(pair)[first], drive.values(pair)[second]
    kinds: tuple[tuple[Values, str], ...] = (
        ({first: trigger, second: group}, "the two swapped"),
        ({first: group, second: group}, f"the {first} in both places"),
        ({first: trigger, second: trigger}, f"the {second} in both places"),
    )

    def judge(kind: tuple[Values, str], body: object = drive.operation.example_body) -> None:
        drive.judge(drive.refuse(kind[0], Sending(body, case=kind[1])))

    drive.for_each(kinds, judge)
    drive.for_examples(10, judge, st.sampled_from(kinds), _any_body(drive))
    judge_unchanged(drive, pair)


@pytest.mark.clause("PATH-004")
def test_malformed_uuid_is_refused(drive: Drive) -> None:
    pair = drive.unused_pair()
    known = drive.values(pair)

    def each(name: str, identifier: identifiers.Identifier) -> None:
        drive.judge(drive.refuse({**known, name: identifier}, Sending(case=f"{name} {identifier.case}")))

    for name in known:
        kinds = identifiers.kinds_of_malformed(str(known[name]))
        for kind in kinds:
            drive.for_examples(90 // len(kinds), each, st.just(name), kind)
    judge_unchanged(drive, pair)


@pytest.mark.clause("PATH-004")
@pytest.mark.needs("write")
def test_blanks_and_upper_case_are_answered(drive: Drive) -> None:
    for _ in drive.rounds(8):
        for name in drive.operation.path_parameters:
            _send_tolerable(drive, name)


def _send_tolerable(drive: Drive, name: str) -> None:
    pair = drive.unused_pair()
    known = drive.values(pair)

    def each(identifier: identifiers.Identifier) -> None:
        sending = Sending(case=f"{name} {identifier.case}")
        drive.judge(drive.send({**known, name: identifier}, sending, expect=Expect.EITHER))

    drive.for_examples(2, each, identifiers.tolerable(str(known[name])), in_order=True)
    drive.forget(pair)


@pytest.mark.clause("PATH-005")
def test_other_method_makes_nothing(drive: Drive) -> None:
    pair = drive.unused_pair()

    def judge(method: str, body: object = drive.operation.example_body) -> None:
        sending = Sending(body, method=method, scope=Scope.NEIGHBOUR, case=f"{method} on the path")
        drive.judge(drive.refuse(pair, sending))

    drive.for_each(paths.OTHER_METHODS, judge)
    drive.for_examples(18, judge, paths.other_methods(drive.operation.method), _any_body(drive))
    judge_unchanged(drive, pair)


@pytest.mark.clause("PATH-006")
def test_near_miss_path_makes_nothing(drive: Drive) -> None:
    pair = drive.unused_pair()
    path = drive.path(drive.values(pair))
    ends = tuple(str(value) for value in drive.values(pair).values())

    def judge(miss: paths.NearMiss) -> None:
        drive.judge(drive.refuse(pair, Sending(target=miss.path, scope=Scope.NEIGHBOUR, case=miss.case)))

    drive.for_each(paths.every_near_miss(path, ends), judge)
    drive.for_examples(40, judge, paths.near_misses(path, ends).filter(lambda miss: not miss.tolerable))
    judge_unchanged(drive, pair)


@pytest.mark.clause("PATH-006")
@pytest.mark.needs("write")
def test_trailing_or_doubled_slash_does_not_crash(drive: Drive) -> None:
    pair = drive.unused_pair()
    values = drive.values(pair)
    near = paths.near_misses(drive.path(values), tuple(str(value) for value in values.values()))

    def each(miss: paths.NearMiss) -> None:
        sending = Sending(target=miss.path, scope=Scope.NEIGHBOUR, case=miss.case)
        drive.judge(drive.send(values, sending, expect=Expect.EITHER))

    drive.for_examples(8, each, near.filter(lambda miss: miss.tolerable), in_order=True)
    drive.forget(pair)


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
