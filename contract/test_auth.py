"""AUTH: who may add, and what a refused caller learns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import strategies as st

from contract.kit.drive import Drive, Sending, holds_throughout, judge_refused, judge_unchanged, watched
from contract.kit.drive.strategies import bodies, credentials, identifiers, refused
from contract.kit.drive.strategies.refused import Bad, Headers
from contract.kit.exchange import Expect
from contract.kit.target import Pair


@pytest.mark.clause("AUTH-001", "AUTH-005")
def test_missing_or_foreign_credentials_are_refused(drive: Drive) -> None:
    pair = drive.unused_pair()

    def each(bad: Bad) -> None:
        drive.judge(drive.refuse(pair, Sending(authorization=bad[0], case=bad[1])))

    drive.for_each(_named(drive), each)
    for kind in refused.kinds_of_foreign(drive.operation.auth, drive.token()):
        drive.for_examples(10, each, kind)
    judge_unchanged(drive, pair, "AUTH-005")


@pytest.mark.clause("AUTH-001")
@pytest.mark.needs("write")
@pytest.mark.parametrize("spelling", ["{scheme} {token}", "{lower} {token}", "{upper} {token}", "{scheme}   {token}"])
def test_spelling_of_the_scheme_is_either(drive: Drive, spelling: str) -> None:
    auth, token = drive.operation.auth, drive.token()
    words = {"scheme": auth.scheme, "lower": auth.scheme.lower(), "upper": auth.scheme.upper(), "token": token}
    headers: Headers = [(auth.header, spelling.format(**words))]
    _, exchange = drive.add(Sending(authorization=headers, case=f"written {spelling}"), expect=Expect.EITHER)
    drive.judge(respelt=exchange)


@pytest.mark.clause("AUTH-002", "AUTH-005")
def test_unknown_or_altered_session_is_refused(drive: Drive) -> None:
    pair = drive.unused_pair()
    auth = drive.operation.auth
    kinds = [refused.unknown_session(auth), *refused.kinds_of_altered_session(auth, drive.token())]

    def each(bad: Bad, body: object) -> None:
        drive.judge(drive.refuse(pair, Sending(body, authorization=bad[0], case=bad[1])))

    for kind in kinds:
        drive.for_examples(66 // len(kinds), each, kind, bodies.good(drive.operation.body_members))
    judge_unchanged(drive, pair, "AUTH-005")


@pytest.mark.clause("AUTH-002", "AUTH-005")
def test_every_digit_of_the_session_counts(drive: Drive) -> None:
    pair = drive.unused_pair()
    auth, token = drive.operation.auth, drive.token()

    def each(at: int) -> None:
        changed = credentials.with_digit_changed(token, at)
        headers: Headers = [(auth.header, f"{auth.scheme} {changed}")]
        drive.judge(drive.refuse(pair, Sending(authorization=headers, case=f"digit {at} of the session changed")))

    drive.for_each(drive.spread(len(token)), each)
    judge_unchanged(drive, pair, "AUTH-005")


@pytest.mark.clause("AUTH-002", "AUTH-005")
@pytest.mark.needs("key")
def test_wrong_access_key_is_refused(drive: Drive) -> None:
    pair = drive.unused_pair()
    for headers, case in drive.wrong_keys(pair):
        drive.judge(drive.refuse(pair, Sending(authorization=headers, case=case)))
    judge_unchanged(drive, pair, "AUTH-005")


@pytest.mark.clause("AUTH-003", "AUTH-005")
def test_session_elsewhere_does_not_stand_in_for_the_header(drive: Drive) -> None:
    pair = drive.unused_pair()
    auth, token = drive.operation.auth, drive.token()
    objects = [(), *(place.names for place in drive.members_of("object"))]
    names = st.sampled_from(("session", "sessionUuid", "sessionId", "token", "access_token", auth.scheme, auth.header))

    def in_query(name: str, value: str) -> Sending:
        return Sending(query=f"?{name}={value.replace(' ', '%20')}")

    def in_cookie(name: str, value: str) -> Sending:
        return Sending(headers=[("Cookie", f"{name}={value.replace(' ', '%20')}")])

    def in_body(name: str, value: str) -> Sending:
        where = objects[len(name) % len(objects)]
        as_object = {"uuid": value} if name == "session" else value
        return Sending(bodies.put(drive.operation.plain_body, (*where, name), as_object))

    places = st.sampled_from((in_query, in_cookie, in_body))
    nothing: Bad = ([], "no credentials")
    beside = st.one_of(st.just(nothing), refused.unknown_session(auth))

    def each(place: Callable[[str, str], Sending], name: str, value: str, bad: Bad) -> None:
        case = f"the session as {name} {place.__name__.replace('_', ' the ')}, beside {bad[1]}"
        drive.judge(drive.refuse(pair, replace(place(name, value), authorization=bad[0], case=case)))

    drive.for_examples(50, each, places, names, st.sampled_from((token, f"{auth.scheme} {token}")), beside)
    judge_unchanged(drive, pair, "AUTH-005")


@pytest.mark.clause("AUTH-004")
@pytest.mark.needs("login")
def test_session_is_refused_after_logout(drive: Drive) -> None:
    for _ in drive.rounds(3):
        pair = drive.unused_pair()
        with drive.own_session() as good:
            drive.add(Sending(authorization=good, case="before logout"))
        drive.judge(drive.refuse(pair, Sending(authorization=good, case="after logout")))


@pytest.mark.clause("AUTH-005")
def test_refused_request_has_no_effect(drive: Drive) -> None:
    pairs = watched(drive)

    def each(which: Pair, bad: Bad, body: object) -> None:
        judge_refused(drive, which, Sending(body, authorization=bad[0], case=bad[1]))

    made = (st.sampled_from(pairs), _any_bad(drive), bodies.good(drive.operation.body_members))
    drive.for_examples(50, each, *made, in_order=True)


@pytest.mark.clause("AUTH-006")
def test_refusal_is_the_same_whether_the_resources_exist(drive: Drive) -> None:
    known = drive.values(drive.unused_pair())
    names = drive.operation.path_parameters
    which = st.sets(st.sampled_from(names), min_size=1)

    def each(bad: Bad, where: set[str], uuid: str) -> None:
        existing = drive.refuse(known, Sending(authorization=bad[0], case=f"{bad[1]}, for resources that exist"))
        case = f"{bad[1]}, for an unknown {' and '.join(sorted(where))}"
        elsewhere = {**known, **dict.fromkeys(sorted(where), uuid)}
        drive.judge(drive.refuse(elsewhere, Sending(authorization=bad[0], case=case)), existing=existing)

    drive.for_examples(24, each, _any_bad(drive), which, identifiers.unknown())


@pytest.mark.clause("AUTH-007", "AUTH-005")
def test_every_shape_of_the_body_is_guarded(drive: Drive) -> None:
    pair = drive.unused_pair()
    shapes = st.one_of(
        bodies.good(drive.operation.body_members),
        bodies.full(drive.operation.body_members),
        st.just(drive.operation.example_body),
    )

    def each(bad: Bad, body: object) -> None:
        drive.judge(drive.refuse(pair, Sending(body, authorization=bad[0], case=bad[1])))

    drive.for_examples(40, each, _any_bad(drive), shapes)
    judge_unchanged(drive, pair, "AUTH-005")


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
    pair = drive.unused_pair()

    def each(bad: Bad, body: object) -> None:
        for lane, where in (("refused", "the same connection"), (None, "another connection")):
            refusal = drive.refuse(pair, Sending(body, authorization=bad[0], case=bad[1], lane="refused"))
            _, following = drive.add(Sending(case=f"after {bad[1]}, on {where}", lane=lane))
            drive.judge(following, refusal=refusal)

    drive.for_examples(12, each, _any_bad(drive), bodies.good(drive.operation.body_members), in_order=True)
    judge_unchanged(drive, pair, "AUTH-005")


@pytest.mark.clause("AUTH-010", "AUTH-005")
def test_odd_header_value_is_refused(drive: Drive) -> None:
    pair = drive.unused_pair()
    auth = drive.operation.auth

    def each(token: bytes, with_scheme: bool) -> None:
        value = (f"{auth.scheme} ".encode() if with_scheme else b"") + token
        case = f"a token of {len(token):,} bytes" if len(token) > 500 else "a token that is not ASCII"
        drive.judge(drive.refuse(pair, Sending(authorization=[(auth.header, value)], case=case)))

    drive.for_examples(24, each, credentials.odd_tokens(), st.booleans())
    judge_unchanged(drive, pair, "AUTH-005")


test_session_never_comes_back = holds_throughout("AUTH-011")


def _named(drive: Drive) -> list[Bad]:
    """No credentials, and the good session under every scheme that is known elsewhere."""
    auth, token = drive.operation.auth, drive.token()
    schemes = credentials.FOREIGN_SCHEMES
    foreign: list[Bad] = [([(auth.header, f"{scheme} {token}")], f"under {scheme}") for scheme in schemes]
    return [*refused.absent(auth), *foreign, ([(auth.header, token)], "without a scheme")]


def _any_bad(drive: Drive) -> st.SearchStrategy[Bad]:
    return refused.any_credentials(drive.operation.auth, drive.token())
