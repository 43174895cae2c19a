"""What stands in a report in place of a secret, made the secret's text again: the way back from redaction."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping

_EXPRESSION = re.compile(
    r"\$(?:(?P<name>CONTRACT_[A-Z_]+)|\{(?P<altered>CONTRACT_[A-Z_]+)(?P<how>(?:[:#%/^,][^}$`\"\\{]*)?)\})"
)


class CannotExpandError(ValueError):
    """A text holds an expression that nothing is known for; one line."""


def expanded(text: str, values: Mapping[str, str]) -> str:
    """`text` with `$CONTRACT_NAME` and `${CONTRACT_NAME:0:31}` made what a shell makes of them. CannotExpandError."""

    def one(found: re.Match[str]) -> str:
        name = found["name"] or found["altered"]
        if name not in values:
            raise CannotExpandError(f"it needs ${name}, which this run has not")
        return values[name] if not found["how"] else _by_shell(found[0], name, values[name])

    return _EXPRESSION.sub(one, text)


def _by_shell(expression: str, name: str, value: str) -> str:
    """An expansion that alters its variable. It holds no quote, backslash or `$` of its own, so it can run nothing."""
    bash = shutil.which("bash")
    if bash is None:
        raise CannotExpandError(f"it needs bash, to make {expression} of ${name}")
    made = subprocess.run(
        [bash, "-c", f'printf %s "{expression}"'], env={name: value}, capture_output=True, check=False, timeout=10
    )
    return made.stdout.decode("utf-8", "surrogateescape")
