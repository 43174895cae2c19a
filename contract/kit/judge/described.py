"""What the description asks of the members of an error, as rules use it: a validator, and its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from jsonschema_rs import Validator, validator_for

from contract.kit.exchange import Promises

_WORDS: Final = {"null": "null", "object": "an object"}


@dataclass(frozen=True, slots=True)
class Form:
    """What a member has to be. `words`: "null or a string", "a string like SYS.1000"."""

    words: str
    _validator: Validator

    def fits(self, value: object) -> bool:
        """Return True if the value, None where the member is absent, is as described."""
        return self._validator.is_valid(value)


@cache
def error_forms(promises: Promises) -> Mapping[str, Form]:
    """By name, each member of an error but those that are errors themselves."""
    return {name: Form(_words(schema), validator_for(dict(schema))) for name, schema in promises.error.items()}


def _words(schema: Mapping[str, Any]) -> str:
    types = schema["type"]
    named = sorted([types] if isinstance(types, str) else types, key=lambda one: one != "null")
    said = " or ".join(_WORDS.get(one, f"a {one}") for one in named)
    likes = schema.get("examples", ())
    return f"{said} like {' or '.join(likes)}" if likes else said
