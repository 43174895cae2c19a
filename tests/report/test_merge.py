"""Shards into one run: what one of them saw counts, and nothing counts twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.kit.config.usage import UsageError
from contract.kit.report.merge import merge
from contract.kit.verdict.results import Results, State, VerdictWord, ViolationRow
from tests.report import example


def shard(state: State, *violations: ViolationRow, reason: str = "") -> Results:
    return example.results({"PATH-001": (state, reason, list(violations))}, VerdictWord.CONFORMANT, 0, waivers=False)


def test_violated_anywhere_is_violated() -> None:
    merged = merge([shard(State.PASS), shard(State.VIOLATED, example.CRASH), shard(State.PASS)])
    assert merged.clauses[0].state is State.VIOLATED
    assert (merged.footer.verdict, merged.footer.exit_status) == (VerdictWord.NOT_CONFORMANT, 1)


@pytest.mark.parametrize(
    ("one", "other", "whole"),
    [
        (State.NOT_JUDGED, State.PASS, State.PASS),
        (State.NOT_JUDGED, State.NOT_APPLICABLE, State.NOT_JUDGED),
        (State.NOT_APPLICABLE, State.PASS, State.PASS),
        (State.NOT_JUDGED, State.NOT_JUDGED, State.NOT_JUDGED),
        (State.WAIVED, State.PASS, State.WAIVED),
        (State.ERROR, State.PASS, State.ERROR),
        (State.ERROR, State.VIOLATED, State.VIOLATED),
    ],
)
def test_what_a_shard_saw_counts(one: State, other: State, whole: State) -> None:
    for shards in ([shard(one), shard(other)], [shard(other), shard(one)]):
        assert merge(shards).clauses[0].state is whole


def test_judged_exchanges_and_trouble_add_up() -> None:
    shards = [shard(State.PASS), shard(State.PASS)]
    merged = merge(shards)
    assert [row.judged for row in merged.clauses] == [2 * row.judged for row in shards[0].clauses]
    assert merged.trouble == {"timeout": 4, "renewed": 2}
    assert merged.cleanup["made"] == 12
    assert merged.footer.exchanges == 2 * shards[0].footer.exchanges
    assert merged.notices == shards[0].notices


def test_one_kind_of_violation_is_told_once_with_the_smaller_exchange() -> None:
    larger = replace(
        example.CRASH, count=4, exchange=replace(example.CRASH.exchange, number=900, request=example.request("x" * 500))
    )
    merged = merge([shard(State.VIOLATED, larger), shard(State.VIOLATED, example.CRASH, example.NO_HEADER)])
    first, second = merged.clauses[0].violations
    assert (first.count, first.exchange.number) == (5, example.CRASH.exchange.number)
    assert second == example.NO_HEADER


def test_a_waiver_is_stale_only_where_no_shard_used_it() -> None:
    used = example.results()
    unused = replace(used, waivers=[replace(used.waivers[0], matched=0, state="stale"), *used.waivers[1:]])
    merged = merge([unused, used])
    assert [(row.state, row.matched) for row in merged.waivers] == [("used", 96), ("stale", 0), ("not exercised", 0)]


def test_reasons_are_those_of_the_state_that_stands() -> None:
    merged = merge([shard(State.NOT_JUDGED, reason="too few"), shard(State.NOT_APPLICABLE, reason="no account")])
    assert merged.clauses[0].reason == "too few"


def test_one_shard_is_itself_but_for_the_words_of_its_verdict() -> None:
    run = example.results()
    assert replace(merge([run]), footer=run.footer) == run


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"target": {"name": "production"}}, "targets"),
        ({"depth": "nightly"}, "depth"),
        ({"description_digest": "sha256:0"}, "description digest"),
    ],
)
def test_shards_of_different_runs_do_not_make_one(change: dict[str, object], said: str) -> None:
    run = example.results()
    with pytest.raises(UsageError, match=said):
        merge([run, replace(run, header=example.header(**change))])


def test_reference_servers_of_shards_have_ports_of_their_own() -> None:
    run = example.results()
    shards = [
        replace(run, header=example.header(target={"name": "reference", "kind": "reference", "url": url}))
        for url in ("http://127.0.0.1:1", "http://127.0.0.1:2")
    ]
    assert merge(shards).header.target["url"] == "http://127.0.0.1:1"


def test_latencies_by_kind_add_up_and_a_sample_is_of_any_shard() -> None:
    one = example.conformant()
    bare = replace(one, clauses=[replace(row, sample=None) for row in one.clauses], latencies={})
    found = merge([bare, one, one])
    assert found.latencies["good requests"].answers == 2 * one.latencies["good requests"].answers
    assert found.latencies["good requests"].p95 == one.latencies["good requests"].p95
    assert [row.sample for row in found.clauses] == [row.sample for row in one.clauses]


def test_what_one_shard_found_broken_is_shown_by_no_sample() -> None:
    found = {row.id: row for row in merge([example.conformant(), example.results()]).clauses}
    assert found["AUTH-001"].violations
    assert found["AUTH-001"].sample is None
