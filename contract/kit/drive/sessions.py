"""The sessions that a test uses beside the run's own, and what the target sets as cookies."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from contract.kit.drive.client import Client
from contract.kit.exchange import Exchange
from contract.kit.wire import SendHeaders

LOOKED_AT: Final = 200
"""Exchanges of a run in which a cookie is looked for."""


@dataclass
class Sessions:
    """One for each run. `traffic`: every exchange of the run so far."""

    client: Client
    traffic: Sequence[Exchange]
    read_only: bool
    _other: str | None = None

    @cached_property
    def cookie(self) -> str:
        """What the target has set so far, as the header that sends it back; empty where it sets none."""
        set_ = [
            value.partition(";")[0]
            for exchange in self.traffic[:LOOKED_AT]
            for name, value in (exchange.response.headers if exchange.response is not None else ())
            if name.lower() == "set-cookie"
        ]
        return "; ".join(dict.fromkeys(set_[-1:]))

    def other(self) -> str | None:
        """Another session of the same account; None where the run cannot have one beside its own."""
        access = self.client.estate.access
        if self._other is None and access.can_have_another and not self.read_only:
            self._other = access.new_session(to_last=True)
        return self._other if access.can_have_another else None

    @cached_property
    def ended(self) -> str:
        """A session that was logged out; only where the run can log in."""
        access = self.client.estate.access
        session = access.new_session()
        access.end_session(session, used=True)
        return session

    def give_up_other(self) -> bool:
        """Give the other session up, in case it has ended. Returns whether there was one."""
        had, self._other = self._other is not None, None
        return had

    def own(self) -> AbstractContextManager[SendHeaders]:
        """A session of the test's own, as headers; it ends with the block."""
        return self.client.own_session()
