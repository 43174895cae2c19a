"""What is done on the way: which malformed paths are good once they are cleaned, and what is kept from a proxy."""

from __future__ import annotations

import pytest

from contract.kit.description import load
from contract.kit.drive.dimensions import space
from contract.kit.drive.sending import Sending
from contract.kit.drive.way import as_cleaned, with_a_double_slash

OPERATION = load()
FIRST, SECOND = OPERATION.path_parameters
REAL = {FIRST: "ec8d2952f8f13747bbbf24f93585a63d", SECOND: "4b5bc56b58623324afe0a57951a96064"}


@pytest.mark.parametrize("name", [FIRST, SECOND])
@pytest.mark.parametrize("before", ["/", "//", "./", "x/../", "/./"])
def test_what_cleaning_takes_away_names_the_pair(name: str, before: str) -> None:
    sending = Sending(case="odd")
    found = as_cleaned(OPERATION, {**REAL, name: before + REAL[name]}, sending)
    assert found is not None
    values, cleaned = found
    assert values == REAL
    assert cleaned.target is not None
    assert "%2F" in cleaned.target
    assert cleaned.case == "odd"


@pytest.mark.parametrize("name", [FIRST, SECOND])
@pytest.mark.parametrize("wrong", ["{}", "{}x", "{}/x", "x/{}", "../{}", "{}/..", "x\\..\\{}", "%2F{}", ".", "x/.."])
def test_what_names_the_pair_at_once_or_never_is_left_alone(name: str, wrong: str) -> None:
    assert as_cleaned(OPERATION, {**REAL, name: wrong.format(REAL[name])}, Sending()) is None


def test_a_path_that_is_written_out_is_left_alone() -> None:
    assert as_cleaned(OPERATION, {**REAL, SECOND: f"//{REAL[SECOND]}"}, Sending(target="/elsewhere")) is None


def test_one_path_has_a_slash_too_many() -> None:
    path = OPERATION.expand(**REAL)
    sent = with_a_double_slash(path).target
    assert sent is not None
    assert sent != path
    assert sent.replace("//", "/") == path


def test_what_is_a_proxys_to_answer_is_kept_from_one() -> None:
    def names(*, proxied: bool) -> set[str]:
        return {value.name for one in space(OPERATION, proxied=proxied).values() for value in one.values}

    gone = names(proxied=False) - names(proxied=True)
    headers = {name.partition(":")[0] for name in gone if ":" in name}
    assert headers == {"Expect", "Max-Forwards", "Range", "TE", "Upgrade"}
    others = {
        "post on the path",
        "Post on the path",
        "TRACE on the path",
        "the session in the header Proxy-Authorization",
    }
    assert {name.partition(",")[0] for name in gone if ":" not in name} == others
    assert "Expect: 100-continue" in names(proxied=True)
    assert names(proxied=True) < names(proxied=False)
