"""ENV-003 and ENV-007: the bytes of an answer, and what becomes of the connection."""

from __future__ import annotations

from collections.abc import Callable, Container

from contract.kit.reference.answers import Answer, dumps
from contract.kit.reference.call import Call
from contract.kit.reference.fault import Fault, Mutant, Scene
from contract.kit.reference.mutants.vices import (
    AUTH_CHECKS,
    BODY_CHECKS,
    PAIR_CHECKS,
    answers,
    changes,
    hang_up,
    instead_of,
    is_failure,
    is_success,
    silence,
    trigger_now,
    with_tags,
)
from contract.kit.reference.wire import Wire

STRAY = b"HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\ncontent-length: 11\r\n\r\nBad Request"
LATE_SECONDS = 8.0


def _bytes(change: Callable[[bytes], bytes], on: Callable[[Answer], bool] = is_success) -> Fault:
    """Change the bytes of a body, and announce the length that they then have."""
    return changes(lambda answer: setattr(answer, "body", change(answer.rendered())), on)


def _sent(wire: Wire, on: Callable[[Answer], bool] = is_success) -> Fault:
    return changes(lambda answer: setattr(answer, "wire", wire), on)


def _after(checks: Container[str], wire: Wire) -> Fault:
    """Spoil the connection after a refusal of these kinds."""
    return _sent(wire, lambda answer: answer.check in checks)


