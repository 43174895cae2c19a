"""index.html: may we ship, and if not, what broke and by which request?

One file from one template: it asks nothing of any host, and says all that it says without a script.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from contract.kit.report import again, history, order, phrases, store
from contract.kit.report.compare import MOST_ANSWERS, Comparison
from contract.kit.report.history import Past
from contract.kit.report.load import span
from contract.kit.report.page import body, charts, runs
from contract.kit.report.store import put
from contract.kit.report.terminal import aside
from contract.kit.report.text import moment, period, plural, tree, visible, where
from contract.kit.verdict import Results, RunKind, State

NAME: Final = "index.html"

_HERE: Final = Path(__file__).parent
_COLOUR: Final = {"good": "#1a7f4b", "known": "#a15c00", "unsure": "#a15c00", "bad": "#c0281c"}
_MEANING: Final = {
    State.ERROR: "A fault in this suite, not in the target: these clauses were not judged.",
    State.NOT_JUDGED: "These should have been judged and were not: this counts against the verdict.",
    State.NOT_APPLICABLE: "The run was not given what they need, or the target never did what they are about. "
    "This does not count against the verdict.",
}
_ALL: Final = 150_000
"""Characters of all bodies that the page has room for, and of all lines that send a request again: where many
violations are shown, it is with less of each.
"""
_MOST: Final = 4_000
_FEWEST: Final = 240
_FEWEST_OF_A_LINE: Final = 480


def write(results: Results, folder: Path, since: Comparison | None) -> Path:
    """Write index.html of a run into `folder`; `since` compares it with the run before of its series."""
    path = folder / NAME
    put(path, html(results, history.past(results, folder), since))
    return path


def make(folder: Path) -> Path:
    """Write the page of the results.json in `folder` again."""
    results = store.read(folder)
    return write(results, folder, history.since(results, folder))


def html(results: Results, past: list[Past], since: Comparison | None) -> str:
    """The page. `past`: the runs of its series, this one last; `since` compares it with the one before."""
    style, script = (_asset(name) for name in ("page.css", "page.js"))
    tone = order.tone(results)
    return (
        template().render(
            results=results,
            header=results.header,
            footer=results.footer,
            tone=tone,
            states=list(State),
            counts=order.tally(results.clauses),
            violated=order.having(results, State.VIOLATED),
            past=past,
            since=since,
            room=_room(results, 2, _FEWEST),
            longest_line=_room(results, 1, _FEWEST_OF_A_LINE),
            today=results.header.end[:10],
            aside=aside(replace(results, load=None)),
            style=Markup(style),
            script=Markup(script),
            icon=_icon(_COLOUR[tone]),
            policy=(
                f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; img-src data:; "
                "base-uri 'none'; form-action 'none'"
            ),
        )
        + "\n"
    )


def _room(results: Results, each: int, fewest: int) -> int:
    """How many characters there are for one of the texts of which a violation has `each`."""
    shown = each * sum(len(row.violations) for row in results.clauses)
    return min(max(_ALL // max(shown, 1), fewest), _MOST)


@cache
def template() -> jinja2.Template:
    """The template of the page, compiled."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "body": body.body,
        "laid_out": body.is_laid_out,
        "bars": charts.bars,
        "line": charts.line,
        "stack": charts.stack,
        "setting": setting,
        "since_when": runs.since_when,
        "strip": runs.strip,
        "told": runs.told,
        "linked": phrases.linked,
        "milliseconds": milliseconds,
        "sentence": lambda text: text[:1].upper() + text[1:],
        "span": span,
        "moment": moment,
        "phrase": phrases.phrase,
        "plural": plural,
        "tree": lambda causes: Markup("\n").join(tree(causes)),
        "where": where,
    }
    made.globals |= {
        "LATENCY": {"p50": "half within", "p95": "95 % within", "p99": "99 % within", "max": "slowest"},
        "MEANING": _MEANING,
        "MOST_ANSWERS": MOST_ANSWERS,
        "WORDS": order.WORDS,
        "RunKind": RunKind,
        "State": State,
        "again": again,
        "differing": phrases.differing,
        "order": order,
        "period": period,
    }
    return made.get_template("page.html.j2")


def _shown(value: Any) -> Any:
    """Whatever a template tells acts nowhere: characters that cannot be seen are written as escapes."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _asset(name: str) -> str:
    return (_HERE / name).read_text(encoding="ascii")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _icon(colour: str) -> str:
    picture = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'><circle cx='4' cy='4' r='4' fill='{colour}'/></svg>"
    )
    return f"data:image/svg+xml,{quote(picture)}"


def milliseconds(value: float) -> str:
    """Seconds as `4.1 ms`, `120 ms` or `2.3 s`."""
    if value >= 1:
        return f"{value:.1f} s"
    return f"{value * 1000:.0f} ms" if value >= 0.01 else f"{value * 1000:.1f} ms"


def setting(value: Any) -> str:
    """A setting in words: `yes`, `write, login`, `5.0`; empty for what was not given."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(str(name) for name, given in value.items() if given)
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
