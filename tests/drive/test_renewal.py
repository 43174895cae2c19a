"""A session that ends in the middle of a run is renewed however often, and never blamed on a clause."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import pytest

from contract.kit.drive import Renewal
from contract.kit.exchange import Expect
from contract.kit.target import Access
from contract.kit.wire import TargetGone
from tests.judge.build import error, failed, granted

ENDED = error(code="ID.1001")


@dataclass
class Sessions:
    """A target's answers about sessions: the n-th session, whether it is alive, and whether another can be had."""

    number: int = 1
    living: bool | None = True
    can_login: bool = True
    asked: list[str] = field(default_factory=list)

    @property
    def token(self) -> str:
        return str(self.number)

    def alive(self) -> bool | None:
        self.asked.append(self.token)
        return self.living

    def renew(self) -> bool:
        if self.can_login:
            self.number, self.living = self.number + 1, True
        return self.can_login


def renewal(sessions: Sessions, apart: float = 0.0) -> Renewal:
    return Renewal(cast(Access, sessions), apart=apart)


def test_a_session_is_renewed_as_often_as_it_ends() -> None:
    sessions = Sessions()
    found = renewal(sessions, apart=-1.0)
    for number in range(2, 7):
        sessions.living = False
        assert found.ended(failed(error=ENDED, expect=Expect.SUCCESS), sessions.token)
        assert sessions.number == number


def test_a_session_that_ends_at_once_again_is_not_renewed() -> None:
    sessions = Sessions(living=False)
    found = renewal(sessions, apart=3600.0)
    assert found.ended(failed(error=ENDED, expect=Expect.SUCCESS), "1")
    sessions.living = False
    assert not found.ended(failed(error=ENDED, expect=Expect.SUCCESS), "2")
    assert sessions.number == 2


def test_a_request_beside_the_one_that_renewed_is_sent_again_too() -> None:
    sessions = Sessions(number=2)
    assert renewal(sessions).ended(failed(error=ENDED, expect=Expect.SUCCESS), "1")
    assert sessions.asked == []


def test_a_session_that_cannot_be_renewed_is_blamed_on_no_clause() -> None:
    found = renewal(Sessions(living=False, can_login=False))
    with pytest.raises(TargetGone, match="cannot be renewed"):
        found.ended(failed(error=ENDED, expect=Expect.SUCCESS), "1")


@pytest.mark.parametrize("living", [True, None])
def test_a_good_session_is_not_renewed_for_a_failure(living: bool | None) -> None:
    sessions = Sessions(living=living)
    assert not renewal(sessions).ended(failed(expect=Expect.SUCCESS), "1")
    assert not renewal(sessions).ended(granted(), "1")
    assert sessions.number == 1


def test_a_refusal_that_looks_as_to_a_bad_session_is_looked_into_until_it_is_known() -> None:
    sessions = Sessions()
    found = renewal(sessions)
    refused = failed(error=ENDED, expect=Expect.REFUSAL)
    assert not found.ended(refused, "1")
    assert sessions.asked == []
    found.learn(refused)
    sessions.living = False
    assert found.ended(refused, "1")
    assert not found.ended(refused, "2")
    assert not found.ended(refused, "2")
    assert sessions.asked == ["1", "2"]
