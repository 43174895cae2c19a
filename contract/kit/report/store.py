"""results.json on disk: written whole or not at all, read back as the types it was written from."""

from __future__ import annotations

import json
import os
import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from contract.kit.config import UsageError
from contract.kit.verdict import Results

NAME: Final = "results.json"


def write(results: Results, folder: Path) -> Path:
    """Write `results.json` into `folder` (made where it is missing) and return its path.

    A reader never sees half a file: it is written beside its place and renamed into it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    # ASCII, since a header's value may hold what no UTF-8 can say.
    put(path, json.dumps(results.as_json(), indent=1) + "\n")
    return path


def put(path: Path, text: str) -> None:
    """Write a text file by rename, in UTF-8; what UTF-8 cannot say is written as an escape."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def read(path: Path) -> Results:
    """The results in `path`, a results.json or a folder that holds one.

    Raises `UsageError` where it is missing, is not JSON, lacks its footer (the run did not end) or has
    another shape. Members that this version does not know are passed over.
    """
    if path.is_dir():
        path /= NAME
    try:
        plain = json.loads(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); give a results.json of a run") from None
    except (ValueError, RecursionError):
        raise UsageError(f"{path}: not JSON; give a results.json of a run") from None
    if not isinstance(plain, dict) or not isinstance(plain.get("footer"), dict):
        raise UsageError(f"{path}: has no footer, so the run did not end; run it again")
    try:
        results = _build(Results, plain, "")
    except _ShapeError as error:
        raise UsageError(f"{path}: {error}; give a results.json of this suite") from None
    assert isinstance(results, Results)
    return results


class _ShapeError(Exception):
    """What is wrong, and at which member."""


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _build(kind: Any, value: Any, where: str) -> Any:
    """`value` (plain JSON) as `kind`, one of the few kinds of types that results are made of."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in _GENERIC:
        return _GENERIC[origin](arguments, value, where)
    if is_dataclass(kind):
        return _record(typing.cast(type, kind), _is(dict, value, where), where)
    if kind is Any:
        return value
    if issubclass(kind, StrEnum):
        if value not in list(kind):
            raise _ShapeError(f"{where} is none of {', '.join(kind)}")
        return kind(value)
    return float(value) if kind is float and type(value) is int else _is(kind, value, where)


def _optional(arguments: tuple[Any, ...], value: Any, where: str) -> Any:
    return None if value is None else _build(arguments[0], value, where)


def _list(arguments: tuple[Any, ...], value: Any, where: str) -> Any:
    return [_build(arguments[0], item, f"{where}/{at}") for at, item in enumerate(_is(list, value, where))]


def _dict(arguments: tuple[Any, ...], value: Any, where: str) -> Any:
    return {key: _build(arguments[1], item, f"{where}/{key}") for key, item in _is(dict, value, where).items()}


def _tuple(arguments: tuple[Any, ...], value: Any, where: str) -> Any:
    items = _is(list, value, where)
    if len(items) != len(arguments):
        raise _ShapeError(f"{where} has not {len(arguments)} items")
    return tuple(_build(part, item, where) for part, item in zip(arguments, items, strict=True))


_GENERIC: Final = {types.UnionType: _optional, list: _list, dict: _dict, tuple: _tuple}


def _record(cls: type, plain: dict[str, Any], where: str) -> Any:
    hints = _hints(cls)
    given: dict[str, Any] = {}
    for each in fields(cls):
        if each.name in plain:
            given[each.name] = _build(hints[each.name], plain[each.name], f"{where}/{each.name}")
        elif each.default is MISSING and each.default_factory is MISSING:
            raise _ShapeError(f"{where}/{each.name} is missing")
    return cls(**given)


def _is(kind: type, value: Any, where: str) -> Any:
    # A JSON true is an int to Python.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise _ShapeError(f"{where or 'the document'} is not a {kind.__name__}")
    return value
