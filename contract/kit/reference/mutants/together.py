"""Two things at once: each is refused alone, or taken, and together they get through or bring the server down."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from contract.kit.reference.answers import Answer
from contract.kit.reference.call import MISSING, Call, NotJson
from contract.kit.reference.fault import Fault, Mutant, Scene
from contract.kit.reference.mutants.headers import has
from contract.kit.reference.mutants.vices import (
    AUTH_CHECKS,
    BODY_CHECKS,
    PAIR_CHECKS,
    accepts,
    answers,
    crash,
    instead_of,
)
from contract.kit.reference.resources import unknown_pair
from contract.kit.reference.world import UUID_FORM, World

_ESCAPED_PAIR: Final = re.compile(rb"\\u[dD][89abAB]..\\u[dD][c-fC-F]")


def _of_type(part: str) -> Fault:
    """Ask nobody who sends such a content type for a session."""
    return accepts(AUTH_CHECKS, lambda call: part in (call.header("content-type") or "").lower())


def _no_uuid(value: str) -> bool:
    return UUID_FORM.fullmatch(value.strip(" \t").lower()) is None


def both_wrong(call: Call) -> bool:
    lists = (call.root.get(name) for name in ("systemTags", "userTags"))
    return (
        call.trigger_now not in (None, MISSING)
        and not isinstance(call.trigger_now, bool | str)
        and any(value is not None and not isinstance(value, list) for value in lists)
    )


def cannot_be_read(call: Call) -> bool:
    try:
        call.document  # noqa: B018  it raises
    except NotJson:
        return bool(call.body)
    return False


def _unreadable_for_nobody(call: Call, world: World) -> bool:
    return cannot_be_read(call) and unknown_pair(call.group, call.trigger, world) is not None


def _tells_a_stranger(status: int, of: Callable[[Call, World], bool]) -> Fault:
    """Answer one who is refused with another status where this holds of the resources."""

    def alter(call: Call, answer: Answer, scene: Scene) -> Answer | None:
        if answer.check not in AUTH_CHECKS or not of(call, scene.world):
            return None
        answer.status = status
        return answer

    return Fault(alter=alter)


def _are_associated(call: Call, world: World) -> bool:
    return (call.group, call.trigger) in world.associations


def _merge_patch(call: Call) -> bool:
    return call.method == "PATCH" and "merge-patch" in (call.header("content-type") or "")


def _nul_and_more(call: Call) -> bool:
    return any(isinstance(tag, str) and "\0" in tag and not tag.isascii() for tag in call.tags)


def _were_deleted(call: Call, world: World) -> bool:
    return not world.deleted.isdisjoint((call.group, call.trigger))


def _are_of_the_wrong_kind(call: Call, world: World) -> bool:
    refusal = unknown_pair(call.group, call.trigger, world)
    return refusal is not None and refusal.check.startswith("kind-")


def _in_blanks(call: Call) -> bool:
    now = call.trigger_now
    return isinstance(now, str) and now != now.strip() and now.strip().lower() in ("true", "false")


def _odd_accept(call: Call) -> bool:
    parts = (call.header("accept") or "*/*").split(",")
    return any("/" not in part for part in parts)


MUTANTS: Final = [
    Mutant("auth-form-needs-no-session", "a form's content type is let by without a session",
           ("AUTH-007",), _of_type("form")),
    Mutant("auth-json-dialect-needs-no-session", "`application/*+json` is let by without a session",
           ("AUTH-007",), _of_type("+json")),
    Mutant("auth-coded-stranger-crashes", "a Content-Encoding beside bad credentials ends in a 500",
           ("AUTH-007", "ENV-005"), instead_of(AUTH_CHECKS, crash, has("content-encoding"))),
    Mutant("auth-associated-tells", "a stranger gets 409 where the resources are associated",
           ("AUTH-006",), _tells_a_stranger(409, _are_associated)),
    Mutant("auth-deleted-tells", "a stranger gets 404 where a resource has been deleted",
           ("AUTH-006",), _tells_a_stranger(404, _were_deleted)),
    Mutant("auth-wrong-kind-tells", "a stranger gets 404 where a resource is of the wrong kind",
           ("AUTH-006",), _tells_a_stranger(404, _are_of_the_wrong_kind)),
    Mutant("auth-unreadable-body-tells", "a stranger whose JSON cannot be read gets 404 where a resource is not there",
           ("AUTH-006",), _tells_a_stranger(404, _unreadable_for_nobody)),
    Mutant("path-get-with-query-adds", "GET with a query makes the association",
           ("PATH-005",), accepts("method", lambda call: call.method == "GET" and bool(call.query))),
    Mutant("path-merge-patch-adds", "PATCH with its own content type makes the association",
           ("PATH-005",), accepts("method", _merge_patch)),
    Mutant("body-nul-beside-non-ascii-crashes", "a tag with a NUL and a letter that is not ASCII ends in a 500",
           ("BODY-008", "ENV-005"), answers(crash, _nul_and_more)),
    Mutant("path-head-of-a-stranger-crashes", "HEAD without a session ends in a 500",
           ("PATH-005",),
           instead_of("method", crash, lambda call: call.method == "HEAD" and call.header("authorization") is None)),
    Mutant("path-near-miss-of-a-stranger-crashes", "a path that nothing is on ends in a 500 without a session",
           ("PATH-006",), instead_of("path", crash, lambda call: call.header("authorization") is None)),
    Mutant("path-both-malformed-accepted", "two UUIDs that are none are accepted",
           ("PATH-004",),
           accepts(PAIR_CHECKS, lambda call: _no_uuid(call.group) and _no_uuid(call.trigger))),
    Mutant("path-both-malformed-crash", "two UUIDs that are none end in a 500",
           ("ENV-005",), answers(crash, lambda call: _no_uuid(call.group) and _no_uuid(call.trigger))),
    Mutant("path-malformed-beside-bad-json-crashes", "a UUID that is none beside JSON that cannot be read ends in a 500",
           ("BODY-006", "ENV-005"),
           answers(crash, lambda call: _no_uuid(call.trigger) and cannot_be_read(call))),
    Mutant("body-two-wrong-members-pass", "a wrong triggerNow and wrong tags together are accepted",
           ("BODY-005",), accepts(BODY_CHECKS, both_wrong)),
    Mutant("body-nothing-is-a-request", "an empty body without a content type is accepted",
           ("BODY-006",), accepts("body-empty", lambda call: call.header("content-type") is None)),
    Mutant("body-boolean-in-blanks-accepted", "blanks round true and false are trimmed",
           ("BODY-004",), accepts("trigger-now", _in_blanks)),
    Mutant("body-odd-accept-crashes", "an Accept without a slash ends in a 500",
           ("BODY-001", "ENV-005"), answers(crash, _odd_accept)),
    Mutant("body-escaped-pair-crashes", "a pair of escaped surrogates ends in a 500",
           ("BODY-008", "ENV-005"), answers(crash, lambda call: _ESCAPED_PAIR.search(call.body) is not None)),
]  # fmt: skip
