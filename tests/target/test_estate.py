"""What a run has on a target, and that it leaves nothing there."""

from __future__ import annotations

import itertools
import re

import pytest

from contract.kit.config.settings import Mode
from contract.kit.config.usage import UsageError
from contract.kit.exchange.exchange import Sighting
from contract.kit.reference import launch
from contract.kit.target.access import MOST_ENDED
from contract.kit.target.estate import Estate
from contract.kit.target.pair_kinds import KINDS
from contract.kit.target.pairs import MOST_GROUPS, MOST_TRIGGERS, Grid, Lent
from contract.kit.target.resources import Pair, What
from contract.kit.target.siblings import SiblingFailed
from tests.target.conftest import Site, Sites
from tests.wire.raw import always, http, serving
from tests.wire.relay import relaying

pytestmark = pytest.mark.filterwarnings("error")

NO_TRACE: dict[str, object] = {}


def add(estate: Estate, pair: Pair) -> None:
    """The endpoint's own request, for a pair."""
    estate._siblings.add(pair.group, pair.trigger)
    estate.used(pair)


def present(sighting: Sighting) -> bool | None:
    told = set(sighting.views.values())
    assert len(told) == 1
    return told.pop()


@pytest.mark.parametrize("given", ["account", "pair"])
def test_a_list_that_is_left_out_is_empty_once_one_was_seen(sites: Sites, given: str) -> None:
    site = sites("documented,empty_links=omitted")
    estate = site.open(getattr(site, given)())
    assert estate.can_query()
    pair = estate.fresh_pair()
    assert present(estate.looking.look(pair)) is False
    add(estate, pair)
    assert present(estate.looking.look(pair)) is True
    assert estate.access.notices == []
    estate.close()
    assert site.alive() == NO_TRACE


@pytest.mark.parametrize("several", ["told", "bare", "unknown", "refused"])
def test_several_are_looked_at_by_one_query_where_the_target_knows_it(sites: Sites, several: str) -> None:
    site = sites(f"documented,several={several}")
    queries: list[bytes] = []

    def note(request: bytes) -> None:
        if re.match(rb"GET \S+[?]q=uuid", request):
            queries.append(request.split()[1])

    with relaying(site.handle.url, note) as url:
        estate = site.open(site.account(), url)
        pairs = estate.pairs(4)
        for pair in pairs[:2]:
            add(estate, pair)
        queries.clear()
        for _ in range(2):
            seen = estate.looking.look_all(pairs)
            assert [present(seen[pair]) for pair in pairs] == [True, True, False, False]
        together = [path for path in queries if b"?=" in path]
        ends = {end for pair in pairs for end in pair.ends}
        assert len(queries) - len(together) == (0 if several == "told" else 2 * len(ends))
        # What the target does not know is not asked again.
        assert len(together) == (4 if several in ("told", "bare") else 2)
        estate.close()
    assert site.alive() == NO_TRACE


def test_a_list_that_never_comes_is_told_by_its_name(site: Site) -> None:
    def gate(request: bytes) -> bytes | None:
        asked = re.match(rb"GET \S+/triggers\?q=(uuid|name)=(\S+) ", request)
        return http(200, b'{"inventories":[{"%s":"%s"}]}' % asked.groups()) if asked else None

    with relaying(site.handle.url, gate) as url:
        estate = site.open(site.account(), url)
        pair = estate.fresh_pair()
        assert set(estate.looking.look(pair).views.values()) == {False, None}
        add(estate, pair)
        assert set(estate.looking.look(pair).views.values()) == {True, None}
        assert estate.access.notices == [
            "`jobGroupsUuid` of a trigger is never shown: what requests do is not seen there"
        ]
        estate.close()