def _cut(answer: Answer) -> None:
    answer.wire = Wire(cut=len(answer.rendered()) // 2)


def _announces_less(answer: Answer) -> None:
    answer.wire = Wire(length=len(answer.rendered()) - 7)


def _announces_more(answer: Answer) -> None:
    body = answer.rendered()
    answer.wire = Wire(length=len(body) + 7, cut=len(body))


def _late(answer: Answer) -> None:
    answer.delay = LATE_SECONDS


def _twice(name: str) -> Callable[[Answer], None]:
    """Write a member of the envelope twice, the first time with null."""

    def change(answer: Answer) -> None:
        answer.body = b'{"' + name.encode() + b'":null,' + answer.rendered()[1:]

    return change


def _nested_twice(answer: Answer) -> None:
    assert isinstance(answer.document, dict)
    inner = dumps(answer.document["inventory"])
    again = '{"schedulerTriggerUuid":"00000000000000000000000000000000",' + inner[1:]
    answer.body = answer.rendered().replace(inner.encode(), again.encode())


def _not_a_number(constant: str) -> Callable[[Answer], None]:
    def change(answer: Answer) -> None:
        answer.body = answer.rendered()[:-1] + b',"cost":' + constant.encode() + b"}"

    return change


def _not_utf8(answer: Answer) -> None:
    answer.body = answer.rendered()[:-1] + b',"note":"caf\xe9"}'


def _half_message_boundary(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    """Leave the body of a refused request unread, so that it is taken for the next request."""
    if answer.check not in AUTH_CHECKS or len(call.body) == 0:
        return None
    answer.wire = Wire(poison=STRAY)
    return answer


# fmt: off
MUTANTS = (
    Mutant("wire-truncated", "half of a success's body is sent",
           ("ENV-003",), changes(_cut, is_success)),
    Mutant("wire-truncated-json", "a success's JSON lacks its last brace",
           ("ENV-003",), _bytes(lambda body: body[:-1])),
    Mutant("wire-truncated-failure", "a failure's JSON lacks its last brace",
           ("ENV-003", "PATH-002", "PATH-003", "PATH-004", "ENV-005"), _bytes(lambda body: body[:-1], is_failure)),
    Mutant("wire-length-too-small", "less is announced than is sent",
           ("ENV-003", "ENV-007"), changes(_announces_less, is_success)),
    Mutant("wire-length-too-large", "more is announced than is sent",
           ("ENV-003",), changes(_announces_more, is_success)),
    Mutant("wire-chunks-without-end", "the last chunk is never sent",
           ("ENV-003",), _sent(Wire(chunked=True))),
    Mutant("wire-duplicate-inventory", "inventory stands twice in a success, null the first time",
           ("ENV-003",), changes(_twice("inventory"), is_success)),
    Mutant("wire-duplicate-error", "error stands twice in a failure, null the first time",
           ("ENV-003",), changes(_twice("error"), is_failure)),
    Mutant("wire-duplicate-nested", "a member of the inventory stands twice",
           ("ENV-003",), changes(_nested_twice, is_success)),
    Mutant("wire-nan", "a success holds NaN",
           ("ENV-003",), changes(_not_a_number("NaN"), is_success)),
    Mutant("wire-infinity", "a failure holds -Infinity",
           ("ENV-003",), changes(_not_a_number("-Infinity"), is_failure)),
    Mutant("wire-utf16", "a success is written in UTF-16",
           ("ENV-003",), _bytes(lambda body: body.decode().encode("utf-16"))),
    Mutant("wire-byte-order-mark", "a success begins with a byte order mark",
           ("ENV-003",), _bytes(lambda body: b"\xef\xbb\xbf" + body)),
    Mutant("wire-latin1", "a success is not UTF-8",
           ("ENV-003",), changes(_not_utf8, is_success)),
    Mutant("wire-trailing-bytes", "something follows the JSON",
           ("ENV-003",), _bytes(lambda body: body + b"\nOK")),
    Mutant("wire-two-documents", "two JSON documents stand one after the other",
           ("ENV-003",), _bytes(lambda body: body + body)),
    Mutant("wire-single-quotes", "the JSON is written with single quotes",
           ("ENV-003",), _bytes(lambda body: body.replace(b'"', b"'"))),
    Mutant("wire-trailing-comma", "a failure's JSON has a comma before its last brace",
           ("ENV-003", "PATH-002", "PATH-003", "PATH-004", "ENV-005"), _bytes(lambda body: body[:-1] + b",}", is_failure)),
    Mutant("wire-silent-to-run-now", "triggerNow true is never answered",
           ("ENV-007",), answers(silence, trigger_now)),
    Mutant("wire-silent-on-tags", "a request with tags is never answered",
           ("ENV-007",), answers(silence, with_tags)),
    Mutant("wire-silent-on-unknown-trigger", "an unknown trigger is never answered",
           ("ENV-007",), instead_of("unknown-trigger", silence)),
    Mutant("wire-late", "an unknown job group is answered after eight seconds",
           ("ENV-007",), changes(_late, lambda answer: answer.check == "unknown-group")),
    Mutant("wire-hangs-up-on-bad-body", "the connection is closed without an answer to a malformed body",
           ("ENV-007", "BODY-006", "BODY-008"), instead_of("body-json", hang_up)),
    Mutant("wire-hangs-up-on-no-header",
           "the connection is closed without an answer when Authorization is missing",
           ("ENV-007", "AUTH-001", "AUTH-003", "AUTH-007"), instead_of("no-header", hang_up)),
    Mutant("wire-hangs-up-on-malformed-uuid", "the connection is closed without an answer to a malformed UUID",
           ("ENV-007", "PATH-004"), instead_of("malformed-group malformed-trigger", hang_up)),
    Mutant("wire-hangs-up-on-put", "the connection is closed without an answer to PUT",
           ("ENV-007", "PATH-005"), instead_of("method", hang_up, lambda call: call.method == "PUT")),
    Mutant("wire-deaf-after-refusal",
           "after a refusal for want of a session the connection stays open and says nothing",
           ("ENV-007",), _after(AUTH_CHECKS, Wire(fate="deaf"))),
    Mutant("wire-deaf-after-bad-body", "after a refused body the connection stays open and says nothing",
           ("ENV-007",), _after(BODY_CHECKS, Wire(fate="deaf"))),
    Mutant("wire-reset-after-refusal",
           "after a refusal for want of a session the connection is reset at the next request",
           ("ENV-007",), _after(AUTH_CHECKS, Wire(fate="abort"))),
    Mutant("wire-reset-after-failure", "after a failure the connection is reset at the next request",
           ("ENV-007",), _after(PAIR_CHECKS, Wire(fate="abort"))),
    Mutant("wire-refused-body-read-as-request",
           "the body of a request refused for want of a session is read as the next request",
           ("ENV-007", "AUTH-009", "AUTH-006", "ENV-003", "STATE-002"), Fault(alter=_half_message_boundary)),
    Mutant("wire-stray-bytes-after-refusal", "stray bytes follow the refusal of a body",
           ("ENV-007", "PATH-001", "BODY-003", "BODY-004", "BODY-005", "BODY-006", "BODY-008"), _after(BODY_CHECKS, Wire(poison=b"\r\nstray\r\n"))),
)
# fmt: on
