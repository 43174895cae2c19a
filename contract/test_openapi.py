"""The description, driven by schemathesis: bodies that only a reader of the schema thinks of, and its opinion.

A second opinion: a complaint of schemathesis counts where no rule of the contract finds fault with the answer.
"""

from __future__ import annotations

from typing import Any

import pytest

from contract.kit.drive import Drive, by_schema
from contract.kit.exchange import Expect
from contract.kit.judge import broken_by_every_rule


@pytest.mark.clause("ENV-006")
@pytest.mark.needs("write")
@pytest.mark.parametrize("allowed", [True, False], ids=["allowed", "not allowed"])
def test_answer_is_as_described(drive: Drive, allowed: bool) -> None:
    pair = drive.unused_pair()
    path = {name: str(value) for name, value in drive.values(pair).items()}
    told = f"a body that the description {'allows' if allowed else 'does not allow'}"

    def each(case: Any) -> None:
        exchange = drive.send(path, by_schema.sending(case, told), expect=Expect.EITHER)
        blamed = broken_by_every_rule(exchange)
        drive.judge(exchange, complaints=() if blamed else by_schema.complaints(case, exchange))

    drive.for_examples(20, each, by_schema.cases(drive.operation, path, allowed=allowed), in_order=True)
    drive.forget(pair)
