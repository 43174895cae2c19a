"""summary.md: the run in a page of markdown, for a merge request or a chat."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

from contract.kit.report import order
from contract.kit.report.compare import Comparison, cell, markdown
from contract.kit.report.store import put
from contract.kit.report.terminal import aside
from contract.kit.report.text import cut, moment, one_line, plural, visible
from contract.kit.verdict import ClauseRow, Results, State, VerdictWord, WaiverRow

NAME: Final = "summary.md"
NEAR_REVIEW: Final = dt.timedelta(days=30)

_SIGN: Final = {
    VerdictWord.CONFORMANT: "✅",
    VerdictWord.WITH_WAIVERS: "✅",
    VerdictWord.PARTIAL: "⚠️",
    VerdictWord.NOTHING_VERIFIED: "⚠️",
    VerdictWord.NOT_CONFORMANT: "❌",
    VerdictWord.RUN_BROKEN: "❌",
}
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
        f"## {_SIGN[footer.verdict]} {footer.verdict.capitalize()}",
        "",
        f"{plain(footer.why)}." if footer.why else "",
        "",
        f"{order.told(order.tally(results.clauses)) or 'no clause'}; {plural(footer.exchanges, 'exchange')}.",
        f"Target {' '.join(map(code, order.target(results)))}, {order.depth(results)}, {moment(header.start)}.",
    ]
    if since is not None:
        told += ["", "### Since the run before", "", *markdown(since, _ANSWERS)]
    told += _violated(results)
    told += _listed("The suite itself failed at", order.having(results, State.ERROR))
    told += _listed("Not judged", order.having(results, State.NOT_JUDGED))
    told += _deviations(results)
    told += _reviews(results)
    told += _listed("Not applicable", order.having(results, State.NOT_APPLICABLE))
    if more := aside(results):
        told += ["", "### Besides", "", *(f"- {plain(text)}" for text in more)]
    return told


def plain(text: str) -> str:
    """Text that markdown shows as it stands, in one line."""
    flat = one_line(text, 400)
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|" else c for c in flat)


def code(text: str) -> str:
    """Text as code in one line, fenced by more backticks than it holds."""
    flat = visible(" ".join(text.split()))
    fence = "`"
    while fence in flat:
        fence += "`"
    room = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{room}{cut(flat, 400)}{room}{fence}"


def _violated(results: Results) -> list[str]:
    rows = order.having(results, State.VIOLATED)
    told = ["", "### Broken", ""] if rows else []
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


def _deviations(results: Results) -> list[str]:
    rows = order.having(results, State.WAIVED)
    told = ["", "### Known deviations", ""] if rows else []
    for row in rows:
        told += _item([_named(row), *(plain(excuse) for excuse in order.excuses(results, row))])
    return told


def _reviews(results: Results) -> list[str]:
    today = results.header.end[:10]
    near = [waiver for waiver in results.waivers if waiver.past_review or _days(today, waiver) is not None]
    spent = order.spent(results)
    told = []
    if spent:
        told += ["", "### Spent waivers", "", *(f"- The waiver of {plain(wrong)}" for wrong in spent)]
    if near:
        told += ["", "### Waivers to review", "", "| clause | ticket | owner | review by |", "|---|---|---|---|"]
    for waiver in near:
        due = cell(waiver.review_by)
        when = f"{due} **past**" if waiver.past_review else f"{due}, {_days(today, waiver)}"
        told.append(f"| {cell(waiver.clause)} | {cell(waiver.ticket)} | {cell(waiver.owner)} | {when} |")
    return told


def _days(today: str, waiver: WaiverRow) -> str | None:
    """`in 12 days`, where the review is near."""
    try:
        left = dt.date.fromisoformat(waiver.review_by) - dt.date.fromisoformat(today)
    except ValueError:
        return None
    return f"in {plural(left.days, 'day')}" if dt.timedelta() <= left <= NEAR_REVIEW else None
