"""Which points of a space are sent: each two values of two dimensions meet."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping

import pytest

from contract.kit.description import load
from contract.kit.drive.dimensions import Dimension, Point, Value, covering, space
from contract.kit.drive.dimensions.value import dimension
from contract.kit.exchange import Expect

SPACE = space(load())
WHOLE = list(SPACE.values())
BAD = [one for one in WHOLE if any(value.expect is not Expect.SUCCESS for value in one.values)]


def met(points: Iterable[Point], dimensions: Mapping[str, Dimension]) -> set[frozenset[tuple[str, str]]]:
    """Every two values of two dimensions that stand together in a point, the plain ones too."""
    found = set()
    for point in points:
        whole = [(name, point.names.get(name, one.values[0].name)) for name, one in dimensions.items()]
        found |= {frozenset(two) for two in itertools.combinations(whole, 2)}
    return found


def made(*sizes: int) -> list[Dimension]:
    """Dimensions of so many good values each."""
    return [
        dimension(f"dimension {at}", [Value(f"value {number}") for number in range(1, size)])
        for at, size in enumerate(sizes)
    ]


def two_by_two(dimensions: list[Dimension]) -> set[frozenset[tuple[str, str]]]:
    """Every two good values of two dimensions."""
    return {
        frozenset({(one.name, first.name), (other.name, second.name)})
        for one, other in itertools.combinations(dimensions, 2)
        for first in one.good
        for second in other.good
    }


@pytest.mark.parametrize(
    "dimensions",
    [made(2, 2), made(3), made(5, 4, 3, 2, 2), made(13, 13, 13, 7), made(*[4] * 20), made(1, 1, 6), WHOLE],
    ids=lambda dimensions: "-".join(str(len(one.good)) for one in dimensions),
)
def test_every_pair_of_good_values_stands_in_a_point(dimensions: list[Dimension]) -> None:
    points = covering.pairs(dimensions)
    assert two_by_two(dimensions) <= met(points, {one.name: one for one in dimensions})
    assert {point.expect for point in points} == {Expect.SUCCESS}
    longest = max(len(one.good) for one in dimensions)
    assert len(points) <= 2 * (longest + len(dimensions)) ** 2


def test_the_whole_space_takes_no_more_points_than_its_longest_dimensions_ask_for() -> None:
    longest = sorted(len(one.good) for one in WHOLE)[-2:]
    assert len(covering.pairs(WHOLE)) <= longest[0] * longest[1] * 1.2


def test_every_good_value_stands_alone_or_in_company_in_the_shorter_list() -> None:
    sent = [point.names for point in covering.singles(WHOLE)]
    for one in WHOLE:
        found = {names.get(one.name, "plain") for names in sent}
        assert found == {value.name for value in one.good}, one.name


@pytest.mark.parametrize("one", BAD, ids=lambda one: one.name)
def test_every_family_of_other_values_meets_every_good_value(one: Dimension) -> None:
    others = [other for other in WHOLE if other is not one]
    chosen = [value for value in one.values if value.expect is not Expect.SUCCESS]
    families = covering.families(chosen)
    points = list(covering.beside(one, chosen, others))
    assert {point.names[one.name] for point in points} == {value.name for value in chosen}
    family_of = {value.name: family for family, values in families.items() for value in values}
    for other in others:
        met = {(family_of[point.names[one.name]], point.names.get(other.name, "plain")) for point in points}
        assert met == {(family, value.name) for family in families for value in other.good_company}, other.name
    assert all(len([v for v in point.chosen.values() if v.expect is not Expect.SUCCESS]) == 1 for point in points)


def test_what_is_refused_meets_large_bodies_too_where_that_is_asked_for() -> None:
    credentials = SPACE["credentials"]
    points = covering.beside(credentials, credentials.judged_by("AUTH-001", Expect.REFUSAL), WHOLE, company=True)
    sizes = {(point.chosen["credentials"].family, point.names.get("size", "plain")) for point in points}
    families = covering.families(credentials.judged_by("AUTH-001", Expect.REFUSAL))
    assert sizes == {(family, value.name) for family in families for value in SPACE["size"].company}
    assert len(SPACE["size"].company) > len(SPACE["size"].good)


def placed(name: str, clause: str) -> list[list[covering.Placed]]:
    """The bad values of a dimension, by their families."""
    found = covering.families(SPACE[name].judged_by(clause, Expect.REFUSAL)).values()
    return [[(name, value) for value in family] for family in found]


def bad(point: Point) -> int:
    return [value.expect for value in point.chosen.values()].count(Expect.REFUSAL)


@pytest.mark.parametrize("times", [1, 2, 100])
def test_two_at_once_are_one_of_each_group_with_one_of_some_others(times: int) -> None:
    ones, twos = placed("credentials", "AUTH-002"), placed("schedulerTriggerUuid", "PATH-004")
    points = list(covering.two_at_once(ones, twos, WHOLE, times))
    met = {(point.chosen["credentials"].family, point.chosen["schedulerTriggerUuid"].family) for point in points}
    assert len(met) == len(points) == min(times, len(ones)) * len(twos)
    assert {one for one, _ in met} == {family[0][1].family for family in ones}
    assert {bad(point) for point in points} == {2}
    assert len({point.chosen["credentials"].name for point in points}) > len(ones) or times == 1


def test_each_two_dimensions_meet_in_what_is_bad_but_a_member_and_one_within_it() -> None:
    names = {"params": "BODY-003", "params.triggerNow": "BODY-004", "systemTags": "BODY-005", "userTags": "BODY-005"}
    groups = {name: placed(name, clause) for name, clause in names.items()}
    points = list(covering.each_two(groups, WHOLE))
    met = {frozenset(names.keys() & point.chosen.keys()) & frozenset(_bad_ones(point)) for point in points}
    assert met == {frozenset(two) for two in itertools.combinations(names, 2)} - {
        frozenset({"params", "params.triggerNow"})
    }
    assert {bad(point) for point in points} == {2}
    for name, families in groups.items():
        assert {point.chosen[name].family for point in points if name in _bad_ones(point)} == {
            family[0][1].family for family in families
        }


def _bad_ones(point: Point) -> set[str]:
    return {name for name, value in point.chosen.items() if value.expect is Expect.REFUSAL}


def test_chance_draws_the_same_for_the_same_seed_and_reaches_three_at_once() -> None:
    drawn = [dict(point.names) for point in covering.by_chance(WHOLE, 7, 300)]
    assert drawn == [dict(point.names) for point in covering.by_chance(WHOLE, 7, 300)]
    assert drawn != [dict(point.names) for point in covering.by_chance(WHOLE, 8, 300)]
    wanted = {
        "framing": "chunked, 7 bytes each",
        "order": "members in reverse",
        "params.triggerNow": "params.triggerNow true",
    }
    assert any(wanted.items() <= names.items() for names in drawn)
