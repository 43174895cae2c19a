"""The pytest plugin: options, order, one run a session, the verdict as exit status.

It wakes only where tests of `contract/` are run; the suite's own proof runs without it.
"""

from __future__ import annotations

import gc
import os
import signal
from pathlib import Path
from types import FrameType
from typing import Any, Final, NoReturn

import pytest

from contract.kit.config import OPTIONS, SOAK, UsageError

HOME: Final = Path(__file__).resolve().parents[1]
_SESSION: Final = pytest.StashKey[Any]()
_SOAK: Final = pytest.StashKey[Any]()
OF_A_SOAK: Final = "test_soak.py"

_HELP: Final = {
    "target": ("URL", "reference (default), reference:NAME, a base URL, or the name or path of a target file"),
    "waivers": ("FILE", "a waiver file, by name or path: known deviations of the target"),
    "clause": ("ID", "judge only these: an id (ERR-004), a family (ERR) or a comma-separated list; repeatable"),
    "depth": (
        "DEPTH",
        "smoke (seconds), gate (default, the same requests each time), nightly (random, more) or soak (see --minutes)",
    ),
    "read_only": (None, "send only what must be refused"),
    "pace": ("N", "most requests a second, over all connections together"),
    "connections": ("N", "requests in flight at once (default 8; 1 with a lent pair)"),
    "minutes": ("N", "soak only: minutes to hold the load (default 5; fractions too)"),
    "rate": ("N", "soak only: requests a second over all connections together (default 20, at most --pace)"),
    "soak_workers": ("N", "soak only: processes that send (default 1)"),
    "request_timeout": ("SECONDS", "time allowed for an answer (default 5)"),
    "ca_bundle": ("FILE", "certificates to trust for https"),
    "client_cert": ("FILE", "a client certificate in PEM, for a target that asks for one (mTLS)"),
    "client_key": ("FILE", "its key, if it is not in the certificate's file"),
    "insecure": (None, "do not verify the target's certificate"),
    "zone": (
        "ZONE",
        "the server's time zone, for dates that an access key signs (found out by default)",
    ),
    "reports": ("FOLDER", "where to write the reports (default reports/)"),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    title = "the contract (each option has a variable too: --target is CONTRACT_TARGET; the option wins)"
    group = parser.getgroup("contract", title)
    for name in OPTIONS:
        metavar, text = _HELP[name]
        flag = f"--{name.replace('_', '-')}"
        if name == "clause":
            group.addoption(flag, action="append", metavar=metavar, default=None, help=text)
        elif metavar is None:
            group.addoption(flag, action="store_const", const="true", default=None, help=text)
        else:
            group.addoption(flag, metavar=metavar, default=None, help=text)
    group.addoption("--shard", metavar="K/N", default=None, help="run part K of N; merge the results afterwards")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "clause(id, ...): the clause of the register that a test judges, and others that it judges too"
    )
    config.addinivalue_line("markers", "needs(name, ...): what a test needs beyond its clause")
    config.addinivalue_line("markers", "before_all: the test begins what takes time while the others run")
    config.addinivalue_line("markers", "after_all: the test judges what the others have sent")
    if config.option.help or not _runs_the_contract(config):
        return
    # Only a run of the contract pays for the rest of the kit.
    from contract.kit.runner.protocol import Protocol
    from contract.kit.runner.session import ContractSession

    try:
        session = ContractSession(config, os.environ)
    except UsageError as error:
        _not_started(config, str(error))
        raise pytest.UsageError(str(error)) from None
    config.stash[_SESSION] = session
    gc.freeze()  # what was imported stays to the end: no collection needs to walk it
    # What a part of the contract judges, other parts send: the session chooses among all tests.
    config.args = [str(HOME)]
    config.pluginmanager.register(session, "contract-session")
    config.pluginmanager.register(Protocol(session.run), "contract-protocol")
    if session.run.settings.depth == SOAK:
        from contract.kit.soak.plugin import Soak

        try:
            config.stash[_SOAK] = Soak(session)
        except UsageError as error:
            _not_started(config, str(error))
            raise pytest.UsageError(str(error)) from None
        config.pluginmanager.register(config.stash[_SOAK], "contract-soak")
    signal.signal(signal.SIGTERM, _interrupted)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupted)


def _not_started(config: pytest.Config, why: str) -> None:
    if config.option.collectonly or hasattr(config, "workerinput"):
        return
    from contract.kit.runner.run import not_started

    def given(name: str, otherwise: str) -> str:
        return config.getoption(name) or os.environ.get(f"CONTRACT_{name.upper()}") or otherwise

    not_started(Path(given("reports", "reports")), given("target", "reference"), why)


def _interrupted(number: int, _frame: FrameType | None) -> NoReturn:
    # A second one would leave things on the target and half a report here.
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.SIG_IGN)
    raise KeyboardInterrupt(signal.Signals(number).name)


def pytest_unconfigure(config: pytest.Config) -> None:
    session = config.stash.get(_SESSION, None)
    if session is not None:
        session.stop()
        gc.freeze()  # pytest collects five times over when it ends, and all that a run has kept would be walked


def _runs_the_contract(config: pytest.Config) -> bool:
    """Return True if the arguments name tests of the contract. UsageError where they name others too."""
    here = config.invocation_params.dir
    paths = [(here / arg.partition("::")[0]).resolve() for arg in config.args]
    inside = [path == HOME or HOME in path.parents for path in paths]
    if any(path in HOME.parents for path in paths) or (any(inside) and not all(inside)):
        raise pytest.UsageError("the contract and the suite's own proof never share a run: name one of them")
    return any(inside)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A soak has tests of its own, and no other depth has these."""
    if _SESSION not in config.stash or collection_path.resolve().parent != HOME or collection_path.suffix != ".py":
        return None
    return (collection_path.name == OF_A_SOAK) != (_SOAK in config.stash) or None


@pytest.fixture(scope="session")
def soak(request: pytest.FixtureRequest) -> Any:
    """A load on the target and what it found; it is held when it is first asked for."""
    found = request.config.stash[_SOAK]
    found.hold()
    return found


@pytest.fixture(scope="session")
def drive(request: pytest.FixtureRequest) -> Any:
    """What a test of the contract drives the target with."""
    return request.config.stash[_SESSION].run.drive
