"""The top of the page: the verdict and each broken clause without a click, its request with one.

Allure's own first screen shows a pie and a tree; whether we may ship stands on neither.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Final

from contract.kit.report import order
from contract.kit.report.compare import Comparison
from contract.kit.report.terminal import aside
from contract.kit.report.text import LONGEST_BODY, cut, moment, period, plural, tree, visible, where
from contract.kit.verdict import ClauseRow, ExchangeRow, Message, Results, State, VerdictWord, ViolationRow

_CSS: Final = Path(__file__).with_name("first_screen.css")
_TONE: Final = {
    VerdictWord.CONFORMANT: "good",
    VerdictWord.WITH_WAIVERS: "good",
    VerdictWord.PARTIAL: "unsure",
    VerdictWord.NOTHING_VERIFIED: "unsure",
}
_SHORT_BODY: Final = 120
_MANY: Final = 9
"""Clauses that fit on a screen with a second line each."""
_CODE: Final = re.compile("`([^`]*)`")
_SCRIPT: Final = """(function () {
  var top = document.getElementById("contract-verdict"), root = document.documentElement;
  var system = matchMedia("(prefers-color-scheme: dark)");
  function paint() {
    var chosen = root.getAttribute("data-theme");
    top.classList.toggle("dark", chosen ? chosen === "dark" : system.matches);
  }
  new MutationObserver(paint).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
  system.addEventListener("change", paint);
  paint();
  var touched = false;
  ["pointerdown", "wheel", "keydown", "touchstart"].forEach(function (name) {
    addEventListener(name, function () { touched = true; }, { capture: true, passive: true });
  });
  // Allure scrolls to the first row of its tree by itself, past its own head.
  addEventListener("scroll", function (event) {
    if (!touched && event.target !== document) event.target.scrollTop = 0;
  }, true);
  top.addEventListener("click", function (event) {
    if (event.target.matches("a[href^='#']")) document.getElementById("app").scrollIntoView();
  });
})();"""


def html(results: Results, since: Comparison | None, entries: dict[str, str]) -> str:
    """The section as HTML; `entries` tells Allure's id of each clause's entry, to jump there."""
    footer = results.footer
    body = [
        f'<div class="answer {_TONE.get(footer.verdict, "bad")}">',
        f"<h1>{_text(footer.verdict.capitalize())}</h1>",
        f"<span>{_text(footer.why)}</span></div>",
        f"<p>{_counts(results)}</p>",
        f'<p class="soft wide">{_run(results)}</p>',
        *_since(since),
        *_broken(results, entries),
        *_known(results, entries),
        *_lists(results, entries),
    ]
    inside = "\n".join(body)
    return (
        f"<style>{_CSS.read_text(encoding='utf-8')}</style>\n"
        f'<section class="verdict" id="contract-verdict" aria-label="Verdict">\n{inside}\n</section>\n'
        f"<script>{_SCRIPT}</script>"
    )


def _text(text: str) -> str:
    return escape(visible(text))


def _counts(results: Results) -> str:
    tones = {
        State.VIOLATED: "bad-ink",
        State.ERROR: "bad-ink",
        State.NOT_JUDGED: "unsure-ink",
        State.WAIVED: "unsure-ink",
    }
    told = [
        f'<b class="{tones.get(state, "")}">{number}</b> {order.WORDS[state]}'
        for state, number in order.tally(results.clauses).items()
    ]
    return (
        f"{' · '.join(told) or 'no clause'} <span class=soft>of {plural(len(results.clauses), 'clause')}, "
        f"{plural(results.footer.exchanges, 'exchange')}</span>"
    )


def _run(results: Results) -> str:
    header, endpoint = results.header, results.header.target.get("endpoint")
    told = [*order.target(results), *([str(endpoint)] if endpoint else [])]
    told += [order.depth(results), period(header.start, header.end)]
    return " · ".join(map(_text, told))


def _since(since: Comparison | None) -> Iterable[str]:
    if since is not None:
        told = [
            f"{_text(name.lower())} {', '.join(_text(pair.row.id) for pair in pairs)}" for name, pairs in since.groups
        ]
        if since.answers:
            number = sum(len(each.asked) for each in since.answers)
            told.append(f"{plural(number, 'kind')} of requests answered in another kind")
        yield (
            f"<p>Since the run before ({_text(moment(since.old.header.start))}, {_text(since.old.footer.verdict)}): "
            f"{'; '.join(told) or 'no clause differs'}.</p>"
        )


def _broken(results: Results, entries: dict[str, str]) -> Iterable[str]:
    rows = order.having(results, State.VIOLATED)
    if rows:
        yield "<h2>Broken clauses</h2>"
    for row in rows:
        shown = order.unwaived_first(row)[:1] if len(rows) <= _MANY else []
        yield _clause(row, entries, "worst", [f"expected {each.expected}; got {each.actual}" for each in shown])


def _known(results: Results, entries: dict[str, str]) -> Iterable[str]:
    rows = order.having(results, State.WAIVED)
    if rows:
        yield '<h2 class="unsure-ink">Known deviations</h2>'
    for row in rows:
        yield _clause(row, entries, "known", order.excuses(results, row) if len(rows) <= _MANY else [])


def _clause(row: ClauseRow, entries: dict[str, str], tone: str, told: list[str]) -> str:
    """A clause with `told` under it, a line each, and the exchanges that show it when it is opened."""
    shown = order.unwaived_first(row)
    inside = [_violation(violation) for violation in shown]
    inside.append(
        f'<p class="soft">{_text(row.level)}. Source: {_text(row.source)}. '
        f"Judged on {plural(row.judged, 'exchange')}. {_jump(row.id, entries)}</p>"
    )
    return (
        f'<details class="{tone}"><summary><span class="id">{_text(row.id)}</span> {_phrase(row.sentence)}'
        + "".join(f'<span class="got">{_phrase(line)}</span>' for line in told)
        + f'</summary><div class="inside">{"".join(inside)}</div></details>'
    )


def _phrase(text: str) -> str:
    """A phrase with what stands between backticks as code."""
    return _CODE.sub(r"<code>\1</code>", _text(text))


def _jump(name: str, entries: dict[str, str]) -> str:
    return f'<a href="#{_text(entries[name])}">Entry and history</a>' if name in entries else ""


def _violation(violation: ViolationRow) -> str:
    exchange = violation.exchange
    told = [
        f'<div class="label">Expected</div>{_phrase(violation.expected)}',
        f'<div class="label">Got</div>{_phrase(violation.actual)}'
        + (f" (at <code>{escape(where(violation.pointer))}</code>)" if violation.pointer else "")
        + (f"; known deviation {_text(violation.waiver)}" if violation.waiver else ""),
    ]
    for beside in violation.beside:
        told += _exchange(beside, "Beside it")
    told += _exchange(exchange, "Request", violation.count)
    if violation.causes:
        told.append(_block("Causes", "\n".join(tree(violation.causes))))
    told.append(_block("Send it again", cut(visible(violation.curl)), "again"))
    return "".join(told)


def _exchange(exchange: ExchangeRow, label: str, count: int = 1) -> Iterable[str]:
    case = f": {exchange.case}" if exchange.case else ""
    yield _block(f"{label}{case}{f' ({count} exchanges alike)' if count > 1 else ''}", _message(exchange.request))
    if exchange.response is not None:
        yield _block("Answer", _message(exchange.response))
    if exchange.job is not None:
        yield _block("What its job ended with", _message(exchange.job))
    if exchange.trouble is not None:
        yield _block("No answer", visible(exchange.trouble))


def _message(message: Message) -> str:
    told = [message.line, *(f"{name}: {value}" for name, value in message.headers)]
    head = "\n".join(map(visible, told))
    return f"{head}\n\n{_body(message)}" if message.body else head


def _body(message: Message) -> str:
    if message.encoding != "text":
        return f"{message.size:,} bytes that are no text, in base64:\n{cut(message.body)}"
    shown = cut(visible(_indented(message.body), keep="\n"))
    whole = len(message.body.encode("utf-8", "replace")) >= message.size and len(message.body) <= LONGEST_BODY
    return shown if whole else f"{shown}\n({message.size:,} bytes in all)"


def _indented(body: str) -> str:
    """A long JSON text over several lines; anything else as it came."""
    if len(body) <= _SHORT_BODY:
        return body
    try:
        indented = json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return body
    # Reading mends (a member twice, NaN): what is wrong with the text must stay to be seen.
    return indented if "".join(indented.split()) == "".join(body.split()) else body


def _block(label: str, content: str, kind: str = "sent") -> str:
    return f'<div class="label">{_text(label)}</div><pre class="{kind}">{escape(content)}</pre>'


def _lists(results: Results, entries: dict[str, str]) -> Iterable[str]:
    spent = [f"The waiver of {_text(wrong)}" for wrong in order.spent(results)]
    past = [
        f"{_text(waiver.clause)} ({_text(waiver.ticket)}): due {_text(waiver.review_by)}, {_text(waiver.owner)}"
        for waiver in results.waivers
        if waiver.past_review
    ]
    yield '<div class="lists">'
    yield from _list("Spent waivers", spent, "bad-ink")
    for state, title, tone in (
        (State.ERROR, "The suite itself failed at", "unsure-ink"),
        (State.NOT_JUDGED, "Not judged", "unsure-ink"),
        (State.NOT_APPLICABLE, "Not applicable", ""),
    ):
        reasons = order.by_reason(order.having(results, state)).items()
        yield from _list(title, [f"{_rows(alike, entries)}: {_text(reason)}" for reason, alike in reasons], tone)
    yield from _list("Waivers past their review date", past)
    yield from _list("Besides", [_text(told) for told in aside(results)])
    yield "</div>"


def _rows(rows: list[ClauseRow], entries: dict[str, str]) -> str:
    return ", ".join(
        f'<a href="#{_text(entries[row.id])}">{_text(row.id)}</a>' if row.id in entries else _text(row.id)
        for row in rows
    )


def _list(title: str, items: list[str], tone: str = "") -> Iterable[str]:
    if items:
        yield f'<div><h2 class="{tone}">{_text(title)}</h2><ul>'
        yield from (f"<li>{item}</li>" for item in items)
        yield "</ul></div>"
