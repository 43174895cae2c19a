"""Was it known? Waiver files, which violations they cover, and which of them are stale.

A waiver covers violations of one clause and says why, by whom and until when.
"""

from __future__ import annotations

from contract.kit.waive.draft import first_file
from contract.kit.waive.waivers import SHIPPED, Waiver, WaiverRow, load, match, reckon

__all__ = [
    "SHIPPED",
    "Waiver",
    "WaiverRow",
    "first_file",
    "load",
    "match",
    "reckon",
]
