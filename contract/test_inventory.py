"""INV: what holds for every inventory."""

from __future__ import annotations

import pytest

from contract.kit.drive import Drive


@pytest.mark.clause("INV-001")
@pytest.mark.after_all
def test_named_members_are_there(drive: Drive) -> None:
    drive.judge_all()


@pytest.mark.clause("INV-002")
@pytest.mark.after_all
def test_times_are_in_a_known_form(drive: Drive) -> None:
    drive.judge_all()


@pytest.mark.clause("INV-003")
@pytest.mark.after_all
def test_times_are_in_order_and_of_today(drive: Drive) -> None:
    drive.judge_all()


@pytest.mark.clause("INV-004")
@pytest.mark.after_all
def test_adding_again_never_answers_earlier_times(drive: Drive) -> None:
    drive.judge_all()
