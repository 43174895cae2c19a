"""AUTH: a session that goes on being good after its end."""

from __future__ import annotations

from collections.abc import Callable

from contract.kit.reference.answers import Answer
from contract.kit.reference.auth import token_of
from contract.kit.reference.call import Call
from contract.kit.reference.fault import Fault, Mutant, Scene
from contract.kit.reference.mutants.vices import accepts, crash, instead_of, is_success


def _after_its_end(when: Callable[[Call, Scene], bool]) -> Fault:
    """Accept a session that has ended where how it was used before says so."""

    def remembers(call: Call, answer: Answer, scene: Scene) -> Answer | None:
        if is_success(answer):
            scene.count(f"used {token_of(call)}")
            scene.notes[f"on {call.connection}"] = token_of(call)
        return None

    def waives(call: Call, check: str, scene: Scene) -> bool:
        return check == "ended-session" and when(call, scene)

    return Fault(alter=remembers, waives=waives)


def _uses(call: Call, scene: Scene) -> int:
    uses = scene.notes.get(f"used {token_of(call)}", 0)
    return uses if isinstance(uses, int) else 0


def _a_newer_one_lives(call: Call, scene: Scene) -> bool:
    sessions = list(scene.world.owners)
    return not scene.world.sessions.isdisjoint(sessions[sessions.index(token_of(call)) + 1 :])


# fmt: off
MUTANTS = (
    Mutant("auth-logged-out-accepted", "a session is accepted after logout",
           ("AUTH-004",), accepts("ended-session")),
    Mutant("auth-logged-out-crashes", "a session ends in a 500 after logout",
           ("AUTH-004", "ENV-005"), instead_of("ended-session", crash)),
    Mutant("auth-logged-out-accepted-once", "the first request after logout is still let in",
           ("AUTH-004",), _after_its_end(lambda call, scene: scene.count(f"ended {token_of(call)}") == 1)),
    Mutant("auth-logged-out-cached", "a session that was used more than once stays good after logout",
           ("AUTH-004",), _after_its_end(lambda call, scene: _uses(call, scene) > 1)),
    Mutant("auth-logged-out-unused-accepted", "a session that was never used here stays good after logout",
           ("AUTH-004",), _after_its_end(lambda call, scene: _uses(call, scene) == 0)),
    Mutant("auth-logged-out-beside-a-newer-one", "after logout a session stays good while a newer one of its account lives",
           ("AUTH-004",), _after_its_end(_a_newer_one_lives)),
    Mutant("auth-logged-out-kept-with-connection", "after logout a session stays good on the connection it was used on",
           ("AUTH-004",), _after_its_end(lambda call, scene: scene.notes.get(f"on {call.connection}") == token_of(call))),
)
