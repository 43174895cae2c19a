"""The register: every clause of the contract by its id, and what is not tested, with the reason."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

DEFAULT: Final = Path(__file__).parents[2] / "clauses.toml"

DEPTHS: Final = ("smoke", "gate", "nightly")
SOAK: Final = "soak"
"""A depth that judges some clauses only: those that have a floor for it."""

_KEYS: Final = frozenset({"id", "level", "sentence", "source"})

_ID: Final = re.compile(r"(?P<family>[A-Z]+)-[0-9]{3}")


class RegisterError(Exception):
    """The register cannot be used; one line that names the file, the row and the key."""


class Level(StrEnum):
    """How binding a clause is (RFC 2119)."""

    MUST = "MUST"
    SHOULD = "SHOULD"


@dataclass(frozen=True, slots=True)
class Family:
    """Clauses about one thing; `id` is the first part of theirs."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One claim that conforming answers fulfil.

    `needs`: what a run has to be given, by the names in `Register.needs`. `floor`: the fewest exchanges,
    by depth, that have to be judged; for a soak only where one judges it. `excluded`: why it is not tested, or
    empty. `together`: why no fault can break this clause alone, or empty.
    """

    id: str
    level: Level
    sentence: str
    source: str
    needs: tuple[str, ...] = ()
    floor: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    excluded: str = ""
    together: str = ""

    @property
    def family(self) -> str:
        return self.id.partition("-")[0]


@dataclass(frozen=True)
class Register:
    """The rows in the order of the file. `needs`: each name and what it stands for."""

    families: tuple[Family, ...]
    rows: tuple[Clause, ...]
    needs: Mapping[str, str]

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses that are tested."""
        return tuple(row for row in self.rows if not row.excluded)

    @cached_property
    def excluded(self) -> tuple[Clause, ...]:
        return tuple(row for row in self.rows if row.excluded)

    @cached_property
    def _by_id(self) -> dict[str, Clause]:
        return {row.id: row for row in self.rows}

    def __contains__(self, clause: str) -> bool:
        return clause in self._by_id

    def __getitem__(self, clause: str) -> Clause:
        """The row of an id; KeyError where there is none."""
        return self._by_id[clause]


def load(path: Path | None = None) -> Register:
    """Read a register (the contract's own by default). Raises RegisterError."""
    file = path if path is not None else DEFAULT
    try:
        content = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise RegisterError(f"{file}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RegisterError(f"{file.name}: {error}") from None
    return _Reading(file.name, content).register()


class _Reading:
    def __init__(self, file: str, content: dict[str, Any]) -> None:
        self.file = file
        self.content = content

    def register(self) -> Register:
        self.only(self.content, {"needs", "family", "clause"}, "the file")
        needs = self.content.get("needs", {})
        families = tuple(self.family(row, place) for row, place in self.table("family"))
        self.unique([family.id for family in families])
        known = [family.id for family in families]
        rows = tuple(self.clause(row, place, known, needs) for row, place in self.table("clause"))
        self.unique([row.id for row in rows])
        return Register(families, rows, MappingProxyType(needs))

    def table(self, name: str) -> list[tuple[dict[str, Any], str]]:
        rows = self.content.get(name)
        if not isinstance(rows, list) or not rows:
            raise self.error("the file", name, "missing, or not a list of tables")
        return [(row, str(row.get("id", f"{name} {number}"))) for number, row in enumerate(rows, 1)]

    def family(self, row: dict[str, Any], place: str) -> Family:
        self.only(row, {"id", "title"}, place)
        return Family(self.text(row, "id", place), self.text(row, "title", place))

    def clause(self, row: dict[str, Any], place: str, families: list[str], needs: Mapping[str, str]) -> Clause:
        untested = "excluded" in row
        self.only(row, _KEYS | ({"excluded"} if untested else {"needs", "floor", "together"}), place)
        name = self.text(row, "id", place)
        form = _ID.fullmatch(name)
        if form is None or form["family"] not in families:
            raise self.error(place, "id", f"not a family ({', '.join(families)}), a dash and three digits")
        level = self.text(row, "level", place)
        if level not in list(Level):
            raise self.error(place, "level", f"{level!r} is neither MUST nor SHOULD")
        wanted = row.get("needs", [])
        if not isinstance(wanted, list) or not all(need in needs for need in wanted):
            raise self.error(place, "needs", f"not a list of names from [needs] ({', '.join(needs)})")
        return Clause(
            id=name,
            level=Level(level),
            sentence=self.text(row, "sentence", place),
            source=self.text(row, "source", place),
            needs=tuple(wanted),
            floor=MappingProxyType({} if untested else self.floor(row, place)),
            excluded=self.text(row, "excluded", place) if untested else "",
            together=self.text(row, "together", place) if "together" in row else "",
        )

    def floor(self, row: dict[str, Any], place: str) -> dict[str, int]:
        floor = row.get("floor")
        if not isinstance(floor, dict) or sorted(set(floor) - {SOAK}) != sorted(DEPTHS):
            raise self.error(place, "floor", f"not a table of {', '.join(DEPTHS)}")
        for depth, fewest in floor.items():
            if type(fewest) is not int or fewest < 1:
                raise self.error(place, f"floor.{depth}", f"{fewest!r} is not a number from 1")
        return floor

    def text(self, row: dict[str, Any], key: str, place: str) -> str:
        value = row.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(place, key, "missing, empty, or not a string")
        return value

    def only(self, row: dict[str, Any], known: frozenset[str] | set[str], place: str) -> None:
        for key in row:
            if key not in known:
                raise self.error(place, key, "not a key of such a row")

    def unique(self, names: list[str]) -> None:
        for name in names:
            if names.count(name) > 1:
                raise self.error(name, "id", "stands twice")

    def error(self, place: str, key: str, message: str) -> RegisterError:
        return RegisterError(f"{self.file}: {place}: {key}: {message}")
