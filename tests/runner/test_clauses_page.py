"""CLAUSES.md is what `python -m contract clauses --markdown` prints now."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_page_of_the_clauses_is_up_to_date() -> None:
    command = [sys.executable, "-m", "contract", "clauses", "--markdown"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert (ROOT / "CLAUSES.md").read_text() == printed, (
        "write it anew: python -m contract clauses --markdown > CLAUSES.md"
    )
