"""What stands in the query, which frameworks and gateways know as an option: it changes what is done or answered."""

from __future__ import annotations

from collections.abc import Callable

from contract.kit.reference.answers import Answer
from contract.kit.reference.call import Call
from contract.kit.reference.fault import Fault, Mutant, Scene
from contract.kit.reference.mutants.inventory import CREATED
from contract.kit.reference.mutants.vices import accepts, answers, crash, drops, is_success, on_inventory


def asks(name: str, value: str = "") -> Callable[[Call], bool]:
    """Return True if the query has a parameter of that name, with that value where one is given."""
    return lambda call: any(name == key and value in ("", of) for key, of in call.query_items)


def _gone(when: Callable[[Call], bool]) -> Fault:
    """The association is not there, or no more, whatever is answered."""

    def removes(call: Call, answer: Answer, scene: Scene) -> bool:
        pair = (call.group, call.trigger)
        return when(call) and is_success(answer) and scene.world.associations.pop(pair, None) is not None

    return Fault(effect=removes)


def _in_the_body(call: Call) -> bool:
    return "POST" in (call.root.get("_method"), call.params.get("_method"))


# fmt: off
MUTANTS = (
    Mutant("query-method-adds", "another method makes the association where the query names POST",
           ("PATH-005",), accepts("method", asks("_method", "POST"))),
    Mutant("query-body-method-adds", "another method makes the association where a member of the body names POST",
           ("PATH-005",), accepts("method", _in_the_body)),
    Mutant("query-leaves-members-out", "a query that excludes a member of the answer is followed",
           ("INV-001",), on_inventory(drops(CREATED), asks("exclude"))),
    Mutant("query-method-removes", "a query that names DELETE takes the association away",
           ("STATE-002",), _gone(asks("_method", "DELETE"))),
    Mutant("query-trial-makes-nothing", "a query that asks for a trial is answered with success, and nothing is made",
           ("STATE-002",), _gone(asks("dryRun"))),
    Mutant("query-format-crashes", "a query that names a format ends in a 500",
           ("PATH-007", "ENV-005"), answers(crash, asks("output", "xml"))),
)
