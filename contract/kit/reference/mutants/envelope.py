"""ENV: the envelope, its status and its label. (Broken bytes are the wire's family.)"""

from __future__ import annotations

from collections.abc import Callable

from contract.kit.reference.answers import Answer
from contract.kit.reference.call import Call
from contract.kit.reference.fault import Fault, Mutant, Scene
from contract.kit.reference.mutants.vices import (
    PAIR_CHECKS,
    Object,
    always,
    becomes,
    changes,
    drops,
    is_failure,
    is_success,
    on_failure,
    on_success,
    puts,
    trigger_now,
    with_tags,
)

ERROR = {"code": "SYS.1000", "description": "An internal error", "details": "left over from another call"}


def _status(status: int, on: Callable[[Answer], bool], when: Callable[[Call], bool] = always) -> Fault:
    return changes(lambda answer: setattr(answer, "status", status), on, when)


def _label(label: str, on: Callable[[Answer], bool]) -> Fault:
    return changes(lambda answer: setattr(answer, "content_type", label), on)


def _pair_failure(answer: Answer) -> bool:
    return answer.check in PAIR_CHECKS and is_failure(answer)


def _in_a_job(answer: Answer) -> None:
    answer.deferred = True


def _renames(old: str, new: str) -> Callable[[Object], None]:
    def change(document: Object) -> None:
        document[new] = document.pop(old)

    return change


def _unwraps(member: str) -> Callable[[Answer], None]:
    def change(answer: Answer) -> None:
        assert isinstance(answer.document, dict)
        answer.document = answer.document[member]

    return change


def _only_message(answer: Answer) -> None:
    assert isinstance(answer.document, dict)
    answer.document = {"message": answer.document["error"]["details"]}


