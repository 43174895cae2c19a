"""The register: every clause of the contract by its id, and what is not tested, with the reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Final

from contract.kit.config import DEPTHS, SOAK, FromOne, Table, Text, UsageError, WrongError, field, read_toml, repeated

DEFAULT: Final = Path(__file__).parents[2] / "clauses.toml"

_FLOORS: Final = [depth for depth in DEPTHS if depth != SOAK]
"""Depths that every clause has a floor for; a soak judges those only that have one for it."""
_ID: Final = re.compile(r"(?P<family>[A-Z]+)-[0-9]{3}")


class Level(StrEnum):
    """How binding a clause is (RFC 2119)."""

    MUST = "MUST"
    SHOULD = "SHOULD"


class Family(Table, frozen=True):
    """Clauses about one thing; `id` is the first part of theirs."""

    id: Text
    title: Text


class Clause(Table, frozen=True):
    """One claim that conforming answers fulfil.

    `needs`: what a run has to be given, by the names in `Register.needs`. `floor`: the fewest exchanges,
    by depth, that have to be judged; for a soak only where one judges it. `excluded`: why it is not tested, or
    empty. `together`: why no fault can break this clause alone, or empty.
    """

    id: Text
    level: Level
    sentence: Text
    source: Text
    needs: tuple[str, ...] = ()
    floor: dict[str, FromOne] = field(default_factory=dict)
    excluded: str = ""
    together: str = ""

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise WrongError("id", "not a family, a dash and three digits")
        if self.excluded:
            for key in ("needs", "floor", "together"):
                if getattr(self, key):
                    raise WrongError(key, "not for a clause that is not tested")
        elif self.floor.keys() - {SOAK} != set(_FLOORS):
            raise WrongError("floor", f"not a table of {', '.join(_FLOORS)}")

    @property
    def family(self) -> str:
        return self.id.partition("-")[0]


class _File(Table, frozen=True):
    family: list[Family]
    clause: list[Clause]
    needs: dict[str, Text] = field(default_factory=dict)


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


def load(path: Path = DEFAULT) -> Register:
    """Read a register (the contract's own by default). UsageError names the file, the row and the key."""
    file = read_toml(path, _File)
    families = [family.id for family in file.family]
    for row in file.clause:
        if row.family not in families:
            raise UsageError(f"{path}: {row.id}: id: there is no family {row.family} ({', '.join(families)})")
        for need in row.needs:
            if need not in file.needs:
                raise UsageError(f"{path}: {row.id}: needs: {need!r} is none of [needs] ({', '.join(file.needs)})")
    for name in repeated([*families, *(row.id for row in file.clause)]):
        raise UsageError(f"{path}: {name}: id: stands twice")
    return Register(tuple(file.family), tuple(file.clause), MappingProxyType(file.needs))
