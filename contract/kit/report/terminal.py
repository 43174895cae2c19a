"""The summary in the terminal: what broke and how, what could not be judged, the verdict last."""

from __future__ import annotations

from typing import Final

from contract.kit.report import again, order
from contract.kit.report.compare import Comparison
from contract.kit.report.load import load_told
from contract.kit.report.text import moment, more_like_it, one_line, plural, tree, visible, where, wrapped
from contract.kit.verdict import ClauseRow, ExchangeRow, Message, Results, State, ViolationRow

NAMED_AS_LEFT: Final = 3
"""Things left behind that are named; all of them stand in the ledger."""
_COLORS: Final = {"red": "31", "green": "32", "yellow": "33", "bold": "1", "dim": "2"}
_OF_STATE: Final = {
    State.VIOLATED: "red",
    State.ERROR: "red",
    State.NOT_JUDGED: "yellow",
    State.WAIVED: "yellow",
    State.NOT_APPLICABLE: "dim",
    State.PASS: "green",
}
_OF_TONE: Final = {"good": "green", "known": "green", "unsure": "yellow", "bad": "red"}
_LABEL: Final = 12
"""Columns before the text of a labelled line."""
_WHOLE_BODY: Final = 800
_PART_OF_A_BODY: Final = 300
"""Characters. A longer one is told apart by its beginning; the line that sends it again has the rest."""
_TOLD: Final = frozenset({"content-type", "location", "retry-after"})
"""Headers of an answer that a reader asks for."""
_IN_FULL: Final = 10
"""Clauses that are shown with their exchange: a target that breaks them all is told apart by the first."""


class _Page:
    """Lines under way: knows the width and whether to colour."""

    def __init__(self, width: int, color: bool) -> None:
        self.width = max(width, 60)
        self.color = color
        self.lines: list[str] = []

    def paint(self, text: str, *names: str) -> str:
        codes = ";".join(_COLORS[name] for name in names)
        return f"\x1b[{codes}m{text}\x1b[0m" if self.color and codes else text

    def heading(self, text: str, color: str = "bold") -> None:
        self.lines += ["", self.paint(text, *dict.fromkeys(("bold", color)))]

    def labelled(self, label: str, text: str) -> None:
        """A paragraph with its label at the left, wrapped."""
        self.lines += wrapped(text, self.width, " " * _LABEL, f"  {label}".ljust(_LABEL))

    def whole(self, label: str, lines: list[str]) -> None:
        """Lines that must not be wrapped, under one label."""
        for at, line in enumerate(lines):
            self.lines.append((f"  {label}" if at == 0 else "").ljust(_LABEL) + line)

    def item(self, text: str) -> None:
        self.lines += wrapped(text, self.width, "    ", "  ")


def lines(
    results: Results, width: int, color: bool = False, folder: str = "", since: Comparison | None = None
) -> list[str]:
    """The summary as lines of `width` columns (what is to be copied is never broken).

    `folder`: where the reports lie. `since`: compared with the run before.
    """
    page = _Page(width, color)
    _head(page, results)
    _families(page, results)
    _roots(page, results)
    for number, row in enumerate(order.broken(results)):
        _violated(page, results, row, in_full=number < _IN_FULL)
    _errors(page, results)
    _waived(page, results)
    _unjudged(page, results)
    _aside(page, results)
    _verdict(page, results, folder, since)
    return page.lines


def _head(page: _Page, results: Results) -> None:
    if endpoint := results.header.target.get("endpoint"):
        page.lines.append(page.paint(visible(str(endpoint)), "bold"))
    ran_on = " ".join(order.target(results))
    page.lines.append(visible(f"on {ran_on}, {order.depth(results)}, {plural(results.footer.exchanges, 'exchange')}"))


def _families(page: _Page, results: Results) -> None:
    page.lines.append("")
    for family, rows in order.families(results).items():
        counts = order.tally(rows)
        told = ", ".join(
            page.paint(f"{number} {order.WORDS[state]}", _OF_STATE[state]) for state, number in counts.items()
        )
        page.lines.append(f"  {family:<6} {len(rows):>3}  {told}")


def _roots(page: _Page, results: Results) -> None:
    """What several clauses have in common, before them."""
    for root in results.roots:
        page.heading(f"One cause of {len(root.clauses)} violated clauses", "red")
        page.item(root.words)
        page.item(f"{', '.join(root.clauses)}; {root.clauses[0]} shows it")


def _violated(page: _Page, results: Results, row: ClauseRow, *, in_full: bool) -> None:
    page.heading(f"{row.id} {row.level} violated", "red")
    page.lines += wrapped(row.sentence, page.width, "  ")
    for at, violation in enumerate(order.unwaived_first(row)):
        if at == 0 and in_full:
            _shown(page, results, row, violation)
        elif at == 0 or in_full:
            label = "actual" if at == 0 else "also" if violation.waiver is None else "waived"
            told = violation.waiver or violation.isolated or _told_apart(violation.exchange)
            page.labelled(label, f"{violation.actual} ({told})")


def _told_apart(exchange: ExchangeRow) -> str:
    """What tells a further way to break a clause from the first: the case and the status."""
    answer = exchange.job or exchange.response
    return ", ".join(part for part in (exchange.case, answer.line if answer is not None else "no answer") if part)


