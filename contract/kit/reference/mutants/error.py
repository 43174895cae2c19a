"""ERR: every error, and every cause under it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contract.kit.reference.answers import Answer
from contract.kit.reference.call import Call
from contract.kit.reference.fault import Fault, Mutant, Scene
from contract.kit.reference.mutants.vices import (
    BODY_CHECKS,
    Object,
    changes,
    drops,
    instead_of,
    is_failure,
    on_error,
    puts,
    trigger_now,
)

DEEP = 10_000
TRACE = "java.lang.NullPointerException\n\tat org.zstack.scheduler.Facade.handle(Facade.java:1369)"
SQL = "could not execute statement: INSERT INTO SchedulerJobGroupSchedulerTriggerRefVO (lastOpDate) VALUES (NULL)"


def _cause(**members: object) -> dict[str, Any]:
    """A well-formed cause with some members changed; a member given as ... is left out."""
    cause: dict[str, Any] = {
        "code": "HOST.1001",
        "description": "The host is away",
        "details": "no answer",
        **members,
    }
    return {name: value for name, value in cause.items() if value is not ...}


def _caused_by(cause: object) -> Fault:
    return on_error(puts("cause", cause))


def _chain(length: int) -> Callable[[Object], None]:
    """That many different causes one under the other."""

    def change(error: Object) -> None:
        for number in range(length):
            error["cause"] = _cause(details=f"cause {number}")
            error = error["cause"]

    return change


def _bottomless(answer: Answer) -> None:
    # Written as text: no writer of JSON goes that deep.
    link = b'{"code":"HOST.1001","description":"The host is away","details":"cause %d","cause":'
    chain = b"".join(link % number for number in range(DEEP)) + b"null" + b"}" * DEEP
    head = b'{"error":{"code":"SYS.1000","description":"d","details":"e","cause":'
    answer.body = head + chain + b"}}"


def _circle(error: Object) -> None:
    """The error, a cause, the same error again, the same cause again."""
    again = {name: error[name] for name in ("code", "description", "details")}
    error["cause"] = _cause(cause={**again, "cause": _cause()})


def _itself(error: Object) -> None:
    error["cause"] = {name: error[name] for name in ("code", "description", "details")}


def _alternates(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    if not is_failure(answer) or scene.count("codes") % 2:
        return None
    assert isinstance(answer.document, dict)
    answer.document["error"]["code"] = "SYS.1006"
    return answer


def _by_chance(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    if not is_failure(answer) or answer.code != "SYS.1003":
        return None
    assert isinstance(answer.document, dict)
    answer.document["error"]["code"] = scene.chance.choice(["SYS.1003", "SYS.1006", "SYS.1000"])
    return answer


def _number_by_chance(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    if not is_failure(answer) or scene.chance.random() >= 0.05:
        return None
    assert isinstance(answer.document, dict)
    answer.document["error"]["code"] = 1003
    return answer


def _other_code(answer: Answer) -> None:
    assert isinstance(answer.document, dict)
    answer.document["error"]["code"] = "SYS.1008"


# fmt: off
MUTANTS = (
    Mutant("err-code-number", "code is a number",
           ("ERR-001",), on_error(puts("code", 1003))),
    Mutant("err-code-number-by-chance", "code is a number in one failure in twenty, by lot",
           ("ERR-001", "AUTH-006"), Fault(alter=_number_by_chance)),
    Mutant("err-code-null", "code is null",
           ("ERR-001",), on_error(puts("code", None))),
    Mutant("err-code-missing", "code is left out",
           ("ERR-001",), on_error(drops("code"))),
    Mutant("err-code-empty", "code is empty",
           ("ERR-001",), on_error(puts("code", ""))),
    Mutant("err-code-without-dot", "code is SYS1003",
           ("ERR-001",), on_error(puts("code", "SYS1003"))),
    Mutant("err-code-without-number", "code is RESOURCE_NOT_FOUND",
           ("ERR-001",), on_error(puts("code", "RESOURCE_NOT_FOUND"))),
    Mutant("err-code-only-digits", "code is 404",
           ("ERR-001",), on_error(puts("code", "404"))),
    Mutant("err-code-with-newline", "a newline follows the code",
           ("ERR-001",), on_error(lambda error: puts("code", f"{error['code']}\n")(error))),
    Mutant("err-code-with-text", "text follows the code",
           ("ERR-001",), on_error(lambda error: puts("code", f"{error['code']}: failed")(error))),
    Mutant("err-code-wide-digits", "the code's digits are not ASCII",
           ("ERR-001",), on_error(puts("code", "SYS.１００３"))),
    Mutant("err-code-of-cause-wrong", "the code of a cause is unknown",
           ("ERR-004", "ERR-001"), _caused_by(_cause(code="unknown"))),
    Mutant("err-description-missing", "description is left out",
           ("ERR-002",), on_error(drops("description"))),
    Mutant("err-description-null", "description is null",
           ("ERR-002",), on_error(puts("description", None))),
    Mutant("err-description-object", "description is an object",
           ("ERR-002",), on_error(puts("description", {"en": "failed"}))),
    Mutant("err-details-missing", "details is left out",
           ("ERR-002",), on_error(drops("details"))),
    Mutant("err-details-list", "details is a list",
           ("ERR-002",), on_error(lambda error: puts("details", [error["details"]])(error))),
    Mutant("err-details-missing-to-run-now", "details is left out when triggerNow is true",
           ("ERR-002",), on_error(drops("details"), trigger_now)),
    Mutant("err-elaboration-object", "elaboration is an object",
           ("ERR-003",), on_error(puts("elaboration", {"text": "why"}))),
    Mutant("err-elaboration-number", "elaboration is a number",
           ("ERR-003",), on_error(puts("elaboration", 0))),
    Mutant("err-opaque-string", "opaque is a string",
           ("ERR-003",), on_error(puts("opaque", "none"))),
    Mutant("err-opaque-list", "opaque is a list",
           ("ERR-003",), on_error(puts("opaque", []))),
    Mutant("err-opaque-false", "opaque is false",
           ("ERR-003",), on_error(puts("opaque", False))),
    Mutant("err-cause-string", "cause is a string",
           ("ERR-004",), _caused_by("the host is away")),
    Mutant("err-cause-list", "cause is a list of errors",
           ("ERR-004",), _caused_by([_cause()])),
    Mutant("err-cause-empty", "cause is {}",
           ("ERR-004",), _caused_by({})),
    Mutant("err-cause-false", "cause is false",
           ("ERR-004",), _caused_by(False)),
    Mutant("err-cause-envelope", "cause is an envelope",
           ("ERR-004",), _caused_by({"error": _cause()})),
    Mutant("err-cause-without-details", "a cause has no details",
           ("ERR-004", "ERR-002"), _caused_by(_cause(details=...))),
    Mutant("err-cause-with-opaque-string", "the opaque of a cause is a string",
           ("ERR-004", "ERR-003"), _caused_by(_cause(opaque="x"))),
    Mutant("err-cause-of-cause-wrong", "the cause of a cause has no code",
           ("ERR-004", "ERR-001"), _caused_by(_cause(cause=_cause(code=..., details="below")))),
    Mutant("err-chain-of-40", "forty causes stand one under the other",
           ("ERR-005",), on_error(_chain(40))),
    Mutant("err-chain-without-end", "ten thousand causes stand one under the other",
           ("ERR-005",), changes(_bottomless, is_failure)),
    Mutant("err-chain-in-a-circle", "the causes come round again",
           ("ERR-005",), on_error(_circle)),
    Mutant("err-cause-is-itself", "an error is its own cause",
           ("ERR-005",), on_error(_itself)),
    Mutant("err-code-alternates", "every other failure has another code",
           ("ERR-006", "AUTH-006"), Fault(alter=_alternates)),
    Mutant("err-code-by-chance", "the code of an unknown resource is drawn by lot",
           ("ERR-006",), Fault(alter=_by_chance)),
    Mutant("err-code-of-a-kept-connection", "on a kept connection a refused body has another code",
           ("ERR-006",), changes(_other_code, lambda answer: answer.check in BODY_CHECKS and is_failure(answer), lambda call: call.on_connection > 1)),
    Mutant("err-stack-trace", "details hold a stack trace",
           ("ERR-007",), on_error(puts("details", TRACE))),
    Mutant("err-stack-trace-in-a-rejection", "the text of a rejection holds a stack trace",
           ("ERR-007",), instead_of("body-json", lambda: Answer(400, text=TRACE, content_type="text/plain", check="trace"))),
    Mutant("err-sql", "description holds SQL",
           ("ERR-007",), on_error(puts("description", SQL))),
)
# fmt: on
