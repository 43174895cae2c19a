"""The runs before, a file for each target, depth and kind of run, so that only like is compared with like.

`history/NAME.jsonl` holds a line a run; `NAME.json` the last run whole and `NAME.before.json` the one before it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from contract.kit.config import UsageError
from contract.kit.report.compare import Comparison, compare
from contract.kit.report.store import put, read
from contract.kit.verdict import Results

FOLDER: Final = "history"
RUNS: Final = 21
"""Runs that are remembered: three weeks of nights."""


@dataclass(frozen=True, slots=True)
class Past:
    """What is remembered of a run. `states` by clause; `latency` in seconds: p50, p95, p99, max."""

    run_id: str
    start: str
    verdict: str
    exchanges: int
    states: dict[str, str]
    latency: dict[str, float]


def series(results: Results) -> str:
    """The name under which runs like this one are kept: of the same target, at the same depth, of the same kind."""
    header = results.header
    name = header.target.get("name") or "target"
    told = re.sub(r"[^A-Za-z0-9.]+", "-", f"{name}-{header.depth}-{header.kind}").strip("-.")[-80:]
    alike = (target(results), header.depth, str(header.kind), *header.asked, header.shard)
    digest = hashlib.sha256("\n".join(alike).encode("utf-8", "replace")).hexdigest()
    return f"{told}-{digest[:8]}"


def target(results: Results) -> str:
    """What makes a target the same in another run: its name and its address."""
    known = results.header.target
    # The embedded server listens on another port each time.
    url = "" if known.get("kind") == "reference" else known.get("url")
    return f"{known.get('name') or ''} {url or ''}".strip()


def enter(results: Results, folder: Path) -> None:
    """Remember a run; once, however often it is entered."""
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    name = series(results)
    lines = [json.dumps(asdict(one)) for one in past(results, folder)]
    put(place / f"{name}.jsonl", "".join(f"{line}\n" for line in lines))
    last = place / f"{name}.json"
    with contextlib.suppress(UsageError):
        if read(last).header.run_id == results.header.run_id:
            return
        last.replace(place / f"{name}.before.json")
    put(last, json.dumps(results.as_json()) + "\n")


def past(results: Results, folder: Path) -> list[Past]:
    """The runs of this series in their order, at most `RUNS`, this one last; what came after it is left out."""
    found: list[Past] = []
    with contextlib.suppress(OSError):
        text = (folder / FOLDER / f"{series(results)}.jsonl").read_text(encoding="utf-8", errors="replace")
        for line in text.splitlines():
            with contextlib.suppress(ValueError, TypeError, KeyError):
                found.append(_past(json.loads(line)))
    this = of(results)
    ids = [one.run_id for one in found]
    earlier = found[: ids.index(this.run_id)] if this.run_id in ids else found
    return [*earlier, this][-RUNS:]


def before(results: Results, folder: Path) -> Results | None:
    """The run of this series before this one; None where there was none, or it is no longer known."""
    for name in (f"{series(results)}.json", f"{series(results)}.before.json"):
        with contextlib.suppress(UsageError):
            found = read(folder / FOLDER / name)
            if found.header.run_id != results.header.run_id and found.header.start <= results.header.start:
                return found
    return None


def since(results: Results, folder: Path) -> Comparison | None:
    """What changed since the run before of this series; None where there was none."""
    found = before(results, folder)
    return compare(found, results) if found is not None else None


def of(results: Results) -> Past:
    """What is remembered of this run."""
    header, footer = results.header, results.footer
    states = {row.id: str(row.state) for row in results.clauses}
    return Past(header.run_id, header.start, str(footer.verdict), footer.exchanges, states, dict(results.latency))


def _past(plain: dict[str, Any]) -> Past:
    return Past(
        str(plain["run_id"]),
        str(plain["start"]),
        str(plain["verdict"]),
        int(plain["exchanges"]),
        {str(clause): str(state) for clause, state in plain["states"].items()},
        {str(name): float(seconds) for name, seconds in plain["latency"].items()},
    )