def test_an_account_makes_pairs_and_leaves_no_trace(site: Site) -> None:
    estate = site.open(site.account())
    assert (estate.settings.mode, estate.access.can_login, estate.can_query(), estate.can_pair(100)) == (
        Mode.ACCOUNT,
        True,
        True,
        True,
    )
    first, *others = [estate.fresh_pair(), *estate.pairs(9)]
    assert len({first, *others}) == 10
    assert present(estate.looking.look(first)) is False
    add(estate, first)
    add(estate, others[0])
    assert present(estate.looking.look(first)) is True
    estate.remove(first)
    assert present(estate.looking.look(first)) is False
    seen = estate.looking.look_all([first, others[0]])
    assert [present(sighting) for sighting in seen.values()] == [False, True]
    cleanup = estate.close()
    assert cleanup.made == cleanup.removed > 0
    assert cleanup.left == ()
    assert site.alive() == NO_TRACE
    assert list(site.reports.iterdir()) == []
    assert estate.close() == cleanup


def test_a_session_and_its_pair_are_left_as_they_were_found(site: Site) -> None:
    estate = site.open(site.pair())
    assert (estate.settings.mode, estate.access.can_login, estate.can_pair(1), estate.can_pair(2)) == (
        Mode.SESSION,
        False,
        True,
        False,
    )
    pair = estate.fresh_pair()
    assert pair == Pair(site.handle.job_group, site.handle.trigger)
    add(estate, pair)
    assert estate.fresh_pair() == pair
    assert present(estate.looking.look(pair)) is False
    add(estate, pair)
    assert estate.close().left == ()
    assert site.alive() == NO_TRACE


def test_a_pair_that_was_associated_is_associated_again(own_site: Site) -> None:
    estate = own_site.open(own_site.pair())
    pair = estate.fresh_pair()
    add(estate, pair)
    estate._ledger.lent_pair = None
    estate.close()
    again = own_site.open(own_site.pair(), run="again")
    assert again._supply.can(1)
    assert again.fresh_pair() == pair
    assert present(again.looking.look(pair)) is False
    assert again.close().left == ()
    assert own_site.handle.control()["touched"]
    check = own_site.open(own_site.pair(CONTRACT_READ_ONLY="1"), run="check")
    assert present(check.looking.look(pair)) is True
    assert not check.can_pair(1)
    assert check.fresh_pair() != pair
    check.close()


def test_an_access_key_makes_pairs_too(site: Site) -> None:
    estate = site.open(site.key())
    assert (estate.settings.mode, estate.access.token, estate.access.alive(), estate.access.renew()) == (
        Mode.ACCESS_KEY,
        None,
        None,
        False,
    )
    pair = estate.fresh_pair()
    add(estate, pair)
    assert present(estate.looking.look(pair)) is True
    assert estate.close().left == ()
    assert site.alive() == NO_TRACE


def test_a_read_only_run_makes_nothing(site: Site) -> None:
    estate = site.open(site.account(), read_only="yes")
    assert not estate.can_pair(1)
    assert present(estate.looking.look(estate.fresh_pair())) is False
    assert estate.close().made == 0
    assert site.alive() == NO_TRACE


def test_sessions_of_its_own(site: Site) -> None:
    estate = site.open(site.account())
    session = estate.access.new_session()
    assert session != estate.access.token
    assert estate._wire.secrets.scrub(session) == "$CONTRACT_SESSION_ENDED"
    estate.access.end_session(session)
    assert estate.access.alive() is True
    assert estate._siblings.session_valid(session)[0] is False
    estate.access.new_session()
    estate.close()
    assert site.alive() == NO_TRACE


def test_of_hundreds_of_ended_sessions_the_last_are_looked_for(site: Site) -> None:
    estate = site.open(site.account())
    ended = [estate.access.new_session() for _ in range(MOST_ENDED + 2)]
    for session in ended:
        estate.access.end_session(session)
    scrubbed = [estate._wire.secrets.scrub(session) for session in ended]
    assert scrubbed == [*ended[:2], *["$CONTRACT_SESSION_ENDED"] * MOST_ENDED]
    estate.close()
    assert site.alive() == NO_TRACE


