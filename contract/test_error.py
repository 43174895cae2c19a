"""ERR: what holds for every error and every cause under it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from contract.kit.drive import (
    ANY_BODY,
    BAD_BODIES,
    BAD_CREDENTIALS,
    BAD_ENDS,
    Drive,
    Sending,
    Values,
    Varied,
    holds_throughout,
)
from contract.kit.drive.strategies import bodies

TWICE = 20
"""Bodies that are wrong in two ways."""
NOBODY = UUID(int=0xC0FFEE_0000_4000_8000_000000000000, version=4).hex
"""A well-formed UUID that names nothing, the same in every run."""


test_code_is_dotted_words_and_a_number = holds_throughout("ERR-001")


test_description_and_details_are_strings = holds_throughout("ERR-002")


test_reserved_members_are_null_or_of_their_type = holds_throughout("ERR-003")


test_cause_is_null_or_an_error = holds_throughout("ERR-004")


test_chain_of_causes_ends = holds_throughout("ERR-005")


@pytest.mark.clause("ERR-006")
def test_the_same_failing_requests_are_sent_again_and_again(drive: Drive) -> None:
    operation = drive.operation
    auth = operation.auth
    pair = drive.unused_pair()
    known = drive.values(pair)
    sendings: list[tuple[Values, Sending]] = [
        ({**known, name: NOBODY}, Sending(case=f"unknown {name}")) for name in operation.path_parameters
    ]
    sendings.append((known, Sending(authorization=[(auth.header, f"{auth.scheme} {NOBODY}")], case="unknown session")))
    sendings.append((known, Sending(authorization=[], case="no credentials")))
    for place in drive.members_of("boolean") + drive.members_of("array"):
        wrong = bodies.put(operation.example_body, place.names, {"not": "so"})
        sendings.append((known, Sending(wrong, case=f"{place} is an object")))
    varied = Varied(drive)
    others = [
        varied.request(pair, point)
        for clause in (*BAD_CREDENTIALS, *BAD_ENDS, *ANY_BODY)
        for point in varied.each_family(clause, company=False)
    ]
    twice = varied.each_two_bad(BAD_BODIES)
    others += [varied.request(pair, point) for point in twice[:: len(twice) // TWICE + 1]]

    def each(made: tuple[Values, Sending]) -> None:
        drive.refuse(*made)

    for number in drive.rounds(14):
        every = sendings + others if number < 2 else sendings
        if number % 2:
            # A connection's first request, where those before went over kept ones.
            every = [(values, replace(one, lane=f"{number}, {at}")) for at, (values, one) in enumerate(every)]
        drive.for_each(every, each)


test_same_failing_request_gives_the_same_code = holds_throughout("ERR-006")


test_description_and_details_carry_no_stack_trace_and_no_sql = holds_throughout("ERR-007")
