"""A request as a space: each dimension takes one of its values, and a request is a choice of one for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from contract.kit.description import Operation
from contract.kit.drive.dimensions.writing import Writing
from contract.kit.drive.strategies.identifiers import Identifier
from contract.kit.exchange import Expect, Scope

PLAIN: Final = "plain"
"""The name of the value that every request has where nothing else is said."""


@dataclass(slots=True)
class Draft:
    """A request while its values are put in. What stands here first is the plain good one.

    `values`: what stands for the path's parameters. `session`: the good one. `body`: a JSON value, or bytes to be
    sent as they are. `strangers`: UUIDs of things that exist and that the path does not name.
    """

    operation: Operation
    values: dict[str, str | Identifier]
    session: str
    body: Any
    pair: tuple[str, ...] = ()
    """The UUIDs that the plain request names, in the path's order."""
    strangers: tuple[str, ...] = ()
    deleted: Mapping[str, str] = field(default_factory=dict)
    """UUIDs of what existed and was deleted, by the parameter that it would stand for."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The names of the things in the path, where they are known."""
    authorization: list[tuple[str, str | bytes]] | None = None
    spelling: str | None = None
    content_type: str | None = None
    headers: list[tuple[str, str | bytes]] = field(default_factory=list)
    method: str | None = None
    target: str | None = None
    bodiless: bool = False
    """It goes out without a body, whatever that was to be."""
    query: str = ""
    scope: Scope = Scope.ENDPOINT
    writing: Writing = field(default_factory=Writing)
    chunk: int | None = None
    """Bytes of a chunk, where the body goes out chunked."""
    after: str = ""
    """What was refused on the same connection just before, in words."""
    cookie: str = ""
    """What the target has set, as the header that sends it back."""
    other_session: str | None = None
    """Another good one of the same account."""
    ended_session: str | None = None
    """One that was logged out."""

    def real(self, name: str) -> str:
        """What stands for a parameter of the path, as text."""
        value = self.values[name]
        return value.value if isinstance(value, Identifier) else value


Change = Callable[[Draft], None]


def _nothing(_draft: Draft) -> None:
    """What the plain value does."""


@dataclass(frozen=True, slots=True)
class Value:
    """`name`: in words, its own within the dimension. `clause`: by which it is judged where it is not good.

    Values of one `family` are alike: of bad ones each family stands beside every good value of the other dimensions.
    """

    name: str
    change: Change = _nothing
    expect: Expect = Expect.SUCCESS
    clause: str = ""
    family: str = ""
    company: bool | None = None
    """True if it may stand beside values that are not good. By default good values do and either ones do not (what is
    refused without them is refused with them)."""
    for_proxies: bool = False
    """A proxy on the way may answer it, or make something else of it, in the target's place."""


@dataclass(frozen=True)
class Dimension:
    """`name` in words; `values`: the plain one first."""

    name: str
    values: tuple[Value, ...]

    @cached_property
    def good(self) -> tuple[Value, ...]:
        return tuple(value for value in self.values if value.expect is Expect.SUCCESS)

    @cached_property
    def company(self) -> tuple[Value, ...]:
        """What stands beside a bad value: good ones, and those that are either but take nothing from a refusal."""
        return tuple(
            value for value in self.values if value.company or (value in self.good and value.company is not False)
        )

    @cached_property
    def good_company(self) -> tuple[Value, ...]:
        """The good values of `company`."""
        return tuple(value for value in self.company if value.expect is Expect.SUCCESS)

    def judged_by(self, clause: str, expect: Expect) -> tuple[Value, ...]:
        """Its values of a kind that are judged by a clause."""
        return tuple(value for value in self.values if value.clause == clause and value.expect is expect)


def dimension(name: str, values: Iterable[Value]) -> Dimension:
    """A dimension of the plain value and of these."""
    return Dimension(name, (Value(PLAIN), *values))


@dataclass(frozen=True, slots=True)
class Point:
    """A choice of values, by the names of their dimensions; what is not chosen is plain."""

    chosen: Mapping[str, Value]

    @classmethod
    def of(cls, chosen: Mapping[str, Value]) -> Point:
        """Without what is plain."""
        return cls(MappingProxyType({name: value for name, value in chosen.items() if value.name != PLAIN}))

    @property
    def expect(self) -> Expect:
        """One bad value and it must be refused; otherwise one that is either makes it either."""
        found = {value.expect for value in self.chosen.values()}
        return next((one for one in (Expect.REFUSAL, Expect.EITHER) if one in found), Expect.SUCCESS)

    @property
    def clause(self) -> str:
        """The last of the clauses that its bad values break, or that its values are left free by; empty where all of
        them are good."""
        return max((value.clause for value in self.chosen.values() if value.expect is self.expect), default="")

    @property
    def names(self) -> Mapping[str, str]:
        """Which value of each dimension it has, as plain data."""
        return MappingProxyType({name: value.name for name, value in self.chosen.items()})

    @property
    def told(self) -> str:
        """What is not good about it, in words, but for what only stands beside; all of its values where it is good."""
        odd = [value.name for value in self.chosen.values() if value.expect is not Expect.SUCCESS and not value.company]
        return ", ".join(odd or [value.name for value in self.chosen.values()])

    def without(self, name: str) -> Point:
        """With that dimension back to plain."""
        return Point.of({other: value for other, value in self.chosen.items() if other != name})

    def put(self, draft: Draft) -> Draft:
        """The draft with every value put in."""
        for value in self.chosen.values():
            value.change(draft)
        return draft
