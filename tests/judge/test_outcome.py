"""The kinds of answer, and the words for them."""

from __future__ import annotations

from typing import Any

import pytest

from contract.kit.exchange import Outcome, describe, outcome
from contract.kit.exchange.exchange import Exchange, Scope, TroubleKind
from tests.judge.build import answered, error, exchange, failed, granted, inventory, job, response, troubled
from tests.judge.kinds import KINDS


@pytest.mark.parametrize(("kind", "found"), [(kind, found) for kind, _, found in KINDS], ids=[row[1] for row in KINDS])
def test_each_answer_is_of_its_kind(kind: Outcome, found: Exchange) -> None:
    assert outcome(found) is kind


UUIDS = {"schedulerJobGroupUuid": "0" * 32, "schedulerTriggerUuid": "1" * 32}


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        (Outcome.REJECTION, {"target": "/v1/a/../x", "path_values": UUIDS}),
        (Outcome.REJECTION, {"target": "/v1//x", "path_values": UUIDS}),
        (Outcome.REJECTION, {"target": "/v1/x%2Fy", "path_values": UUIDS}),
        (Outcome.REJECTION, {"target": "/v1/x/", "path_values": UUIDS}),
        (Outcome.REJECTION, {"path_values": {**UUIDS, "schedulerTriggerUuid": "1" * 33}}),
        (Outcome.REJECTION, {"path_values": UUIDS, "scope": Scope.NEIGHBOUR}),
        (Outcome.STRAY, {"path_values": UUIDS}),
        (Outcome.STRAY, {"path_values": UUIDS, "target": "/v1/x?path=a//b/../%2F"}),
    ],
)
def test_a_redirect_to_a_cleaned_path_rejects_a_malformed_one_alone(kind: Outcome, facts: dict[str, Any]) -> None:
    came = response(308, b"", content_type=None, headers=[("Location", "/v1/cleaned")])
    assert outcome(exchange(came, **{"target": "/v1/x", **facts})) is kind


def test_every_kind_has_answers() -> None:
    assert {kind for kind, _, _ in KINDS} == set(Outcome)


WORDS = (
    (exchange(), "no answer"),
    (troubled(TroubleKind.TIMEOUT), "no answer (timeout: told by the library: timeout)"),
    (troubled(TroubleKind.GATEWAY, response(502, b"")), "HTTP 502 with no body"),
    (granted(), "HTTP 200 with an inventory"),
    (answered(200, {"inventory": inventory(), "error": error()}), "HTTP 200 with both an inventory and an error"),
    (failed(503), "HTTP 503 with the error SYS.1003: A resource can not be found"),
    (failed(error=error(code=None, description=["x"])), "HTTP 200 with the error without one: list"),
    (failed(error=error(description="d" * 80)), "HTTP 200 with the error SYS.1003: " + "d" * 80),
    (failed(error=error(description="d" * 81)), "HTTP 200 with the error SYS.1003: " + "d" * 79 + "…"),
    (job(200, {"inventory": inventory()}), "HTTP 202, and its job ended with HTTP 200 with an inventory"),
    (job(404, b"expired"), "HTTP 202, accepted, and the outcome is never told (its job: HTTP 404)"),
    (answered(200, b"{"), "HTTP 200 with a body that cannot be read as JSON"),
    (answered(404, b"no\nway", content_type="text/plain"), "HTTP 404 (text/plain, 6 bytes): no way"),
    (answered(200, b"x" * 60, content_type=None), "HTTP 200 (no content type, 60 bytes): " + "x" * 60),
    (answered(200, b"x" * 61, content_type=None), "HTTP 200 (no content type, 61 bytes): " + "x" * 60 + "…"),
    (answered(200, b"x" * 1061, content_type=None), "HTTP 200 (no content type, 1,061 bytes): " + "x" * 60 + "…"),
    (answered(200, b"\xff", content_type=None), "HTTP 200 (no content type, 1 bytes): �"),
    (answered(200, {}), "HTTP 200 (application/json, 2 bytes): {}"),
)


@pytest.mark.parametrize(("found", "words"), WORDS, ids=[str(at) for at in range(len(WORDS))])
def test_an_answer_in_words(found: Exchange, words: str) -> None:
    assert describe(found) == words