def test_a_session_that_ends_in_the_middle_is_renewed(own_site: Site) -> None:
    estate = own_site.open(own_site.account())
    pair = estate.fresh_pair()
    own_site.handle.expire_sessions()
    assert estate.access.alive() is False
    assert present(estate.looking.look(pair)) is False
    assert (estate.access.alive(), estate.access.renewals) == (True, 1)
    own_site.handle.expire_sessions()
    assert len(estate.pairs(10)) == 10
    assert estate.access.renewals == 2
    own_site.handle.expire_sessions()
    assert estate.close().left == ()
    page = own_site.handle.control()
    assert page["names"] == []


def test_a_given_session_that_ends_in_the_middle_is_told(own_site: Site) -> None:
    estate = own_site.open(own_site.pair())
    pair = estate.fresh_pair()
    add(estate, pair)
    own_site.handle.expire_sessions()
    assert not estate.access.renew()
    with pytest.raises(SiblingFailed):
        estate.fresh_pair()
    (left,) = estate.close().left
    assert left.startswith(
        f"the pair {pair.group} and {pair.trigger} may still be associated (looking at a job group: HTTP"
    )
    assert len(list(own_site.reports.iterdir())) == 1


def test_removing_what_is_not_there_may_be_refused(sites: Sites) -> None:
    site = sites("documented,remove_absent=failure")
    estate = site.open(site.account())
    estate.remove(estate.fresh_pair())
    estate.remove(Pair.unknown())
    estate.close()
    assert site.alive() == NO_TRACE


def test_jobs_that_take_time_are_waited_for(sites: Sites) -> None:
    site = sites("zstack-5.2,job_polls=3")
    estate = site.open(site.account())
    assert len(set(estate.pairs(4))) == 4
    assert estate.close().left == ()
    assert site.alive() == NO_TRACE


def test_no_secret_is_in_the_ledger(site: Site) -> None:
    estate = site.open(site.account())
    token = estate.access.token
    assert token is not None
    content = estate._ledger.path.read_text()
    assert token not in content
    assert '"making"' in content
    estate.close()


# What keeps a run from beginning


def mistake(site: Site, environ: dict[str, str], url: str | None = None) -> str:
    with pytest.raises(UsageError) as raised:
        site.open(environ, url)
    assert "\n" not in str(raised.value)
    assert list(site.reports.iterdir()) == []
    return str(raised.value)


def test_mistakes_are_told_in_one_line(site: Site) -> None:
    unknown = "f" * 32
    assert "login of account admin was refused" in mistake(site, site.account(CONTRACT_PASSWORD="not-so-good"))
    assert "session is not valid" in mistake(site, site.pair(CONTRACT_SESSION=unknown))
    assert f"job group {unknown} does not exist" in mistake(site, site.pair(CONTRACT_JOB_GROUP=unknown))
    assert f"trigger {unknown} does not exist" in mistake(site, site.pair(CONTRACT_TRIGGER=unknown))
    assert "the access key was refused" in mistake(site, site.key(CONTRACT_ACCESS_KEY_SECRET="not-so-good"))
    assert site.alive() == NO_TRACE


def test_nobody_there(site: Site) -> None:
    with launch("documented") as other:
        gone = other.url
    assert "is not reachable" in mistake(site, site.account(), gone)
    assert "is not reachable" in mistake(site, site.pair(), gone)
    assert "is not reachable" in mistake(site, site.key(), gone)
    assert "is not reachable" in mistake(site, site.account(CONTRACT_READ_ONLY="1"), gone)


@pytest.mark.parametrize(
    "answer", [http(200, b"{}"), http(404, b"<html>"), http(500), http(200, b'{"inventory":{"uuid":7}}')]
)
def test_nonsense_for_a_login_is_a_refusal(sites: Sites, answer: bytes) -> None:
    site = sites("documented")
    with serving(always(answer)) as server:
        assert "was refused: HTTP" in mistake(site, site.account(), server.url)


@pytest.mark.parametrize(
    "answer", [http(200, b"{}"), http(404, b"<html>"), http(500), http(200, b'{"inventories":[7]}')]
)
def test_nonsense_for_a_look_is_not_known_and_the_run_goes_on(sites: Sites, answer: bytes) -> None:
    site = sites("documented")
    with serving(always(answer)) as server:
        estate = site.open(site.pair(), server.url)
        pair = estate.fresh_pair() if b"200" in answer[:12] else Pair(site.handle.job_group, site.handle.trigger)
        assert (estate.can_query(), estate.access.alive(), estate.looking.look(pair).told) == (False, None, False)
        assert estate.access.answers()
        assert estate.access.notices
        estate.close()


