"""One run: the target opened, what is found kept, everything cleaned up, the results put together."""

from __future__ import annotations

import contextlib
import datetime as dt
import secrets as randomness
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from contract.kit import __version__
from contract.kit.config import DEPTHS, Mode, Settings, TargetKind, UsageError
from contract.kit.description import Operation
from contract.kit.description import load as load_description
from contract.kit.drive import Client, Drive, Memory, Properties, Renewal, Window, Witness, default_database
from contract.kit.exchange import Exchange, Secrets, kept, received
from contract.kit.judge import Clause, Findings, Register, clauses
from contract.kit.judge.rules import Over, rules_of, rules_taking
from contract.kit.reference import Handle, NotStarted, UnknownReference, launch
from contract.kit.report import publish
from contract.kit.runner.gathering import Gathering
from contract.kit.runner.isolate import Isolator
from contract.kit.target import Cleanup, Estate, Guard, Ledger, SiblingFailed
from contract.kit.verdict import (
    AnswerCount,
    Groups,
    Header,
    Part,
    Results,
    RunKind,
    rows,
    whole,
)
from contract.kit.waive import Waiver, match
from contract.kit.waive import load as load_waivers
from contract.kit.wire import TargetGone, Wire


def new_id() -> str:
    """A run's name: when it began (UTC) and something random, so that two runs never share one."""
    return f"{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S}-{randomness.token_hex(2)}"


def start_reference(settings: Settings) -> Handle:
    """The embedded server of these settings, listening. UsageError for a name that stands for none."""
    try:
        return launch(settings.reference or "documented")
    except UnknownReference as error:
        raise UsageError(str(error)) from None
    except NotStarted as error:
        raise UsageError(f"{error}; is another program in the way?") from None


def inputs(settings: Settings) -> tuple[Register, tuple[Waiver, ...]]:
    """The register and the waivers; UsageError for a file that cannot be used."""
    register = clauses.load()
    return register, tuple(load_waivers(settings.waivers, register)) if settings.waivers else ()


