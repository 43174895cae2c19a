"""The page as text: one file that asks nothing, tells all without a script, and stays small."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest

from contract.kit.report import order, page, store
from contract.kit.report.compare import compare
from contract.kit.verdict import Results, RunKind, State, VerdictWord
from contract.kit.verdict.results import AnswerKind, Answers
from tests.report import example, pages

TAG = re.compile(r"<(?!!)[^>]+>")
LOADS = re.compile(r"""<(?!a\b)[a-z]+\b[^>]*\b(?:src|href|action|data|poster|srcset)\s*=\s*["']?(?![#"'>]|data:)""")


def made(run: Results) -> str:
    return page.html(run, [], None)


def words(markup: str) -> str:
    """What a reader sees of a piece of the page."""
    return " ".join(html.unescape(TAG.sub(" ", markup)).split())


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pages.nights(tmp_path_factory.mktemp("night"))


@pytest.mark.parametrize("name", pages.RUNS)
def test_it_asks_nothing_of_anyone_and_runs_only_its_own_script(name: str) -> None:
    text = made(pages.RUNS[name]())
    assert not LOADS.search(text)
    policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', text)
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in html.unescape(policy[1]).split(";"))
    assert rules["default-src"] == "'none'"
    for tag in ("style", "script"):
        (own,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
        assert rules[f"{tag}-src"] == f"'sha256-{digest}'"
    assert " style=" not in text
    assert not re.search(r"<[^>]+ on[a-z]+=", text)


def test_the_verdict_and_the_broken_clauses_come_first_and_all_is_there_without_a_script() -> None:
    text = made(pages.red())
    before, _, rest = text.partition('<section id="contract"')
    assert before.index("Not conformant") < before.index("AUTH-001") < before.index("BODY-003")
    for name in ("AUTH-001", "ENV-005", "ERR-004", "ERR-006"):
        clause = before.partition(f'<details class="clause violated" id="{name}">')[2].partition("<h2")[0]
        assert "POST /zstack/v1/" in words(clause)
        assert "curl -sS" in clause
        assert f"pytest contract --target staging --waivers zstack-5.2 --clause {name}" in clause
    for row in example.results().clauses:
        assert text.count(f'id="{row.id}"') == 1
        assert row.id in rest
    assert "$CONTRACT_SESSION" in text


@pytest.mark.parametrize(
    ("run", "tone"),
    [
        (example.conformant(), "good"),
        (pages.read_only(), "known"),
        (replace(example.results({}, VerdictWord.HOLDS), header=example.header(kind=RunKind.CHOSEN)), "known"),
        (replace(example.conformant(), header=example.header(kind=RunKind.PART)), "known"),
        (pages.waived(), "known"),
        (example.results({}, VerdictWord.PARTIAL), "unsure"),
        (example.results({}, VerdictWord.NOTHING_VERIFIED), "unsure"),
        (example.results({}, VerdictWord.RUN_BROKEN), "bad"),
        (example.results({}, VerdictWord.DID_NOT_START), "bad"),
        (example.results({}, VerdictWord.VIOLATED), "bad"),
        (pages.red(), "bad"),
    ],
)
def test_only_the_whole_contract_is_plain_green(run: Results, tone: str) -> None:
    assert order.tone(run) == tone
    assert f'<header class="top {tone}">' in made(run)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"kind": RunKind.READ_ONLY},
            "Read-only: only what must be refused was sent. Good requests were not judged.",
        ),
        ({"kind": RunKind.PART, "shard": "1/2"}, "One shard, 1/2, of a run."),
    ],
)
def test_a_run_that_asks_less_says_of_what_it_says_nothing(changes: dict[str, object], said: str) -> None:
    text = made(replace(example.conformant(), header=example.header(**changes)))
    assert said in words(text.partition("</header>")[0].partition("</style>")[2])
    assert 'class="limits"' not in made(example.conformant())


def test_what_a_server_sent_is_shown_and_never_run() -> None:
    text = made(pages.red())
    assert "&lt;html&gt;&lt;body&gt;&lt;h1&gt;HTTP Status 500" in text
    assert text.count("<h1>") == 1


def test_waivers_tell_owner_dates_and_file() -> None:
    text = words(made(pages.red()).partition('<section id="waivers"')[2].partition("</section>")[0])
    assert "From the waiver file zstack-5.2 . 3 waivers, 1 clause waived." in text
    assert "ZSTAC-60001 backup team 2026-01-10 2026-03-20 in 18 days 96 times" in text
    assert "ZSTAC-60002 backup team 2025-06-01 2025-12-01 past stale" in text
    assert "The waiver of BODY-003 (ZSTAC-60002) is stale" in words(made(pages.red()))


