"""INV: what holds for every inventory."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from contract.kit.exchange import Exchange, Expect
from contract.kit.judge.rules.envelope import type_words
from contract.kit.judge.rules.registry import Finding, Over, rule
from contract.kit.judge.rules.timestamp import comparable, distance, parse
from contract.kit.judge.violation import Violation

OTHER_UNITS: Final = {"seconds": 1_000, "microseconds": 1e-3, "nanoseconds": 1e-6}
"""In milliseconds."""
A_DAY: Final = 86_400.0
"""Seconds. The zone of a server is not on the wire, and no zone is a day away."""
A_YEAR: Final = 366 * A_DAY


def _promised(exchange: Exchange) -> dict[str, Any] | None:
    """The inventory of a request that may succeed; that a refusal carries one at all is for other clauses to say."""
    return exchange.inventory if exchange.expect is not Expect.REFUSAL else None


@rule("INV-001", Over.EVERY)
def named_members_are_there(exchange: Exchange) -> Finding:
    inventory = _promised(exchange)
    if inventory is None:
        return None
    return [
        Violation(
            f"`{name}` is there",
            f"`{name}` is {'null' if name in inventory else 'absent'}",
            exchange,
            f"/inventory/{name}",
        )
        for name in exchange.promises.required
        if inventory.get(name) is None
    ]


@rule("INV-001", Over.EVERY)
def uuids_are_32_lower_case_hex_digits(exchange: Exchange) -> Finding:
    inventory = _promised(exchange)
    if inventory is None:
        return None
    violations = []
    for name, form in exchange.promises.echoed.items():
        value = inventory.get(name)
        if value is None or (isinstance(value, str) and form.fullmatch(value)):
            continue
        if value == exchange.path_values.get(name) and _is_variant(value, form):
            continue  # the request wrote it so, and the target may match it so
        expected = f"`{name}` is a string of 32 lower-case hex digits"
        actual = f"`{name}` is {type_words(value)}"
        violations.append(Violation(expected, actual, exchange, f"/inventory/{name}"))
    return violations


def _is_variant(value: object, form: re.Pattern[str]) -> bool:
    return isinstance(value, str) and form.fullmatch(value.strip().lower()) is not None


@rule("INV-002", Over.EVERY)
def times_are_in_a_known_form(exchange: Exchange) -> Finding:
    inventory = _promised(exchange)
    if inventory is None:
        return None
    expected = "a time as `Nov 14, 2017 10:20:57 PM`, ISO 8601 or epoch milliseconds"
    return [
        Violation(expected, f"`{name}` is {type_words(value)}", exchange, f"/inventory/{name}")
        for name in exchange.promises.timestamps
        if (value := inventory.get(name)) is not None and parse(value) is None
    ]


@rule("INV-003", Over.EVERY)
def creation_is_not_after_the_last_operation(exchange: Exchange) -> Finding:
    if _promised(exchange) is None:
        return None
    violations = []
    for (earlier, first), (later, second) in pairwise(_times(exchange)):
        if comparable(first, second) and first > second:
            expected = f"`{earlier}` is not after `{later}`"
            actual = f"`{earlier}` {first.isoformat()} is after `{later}` {second.isoformat()}"
            violations.append(Violation(expected, actual, exchange, f"/inventory/{earlier}"))
    return violations


@rule("INV-003", Over.EVERY)
def new_association_is_dated_within_a_day_of_now(exchange: Exchange) -> Finding:
    if _promised(exchange) is None or not exchange.fresh or exchange.resent:
        return None
    violations = []
    for name, time in _times(exchange):
        away = distance(time, exchange.at)
        if away > A_DAY:
            expected = f"`{name}` of a new association lies within a day of now"
            actual = f"`{name}` {time.isoformat()} is {away / A_DAY:,.1f} days away{_other_unit(exchange, name)}"
            violations.append(Violation(expected, actual, exchange, f"/inventory/{name}"))
    return violations


def _other_unit(exchange: Exchange, name: str) -> str:
    """What a number is in another unit than milliseconds, in words; empty where that is not near either."""
    value = (exchange.inventory or {}).get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    for unit, in_milliseconds in OTHER_UNITS.items():
        time = parse(round(value * in_milliseconds))
        if time is not None and distance(time, exchange.at) <= A_YEAR:
            return f"; read as {unit}, not milliseconds, it is {time.isoformat()}"
    return ""


def _times(exchange: Exchange) -> list[tuple[str, datetime]]:
    """The times of an inventory that can be read, in the description's order."""
    inventory = exchange.inventory or {}
    read = ((name, parse(inventory.get(name))) for name in exchange.promises.timestamps)
    return [(name, time) for name, time in read if time is not None]


@rule("INV-004", Over.TRAFFIC)
def adding_again_never_answers_earlier_times(exchanges: Sequence[Exchange]) -> Finding:
    latest: dict[tuple[tuple[str, ...], str], tuple[datetime, Exchange]] = {}
    violations = []
    compared = False
    for exchange in exchanges:
        # Of adds that were under way together nobody knows which came first.
        pair = exchange.named
        if exchange.side_by_side or pair in exchange.beside:
            continue
        for name, time in _times(exchange):
            known, before = latest.get((pair, name), (None, exchange))
            latest[pair, name] = (time, exchange)
            if known is None or not comparable(time, known):
                continue
            compared = True
            if time < known:
                expected = f"`{name}` not before {known.isoformat()}, as answered earlier"
                actual = f"`{name}` is {time.isoformat()}"
                violations.append(Violation(expected, actual, exchange, f"/inventory/{name}", beside=(before,)))
    return violations if compared else None
