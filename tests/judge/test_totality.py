"""Every rule is total: whatever comes, it gives None or violations of its own clause, and never raises."""

from __future__ import annotations

import inspect
import json
import time
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract.kit.exchange.exchange import Exchange, Expect, Listing, Scope, Sighting, Trouble, TroubleKind
from contract.kit.exchange.message import Response
from contract.kit.judge.rules import Over, Rule, all_rules
from contract.kit.judge.violation import Violation
from tests.judge.build import PAIR, SESSION, answered, chained, error, exchange, inventory, seen

RULES = all_rules()
ERROR_NAMES = ("error", "inventory", "code", "description", "details", "cause", "elaboration", "opaque", "location")
NAMES = st.sampled_from((*ERROR_NAMES, *PAIR, "createDate", "lastOpDate", "", "a", "\ud800", "x" * 99))
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.text(st.characters(), max_size=40),
    st.sampled_from(("SYS.1000", "Nov 14, 2017 10:20:57 PM", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00")),
    st.sampled_from(tuple(PAIR.values())),
    st.sampled_from((10**400, -(10**17), 253_402_300_799_999, "\ud800", "SELECT a FROM b", "at a.b(C.java:1)")),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=5)),
    max_leaves=12,
)
ERRORS = st.dictionaries(NAMES, VALUES, max_size=6)
INVENTORIES = st.fixed_dictionaries({}, optional=dict.fromkeys((*PAIR, "createDate", "lastOpDate", "x"), VALUES))
ENVELOPES = st.fixed_dictionaries(
    {}, optional={"error": st.one_of(ERRORS, VALUES), "inventory": st.one_of(INVENTORIES, VALUES), "x": VALUES}
)


def written(value: Any) -> bytes:
    return json.dumps(value).encode()


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """An envelope with bytes cut out, put in or said twice."""
    body = written(draw(ENVELOPES))
    at, end = sorted((draw(st.integers(0, len(body))), draw(st.integers(0, len(body)))))
    return body[:at] + draw(st.one_of(st.binary(max_size=8), st.just(body[at:end] * 2))) + body[end:]


BODIES = st.one_of(
    st.binary(max_size=200),
    st.just(b""),
    st.just(b"<!doctype html><html><body>502 Bad Gateway</body></html>"),
    VALUES.map(written),
    ENVELOPES.map(written),
    ENVELOPES.map(lambda value: json.dumps(value, ensure_ascii=False).encode("utf-16", "surrogatepass")),
    damaged(),
)
LABELS = st.sampled_from(("application/json", "text/plain", "text/html; charset=x", "", "+json", ";", "é\ud800"))
HEADERS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(("Content-Type", "content-type", "Location")), LABELS),
        st.tuples(st.sampled_from(("Authorization", "X", "")), st.text(max_size=30)),
        st.just(("Authorization", f"OAuth {SESSION}")),
    ),
    max_size=4,
).map(tuple)
RESPONSES = st.builds(Response, st.integers(100, 599), HEADERS, BODIES, st.floats(0, 9))
TROUBLES = st.builds(Trouble, st.sampled_from(TroubleKind), st.text(min_size=1, max_size=20))


@st.composite
def exchanges(draw: st.DrawFn) -> Exchange:
    return exchange(
        draw(st.none() | RESPONSES),
        method=draw(st.sampled_from(("POST", "PUT", "HEAD"))),
        target=draw(st.sampled_from(("/a", "/%zz%ff", ""))),
        sent=draw(st.binary(max_size=20)),
        headers=draw(HEADERS),
        path_values=draw(
            st.dictionaries(st.sampled_from([*PAIR, "x"]), st.text(max_size=40) | st.sampled_from([*PAIR.values()]))
        ),
        settled=draw(st.none() | RESPONSES),
        trouble=draw(st.none() | TROUBLES),
        expect=draw(st.sampled_from(Expect)),
        scope=draw(st.sampled_from(Scope)),
        number=draw(st.integers(0, 9)),
        resent=draw(st.integers(0, 2)),
        drops=draw(st.integers(0, 20)),
        on_kept_connection=draw(st.booleans()),
        fresh=draw(st.booleans()),
        side_by_side=draw(st.booleans()),
        at=draw(st.floats(-1e12, 1e12)),
    )


SIGHTINGS = st.builds(Sighting, st.dictionaries(st.text(max_size=5), st.none() | st.booleans(), max_size=3))


