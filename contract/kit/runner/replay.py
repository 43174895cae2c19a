"""`python -m contract replay RESULTS.json ID [N]`: the exchange of a violation, sent again and judged again."""

from __future__ import annotations

import argparse
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from contract.kit.config import Settings, UsageError, load
from contract.kit.drive import Drive
from contract.kit.exchange import CannotExpandError, Exchange, Expect, Scope, expanded
from contract.kit.judge.rules import Over, Rule, rules_of
from contract.kit.reference import Handle
from contract.kit.report import again, store, text
from contract.kit.runner.run import Run, at_reference, new_id, start_reference
from contract.kit.target import ENDED_MARK, OTHER_MARK, Pair
from contract.kit.verdict import ExchangeRow, ExitStatus, Results, ViolationRow

_SHOWN: Final = 2_000


def replay(options: argparse.Namespace) -> tuple[list[str], int]:
    """What is told, and the status: 1 still broken, 0 no longer, 4 where it takes more than one exchange to judge.

    UsageError where the violation is not there or cannot be sent again.
    """
    results = store.read(options.results)
    clause, violation = _found(results, options.clause.upper(), options.number)
    settings = settings_of(results, options.target)
    handle: Handle | None = None
    if settings.reference or not settings.url:
        handle = start_reference(settings)
        settings = at_reference(settings, handle)
    try:
        with tempfile.TemporaryDirectory(prefix="contract-replay-") as folder:
            run = Run(replace(settings, reports=Path(folder), waivers=None), new_id(), 0)
            run.open()
            try:
                exchange = _sent(run.drive, settings, violation.exchange)
            finally:
                run.close()
    finally:
        if handle is not None:
            handle.stop()
    return _told(results, clause, violation, exchange)


def _found(results: Results, clause: str, number: int) -> tuple[str, ViolationRow]:
    broken = {row.id: row for row in results.clauses if row.violations}
    if clause not in broken:
        raise UsageError(f"replay: {clause} is not broken in that run; broken are {', '.join(broken) or 'none'}")
    violations = broken[clause].violations
    if not 1 <= number <= len(violations):
        raise UsageError(f"replay: {clause} has the violations 1 to {len(violations)}, not {number}")
    return clause, violations[number - 1]


def settings_of(results: Results, target: str | None) -> Settings:
    """Those of the run, on its target unless another is given; the secrets come from the environment."""
    asked = results.header.settings
    options = {"target": target or str(results.header.target.get("name") or "reference").removesuffix(":documented")}
    for name in again.WAY:
        value = asked.get(name)
        if value not in (None, False):
            options[name] = "true" if value is True else str(value)
    known = {name: value for name, value in os.environ.items() if name not in ("CONTRACT_TARGET", "CONTRACT_CLAUSE")}
    return load(options, known)


def _sent(drive: Drive, settings: Settings, row: ExchangeRow) -> Exchange:
    if row.request.size > len(row.request.body.encode("utf-8", "replace")) or row.request.encoding != "text":
        raise UsageError("replay: the report holds only a part of its body; paste its curl line, which makes all of it")
    places = _in_place_of(drive, row.own)
    values = (value for _, value in row.request.headers)
    known = _values(drive, settings, "".join([row.request.line, *values, row.request.body]))

    def filled(value: str) -> str:
        for old, new in places.items():
            value = value.replace(old, new)
        try:
            return expanded(value, known)
        except CannotExpandError as error:
            raise UsageError(f"replay: {error}") from None

    method, _, target = row.request.line.partition(" ")
    headers = [(name, filled(value)) for name, value in row.request.own_headers]
    exchange = drive.client.wire.send(
        method,
        filled(target),
        headers,
        filled(row.request.body).encode("utf-8", "surrogateescape"),
        scope=Scope(row.scope),
        expect=Expect(row.expect),
        case=row.case,
        path_values=_path_values(drive, filled(target)),
    )
    if outside := exchange.trouble:
        raise UsageError(f"replay: no answer: {outside.kind}: {outside.detail}")
    for pair in _pairs(places):
        drive.estate.used(pair)
    return replace(exchange, promises=drive.client.promises)


def _path_values(drive: Drive, target: str) -> dict[str, str]:
    """What a target names in the places of the path's parameters, where it is the path at all."""
    template = "".join(
        f"(?P<{part[1:-1]}>[^/]*)" if part.startswith("{") else re.escape(part)
        for part in re.split(r"(\{\w+\})", drive.operation.path)
    )
    found = re.fullmatch(template, target.partition("?")[0])
    return {name: unquote(value) for name, value in found.groupdict().items()} if found else {}


def _in_place_of(drive: Drive, own: Mapping[str, str]) -> dict[str, str]:
    """Resources of this run for those that the other run had made and has removed since."""
    found: dict[str, str] = {}
    pair = drive.unused_pair()
    for uuid, kind in own.items():
        mine = pair.group if kind == "job group" else pair.trigger
        if mine in found.values():
            pair = drive.other_pair(pair)
            mine = pair.group if kind == "job group" else pair.trigger
        found[uuid] = mine
    return found


def _pairs(places: Mapping[str, str]) -> list[Pair]:
    mine = list(places.values())
    return [Pair(mine[0], mine[1])] if len(mine) == 2 else []


def _values(drive: Drive, settings: Settings, asked: str) -> dict[str, str]:
    """What stands for the secrets that a request names; `asked`: all of its text."""
    names = ("account", "password", "access_key_id", "access_key_secret")
    known = {f"CONTRACT_{name.upper()}": value for name in names if (value := getattr(settings, name))}
    access = drive.estate.access
    for mark in (OTHER_MARK, ENDED_MARK):
        if mark.removeprefix("$") in asked and access.can_login:
            session = access.new_session(to_last=mark == OTHER_MARK)
            if mark == ENDED_MARK:
                access.end_session(session)
            known[mark.removeprefix("$")] = session
    return {**known, "CONTRACT_SESSION": drive.token()}


def _told(results: Results, clause: str, violation: ViolationRow, exchange: Exchange) -> tuple[list[str], int]:
    answer = exchange.answer
    told = [f"{exchange.request.method} {exchange.request.target}"]
    if answer is not None:
        told.append(f"HTTP {answer.status}")
        told += [f"{name}: {value}" for name, value in answer.headers]
        told += ["", answer.body[:_SHOWN].decode("utf-8", "replace"), ""]
    told = [text.visible(line) for line in told]
    rules = [rule for rule in rules_of(clause) if violation.rule in ("", rule.name) and _takes_one(rule)]
    if not rules:
        line = again.command(results, clause)
        return [*told, f"{clause} is judged by more than one exchange: {line}"], int(ExitStatus.UNUSABLE)
    finding = rules[0].judge(exchange)
    if finding is None:
        return [*told, f"{clause} has nothing to say of this answer"], int(ExitStatus.UNUSABLE)
    if finding:
        first = finding[0]
        words = f"{clause} is still broken: expected {first.expected}; got {first.actual}"
        return [*told, text.one_line(words, 500)], int(ExitStatus.BROKEN)
    return [*told, f"{clause} holds for this answer"], int(ExitStatus.CONFORMANT)


def _takes_one(rule: Rule) -> bool:
    return rule.over is not Over.TRAFFIC and len(rule.takes) == 1 and "exchanges" not in rule.takes
