"""Two things at once: each is refused alone, or taken, and together they get through or bring the server down."""

from __future__ import annotations

import json
import re
from typing import Final

from contract.kit.reference.answers import Answer
from contract.kit.reference.call import MISSING, Call
from contract.kit.reference.fault import Fault, Mutant, Scene
from contract.kit.reference.mutants.vices import (
    AUTH_CHECKS,
    BODY_CHECKS,
    PAIR_CHECKS,
    accepts,
    answers,
    crash,
    instead_of,
)

_UUID: Final = re.compile(r"[0-9a-f]{32}")
_ESCAPED_PAIR: Final = re.compile(rb"\\u[dD][89abAB]..\\u[dD][c-fC-F]")
_CHECKS: Final = " ".join(AUTH_CHECKS)


def _of_type(part: str) -> Fault:
    """Ask nobody who sends such a content type for a session."""
    return accepts(_CHECKS, lambda call: part in (call.header("content-type") or "").lower())


def _beside_header(name: str) -> Fault:
    """End in a 500 where such a header stands beside bad credentials."""
    return instead_of(AUTH_CHECKS, crash, lambda call: call.header(name) is not None)


def _no_uuid(value: str) -> bool:
    return _UUID.fullmatch(value.strip(" \t").lower()) is None


def _both_wrong(call: Call) -> bool:
    return (
        call.trigger_now is not None
        and not isinstance(call.trigger_now, bool | str)
        and call.trigger_now is not MISSING
        and any(call.root.get(name) is not None and not isinstance(call.root[name], list) for name in _LISTS)
    )


_LISTS: Final = ("systemTags", "userTags")


def _reads(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def _tells_of_associations(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    if answer.check not in AUTH_CHECKS or (call.group, call.trigger) not in scene.world.associations:
        return None
    answer.status = 409
    return answer


def _odd_accept(call: Call) -> bool:
    parts = (call.header("accept") or "*/*").split(",")
    return any("/" not in part for part in parts)


MUTANTS: Final = [
    Mutant("auth-form-needs-no-session", "a form's content type is let by without a session",
           ("AUTH-007",), _of_type("form")),
    Mutant("auth-json-dialect-needs-no-session", "`application/*+json` is let by without a session",
           ("AUTH-007",), _of_type("+json")),
    Mutant("auth-coded-stranger-crashes", "a Content-Encoding beside bad credentials ends in a 500",
           ("AUTH-007", "ENV-005"), _beside_header("content-encoding")),
    Mutant("auth-associated-tells", "a stranger gets 409 where the resources are associated",
           ("AUTH-006",), Fault(alter=_tells_of_associations)),
    Mutant("path-both-malformed-accepted", "two UUIDs that are none are accepted",
           ("PATH-004",),
           accepts(" ".join(PAIR_CHECKS), lambda call: _no_uuid(call.group) and _no_uuid(call.trigger))),
    Mutant("path-both-malformed-crash", "two UUIDs that are none end in a 500",
           ("ENV-005",), answers(crash, lambda call: _no_uuid(call.group) and _no_uuid(call.trigger))),
    Mutant("path-malformed-beside-bad-json-crashes", "a UUID that is none beside JSON that cannot be read ends in a 500",
           ("BODY-006", "ENV-005"),
           answers(crash, lambda call: _no_uuid(call.trigger) and bool(call.body) and not _reads(call.body))),
    Mutant("body-two-wrong-members-pass", "a wrong triggerNow and wrong tags together are accepted",
           ("BODY-005",), accepts(" ".join(BODY_CHECKS), _both_wrong)),
    Mutant("body-odd-accept-crashes", "an Accept without a slash ends in a 500",
           ("BODY-001", "ENV-005"), answers(crash, _odd_accept)),
    Mutant("body-escaped-pair-crashes", "a pair of escaped surrogates ends in a 500",
           ("BODY-008", "ENV-005"), answers(crash, lambda call: _ESCAPED_PAIR.search(call.body) is not None)),
]  # fmt: skip