def _shown(page: _Page, results: Results, row: ClauseRow, violation: ViolationRow) -> None:
    exchange = violation.exchange
    page.labelled("expected", violation.expected)
    page.labelled("actual", violation.actual + (f" (at {where(violation.pointer)})" if violation.pointer else ""))
    if violation.isolated:
        page.labelled("isolated", violation.isolated)
    if exchange.case:
        page.labelled("tried", exchange.case + more_like_it(violation.count))
    for beside in violation.beside:
        _exchange(page, beside, "beside")
    _exchange(page, exchange, "request")
    if violation.causes:
        page.whole("causes", tree(violation.causes))
    started = [again.server(results)] if again.server(results) else []
    page.whole("again", [visible(line) for line in (*started, violation.curl, again.command(results, row.id))])


def _exchange(page: _Page, exchange: ExchangeRow, label: str) -> None:
    page.whole(label, _message(page, exchange.request, headers=True))
    if exchange.response is not None:
        page.whole("answer", _message(page, exchange.response))
    if exchange.job is not None:
        page.whole("job", _message(page, exchange.job))
    if exchange.trouble is not None:
        page.labelled("answer", f"none: {exchange.trouble}")


def _message(page: _Page, message: Message, *, headers: bool = False) -> list[str]:
    room = page.width - _LABEL
    taken = f" in {message.elapsed * 1000:.0f} ms" if message.elapsed is not None else ""
    found = [one_line(message.line + taken, max(room, 200))]
    # The line that replays a request has all of them.
    shown = [(name, value) for name, value in message.own_headers if headers or name.lower() in _TOLD]
    found += [one_line(f"{name}: {value}", room) for name, value in shown]
    if message.body:
        found.append(body_line(message))
    return found


def body_line(message: Message) -> str:
    """The body in one line, which can be copied whole; of a long one the beginning and its length."""
    mark = f"… ({message.size:,} bytes)"
    if message.encoding != "text":
        return one_line(f"base64 {message.body}", _PART_OF_A_BODY) + mark
    text = visible(message.body)
    whole = len(text) <= _WHOLE_BODY and len(message.body.encode("utf-8", "replace")) >= message.size
    return text if whole else text[:_PART_OF_A_BODY] + mark


def _errors(page: _Page, results: Results) -> None:
    rows = order.having(results, State.ERROR)
    if rows:
        page.heading("The suite itself failed at", "red")
    for row in rows:
        page.item(f"{row.id}  {row.reason}")


def _waived(page: _Page, results: Results) -> None:
    rows = order.having(results, State.WAIVED)
    if rows:
        page.heading("Known deviations", "yellow")
    for row in rows:
        number = plural(sum(violation.count for violation in row.violations), "exchange")
        excuses = "; ".join(order.excuses(results, row))
        page.lines.append("  " + one_line(f"{row.id} ({number}) {excuses}", page.width - 2))
        if row.reason:
            page.lines.append("    " + one_line(row.reason, page.width - 4))
    failing = order.failing_waivers(results)
    if failing:
        page.heading("Stale or overdue waivers", "red")
    for wrong in failing:
        page.item(f"The waiver of {wrong}")
    past = [waiver for waiver in results.waivers if waiver.past_review]
    if past:
        page.heading("Waivers past their review date", "yellow")
    for waiver in past:
        page.item(f"{waiver.clause}  {waiver.ticket}: review was due {waiver.review_by}, owner {waiver.owner}")


def _unjudged(page: _Page, results: Results) -> None:
    for state, title in ((State.NOT_JUDGED, "Not judged"), (State.NOT_APPLICABLE, "Not applicable")):
        rows = order.having(results, state)
        if rows:
            page.heading(title, _OF_STATE[state])
        for reason, alike in order.by_reason(rows).items():
            page.item(f"{order.folded(results, alike)}: {reason}")


def _aside(page: _Page, results: Results) -> None:
    made = aside(results)
    if made:
        page.lines.append("")
    for text in made:
        page.item(text)


def aside(results: Results) -> list[str]:
    """The load of a soak, connection trouble, clean-up and notices, a sentence each."""
    told = load_told(results)
    if trouble := ", ".join(f"{kind} ×{number}" for kind, number in results.trouble.items() if number):
        told.append(f"Connection trouble: {trouble}")
    cleanup = results.cleanup
    if cleanup.get("made"):
        told.append(f"Clean-up: {plural(cleanup['made'], 'resource')} made, {cleanup.get('removed', 0):,} removed")
    if left := cleanup.get("left"):
        named = ", ".join(map(str, left[:NAMED_AS_LEFT]))
        more = f", and {len(left) - NAMED_AS_LEFT} more that results.json names" if len(left) > NAMED_AS_LEFT else ""
        told.append(
            f"Left on the target: {named}{more}; `python -m contract sweep` removes it by the ledger beside the reports"
        )
    return told + [f"Note: {notice}" for notice in results.notices]


def _verdict(page: _Page, results: Results, folder: str, since: Comparison | None) -> None:
    footer = results.footer
    if since is not None:
        page.lines.append("")
        page.item(_changed(since))
    page.lines += [
        "",
        page.paint(f"{footer.verdict.upper()}", "bold", _OF_TONE[order.tone(results)])
        + f": {order.counted(results) or 'no clause'}",
    ]
    if footer.why and not order.is_told_by_counts(results):
        page.item(footer.why)
    if folder:
        page.item(f"Page: {folder}/index.html")


def _changed(since: Comparison) -> str:
    """What changed since the run before, in a line."""
    told = [f"{name.lower()} {_few([pair.row.id for pair in pairs])}" for name, pairs in since.groups]
    return f"Since the run of {moment(since.old.header.start)}: {'; '.join(told) or 'no clause differs'}"


def _few(ids: list[str]) -> str:
    more = f" and {len(ids) - order.NAMED} more" if len(ids) > order.NAMED else ""
    return ", ".join(ids[: order.NAMED]) + more
