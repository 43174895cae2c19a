"""What grows with more exchanges, deeper causes and more descriptions: it should grow no faster than they do."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench.process import contract
from bench.rules import answered, nested
from bench.table import Row, Table
from contract.kit.description import DEFAULT, load
from contract.kit.judge import Findings
from contract.kit.judge.rules import all_rules
from contract.kit.reference import launch

NIGHTS = (0.1, 1.0, 10.0)
CAUSES = (1, 30, 10_000)
DESCRIPTIONS = (1, 10, 100)


def measure(rounds: int) -> Table:
    """Each size with its time, and how many times the time of the size before for how many times the size."""
    with launch("documented") as server:
        nights = [
            contract(server, "--depth", "nightly", plugins=("bench.deeper",), BENCH_TIMES=str(times))
            for times in NIGHTS
        ]
    table: Table = [
        {"what grows": "exchanges of a run", "size": one.exchanges, "seconds": one.wall, "MB": one.memory}
        for one in nights
    ]
    table += [
        {"what grows": "causes, read and judged", "size": levels, "seconds": _timed(_judged, levels, rounds)}
        for levels in CAUSES
    ]
    table += [
        {"what grows": "descriptions read", "size": count, "seconds": _timed(_descriptions, count, rounds)}
        for count in DESCRIPTIONS
    ]
    return [_compared(row, before) for row, before in zip(table, [{}, *table], strict=False)]


def _compared(row: Row, before: Row) -> Row:
    if before.get("what grows") != row["what grows"]:
        return row
    longer, larger = float(row["seconds"]) / float(before["seconds"]), float(row["size"]) / float(before["size"])
    return row | {"times the size": larger, "times the time": longer}


def _timed(work: Callable[[int], float], size: int, rounds: int) -> float:
    return median(work(size) for _ in range(rounds))


def _judged(levels: int) -> float:
    exchange = answered(nested(levels))
    clauses = list(dict.fromkeys(rule.clause for rule in all_rules()))
    began = time.perf_counter()
    Findings().judge_every(clauses, [exchange])
    return time.perf_counter() - began


def _descriptions(count: int) -> float:
    """As many endpoints, each with a description of its own beside the common parts."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "openapi"
        shutil.copytree(DEFAULT.parent, home)
        text = DEFAULT.read_text("utf-8")
        files = [home / f"endpoint-{number}.yaml" for number in range(count)]
        for number, file in enumerate(files):
            file.write_text(text.replace("/jobgroups/", f"/jobgroups{number}/"), "utf-8")
        began = time.perf_counter()
        for file in files:
            load(file)
        return time.perf_counter() - began
