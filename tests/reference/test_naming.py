"""Names of references: what they stand for, and what is said of those that stand for nothing."""

from __future__ import annotations

import pytest

from contract.kit.reference import UnknownReference, dialects, mutants, parse_name
from contract.kit.reference.dialect import BOUNDS, DEPARTURES, OPTION_NAMES, Options, words


def test_the_dialects() -> None:
    assert list(dialects()) == ["documented", "zstack-5.2", "zsvirt"]
    assert parse_name("documented").options == Options()
    assert parse_name("zstack-5.2").options.kind == "zstack-5.2"
    assert parse_name("zstack-5.2").mutant is None


def test_a_mutant_alone_stands_in_documented() -> None:
    reference = parse_name("env-success-empty")
    assert reference.options == Options()
    assert reference.mutant is mutants()["env-success-empty"]


def test_a_mutant_alone_stands_in_the_dialect_that_it_needs() -> None:
    assert parse_name("job-lost").options.kind == "zstack-5.2"
    assert parse_name("zsvirt+job-lost").options.kind == "zsvirt"


def test_a_mutant_stands_in_a_dialect_with_options() -> None:
    reference = parse_name("documented,failure_status=200,nulls=written,causes=3+env-success-empty")
    assert reference.options == Options(failure_status="200", nulls="written", causes=3)
    assert reference.mutant is mutants()["env-success-empty"]


def test_a_mutant_alone_takes_options() -> None:
    reference = parse_name("env-success-empty,delay=5")
    assert (reference.options, reference.mutant) == (Options(delay=5), mutants()["env-success-empty"])


def test_a_reference_keeps_its_name() -> None:
    assert parse_name("zstack-5.2,delay=5").name == "zstack-5.2,delay=5"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("documentd", "documented"),
        ("zstack", "zstack-5.2"),
        ("env-succes-empty", "env-success-empty"),
        ("documented+env-succes-empty", "env-success-empty"),
        ("documented,failure-status=200", "failure_status"),
        ("documented,failure_status=500", "failure_status is one of 503, 200, rest, 400, not '500'"),
        ("documented,causes=7", "causes is a whole number from 0 to 6, not '7'"),
        ("documented,causes=many", "causes is a whole number from 0 to 6, not 'many'"),
        ("documented,causes", "causes is a whole number from 0 to 6, not ''"),
        ("documented+job-lost", "job-lost needs the dialect zstack-5.2"),
        ("documented+", "no reference is named ''"),
        ("", "no reference is named ''"),
        ("documented,outcome=lost", "outcome departs from the contract: only ZStack's dialects have it"),
        ("documented,kind=zstack-5.2", "no option is named 'kind'"),
    ],
)
def test_an_unknown_name_is_told_with_what_comes_near(name: str, said: str) -> None:
    with pytest.raises(UnknownReference) as caught:
        parse_name(name)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("option", OPTION_NAMES)
def test_every_option_takes_every_value_of_its_own(option: str) -> None:
    values = words(option) or [str(bound) for bound in BOUNDS[option]]
    for value in values:
        dialect = "zstack-5.2" if option in DEPARTURES else "documented"
        assert str(getattr(parse_name(f"{dialect},{option}={value}").options, option)) == value


def test_bounds_are_for_numbers_only() -> None:
    assert BOUNDS.keys() == {option for option in OPTION_NAMES if not words(option)}
