"""The results of shards as the results of one run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final, TypeVar

from contract.kit.config import UsageError
from contract.kit.verdict import (
    UNSELECTED,
    ClauseRow,
    ExitStatus,
    Footer,
    Header,
    Load,
    Results,
    State,
    ViolationRow,
    WaiverRow,
    conclude,
    latency,
    row_kind,
    row_size,
)
from contract.kit.verdict import answers as kinds

T = TypeVar("T")

_STRONGEST: Final = (
    State.VIOLATED,
    State.ERROR,
    State.WAIVED,
    State.PASS,
    State.NOT_JUDGED,
    State.NOT_APPLICABLE,
)
"""What one shard saw counts for all: a clause is not judged only where no shard judged it."""
_FEW: Final = re.compile(r"\d+ exchanges judged, fewer than the (\d+) that the register asks for")
"""Why a shard alone did not judge a clause: together they may have judged enough."""
_WAIVERS: Final = ("used", "stale", "not exercised")


def merge(shards: list[Results]) -> Results:
    """One run out of its shards, in the order given.

    Judged exchanges add up, violations of one kind are told once with the smallest exchange, the verdict is
    reckoned anew. Latencies are those of the slowest shard, since percentiles do not add up. Raises
    `UsageError` where the shards are of different targets, depths or descriptions.
    """
    if not shards:
        raise UsageError("merge: give the results.json of at least one shard")
    header = _header([shard.header for shard in shards])
    joined = _by_key((row for shard in shards for row in shard.clauses), lambda row: row.id, _clause)
    clauses = [_counted_together(row) for row in joined]
    waivers = _by_key(
        (row for shard in shards for row in shard.waivers),
        lambda row: (row.clause, row.ticket, row.reason, row.since, row.review_by),
        _waiver,
    )
    return Results(
        header,
        clauses,
        _footer([shard.footer for shard in shards], clauses, waivers, header.depth),
        waivers,
        trouble=dict(sum((Counter(shard.trouble) for shard in shards), Counter())),
        cleanup=_cleanup([shard.cleanup for shard in shards]),
        notices=list(dict.fromkeys(notice for shard in shards for notice in shard.notices)),
        latency=_slowest([shard.latency for shard in shards]),
        latencies={
            name: latency.slowest(shard.latencies[name] for shard in shards if name in shard.latencies)
            for name in dict.fromkeys(name for shard in shards for name in shard.latencies)
        },
        excluded=_by_key((row for shard in shards for row in shard.excluded), str, lambda one, _: one),
        answers=kinds.limited(kinds.merged(shard.answers for shard in shards)),
        load=_together([shard.load for shard in shards if shard.load is not None]),
    )


def _by_key(rows: Iterable[T], key: Callable[[T], Any], join: Callable[[T, T], T]) -> list[T]:
    """Rows with equal keys joined into one, in the order in which the keys came."""
    found: dict[Any, T] = {}
    for row in rows:
        name = key(row)
        found[name] = join(found[name], row) if name in found else row
    return list(found.values())


def _header(headers: list[Header]) -> Header:
    first = headers[0]
    for name in ("depth", "description_digest", "suite_version"):
        if any(getattr(header, name) != getattr(first, name) for header in headers):
            raise UsageError(f"merge: the shards are not of one run, their {name.replace('_', ' ')} differs")
    if any(_target(header) != _target(first) for header in headers):
        raise UsageError("merge: the shards are not of one run, their targets differ")
    return replace(
        first,
        run_id="+".join(dict.fromkeys(header.run_id for header in headers)),
        start=min(header.start for header in headers),
        end=max(header.end for header in headers),
    )


def _target(header: Header) -> dict[str, Any]:
    # Each shard starts a reference server of its own, on a port of its own.
    passing = {"url"} if header.target.get("kind") == "reference" else set()
    return {name: value for name, value in header.target.items() if name not in passing}


def _clause(one: ClauseRow, other: ClauseRow) -> ClauseRow:
    state = min(one.state, other.state, key=_STRONGEST.index)
    reasons = dict.fromkeys(row.reason for row in (one, other) if row.state is state and row.reason)
    return replace(
        one,
        state=state,
        judged=one.judged + other.judged,
        reason="; ".join(reasons),
        violations=_by_key(
            [*one.violations, *other.violations],
            row_kind,
            _violation,
        ),
        tests=list(dict.fromkeys([*one.tests, *other.tests])),
        sample=None if one.violations or other.violations else one.sample or other.sample,
    )


def _counted_together(row: ClauseRow) -> ClauseRow:
    """A clause that each shard judged by too few exchanges, reckoned by those of all."""
    if row.state is not State.NOT_JUDGED:
        return row
    reasons = row.reason.split("; ")
    floors = [int(few[1]) for reason in reasons if (few := _FEW.fullmatch(reason))]
    if not floors or any(not _FEW.fullmatch(reason) and reason != UNSELECTED for reason in reasons):
        return row
    if row.judged >= max(floors):
        return replace(row, state=State.PASS, reason="")
    reason = f"{row.judged} exchanges judged, fewer than the {max(floors)} that the register asks for"
    return replace(row, reason=reason)


def _violation(one: ViolationRow, other: ViolationRow) -> ViolationRow:
    return replace(min(one, other, key=row_size), count=one.count + other.count)


def _waiver(one: WaiverRow, other: WaiverRow) -> WaiverRow:
    return replace(
        one,
        matched=one.matched + other.matched,
        state=min(one.state, other.state, key=_WAIVERS.index),
        past_review=one.past_review or other.past_review,
    )


def _footer(footers: list[Footer], clauses: list[ClauseRow], waivers: list[WaiverRow], depth: str) -> Footer:
    broken = [footer.why for footer in footers if footer.exit_status == ExitStatus.SUITE_FAILED]
    return conclude(
        clauses,
        waivers,
        exchanges=sum(footer.exchanges for footer in footers),
        depth=depth,
        broken=next(iter(broken), ""),
        interrupted=any(footer.exit_status == ExitStatus.INTERRUPTED for footer in footers),
        selected=any(footer.exit_status != ExitStatus.NOTHING_SELECTED for footer in footers),
    )


def _cleanup(shards: list[dict[str, Any]]) -> dict[str, Any]:
    if not any(shards):
        return {}
    made: dict[str, Any] = {name: sum(int(shard.get(name, 0)) for shard in shards) for name in ("made", "removed")}
    return made | {"left": [name for shard in shards for name in shard.get("left", [])]}


def _together(loads: list[Load]) -> Load | None:
    """Loads of soaks held side by side: their rates add up."""
    if not loads:
        return None
    return Load(
        seconds=max(load.seconds for load in loads),
        asked=round(sum(load.asked for load in loads), 2),
        held=round(sum(load.held for load in loads), 2),
        workers=sum(load.workers for load in loads),
        connections=sum(load.connections for load in loads),
    )


def _slowest(shards: list[dict[str, float]]) -> dict[str, float]:
    names = dict.fromkeys(name for shard in shards for name in shard)
    return {name: max(shard[name] for shard in shards if name in shard) for name in names}
