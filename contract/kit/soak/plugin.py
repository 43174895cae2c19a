"""The soak as pytest sees it: a test for each clause, the load processes, and what they found as one."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import IO, Any, Final

import pytest

from contract.kit.config import SOAK, UsageError, build
from contract.kit.runner.protocol import ContractBroken
from contract.kit.runner.session import ContractSession
from contract.kit.soak.plan import Plan, Role
from contract.kit.verdict import Latency, Load, Part

ROOT: Final = Path(__file__).parents[3]
NOT_DRIVEN: Final = "a soak does not drive it; --depth gate does"
MOST_TOLD: Final = 600
A_MINUTE: Final = 60.0
HELD: Final = 0.9
"""A load below this share of what was asked for is told."""


class Soak:
    """Registered as a plugin where the depth is soak. UsageError where no load can be held."""

    def __init__(self, session: ContractSession) -> None:
        if importlib.util.find_spec("locust") is None:
            raise UsageError("--depth soak needs Locust: pip install --require-hashes -r requirements-soak.lock")
        if session.distributed or session.worker is not None:
            raise UsageError("a soak has processes of its own: give --soak-workers N in place of -n")
        if session.shard is not None:
            raise UsageError("a soak has no shards; give each machine a part of --rate and merge their results.json")
        settings = session.run.settings
        if settings.soak_workers > 1 and settings.pair is not None:
            raise UsageError("several processes cannot share the one pair that was given; leave --soak-workers out")
        self._session = session
        self._part = Part()

    def pytest_report_header(self) -> str:
        plan = self._plan()
        return (
            f"contract: a load of {plan.rate:g} requests a second for {plan.settings.minutes:g} min, over "
            f"{plan.connections * plan.settings.soak_workers} connections"
        )

    def _plan(self) -> Plan:
        run = self._session.run
        return Plan(Role.ALONE, run.settings, run.run_id, run.seed)

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        clauses = self._session.run.register.clauses
        rows = [pytest.param(clause.id, id=clause.id, marks=pytest.mark.clause(clause.id)) for clause in clauses]
        metafunc.parametrize("clause", rows)

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        mark = item.get_closest_marker("clause")
        if mark is not None and SOAK not in self._session.run.register[mark.args[0]].floor:
            pytest.skip(NOT_DRIVEN)

    def judge(self, clause: str) -> None:
        """ContractBroken where the load has broken the clause."""
        if self._part.broken:
            self._session.run.part.of(clause).unjudged.append(self._part.broken)
            pytest.skip(self._part.broken)
        for row in self._part.of(clause).violations:
            if row.waiver is None:
                raise ContractBroken(f"{clause}: expected {row.expected}; got {row.actual}")

    # --- the load ---

    def hold(self) -> None:
        """Hold the load for its time and gather what was found, whatever stops it."""
        if self._session.soaked is not None:
            return
        self._session.soaked = self._part
        plan = self._plan()
        crew = _Crew(plan)
        try:
            crew.start()
            self._wait(crew)
        finally:
            said = crew.end()
            self._gather(plan, said)

    def _wait(self, crew: _Crew) -> None:
        """Until the load is over. It is told each minute: some runners end what says nothing for long."""
        reporter = self._session.config.pluginmanager.get_plugin("terminalreporter")
        began = time.monotonic()
        while not crew.over(A_MINUTE):
            if reporter is not None:
                reporter.write_line(f"contract: under load for {(time.monotonic() - began) / 60:.0f} min")

    def _gather(self, plan: Plan, said: list[_Said]) -> None:
        part, workers = self._part, plan.settings.soak_workers
        for one in said:
            if one.part is not None:
                part.add(build(one.part, Part, "what a load process found"))
            elif one.role is not Role.MASTER:
                told = self._session.run.drive.client.secrets.scrub(one.wrong)
                part.broken = part.broken or f"a load process ended without its findings: {told}"
        load = next((one.load for one in said if one.load is not None), None)
        if load is None:
            return
        part.latency = load["latency"]
        part.latencies = {name: Latency(**kind) for name, kind in load["kinds"].items()}
        seconds = max(load["seconds"], *(one.seconds for one in said), 0.001)
        held = part.exchanges / seconds
        part.load = Load(
            seconds=round(seconds, 3),
            asked=plan.rate,
            held=round(held, 2),
            workers=workers,
            connections=plan.connections * workers,
        )
        if held < HELD * plan.rate:
            part.notices.append(
                f"{held:.3g} requests a second were sent of the {plan.rate:g} asked for: answers, 429 or this "
                "machine were too slow, or the pace, which bounds the run's own calls too"
            )


class _Said:
    """What one load process said at its end."""

    def __init__(self, role: Role, output: bytes, errors: str) -> None:
        self.role = role
        self.part: dict[str, Any] | None = None
        self.load: dict[str, Any] | None = None
        lines = output.splitlines()
        try:
            told = json.loads(lines[-1]) if lines else {}
        except ValueError:
            told = {}
        self.part, self.load = told.get("part"), told.get("load")
        self.seconds: float = told.get("seconds", 0.0)
        self.wrong = str(told.get("unusable") or " ".join(errors[-MOST_TOLD:].split()) or "it said nothing")


class _Crew:
    """The load processes. The end of their standard input ends them, so that none outlives this one."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._members: list[tuple[Role, subprocess.Popen[bytes], IO[bytes]]] = []
        self._outputs: list[Future[bytes]] = []
        self._pool = ThreadPoolExecutor(plan.settings.soak_workers + 1)

    def start(self) -> None:
        workers = self._plan.settings.soak_workers
        if workers == 1:
            self._begin(self._plan.of(Role.ALONE, 1))
            return
        master = self._begin(self._plan.of(Role.MASTER, 0), listen=False)
        assert master.stdout is not None
        line = master.stdout.readline()
        self._outputs.append(self._pool.submit(master.stdout.read))
        port = json.loads(line)["port"] if line else 0
        for number in range(1, workers + 1):
            self._begin(self._plan.of(Role.WORKER, number, port))

    def _begin(self, plan: Plan, *, listen: bool = True) -> subprocess.Popen[bytes]:
        errors = tempfile.TemporaryFile()  # noqa: SIM115  it is read at the end
        process = subprocess.Popen(
            [sys.executable, "-m", "contract.kit.soak"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))},
            # Ctrl-C is for pytest: the load is told, so that it cleans up first.
            start_new_session=True,
        )
        self._members.append((plan.role, process, errors))
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(plan.line().encode() + b"\n")
        process.stdin.flush()
        if listen:
            self._outputs.append(self._pool.submit(process.stdout.read))
        return process

    def over(self, seconds: float) -> bool:
        """Return True if one of them has ended, so that all do; waits so long for it."""
        return bool(wait(self._outputs, seconds, FIRST_COMPLETED).done)

    def end(self) -> list[_Said]:
        """End them all; what they said."""
        for _, process, _ in self._members:
            assert process.stdin is not None
            process.stdin.close()
        said = []
        for (role, process, errors), output in zip(self._members, self._outputs, strict=False):
            text = output.result()
            process.wait()
            errors.seek(0)
            said.append(_Said(role, text, errors.read().decode(errors="replace")))
            errors.close()
        self._pool.shutdown()
        return said