class Run:
    """What one process does of a run; under several, each has its own estate and its own part of the findings."""

    def __init__(self, settings: Settings, run_id: str, seed: int, *, new: bool = True) -> None:
        """`new`: not the requests of another run again, so that what broke the contract before is sent first."""
        self.settings = settings
        self.run_id = run_id
        self.seed = seed
        self.register, self.waivers = inputs(settings)
        self.operation: Operation = load_description()
        self.findings = Findings(partial(match, self.waivers))
        self.traffic: list[Exchange] = []
        self.answers = AnswerCount()
        depth = DEPTHS[settings.depth]
        self.memory = Memory(default_database(), self.breaks, send_again=new) if depth.remembers else None
        self.window = Window(settings.at_once)
        self.properties = Properties(depth, seed, self.memory, self.window)
        self.part = Part()
        self.started = _now()
        self._drive: Drive | None = None
        self._cleanup: Cleanup | None = None
        self._kinds: dict[str, str] = {}
        self._breaks = self._entered = self._kept = 0
        self._told: dict[str, int] = {}
        """Violations of each clause that have been counted."""
        self.interrupted = False
        """From outside: nothing more is sent but to clean up."""
        self.isolator: Isolator | None = None
        self.recognised = False
        """The target's own calls have shown that it knows the run's session."""

    # --- the target ---

    def open(self) -> None:
        """Reach the target and prepare there what the run needs. UsageError where that cannot be."""
        settings = self.settings
        known = Secrets()
        for name in ("session", "password", "access_key_secret"):
            if value := getattr(settings, name):
                known.learn(value, f"$CONTRACT_{name.upper()}")
        wire = Wire.to(settings, known)
        settings.reports.mkdir(parents=True, exist_ok=True)
        ledger = Ledger.create(settings.reports, self.run_id, settings.url)
        self._kinds = ledger.kinds
        try:
            estate = Estate.open(settings, wire, known, ledger, self.operation)
        except BaseException:
            wire.close()
            raise
        guard = Guard(estate.access.probe)
        guard.begin()
        client = Client(self.operation, wire, estate, known, Renewal(estate.access), guard, self._record, self.window)
        self._drive = Drive(client, self.findings, self.properties, self.traffic, settings.read_only)
        wire.vouch(Witness(client, self._drive.associated))

    def _record(self, exchange: Exchange) -> None:
        self.traffic.append(exchange)
        self.answers.see(exchange)

    def show_good_request(self) -> None:
        """Where clauses are chosen: a good request first, so that a pass shows something."""
        if self.part.asked and not self.settings.read_only:
            self.drive.begin(("",), "witness")
            with contextlib.suppress(TargetGone, SiblingFailed):
                self.drive.add()

    @property
    def drive(self) -> Drive:
        if self._drive is None:
            raise RuntimeError("the run has not been opened")
        return self._drive

    def close(self) -> None:
        """Judge what is left to judge and remove what was made. Never raises; safe to call again."""
        drive = self._drive
        if drive is None:
            return
        try:
            self._judge_the_rest()
            if not self.interrupted:
                self._isolate(drive)
        finally:
            self._drive = None
            with contextlib.suppress(TargetGone, SiblingFailed):
                self.recognised = drive.estate.access.recognised()
            self._cleanup = drive.estate.close()
            wire, guard = drive.client.wire, drive.client.guard
            if wire.broken:
                guard.gone(wire.gone_by, wire.broken)
            self.part.broken, self.part.blocked = "" if guard.blocked else wire.broken, guard.blocked
            drive.client.wire.close()
        Gathering(self.part, self.register, self.findings, self.waivers, drive).gather(
            self._cleanup, self._kinds, self.isolator, recognised=self.recognised
        )
        self.part.answers = self.answers.answers()

    @property
    def opened(self) -> bool:
        return self._drive is not None or self._cleanup is not None

    # --- what a clause needs ---

    def unmet(self, needs: Iterable[str]) -> str | None:
        """Why a test does not apply in this run; None where it does."""
        for need in needs:
            if not self._met(need):
                return f"needs {self.register.needs[need]}"
        return None

    def _met(self, need: str) -> bool:
        estate = self.drive.estate
        met: dict[str, Callable[[], bool]] = {
            "write": lambda: not self.settings.read_only,
            "login": lambda: estate.access.can_login,
            "pairs": lambda: not self.settings.read_only and estate.can_pair(2),
            "query": estate.can_query,
            "key": lambda: self.settings.mode is Mode.ACCESS_KEY,
        }
        return met[need]()

    # --- what was found ---

    def judge_so_far(self) -> None:
        """Judge what has been sent since by the rules that hold for every answer: soon, while it is still read."""
        if self._drive is not None:
            self.findings.judge_every(self._judged_over_all, self.traffic)
            self._keep_less(self._drive.client.wire)

    def _keep_less(self, wire: Wire) -> None:
        for at in range(self._kept, len(self.traffic)):
            whole, self.traffic[at] = self.traffic[at], kept(self.traffic[at])
            wire.let_go(received(whole) - received(self.traffic[at]))
        self._kept = len(self.traffic)

    def breaks(self) -> int:
        """How many violations that no waiver covers have been found so far."""
        self.judge_so_far()
        if self.findings.entered == self._entered:
            return self._breaks
        self._entered = self.findings.entered
        for clause in self.register.clauses:
            entries = self.findings.of(clause.id).violations
            since = entries[self._told.get(clause.id, 0) :]
            self._told[clause.id] = len(entries)
            self._breaks += sum(entry.waiver is None for entry in since)
        return self._breaks

    @cached_property
    def _judged_over_all(self) -> list[str]:
        """The clauses among those selected whose rules take more than the exchanges of their own tests."""
        selected = self.part.asked or [name for name, part in self.part.clauses.items() if part.tests]
        return [name for name in selected if any(rule.over is not Over.DRIVEN for rule in rules_of(name))]

    def _judge_the_rest(self) -> None:
        """Judge what came after the tests that judge all traffic, or in a process that has none of them."""
        self.judge_so_far()
        for clause in self._judged_over_all:
            self.findings.judge_traffic(clause, self.traffic)

    def _isolate(self, drive: Drive) -> None:
        """Find what makes the violations that are shown break, before what was made is removed."""
        shown = [
            one for clause in self.register.clauses for one in Groups.of(self.findings.of(clause.id).violations).shown()
        ]
        if shown and not drive.client.wire.broken and not drive.client.guard.blocked:
            self.isolator = Isolator(drive, self._attribute)
            self.isolator.isolate(shown)

    def _attribute(self, clause: str, **evidence: Exchange) -> list[str]:
        """Judge by a clause that no violation shows yet; the names of the rules by which it is broken."""
        if (self.part.asked and clause not in self.part.asked) or self.findings.of(clause).violations:
            return []
        broken = self.findings.judge(clause, **evidence)
        return [rule.name for rule in rules_taking(clause, evidence)] if broken else []

    def results(
        self, part: Part, *, interrupted: bool, selected: bool, shard: str = "", not_started: str = ""
    ) -> Results:
        """The results of the whole run from the parts of all its processes, put together."""
        settings = self.settings
        header = Header(
            suite_version=__version__,
            description_digest=self.operation.digest,
            target=self._target(),
            settings=settings.redacted(),
            depth=settings.depth,
            seed=self.seed,
            run_id=self.run_id,
            start=self.started,
            end=_now(),
            kind=self._kind(part, shard),
            asked=part.asked,
            shard=shard,
        )
        found = rows(self.register, part, settings.depth, read_only=settings.read_only)
        if part.asked:
            found = [row for row in found if row.id in part.asked]
            part.waivers = [row for row in part.waivers if row.clause in part.asked]
        if not_started:
            found = [replace(row, reason="the run did not start") for row in found]
        return whole(
            header,
            found,
            part,
            [_excluded(clause) for clause in self.register.excluded],
            interrupted=interrupted,
            selected=selected,
            not_started=not_started,
        )

    def _kind(self, part: Part, shard: str) -> RunKind:
        if shard:
            return RunKind.PART
        if part.asked:
            return RunKind.CHOSEN
        return RunKind.READ_ONLY if self.settings.read_only else RunKind.WHOLE

    def _target(self) -> dict[str, Any]:
        settings = self.settings
        embedded = settings.kind is TargetKind.REFERENCE
        name = f"reference:{settings.reference or 'documented'}" if embedded else settings.name
        return {
            "name": name,
            "url": settings.url,
            "kind": settings.kind.value,
            "mode": settings.mode.value,
            "endpoint": f"{self.operation.method} {self.operation.path}",
        }


def not_started(folder: Path, target: str, why: str) -> None:
    """Tell in the reports of a run that its settings could not be used, so that no report of before is taken for it."""
    now = _now()
    header = Header(__version__, "", {"name": target}, {}, "", 0, new_id(), now, now)
    with contextlib.suppress(OSError):
        publish.begin(folder)
        publish.write(whole(header, [], Part(), [], not_started=why), folder)


def _excluded(clause: Clause) -> dict[str, str]:
    return {"id": clause.id, "sentence": clause.sentence, "reason": clause.excluded}


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def at_reference(settings: Settings, handle: Handle) -> Settings:
    """The settings of a run on a started reference."""
    return settings.at(handle.url, handle.account, handle.password)
