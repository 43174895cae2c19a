"""index.html: one file that opens offline, made by Allure 3, with the answer to "may we ship?" on top."""

from __future__ import annotations

import base64
import json
import re
import tempfile
from pathlib import Path
from typing import Any, Final

from contract.kit.config import UsageError
from contract.kit.report import allure, first_screen, node, store
from contract.kit.report.compare import Comparison
from contract.kit.report.store import put
from contract.kit.report.text import visible
from contract.kit.report.triage import Category
from contract.kit.verdict import Results

NAME: Final = "index.html"
HISTORY: Final = "history.jsonl"
"""Allure's memory of the runs before; it lies in the reports folder and has to be kept between nights."""
NIGHTS: Final = 21
"""Runs that the history remembers: each adds some 60 KB to the page."""

_NIGHTS_TO_BE_STEADY: Final = 5
"""Runs before, with fewer of which Allure leaves that chart empty."""

_ANALYTICS: Final = re.compile(
    r"\s*<script async src=\"https://www\.googletagmanager\.com/[^\"]*\"></script>\s*"
    r"<script>(?:(?!</script>).)*?gtag\((?:(?!</script>).)*</script>",
    re.DOTALL,
)
# What would load something of its own accord; a link that waits for a click is none of it.
_LOADS: Final = re.compile(
    r"<(?:script|img|iframe|link)\b[^>]*\b(?:src|href)\s*=\s*[\"']?(?:https?:)?//", re.IGNORECASE
)
_APP: Final = '<div id="app"></div>'
_DATA: Final = re.compile(r'd\("data/test-results/[^"]+","([A-Za-z0-9+/=]+)"\)')


def make(results: Results, folder: Path, since: Comparison | None = None) -> Path:
    """Write index.html into `folder` and a line into its history; `since` compares with the run before.

    Raises `UsageError` (and leaves an older page alone) where Node or the npm packages cannot be had, or
    where Allure's page has changed so that its analytics can no longer be taken out.
    """
    place = allure.write(results, folder)
    with tempfile.TemporaryDirectory(prefix="contract-page-") as temporary:
        work = Path(temporary)
        before = _before(folder / HISTORY, results)
        put(work / HISTORY, before)
        put(work / "allurerc.json", json.dumps(config(results, before.count("\n"))))
        # Exactly one generate a run: each appends to the history.
        node.allure(["generate", "--config", "allurerc.json", str(place.resolve())], work)
        html = finished((_only(work / "page")).read_text(encoding="utf-8"), results, since)
        put(folder / HISTORY, (work / HISTORY).read_text(encoding="utf-8"))
    path = folder / NAME
    put(path, html)
    return path


def config(results: Results, nights: int) -> dict[str, Any]:
    """Allure's own configuration of the page of a run that has so many before it."""
    charts: list[dict[str, Any]] = [
        {"type": "statusDynamics", "title": "Clauses over the last runs", "limit": NIGHTS},
        {"type": "statusTransitions", "title": "What changed from run to run", "limit": NIGHTS},
        {"type": "currentStatus", "title": "This run"},
    ]
    if nights >= _NIGHTS_TO_BE_STEADY:
        charts.append(
            {
                "type": "stabilityDistribution",
                "title": "How steady each family is",
                "groupBy": "feature",
                "skipStatuses": ["skipped", "unknown"],
                "threshold": 90,
            }
        )
    return {
        "name": _name(results),
        "output": "page",
        "historyPath": HISTORY,
        "historyLimit": NIGHTS,
        # What a reader of an entry sees above it anyway.
        "hideLabels": ["host", "thread", "framework", "language", "package", "epic", "story"],
        "categories": [_category(each) for each in Category],
        "plugins": {
            "awesome": {
                "options": {
                    "singleFile": True,
                    "groupBy": ["feature"],
                    "reportLanguage": "en",
                    "sections": ["charts"],
                    "charts": charts,
                }
            }
        },
    }


def _name(results: Results) -> str:
    verdict, target = results.footer.verdict.capitalize(), results.header.target.get("name", "")
    return visible(f"{verdict}: {target}, run {results.header.run_id}")


def _before(history: Path, results: Results) -> str:
    """The history without this run: a page that is made again is no other night."""
    if not history.exists():
        return ""
    lines = history.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if json.loads(line).get("name") != _name(results)]
    return "".join(f"{line}\n" for line in kept)


def _category(category: Category) -> dict[str, Any]:
    return {
        "name": str(category),
        "matchers": {"labels": {allure.TRIAGE: f"^{re.escape(category)}$"}},
        "groupByMessage": False,
        "expand": category not in (Category.KNOWN, Category.NOT_JUDGED),
    }


def _only(output: Path) -> Path:
    found = [output / NAME, *output.glob(f"*/{NAME}")]
    for path in found:
        if path.is_file():
            return path
    raise UsageError("no page: Allure wrote none; every other report is there")


def finished(html: str, results: Results, since: Comparison | None) -> str:
    """Allure's page without its analytics and with the first screen on top."""
    html, taken = _ANALYTICS.subn("", html)
    if taken != 1 or "googletagmanager" in html.partition(_APP)[2].partition("<script")[0] or _LOADS.search(html):
        raise UsageError(
            "no page: Allure's analytics are not where they were, and a page that reports its "
            "readers is none; pin Allure again (contract/kit/report/npm)"
        )
    if html.count(_APP) != 1:
        raise UsageError("no page: Allure's page is built in another way; pin Allure again (contract/kit/report/npm)")
    top = first_screen.html(results, since, entries(html))
    return html.replace(_APP, f"{top}\n    {_APP}")


def entries(html: str) -> dict[str, str]:
    """Where each clause has its entry in the page: Allure's own id of a result, by the clause's id.

    Allure makes new ids at each generation, so they are read from the data that it put into the page.
    """
    found = {}
    for packed in _DATA.findall(html):
        entry = json.loads(base64.b64decode(packed))
        found[str(entry["fullName"])] = str(entry["id"])
    return found


def latest(folder: Path) -> Path:
    """`make` from the results.json in `folder`."""
    return make(store.read(folder), folder)
