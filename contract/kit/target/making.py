"""What a run makes on its target beside pairs, and takes away again: each in the ledger before it is sent."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from typing import Final

from contract.kit.config import UsageError
from contract.kit.target import cleanup
from contract.kit.target.access import Access
from contract.kit.target.ledger import Ledger
from contract.kit.target.pair_kinds import KINDS, SOON, PairKind, Params, UnusualPair
from contract.kit.target.resources import Pair, What
from contract.kit.target.siblings import SiblingFailed

TRIES: Final = 3


class Maker:
    """Thread safe, but for `unusual_pairs`. Raises SiblingFailed where the target refuses."""

    def __init__(self, access: Access, ledger: Ledger) -> None:
        self._access = access
        self._siblings = access.siblings
        self._ledger = ledger
        self._numbers = itertools.count(1)
        self._unusual: list[UnusualPair] | None = None
        self._deleted: set[str] = set()

    def make(self, what: What, trigger: Callable[[], Params] | None = None) -> str:
        """Make a job group or a trigger; its UUID. A try whose end was not seen stays in the ledger by name."""
        for left in reversed(range(TRIES)):
            name = f"contract-{self._ledger.tag}-{what.word.split()[-1]}-{next(self._numbers)}"
            self._ledger.making(what, name)
            try:
                uuid = self._made(what, name, trigger() if trigger is not None else None)
            except SiblingFailed as failed:
                # Refused, or never sent at all: there is nothing to be removed.
                if failed.refused or failed.unsent:
                    self._ledger.gone(self._ledger.standing[name])
                if failed.refused or not left:
                    raise
                continue
            if self._ledger.entry_of(uuid) is not None:
                self._ledger.gone(self._ledger.standing[name])
                raise UsageError(
                    f"the target {self._access.settings.url} gave two new resources one UUID, {uuid}: "
                    "it is not a ZStack server; check the URL"
                )
            self._ledger.made(what, name, uuid)
            return uuid
        raise AssertionError("the last try returns or raises")

    def _made(self, what: What, name: str, trigger: Params | None) -> str:
        try:
            return self._access.renewing(lambda: self._siblings.create(what, name, trigger))
        except SiblingFailed as failed:
            rows = None if failed.refused else self._siblings.find(what, "name", name)[0]
            found: list[str] = [row["uuid"] for row in rows or () if isinstance(row.get("uuid"), str)]
            if not found:
                raise
            return found[0]

    def delete(self, what: What, uuid: str) -> None:
        """Delete a job group or a trigger of the run before its end."""
        entry = self._ledger.entry_of(uuid)
        assert entry is not None, "only what the run has made"
        self._access.renewing(lambda: cleanup.delete(what, uuid, self._siblings))
        self._deleted.add(uuid)
        self._ledger.gone(entry)

    def deleted(self) -> set[str]:
        """What has been deleted since the last time that this was asked."""
        deleted, self._deleted = self._deleted, set()
        return deleted

    def is_gone(self, uuid: str) -> bool:
        """Return True if the run has made it and deleted it again."""
        return uuid in self._ledger.kinds and self._ledger.entry_of(uuid) is None

    def name_of(self, uuid: str) -> str | None:
        """The name under which the run has made something; None for what it has not made."""
        entry = self._ledger.entry_of(uuid)
        return entry.name if entry is not None else None

    def deleted_pair(self, *, associated: bool) -> Pair:
        """UUIDs of a job group and a trigger that were made, associated or not, and deleted."""
        pair = Pair(self.make(What.GROUP), self.make(What.TRIGGER))
        if associated:
            self._access.renewing(lambda: self._siblings.add(pair.group, pair.trigger))
        for what, uuid in ((What.GROUP, pair.group), (What.TRIGGER, pair.trigger)):
            self.delete(what, uuid)
        return pair

    def unusual_pairs(self) -> list[UnusualPair]:
        """A pair of each of `KINDS` that the target lets be made, the same ones for the whole run.

        What it does not is told in a notice.
        """
        if self._unusual is None:
            self._unusual = []
            for kind in KINDS:
                try:
                    self._unusual.append(self._make_unusual(kind))
                except SiblingFailed as failed:
                    self._access.notices.append(f"not tried: {kind.words} ({failed})")
        return self._unusual

    def _make_unusual(self, kind: PairKind) -> UnusualPair:
        group = self.make(What.GROUP)
        if kind.group_disabled:
            self._access.renewing(lambda: self._siblings.disable(group))
        if kind.group_linked:
            other = self.make(What.TRIGGER)
            self._access.renewing(lambda: self._siblings.add(group, other))
        trigger = self.make(What.TRIGGER, kind.trigger)
        return UnusualPair(kind.words, Pair(group, trigger), time.time() + SOON + 1 if kind.fires else None)
