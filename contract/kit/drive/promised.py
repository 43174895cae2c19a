"""What the description promises of the answers to a request, as rules read it from an exchange."""

from __future__ import annotations

import re

from contract.kit.description import Operation
from contract.kit.exchange import Promises


def promised(operation: Operation) -> Promises:
    return Promises(
        method=operation.method,
        header=operation.auth.header,
        rejections=operation.rejections,
        required=operation.required_inventory,
        echoed={member.name: re.compile(member.pattern) for member in operation.echoes},
        timestamps=operation.timestamps,
        # A cause is null or an error of its own, and has no type.
        error={member.name: member.schema for member in operation.error_members if "type" in member.schema},
        telling=tuple(member.name for member in operation.error_members if member.required),
    )
