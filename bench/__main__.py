"""`python -m bench suite|first|exchange|rules|growth [--rounds N] [--json FILE]`: print a table, as Markdown."""

from __future__ import annotations

import argparse
import importlib
import json
import platform
from pathlib import Path

from bench.table import Table, markdown

MEASURES = {
    "suite": "the contract against `schemathesis run`: whole processes, exchanges a second",
    "first": "time to the first violation on ten mutants, against `schemathesis run`",
    "exchange": "one exchange through the wire and the rules, against bare httpx",
    "rules": "each rule on small, large and hostile bodies",
    "growth": "more exchanges, deeper causes, more descriptions",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "measure", choices=MEASURES, help="; ".join(f"{name}: {text}" for name, text in MEASURES.items())
    )
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="how often all sides take their turn")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    chosen = parser.parse_args()
    table: Table = importlib.import_module(f"bench.{chosen.measure}").measure(chosen.rounds)
    print(f"{MEASURES[chosen.measure]}\n\n{markdown(table)}\n")
    print(f"Python {platform.python_version()}, {platform.machine()}, {chosen.rounds} rounds, the sides in turn")
    if chosen.json is not None:
        chosen.json.write_text(json.dumps(table, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
