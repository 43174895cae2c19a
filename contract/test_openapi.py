"""The description, driven by schemathesis: bodies that only a reader of the schema thinks of, and its opinion.

Chosen of its checks: the schema of the answer and the documented statuses. Our rules run beside them as a
check of their own, and a complaint of schemathesis counts where they find nothing: a second opinion.
Left out, since they contradict the contract: not_a_server_error (503 carries failures), ignored_auth and
missing_required_header (401 and 403 are not promised), unsupported_method (DELETE is an operation of its
own), content_type_conformance (no Content-Type conforms), negative_data_rejection and
positive_data_acceptance (unknown members and null are either), and those that link operations (there is one).
"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from requests import Request
from schemathesis.checks import CheckContext
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.openapi.checks import JsonSchemaError, UndefinedStatusCode
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from contract.kit.drive import Drive, Sending
from contract.kit.exchange import Exchange, Expect
from contract.kit.judge import broken_by_every_rule

COUNTED = (JsonSchemaError, UndefinedStatusCode)
"""The failures of the chosen checks that speak of the answer itself; the rest have rules of their own."""


class AnswerOf(schemathesis.Response):
    """An exchange as schemathesis sees answers."""

    def __init__(self, exchange: Exchange) -> None:
        answer, request = exchange.answer, exchange.request
        assert answer is not None
        headers: dict[str, list[str]] = {}
        for name, value in answer.headers:
            headers.setdefault(name, []).append(value)
        prepared = Request(request.method, f"http://target{request.target}", dict(request.headers)).prepare()
        super().__init__(answer.status, headers, answer.body, prepared, answer.elapsed, verify=True)
        self.exchange = exchange


class BrokenByRule(Failure):
    """A rule of the contract finds fault: it is reported under its own clause."""


@schemathesis.check
def rules_of_the_contract(_context: CheckContext, response: schemathesis.Response, case: Any) -> bool | None:
    if isinstance(response, AnswerOf) and broken_by_every_rule(response.exchange):
        raise BrokenByRule(operation=case.operation.label, message="broken by a rule of the contract")
    return None


CHOSEN = [response_schema_conformance, status_code_conformance, rules_of_the_contract]


def complaints(case: Any, exchange: Exchange) -> tuple[str, ...]:
    """What schemathesis alone finds wrong with an answer, a line each."""
    if exchange.answer is None or exchange.trouble is not None:
        return ()
    try:
        case.validate_response(AnswerOf(exchange), checks=CHOSEN)
    except FailureGroup as group:
        found = group.exceptions
        if any(isinstance(failure, BrokenByRule) for failure in found):
            return ()
        return tuple(str(failure).partition("\n")[0] for failure in found if isinstance(failure, COUNTED))
    return ()


@pytest.mark.clause("ENV-006")
@pytest.mark.needs("write")
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["allowed", "not allowed"])
def test_answer_is_as_described(drive: Drive, mode: GenerationMode) -> None:
    operation = drive.operation
    schema = schemathesis.openapi.from_dict(operation.bundled())
    described = schema[operation.path][operation.method]
    pair = drive.unused_pair()
    path = {name: str(value) for name, value in drive.values(pair).items()}

    def each(case: Any) -> None:
        body = case.body if not isinstance(case.body, schemathesis.core.NotSet) else b""
        what = "allows" if mode is GenerationMode.POSITIVE else "does not allow"
        sending = Sending(body, content_type=case.media_type, case=f"a body that the description {what}")
        exchange = drive.send(path, sending, expect=Expect.EITHER)
        drive.judge(exchange, complaints=complaints(case, exchange))

    made = described.as_strategy(generation_mode=mode, path_parameters=path, headers={}, query={}, cookies={})
    drive.for_examples(20, each, made, in_order=True)
    drive.forget(pair)
