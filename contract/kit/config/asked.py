"""One value of what a run was asked for: the option, the variable or the target's file, the first that is given."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from typing import Final

from contract.kit.config.target_file import TargetFile
from contract.kit.config.usage import UsageError

PREFIX: Final = "CONTRACT_"
WORDS: Final = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


class Asked:
    """Looks values up by name and checks their form; UsageError names where a wrong one stands."""

    def __init__(self, options: Mapping[str, str], environ: Mapping[str, str]) -> None:
        self._options, self._environ = options, environ
        self.file: TargetFile | None = None

    def _given(self, name: str) -> tuple[str, str] | None:
        """Value and where it stands."""
        if name in self._options:
            return self._options[name], f"--{name.replace('_', '-')}"
        variable = PREFIX + name.upper()
        value = self._environ.get(variable)
        return (value, variable) if value or (value == "" and name == "target") else None

    def place(self, name: str) -> str:
        """Where a value that was given stands."""
        given = self._given(name)
        return given[1] if given is not None else name

    def text(self, name: str) -> str | None:
        given = self._given(name)
        if given is None:
            return self.file.text(name) if self.file is not None else None
        value, where = given
        if not value.strip():
            raise UsageError(f"{where} is empty; leave it out or give a value")
        return value.strip()

    def flag(self, name: str) -> bool:
        given = self._given(name)
        if given is None:
            return self.file is not None and bool(getattr(self.file.given, name, False))
        value, where = given
        if value.strip().lower() not in WORDS:
            raise UsageError(f"{where} is 1, 0, true, false, yes or no, not {value!r}")
        return WORDS[value.strip().lower()]

    def number(self, name: str) -> float | None:
        given = self._given(name)
        if given is None:
            return getattr(self.file.given, name, None) if self.file is not None else None
        value, where = given
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not 0 < number < math.inf:
            raise UsageError(f"{where} is a number above 0, not {value!r}")
        return number

    def secret(self, name: str) -> str | None:
        """From the environment only: CONTRACT_NAME, or the variable that the target's file names for it."""
        named = self.file.variable(name) if self.file is not None else None
        for variable in (PREFIX + name.upper(), named or ""):
            if value := self._environ.get(variable):
                return _sound(value, variable, in_a_header=name not in ("account", "password"))
        return None


def _sound(value: str, variable: str, *, in_a_header: bool) -> str:
    """A secret that can be sent as it is. UsageError, which never shows it, for one that was set by mistake."""
    if value != value.strip():
        raise UsageError(f"{variable} begins or ends with white space or a line end; set it without")
    if any(unicodedata.category(one) == "Cc" for one in value):
        raise UsageError(f"{variable} holds a line end or another control character; set it without")
    if any(unicodedata.category(one) == "Cs" for one in value):
        raise UsageError(f"{variable} holds bytes that are not UTF-8; set it again")
    if in_a_header and not all("!" <= one <= "~" for one in value):
        raise UsageError(f"{variable} holds characters that cannot stand in a header or a path; set it again")
    return value
