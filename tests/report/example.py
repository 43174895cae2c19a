"""A run of the imagination in which everything happened once: what the reports are tried on."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Final

from contract.kit.verdict.results import (
    ClauseRow,
    ExchangeRow,
    Footer,
    Header,
    Latency,
    Message,
    Results,
    State,
    VerdictWord,
    ViolationRow,
)
from contract.kit.waive import WaiverRow

GROUP: Final = "6f1c2d3e4b5a69788796a5b4c3d2e1f0"
TRIGGER: Final = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
PATH: Final = f"/zstack/v1/scheduler/jobgroups/{GROUP}/scheduler/triggers/{TRIGGER}"
ENDPOINT: Final = (
    "POST /zstack/v1/scheduler/jobgroups/{schedulerJobGroupUuid}/scheduler/triggers/{schedulerTriggerUuid}"
)

SENTENCES: Final = {
    "PATH": [
        "Existing UUIDs are associated, and the inventory carries each of them in its own member",
        "An unknown job group or trigger is a failure or a 404, never an inventory",
        "A resource of the wrong kind is a failure or a 404, never an inventory",
        "A malformed UUID never succeeds and never crashes the server",
        "Another method never makes the association and never answers 5xx",
        "A near-miss path never makes the association and never answers 5xx",
        "Nothing but the path names the two resources",
    ],
    "AUTH": [
        "A request without a token, or with another scheme, is refused",
        "An unknown or altered session is refused",
        "A session in the query, a cookie or the body does not stand in for the header",
        "A session is refused after logout",
        "A refused request has no effect",
        "A refused request tells nothing about the resources",
        "Every shape of the body is guarded alike",
        "The header's name is matched without regard to case",
        "A refusal does not disturb the good request after it",
        "A header value that is not ASCII, or is very long, is refused without a crash",
        "A session UUID never comes back in an answer",
    ],
    "ENV": [
        "`error` is null exactly when `inventory` is present",
        "A good request's answer is 200 and immediate",
        "A JSON body is one well-formed document",
        "A JSON body is not labelled as something else",
        "No answer is 5xx but a 503 that carries a failure",
        "A JSON object is the envelope",
        "Every request is answered in time and the connection stays usable",
    ],
    "ERR": [
        "`code` looks like SYS.1000",
        "`description` and `details` are strings",
        "`elaboration` is null or a string, `opaque` null or an object",
        "`cause` is null or an error of the same shape",
        "The chain of causes ends and repeats nothing",
        "The same failing request gives the same code each time",
        "`description` and `details` carry no stack trace and no SQL",
    ],
    "INV": [
        "The four members are there, and the UUIDs are 32 lower-case hex digits",
        "The dates are timestamps in a known form",
        "createDate is not after lastOpDate",
        "Adding again never answers earlier dates",
    ],
    "BODY": [
        "The page's example is accepted with both content types",
        "`triggerNow`, `systemTags` and `userTags` may each be left out",
        "`params` missing, null or not an object is refused",
        "`triggerNow` that is not a boolean is refused",
        "Tags that are not a list are refused",
        "Malformed JSON is refused without a crash",
        "Unknown members do not crash the server",
        "Very large bodies are answered in time without a crash",
        "A refused body has no effect",
    ],
    "STATE": [
        "Adding the same pair again is a success or a failure, never a crash",
        "After a success the association is there, after a failure it is not",
        "Adds of one pair side by side: each an envelope, at least one succeeds",
        "Adds of different pairs side by side each echo their own pair",
        "Hundreds of requests on one session keep being answered",
        "An answer that is wrong now and then is caught",
    ],
}


def request(
    body: str = '{"params":{"triggerNow":true}}',
    *,
    line: str = f"POST {PATH}",
    auth: str | None = "OAuth $CONTRACT_SESSION",
) -> Message:
    headers = [("Content-Type", "application/json;charset=UTF-8")]
    if auth is not None:
        headers.insert(0, ("Authorization", auth))
    return Message(line, headers, body, size=len(body.encode()))


def answer(status: int, body: object, *, kind: str = "application/json") -> Message:
    text = body if isinstance(body, str) else json.dumps(body)
    return Message(
        f"HTTP {status}", [("Content-Type", kind)], text, size=len(text.encode()), elapsed=0.0042, status=status
    )


def error(code: str, description: str, details: str, cause: object = None) -> dict[str, object]:
    return {
        "code": code,
        "description": description,
        "details": details,
        "elaboration": None,
        "opaque": None,
        "cause": cause,
    }


def curl(body: str = '{"params":{"triggerNow":true}}', auth: str = "") -> str:
    return (
        f"curl -sS -i --path-as-is -g -X POST {auth}-H 'Content-Type: application/json;charset=UTF-8' "
        f"--data-raw '{body}' 'http://127.0.0.1:8080{PATH}'"
    )


SESSION_HEADER: Final = "-H 'Authorization: OAuth '\"$CONTRACT_SESSION\" "

NO_HEADER: Final = ViolationRow(
    expected="a refusal: a failure, or a rejection with 400, 401, 403, ...",
    actual="200 with an inventory",
    pointer="/inventory",
    exchange=ExchangeRow(
        17,
        request(auth=None),
        answer(
            200,
            {
                "inventory": {
                    "schedulerJobGroupUuid": GROUP,
                    "schedulerTriggerUuid": TRIGGER,
                    "createDate": "Nov 14, 2017 10:20:57 PM",
                    "lastOpDate": "Nov 14, 2017 10:20:57 PM",
                }
            },
        ),
        case="no Authorization header",
    ),
    curl=curl(),
    count=3,
    status=200,
)

STRING_CAUSE: Final = ViolationRow(
    expected="null, or an error with code, description and details",
    actual="the string 'A resource can not be found'",
    pointer="/error/cause/cause",
    exchange=ExchangeRow(
        41,
        request("{}"),
        answer(
            503,
            {
                "error": error(
                    "SYS.1006",
                    "An operation failed",
                    "the job group cannot be scheduled",
                    error(
                        "SYS.1003",
                        "A resource can not be found",
                        "trigger is gone",
                        "A resource can not be found",
                    ),
                )
            },
        ),
        case="an unknown trigger",
    ),
    curl=curl("{}", SESSION_HEADER),
    count=12,
    status=503,
    causes=[
        "SYS.1006 An operation failed: the job group cannot be scheduled",
        "SYS.1003 A resource can not be found: trigger is gone",
        "'A resource can not be found'",
    ],
)

CRASH: Final = ViolationRow(
    expected="no 5xx but a 503 that carries a failure",
    actual="500 with text/html",
    pointer="",
    exchange=ExchangeRow(
        77,
        request('{"params":{"triggerNow":'),
        answer(
            500,
            "<html><body><h1>HTTP Status 500 – Internal Server Error</h1><pre>com.google.gson."
            "JsonSyntaxException: java.io.EOFException</pre></body></html>",
            kind="text/html;charset=utf-8",
        ),
        case="malformed JSON: cut in the middle",
        outcome="crash",
    ),
    curl=curl('{"params":{"triggerNow":', SESSION_HEADER),
    count=1,
    status=500,
)

JOB: Final = ViolationRow(
    expected="200, at once",
    actual="202 with a location: the answer came later",
    pointer="/location",
    exchange=ExchangeRow(
        5,
        request(),
        answer(202, {"apiTimeout": 1800000, "location": "http://127.0.0.9:8080/zstack/v1/api-jobs/abc"}),
        job=answer(200, {"inventory": {"schedulerJobGroupUuid": GROUP, "schedulerTriggerUuid": TRIGGER}}),
        case="the page's example",
    ),
    curl=curl(auth=SESSION_HEADER),
    count=96,
    waiver="ZSTAC-60001",
    status=200,
)

AGAIN: Final = ViolationRow(
    expected="the same code each time",
    actual="SYS.1003, then SYS.1006",
    pointer="/error/code",
    exchange=ExchangeRow(120, request(), answer(503, {"error": error("SYS.1006", "d", "x")}), case="asked again"),
    curl=curl(auth=SESSION_HEADER),
    count=1,
    beside=[ExchangeRow(119, request(), answer(503, {"error": error("SYS.1003", "d", "x")}), case="asked first")],
    causes=["SYS.1006 d: x"],
    status=503,
)

STATES: Final[dict[str, tuple[State, str, list[ViolationRow]]]] = {
    "AUTH-001": (State.VIOLATED, "", [NO_HEADER]),
    "ERR-004": (State.VIOLATED, "", [STRING_CAUSE]),
    "ERR-006": (State.VIOLATED, "", [AGAIN]),
    "ENV-005": (State.VIOLATED, "", [CRASH]),
    "ENV-002": (State.WAIVED, "", [JOB]),
    "AUTH-004": (State.NOT_APPLICABLE, "the run was not given an account, so it cannot log out", []),
    "STATE-002": (State.NOT_JUDGED, "the target's queries answer 404, so no association can be seen", []),
    "STATE-003": (State.ERROR, "KeyError: 'pair' in the suite's own code", []),
}


def header(**changes: object) -> Header:
    plain = Header(
        suite_version="0.1.0",
        description_digest="sha256:5d41402abc4b2a76b9719d911017c592aabbccddeeff00112233445566778899",
        target={
            "name": "staging",
            "url": "http://127.0.0.1:8080",
            "kind": "file",
            "mode": "session",
            "version": "5.2.0",
            "endpoint": ENDPOINT,
        },
        settings={"depth": "gate", "waivers": "zstack-5.2", "request_timeout": 5.0},
        depth="gate",
        seed=0,
        run_id="3f9c21d4",
        start="2026-03-02T01:00:00Z",
        end="2026-03-02T01:00:09Z",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def rows(states: dict[str, tuple[State, str, list[ViolationRow]]]) -> list[ClauseRow]:
    made = []
    for family, sentences in SENTENCES.items():
        for number, sentence in enumerate(sentences, 1):
            name = f"{family}-{number:03d}"
            state, reason, violations = states.get(name, (State.PASS, "", []))
            judged = 0 if state in (State.NOT_JUDGED, State.NOT_APPLICABLE, State.ERROR) else 6 + number
            made.append(
                ClauseRow(
                    name,
                    family,
                    "SHOULD" if name == "ERR-007" else "MUST",
                    sentence,
                    "the vendor's page, Response",
                    state,
                    judged,
                    reason,
                    violations,
                    [f"contract/test_{family.lower()}.py::test_{number}"],
                    ExchangeRow(number, request(), answer(200, {"inventory": {"schedulerJobGroupUuid": GROUP}}))
                    if judged and not violations
                    else None,
                    errors=[reason] if state is State.ERROR else [],
                    inapplicable=[reason] if state is State.NOT_APPLICABLE else [],
                    unjudged=[reason] if state is State.NOT_JUDGED else [],
                )
            )
    return made


def footer(clauses: list[ClauseRow], verdict: VerdictWord, status: int, why: str = "") -> Footer:
    counts = Counter(str(row.state) for row in clauses)
    return Footer(dict(counts), 312, verdict, status, why)


def results(
    states: dict[str, tuple[State, str, list[ViolationRow]]] | None = None,
    verdict: VerdictWord = VerdictWord.NOT_CONFORMANT,
    status: int = 1,
    why: str = "4 clauses are broken and a waiver is stale",
    *,
    waivers: bool = True,
) -> Results:
    """The run; with other states, verdict and exit status where they are given."""
    clauses = rows(STATES if states is None else states)
    return Results(
        header(),
        clauses,
        footer(clauses, verdict, status, why),
        waivers=[
            WaiverRow(
                "ENV-002",
                "the real server answers through a job",
                "ZSTAC-60001",
                "backup team",
                "2026-01-10",
                "2026-03-20",
                96,
                "used",
            ),
            WaiverRow(
                "BODY-003",
                "params may be missing",
                "ZSTAC-60002",
                "backup team",
                "2025-06-01",
                "2025-12-01",
                0,
                "stale",
                past_review=True,
            ),
            WaiverRow(
                "STATE-002",
                "not seen at once",
                "ZSTAC-60003",
                "backup team",
                "2026-01-10",
                "2026-12-01",
                0,
                "not exercised",
            ),
        ]
        if waivers
        else [],
        trouble={"timeout": 2, "renewed": 1},
        cleanup={"made": 6, "removed": 5, "left": ["contract-3f9c21d4-group-1"]},
        notices=["the target closed the connection after each answer"],
        latency={"p50": 0.0041, "p95": 0.012, "p99": 0.04, "max": 0.31},
        latencies={
            "good requests": Latency(96, 0.004, 0.011, 0.02, 0.02, [0, 4, 60, 28, 4, *[0] * 9]),
            "to be refused, AUTH": Latency(216, 0.0042, 0.012, 0.04, 0.31, [0, 0, 150, 50, 14, 1, 0, 0, 1, *[0] * 5]),
        },
        excluded=[{"id": "BODY-010", "sentence": "Unknown members are tolerated", "reason": "either conforms"}],
    )


def conformant() -> Results:
    return results({}, VerdictWord.CONFORMANT, 0, "every clause was judged and holds", waivers=False)
