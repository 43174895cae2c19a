"""What is sent of the space reaches the target as it is meant to."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.kit.drive import Varied
from contract.kit.exchange import Expect, Outcome, outcome
from tests.drive.test_model import Given, account, lent, opened


@pytest.mark.parametrize("given", [account, lent])
def test_a_request_that_is_let_in_does_not_hide_the_next(tmp_path: Path, given: Given) -> None:
    """Adding again fails on this target: what is let in for an associated pair looks like what is refused."""
    with opened("body-trigger-now-number-accepted,readd=failure", "gate", tmp_path, given) as (_, drive):
        drive.begin(("BODY-004", "BODY-009"), "here")
        varied = Varied(drive)
        varied.refuse_all(varied.other("BODY-004", Expect.REFUSAL), effects="BODY-009")
        bad = [one for one in drive.traffic if one.expect is Expect.REFUSAL]
        let_in = [one for one in bad if outcome(one) is Outcome.GRANTED]
    assert len({one.case for one in let_in}) > 5
