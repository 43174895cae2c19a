"""The page: one file, offline, with the verdict and the broken clauses on top. Needs Node, once."""

from __future__ import annotations

import base64
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from contract.kit.config.usage import UsageError
from contract.kit.report import first_screen, node, page, publish
from contract.kit.verdict.results import State
from tests.report import example

CANARY = "5ec2e75ec2e75ec2e75ec2e75ec2e75e"
BLOB = re.compile(r'"([A-Za-z0-9+/]{40,}={0,2})"')


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("page")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONTRACT_SESSION", CANARY)
        first = replace(example.conformant(), header=example.header(run_id="0001"))
        publish.write(first, place)
        page.make(first, place)
        page.make(first, place)  # made again: still one run
        publish.write(example.results(), place)
        page.make(example.results(), place, publish.since(example.results(), place))
    return place


@pytest.fixture(scope="module")
def html(folder: Path) -> str:
    return (folder / page.NAME).read_text(encoding="utf-8")


def test_it_is_one_small_file_and_one_line_of_history_a_run(folder: Path) -> None:
    assert (folder / page.NAME).stat().st_size < 6_000_000
    assert len((folder / page.HISTORY).read_text(encoding="utf-8").splitlines()) == 2
    assert {path.name for path in folder.iterdir()} == {
        "results.json",
        "results.before.json",
        "summary.md",
        "junit.xml",
        "allure-results",
        "index.html",
        "history.jsonl",
    }


def test_it_loads_nothing_from_anywhere(html: str) -> None:
    bare = BLOB.sub('""', html)
    assert "googletagmanager" not in bare
    assert "gtag(" not in bare
    assert not re.search(r"<(script|link|img|iframe)[^>]*(src|href)=[\"']?(https?:)?//", bare)


def test_no_secret_is_in_it_nor_in_what_it_packs(folder: Path, html: str) -> None:
    unpacked = [base64.b64decode(blob + "=" * (-len(blob) % 4)) for blob in BLOB.findall(html)]
    assert len(unpacked) > 50
    assert not any(CANARY.encode() in data for data in [html.encode(), *unpacked])
    assert any(b"OAuth $CONTRACT_SESSION" in data for data in unpacked)
    for path in folder.rglob("*"):
        assert path.is_dir() or CANARY.encode() not in path.read_bytes()


def test_the_verdict_and_each_broken_clause_come_before_everything(html: str) -> None:
    top = html.partition('<div id="app">')[0]
    assert "<h1>Not conformant</h1>" in top
    for name in ("AUTH-001", "ENV-005", "ERR-004", "ERR-006"):
        assert f'<span class="id">{name}</span>' in top
    assert "newly broken AUTH-001, ENV-005, ERR-004, ERR-006" in top


def test_a_broken_clause_leads_to_its_entry(html: str) -> None:
    entries = page.entries(html)
    assert set(entries) >= {row.id for row in example.results().clauses}
    assert f'<a href="#{entries["AUTH-001"]}">' in html


def test_the_categories_stand_in_the_order_of_triage(html: str) -> None:
    names = [rule["name"] for rule in page.config(example.results(), 0)["categories"]]
    assert names == [
        "Waiver stale",
        "Crash",
        "Contract broken",
        "Suite or target trouble",
        "Known deviations",
        "Not judged",
    ]
    packed = re.search(r'd\("widgets/categories.json","([^"]+)"\)', html)
    assert packed is not None
    told = json.loads(base64.b64decode(packed[1]))
    assert [told["nodes"][root]["name"] for root in told["roots"]] == names


ALLURE = """<html><body>
    <div id="app"></div>
    <script async src="https://www.googletagmanager.com/gtag/js?id=G-1"></script>
    <script>
        function gtag(){dataLayer.push(arguments);}
        gtag('js', new Date());
    </script>
    <script>d("data")</script></body></html>"""


def test_the_analytics_are_taken_out_and_nothing_else() -> None:
    done = page.finished(ALLURE, example.results(), None)
    assert "gtag" not in done
    assert '<script>d("data")</script>' in done