# The supplies by themselves


def test_a_grid_grows_on_its_smaller_side_and_then_frees_the_oldest_while_all_are_in_use() -> None:
    made: list[What] = []
    freed: list[Pair] = []
    ended: list[str] = []

    def make(what: What) -> str:
        made.append(what)
        return f"{what}{len(made)}"

    grid = Grid(make, freed.append, ended.append, most_groups=3, most_triggers=2)
    pairs = [grid.take() for _ in range(6)]
    assert len(set(pairs)) == 6
    assert (made.count(What.GROUP), made.count(What.TRIGGER)) == (3, 2)
    assert not freed
    grid.give_back(pairs[4])
    assert grid.take() == pairs[4]
    assert [grid.take(), grid.take()] == pairs[:2] == freed
    assert not ended
    assert grid.can(6)
    assert not grid.can(7)


def test_a_full_grid_ends_the_group_that_is_out_of_use_the_longest() -> None:
    freed: list[Pair] = []
    ended: list[str] = []
    counted = itertools.count()
    grid = Grid(lambda what: f"{what}{next(counted)}", freed.append, ended.append, most_groups=3, most_triggers=2)
    before = [grid.take() for _ in range(6)]
    grid.let_go()
    kept, _ = grid.take(), grid.take()
    assert ended == [before[0].group]
    later = [grid.take() for _ in range(4)]
    assert len(set(ended)) == 3
    assert kept.group not in ended
    assert not {pair.group for pair in later} & set(ended)
    assert not set(later) & set(before)
    assert not freed
    assert grid.take() == kept
    assert freed == [kept]


def test_a_run_that_needs_many_pairs_ends_groups_and_leaves_no_trace(site: Site) -> None:
    estate = site.open(site.account())
    used = [estate.fresh_pair() for _ in range(MOST_GROUPS * MOST_TRIGGERS)]
    add(estate, used[0])
    estate.let_go()
    later = [estate.fresh_pair() for _ in range(2 * MOST_TRIGGERS)]
    assert not {pair.group for pair in later} & {pair.group for pair in used}
    # What was done to the pairs of a group is looked at before it is deleted.
    assert [bool(estate.last_seen[pair].present_in) for pair in used[:2]] == [True, False]
    assert used[-1] not in estate.last_seen
    ended = estate.let_go()
    assert [pair.group in ended for pair in (used[0], used[-1], later[0])] == [True, False, False]
    assert len(ended) == 2
    assert present(estate.looking.look(used[0])) is not True
    cleanup = estate.close()
    assert cleanup.made == cleanup.removed == MOST_GROUPS + MOST_TRIGGERS + 2
    assert site.alive() == NO_TRACE


def test_a_pair_apart_shares_neither_end_however_full_the_grid_is() -> None:
    freed: list[Pair] = []
    counted = itertools.count()
    ended: list[str] = []
    grid = Grid(lambda what: f"{what}{next(counted)}", freed.append, ended.append, most_groups=3, most_triggers=2)
    for _ in range(20):
        pair = grid.take()
        other = grid.apart(pair)
        assert pair.group != other.group
        assert pair.trigger != other.trigger
    assert freed
    alone = Grid(lambda what: what, freed.append, ended.append, most_groups=1, most_triggers=1)
    pair = alone.take()
    assert alone.apart(pair) not in {pair, alone.take()}


def test_a_lent_pair_is_freed_only_when_it_may_be_associated() -> None:
    freed: list[Pair] = []
    pair = Pair("g", "t")
    lent = Lent(pair, freed.append, associated=False)
    lent.take()
    assert not freed
    lent.used(Pair("other", "t"), True)
    lent.take()
    assert not freed
    for touched in (pair, Pair("G", "t")):
        lent.used(touched, None)
        lent.take()
    assert freed == [pair, pair]


