"""References to run against, and estates on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from contract.kit.config.settings import load
from contract.kit.description.operation import load as load_description
from contract.kit.exchange.redaction import Secrets
from contract.kit.reference import launch
from contract.kit.reference.launch import Handle
from contract.kit.target.estate import Estate
from contract.kit.target.ledger import Ledger
from contract.kit.wire import Wire


@dataclass
class Site:
    """A running reference, and what a run opens on it."""

    handle: Handle
    reports: Path
    stack: ExitStack

    def account(self, **changes: str) -> dict[str, str]:
        return {"CONTRACT_ACCOUNT": self.handle.account, "CONTRACT_PASSWORD": self.handle.password, **changes}

    def pair(self, **changes: str) -> dict[str, str]:
        lent = {"CONTRACT_JOB_GROUP": self.handle.job_group, "CONTRACT_TRIGGER": self.handle.trigger}
        return {"CONTRACT_SESSION": self.handle.session, **lent, **changes}

    def key(self, **changes: str) -> dict[str, str]:
        key = {
            "CONTRACT_ACCESS_KEY_ID": self.handle.access_key_id,
            "CONTRACT_ACCESS_KEY_SECRET": self.handle.access_key_secret,
        }
        return {**key, **changes}

    def open(self, environ: dict[str, str], url: str | None = None, run: str = "run", **options: str) -> Estate:
        settings = load({"target": url or self.handle.url, **options}, environ)
        secrets = Secrets()
        wire = Wire(settings.url, secrets, timeout=2)
        self.stack.callback(wire.close)
        ledger = Ledger.create(self.reports, run, settings.url)
        self.stack.callback(ledger.release)
        return Estate.open(settings, wire, secrets, ledger, load_description())

    def alive(self) -> dict[str, object]:
        """What was made and is still there, and what is no longer as it was."""
        page = self.handle.control()
        alive = page["alive"]
        assert isinstance(alive, dict)
        return {name: value for name, value in alive.items() if value} | (
            {"touched": t} if (t := page["touched"]) else {}
        )


Sites = Callable[[str], Site]
DIALECTS = ["documented", "zstack-5.2"]


@pytest.fixture
def sites(tmp_path: Path) -> Iterator[Sites]:
    """References of the test's own, to be left in any state."""
    with ExitStack() as stack:

        def start(name: str) -> Site:
            return Site(stack.enter_context(launch(name)), tmp_path, stack)

        yield start


@pytest.fixture(params=DIALECTS)
def own_site(request: pytest.FixtureRequest, sites: Sites) -> Site:
    return sites(request.param)


@pytest.fixture(scope="session", params=DIALECTS)
def shared(request: pytest.FixtureRequest) -> Iterator[Handle]:
    with launch(request.param) as handle:
        yield handle


@pytest.fixture
def site(shared: Handle, tmp_path: Path) -> Iterator[Site]:
    """A reference shared by many tests: each leaves it as it was."""
    with ExitStack() as stack:
        site = Site(shared, tmp_path, stack)
        yield site
        assert site.alive() == {}
