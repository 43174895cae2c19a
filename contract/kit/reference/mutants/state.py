"""STATE: the association behind the answers, and answers that depend on other calls."""

from __future__ import annotations

from contract.kit.reference.answers import Answer, failure
from contract.kit.reference.call import Call
from contract.kit.reference.fault import Fault, Mutant, Scene
from contract.kit.reference.mutants.envelope import ERROR
from contract.kit.reference.mutants.vices import (
    admitted,
    crash,
    has_twin,
    is_success,
    on_success,
    one_in_twenty,
    puts,
    refuse,
    trigger_now,
    with_tags,
)
from contract.kit.reference.resources import unknown_pair

IN_A_ROW = 150
NEW_PAIRS = 100
GROUP = "schedulerJobGroupUuid"
TRIGGER = "schedulerTriggerUuid"


def _again(call: Call, scene: Scene) -> bool:
    return admitted(call, scene) and (call.group, call.trigger) in scene.world.associations


def _crashes_again(call: Call, scene: Scene) -> Answer | None:
    return crash() if _again(call, scene) else None


def _crashes_the_third_time(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    if not is_success(answer):
        return None
    return crash() if scene.count(f"{call.group} {call.trigger}") == 3 else None


def _another_trigger_again(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    if not is_success(answer) or scene.count(f"{call.group} {call.trigger}") == 1:
        return None
    assert isinstance(answer.document, dict)
    answer.document["inventory"][TRIGGER] = scene.world.seeds.triggers[0]
    return answer


def _forgets(call: Call, answer: Answer, scene: Scene) -> bool:
    return is_success(answer) and scene.world.associations.pop((call.group, call.trigger), None) is not None


def _forgets_to_run_now(call: Call, answer: Answer, scene: Scene) -> bool:
    return trigger_now(call) and _forgets(call, answer, scene)


def _forgets_tagged(call: Call, answer: Answer, scene: Scene) -> bool:
    return with_tags(call) and _forgets(call, answer, scene)


def _removes_the_others(call: Call, answer: Answer, scene: Scene) -> bool:
    others = [pair for pair in scene.world.associations if pair[0] == call.group and pair[1] != call.trigger]
    if not is_success(answer) or not others:
        return False
    for pair in others:
        del scene.world.associations[pair]
    return True


def _lists_one_side(call: Call, answer: Answer, scene: Scene) -> bool:
    scene.world.one_sided = True
    return is_success(answer)


def _makes_and_fails(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    """The first add of every pair is made and answered with a failure."""
    if not is_success(answer) or scene.count(f"{call.group} {call.trigger}") > 1:
        return None
    return failure(scene.options, "late", "SYS.1006", "the trigger could not be scheduled")


def _makes_unknown(call: Call, answer: Answer, scene: Scene) -> bool:
    """Adding an unknown trigger fails, and associates the job group with another one."""
    if answer.check != "unknown-trigger":
        return False
    mine = [
        uuid for uuid in scene.world.triggers if uuid not in (*scene.world.seeds.triggers, scene.world.seeds.trigger)
    ]
    if not mine:
        return False
    scene.world.associate(call.group, mine[-1])
    return True


def _removes_on_failure(call: Call, answer: Answer, scene: Scene) -> bool:
    """A refused body takes the association away that was there."""
    if not answer.check.startswith(("params", "trigger-now", "body-")):
        return False
    return scene.world.associations.pop((call.group, call.trigger), None) is not None


def _crashes_beside(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    return crash() if has_twin(call) and is_success(answer) else None


def _fails_beside(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    if not has_twin(call) or not is_success(answer):
        return None
    return failure(scene.options, "busy", "SYS.1006", "another call is adding the pair")


def _empty_beside(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    if not has_twin(call) or not is_success(answer):
        return None
    return Answer(200, {}, content_type="application/json")


def _stranger(call: Call, scene: Scene) -> Call | None:
    """A call beside this one that adds another pair, of resources that exist."""
    for other in call.neighbours:
        other_pair = (other.group, other.trigger) != (call.group, call.trigger)
        if other_pair and unknown_pair(other.group, other.trigger, scene.world) is None:
            return other
    return None


def _crossed(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    """Answer with the pair of a call that is being answered at the same time."""
    other = _stranger(call, scene)
    if other is None or not is_success(answer):
        return None
    assert isinstance(answer.document, dict)
    answer.document["inventory"] |= {GROUP: other.group, TRIGGER: other.trigger}
    return answer


def _crossed_trigger(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    other = _stranger(call, scene)
    if other is None or other.trigger == call.trigger or not is_success(answer):
        return None
    assert isinstance(answer.document, dict)
    answer.document["inventory"][TRIGGER] = other.trigger
    return answer


def _tires(call: Call, scene: Scene) -> Answer | None:
    """Refuse every call of a long row of good ones."""
    return _in_a_row(call, scene, lambda: refuse(call, scene))


def _breaks_down(call: Call, scene: Scene) -> Answer | None:
    return _in_a_row(call, scene, crash)


def _tires_of_new_pairs(call: Call, scene: Scene) -> Answer | None:
    fresh = admitted(call, scene) and unknown_pair(call.group, call.trigger, scene.world) is None
    if not fresh or (call.group, call.trigger) in scene.world.associations:
        return None
    return refuse(call, scene) if scene.count("new pairs") > NEW_PAIRS else None


def _in_a_row(call: Call, scene: Scene, instead: object) -> Answer | None:
    if not admitted(call, scene) or unknown_pair(call.group, call.trigger, scene.world) is not None:
        scene.notes["row"] = 0
        return None
    if scene.count("row") <= IN_A_ROW:
        return None
    assert callable(instead)
    answer = instead()
    assert isinstance(answer, Answer)
    return answer


def _after_refusal(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    """The success that follows a refusal carries the refusal's error."""
    refused = scene.notes.pop("refused", False)
    if not is_success(answer):
        scene.notes["refused"] = call.route == "operation"
        return None
    if not refused:
        return None
    assert isinstance(answer.document, dict)
    answer.document["error"] = ERROR
    return answer


def _cut(call: Call, answer: Answer, scene: Scene) -> Answer:
    answer.body = answer.rendered()[:-2]
    return answer


_BOTH = on_success(puts("error", ERROR))
_EMPTY = on_success(puts("inventory", None))

# fmt: off
MUTANTS = (
    Mutant("state-again-crashes", "adding again ends in a 500",
           ("STATE-001", "ENV-005", "STATE-003"), Fault(before=_crashes_again)),
    Mutant("state-third-time-crashes", "adding the third time ends in a 500",
           ("STATE-001", "ENV-005", "STATE-003", "STATE-005"), Fault(alter=_crashes_the_third_time)),
    Mutant("state-again-another-pair", "adding again answers another trigger",
           ("STATE-001", "PATH-001", "STATE-003"), Fault(alter=_another_trigger_again)),
    Mutant("state-not-made", "a success makes nothing",
           ("STATE-002", "PATH-007"), Fault(effect=_forgets)),
    Mutant("state-not-made-to-run-now", "a success with triggerNow true makes nothing",
           ("STATE-002",), Fault(effect=_forgets_to_run_now)),
    Mutant("state-not-made-with-tags", "a success with tags makes nothing",
           ("STATE-002",), Fault(effect=_forgets_tagged)),
    Mutant("state-one-side", "the trigger does not know of the association",
           ("STATE-002", "PATH-007"), Fault(effect=_lists_one_side)),
    Mutant("state-only-the-newest", "a success takes the job group off its other triggers",
           ("STATE-002",), Fault(effect=_removes_the_others)),
    Mutant("state-made-though-failed",
           "the first add of a pair is answered with a failure and makes the association",
           ("STATE-002", "PATH-001", "PATH-007", "AUTH-008", "AUTH-009", "BODY-001", "BODY-002", "STATE-004", "STATE-006"), Fault(alter=_makes_and_fails)),
    Mutant("state-failure-makes-another", "the failure for an unknown trigger puts the job group on another one",
           ("STATE-002",), Fault(effect=_makes_unknown)),
    Mutant("state-failure-removes", "a refused body takes the association away",
           ("BODY-009", "STATE-002"), Fault(effect=_removes_on_failure)),
    Mutant("state-parallel-crashes", "adds of one pair side by side end in a 500",
           ("STATE-003", "ENV-005"), Fault(alter=_crashes_beside, overlap=True)),
    Mutant("state-parallel-fails", "adds of one pair side by side all fail",
           ("STATE-003",), Fault(alter=_fails_beside, overlap=True)),
    Mutant("state-parallel-empty", "adds of one pair side by side are answered with {}",
           ("ENV-001",), Fault(alter=_empty_beside, overlap=True)),
    Mutant("state-parallel-crossed", "adds side by side are answered with each other's pair",
           ("STATE-004",), Fault(alter=_crossed, overlap=True)),
    Mutant("state-parallel-crossed-trigger", "adds side by side are answered with each other's trigger",
           ("STATE-004",), Fault(alter=_crossed_trigger, overlap=True)),
    Mutant("state-tires", "after a long row of good requests the next are refused",
           ("STATE-005", "STATE-006"), Fault(before=_tires)),
    Mutant("state-tires-of-new-pairs", "after many pairs no new one is associated",
           ("STATE-005", "PATH-001", "BODY-002", "STATE-003", "STATE-004", "STATE-006"), Fault(before=_tires_of_new_pairs)),
    Mutant("state-breaks-down", "after a long row of good requests the next end in a 500",
           ("STATE-005", "ENV-005", "BODY-004", "BODY-005", "BODY-006", "BODY-007", "BODY-008", "STATE-006"), Fault(before=_breaks_down)),
    Mutant("state-one-in-twenty-with-error", "every twentieth success carries an error too",
           ("STATE-006", "ENV-001"), one_in_twenty(_BOTH)),
    Mutant("state-by-chance-with-error", "one success in twenty, by lot, carries an error too",
           ("STATE-006", "ENV-001"), one_in_twenty(_BOTH, by_chance=True)),
    Mutant("state-not-first-on-connection-with-error",
           "every second request of a connection, when it succeeds, carries an error too",
           ("ENV-001", "STATE-006"), on_success(puts("error", ERROR), lambda call: call.on_connection % 2 == 0)),
    Mutant("state-after-refusal-with-error", "the success after a refusal carries an error too",
           ("ENV-001",), Fault(alter=_after_refusal)),
    Mutant("state-by-chance-truncated", "one success in twenty, by lot, lacks its last two bytes",
           ("ENV-003",), one_in_twenty(Fault(alter=_cut), by_chance=True)),
    Mutant("state-one-in-twenty-empty", "every twentieth success has no inventory",
           ("STATE-006", "ENV-001"), one_in_twenty(_EMPTY)),
    Mutant("state-one-in-twenty-crashes", "every twentieth success is a 500",
           ("STATE-006", "ENV-005", "BODY-001", "BODY-002", "BODY-008", "STATE-003", "STATE-004", "STATE-005"), one_in_twenty(Fault(alter=lambda call, answer, scene: crash()))),
)
# fmt: on