# Clean-up that meets something on the way


def test_a_ban_that_ends_is_waited_for(sites: Sites) -> None:
    """Something refuses the first removals: they are tried again, and nothing stays."""
    site = sites("documented")
    refused: list[bytes] = []

    def gate(request: bytes) -> bytes | None:
        return refused.pop() if refused and request.startswith(b"DELETE /zstack/v1/scheduler/") else None

    with relaying(site.handle.url, gate) as url:
        estate = site.open(site.account(), url)
        estate.pairs(3)
        refused += [http(403, b"<html>banned</html>")] * 5
        assert estate.close(pauses=(0.0, 0.0, 0.0)).left == ()
    assert site.alive() == NO_TRACE


@pytest.mark.parametrize(
    ("status", "told"), [(403, "HTTP 403, a page"), (200, "HTTP 200 without what a success carries")]
)
def test_what_stays_is_told_with_the_reason(sites: Sites, status: int, told: str) -> None:
    """A page says nothing of what the server did, whatever its status."""
    site = sites("documented")
    shut: list[bool] = []

    def gate(request: bytes) -> bytes | None:
        return http(status, b"<html>banned</html>") if shut and request.startswith(b"DELETE") else None

    with relaying(site.handle.url, gate) as url:
        estate = site.open(site.account(), url)
        estate.fresh_pair()
        shut.append(True)
        left = estate.close(pauses=(0.0,)).left
    assert len(left) == 2
    assert all(name.startswith(("job group contract-", "trigger contract-")) for name in left)
    assert all(told in name for name in left)


@pytest.mark.parametrize("associated", [False, True])
def test_a_read_only_run_puts_the_pair_back(sites: Sites, associated: bool) -> None:
    site = sites("documented")
    lender = site.open(site.pair(), run="before")
    pair = lender.fresh_pair()
    if associated:
        lender._siblings.add(pair.group, pair.trigger)
    estate = site.open(site.pair(CONTRACT_READ_ONLY="1"), run="read-only")
    if associated:
        estate._siblings.remove(pair.group, pair.trigger)
    else:
        estate._siblings.add(pair.group, pair.trigger)
    estate.used(pair)
    assert estate.close().left == ()
    assert any("was put back" in notice for notice in estate.access.notices)
    assert present(lender.looking.look(pair)) is associated


def test_a_read_only_run_that_changed_nothing_says_nothing(sites: Sites) -> None:
    site = sites("documented")
    estate = site.open(site.pair(CONTRACT_READ_ONLY="1"))
    estate.used(estate.fresh_pair())
    estate.close()
    assert estate.access.notices == []


# Ends that are not plain


def test_ends_of_every_kind_are_made_and_leave_no_trace(sites: Sites) -> None:
    site = sites("documented")
    estate = site.open(site.account())
    unusual = estate.maker.unusual_pairs()
    not_tried = [notice for notice in estate.access.notices if notice.startswith("not tried: ")]
    assert len(unusual) + len(not_tried) == len(KINDS)
    assert [each.over_at is not None for each in unusual] == [
        kind.fires for kind in KINDS if kind.words in {each.words for each in unusual}
    ]
    assert all(present(estate.looking.look(each.pair)) is False for each in unusual)
    estate.close()
    assert site.alive() == NO_TRACE


def test_an_end_that_the_target_does_not_make_is_told_and_nothing_else(sites: Sites) -> None:
    site = sites("documented")

    def gate(request: bytes) -> bytes | None:
        refused = b"cron" in request or b"/actions" in request.split(b"\r\n", 1)[0]
        return http(503, b'{"error":{"code":"SYS.1007","description":"no","details":"not here"}}') if refused else None

    with relaying(site.handle.url, gate) as url:
        estate = site.open(site.account(), url)
        assert len(estate.maker.unusual_pairs()) == len(KINDS) - 2
        assert [notice.partition(" (")[0] for notice in estate.access.notices] == [
            "not tried: a trigger by cron",
            "not tried: a job group that is disabled",
        ]
        estate.close()
    assert site.alive() == NO_TRACE
