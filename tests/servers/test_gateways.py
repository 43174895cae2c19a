"""Behind gateways as they are installed a good server conforms, and what the gateway does is told as the gateway's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from contract.kit.reference import Handle, launch
from tests.farm import Ended, Farm
from tests.runner.started import account, left
from tests.servers.fleet import ON_REQUEST
from tests.servers.gateways import AS_SHIPPED, BAN, LIMITS, WALL, Gateway


@pytest.fixture
def reference() -> Iterator[Handle]:
    with launch("documented") as handle:
        yield handle


def judged_behind(gateway: Gateway, farm: Farm, reference: Handle, folder: Path) -> Ended:
    if gateway.lacks():
        pytest.skip(gateway.lacks())
    with gateway.before(reference.url, folder) as url:
        asked = ["--target", url, "--depth", ON_REQUEST or "smoke"]
        return farm.run(folder / "reports", *asked, environ=account(reference))


@pytest.mark.parametrize("gateway", [*AS_SHIPPED, *LIMITS], ids=lambda gateway: gateway.name)
def test_a_good_server_conforms_behind_it(farm: Farm, reference: Handle, tmp_path: Path, gateway: Gateway) -> None:
    run = judged_behind(gateway, farm, reference, tmp_path)
    assert run.violated == set(), run.output
    assert run.status == 0, run.output
    assert left(reference) == {}


def test_a_ban_is_the_gateways(farm: Farm, reference: Handle, tmp_path: Path) -> None:
    run = judged_behind(BAN, farm, reference, tmp_path)
    assert run.status == 4, run.output
    assert run.violated == set(), run.output
    assert "something before the server refuses everything after request" in run.results["footer"]["why"]


def test_a_log_in_page_is_no_server(farm: Farm, reference: Handle, tmp_path: Path) -> None:
    run = judged_behind(WALL, farm, reference, tmp_path)
    assert run.status == 4, run.output
    assert "Sign in" in run.output
    assert left(reference) == {}
