"""summary.md: the run in a page of markdown, for a merge request or a chat."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from contract.kit.report import order
from contract.kit.report.compare import Comparison, markdown
from contract.kit.report.store import put
from contract.kit.report.terminal import aside
from contract.kit.report.text import cut, moment, one_line, plural, visible
from contract.kit.verdict import ClauseRow, Results, State, WaiverRow

NAME: Final = "summary.md"

_SIGN: Final = {"good": "✅", "known": "✅", "unsure": "⚠️", "bad": "❌"}
_CODE: Final = re.compile("`([^`]+)`")
_SHOWN: Final = 20
"""Clauses told in three lines each; the rest by id."""
_ANSWERS: Final = 8
"""Groups of answers that differ in kind from those of the run before."""


def write(results: Results, folder: Path, since: Comparison | None = None) -> Path:
    """Write summary.md into `folder`; `since` compares with the run before."""
    path = folder / NAME
    put(path, "\n".join(lines(results, since)) + "\n")
    return path


def lines(results: Results, since: Comparison | None = None) -> list[str]:
    """The summary as lines of markdown."""
    footer, header = results.footer, results.header
    told = [
        f"## {_SIGN[order.tone(results)]} {footer.verdict.capitalize()}",
        "",
        f"{plain(footer.why)}." if footer.why else "",
        "",
        f"{order.told(order.tally(results.clauses)) or 'no clause'}; {plural(footer.exchanges, 'exchange')}.",
        f"Target {' '.join(map(code, order.target(results)))}, {order.depth(results)}, {moment(header.start)}.",
        "Each with its request and answer: `index.html` beside this file.",
    ]
    told += _violated(results)
    if since is not None:
        told += ["", "### Since the run before", "", *markdown(since, _ANSWERS)]
    told += _listed("The suite itself failed at", order.having(results, State.ERROR))
    told += _listed("Not judged", order.having(results, State.NOT_JUDGED))
    told += _waivers(results)
    told += _listed("Not applicable", order.having(results, State.NOT_APPLICABLE))
    if more := aside(results):
        told += ["", "### Notes", "", *(f"- {plain(text)}" for text in more)]
    return told


def plain(text: str) -> str:
    """Text that markdown shows as it stands, in one line; what stands between backticks as code."""
    pieces = _CODE.split(one_line(text, 400))
    return "".join(code(piece) if at % 2 else _escaped(piece) for at, piece in enumerate(pieces))


def _escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|" else c for c in text)


def code(text: str) -> str:
    """Text as code in one line, fenced by more backticks than it holds."""
    flat = visible(" ".join(text.split()))
    fence = "`"
    while fence in flat:
        fence += "`"
    room = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{room}{cut(flat, 400)}{room}{fence}"


def _violated(results: Results) -> list[str]:
    rows = order.broken(results)
    told = ["", "### Broken", ""] if rows else []
    for root in results.roots:
        told += _item([f"- One cause of {len(root.clauses)} clauses: {plain(root.words)}", ", ".join(root.clauses)])
    for row in rows[:_SHOWN]:
        told += _three_lines(row)
    if len(rows) > _SHOWN:
        told.append(f"- and {len(rows) - _SHOWN} more: {', '.join(row.id for row in rows[_SHOWN:])}")
    return told


def _named(row: ClauseRow) -> str:
    return f"- **{row.id}** {one_line(row.sentence, 400)}"


def _three_lines(row: ClauseRow) -> list[str]:
    first = next(iter(order.unwaived_first(row)), None)
    told = [_named(row)]
    if first is not None:
        answers = [side.line for side in (first.exchange.response, first.exchange.job) if side is not None]
        came = " → ".join(map(code, answers)) or f"no answer ({plain(first.exchange.trouble or '')})"
        told += [
            f"expected {plain(first.expected)}; got {plain(first.actual)}",
            *([f"isolated: {plain(first.isolated)}"] if first.isolated else []),
            f"{plain(first.exchange.case) or 'request'}: {code(first.exchange.request.line)} → {came}",
        ]
    return _item(told)


def _item(lines: list[str]) -> list[str]:
    """An item of a list, each line on a line of its own."""
    return [("" if at == 0 else "  ") + line + ("  " if line is not lines[-1] else "") for at, line in enumerate(lines)]


def _listed(title: str, rows: list[ClauseRow]) -> list[str]:
    reasons = order.by_reason(rows).items()
    told = [f"- {', '.join(row.id for row in alike)}: {plain(reason)}" for reason, alike in reasons]
    return ["", f"### {title}", "", *told] if told else []


def _waivers(results: Results) -> list[str]:
    told = [f"- The waiver of {plain(wrong)}" for wrong in order.failing_waivers(results)]
    told = ["", "### Stale or overdue waivers", "", *told] if told else []
    if results.waivers:
        told += ["", "### Known deviations", ""]
        told += ["| clause | reason | ticket | owner | since | review by | met |", "|---|---|---|---|---|---|---|"]
    for waiver in results.waivers:
        shown = (waiver.clause, waiver.reason, waiver.ticket, waiver.owner, waiver.since)
        told.append(f"| {' | '.join(map(_cell, shown))} | {_review(results, waiver)} | {_met(waiver)} |")
    return told


def _review(results: Results, waiver: WaiverRow) -> str:
    near = order.days_to_review(results.header.end[:10], waiver)
    mark = ", **past**" if waiver.past_review else f", **in {plural(near, 'day')}**" if near is not None else ""
    return _cell(waiver.review_by) + mark


def _met(waiver: WaiverRow) -> str:
    if waiver.state == "used":
        return f"{waiver.matched:,}×"
    return f"**{waiver.state}**" if waiver.state == "stale" else waiver.state


def _cell(text: str) -> str:
    # A backslash is no escape within code, and a bar ends the cell there too.
    return plain(text.replace("`", "") if "|" in text else text)
