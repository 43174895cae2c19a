"""ENV: what holds for every answer of the endpoint."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from contract.kit.drive import Drive, Sending, Values, holds_throughout
from contract.kit.drive.strategies import bodies
from contract.kit.exchange import Exchange, Expect, Outcome, Scope, outcome
from contract.kit.judge import FOLLOWED
from contract.kit.target import Pair

A_MOMENT = 0.05
"""Seconds in which a server that closes the connection after a refusal has closed it."""


test_error_is_null_exactly_when_inventory_is_present = holds_throughout("ENV-001")


test_success_is_200_at_once = holds_throughout("ENV-002")


test_json_body_is_one_well_formed_document = holds_throughout("ENV-003")


test_json_body_is_labelled_as_json = holds_throughout("ENV-004")


test_server_error_is_a_503_with_a_failure = holds_throughout("ENV-005")


test_json_object_is_the_envelope = holds_throughout("ENV-006")


test_request_is_answered_in_time = holds_throughout("ENV-007")


@pytest.mark.clause("ENV-007", "AUTH-009")
@pytest.mark.needs("write")
def test_connection_is_usable_after_a_refusal(drive: Drive) -> None:
    operation = drive.operation
    auth = operation.auth
    pair = drive.unused_pair()
    long = bodies.put(operation.example_body, ("padding",), "x" * 50_000)
    unknown = dict.fromkeys(operation.path_parameters, "0" * 32)
    refusals: tuple[tuple[Pair | Values, Sending], ...] = (
        (pair, Sending(long, authorization=[], case="no credentials and a long body")),
        (
            drive.values(pair),
            Sending(authorization=[(auth.header, f"{auth.scheme} {'0' * 32}")], case="unknown session"),
        ),
        ({**drive.values(pair), operation.path_parameters[-1]: "x"}, Sending(case="a malformed UUID")),
        (pair, Sending(b'{"', case="malformed JSON")),
        (pair, Sending(b"", case="an empty body")),
        (unknown, Sending(long, case="unknown resources and a long body")),
        (pair, Sending(method="PUT", scope=Scope.NEIGHBOUR, case="another method")),
        (
            drive.values(pair),
            Sending(target=f"{drive.path(drive.values(pair))}/x", scope=Scope.NEIGHBOUR, case="another path"),
        ),
    )
    either = [
        Sending(long, content_type="text/html", case="a content type that may be refused"),
        Sending(headers=[("Accept", "image/png")], case="an Accept that may be refused"),
        Sending(long, headers=[("Content-Encoding", "x-unknown")], case="a coding that may be refused"),
    ]
    if not drive.way.proxied:
        either.append(Sending(long, headers=[("Expect", "x-unknown")], case="an Expect that may be refused"))

    def may_refuse(sending: Sending) -> Exchange:
        return drive.add(sending, expect=Expect.EITHER)[1]

    first: list[tuple[Sending, Callable[[Sending], Exchange]]] = [
        *((sending, partial(drive.refuse, values)) for values, sending in refusals),
        *((sending, may_refuse) for sending in either),
    ]

    def each(kind: tuple[int, tuple[Sending, Callable[[Sending], Exchange]]]) -> None:
        at, (sending, send) = kind
        lane = f"kind {at}"
        case = f"after {sending.case}, on the same connection"
        for _ in drive.rounds(3):
            followings: list[Exchange] = []
            while len(followings) < FOLLOWED and all(one.resent for one in followings):
                refusal = send(replace(sending, lane=lane))
                if followings:
                    time.sleep(A_MOMENT)
                followings.append(drive.add(Sending(case=case, lane=lane))[1])
            drive.judge(refusal=refusal, followings=followings)
            if followings[-1].trouble is None and outcome(refusal) is not Outcome.GRANTED:
                drive.judge(followings[-1], refusal=refusal, clause="AUTH-009")

    # The kinds side by side; what comes after a refusal stays in its order.
    drive.for_each(list(enumerate(first)), each)
