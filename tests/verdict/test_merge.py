"""Shards into one run: what one of them saw counts, and nothing counts twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contract.kit.config.usage import UsageError
from contract.kit.verdict.merge import merge as merge_runs
from contract.kit.verdict.results import Results, RunKind, State, VerdictWord, ViolationRow
from tests.report import example


def named(runs: list[Results]) -> list[Results]:
    """These runs, each with a name of its own."""
    return [replace(run, header=replace(run.header, run_id=f"run-{at}")) for at, run in enumerate(runs, 1)]


def merge(runs: list[Results]) -> Results:
    return merge_runs(named(runs))


def shard(state: State, *violations: ViolationRow, reason: str = "") -> Results:
    return example.results({"PATH-001": (state, reason, list(violations))}, VerdictWord.CONFORMANT, 0, waivers=False)


def test_violated_anywhere_is_violated() -> None:
    merged = merge([shard(State.PASS), shard(State.VIOLATED, example.CRASH), shard(State.PASS)])
    assert merged.clauses[0].state is State.VIOLATED
    assert (merged.footer.verdict, merged.footer.exit_status) == (VerdictWord.NOT_CONFORMANT, 1)


@pytest.mark.parametrize(
    ("one", "other", "whole"),
    [
        (State.NOT_JUDGED, State.PASS, State.NOT_JUDGED),
        (State.NOT_JUDGED, State.NOT_APPLICABLE, State.NOT_JUDGED),
        (State.NOT_APPLICABLE, State.PASS, State.PASS),
        (State.NOT_JUDGED, State.NOT_JUDGED, State.NOT_JUDGED),
        (State.WAIVED, State.PASS, State.WAIVED),
        (State.ERROR, State.PASS, State.ERROR),
        (State.ERROR, State.VIOLATED, State.VIOLATED),
    ],
)
def test_what_a_shard_saw_counts(one: State, other: State, whole: State) -> None:
    found = {State.VIOLATED: [example.CRASH], State.WAIVED: [example.JOB]}
    runs = [shard(state, *found.get(state, []), reason="why") for state in (one, other)]
    for shards in (runs, runs[::-1]):
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
    assert replace(merge_runs([run]), footer=run.footer) == run


def part(which: str) -> Results:
    run = example.conformant()
    header = replace(run.header, run_id=f"run-{which}", kind=RunKind.PART, shard=which)
    return replace(run, header=header)


def test_all_shards_together_are_a_whole_run() -> None:
    header = merge_runs([part("1/2"), part("2/2")]).header
    assert (header.kind, header.shard, header.run_id) == (RunKind.WHOLE, "", "run-1/2+run-2/2")


def test_a_missing_shard_leaves_a_part() -> None:
    merged = merge_runs([part("1/3"), part("3/3")])
    assert (merged.header.kind, merged.header.shard) == (RunKind.PART, "1/3 3/3")
    assert (merged.footer.verdict, merged.footer.exit_status) == (VerdictWord.PARTIAL, 4)


def test_the_same_twice_is_refused() -> None:
    run = example.results()
    other = replace(part("1/2"), header=replace(part("1/2").header, run_id="another"))
    for runs, said in (
        ([run, run], "the run 3f9c21d4 is given twice"),
        (
            [
                merge_runs([part("1/2"), part("2/2")]),
                replace(part("1/2"), header=replace(run.header, run_id="run-1/2")),
            ],
            "the run run-1/2 is given twice",
        ),
        ([part("1/2"), other], "the shard 1/2 is given twice"),
        ([part("1/2"), part("2/3")], "not of one run: 1/2, 2/3"),
    ):
        with pytest.raises(UsageError, match=said):
            merge_runs(runs)


def test_too_few_in_each_shard_may_be_enough_together() -> None:
    runs = [
        replace(run, clauses=[replace(row, judged=6, floor=10, state=State.NOT_JUDGED) for row in run.clauses])
        for run in (example.conformant(), example.conformant())
    ]
    merged = merge(runs)
    assert {row.state for row in merged.clauses} == {State.PASS}
    assert {row.judged for row in merged.clauses} == {12}


def test_what_went_away_in_one_shard_is_not_judged_in_all() -> None:
    gone = shard(State.PASS)
    gone = replace(gone, clauses=[replace(row, unjudged=["the target went away"]) for row in gone.clauses])
    row = merge([gone, shard(State.PASS)]).clauses[0]
    assert (row.state, row.reason) == (State.NOT_JUDGED, "the target went away")


def test_a_good_request_in_any_shard_is_a_witness_for_all() -> None:
    silent = replace(example.conformant(), witness=False)
    assert merge([silent, example.conformant()]).clauses[0].state is State.PASS
    assert merge([silent, silent]).clauses[0].state is State.NOT_JUDGED


def test_why_nothing_could_be_judged_is_told_of_shards_as_of_the_whole() -> None:
    silent = replace(example.conformant(), witness=False, instead="HTTP 500")
    assert merge([silent]).clauses[0].reason.endswith(": HTTP 500")
    run = shard(State.NOT_JUDGED)
    rows = [replace(row, judged=0, unjudged=[], unanswered="timeout: no answer") for row in run.clauses]
    assert merge([replace(run, clauses=rows)]).clauses[0].reason.endswith(": timeout: no answer")


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
