"""What was asked for? The settings of a run: options over variables over the target's file.

Every mistake in them is a `UsageError`, told in one line before anything is sent.
"""

from __future__ import annotations

from contract.kit.config.depths import DEPTHS, GATE, NIGHTLY, SOAK, Depth
from contract.kit.config.loader import (
    FromOne,
    OneOrMore,
    Table,
    Text,
    WrongError,
    build,
    field,
    near,
    plain,
    read_toml,
    repeated,
    schema,
)
from contract.kit.config.settings import MOST_CONNECTIONS, OPTIONS, REQUEST_TIMEOUT, Mode, Settings, TargetKind, load
from contract.kit.config.target_file import May
from contract.kit.config.usage import UsageError
from contract.kit.config.zone import zone

__all__ = [
    "DEPTHS",
    "GATE",
    "MOST_CONNECTIONS",
    "NIGHTLY",
    "OPTIONS",
    "REQUEST_TIMEOUT",
    "SOAK",
    "Depth",
    "FromOne",
    "May",
    "Mode",
    "OneOrMore",
    "Settings",
    "Table",
    "TargetKind",
    "Text",
    "UsageError",
    "WrongError",
    "build",
    "field",
    "load",
    "near",
    "plain",
    "read_toml",
    "repeated",
    "schema",
    "zone",
]
