"""What a request did to the target, by what the target's own queries tell: shared by the families."""

from __future__ import annotations

from contract.kit.exchange import Exchange, Outcome, Sighting, describe, outcome
from contract.kit.judge.rules.register import Finding
from contract.kit.judge.violation import Violation


def leaves_no_trace(exchange: Exchange, sighting: Sighting) -> Finding:
    """The association that was absent before is absent after."""
    if not sighting.told:
        return None
    if not sighting.present_in:
        return []
    actual = f"{describe(exchange)}, yet {_and(sighting.present_in)} shows it afterwards"
    return [Violation("the association is not made", actual, exchange)]


def changes_nothing(exchange: Exchange, before: Sighting, after: Sighting) -> Finding:
    """What the queries told before the request they tell after it."""
    if not (before.told and after.told):
        return None
    changed = [view for view in after.views if None not in (before.views.get(view), after.views[view])]
    changed = [view for view in changed if before.views[view] != after.views[view]]
    if not changed:
        return []
    shown = "shows the association" if after.views[changed[0]] else "has lost the association"
    actual = f"{describe(exchange)}, yet {_and(tuple(changed))} {shown} afterwards"
    return [Violation("nothing is changed", actual, exchange)]


def follows_the_answer(exchange: Exchange, sighting: Sighting) -> Finding:
    """The association that was absent before is there exactly when the answer was a success."""
    found = outcome(exchange)
    if not sighting.told or found not in (Outcome.GRANTED, Outcome.FAILURE, Outcome.REJECTION):
        return None
    if found is not Outcome.GRANTED:
        # Where it was sent again, the try before may have made the association.
        return leaves_no_trace(exchange, sighting) if not exchange.resent else None
    if not sighting.absent_from:
        return []
    actual = f"{describe(exchange)}, yet {_and(sighting.absent_from)} does not show it afterwards"
    return [Violation("the association is there after a success", actual, exchange)]


def _and(views: tuple[str, ...]) -> str:
    return " and ".join(views)
