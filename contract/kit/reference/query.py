"""The sibling Query calls: `?q=name=...&q=uuid~=...&fields=uuid` over job groups and triggers."""

from __future__ import annotations

import re
from collections.abc import Iterable

_CONDITION = re.compile(r"([A-Za-z]+)(!=|\?=|~=|=)(.*)", re.DOTALL)


class BadCondition(ValueError):  # noqa: N818
    """A `q` that is not field, operator, value, or names a field that is not there."""


def select(known: Iterable[dict[str, object]], items: list[tuple[str, str]]) -> tuple[list[dict[str, object]], int]:
    """The rows that meet every `q`, cut by `start` and `limit`, and how many met it. BadCondition if bad.

    `fields` names the members that are wanted; without it they all are.
    """
    found = list(known)
    total_of = len(found)
    for name, value in items:
        if name == "q":
            found = [row for row in found if _meets(row, value)]
            total_of = len(found)
    start = _number(items, "start", 0)
    limit = _number(items, "limit", 1000)
    wanted = {name for key, value in items if key == "fields" for name in value.split(",")}
    rows = found[start : start + limit]
    if wanted:
        rows = [{name: value for name, value in row.items() if name in wanted} for row in rows]
    return rows, total_of


def _meets(row: dict[str, object], condition: str) -> bool:
    parsed = _CONDITION.fullmatch(condition)
    if parsed is None:
        raise BadCondition(f"not a condition: {condition}")
    field, operator, wanted = parsed.groups()
    if field not in row:
        raise BadCondition(f"no field {field}")
    value = str(row[field])
    if operator == "=":
        return value == wanted
    if operator == "!=":
        return value != wanted
    if operator == "?=":
        return value in wanted.split(",")
    pattern = "".join({"%": ".*", "_": "."}.get(char, re.escape(char)) for char in wanted)
    return re.fullmatch(pattern, value, re.DOTALL | re.IGNORECASE) is not None


def _number(items: list[tuple[str, str]], name: str, otherwise: int) -> int:
    for key, value in items:
        if key == name:
            if not value.isdecimal():
                raise BadCondition(f"{name} is not a number")
            return int(value)
    return otherwise
