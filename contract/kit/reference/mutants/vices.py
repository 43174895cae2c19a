"""What mutants are made of: faults that take a condition, so that a family is a table of them."""

from __future__ import annotations

from collections.abc import Callable, Container, MutableMapping
from typing import Any

from contract.kit.reference.answers import Answer, rejection
from contract.kit.reference.auth import unauthenticated
from contract.kit.reference.call import Call
from contract.kit.reference.fault import Fault, Scene
from contract.kit.reference.wire import Wire

When = Callable[[Call], bool]
Object = MutableMapping[str, Any]

BODY_CHECKS = frozenset(
    [
        "body-empty",
        "body-json",
        "body-root",
        "params-missing",
        "params-null",
        "params-type",
        "trigger-now",
        "trigger-now-null",
        "system-tags",
        "user-tags",
        "tags-null",
        "tag-item",
        "unknown-member",
        "media-type",
        "body-size",
    ]
)
AUTH_CHECKS = frozenset(
    [
        "no-header",
        "empty-header",
        "scheme",
        "no-token",
        "unknown-session",
        "ended-session",
        "access-key",
        "long-header",
    ]
)
PAIR_CHECKS = frozenset(
    [
        "malformed-group",
        "malformed-trigger",
        "kind-group",
        "kind-trigger",
        "kind-both",
        "unknown-group",
        "unknown-trigger",
        "unknown-both",
    ]
)


def always(call: Call) -> bool:
    return True


def trigger_now(call: Call) -> bool:
    return call.trigger_now is True


def with_tags(call: Call) -> bool:
    return bool(call.tags)


def admitted(call: Call, scene: Scene) -> bool:
    """Return True if this is the operation, and the caller is known: most faults lie behind that."""
    return call.route == "operation" and unauthenticated(call, scene.world, scene.options) is None


def has_twin(call: Call) -> bool:
    """Return True if another call for the same pair is under way."""
    return any((other.group, other.trigger) == (call.group, call.trigger) for other in call.neighbours)


def is_success(answer: Answer) -> bool:
    return answer.check == "" and isinstance(answer.document, dict) and "inventory" in answer.document


def crash() -> Answer:
    """What an unhandled exception makes of an answer."""
    return Answer(500, text="Internal Server Error", content_type="text/plain;charset=utf-8", check="crash")


def silence() -> Answer:
    return Answer(200, text="", wire=Wire(silent=True), check="silence")


def hang_up() -> Answer:
    return Answer(200, text="", wire=Wire(drop=True), check="hang-up")


def refuse(call: Call, scene: Scene) -> Answer:
    """The refusal of a request that nothing is wrong with."""
    return rejection(scene.options, "refused", 400, "SYS.1007", "the request is refused")


def answers(instead: Callable[[], Answer], when: When = always) -> Fault:
    """Answer so in the operation's stead, when a known caller sends such a request. Nothing is made."""
    return Fault(before=lambda call, scene: instead() if admitted(call, scene) and when(call) else None)


def refuses(when: When) -> Fault:
    """Refuse what is good."""
    return Fault(before=lambda call, scene: refuse(call, scene) if admitted(call, scene) and when(call) else None)


def _named(checks: str | Container[str]) -> Container[str]:
    return frozenset(checks.split()) if isinstance(checks, str) else checks


def accepts(checks: str | Container[str], when: When = always) -> Fault:
    """Skip the named checks (blank-separated, or a set of them)."""
    names = _named(checks)
    return Fault(waives=lambda call, check, scene: check in names and when(call))


def instead_of(checks: str | Container[str], answer: Callable[[], Answer], when: When = always) -> Fault:
    """Answer so where a named check refuses the request."""
    names = _named(checks)
    return Fault(alter=lambda call, given, scene: answer() if given.check in names and when(call) else None)


def changes(change: Callable[[Answer], object], on: Callable[[Answer], bool], when: When = always) -> Fault:
    """Change an answer in place."""

    def alter(call: Call, answer: Answer, scene: Scene) -> Answer | None:
        if not on(answer) or not when(call):
            return None
        change(answer)
        return answer

    return Fault(alter=alter)


def on_success(change: Callable[[Object], object], when: When = always) -> Fault:
    """Change the document of a success: `change` gets the envelope."""
    return changes(lambda answer: change(_object(answer.document)), is_success, when)


def on_inventory(change: Callable[[Object], object], when: When = always) -> Fault:
    """Change the inventory of a success."""
    return on_success(lambda envelope: change(envelope["inventory"]), when)


def on_failure(change: Callable[[Object], object], when: When = always) -> Fault:
    """Change the envelope of a failure."""
    return changes(lambda answer: change(_object(answer.document)), is_failure, when)


def on_error(change: Callable[[Object], object], when: When = always) -> Fault:
    """Change the error of a failure."""
    return on_failure(lambda envelope: change(envelope["error"]), when)


def is_failure(answer: Answer) -> bool:
    return isinstance(answer.document, dict) and isinstance(answer.document.get("error"), dict)


def puts(name: str, value: object) -> Callable[[Object], None]:
    """Set a member."""
    return lambda target: target.__setitem__(name, value)


def drops(name: str) -> Callable[[Object], None]:
    """Leave a member out."""
    return lambda target: target.pop(name, None)


def becomes(document: object) -> Callable[[Answer], None]:
    """Another document in the answer's place."""
    return lambda answer: setattr(answer, "document", document)


def makes(checks: Container[str], when: When = always) -> Fault:
    """Make the association although the request is refused by one of these checks."""

    def effect(call: Call, answer: Answer, scene: Scene) -> bool:
        exists = call.group in scene.world.groups and call.trigger in scene.world.triggers
        if answer.check not in checks or not exists or not when(call):
            return False
        scene.world.associate(call.group, call.trigger)
        return True

    return Fault(effect=effect)


def one_in_twenty(fault: Fault, by_chance: bool = False) -> Fault:
    """Let the fault's `alter` act on every twentieth success, or on one in twenty by chance."""
    alter = fault.alter
    assert alter is not None

    def sometimes(call: Call, answer: Answer, scene: Scene) -> Answer | None:
        if not is_success(answer):
            return None
        now = scene.chance.random() < 0.05 if by_chance else scene.count("twenty") % 20 == 0
        return alter(call, answer, scene) if now else None

    return Fault(alter=sometimes)


def _object(document: object) -> Object:
    assert isinstance(document, dict)
    return document
