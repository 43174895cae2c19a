"""Bodies that only a reader of the description's schemas thinks of, and its opinion of the answers: schemathesis.

Chosen of its checks: the schema of the answer and the documented statuses. Left out, since they contradict the
contract: not_a_server_error (503 carries failures), ignored_auth and missing_required_header (401 and 403 are not
promised), unsupported_method (DELETE is an operation of its own), content_type_conformance (no Content-Type conforms),
negative_data_rejection and positive_data_acceptance (unknown members and null are either), and those that link
operations (there is one).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import schemathesis
from hypothesis import strategies as st
from requests import Request
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode
from schemathesis.openapi.checks import JsonSchemaError, UndefinedStatusCode
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from contract.kit.description import Operation
from contract.kit.drive.sending import Sending
from contract.kit.exchange import Exchange

CHOSEN: Final = [response_schema_conformance, status_code_conformance]
COUNTED: Final = (JsonSchemaError, UndefinedStatusCode)
"""Of what they complain of, what the answer itself shows; the rest have rules of their own."""


def cases(operation: Operation, path: Mapping[str, str], *, allowed: bool) -> st.SearchStrategy[Any]:
    """Requests for one path, as schemathesis has them, with bodies that the description allows or does not allow."""
    mode = GenerationMode.POSITIVE if allowed else GenerationMode.NEGATIVE
    described = schemathesis.openapi.from_dict(operation.bundled())[operation.path][operation.method]
    return described.as_strategy(generation_mode=mode, path_parameters=dict(path), headers={}, query={}, cookies={})


def sending(case: Any, told: str) -> Sending:
    """The body of a case, to be sent."""
    body = case.body if not isinstance(case.body, schemathesis.core.NotSet) else b""
    return Sending(body, content_type=case.media_type, case=told)


def complaints(case: Any, exchange: Exchange) -> tuple[str, ...]:
    """What schemathesis finds wrong with an answer, a line each."""
    if exchange.answer is None or exchange.trouble is not None:
        return ()
    try:
        case.validate_response(_answer(exchange), checks=CHOSEN)
    except FailureGroup as group:
        return tuple(str(one).partition("\n")[0] for one in group.exceptions if isinstance(one, COUNTED))
    return ()


def _answer(exchange: Exchange) -> schemathesis.Response:
    """An exchange as schemathesis sees answers."""
    answer, request = exchange.answer, exchange.request
    assert answer is not None
    headers: dict[str, list[str]] = {}
    for name, value in answer.headers:
        headers.setdefault(name, []).append(value)
    prepared = Request(request.method, f"http://target{request.target}", dict(request.headers)).prepare()
    return schemathesis.Response(answer.status, headers, answer.body, prepared, answer.elapsed, verify=True)
