"""What a soak held, and how fast it was answered, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from contract.kit.report.text import plural
from contract.kit.verdict import Results


def load_told(results: Results) -> list[str]:
    """The load and the latencies, those of the slowest kind of request too; nothing for a run that is not a soak."""
    load = results.load
    if load is None:
        return []
    told = [
        f"Load: {load.held:g} requests a second for {span(load.seconds)} ({load.asked:g} asked for), "
        f"over {plural(load.connections, 'connection')} of {plural(load.workers, 'process', 'processes')}"
    ]
    if results.latency:
        told.append(f"Answered in: {_latency(results.latency)}")
    kinds = results.latencies
    if len(kinds) > 1:
        slowest = max(kinds, key=lambda name: (kinds[name].p95, kinds[name].max))
        told.append(f"Slowest of {len(kinds)} kinds of requests, {slowest}: {_latency(asdict(kinds[slowest]))}")
    return told


def _latency(found: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {found[name] * 1000:.0f} ms" for name in ("p50", "p95", "p99", "max") if name in found)


def span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.1f} min"
