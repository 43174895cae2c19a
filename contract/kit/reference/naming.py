"""From a name to a reference: DIALECT, MUTANT, DIALECT+MUTANT, DIALECT,option=value,...+MUTANT."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from contract.kit.reference.dialect import DEPARTURES, DIALECTS, OPTION_NAMES, Options, with_value
from contract.kit.reference.fault import Mutant
from contract.kit.reference.mutants import CATALOGUE


class UnknownReference(ValueError):  # noqa: N818
    """A name that stands for no reference; the message is one line and names what comes near."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What a name stands for."""

    name: str
    options: Options
    mutant: Mutant | None


def mutants() -> dict[str, Mutant]:
    """Every mutant by its name, in the order of the families."""
    return dict(CATALOGUE)


def dialects() -> dict[str, Options]:
    """Every dialect by its name."""
    return dict(DIALECTS)


def parse_name(name: str) -> Reference:
    """The reference of that name. UnknownReference when there is none.

    A mutant alone stands in the dialect that it needs, or in `documented`.
    """
    front, plus, mutant_name = name.partition("+")
    dialect_name, *settings = front.split(",")
    if not plus and dialect_name in CATALOGUE:
        mutant_name, dialect_name = dialect_name, CATALOGUE[dialect_name].dialect or "documented"
    if dialect_name not in DIALECTS:
        raise _unknown(dialect_name, [*DIALECTS, *([] if plus else CATALOGUE)])
    if mutant_name not in CATALOGUE and (plus or mutant_name):
        raise _unknown(mutant_name, list(CATALOGUE))
    options = DIALECTS[dialect_name]
    for setting in settings:
        option, _, value = setting.partition("=")
        if option not in OPTION_NAMES:
            raise _unknown(option, list(OPTION_NAMES), "option")
        if option in DEPARTURES and not options.zstack:
            raise UnknownReference(f"{option} departs from the contract: only ZStack's dialects have it")
        try:
            options = with_value(options, option, value)
        except ValueError as wrong:
            raise UnknownReference(str(wrong)) from None
    mutant = CATALOGUE.get(mutant_name)
    if mutant is not None and mutant.dialect and DIALECTS[mutant.dialect].zstack != options.zstack:
        raise UnknownReference(f"the mutant {mutant.name} needs the dialect {mutant.dialect}")
    return Reference(name, options, mutant)


def _unknown(name: str, known: list[str], kind: str = "reference") -> UnknownReference:
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.6)
    hint = f"; near: {', '.join(near)}" if near else f"; there are {', '.join(known[:4])}, ..."
    return UnknownReference(f"no {kind} is named {name!r}{hint}")
