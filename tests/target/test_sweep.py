"""What killed runs left goes, and nothing else."""

from __future__ import annotations

import pytest

from contract.kit.runner.sweeping import main
from contract.kit.target.estate import Estate
from contract.kit.target.resources import What
from tests.target.conftest import Site

pytestmark = pytest.mark.filterwarnings("error")


def killed(estate: Estate) -> None:
    """The process ends without a word."""
    estate._ledger.release()


def swept(site: Site, environ: dict[str, str], url: str | None = None) -> int:
    return main(["--target", url or site.handle.url, "--reports", str(site.reports)], environ)


def test_what_a_killed_run_made_is_removed(own_site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    estate = own_site.open(own_site.account())
    pair = estate.pairs(5)[-1]
    estate._siblings.add(pair.group, pair.trigger)
    # Killed between the making and its answer: only the name is known.
    name = f"contract-{estate._ledger.tag}-group-99"
    estate._ledger.making(What.GROUP, name)
    estate._siblings.create(What.GROUP, name)
    estate._ledger.making(What.TRIGGER, "contract-never-made")
    bystander = estate._siblings.create(What.GROUP, f"{name}9")
    killed(estate)
    assert swept(own_site, own_site.account()) == 0
    assert "1 run(s) settled" in capsys.readouterr().out
    page = own_site.handle.control()
    assert page["names"] == [f"{name}9"]
    assert page["touched"] == []
    assert list(own_site.reports.iterdir()) == []
    assert swept(own_site, own_site.account()) == 0
    assert "0 run(s) settled, 0 thing(s) removed, 0 left" in capsys.readouterr().out
    again = own_site.open(own_site.account(), run="again")
    again._siblings.delete(What.GROUP, bystander)
    again.close()


def test_a_lent_pair_is_restored(own_site: Site) -> None:
    estate = own_site.open(own_site.pair())
    pair = estate.fresh_pair()
    estate._siblings.add(pair.group, pair.trigger)
    killed(estate)
    assert swept(own_site, own_site.account()) == 0
    assert own_site.alive() == {}
    assert list(own_site.reports.iterdir()) == []


def test_a_lent_pair_that_was_associated_is_associated_again(own_site: Site) -> None:
    first = own_site.open(own_site.pair())
    pair = first.fresh_pair()
    first._siblings.add(pair.group, pair.trigger)
    first._ledger.restored()
    first.close()
    estate = own_site.open(own_site.pair(), run="again")
    estate.fresh_pair()
    killed(estate)
    assert own_site.alive() == {}
    assert swept(own_site, own_site.pair()) == 0
    assert own_site.alive()["associations"] == [[pair.group, pair.trigger]]


def test_ledgers_of_others_are_left(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    live = site.open(site.account(), run="live")
    (site.reports / "ledger-elsewhere.jsonl").write_text('{"event":"open","target":"http://127.0.0.1:1"}\n')
    assert swept(site, site.account()) == 0
    out = capsys.readouterr().out
    assert "ledger-live.jsonl is still under way" in out
    assert "ledger-elsewhere.jsonl is of another target" in out
    assert len(list(site.reports.iterdir())) == 2
    assert live.close().left == ()


def test_what_cannot_be_removed_is_told(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    estate = site.open(site.account())
    estate.close()
    (site.reports / "ledger-odd.jsonl").write_text(
        f'{{"event":"open","target":"{site.handle.url}"}}\n'
        '{"event":"made","what":"jobgroups","name":"odd","uuid":"not a uuid"}\n'
    )
    assert swept(site, site.account()) == 3
    assert "left: job group odd" in capsys.readouterr().out
    assert (site.reports / "ledger-odd.jsonl").exists()


def test_mistakes(own_site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    killed(own_site.open(own_site.account()))
    assert swept(own_site, own_site.account(CONTRACT_PASSWORD="not so good")) == 4
    assert "was refused" in capsys.readouterr().err
    assert main([], {}) == 4
    assert "give --target URL" in capsys.readouterr().err
    assert swept(own_site, own_site.account()) == 0
