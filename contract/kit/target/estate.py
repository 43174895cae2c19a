"""What a run has on its target: the credential, the pairs it sends requests for, and the duty to leave no trace."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Final

from contract.kit.config import Settings, UsageError
from contract.kit.description import Operation
from contract.kit.exchange import Secrets, Sighting
from contract.kit.target import cleanup
from contract.kit.target.access import Access
from contract.kit.target.cleanup import Cleanup
from contract.kit.target.ledger import Ledger
from contract.kit.target.looking import Looking
from contract.kit.target.making import Maker
from contract.kit.target.pairs import Grid, Lent, Nothing, Supply
from contract.kit.target.preflight import stranger
from contract.kit.target.resources import Pair, What
from contract.kit.target.siblings import SiblingFailed, summary, unproven
from contract.kit.wire import TargetGone, Wire

__all__ = ["Cleanup", "Estate", "Pair"]

RIGHTS: Final = (
    "give the account the right to it, "
    "or lend the run a pair: CONTRACT_SESSION, CONTRACT_JOB_GROUP and CONTRACT_TRIGGER"
)
NOT_LET_THROUGH: Final = frozenset({401, 403, 405, 501})
"""With which gateways refuse a method."""


class Estate:
    """Opened once a process; thread safe. Raises SiblingFailed where the target refuses what the run needs."""

    def __init__(self, settings: Settings, wire: Wire, ledger: Ledger, operation: Operation) -> None:
        self.settings = settings
        self._wire = wire
        self.access = Access(settings, wire, operation)
        self._siblings = self.access.siblings
        self.looking = Looking(self.access, settings.at_once)
        self.maker = Maker(self.access, ledger)
        self._ledger = ledger
        self._supply: Supply = Nothing()
        self._told = settings.may.query
        self._lock = threading.RLock()
        self.freed: list[Pair] = []
        """Pairs that the run itself has seen to be unassociated, since the last time that pairs were let go."""
        self.last_seen: dict[Pair, Sighting] = {}
        """What the lists of a job group showed, and of its triggers, before it was deleted to make room."""

    @classmethod
    def open(cls, settings: Settings, wire: Wire, secrets: Secrets, ledger: Ledger, operation: Operation) -> Estate:
        """Prove who asks and prepare the first pair. UsageError, in one line, where the target does not let us."""
        assert secrets is wire.secrets, "what is learned must be scrubbed by the wire"
        estate = cls(settings, wire, ledger, operation)
        try:
            estate.access.prove()
            estate._prepare()
        except (SiblingFailed, TargetGone, UsageError) as failed:
            left = estate.close(pauses=()).left
            said = str(failed)
            if not isinstance(failed, UsageError):
                said = f"the target {settings.url} cannot be prepared: {said}"
            if isinstance(failed, SiblingFailed) and failed.refused and not stranger(failed.exchange):
                said += f"; {RIGHTS}"
            if left:
                said += f"; left there: {', '.join(left)}: `python -m contract sweep` removes it by {ledger.path}"
            raise UsageError(said) from None
        except BaseException:
            estate.close()
            raise
        return estate

    # --- pairs ---

    @property
    def stuck(self) -> str:
        """Why the one pair that was given stays associated, so that no good request can be judged; or ""."""
        return self._supply.stuck if isinstance(self._supply, Lent) else ""

    def can_pair(self, count: int) -> bool:
        """Return True if so many pairs of existing resources, none of them associated, can be had at the same time."""
        return self._supply.can(count)

    def fresh_pair(self) -> Pair:
        """A pair that is not associated now; where the run may have none, one of unknown UUIDs."""
        with self._lock:
            return self._supply.take()

    def pair_apart(self, *pairs: Pair) -> Pair:
        """A fresh pair that shares no end with any of `pairs`; of unknown UUIDs where there can be none."""
        with self._lock:
            return self._supply.apart(*pairs)

    def pairs(self, count: int) -> list[Pair]:
        """So many different fresh pairs."""
        with self._lock:
            return [self._supply.take() for _ in range(count)]

    def own_pairs(self) -> list[Pair]:
        """All pairs of resources that the run has made, associated or not."""
        with self._lock:
            return self._supply.own()

    def let_go(self) -> set[str]:
        """Whoever was given pairs so far is done with them. Returns the groups that have ended since the last time."""
        with self._lock:
            self._supply.let_go()
            self.freed = []
            return self.maker.deleted()

    def _end(self, group: str) -> None:
        """Delete a job group that nobody uses any more. What was to be seen of its pairs is kept."""
        if self._told:
            pairs = [pair for pair in self._supply.own() if pair.group == group]
            self.last_seen |= {
                pair: seen for pair, seen in self.looking.associations(pairs).items() if pair.group == group
            }
        self.maker.delete(What.GROUP, group)

    def give_back(self, pair: Pair) -> None:
        """The pair was left unassociated; it may be given again."""
        with self._lock:
            self._supply.give_back(pair)

    def used(self, pair: Pair) -> None:
        """The pair may be associated now."""
        with self._lock:
            self._supply.used(pair, None)

    def remove(self, pair: Pair) -> None:
        """See that the pair is not associated."""
        self.access.renewing(lambda: cleanup.free(self._siblings, pair.group, pair.trigger))
        with self._lock:
            self.freed.append(pair)
            self._supply.used(pair, False)

    def deleted_pair(self, *, associated: bool = True) -> Pair | None:
        """UUIDs of a job group and a trigger that were made, associated or not, and deleted; None where none can be."""
        return self.maker.deleted_pair(associated=associated) if isinstance(self._supply, Grid) else None

    # --- looking ---

    def can_query(self) -> bool:
        """Return True if the target tells what is associated."""
        return self._told

    # --- the end ---

    def close(self, pauses: Sequence[float] = cleanup.PAUSES) -> Cleanup:
        """Remove what was made, latest first, restore what was lent, log out. Never raises; safe to call again.

        `pauses`: seconds between tries, where something on the way refuses.
        """
        with self._lock:
            ledger = self._ledger
            left: tuple[str, ...] = ()
            lent = self._supply if isinstance(self._supply, Lent) else None
            if ledger.lent_pair is not None and (lent is None or not lent.touched):
                ledger.restored()
            if ledger.standing or ledger.lent_pair is not None:
                self._revive()
                left = cleanup.settle(
                    ledger, self._siblings, lent.associated if lent is not None else None, pauses, self.settings.at_once
                )
                if lent is not None and lent.read_only and ledger.put_back:
                    self.access.notices.append(
                        "a request that should have been refused changed the given pair; it was put back"
                    )
            self.access.log_out()
            ledger.close()
            standing = sum(1 for entry in ledger.standing.values() if entry.uuid)
            return Cleanup(ledger.count, ledger.count - standing, left)

    def _revive(self) -> None:
        """A target that was taken for gone, or a session that ended, must not keep us from cleaning up."""
        try:
            if self._wire.once_more() and self.access.alive() is False:
                self.access.renew()
        except TargetGone:
            return

    # --- opening ---

    def _prepare(self) -> None:
        settings = self.settings
        if settings.pair is not None:
            self._borrow(Pair(*settings.pair))
        elif not settings.read_only:
            self._supply = Grid(self.maker.make, self.remove, self._end)
            first = self._supply.take()
            self._told = self.looking.look(first).told
            self._must_let_remove(first)
            self._show_lists(first)
            self._supply.give_back(first)

    def _show_lists(self, pair: Pair) -> None:
        """Make and remove one association where rows come without their lists: some servers leave out empty ones."""
        ends = ((What.GROUP, pair.group), (What.TRIGGER, pair.trigger))
        hidden = [what for what, uuid in ends if self._has_row_without_list(what, uuid)]
        if not hidden:
            return
        try:
            self.access.renewing(lambda: self._siblings.add(pair.group, pair.trigger))
            self._told = self.looking.look(pair).told
            self.access.renewing(lambda: cleanup.free(self._siblings, pair.group, pair.trigger))
        except SiblingFailed as failed:
            self.access.notices.append(f"`{hidden[0].links}` is not in the rows that the target shows ({failed})")
            return
        self.access.notices += [
            f"`{what.links}` of a {what.word} is never shown: what requests do is not seen there"
            for what in hidden
            if what not in self._siblings.shown
        ]

    def _has_row_without_list(self, what: What, uuid: str) -> bool:
        if what in self._siblings.shown:
            return False
        rows, _ = self.access.renewing(lambda: self._siblings.find(what, "uuid", uuid))
        return rows is not None and len(rows) > 0 and rows[0].get(what.links) is None

    def _must_let_remove(self, pair: Pair) -> None:
        """Try a removal before more is made: UsageError where something before the server lets none through."""
        if who := self._keeps_from_removing(pair):
            raise UsageError(
                f"nothing that the run makes on {self.settings.url} could be removed again: "
                f"DELETE is answered with {who}; have DELETE let through, or lend the run a pair"
            )

    def _keeps_from_removing(self, pair: Pair) -> str:
        """Who answers a removal in the place of the server, in words; "" where the server does."""
        try:
            self._siblings.remove(pair.group, pair.trigger)
        except SiblingFailed as failed:
            answer = failed.exchange.answer if failed.exchange is not None else None
            # The server's own refusal of what is not there is an envelope, or a 404.
            if failed.trouble is None and answer is not None and answer.status in NOT_LET_THROUGH:
                return stranger(failed.exchange) or ""
        return ""

    def _borrow(self, pair: Pair) -> None:
        """Take the pair that was given, noting how it was found."""
        for what, uuid in ((What.GROUP, pair.group), (What.TRIGGER, pair.trigger)):
            rows, exchange = self._siblings.find(what, "uuid", uuid)
            if exchange is not None and unproven(exchange):
                raise UsageError(f"the credential was refused: {self._wire.secrets.scrub(summary(exchange))}")
            if rows == []:
                variable = "CONTRACT_JOB_GROUP" if what is What.GROUP else "CONTRACT_TRIGGER"
                raise UsageError(f"the {what.word} {uuid} does not exist on the target; check {variable}")
        sighting = self.looking.look(pair)
        self._told = sighting.told
        associated = bool(sighting.present_in) if sighting.told else None
        if not self.settings.read_only and not sighting.told:
            self._ledger.lent(pair.group, pair.trigger, None)
            self._show_lists(pair)
            # A list that was left out was empty.
            associated = False if self._told else None
        if associated is None and not self.settings.read_only:
            self.access.notices.append(
                "the target does not tell whether the given pair is associated: it is left unassociated"
            )
        self._ledger.lent(pair.group, pair.trigger, associated)
        self._supply = Lent(pair, self.remove, associated, self.settings.read_only)
        if not self.settings.read_only and associated is False and (who := self._keeps_from_removing(pair)):
            self._supply.stuck = f"DELETE is answered with {who}: it could not be left as it was found"
