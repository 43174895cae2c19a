"""What shows only where whole lists are compared, or where something happened to the ends before."""

from __future__ import annotations

from contract.kit.reference.answers import Answer
from contract.kit.reference.auth import token_of
from contract.kit.reference.call import Call
from contract.kit.reference.fault import Fault, Mutant, Scene
from contract.kit.reference.mutants.vices import BODY_CHECKS, admitted, crash, has_twin, is_success, makes, refuse

FIRST_SESSIONS = 2
"""That of the seeds and that of the run."""


def _knows_the_deleted_group(call: Call, check: str, scene: Scene) -> bool:
    return check == "unknown-group" and call.group in scene.world.deleted


def _knows_the_deleted_trigger(call: Call, check: str, scene: Scene) -> bool:
    return check == "unknown-trigger" and call.trigger in scene.world.deleted


def _loses_those_beside(call: Call, answer: Answer, scene: Scene) -> bool:
    """When adds of one job group run side by side, only the last is stored: each writes the whole list that it read."""
    beside = [
        (other.group, other.trigger)
        for other in call.neighbours
        if other.group == call.group and other.trigger != call.trigger
    ]
    stored = [pair for pair in beside if pair in scene.world.associations]
    if not is_success(answer) or not stored:
        return False
    for pair in stored:
        del scene.world.associations[pair]
    return True


def _leaves_the_unknown(check: str, call: Call, answer: Answer, scene: Scene) -> bool:
    if answer.check != check:
        return False
    scene.world.associate(call.group, call.trigger)
    return True


def _lists_twice(call: Call, answer: Answer, scene: Scene) -> bool:
    pair = (call.group, call.trigger)
    if not is_success(answer) or scene.count(" ".join(pair)) == 1:
        return False
    scene.world.twice.add(pair)
    return True


def _lists_twice_beside(call: Call, answer: Answer, scene: Scene) -> bool:
    if not is_success(answer) or not has_twin(call):
        return False
    scene.world.twice.add((call.group, call.trigger))
    return True


def _not_after_removal(call: Call, scene: Scene) -> Answer | None:
    if not admitted(call, scene):
        return None
    pair = f"{call.group} {call.trigger}"
    if scene.notes.get(pair) and (call.group, call.trigger) not in scene.world.associations:
        return refuse(call, scene)
    return None


def _notes_success(call: Call, answer: Answer, scene: Scene) -> bool:
    if is_success(answer):
        scene.notes[f"{call.group} {call.trigger}"] = True
    return False


def _brings_back(call: Call, answer: Answer, scene: Scene) -> bool:
    """What was associated before and removed is made again by a request that is refused for its body."""
    if is_success(answer):
        return _notes_success(call, answer, scene)
    pair = (call.group, call.trigger)
    if answer.check not in BODY_CHECKS or pair in scene.world.associations or not scene.notes.get(" ".join(pair)):
        return False
    scene.world.associate(*pair)
    return True


def _forgets_for_later_sessions(call: Call, answer: Answer, scene: Scene) -> bool:
    sessions = list(scene.world.owners)
    if not is_success(answer) or token_of(call) not in sessions[FIRST_SESSIONS:]:
        return False
    return scene.world.associations.pop((call.group, call.trigger), None) is not None


def _stranger_removes(call: Call, answer: Answer, scene: Scene) -> bool:
    """A caller whose session is not known takes the association away that is there."""
    if answer.check != "unknown-session":
        return False
    return scene.world.associations.pop((call.group, call.trigger), None) is not None


def _again_drops_the_newest(call: Call, answer: Answer, scene: Scene) -> bool:
    """Adding again takes the last of the other triggers from the job group."""
    others = [pair for pair in scene.world.associations if pair[0] == call.group and pair[1] != call.trigger]
    if not is_success(answer) or scene.count(f"{call.group} {call.trigger}") == 1 or not others:
        return False
    del scene.world.associations[others[-1]]
    return True


def _remembers_the_deleted(call: Call, scene: Scene) -> Answer | None:
    """A new association of a job group is looked for among those of triggers that are gone."""
    if not admitted(call, scene):
        return None
    beside = scene.notes.setdefault(f"of {call.group}", set())
    assert isinstance(beside, set)
    gone = not beside.isdisjoint(scene.world.deleted)
    beside.add(call.trigger)
    return crash() if gone else None


def _forgets_after_two_refusals(call: Call, answer: Answer, scene: Scene) -> bool:
    pair = f"refused {call.group} {call.trigger}"
    if answer.check in BODY_CHECKS:
        scene.count(pair)
    refused = scene.notes.get(pair, 0)
    if not is_success(answer) or not isinstance(refused, int) or refused < 2:
        return False
    return scene.world.associations.pop((call.group, call.trigger), None) is not None


# fmt: off
MUTANTS = (
    Mutant("path-deleted-group-accepted", "a job group that was deleted is accepted",
           ("PATH-002",), Fault(waives=_knows_the_deleted_group)),
    Mutant("path-after-a-deleted-trigger-crashes", "a new association of a job group whose trigger was deleted ends in a 500",
           ("PATH-001", "ENV-005", "STATE-001"), Fault(before=_remembers_the_deleted)),
    Mutant("state-refused-twice-forgets", "a success after two refused bodies for its pair makes nothing",
           ("STATE-002",), Fault(effect=_forgets_after_two_refusals)),
    Mutant("path-deleted-trigger-accepted", "a trigger that was deleted is accepted",
           ("PATH-002",), Fault(waives=_knows_the_deleted_trigger)),
    Mutant("state-parallel-lost", "of adds side by side that share a job group only the last is stored",
           ("STATE-004",), Fault(effect=_loses_those_beside, overlap=True)),
    Mutant("state-parallel-listed-twice", "adds of one pair side by side are stored twice",
           ("STATE-002",), Fault(effect=_lists_twice_beside, overlap=True)),
    Mutant("state-unknown-group-listed", "the failure for an unknown job group leaves it in the trigger's list",
           ("STATE-002",), Fault(effect=lambda call, answer, scene: _leaves_the_unknown("unknown-group", call, answer, scene))),
    Mutant("state-unknown-trigger-listed", "the failure for an unknown trigger leaves it in the job group's list",
           ("STATE-002",), Fault(effect=lambda call, answer, scene: _leaves_the_unknown("unknown-trigger", call, answer, scene))),
    Mutant("state-again-listed-twice", "a pair that is added again stands twice in the job group's list",
           ("STATE-002",), Fault(effect=_lists_twice)),
    Mutant("state-again-drops-another", "adding again takes another trigger off the job group",
           ("STATE-002",), Fault(effect=_again_drops_the_newest)),
    Mutant("state-not-after-removal", "a pair that was removed cannot be added once more",
           ("PATH-001",), Fault(before=_not_after_removal, effect=_notes_success)),
    Mutant("body-refused-brings-back", "a refused body brings an association back that was removed",
           ("BODY-009", "STATE-002"), Fault(effect=_brings_back)),
    Mutant("state-not-made-by-later-sessions", "a success of a session that was opened later makes nothing",
           ("STATE-002",), Fault(effect=_forgets_for_later_sessions)),
    Mutant("auth-stranger-removes", "a refused caller with an unknown session takes the association away",
           ("AUTH-005", "STATE-002"), Fault(effect=_stranger_removes)),
    Mutant("auth-ended-session-but-made", "a session that was logged out is refused, and the association made",
           ("AUTH-005",), makes({"ended-session"})),
)
# fmt: on
