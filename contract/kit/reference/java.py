"""How Java names, prints and trims values, as ZStack's texts show it."""

from __future__ import annotations

from typing import Any

_BLANKS = "".join(map(chr, range(0x21)))


def trim(text: str) -> str:
    """`text` without the control characters and spaces at its ends; a no-break space stays."""
    return text.strip(_BLANKS)


def class_of(value: object) -> str:
    """The class that the reader makes of a value of this kind."""
    if isinstance(value, bool):
        return "java.lang.Boolean"
    if isinstance(value, int):
        return "java.lang.Long"
    if isinstance(value, float):
        return "java.lang.Double"
    if isinstance(value, str):
        return "java.lang.String"
    return "java.util.ArrayList" if isinstance(value, list) else "com.google.gson.internal.LinkedTreeMap"


def cast(value: object, wanted: str) -> str:
    """The text of a cast that fails."""
    return f"{class_of(value)} cannot be cast to {wanted}"


def printed(value: Any) -> str:
    """A value as `toString` prints it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(printed, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}={printed(inner)}" for name, inner in value.items()) + "}"
    return str(value)
