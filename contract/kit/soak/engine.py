"""A load process: Locust holds the rate, a site sends and judges. It ends when its standard input does.

It prints lines of JSON: a master its port, and each at its end what it found (`part`), what Locust measured
(`load`; with `seconds` of sending), or why it could not begin (`unusable`).
"""

import json
import os
import random
import sys
import time
from functools import partial
from typing import Any, ClassVar, Final

import gevent
from gevent.event import Event
from gevent.socket import wait_read
from locust import User, task
from locust.env import Environment
from locust.exception import StopUser
from locust.runners import MasterRunner, Runner

from contract.kit.config import UsageError, plain
from contract.kit.exchange import Exchange
from contract.kit.soak.hand import Hand
from contract.kit.soak.plan import Plan, Role
from contract.kit.soak.site import Site, SoakOver
from contract.kit.verdict import latency

SPAWN_RATE: Final = 100.0


class Caller(User):
    """One connection's worth of load."""

    site: ClassVar[Site]
    period: ClassVar[float]
    """Seconds from one request to the next."""
    stop_all: ClassVar[Event]
    hand: Hand | None
    due: float

    def on_start(self) -> None:
        self.hand = self.site.hand()
        # Not all of them in one breath.
        gevent.sleep(self.period * random.random())
        self.due = time.monotonic()

    def wait_time(self) -> float:
        """Seconds until the next request is due; what a slow answer has cost is not made up for."""
        now = time.monotonic()
        self.due = max(self.due + self.period, now)
        return self.due - now

    @task
    def request(self) -> None:
        if self.hand is None:
            gevent.sleep(1)
            return
        try:
            self.site.step(self.hand)
        except SoakOver:
            self.stop_all.set()
            raise StopUser from None


def _measure(environment: Environment, kind: str, exchange: Exchange) -> None:
    """Have Locust count an answer among those of its kind."""
    answer = exchange.answer
    if answer is None:
        return
    environment.events.request.fire(  # type: ignore[no-untyped-call]
        request_type="",
        name=kind,
        response_time=answer.elapsed * 1000,
        response_length=len(answer.body),
        exception=None,
        context={},
    )


def main() -> None:
    plan = Plan.read(sys.stdin.readline())
    stop = Event()
    gevent.spawn(_until_input_ends, stop)
    period = plan.connections * plan.settings.soak_workers / plan.rate
    Caller.period, Caller.stop_all = period, stop
    environment = Environment(user_classes=[Caller], stop_timeout=2 * plan.settings.request_timeout + 5)
    try:
        if plan.role is Role.MASTER:
            _say(load=_lead(plan, environment, stop))
            return
        Caller.site = site = Site(plan, partial(_measure, environment))
    except UsageError as error:
        _say(unusable=str(error))
        return
    load = None
    try:
        if plan.role is Role.ALONE:
            load = _hold(plan, environment, environment.create_local_runner(), stop)
        else:
            _follow(environment, plan.port, stop)
    finally:
        part = site.close()
    _say(part=plain(part), load=load, seconds=site.seconds)


def _until_input_ends(stop: Event) -> None:
    while wait_read(sys.stdin.fileno()) or os.read(sys.stdin.fileno(), 1024):
        pass
    stop.set()


def _lead(plan: Plan, environment: Environment, stop: Event) -> dict[str, Any]:
    runner = environment.create_master_runner("127.0.0.1", 0)
    assert isinstance(runner, MasterRunner)
    _say(port=runner.server.port)
    while len(runner.clients.ready) < plan.settings.soak_workers and not stop.is_set():
        gevent.sleep(0.05)
    return _hold(plan, environment, runner, stop)


def _follow(environment: Environment, port: int, stop: Event) -> None:
    runner = environment.create_worker_runner("127.0.0.1", port)

    def quit_early() -> None:
        stop.wait()
        runner.quit()

    gevent.spawn(quit_early)
    runner.greenlet.join()


def _hold(plan: Plan, environment: Environment, runner: Runner, stop: Event) -> dict[str, Any]:
    """The load for as long as it was asked for; what was measured."""
    began = time.monotonic()
    if not stop.is_set():
        runner.start(plan.connections * plan.settings.soak_workers, SPAWN_RATE)
        stop.wait(plan.seconds)
    seconds = time.monotonic() - began
    runner.quit()
    entries = {entry.name: entry for entry in environment.stats.entries.values()}
    return {
        "seconds": round(seconds, 3),
        "latency": _latency(environment.stats.total) if environment.stats.total.num_requests else {},
        "kinds": {name: _kind(entry) for name, entry in sorted(entries.items()) if entry.num_requests},
    }


def _kind(entry: Any) -> dict[str, Any]:
    """One kind of request as the members of a `Latency`."""
    counted = latency.histogram((taken / 1000, count) for taken, count in entry.response_times.items())
    return {"answers": entry.num_requests, **_latency(entry), "histogram": counted}


def _latency(entry: Any) -> dict[str, float]:
    """Seconds, as Locust keeps them: in whole milliseconds, above a hundred in two figures."""
    slowest = round(entry.max_response_time / 1000, 4)
    found = {
        name: min(entry.get_response_time_percentile(share / 100) / 1000, slowest)
        for name, share in latency.PERCENTILES.items()
    }
    return {**found, "max": slowest}


def _say(**told: Any) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
