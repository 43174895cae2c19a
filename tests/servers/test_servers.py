"""Good servers on real frameworks conform, and the slips that their frameworks invite are caught."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.farm import Farm
from tests.servers.fleet import CREDENTIALS, FLEET, ON_REQUEST, Server, Slip

SLIPS = [pytest.param(server, slip, id=f"{server.name}-{slip.name}") for server in FLEET for slip in server.slips]


def _must_be_here(server: Server) -> None:
    lacks = server.lacks()
    if lacks:
        pytest.skip(f"{server.name}: {lacks}")


@pytest.mark.parametrize("server", FLEET, ids=lambda server: server.name)
def test_a_good_server_conforms(farm: Farm, tmp_path: Path, server: Server) -> None:
    _must_be_here(server)
    with server.running(tmp_path) as url:
        run = farm.run(tmp_path, "--target", url, "--depth", ON_REQUEST or "smoke", environ=CREDENTIALS)
    assert run.violated == set(), run.output
    assert run.status == 0, run.output


@pytest.mark.parametrize(("server", "slip"), SLIPS)
def test_a_slip_is_caught_by_its_clause(farm: Farm, tmp_path: Path, server: Server, slip: Slip) -> None:
    _must_be_here(server)
    with server.running(tmp_path, slip.name) as url:
        asked = ["--target", url, "--depth", ON_REQUEST or "smoke", "--clause", slip.clause]
        run = farm.run(tmp_path, *asked, environ=CREDENTIALS)
    assert run.violated == {slip.clause}, run.output
    assert run.status == 1, run.output
