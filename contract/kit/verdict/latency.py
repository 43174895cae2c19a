"""How long answers took: percentiles, and how many took about as long, by kind of request."""

from __future__ import annotations

import bisect
import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from contract.kit.exchange import Exchange, Expect
from contract.kit.verdict.results import BOUNDS, Latency

PERCENTILES: Final = {"p50": 50, "p95": 95, "p99": 99}
_UNNAMED: Final = {
    Expect.SUCCESS: "good requests",
    Expect.REFUSAL: "to be refused",
    Expect.EITHER: "may be refused",
}


def kind(exchange: Exchange) -> str:
    """The kind of a request: what has to become of it, and, but for a good one, the family that tried it."""
    family = exchange.clause.partition("-")[0]
    named = _UNNAMED[exchange.expect]
    return named if exchange.expect is Expect.SUCCESS or not family else f"{named}, {family}"


def of(seconds: Sequence[float]) -> Latency:
    """The latency of at least one answer."""
    cuts = statistics.quantiles(seconds, n=100, method="inclusive") if len(seconds) > 1 else [*seconds] * 99
    found = {name: round(cuts[share - 1], 4) for name, share in PERCENTILES.items()}
    return Latency(len(seconds), **found, max=round(max(seconds), 4), histogram=histogram((one, 1) for one in seconds))


def histogram(counted: Iterable[tuple[float, int]]) -> list[int]:
    """How many answers took at most each of `BOUNDS` (and more than the bound before); the last count is the rest."""
    found = [0] * (len(BOUNDS) + 1)
    for seconds, count in counted:
        found[bisect.bisect_left(BOUNDS, seconds)] += count
    return found


def by_kind(elapsed: Mapping[str, Sequence[float]]) -> dict[str, Latency]:
    """The latency of each kind of request, good requests first."""
    return {name: of(elapsed[name]) for name in sorted(elapsed) if elapsed[name]}


def overall(elapsed: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Seconds of all answers: p50, p95, p99, max; nothing where there are fewer than two."""
    every = [one for each in elapsed.values() for one in each]
    if len(every) < 2:
        return {}
    found = of(every)
    return {"p50": found.p50, "p95": found.p95, "p99": found.p99, "max": found.max}


def slowest(parts: Iterable[Latency]) -> Latency:
    """Latencies put together: counts add up, percentiles do not, so that they are those of the slowest part."""
    every = list(parts)
    return Latency(
        sum(one.answers for one in every),
        max(one.p50 for one in every),
        max(one.p95 for one in every),
        max(one.p99 for one in every),
        max(one.max for one in every),
        [sum(counts) for counts in zip(*(one.histogram for one in every), strict=True)],
    )
