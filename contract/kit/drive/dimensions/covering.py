"""Which requests are sent of a space: every pair of values in as few as it takes, the same ones in each run."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from contract.kit.drive.dimensions.value import Dimension, Point, Value

T = TypeVar("T")
GOLDEN: Final = 0.618033988749895
"""The step that leaves the smallest gaps (a low-discrepancy sequence)."""


def pairs(dimensions: Sequence[Dimension]) -> list[Point]:
    """Points of good values alone, in which each two values of two dimensions meet.

    An orthogonal array of strength two (Bush 1952): for a prime p the p² rows (a, b) with a + k·b (mod p) in
    column k, and b in the last, hold every pair of digits in every two of p + 1 columns. Small dimensions share a
    column, as the digits of one number, while their product is at most p.
    """
    size = max((len(one.good) for one in dimensions), default=1)
    order = next(prime for prime in _primes(size) if len(_packed(dimensions, prime)) <= prime + 1)
    columns = _packed(dimensions, order)
    found = []
    for a, b in itertools.product(range(order), repeat=2):
        digits = [*((a + k * b) % order for k in range(order)), b]
        chosen: dict[str, Value] = {}
        for column, digit in zip(columns, digits, strict=False):
            rest = digit
            for one in column:
                rest, at = divmod(rest, len(one.good))
                chosen[one.name] = one.good[at]
        found.append(Point.of(chosen))
    return list({tuple(point.names.items()): point for point in found}.values())


def _primes(least: int) -> Iterator[int]:
    for number in itertools.count(max(least, 2)):
        if all(number % factor for factor in range(2, number)):
            yield number


def _packed(dimensions: Iterable[Dimension], order: int) -> list[list[Dimension]]:
    """The dimensions in columns, the largest first, each where it fits."""
    columns: list[list[Dimension]] = []
    room: list[int] = []
    for one in sorted(dimensions, key=lambda one: -len(one.good)):
        needs = len(one.good)
        at = next((at for at, left in enumerate(room) if left >= needs), None)
        if at is None:
            at = len(columns)
            columns.append([])
            room.append(order)
        columns[at].append(one)
        room[at] //= needs
    return columns


def singles(dimensions: Sequence[Dimension]) -> list[Point]:
    """Points of good values alone, in which each value stands once or more."""
    count = max((len(one.good) for one in dimensions), default=1)
    return [Point.of({one.name: one.good[at % len(one.good)] for one in dimensions}) for at in range(count)]


def beside(
    dimension: Dimension, chosen: Iterable[Value], others: Sequence[Dimension], *, company: bool = False
) -> Iterator[Point]:
    """Points with one of the `chosen` values of a dimension, each once or more, the rest good.

    Each family of them meets every good value of each other dimension that may stand beside it. `company`: and the
    either ones that take nothing from a refusal.
    """
    rest = {one.name: one.company if company else one.good_company for one in others if one.name != dimension.name}
    longest = max(map(len, rest.values()), default=1)
    for number, family in enumerate(families(chosen).values()):
        for at in range(max(len(family), longest)):
            # Shifted from family to family, so that they do not all meet the same company first.
            good = {
                name: values[(at + number * shift) % len(values)] for shift, (name, values) in enumerate(rest.items())
            }
            yield Point.of({**good, dimension.name: family[at % len(family)]})


def some(
    dimension: Dimension, chosen: Iterable[Value], others: Sequence[Dimension], places: Callable[[int], list[int]]
) -> Iterator[Point]:
    """Points with some values of each family, the rest good. `places`: which of so many."""
    rest = [one for one in others if one.name != dimension.name]
    number = 0
    for family in families(chosen).values():
        for at in places(len(family)):
            number += 1
            good = {one.name: one.good_company[number % len(one.good_company)] for one in rest}
            yield Point.of({**good, dimension.name: family[at]})


def turns(dimension: Dimension, chosen: Mapping[str, Sequence[Value]]) -> Callable[[int], list[int]]:
    """Which values of each family a dimension sends where those that have the same families take turns.

    `chosen`: the values of each dimension by its name.
    """

    def kinds(name: str) -> list[str]:
        return [family.replace(name, "") for family in families(chosen[name])]

    alike = [name for name in chosen if kinds(name) == kinds(dimension.name)]
    first = alike.index(dimension.name)
    return lambda count: list(range(first % count, count, len(alike)))


def families(values: Iterable[Value]) -> dict[str, list[Value]]:
    """The values by their families, in the order given."""
    found: dict[str, list[Value]] = {}
    for value in values:
        found.setdefault(value.family or value.name, []).append(value)
    return found


Placed = tuple[str, Value]
"""A value with the name of its dimension."""


def two_at_once(
    first: Sequence[Sequence[Placed]], second: Iterable[Sequence[Placed]], whole: Sequence[Dimension], times: int = 2
) -> Iterator[Point]:
    """Points with two values that are not good: one of each group of `second` with one of each of `times` of `first`.

    Which of a group differs from point to point, and which groups of `first` from group to group; the rest is good.
    """
    number = 0
    for twos in second:
        for _ in range(min(times, len(first))):
            ones = first[number % len(first)]
            # A group meets others of a group each time that it comes round.
            turn = number // len(first)
            yield _together([_far_apart(ones, turn), twos[number % len(twos)]], whole, number)
            number += 1


def _far_apart(group: Sequence[T], turn: int) -> T:
    """One of a group for each turn; those of turns near each other stand far apart in it."""
    return group[int(turn * GOLDEN % 1 * len(group))]


def each_two(
    groups: Mapping[str, Sequence[Sequence[Placed]]], whole: Sequence[Dimension], *, alike: bool = False
) -> Iterator[Point]:
    """Points with two values that are not good: each two dimensions meet, and each group of the one some of the other.

    `groups` of values by their dimension. A member and one within it are not changed together. `alike`: where two
    groups are as large, each value of the one meets that in its place in the other.
    """
    number = 0
    for (name, ones), (other, twos) in itertools.combinations(groups.items(), 2):
        if other.startswith(f"{name}.") or name.startswith(f"{other}."):
            continue
        for at in range(max(len(ones), len(twos))):
            one, two = ones[at % len(ones)], twos[at % len(twos)]
            for _ in range(len(one) if alike and len(one) == len(two) else 1):
                yield _together([one[number % len(one)], two[number % len(two)]], whole, number)
                number += 1


def _together(chosen: Iterable[Placed], whole: Sequence[Dimension], number: int) -> Point:
    """These values in the order of their dimensions, beside good ones that differ from number to number."""
    odd = dict(chosen)
    good = {
        one.name: one.good_company[(number * (shift + 1)) % len(one.good_company)]
        for shift, one in enumerate(whole)
        if one.name not in odd
    }
    return Point.of({**good, **{one.name: odd[one.name] for one in whole if one.name in odd}})


def by_chance(dimensions: Sequence[Dimension], seed: int, count: int) -> Iterator[Point]:
    """Points of good values drawn at random, the same ones for the same seed: what needs three values to meet."""
    chance = random.Random(seed)
    for _ in range(count):
        yield Point.of({one.name: chance.choice(one.good) for one in dimensions})
