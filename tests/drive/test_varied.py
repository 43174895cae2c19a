"""What is sent of the space reaches the target as it is meant to."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.kit.drive import Sending, Varied
from contract.kit.drive.dimensions import Point
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


@pytest.mark.parametrize("given", [account, lent])
def test_what_comes_after_a_refusal_on_its_connection_goes_over_a_kept_one(tmp_path: Path, given: Given) -> None:
    with opened("documented", "gate", tmp_path, given) as (_, drive):
        drive.begin(("PATH-001",), "here")
        varied = Varied(drive)
        points = [
            Point.of({"connection": value}) for value in drive.space["connection"].good if "refusal" in value.name
        ]
        varied.add_all(points * 8)
        after = [one for one in drive.traffic if one.expect is Expect.SUCCESS]
    assert len(after) == 8 * len(points) > 0
    assert all(one.on_kept_connection for one in after)


@pytest.mark.parametrize(("given", "seen"), [(account, 0), (lent, 2)])
def test_the_one_pair_is_looked_at_after_each_success(tmp_path: Path, given: Given, seen: int) -> None:
    """It is freed for the next request: nothing of this one is left at the end of the run."""
    with opened("query-trial-makes-nothing", "gate", tmp_path, given) as (_, drive):
        drive.begin(("PATH-007",), "here")
        for query in ("?dryRun=true", ""):
            drive.add(Sending(query=query))
    assert [one.request.target.partition("?")[2] for one, _ in drive.known.seen] == ["dryRun=true", ""][:seen]
    assert [bool(sighting.present_in) for _, sighting in drive.known.seen] == [False, True][:seen]