def test_each_state_has_its_own_place_and_reason() -> None:
    text = made(pages.red())
    for state, title, reason in [
        ("error", "The suite itself failed", "KeyError"),
        ("not-judged", "Not judged", "queries answer 404"),
        ("not-applicable", "Not applicable", "not given an account"),
    ]:
        section = text.partition(f'id="{state}"')[2].partition("</section>")[0]
        assert title in section
        assert reason in section


def test_a_passing_clause_shows_an_exchange_that_was_judged() -> None:
    clause = made(example.conformant()).partition('id="PATH-001"')[2].partition("</details>")[0]
    assert "One of the exchanges that were judged" in clause
    assert "POST /zstack/v1/" in words(clause)
    assert "HTTP 200" in clause


def test_latencies_and_a_load_stand_beside_their_pictures() -> None:
    text = words(made(pages.soak()).partition('id="latency"')[2].partition("</section>")[0])
    assert "Held 48.2 requests a second" in text
    assert "good requests 96 4.0 ms 11 ms 20 ms 20 ms" in text


def test_a_night_tells_what_is_new_and_what_each_clause_was_before(night: Path) -> None:
    text = night.read_text(encoding="utf-8")
    top = words(text.partition("<nav")[0].partition("</style>")[2])
    assert "Since the run before (2026-02-23 01:00:00 UTC, conformant): newly broken AUTH-001 , ENV-005" in top
    assert text.count("new in this run") >= 4
    strip = re.search(r'id="AUTH-001">.*?<span class="strip" role="img" aria-label="([^"]+)">(.*?)</span>', text, re.S)
    assert strip is not None
    assert strip[1] == "Last 21 runs: 17 passed, 4 violated"
    assert strip[2].count("<i ") == 21
    assert "The last 21 runs of this target at this depth" in text


def test_requests_that_were_answered_otherwise_are_told_on_both_sides() -> None:
    old, new = (
        replace(
            example.conformant(),
            answers=Answers(
                {"kind": AnswerKind(status, code, "application/json", ["error"])},
                {"PATH-002": {"unknown trigger": {"kind": 3}}},
            ),
        )
        for status, code in (("503", "A.1"), ("404", "A.2"))
    )
    text = page.html(new, [], compare(old, new))
    assert "1 kind of requests answered differently" in text
    told = words(text.partition('id="answers"')[2].partition("</details>")[0])
    assert "PATH-002 unknown trigger 503 A.1 {error} 404 A.2 {error}" in told


def test_it_is_made_again_from_the_folder_of_a_run(night: Path) -> None:
    before = night.read_bytes()
    night.unlink()
    assert page.make(night.parent) == night
    assert night.read_bytes() == before


def test_a_red_night_is_small(night: Path) -> None:
    assert night.stat().st_size < 400_000


def test_ten_thousand_exchanges_that_break_everything_are_told_soon_and_in_little_room(tmp_path: Path) -> None:
    store.write(pages.crowd(), tmp_path)
    page.make(tmp_path)
    begin = time.perf_counter()
    path = page.make(tmp_path)
    assert time.perf_counter() - begin < 2
    assert path.stat().st_size < 1_000_000
    assert path.read_text(encoding="utf-8").count("(HTTP 500, tried in way 5, and 299 more)") == len(
        pages.crowd().clauses
    )


def test_a_line_too_long_to_be_pasted_is_named_and_not_shown() -> None:
    long = replace(example.CRASH, curl="curl " + "x" * 4_000)
    text = made(example.results({"ENV-005": (State.VIOLATED, "", [long])}))
    assert "curl xxx" not in text
    assert "the curl line in results.json has 4,005 characters" in text
    assert '<pre tabindex="0">python -m contract replay results.json ENV-005 1</pre>' in text


def test_a_run_that_did_not_start_says_why_and_nothing_else() -> None:
    run = example.results({}, VerdictWord.DID_NOT_START, 4, "the target is not there", waivers=False)
    header = example.header(depth="", settings={})
    text = made(replace(run, header=header, clauses=[], latency={}, latencies={}, excluded=[]))
    top = words(text.partition("</header>")[0].partition("</style>")[2])
    assert "Did not start The target is not there." in top
    assert "Depth" not in top
    assert 'id="contract"' not in text


def test_a_run_of_chosen_clauses_is_not_taken_for_the_whole() -> None:
    run = example.results({}, VerdictWord.HOLDS, 0, "ERR-004: 1 clause holds; the rest of the contract was not asked")
    asked = [row for row in run.clauses if row.id == "ERR-004"]
    header = example.header(kind=RunKind.CHOSEN, asked=["ERR-004"])
    text = made(replace(run, header=header, clauses=asked))
    assert '<header class="top known">' in text
    assert "Chosen clauses <b>1</b>" in text
    assert "All clauses" not in text