@pytest.mark.parametrize(
    "changed",
    [
        ALLURE.replace("<script async src", "<script defer src"),
        ALLURE.replace("gtag(", "track("),
        ALLURE.replace("</body>", '<script src="https://stats.example/x.js"></script></body>'),
        ALLURE.replace("</body>", '<img src="//stats.example/x.gif"></body>'),
        re.sub("<script async.*?</script>", "", ALLURE),
        ALLURE.replace('<div id="app">', '<div id="root">'),
    ],
)
def test_a_page_that_is_built_in_another_way_is_refused(changed: str) -> None:
    with pytest.raises(UsageError, match="no page: "):
        page.finished(changed, example.results(), None)


def test_without_node_there_is_one_line_and_the_older_page_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / page.NAME).write_text("older", encoding="utf-8")
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(UsageError, match=r"^no page: node is missing .* every other report is there$"):
        page.make(example.results(), tmp_path)
    assert (tmp_path / page.NAME).read_text(encoding="utf-8") == "older"


def test_without_the_packages_there_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(node.PACKAGES / name, tmp_path / name)
    monkeypatch.setattr(node, "PACKAGES", tmp_path)
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    with pytest.raises(UsageError, match=r"^no page: the npm packages cannot be had .* every other report is there$"):
        page.make(example.results(), tmp_path / "out")


def test_the_lock_file_names_hashes_and_no_hosts() -> None:
    lock = (node.PACKAGES / "package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in lock
    assert "://" not in lock
    assert lock.count('"integrity": "sha512-') > 100


@pytest.mark.parametrize(("nights", "charts"), [(0, 3), (4, 3), (5, 4), (20, 4)])
def test_a_chart_that_would_be_empty_is_left_out(nights: int, charts: int) -> None:
    assert len(page.config(example.results(), nights)["plugins"]["awesome"]["options"]["charts"]) == charts


def test_each_clause_has_a_line_and_its_request_is_inside() -> None:
    top = first_screen.html(example.results(), None, {})
    rows = re.findall(
        r'<details class="(\w+)"><summary><span class="id">([^<]+)</span>.*?'
        r'<span class="got">(.*?)</span>(.*?)</details>',
        top,
        re.DOTALL,
    )
    assert [(tone, name) for tone, name, _, _ in rows] == [
        ("worst", "AUTH-001"),
        ("worst", "ENV-005"),
        ("worst", "ERR-004"),
        ("worst", "ERR-006"),
        ("known", "ENV-002"),
    ]
    assert (
        rows[0][2] == "expected a refusal: a failure, or a rejection with 400, 401, 403, ...; got 200 with an inventory"
    )
    assert rows[4][2] == "ZSTAC-60001: the real server answers through a job"
    assert all(
        '<pre class="sent">POST /zstack' in inside and '<pre class="again">curl ' in inside for *_, inside in rows
    )


def test_many_broken_clauses_have_one_line_each() -> None:
    few = example.results({f"BODY-{at:03d}": (State.VIOLATED, "", [example.CRASH]) for at in range(1, 10)})
    many = example.results({f"STATE-{at:03d}": (State.VIOLATED, "", [example.CRASH]) for at in range(1, 7)})
    rows = [each for each in [*few.clauses, *many.clauses] if each.state is State.VIOLATED]
    assert first_screen.html(few, None, {}).count('class="got"') == 9
    assert first_screen.html(replace(few, clauses=rows), None, {}).count('class="got"') == 0


def test_phrases_show_code_as_code() -> None:
    top = first_screen.html(example.results({"ENV-001": (State.VIOLATED, "", [example.CRASH])}), None, {})
    assert "<code>error</code> is null exactly when <code>inventory</code> is present" in top


def test_what_a_server_sent_is_shown_and_never_run() -> None:
    top = first_screen.html(example.results(), None, {})
    assert "&lt;html&gt;&lt;body&gt;&lt;h1&gt;HTTP Status 500" in top
    assert "<h1>HTTP Status" not in top
