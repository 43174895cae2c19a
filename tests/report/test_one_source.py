"""Every report tells what results.json tells: the same counts, the same verdict, and no secret."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from contract.kit.report import allure, history, junit, order, page, publish, store, summary, terminal
from contract.kit.report.compare import compare, markdown, text
from contract.kit.verdict.results import Results, State
from tests.report import example
from tests.report.made import counted, results

QUICK = settings(
    max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck), phases=(Phase.generate,)
)
RUNS = {"all happened": example.results(), "conformant": example.conformant()}
WORDS = {words: str(state) for state, words in order.WORDS.items()}
TOLD = re.compile(rf"(\d+) ({'|'.join(WORDS)})\b")


def told(text: str) -> dict[str, int]:
    """The counts in a line such as `43 passed, 4 violated`."""
    return {WORDS[words]: int(number) for number, words in TOLD.findall(text)}


def agree(run: Results, folder: Path) -> None:
    truth, word = counted(run.clauses), str(run.footer.verdict)
    publish.write(run, folder)
    assert store.read(folder) == run

    shown = terminal.lines(run, 100)
    last = next(line for line in reversed(shown) if line.startswith(f"{word.upper()}: "))
    assert told(last) == truth
    families = [line for line in shown if re.match(r"  [A-Z]+ +\d+  \d+ ", line)]
    assert sum((Counter(told(line)) for line in families), Counter()) == Counter(truth)

    text = (folder / summary.NAME).read_text(encoding="utf-8").splitlines()
    assert word.capitalize() in text[0]
    assert told(text[4]) == truth

    root = ET.parse(folder / junit.NAME).getroot()
    properties = {each.get("name"): each.get("value") for each in root.iter("property")}
    assert properties["verdict"] == word
    assert properties["exit status"] == str(run.footer.exit_status)
    kinds: Counter[str] = Counter()
    for suite in root.iter("testsuite"):
        if suite.get("name") != "waivers":
            kinds.update(_junit_kind(case) for case in suite.iter("testcase"))
    assert dict(kinds) == truth
    assert int(root.get("tests", "")) == len(run.clauses) + len(order.failing_waivers(run))
    assert int(root.get("failures", "")) == truth.get("violated", 0) + len(order.failing_waivers(run))

    entries = [json.loads(path.read_bytes()) for path in (folder / allure.FOLDER).glob("*-result.json")]
    names = {row.id: row for row in run.clauses}
    assert len(entries) == len(run.clauses) + len(order.failing_waivers(run))
    statuses = Counter(entry["status"] for entry in entries if entry["fullName"] in names)
    assert statuses == _allure(truth)

    made = (folder / page.NAME).read_text(encoding="utf-8")
    assert re.search(rf"<h1>.*</svg> {word.capitalize()}</h1>", made)
    counts = re.search(r'<ul class="counts".*?</ul>', made, re.DOTALL)
    assert told(re.sub("<[^>]+>", "", counts[0] if counts else "")) == truth
    rows = Counter(re.findall(r'<(?:details|div) class="clause row ([a-z-]+)"', made))
    assert dict(rows) == truth
    families = re.findall(r'<h3 id="family-.*?</h3>', made)
    assert sum((Counter(told(line)) for line in families), Counter()) == Counter(truth)
    assert made.count('<details class="clause violated"') == truth.get("violated", 0)
    assert [one.states for one in history.past(run, folder)] == [{row.id: str(row.state) for row in run.clauses}]


def _junit_kind(case: ET.Element) -> str:
    for tag in ("failure", "error", "skipped"):
        found = case.find(tag)
        if found is not None:
            kind = found.get("type", "")
            return "violated" if tag == "failure" else kind
    return "pass"


def _allure(truth: dict[str, int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for state, number in truth.items():
        found[
            {
                State.PASS: "passed",
                State.VIOLATED: "failed",
                State.WAIVED: "skipped",
                State.NOT_APPLICABLE: "skipped",
                State.NOT_JUDGED: "broken",
                State.ERROR: "broken",
            }[State(state)]
        ] += number
    return found


@pytest.mark.parametrize("name", RUNS)
def test_every_report_tells_the_same(name: str, tmp_path: Path) -> None:
    agree(RUNS[name], tmp_path)


@QUICK
@given(results())
def test_every_report_tells_the_same_of_any_run(run: Results) -> None:
    with TemporaryDirectory() as folder:
        agree(run, Path(folder))


@QUICK
@given(results(), results())
def test_any_two_runs_can_be_compared_and_what_is_told_acts_nowhere(old: Results, new: Results) -> None:
    found = compare(old, new)
    shown = [*summary.lines(new, found), *terminal.lines(new, 80), *text(found), *markdown(found)]
    for line in shown:
        assert not re.search("[\x00-\x1f\x7f\u202e\ud800-\udfff]", line)
    shown_page = page.html(new, [history.of(old), history.of(new)], found)
    assert shown_page.count("</script>") == 1
    assert "</script><b>" not in shown_page
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e\ud800-\udfff]", shown_page)


def test_what_is_in_the_environment_is_in_no_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONTRACT_SESSION", "CONTRACT_PASSWORD"):
        monkeypatch.setenv(name, "5ec2e75ec2e75ec2e75ec2e75ec2e75e")
    publish.write(example.results(), tmp_path)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert b"5ec2e75e" not in path.read_bytes(), path.name


def test_the_run_before_is_kept_and_told(tmp_path: Path) -> None:
    before = replace(example.conformant(), header=example.header(run_id="before"))
    publish.write(before, tmp_path)
    publish.write(example.results(), tmp_path)
    text = (tmp_path / summary.NAME).read_text(encoding="utf-8")
    assert "- Newly broken: AUTH-001, ENV-005, ERR-004, ERR-006" in text
    assert text.index("### Broken") < text.index("### Since the run before")
    assert store.read(tmp_path / publish.BEFORE) == before


def test_a_run_before_that_did_not_end_is_no_run_before(tmp_path: Path) -> None:
    (tmp_path / store.NAME).write_text("{}", encoding="utf-8")
    publish.write(example.results(), tmp_path)
    assert not (tmp_path / publish.BEFORE).exists()
    assert "Since the run before" not in (tmp_path / summary.NAME).read_text(encoding="utf-8")