def evidence(rule: Rule, found: Sequence[Exchange], sightings: Sequence[Sighting]) -> list[Any]:
    """As many pieces of each kind as the rule takes, by what its parameters say."""
    exchanges, looks = iter(found), iter(sightings)
    made: list[Any] = []
    for parameter in inspect.signature(rule.function).parameters.values():
        kind = str(parameter.annotation)
        if kind == "Exchange":
            made.append(next(exchanges))
        elif kind == "Sighting":
            made.append(next(looks))
        elif kind == "Sequence[Exchange]":
            made.append(list(found))
        elif kind == "Sequence[Listing]":
            names = tuple(sorted(str(name) for look in sightings for name in look.views))
            made.append([Listing("a list", names, names[1:] * 2)])
        else:
            assert kind == "Sequence[str]", f"{rule.name} takes {kind}"
            made.append(("a complaint",))
    return made


def judge(rule: Rule, *pieces: Any) -> None:
    found = rule.judge(*pieces)
    assert found is None or isinstance(found, list)
    for one in found or []:
        assert isinstance(one, Violation)
        assert one.clause == rule.clause
        assert one.expected
        assert one.actual
        (one.expected + one.actual + one.pointer).encode()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(st.lists(exchanges(), min_size=3, max_size=3), st.lists(SIGHTINGS, min_size=3, max_size=3))
def test_whatever_comes(found: list[Exchange], sightings: list[Sighting]) -> None:
    for rule in RULES:
        judge(rule, *evidence(rule, found, sightings))


def bottomless(levels: int) -> bytes:
    link = b'{"code":"HOST.1001","description":"d","details":"%d","cause":'
    return b'{"error":' + b"".join(link % number for number in range(levels)) + b"null" + b"}" * levels + b"}"


def cause_of_causes(levels: int) -> dict[str, Any]:
    return chained(*(error(details=f"x {number}") for number in range(levels)))


REPEATED = (
    *("\n", " ", "at ", "at a(", "\nat x (", "a.b:1:2\n", 'File "', "SQL"),
    *("select ", "select a.", "select a from b ", "update a set ", "where a "),
)
HARD = {
    "10,000 causes": bottomless(10_000),
    "60,000 causes": bottomless(60_000),
    "causes without end": b'{"error":' + b'{"code":"A.1","cause":' * 10_000,
    "10,000 lists": b'{"inventory":{"createDate":' + b"[" * 10_000 + b"]" * 10_000 + b"}}",
    "10,000 objects": b'{"error":' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000 + b"}",
    "200,000 lists": b"[" * 200_000,
    "a member 100,000 times": b'{"error":{' + b",".join([b'"code":"A.1"'] * 100_000) + b"}}",
    "100,000 members, one twice": b"{" + b",".join(b'"%d":1' % n for n in range(100_000)) + b',"1":1}',
    "10 MB of text": b'{"error":{"code":"A.1","description":"' + b"select a. " * 1_000_000 + b'"}}',
    "10 MB of no JSON": b"at a" * 2_500_000,
    "10 MB under a JSON member": written({"error": {"details": "x" * 10_000_000}}),
    "a number of a megabyte": b'{"inventory":{"createDate":' + b"1" * 1_000_000 + b"}}",
    "a date of a megabyte": written({"inventory": inventory(createDate="Nov " * 250_000)}),
    "a code of a megabyte": written({"error": error(code="A." * 500_000)}),
    "names of a megabyte": written({"x" * 1_000_000: 1}),
    **{f"details like {text[:12]!r}": written({"error": error(details=text * 20_000)}) for text in REPEATED},
}


@pytest.mark.parametrize("name", HARD)
def test_what_is_hard_to_read_is_judged_in_time(name: str) -> None:
    found = [answered(status, HARD[name], number=status) for status in (200, 400, 503)]
    looks = [seen(True, False)] * 3
    started = time.process_time()
    for one in found:
        assert one.answer is not None
        one.answer.json  # noqa: B018  read once for all rules
    for rule in RULES:
        judge(rule, *evidence(rule, found, looks))
    assert time.process_time() - started < 15


def test_a_chain_of_any_length_is_judged_by_its_beginning() -> None:
    one = answered(200, {"error": cause_of_causes(300)})
    over_every = [rule for rule in RULES if rule.over is Over.EVERY]
    broken = {rule.clause for rule in over_every if rule.judge(one)}
    assert broken == {"ERR-005"}