def _with_inventory(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    if not _pair_failure(answer):
        return None
    assert isinstance(answer.document, dict)
    answer.document["inventory"] = {}
    return answer


def _no_failure(status: int, text: str) -> Callable[[Answer], None]:
    def change(answer: Answer) -> None:
        answer.status, answer.text, answer.content_type = status, text, "text/html"

    return change


# fmt: off
MUTANTS = (
    Mutant("env-success-with-error", "a success carries an error too",
           ("ENV-001", "STATE-006"), on_success(puts("error", ERROR))),
    Mutant("env-success-with-error-to-run-now", "a success carries an error too when triggerNow is true",
           ("ENV-001", "STATE-006"), on_success(puts("error", ERROR), trigger_now)),
    Mutant("env-success-with-error-with-tags", "a success carries an error too when there are tags",
           ("ENV-001", "STATE-006"), on_success(puts("error", ERROR), with_tags)),
    Mutant("env-success-with-empty-error", "error is {} on a success",
           ("ENV-001", "STATE-006"), on_success(puts("error", {}))),
    Mutant("env-success-with-false-error", "error is false on a success",
           ("ENV-001", "STATE-006"), on_success(puts("error", False))),
    Mutant("env-success-with-blank-error", "error is an empty string on a success",
           ("ENV-001", "STATE-006"), on_success(puts("error", ""))),
    Mutant("env-success-with-error-list", "error is an empty list on a success",
           ("ENV-001", "STATE-006"), on_success(puts("error", []))),
    Mutant("env-success-with-zero-error", "error is 0 on a success",
           ("ENV-001", "STATE-006"), on_success(puts("error", 0))),
    Mutant("env-success-empty", "a success is {}",
           ("ENV-001", "STATE-006"), changes(becomes({}), is_success)),
    Mutant("env-success-null", "both error and inventory are null on a success",
           ("ENV-001", "STATE-006"), changes(becomes({"error": None, "inventory": None}), is_success)),
    Mutant("env-inventory-empty", "the inventory of a success is {}",
           ("ENV-001", "STATE-006"), on_success(puts("inventory", {}))),
    Mutant("env-inventory-list", "the inventory of a success stands in a list",
           ("ENV-001", "STATE-006"), on_success(lambda envelope: puts("inventory", [envelope["inventory"]])(envelope))),
    Mutant("env-inventory-string", "the inventory of a success is a string",
           ("ENV-001", "STATE-006"), on_success(puts("inventory", "ok"))),
    Mutant("env-inventory-true", "the inventory of a success is true",
           ("ENV-001", "STATE-006"), on_success(puts("inventory", True))),
    Mutant("env-failure-with-empty-inventory", "a failure carries an empty inventory",
           ("ENV-001",), Fault(alter=_with_inventory)),
    Mutant("env-failure-with-inventory-list", "a failure carries a list as its inventory",
           ("ENV-001",), changes(lambda answer: _put(answer, "inventory", []), _pair_failure)),
    Mutant("env-failure-error-string", "the error of a failure is a string",
           ("ENV-001",), on_failure(puts("error", "SYS.1003"))),
    Mutant("env-failure-error-list", "the error of a failure stands in a list",
           ("ENV-001",), on_failure(lambda envelope: puts("error", [envelope["error"]])(envelope))),
    Mutant("env-failure-empty", "a failure is {}",
           ("ENV-001", "PATH-002", "PATH-003", "PATH-004", "ENV-005"), changes(becomes({}), _pair_failure)),
    Mutant("env-failure-null", "both error and inventory are null on a failure",
           ("ENV-001", "PATH-002", "PATH-003", "PATH-004", "ENV-005"), changes(becomes({"error": None, "inventory": None}), _pair_failure)),
    Mutant("env-status-201", "a success is 201",
           ("ENV-002", "STATE-006"), _status(201, is_success)),
    Mutant("env-status-206", "a success is 206",
           ("ENV-002", "STATE-006"), _status(206, is_success)),
    Mutant("env-status-400-on-success", "a success with triggerNow true is 400",
           ("ENV-002", "STATE-006"), _status(400, is_success, trigger_now)),
    Mutant("env-job", "a success is 202, and its answer is where the location says",
           ("ENV-002",), changes(_in_a_job, is_success)),
    Mutant("env-job-to-run-now",
           "a success with triggerNow true is 202, and its answer is where the location says",
           ("ENV-002",), changes(_in_a_job, is_success, trigger_now)),
    Mutant("env-label-html", "a success is labelled text/html",
           ("ENV-004",), _label("text/html;charset=utf-8", is_success)),
    Mutant("env-label-text", "a failure is labelled text/plain",
           ("ENV-004",), _label("text/plain", _pair_failure)),
    Mutant("env-labelled-twice", "a failure is labelled as JSON and once more as text/html",
           ("ENV-004",), changes(lambda answer: answer.headers.append(("Content-Type", "text/html")), _pair_failure)),
    Mutant("env-label-xml", "a success is labelled application/xml",
           ("ENV-004",), _label("application/xml", is_success)),
    Mutant("env-label-bytes", "a success is labelled application/octet-stream",
           ("ENV-004",), _label("application/octet-stream", is_success)),
    Mutant("env-failure-500", "a failure is 500",
           ("ENV-005", "PATH-002", "PATH-003", "PATH-004"), _status(500, _pair_failure)),
    Mutant("env-failure-502", "a failure is 502, with its error",
           ("ENV-005", "PATH-002", "PATH-003", "PATH-004"), _status(502, _pair_failure)),
    Mutant("env-failure-501", "a failure is 501",
           ("ENV-005", "PATH-002", "PATH-003", "PATH-004"), _status(501, _pair_failure)),
    Mutant("env-success-503", "a success is 503",
           ("ENV-005", "PATH-001", "PATH-007", "AUTH-001", "AUTH-008", "AUTH-009", "BODY-001", "BODY-002", "BODY-007", "BODY-008", "STATE-001", "STATE-003", "STATE-004", "STATE-006"), _status(503, is_success)),
    Mutant("env-failure-500-page", "a failure is a 500 with a page",
           ("ENV-005", "PATH-002", "PATH-003", "PATH-004"),
           changes(_no_failure(500, "<html><body>Internal Server Error</body></html>"), _pair_failure)),
    Mutant("env-data", "the envelope's members stand under data",
           ("ENV-006", "STATE-006"),
           changes(lambda answer: setattr(answer, "document", {"data": answer.document}), is_success)),
    Mutant("env-result", "the inventory stands under result",
           ("ENV-006", "STATE-006"), on_success(_renames("inventory", "result"))),
    Mutant("env-inventories", "the inventory stands in a list under inventories",
           ("ENV-006", "STATE-006"),
           on_success(lambda envelope: envelope.__setitem__("inventories", [envelope.pop("inventory")]))),
    Mutant("env-bare-inventory", "the inventory's members stand at the root",
           ("ENV-006", "STATE-006"), changes(_unwraps("inventory"), is_success)),
    Mutant("env-message", "a failure is {message: ...}",
           ("ENV-006", "PATH-002", "PATH-003", "PATH-004", "ENV-005"), changes(_only_message, is_failure)),
    Mutant("env-errors", "the error of a failure stands under errors",
           ("ENV-006", "PATH-002", "PATH-003", "PATH-004", "ENV-005"), on_failure(_renames("error", "errors"))),
    Mutant("env-error-title-case", "the error of a failure stands under Error",
           ("ENV-006", "PATH-002", "PATH-003", "PATH-004", "ENV-005"), on_failure(_renames("error", "Error"))),
    Mutant("env-bare-error", "the error's members stand at the root",
           ("ENV-006", "PATH-002", "PATH-003", "PATH-004", "ENV-005"), changes(_unwraps("error"), is_failure)),
    Mutant("env-success-without-inventory", "a success is {success: true}",
           ("ENV-006", "STATE-006"),
           on_success(lambda envelope: (drops("inventory")(envelope), puts("success", True)(envelope)))),
)
# fmt: on


def _put(answer: Answer, name: str, value: object) -> None:
    assert isinstance(answer.document, dict)
    answer.document[name] = value
