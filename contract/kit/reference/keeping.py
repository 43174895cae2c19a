"""How connections are kept: how long idle, for how many answers, and how many at a time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from contract.kit.reference.dialect import Options

if TYPE_CHECKING:
    from contract.kit.reference.transport import Connection

SOON = 0.02  # seconds from the last answer of a connection to its end, which nobody announced
QUEUE = 0.01  # seconds between two looks for a free place


class Keeping:
    """The habits of one server with its connections."""

    def __init__(self, options: Options) -> None:
        self._idle = options.idle / 1000
        self._farewell = options.idle_end
        self._answers = options.answers
        self._most = options.connections
        self._open: set[Connection] = set()

    async def admit(self, connection: Connection) -> None:
        """Wait until the connection may be served; set how it ends when it falls idle after this request."""
        while self._most and connection not in self._open:
            self._open = {one for one in self._open if not one.transport.is_closing()}
            if len(self._open) < self._most:
                self._open.add(connection)
            else:
                await asyncio.sleep(QUEUE)
        if self._answers and connection.requests % self._answers == 0:
            connection.timeout_keep_alive = self._idle or SOON
        elif self._idle and not self._answers:
            connection.timeout_keep_alive = self._idle
        connection.farewell = self._farewell
