"""allure-results: one Allure result a clause, rendered from results.json.

Not from pytest's own tests: a clause is judged over the exchanges of many tests, and its reader wants the
clause, the one exchange that breaks it and nothing of how the suite found it. Allure's words: epic = the
endpoint, feature = the family, story = the clause.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import uuid
from pathlib import Path
from typing import Any, Final

from allure_commons.logger import AllureFileLogger
from allure_commons.model2 import Attachment, Label, Link, Status, StatusDetails, TestResult
from allure_commons.types import LabelType, LinkType, Severity

from contract.kit.report import history, order, phrases
from contract.kit.report.store import put
from contract.kit.report.text import LONGEST_BODY, cut, more_like_it, tree, visible, where
from contract.kit.report.triage import Category, category
from contract.kit.verdict import ClauseRow, ExchangeRow, Message, Results, State, ViolationRow, WaiverRow

FOLDER: Final = "allure-results"
TRIAGE: Final = "triage"
"""The label that puts a result into a category of the page."""
WAIVERS: Final = "WAIVERS"
"""The feature of stale and overdue waivers: they are not clauses, but they end a run with status 1."""

_HTTP: Final = "application/vnd.allure.http+json"
_STATUS: Final = {
    State.PASS: Status.PASSED,
    State.VIOLATED: Status.FAILED,
    State.WAIVED: Status.SKIPPED,
    State.NOT_APPLICABLE: Status.SKIPPED,
    State.NOT_JUDGED: Status.BROKEN,
    State.ERROR: Status.BROKEN,
}
"""Waived is not passed: a deviation that is known is still none of the green ones."""


def write(results: Results, folder: Path) -> Path:
    """Write `allure-results` under `folder`, in place of what an earlier run left there."""
    place = folder / FOLDER
    log: Any = AllureFileLogger(str(place), clean=True)  # type: ignore[no-untyped-call]  # it has no types
    for number, row in enumerate(results.clauses):
        result = _clause(results, row, number)
        shown = next(iter(order.unwaived_first(row)), None)
        if shown is not None:
            source = f"{uuid.uuid4()}-attachment.json"
            name = visible(shown.exchange.case) or "the smallest offending exchange"
            result.attachments.append(Attachment(name=name, source=source, type=_HTTP))
            log.report_attached_data(json.dumps(_http(shown.exchange, results)), source)
        log.report_result(result)
    for number, (wrong, waiver) in enumerate(order.failing_waivers(results).items(), len(results.clauses)):
        log.report_result(_spent(results, waiver, wrong, number))
    put(
        place / "environment.properties",
        "".join(f"{key}={value}\n" for key, value in environment(results).items()),
    )
    return place


def endpoint(results: Results) -> str:
    """What all results stand under: method and path of the endpoint."""
    return visible(str(results.header.target.get("endpoint") or "the endpoint"))


def environment(results: Results) -> dict[str, str]:
    """What the run ran on, in the few words that a page shows beside the results."""
    header, target = results.header, results.header.target
    found = {
        "Target": target.get("name"),
        "URL": target.get("url"),
        "Version": target.get("version"),
        "Credentials": target.get("mode"),
        "Depth": header.depth,
        "Seed": header.seed or None,
        "Exchanges": results.footer.exchanges,
        "Description": header.description_digest.removeprefix("sha256:")[:12],
        "Suite": header.suite_version,
        "Run": header.run_id,
    }
    return {key: " ".join(visible(str(value)).split()) for key, value in found.items() if value not in (None, "")}


def history_id(results: Results, name: str) -> str:
    """An id for one clause of one endpoint on one target, the same night after night; no two targets share it."""
    told = "|".join((history.target(results), endpoint(results), name))
    return hashlib.md5(told.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def title(row: ClauseRow) -> str:
    """Id and sentence, as people read them (no markup)."""
    return visible(f"{row.id} {row.sentence.replace('`', '')}")


def _result(results: Results, name: str, feature: str, number: int) -> TestResult:
    identity = history_id(results, name)
    # A clause is judged over the whole run, so that it has no duration of its own. Allure sorts by the start:
    # the register's order is told by the millisecond.
    moment = _milliseconds(results.header.start) + number
    return TestResult(
        uuid=str(uuid.uuid4()),
        historyId=identity,
        testCaseId=identity,
        fullName=name,
        stage="finished",
        start=moment,
        stop=moment,
        titlePath=[feature],
        labels=[
            Label(name=LabelType.EPIC, value=endpoint(results)),
            Label(name=LabelType.FEATURE, value=feature),
        ],
    )


def _clause(results: Results, row: ClauseRow, number: int) -> TestResult:
    result = _result(results, row.id, row.family, number)
    result.name = title(row)
    result.status = _STATUS[row.state]
    result.description = description(row)
    severity = Severity.CRITICAL if row.level == "MUST" else Severity.MINOR
    result.labels += [
        Label(name=LabelType.STORY, value=title(row)),
        Label(name=LabelType.SEVERITY, value=severity.value),
        Label(name=LabelType.TAG, value=row.level),
    ]
    if found := category(row):
        result.labels.append(Label(name=TRIAGE, value=str(found)))
    result.links += [Link(type=LinkType.LINK, url=url, name=name) for name, url in phrases.addresses(row.source)]
    waivers = order.waivers_of(results, row)
    result.labels += [
        Label(name="owner", value=owner) for owner in dict.fromkeys(visible(one.owner) for one in waivers)
    ]
    for one in waivers:
        result.links += [
            Link(type=LinkType.ISSUE, url=url, name=visible(one.ticket)) for _, url in phrases.addresses(one.ticket)
        ]
    message, trace = _details(row, order.excuses(results, row))
    if message:
        # `known` keeps a deviation with a ticket out of the success rate of Allure's own counts.
        result.statusDetails = StatusDetails(message=message, trace=trace, known=row.state is State.WAIVED)
    return result


def description(row: ClauseRow) -> str:
    """Markdown: what the clause says and where from, and how to send the request again."""
    told = [
        visible(f"**{row.level}** {row.sentence}"),
        visible(f"Source: {row.source}. Judged on {row.judged} exchanges."),
    ]
    if row.reason:
        told.append(f"{order.WORDS[row.state].capitalize()}: {visible(row.reason)}")
    for violation in order.unwaived_first(row):
        if violation.waiver:
            told.append(f"Known deviation **{visible(violation.waiver)}**: {visible(violation.actual)}")
        told += [
            "Send it again:",
            "```bash\n" + cut(visible(violation.curl), LONGEST_BODY) + "\n```",
        ]
        break
    return "\n\n".join(told)


def _details(row: ClauseRow, excuses: list[str]) -> tuple[str, str]:
    """Message and trace: what was expected and came, and the rest that its reader asks for."""
    if not row.violations:
        return visible(row.reason), ""
    first, *others = order.unwaived_first(row)
    known = "".join(f"Known deviation {visible(each)}\n" for each in excuses) if first.waiver else ""
    message = f"{known}expected: {visible(first.expected)}\nactual: {visible(first.actual)}"
    told = [f"case: {visible(first.exchange.case)}{more_like_it(first.count)}"] if first.exchange.case else []
    told += [f"at {where(first.pointer)}"] if first.pointer else []
    told += [f"no answer: {visible(first.exchange.trouble)}"] if first.exchange.trouble else []
    told += ["causes:", *tree(first.causes)] if first.causes else []
    for beside in first.beside:
        told += ["beside it:", *_plain(beside)]
    told += [f"also: {_also(other)}" for other in others]
    return message, "\n".join(told)


def _also(violation: ViolationRow) -> str:
    ticket = f" (known deviation {violation.waiver})" if violation.waiver else ""
    return visible(f"{violation.actual}; {violation.exchange.case}") + ticket


def _plain(exchange: ExchangeRow) -> list[str]:
    sides = [side for side in (exchange.request, exchange.response, exchange.job) if side is not None]
    return [visible(f"  {side.line} {cut(side.body, 500)}".rstrip()) for side in sides]


def _http(exchange: ExchangeRow, results: Results) -> dict[str, Any]:
    """The exchange in Allure's own form of an HTTP exchange; the job's end stands for its answer."""
    start = _milliseconds(results.header.start)
    method, _, target = exchange.request.line.partition(" ")
    answer = exchange.answer
    taken = answer.elapsed if answer is not None and answer.elapsed is not None else 0.0
    base = str(results.header.target.get("url") or "")
    origin = base if target.startswith("/") else ""
    told: dict[str, Any] = {
        "schemaVersion": 1,
        "start": start,
        "stop": start + round(taken * 1000),
        "request": {"method": method, "url": visible(_origin(origin) + target), **_side(exchange.request)},
    }
    if answer is not None:
        told["response"] = {"status": answer.status, **_side(answer)}
    else:
        told["error"] = {"name": "no answer", "message": exchange.trouble or ""}
    return told


def _origin(url: str) -> str:
    scheme, slashes, rest = url.partition("://")
    return scheme + slashes + rest.partition("/")[0]


def _side(message: Message) -> dict[str, Any]:
    told: dict[str, Any] = {
        "headers": [{"name": visible(name), "value": visible(value)} for name, value in message.headers]
    }
    if not message.body:
        return told
    kind = next((value for name, value in message.headers if name.lower() == "content-type"), "text/plain")
    if message.encoding == "base64":
        value, encoding = message.body[: LONGEST_BODY // 4 * 4], "base64"
        shown = len(base64.b64decode(value))
    else:
        value, encoding = message.body[:LONGEST_BODY], "utf8"
        shown = len(value.encode("utf-8", "replace"))
    told["body"] = {
        "contentType": visible(kind),
        "encoding": encoding,
        "value": value,
        "size": message.size,
        "truncated": shown < message.size,
    }
    return told


def _spent(results: Results, waiver: WaiverRow, wrong: str, number: int) -> TestResult:
    result = _result(results, visible(f"waiver {waiver.clause} {waiver.ticket}"), WAIVERS, number)
    name = visible(f"The waiver of {waiver.clause} ({waiver.ticket}) is still needed")
    result.name, result.status = name, Status.FAILED
    result.description = visible(f"{waiver.reason}. Owner {waiver.owner}, since {waiver.since}.")
    result.labels += [
        Label(name=LabelType.STORY, value=name),
        Label(name=TRIAGE, value=str(Category.STALE_WAIVER)),
        Label(name=LabelType.SEVERITY, value=Severity.NORMAL.value),
        Label(name="owner", value=visible(waiver.owner)),
    ]
    result.statusDetails = StatusDetails(message=visible(f"The waiver of {wrong}"))
    return result


def _milliseconds(instant: str) -> int:
    try:
        return round(dt.datetime.fromisoformat(instant).timestamp() * 1000)
    except ValueError:
        return 0
