"""What stands on the server, and what is ours there? Sibling calls, credentials, pairs, ledger and clean-up.

A run touches only what it made or was lent, and leaves the target as it found it.
"""

from __future__ import annotations

from contract.kit.target.access import ENDED_MARK, OTHER_MARK, Access
from contract.kit.target.credentials import AccessKey, Credential
from contract.kit.target.estate import Cleanup, Estate
from contract.kit.target.guard import Guard
from contract.kit.target.ledger import Ledger
from contract.kit.target.pair_kinds import UnusualPair
from contract.kit.target.resources import Pair, What
from contract.kit.target.siblings import SiblingFailed
from contract.kit.target.sweep import Swept, sweep

__all__ = [
    "ENDED_MARK",
    "OTHER_MARK",
    "Access",
    "AccessKey",
    "Cleanup",
    "Credential",
    "Estate",
    "Guard",
    "Ledger",
    "Pair",
    "SiblingFailed",
    "Swept",
    "UnusualPair",
    "What",
    "sweep",
]
