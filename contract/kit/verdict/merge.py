"""The results of shards as the results of one run: taken apart, added up as workers' parts are, concluded anew."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from contract.kit.config import UsageError, repeated
from contract.kit.verdict.results import Header, Results, RunKind
from contract.kit.verdict.tally import ClausePart, Part, settled
from contract.kit.verdict.verdict import ExitStatus
from contract.kit.verdict.whole import whole

_OF_ONE_RUN = ("depth", "description_digest", "suite_version", "kind", "asked")


def merge(shards: list[Results]) -> Results:
    """One run out of its shards. Latencies are those of the slowest shard, since percentiles do not add up.

    Raises `UsageError` where the shards are of different targets, depths or descriptions, and where one of them is
    given twice.
    """
    if not shards:
        raise UsageError("merge: give the results.json of at least one shard")
    header = _header([shard.header for shard in shards])
    part = Part()
    for shard in shards:
        part.add(_taken_apart(shard))
    clauses = {row.id: row for shard in shards for row in shard.clauses}
    excluded = {row["id"]: row for shard in shards for row in shard.excluded}
    statuses = [shard.footer.exit_status for shard in shards]
    return whole(
        header,
        [settled(row, part) for row in clauses.values()],
        part,
        list(excluded.values()),
        interrupted=ExitStatus.INTERRUPTED in statuses,
        selected=any(status != ExitStatus.NOTHING_SELECTED for status in statuses),
    )


def _taken_apart(shard: Results) -> Part:
    """What a process found, from its results."""
    return Part(
        clauses={
            row.id: ClausePart(
                judged=row.judged,
                violations=row.violations,
                tests=row.tests,
                errors=row.errors,
                inapplicable=row.inapplicable,
                unjudged=row.unjudged,
                unanswered=row.unanswered,
                asked=row.asked,
                sample=row.sample,
            )
            for row in shard.clauses
        },
        asked=shard.header.asked,
        exchanges=shard.footer.exchanges,
        witness=shard.witness,
        instead=shard.instead,
        broken=shard.broken,
        blocked=shard.blocked,
        waivers=shard.waivers,
        trouble=Counter(shard.trouble),
        made=shard.cleanup.get("made", 0),
        removed=shard.cleanup.get("removed", 0),
        left=list(shard.cleanup.get("left", [])),
        notices=shard.notices,
        answers=shard.answers,
        latency=shard.latency,
        latencies=shard.latencies,
        load=shard.load,
    )


def _header(headers: list[Header]) -> Header:
    first = headers[0]
    for name in _OF_ONE_RUN:
        if any(getattr(header, name) != getattr(first, name) for header in headers):
            raise UsageError(f"merge: the shards are not of one run, their {name.replace('_', ' ')} differs")
    if any(_target(header) != _target(first) for header in headers):
        raise UsageError("merge: the shards are not of one run, their targets differ")
    runs = [run for header in headers for run in header.run_id.split("+")]
    for run in repeated(runs):
        raise UsageError(f"merge: the run {run} is given twice")
    shards = [header.shard for header in headers if header.shard]
    for shard in repeated(shards):
        raise UsageError(f"merge: the shard {shard} is given twice")
    if len({shard.partition("/")[2] for shard in shards}) > 1:
        raise UsageError(f"merge: the shards are not of one run: {', '.join(shards)}")
    missing = bool(shards) and len(shards) < int(shards[0].partition("/")[2])
    return replace(
        first,
        run_id="+".join(runs),
        start=min(header.start for header in headers),
        end=max(header.end for header in headers),
        kind=first.kind if missing or first.kind is not RunKind.PART else _of_all(first),
        shard=" ".join(shards) if missing else "",
    )


def _of_all(header: Header) -> RunKind:
    if header.asked:
        return RunKind.CHOSEN
    return RunKind.READ_ONLY if header.settings.get("read_only") else RunKind.WHOLE


def _target(header: Header) -> dict[str, Any]:
    # Each shard starts a reference server of its own, on a port of its own.
    passing = {"url"} if header.target.get("kind") == "reference" else set()
    return {name: value for name, value in header.target.items() if name not in passing}
