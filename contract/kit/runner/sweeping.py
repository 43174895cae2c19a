"""Remove what killed runs left on a target, by their ledgers, and nothing else."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence

from contract.kit.config import TargetKind, UsageError, load
from contract.kit.target import sweep
from contract.kit.verdict import ExitStatus


def main(argv: Sequence[str], environ: Mapping[str, str] | None = None) -> int:
    """The command: 0 nothing is left, 3 something could not be removed, 4 usage, target or credential."""
    parser = argparse.ArgumentParser("python -m contract sweep", description=__doc__)
    parser.add_argument(
        "--target", metavar="URL|FILE", help="the target of the runs, with the same variables as theirs"
    )
    parser.add_argument("--reports", metavar="FOLDER", help="where their ledgers lie (default reports/)")
    given = parser.parse_args(argv)
    try:
        settings = load({"target": given.target, "reports": given.reports}, os.environ if environ is None else environ)
        if settings.kind is TargetKind.REFERENCE:
            raise UsageError("the reference ends with its run, nothing stays on it; give --target URL")
        swept = sweep(settings, settings.reports)
    except UsageError as error:
        print(error, file=sys.stderr)
        return ExitStatus.UNUSABLE
    for line in swept.passed:
        print(f"passed over: {line}")
    for name in swept.left:
        print(f"left: {name}")
    print(f"{len(swept.settled)} run(s) settled, {swept.removed} thing(s) removed, {len(swept.left)} left")
    return ExitStatus.SUITE_FAILED if swept.left else ExitStatus.CONFORMANT
