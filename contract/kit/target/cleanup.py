"""Leave a target as it was found: what a ledger names is removed, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final

from contract.kit.target.ledger import Entry, Ledger, LentPair
from contract.kit.target.resources import What
from contract.kit.target.siblings import SiblingFailed, Siblings, unproven
from contract.kit.wire import TargetGone

Listed = tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Cleanup:
    """How many things were made and removed, and what could not be removed or restored: its name and why."""

    made: int = 0
    removed: int = 0
    left: tuple[str, ...] = ()


PAUSES: Final = (0.0, 1.0, 3.0, 6.0, 10.0)
"""Seconds before each further round: a ban or a restart is waited for, about twenty seconds in all."""


def settle(
    ledger: Ledger,
    siblings: Siblings,
    associated: bool | None = None,
    pauses: Sequence[float] = PAUSES,
    at_once: int = 1,
) -> tuple[str, ...]:
    """Remove what stands in the ledger and restore what was lent. Returns what is left, each with the reason.

    `associated`: whether the lent pair is known to be associated now. `at_once`: calls under way together. Never
    raises for what the target does; what the server itself refuses is tried twice, what something on the way refuses
    as long as there are `pauses`.
    """
    left = _settle_once(ledger, siblings, associated, at_once)
    for number, pause in enumerate(pauses):
        # Some servers refuse to delete a trigger that still has a group: then it goes in the second round.
        if not left or (number > 0 and all(_said_by_the_server(why) for why in left.values())):
            break
        time.sleep(pause)
        siblings.wire.once_more()
        left = _settle_once(ledger, siblings, associated, at_once)
    return tuple(f"{name} ({why})" for name, why in left.items())


def _settle_once(
    ledger: Ledger, siblings: Siblings, associated: bool | None, at_once: int
) -> dict[str, SiblingFailed | TargetGone]:
    """One round, latest first, and job groups before the triggers that they hold: what is left, and why."""
    left: dict[str, SiblingFailed | TargetGone] = {}
    latest = list(reversed(ledger.standing.values()))
    with ThreadPoolExecutor(at_once) as pool:
        for what in (What.GROUP, What.TRIGGER):
            entries = [entry for entry in latest if entry.what is what]
            for entry, failed in zip(entries, pool.map(partial(_cleared, siblings), entries), strict=True):
                if failed is None:
                    ledger.gone(entry)
                else:
                    left[f"{entry.what.word} {entry.name}"] = failed
    lent = ledger.lent_pair
    if lent is not None:
        try:
            ledger.put_back = _restore(lent, siblings, associated) or ledger.put_back
            ledger.restored()
        except (SiblingFailed, TargetGone) as failed:
            again = "may not be associated again" if lent.associated else "may still be associated"
            left[f"the pair {lent.group} and {lent.trigger} {again}"] = failed
    return left


def _said_by_the_server(failed: SiblingFailed | TargetGone) -> bool:
    answer = failed.exchange.answer if isinstance(failed, SiblingFailed) and failed.exchange is not None else None
    return answer is not None and answer.error is not None


def listed(siblings: Siblings, what: What, uuid: str) -> Listed:
    """What a job group or a trigger lists of the other kind, whole and as it stands there; None where it is not told.

    A list that is left out is empty once one was seen, and so is that of what is not there. SiblingFailed where the
    credential was not taken.
    """
    rows, exchange = siblings.find(what, "uuid", uuid)
    if rows is None:
        if exchange is not None and unproven(exchange):
            raise SiblingFailed(f"looking at a {what.word}", exchange, siblings.wire.secrets)
        return None
    if not rows:
        return ()
    found = rows[0].get(what.links)
    if isinstance(found, list):
        siblings.shown.add(what)
        return _links(found)
    return () if found is None and what in siblings.shown else None


def listed_together(siblings: Siblings, what: What, uuids: Sequence[str]) -> dict[tuple[What, str], Listed]:
    """What several of a kind list, as far as their lists come in the answer to one query."""
    rows = siblings.find_any(what, "uuid", uuids) if len(uuids) > 1 else []
    return {(what, row["uuid"]): _links(row[what.links]) for row in rows if isinstance(row.get(what.links), list)}


def _links(found: list[object]) -> tuple[str, ...]:
    return tuple(link for link in found if isinstance(link, str))


def associated_now(siblings: Siblings, group: str, trigger: str) -> bool | None:
    """Return True if either side shows the association; None where neither tells."""
    told = [listed(siblings, What.GROUP, group), listed(siblings, What.TRIGGER, trigger)]
    if all(side is None for side in told):
        return None
    return any(other in side for other, side in zip((trigger, group), told, strict=True) if side is not None)


def free(siblings: Siblings, group: str, trigger: str) -> None:
    """See that a pair is not associated. SiblingFailed where the target refuses and does not show that it is not."""
    try:
        siblings.remove(group, trigger)
    except SiblingFailed as failed:
        # Removing what is not there is refused by some servers.
        if not failed.refused or failed.unproven or associated_now(siblings, group, trigger) is not False:
            raise


def delete(what: What, uuid: str, siblings: Siblings) -> None:
    """Delete a thing of ours; some servers refuse while it is associated, so then it is set free first."""
    try:
        siblings.delete(what, uuid)
    except SiblingFailed as failed:
        if not failed.refused or failed.unproven:
            raise
        for other in listed(siblings, what, uuid) or ():
            siblings.remove(*((uuid, other) if what is What.GROUP else (other, uuid)))
        siblings.delete(what, uuid)


def _cleared(siblings: Siblings, entry: Entry) -> SiblingFailed | TargetGone | None:
    """Why an entry could not be cleared; None where it was."""
    try:
        _clear(entry, siblings)
    except (SiblingFailed, TargetGone) as failed:
        return failed
    return None


def _clear(entry: Entry, siblings: Siblings) -> None:
    if entry.uuid:
        delete(entry.what, entry.uuid, siblings)
        return
    rows, exchange = siblings.find(entry.what, "name", entry.name)
    if rows is None:
        raise SiblingFailed(f"looking for {entry.name}", exchange, siblings.wire.secrets)
    for row in rows:
        if isinstance(row.get("uuid"), str):
            delete(entry.what, row["uuid"], siblings)


def _restore(lent: LentPair, siblings: Siblings, associated: bool | None) -> bool:
    """Put a lent pair back; where it was not known whether it was associated, it is left unassociated.

    Returns whether anything had to be done.
    """
    wanted = bool(lent.associated)
    if associated is None:
        associated = associated_now(siblings, lent.group, lent.trigger)
    if associated == wanted:
        return False
    if wanted:
        siblings.add(lent.group, lent.trigger)
    else:
        free(siblings, lent.group, lent.trigger)
    return True
