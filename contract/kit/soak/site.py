"""What one load process has on the target, and what it finds there. It knows no engine."""

from __future__ import annotations

import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import cycle
from typing import Final

from contract.kit.config import UsageError
from contract.kit.drive import Renewal
from contract.kit.exchange import Exchange
from contract.kit.runner.run import Run
from contract.kit.soak.counted import Counted
from contract.kit.soak.hand import PAIRS, Hand
from contract.kit.soak.mix import draw
from contract.kit.soak.plan import Plan
from contract.kit.target import Pair, SiblingFailed
from contract.kit.verdict import AnswerCount, Part
from contract.kit.wire import TargetGone

FEWEST_DRAWN: Final = 16
MOST_DRAWN: Final = 100
"""Examples of each kind of request: one a second, within these."""
RENEW_AFTER: Final = 3_600.0
"""Seconds; two hours is a server's default (observed in ZStack 5.2). The old session stays good until the end."""
ENDED_APART: Final = 60.0
"""Seconds between two renewals of a session that ended before."""


class SoakOver(Exception):  # noqa: N818  it tells a state
    """Nothing more can be sent: the target is gone, or the suite itself failed."""


class Site:
    """Opened once a process. UsageError where the target does not let us."""

    def __init__(self, plan: Plan, measure: Callable[[str, Exchange], None]) -> None:
        """`measure` is told each exchange with its kind."""
        self._plan = plan
        self._measure = measure
        self._run = Run(plan.settings.share(plan.settings.soak_workers), plan.run_id, plan.seed)
        self._counted = Counted(self._run.register, self._run.waivers)
        self._answers = AnswerCount()
        self._failed = ""
        self._began = self._ended = 0.0
        self._notices: dict[str, None] = {}
        self._run.open()
        try:
            self._prepare()
        except (SiblingFailed, TargetGone) as failed:
            self._run.close()
            raise UsageError(f"the target {plan.settings.url} cannot be prepared: {failed}") from None
        except BaseException:
            self._run.close()
            raise

    def _prepare(self) -> None:
        settings, client = self._run.settings, self._run.drive.client
        client.wire.most_received = None  # a long soak is let go as it comes
        estate, connections = client.estate, self._plan.connections
        # Nothing of what a soak sends is kept.
        renewal = Renewal(estate.access, apart=ENDED_APART, in_time=RENEW_AFTER)
        self._client = client = replace(client, renewal=renewal, record=self._answers.see)
        idle = estate.pairs(2 if estate.can_pair(2) else 1)
        count = round(min(max(self._plan.seconds, FEWEST_DRAWN), MOST_DRAWN))
        mix = draw(client.operation, client.token(), idle, self._plan.seed, count)
        own: list[list[Pair]] = [[] for _ in range(connections)]
        if estate.can_pair(2) and not settings.read_only:
            own = [estate.pairs(PAIRS) for _ in own]
        elif not settings.read_only:
            own[0] = idle
        seeds = range(self._plan.seed, self._plan.seed + connections)
        sent: Counter[str] = Counter()
        shots = {kind: cycle(mix[kind]) for kind in mix}
        self._hands = [
            Hand(client, shots, self._counted, self._measure, pairs=pairs, idle=idle[0], sent=sent, seed=seed)
            for pairs, seed in zip(own, seeds, strict=True)
        ]
        self._free = list(self._hands)

    def hand(self) -> Hand | None:
        """One that nobody has; None where all are taken."""
        return self._free.pop() if self._free else None

    def step(self, hand: Hand) -> None:
        """One request of a hand. SoakOver where nothing more can be sent."""
        self._began = self._began or time.monotonic()
        try:
            hand.step()
        except SiblingFailed as failed:
            self._notices[f"a call of the run's own failed under load: {failed.call}"] = None
        except TargetGone:
            raise SoakOver from None
        except Exception as error:
            self._fail(error)
            raise SoakOver from None
        finally:
            self._ended = time.monotonic()

    @property
    def seconds(self) -> float:
        """From the first request to the last answer: those under way at the end are waited for."""
        return self._ended - self._began

    def _fail(self, error: Exception) -> None:
        where = traceback.extract_tb(error.__traceback__)[-1]
        told = f"{type(error).__name__}: {error} ({where.name}, line {where.lineno} of {where.filename})"
        self._failed = self._failed or f"the suite failed under load: {self._client.secrets.scrub(told)}"

    def close(self) -> Part:
        """Remove what was made; what was found. Call it when nothing is sent any more."""
        renewals = self._client.estate.access.renewals
        self._run.close()
        part = self._run.part
        self._counted.fill(part, self._plan.settings.url)
        if not self._client.estate.can_pair(2):
            for clause in ("AUTH-005", "BODY-009"):
                part.of(clause).inapplicable.append("needs an account, to watch a pair that no one else sends for")
        if self._run.settings.read_only:
            for found in part.clauses.values():
                found.inapplicable.append("read-only: only what must be refused is sent")
        part.answers = self._answers.answers()
        part.witness = part.witness or any(hand.witness for hand in self._hands)
        part.broken = part.broken or self._failed
        part.notices = [f"the session was renewed {renewals} time(s)"] if renewals else []
        part.notices += self._notices
        return part
