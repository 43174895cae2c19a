"""What is sent? The requests of the contract's tests, built from the description and recorded as exchanges.

Strategies draw them; `depth` says how many.
"""

from __future__ import annotations

from contract.kit.drive.depth import DEPTHS, examples, rounds, spread
from contract.kit.drive.drive import WORKERS, Drive
from contract.kit.drive.effects import first_success, judge_refused, judge_unchanged, look_back, strays, watched
from contract.kit.drive.sending import Sending, Values, named, path_of

__all__ = [
    "DEPTHS",
    "WORKERS",
    "Drive",
    "Sending",
    "Values",
    "examples",
    "first_success",
    "judge_refused",
    "judge_unchanged",
    "look_back",
    "named",
    "path_of",
    "rounds",
    "spread",
    "strays",
    "watched",
]
