"""A plain good request beside one that a bare 502, 503 or 504 answers: is it the request, or the way?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from contract.kit.drive.client import Client
from contract.kit.drive.sending import Sending, built
from contract.kit.exchange import Expect, Outcome, Scope, outcome
from contract.kit.target import Pair
from contract.kit.wire import TargetGone


@dataclass
class Witness:
    """`associated`: pairs that are associated already, so that adding one again changes nothing."""

    client: Client
    associated: Callable[[], list[Pair]]

    def __call__(self) -> bool:
        """Return True if the endpoint itself answers: a success or a failure for an associated pair, or a failure for
        unknown resources where the run has no such pair. It changes nothing, and nothing of it is judged."""
        known, client = self.associated(), self.client
        values = client.values(known[-1] if known else Pair.unknown())
        request = built(client.operation, client.estate.access.credential, values, Sending())
        try:
            exchange = client.wire.send(*request, scope=Scope.SIBLING, expect=Expect.EITHER, retry=False)
        except TargetGone:
            return False
        missing = not known and exchange.answer is not None and exchange.answer.status == 404
        return outcome(exchange) in (Outcome.GRANTED, Outcome.FAILURE) or (missing and exchange.trouble is None)
