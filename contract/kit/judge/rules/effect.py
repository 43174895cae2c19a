"""What a request did to the target, by what the target's own queries tell: shared by the families."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from contract.kit.exchange import Exchange, Listing, Outcome, Sighting, describe, outcome
from contract.kit.judge.rules.registry import Finding
from contract.kit.judge.violation import Violation

MOST_TOLD: Final = 3
"""Differences of lists that are told one by one."""


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


def lists_what_was_answered(exchanges: Sequence[Exchange], listings: Sequence[Listing]) -> Finding:
    """Nothing is lost, nothing is strange, nothing stands twice. `exchanges`: of the one step before the look.

    Blamed on the request that named what is wrong, where it is one of several side by side.
    """
    if not exchanges or not listings:
        return None
    wrong = [(listing, said) for listing in listings for said in _differences(listing)]
    if not wrong:
        return []
    blamed = next((one for listing, (_, uuid) in wrong for one in exchanges if _names(one, uuid)), exchanges[0])
    told = [f"{listing.view} {words}" for listing, (words, _) in wrong]
    more = f", and {len(told) - MOST_TOLD} more" if len(told) > MOST_TOLD else ""
    beside = tuple(one for one in exchanges if one is not blamed)
    said = describe(blamed) if len(exchanges) == 1 else f"{describe(blamed)}, {len(exchanges)} side by side"
    actual = f"{said}; afterwards {'; '.join(told[:MOST_TOLD])}{more}"
    return [Violation("both ends list what was answered, each once, and no other", actual, blamed, beside=beside)]


def refusal_changes_nothing(exchange: Exchange, before: Sighting, after: Sighting) -> Finding:
    return changes_nothing(exchange, before, after) if _may_be_judged(exchange) else None


def refusal_leaves_no_trace(exchange: Exchange, sighting: Sighting) -> Finding:
    return leaves_no_trace(exchange, sighting) if _may_be_judged(exchange) else None


def refusal_leaves_the_lists(exchange: Exchange, listings: Sequence[Listing]) -> Finding:
    return lists_what_was_answered([exchange], listings) if _may_be_judged(exchange) else None


def _may_be_judged(exchange: Exchange) -> bool:
    """Of a request to be refused: that it was not is for other clauses to say."""
    return outcome(exchange) is not Outcome.GRANTED


def _differences(listing: Listing) -> Iterator[tuple[str, str]]:
    """What is wrong with a list, in words, and the UUID that it is about."""
    expected, listed = Counter(listing.expected), Counter(listing.listed)
    for uuid in expected - listed:
        yield f"has lost {uuid}", uuid
    for uuid in listed - expected:
        yield (f"lists {uuid} {listed[uuid]} times" if uuid in expected else f"lists {uuid} too"), uuid


def _names(exchange: Exchange, uuid: str) -> bool:
    return uuid in exchange.path_values.values()


def _and(views: tuple[str, ...]) -> str:
    return " and ".join(views)
