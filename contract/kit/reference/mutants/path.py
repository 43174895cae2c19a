"""PATH: what the two UUIDs, the method and the path name."""

from __future__ import annotations

from contract.kit.reference.answers import Answer
from contract.kit.reference.call import Call
from contract.kit.reference.fault import Fault, Mutant, Scene
from contract.kit.reference.mutants.vices import (
    PAIR_CHECKS,
    Object,
    accepts,
    answers,
    crash,
    instead_of,
    is_success,
    makes,
    on_inventory,
    one_in_twenty,
    puts,
    trigger_now,
    with_tags,
)

GROUP = "schedulerJobGroupUuid"
TRIGGER = "schedulerTriggerUuid"
EXAMPLE_GROUP = "ec8d2952f8f13747bbbf24f93585a63d"


def _swap(inventory: Object) -> None:
    inventory[GROUP], inventory[TRIGGER] = inventory[TRIGGER], inventory[GROUP]


def _of_the_call_before(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    if not is_success(answer):
        return None
    before = scene.notes.get("pair")
    scene.notes["pair"] = (call.group, call.trigger)
    if before is None or before == (call.group, call.trigger):
        return None
    assert isinstance(before, tuple)
    assert isinstance(answer.document, dict)
    answer.document["inventory"][GROUP], answer.document["inventory"][TRIGGER] = before
    return answer


def _begins(place: str) -> Fault:
    """Find a resource by the beginning of its UUID."""

    def waives(call: Call, check: str, scene: Scene) -> bool:
        value, known = (call.group, scene.world.groups) if place == "group" else (call.trigger, scene.world.triggers)
        return check == f"malformed-{place}" and len(value) > 3 and any(uuid.startswith(value) for uuid in known)

    return Fault(waives=waives)


def _extends(call: Call, check: str, scene: Scene) -> bool:
    known = (*scene.world.groups, *scene.world.triggers)
    value = call.group if check == "malformed-group" else call.trigger
    return check in ("malformed-group", "malformed-trigger") and value[:32] in known


def _dashed(call: Call, check: str, scene: Scene) -> bool:
    value = call.group if check == "malformed-group" else call.trigger
    return check in ("malformed-group", "malformed-trigger") and "-" in value and len(value.replace("-", "")) == 32


def _crashes_on(mark: str) -> Fault:
    return instead_of(PAIR_CHECKS, crash, lambda call: mark in call.group + call.trigger)


def _from_query(call: Call, scene: Scene) -> bool:
    for name, value in call.query_items:
        if name == GROUP and call.route == "operation":
            call.group = value
            return True
    return False


def _from_body(call: Call, scene: Scene) -> bool:
    value = call.params.get(TRIGGER, call.root.get(TRIGGER))
    if not isinstance(value, str) or call.route != "operation":
        return False
    call.trigger = value
    return True


def _also_from_body(call: Call, answer: Answer, scene: Scene) -> bool:
    value = call.params.get(TRIGGER, call.root.get(TRIGGER))
    if not is_success(answer) or value not in scene.world.triggers:
        return False
    assert isinstance(value, str)
    scene.world.associate(call.group, value)
    return True


def _method(name: str) -> Fault:
    return accepts("method", lambda call: call.method == name)


def _extra_segment(call: Call) -> bool:
    return bool(call.group and call.trigger) and not call.path.rstrip("/").endswith(call.trigger)


def _other_case(call: Call) -> bool:
    return bool(call.group and call.trigger) and call.path.lower() == _path(call) != call.path


def _missing_segment(call: Call) -> bool:
    return bool(call.group and call.trigger) and len(call.path) < len(_path(call)) and call.path.endswith(call.trigger)


def _path(call: Call) -> str:
    return f"/zstack/v1/scheduler/jobgroups/{call.group}/scheduler/triggers/{call.trigger}"


def _with_inventory(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    if answer.check != "unknown-trigger":
        return None
    assert isinstance(answer.document, dict)
    answer.document["inventory"] = {
        GROUP: call.group,
        TRIGGER: call.trigger,
        "createDate": "Nov 14, 2017 10:20:57 PM",
        "lastOpDate": "Nov 14, 2017 10:20:57 PM",
    }
    return answer


def _makes_swapped(call: Call, answer: Answer, scene: Scene) -> bool:
    """The two in each other's place are refused, and associated the right way round."""
    if answer.check != "kind-both":
        return False
    scene.world.associate(call.trigger, call.group)
    return True


def _makes_truncated(call: Call, answer: Answer, scene: Scene) -> bool:
    """A trigger cut short is refused, and found by its beginning all the same."""
    found = next((uuid for uuid in scene.world.triggers if uuid.startswith(call.trigger)), None)
    if (
        answer.check != "malformed-trigger"
        or len(call.trigger) < 4
        or call.group not in scene.world.groups
        or not found
    ):
        return False
    scene.world.associate(call.group, found)
    return True


def _in_the_singular(call: Call) -> bool:
    return (
        bool(call.group and call.trigger) and call.path.replace("/trigger/", "/triggers/") == _path(call) != call.path
    )


def _in_two(call: Call) -> bool:
    return (
        bool(call.group and call.trigger) and call.path.replace("job-groups", "jobgroups") == _path(call) != call.path
    )


def _letter_off(call: Call) -> bool:
    """One letter changed in the middle of a literal."""
    if not (call.group and call.trigger) or len(call.path) != len(_path(call)):
        return False
    off = [at for at, (one, other) in enumerate(zip(call.path.lower(), _path(call), strict=True)) if one != other]
    return len(off) == 1 and _path(call)[off[0] + 1 : off[0] + 2] not in ("/", "")


def _non_hex(value: str) -> bool:
    return (
        len(value) == 32 and value.isascii() and value.isalnum() and not set(value.lower()) <= set("0123456789abcdef")
    )


# fmt: off
MUTANTS = (
    Mutant("path-echo-swapped", "each UUID comes back in the other's member",
           ("PATH-001", "STATE-004", "PATH-007", "STATE-001", "STATE-003"), on_inventory(_swap)),
    Mutant("path-echo-swapped-by-chance", "each UUID comes back in the other's member, one success in twenty, by lot",
           ("PATH-001", "STATE-003", "STATE-004"), one_in_twenty(on_inventory(_swap), by_chance=True)),
    Mutant("path-echo-swapped-with-tags", "each UUID comes back in the other's member when there are tags",
           ("PATH-001", "STATE-001"), on_inventory(_swap, with_tags)),
    Mutant("path-echo-constant-group", "the job group that comes back is always the page's",
           ("PATH-001", "STATE-004", "PATH-007", "STATE-001", "STATE-003"), on_inventory(puts(GROUP, EXAMPLE_GROUP))),
    Mutant("path-echo-trigger-upper", "the trigger comes back in upper case",
           ("PATH-001", "INV-001", "STATE-004", "PATH-007", "STATE-001", "STATE-003"),
           on_inventory(lambda inventory: puts(TRIGGER, inventory[TRIGGER].upper())(inventory))),
    Mutant("path-echo-of-the-call-before", "the pair that comes back is that of the success before",
           ("PATH-001", "STATE-004", "PATH-007", "STATE-003"), Fault(alter=_of_the_call_before)),
    Mutant("path-echo-group-twice", "the job group comes back in both members",
           ("PATH-001", "STATE-004", "PATH-007", "STATE-001", "STATE-003"), on_inventory(lambda inventory: puts(TRIGGER, inventory[GROUP])(inventory))),
    Mutant("path-unknown-group-accepted", "a job group that does not exist is accepted",
           ("PATH-002",), accepts("unknown-group unknown-both")),
    Mutant("path-unknown-trigger-accepted", "a trigger that does not exist is accepted",
           ("PATH-002",), accepts("unknown-trigger")),
    Mutant("path-unknown-both-accepted", "a pair of which neither exists is accepted",
           ("PATH-002",), accepts("unknown-both")),
    Mutant("path-unknown-trigger-accepted-to-run-now",
           "a trigger that does not exist is accepted when triggerNow is true",
           ("PATH-002",), accepts("unknown-trigger", trigger_now)),
    Mutant("path-unknown-group-crashes", "a job group that does not exist ends in a 500",
           ("PATH-002", "ENV-005"), instead_of("unknown-group", crash)),
    Mutant("path-unknown-trigger-empty", "a trigger that does not exist is answered with {}",
           ("PATH-002", "ENV-001"),
           instead_of("unknown-trigger", lambda: Answer(200, {}, content_type="application/json"))),
    Mutant("path-unknown-trigger-with-inventory", "the failure for an unknown trigger carries an inventory too",
           ("PATH-002", "ENV-001", "ENV-002"),
           Fault(alter=_with_inventory)),
    Mutant("path-trigger-as-group-accepted", "a trigger is accepted as a job group",
           ("PATH-003",), accepts("kind-group kind-both")),
    Mutant("path-group-as-trigger-accepted", "a job group is accepted as a trigger",
           ("PATH-003",), accepts("kind-trigger")),
    Mutant("path-swapped-pair-accepted", "the two UUIDs are accepted in each other's place",
           ("PATH-003",), accepts("kind-both")),
    Mutant("path-swapped-pair-made-though-refused", "the two UUIDs in each other's place are refused and associated",
           ("PATH-003", "STATE-002"), Fault(effect=_makes_swapped)),
    Mutant("path-wrong-kind-crashes", "a job group in the trigger's place ends in a 500",
           ("PATH-003", "ENV-005"), instead_of("kind-trigger", crash)),
    Mutant("path-truncated-group-accepted", "a job group is found by the beginning of its UUID",
           ("PATH-004",), _begins("group")),
    Mutant("path-truncated-trigger-accepted", "a trigger is found by the beginning of its UUID",
           ("PATH-004",), _begins("trigger")),
    Mutant("path-truncated-trigger-made-though-refused",
           "a trigger cut short is refused, and associated as the one that begins so",
           ("PATH-004", "STATE-002"), Fault(effect=_makes_truncated)),
    Mutant("path-extended-uuid-accepted", "what follows the 32 digits of a UUID is ignored",
           ("PATH-004",), Fault(waives=_extends)),
    Mutant("path-dashed-uuid-accepted", "a UUID with dashes is accepted",
           ("PATH-004",), Fault(waives=_dashed)),
    Mutant("path-wildcard-accepted", "a percent sign in a UUID matches anything",
           ("PATH-004",),
           accepts("malformed-group malformed-trigger", lambda call: "%" in call.group + call.trigger)),
    Mutant("path-underscore-accepted", "an underscore in a UUID of the right length matches anything",
           ("PATH-004",),
           accepts("malformed-group malformed-trigger", lambda call: any("_" in one and len(one) == 32 for one in (call.group, call.trigger)))),
    Mutant("path-quote-crashes", "a quote in a UUID ends in a 500",
           ("PATH-004", "ENV-005"), _crashes_on("'")),
    Mutant("path-nul-crashes", "a NUL in a UUID ends in a 500",
           ("PATH-004", "ENV-005"), _crashes_on("\x00")),
    Mutant("path-newline-crashes", "a newline in a UUID ends in a 500",
           ("PATH-004", "ENV-005"), _crashes_on("\n")),
    Mutant("path-slash-crashes", "an encoded slash in a UUID ends in a 500",
           ("PATH-004", "ENV-005"), _crashes_on("/")),
    Mutant("path-dots-crash", "a dot segment ends in a 500",
           ("PATH-004", "ENV-005"), _crashes_on("..")),
    Mutant("path-non-ascii-crashes", "a UUID that is not ASCII ends in a 500",
           ("PATH-004", "ENV-005"),
           instead_of(PAIR_CHECKS, crash, lambda call: not (call.group + call.trigger).isascii())),
    Mutant("path-long-crashes", "a very long UUID ends in a 500",
           ("PATH-004", "ENV-005"),
           instead_of(PAIR_CHECKS, crash, lambda call: len(call.group + call.trigger) > 500)),
    Mutant("path-non-hex-accepted", "32 characters that are not hex digits are accepted",
           ("PATH-004",),
           accepts(
               "malformed-group malformed-trigger",
               lambda call: _non_hex(call.group) or _non_hex(call.trigger),
           )),
    Mutant("path-any-form-accepted", "what stands in the path need not have the form of a UUID",
           ("PATH-004",), accepts("malformed-group malformed-trigger")),
    Mutant("path-invented-method-crashes", "a method that nobody knows ends in a 500",
           ("PATH-005",), instead_of("method", crash, lambda call: call.method not in ("GET", "HEAD", "PUT", "PATCH", "OPTIONS", "TRACE"))),
    Mutant("path-put-associates", "PUT makes the association",
           ("PATH-005",), _method("PUT")),
    Mutant("path-get-associates", "GET makes the association",
           ("PATH-005",), _method("GET")),
    Mutant("path-head-associates", "HEAD makes the association",
           ("PATH-005",), _method("HEAD")),
    Mutant("path-patch-associates-though-refused", "PATCH is refused and makes the association",
           ("PATH-005",), makes({"method"}, lambda call: call.method == "PATCH")),
    Mutant("path-get-crashes", "GET ends in a 500",
           ("PATH-005",), instead_of("method", crash, lambda call: call.method == "GET")),
    Mutant("path-options-crashes", "OPTIONS ends in a 500",
           ("PATH-005",), instead_of("method", crash, lambda call: call.method == "OPTIONS")),
    Mutant("path-extra-segment-associates", "segments after the trigger are ignored",
           ("PATH-006",), accepts("path", _extra_segment)),
    Mutant("path-other-case-associates", "the literals of the path match in any case",
           ("PATH-006",), accepts("path", _other_case)),
    Mutant("path-singular-associates", "`trigger` in the path is taken for `triggers`",
           ("PATH-006",), accepts("path", _in_the_singular)),
    Mutant("path-word-in-two-associates", "a path with job-groups makes the association",
           ("PATH-006",), accepts("path", _in_two)),
    Mutant("path-letter-off-associates", "a path with one letter changed makes the association",
           ("PATH-006",), accepts("path", _letter_off)),
    Mutant("path-missing-segment-associates", "a path with a segment left out makes the association",
           ("PATH-006",), accepts("path", _missing_segment)),
    Mutant("path-near-miss-crashes", "a path that nothing is on ends in a 500",
           ("PATH-006",), instead_of("path", crash)),
    Mutant("path-near-miss-associates-though-404",
           "a path with more segments is answered 404 and makes the association",
           ("PATH-006",), makes({"path"}, _extra_segment)),
    Mutant("path-query-names-the-group", "schedulerJobGroupUuid in the query counts for more than the path",
           ("PATH-007", "PATH-001", "STATE-002"), Fault(rewrite=_from_query)),
    Mutant("path-body-names-the-trigger", "schedulerTriggerUuid in the body counts for more than the path",
           ("PATH-007", "PATH-001", "STATE-002"), Fault(rewrite=_from_body)),
    Mutant("path-body-adds-a-trigger", "schedulerTriggerUuid in the body is associated as well",
           ("PATH-007", "STATE-002"), Fault(effect=_also_from_body)),
    Mutant("path-query-crashes", "query parameters end in a 500",
           ("PATH-007", "ENV-005"), answers(crash, lambda call: bool(call.query))),
)
# fmt: on
