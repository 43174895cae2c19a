"""Pages of every sort, written as a run writes them: what the proof of the page opens."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from contract.kit.report import history, page, publish
from contract.kit.verdict import ExchangeRow, Load, Results, RunKind, State, VerdictWord, ViolationRow
from tests.report import example

NIGHTS: Final = 23
"""More than are remembered."""


def red() -> Results:
    return example.results()


def waived() -> Results:
    states = {"ENV-002": (State.WAIVED, "", [example.JOB])}
    run = example.results(states, VerdictWord.WITH_WAIVERS, 0, "1 clause deviates as known")
    return replace(run, waivers=run.waivers[:1])


def read_only() -> Results:
    run = example.conformant()
    return replace(run, header=example.header(kind=RunKind.READ_ONLY))


def soak() -> Results:
    load = Load(seconds=1800.0, asked=50.0, held=48.2, workers=2, connections=16)
    return replace(example.conformant(), header=example.header(depth="soak"), load=load)


def crowd() -> Results:
    """Everything broken, each clause in six ways, each with as much as results.json holds of a body."""
    body = '{"error":{"code":"SYS.1006","details":"' + "x" * 8_100 + '"}}'
    many = [replace(_crowded(at, body), count=300) for at in range(6)]
    states = {row.id: (State.VIOLATED, "", many) for row in example.conformant().clauses}
    run = example.results(states, VerdictWord.NOT_CONFORMANT, 1, f"{len(states)} clauses violated", waivers=False)
    return replace(run, footer=replace(run.footer, exchanges=10_000))


def _crowded(at: int, body: str) -> ViolationRow:
    shown = ExchangeRow(at, example.request(body), example.answer(500, body), case=f"tried in way {at}")
    return replace(example.STRING_CAUSE, exchange=shown, curl=example.curl(body[:2_000]), actual=f"the string '{at}'")


RUNS: Final = {"red": red, "waived": waived, "read-only": read_only, "soak": soak}


def write(run: Results, folder: Path) -> Path:
    """The page of one run, the first of its series."""
    publish.write(run, folder)
    return folder / page.NAME


def nights(folder: Path) -> Path:
    """The page of a red night after many that were mostly green."""
    for night in range(NIGHTS):
        run = red() if night % 5 == 0 and night < NIGHTS - 6 else example.conformant()
        header = example.header(run_id=f"night {night}", start=f"2026-02-{night + 1:02d}T01:00:00Z", depth="nightly")
        history.enter(replace(run, header=header), folder)
    return write(replace(red(), header=example.header(depth="nightly", seed=7)), folder)
