"""How many requests are under way: fewer where their number was refused, as many as before where their rate was."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from contract.kit.wire import Wire
from contract.kit.wire.crowd import CLIMB, ENOUGH, ODD, PROOF, Crowd
from tests.wire.raw import Conversation, http
from tests.wire.test_wire import OK, wired

pytestmark = pytest.mark.filterwarnings("error")


def limited_to(most: int) -> Crowd:
    """Of eight under way those above `most` were refused, and the next passed one at a time."""
    crowd = Crowd()
    assert all(crowd.refused(among) for among in range(8, most, -1))
    assert crowd.found is None
    for _ in range(PROOF):
        crowd.passed(1)
    return crowd


@pytest.mark.parametrize("most", [1, 2, 5])
def test_what_was_refused_for_its_number_is_kept_below_that(most: int) -> None:
    assert limited_to(most).found == most


def test_while_it_is_proved_one_goes_at_a_time() -> None:
    crowd = Crowd()
    assert crowd.refused(5)
    assert crowd.most == 1
    crowd.passed(4)
    assert crowd.most == 1


def test_one_that_is_refused_alone_was_refused_for_its_rate() -> None:
    crowd = Crowd()
    assert crowd.refused(5)
    assert not crowd.refused(1)
    assert crowd.most is None
    assert not crowd.refused(5)


def test_alone_from_the_start_tells_nothing() -> None:
    crowd = Crowd()
    assert not crowd.refused(1)
    assert crowd.refused(2)


def test_one_more_is_tried_after_a_while_and_later_each_time() -> None:
    crowd = limited_to(2)
    for climb in (CLIMB, 2 * CLIMB):
        for _ in range(climb):
            assert crowd.found == 2
            crowd.passed(2)
        assert crowd.found == 3
        assert crowd.refused(3)
        assert crowd.found == 2


def test_a_refusal_at_the_limit_lowers_it_down_to_one_and_ends_it_there() -> None:
    crowd = limited_to(2)
    assert crowd.refused(2)
    assert crowd.found == 1
    assert not crowd.refused(1)
    assert crowd.most is None


@pytest.mark.parametrize(("among", "passed"), [(2, 0), (7, ENOUGH)])
def test_refusals_now_and_then_are_for_no_number(among: int, passed: int) -> None:
    crowd = limited_to(7)
    for time_ in range(ODD):
        assert crowd.found == 7, time_
        for _ in range(passed):
            crowd.passed(7)
        assert crowd.refused(among)
    assert crowd.most is None
    assert not crowd.refused(8)


def test_no_more_are_under_way_than_that() -> None:
    crowd, seen = limited_to(2), []

    def one(_: int) -> None:
        with crowd.among() as place:
            time.sleep(0.002)
        seen.append(place.among)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(40)))
    assert len(seen) == 40
    assert max(seen) == 2


def test_over_the_wire_a_target_that_serves_two_at_once_is_soon_sent_two() -> None:
    lock, now, refused = threading.Lock(), 0, 0

    def script(conversation: Conversation, number: int) -> None:
        nonlocal now, refused
        while True:
            conversation.request()
            with lock:
                now += 1
                too_many = now > 2
                refused += too_many
            if not too_many:
                time.sleep(0.005)
            with lock:
                now -= 1
            conversation.say(http(429) if too_many else OK)

    def sent(wire: Wire) -> int:
        exchange = wire.send("POST", "/")
        assert exchange.response is not None
        return exchange.response.status

    with wired(script) as (wire, _):
        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(lambda _: sent(wire), range(200))) == {200}
        assert "the target serves 2 requests at once: no more were under way" in wire.notices()
    assert refused < 30
