"""Jobs that lead nowhere: faults of the 202 that only a server of that kind can have."""

from __future__ import annotations

from contract.kit.reference.answers import Answer
from contract.kit.reference.call import Call
from contract.kit.reference.fault import Fault, Mutant, Scene
from contract.kit.reference.jobs import FOR_EVER, LOCATION, TIMEOUT_MS
from contract.kit.reference.mutants.vices import changes, is_success
from contract.kit.reference.world import new_uuid


def _accepted(document: dict[str, object]) -> Answer:
    return Answer(202, {"apiTimeout": TIMEOUT_MS, **document})


def _nowhere(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    return _accepted({}) if is_success(answer) else None


def _lost(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    return _accepted({"location": LOCATION + new_uuid()}) if is_success(answer) else None


def _runs_for_ever(answer: Answer) -> None:
    answer.polls = FOR_EVER


# fmt: off
MUTANTS = (
    Mutant("job-without-location", "a 202 says nowhere where its answer is",
           ("PATH-001", "PATH-004", "PATH-005", "PATH-007", "AUTH-001", "AUTH-006", "AUTH-008", "AUTH-009", "ENV-002", "ENV-005", "BODY-001", "BODY-002", "BODY-003", "BODY-004", "BODY-005", "BODY-006", "BODY-007", "BODY-008", "BODY-009", "STATE-003", "STATE-004", "STATE-006"), Fault(alter=_nowhere), "zstack-5.2"),
    Mutant("job-lost", "the job that a 202 names is not known",
           ("PATH-001", "PATH-005", "PATH-007", "AUTH-006", "AUTH-008", "AUTH-009", "ENV-002", "ENV-005", "BODY-001", "BODY-002", "BODY-003", "BODY-005", "BODY-006", "BODY-008", "BODY-009", "STATE-002", "STATE-003", "STATE-004", "STATE-006"), Fault(alter=_lost), "zstack-5.2"),
    Mutant("job-never-ends", "the job of a success never ends",
           ("ENV-007", "AUTH-006", "ENV-002"), changes(_runs_for_ever, is_success), "zstack-5.2"),
)
# fmt: on
