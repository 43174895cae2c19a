"""A pytest session that runs the contract: opens the run, orders and guards the tests, reports at the end."""

from __future__ import annotations

import gc
import traceback
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from contract.kit.config import DEPTHS, TargetKind, UsageError, build, load, plain
from contract.kit.reference import Handle
from contract.kit.report import publish
from contract.kit.runner import called, chosen
from contract.kit.runner.chosen import clauses_of, is_after_all, place
from contract.kit.runner.run import Run, at_reference, new_id, start_reference
from contract.kit.verdict import ExitStatus, Part, Results

Item = pytest.Item
HOME: Final = Path(__file__).resolve().parents[2]


class ContractSession:
    """Registered as a plugin of its own where the contract is run, in the controller and in each worker."""

    def __init__(self, config: pytest.Config, environ: Mapping[str, str]) -> None:
        self.config = config
        self.worker: dict[str, Any] | None = getattr(config, "workerinput", None)
        # Also by --tx and --dist, which are older ways to ask for several processes.
        several = getattr(config.option, "numprocesses", None) or getattr(config.option, "dist", "no") != "no"
        self.distributed = bool(several) and self.worker is None
        if self.distributed and getattr(config.option, "maxschedchunk", None) is None:
            # Tests differ much in length: one at a time, so that the workers end together.
            config.option.maxschedchunk = 1
        settings = load(called.options(config), environ)
        self.shard = called.shard(config)
        self.handle: Handle | None = None
        self._starting: Future[Handle] | None = None
        self.part: Part | None = None
        self.soaked: Part | None = None
        """What a soak has found."""
        self.results: Results | None = None
        self.refused = "the suite failed before it began"
        """Why the run did not start, where it did not."""
        self.unwritten = self.failed = ""
        """Why reports could not be written, and how the suite failed at its end; one line each."""
        self.selected = 0
        self.interrupted = False
        told = self.worker["contract"] if self.worker is not None else {}
        new = told["new"] if told else config.getoption("--hypothesis-seed", None) is None
        seed = told.get("seed") if told else called.seed(config, settings)
        run_id = f"{told['run_id']}-{self.worker['workerid']}" if self.worker is not None else new_id()
        if told.get("url"):
            settings = settings.at(told["url"], told["account"], told["password"])
        if self.worker is not None:
            settings = settings.share(self.worker["workercount"])
        self.run = Run(settings, run_id, seed or 0, new=new)
        self.run.part.asked = told["asked"] if told else list(called.clauses(config, settings, self.run.register, HOME))
        self.new = new
        """No seed was given: the requests are not those of another run again."""
        if settings.kind is TargetKind.REFERENCE and self.worker is None and not config.option.collectonly:
            # It starts while pytest imports and collects.
            self._starting = ThreadPoolExecutor(1).submit(start_reference, settings)
        if config.getoption("tbstyle", "auto") == "auto":
            # The contract's own summary says it all.
            config.option.tbstyle = "no"
            config.option.reportchars = ""
        # A library's warning is no fault of the target; the suite's own proof turns warnings into errors.
        config.addinivalue_line("filterwarnings", "ignore")

    # --- beginning ---

    def pytest_report_header(self) -> list[str]:
        settings, run = self.run.settings, self.run
        lines = [f"contract: target {settings.name}, depth {settings.depth}, run {run.run_id}"]
        if DEPTHS[settings.depth].random:
            again = f"--depth {settings.depth} --hypothesis-seed={run.seed}"
            lines.append(f"contract: seed {run.seed} (the same requests again: {again})")
        return lines

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Where workers will run: try the target once before them, so that trouble is told once and in a line."""
        if self.worker is not None or session.config.option.collectonly:
            return
        publish.begin(self.run.settings.reports)
        if not self.distributed:
            return
        try:
            with self._telling():
                self._start()
                if self.run.settings.pair is not None:
                    raise UsageError("several processes cannot share the one pair that was given; leave -n out")
                self.run.open()
        except pytest.UsageError:
            # A session that does not begin does not finish either.
            self._tell_not_started()
            raise
        self.run.close()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except UsageError as error:
            self.refused = str(error)
            raise pytest.UsageError(str(error)) from None

    def pytest_itemcollected(self, item: Item) -> None:
        """Ids are keywords: `-k ERR-004`."""
        item.extra_keyword_matches.update(clauses_of(item))

    @pytest.hookimpl(wrapper=True)
    def pytest_collection_modifyitems(self, items: list[Item]) -> Generator[None]:
        every = list(items)
        self._checked(every)
        yield
        part = self.run.part
        if not part.asked and items and len(items) < len(every):
            # By -k, -m or --deselect.
            part.asked = sorted({clause for item in items for clause in clauses_of(item)})
        if part.asked:
            items[:] = chosen.tests_for(every, part.asked) if items else []
        items.sort(key=place)
        if self.shard is not None:
            number, parts = self.shard
            driving = [item for item in items if not is_after_all(item)]
            items[:] = driving[number - 1 :: parts] + [item for item in items if is_after_all(item)]

    def _checked(self, items: list[Item]) -> None:
        known = {clause.id for clause in self.run.register.clauses}
        for item in items:
            for clause in clauses_of(item) or ("",):
                if clause not in known:
                    raise pytest.UsageError(f"{item.nodeid}: its clause {clause!r} is not in the register")
        twice = [name for name, count in Counter(item.nodeid for item in items).items() if count > 1]
        if twice:
            raise pytest.UsageError(f"two tests share one node id: {twice[0]}")

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.selected = len(session.items)
        for item in session.items:
            for clause in clauses_of(item):
                self.run.part.of(clause).tests.append(item.nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        if session.config.option.collectonly or (not session.items and not self.distributed):
            return (yield)
        with self._telling():
            if not self.distributed:
                self._start()
                self.run.open()
                self.run.show_good_request()
        # What has been imported and collected stays: the collector need not walk it again and again.
        gc.freeze()
        return (yield)

    def _start(self) -> None:
        if self._starting is not None:
            self.handle = self._starting.result()
            self.run.settings = at_reference(self.run.settings, self.handle)

    # --- the end ---

    def pytest_keyboard_interrupt(self) -> None:
        self.interrupted = True

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        # What leaves here ends the process with 1, which only a broken contract may.
        try:
            self._finish(session, exitstatus)
        except Exception as error:
            self.failed = f"{type(error).__name__}: {error} ({_where(error)})"
            session.exitstatus = ExitStatus.SUITE_FAILED

    def _finish(self, session: pytest.Session, exitstatus: int) -> None:
        if session.config.option.collectonly:
            return
        if self.worker is not None:
            self._close()
            self.config.workeroutput["contract"] = plain(self.run.part)  # type: ignore[attr-defined]
            return
        if exitstatus in (ExitStatus.UNUSABLE, ExitStatus.SUITE_FAILED) and not self.run.opened:
            self._tell_not_started()
            return
        self._close()
        part = self.part if self.part is not None else self.run.part
        if self.soaked is not None:
            part.add(self.soaked)
        shard = "/".join(map(str, self.shard or ()))
        results = self.run.results(part, interrupted=self.interrupted, selected=bool(self.selected), shard=shard)
        self.results, session.exitstatus = results, results.footer.exit_status
        self._write(results)
        if self.unwritten:
            session.exitstatus = ExitStatus.SUITE_FAILED

    def _tell_not_started(self) -> None:
        self._write(self.run.results(self.run.part, interrupted=False, selected=True, not_started=self.refused))

    def _write(self, results: Results) -> None:
        try:
            publish.write(results, self.run.settings.reports)
        except OSError as error:
            self.unwritten = f"{error.filename or self.run.settings.reports}: {error.strerror}"

    def _close(self) -> None:
        """Clean up, whatever knocks: a second Ctrl-C leaves the rest to the ledger and `sweep`."""
        self.run.interrupted = self.interrupted
        if self.run.memory is not None and self.run.memory.sent_again:
            self.run.part.notices.append(self.run.memory.told)
        self.run.close()

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        writer, folder = terminalreporter._tw, self.run.settings.reports
        told: list[str] = []
        try:
            if self.results is not None:
                told += publish.summary_lines(self.results, writer.fullwidth, writer.hasmarkup, folder)
        except Exception as error:
            self.failed = f"{type(error).__name__}: {error} ({_where(error)})"
            terminalreporter._session.exitstatus = ExitStatus.SUITE_FAILED
        if self.unwritten:
            told.append(f"ERROR: the reports cannot be written: {self.unwritten}")
        if self.failed:
            told.append(f"ERROR: the suite failed at its end: {self.failed}")
        for line in told:
            terminalreporter.write_line(line)

    def stop(self) -> None:
        """End the embedded server, if there is one."""
        if self._starting is not None and self.handle is None and self._starting.exception() is None:
            self.handle = self._starting.result()
        if self.handle is not None:
            self.handle.stop()

    # --- several processes (pytest-xdist) ---

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker which run it belongs to and where the embedded server listens."""
        told: dict[str, Any] = {"run_id": self.run.run_id, "seed": self.run.seed, "new": self.new}
        told["asked"] = self.run.part.asked
        if self.handle is not None:
            told |= {"url": self.handle.url, "account": self.handle.account, "password": self.handle.password}
        node.workerinput["contract"] = told

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Add what a worker found."""
        self.part = self.part if self.part is not None else Part()
        found = getattr(node, "workeroutput", {}).get("contract")
        if found is None:
            self.part.broken = f"a worker of the run ended without its findings: {error or 'no reason given'}"
            ledger = self.run.settings.reports / f"ledger-{self.run.run_id}-{node.gateway.id}.jsonl"
            if ledger.exists():
                self.part.left.append(f"what {ledger} names")
            return
        part = build(found, Part, "what a worker found")
        self.selected = max(self.selected, sum(len(clause.tests) for clause in part.clauses.values()))
        self.part.add(part)


def _where(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}, line {last.lineno}"
