"""allure-results: what an Allure reader is given for each clause, and what is kept from it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contract.kit.report import allure, order
from contract.kit.report.triage import Category
from contract.kit.verdict.results import Results, State
from tests.report import example

Entries = dict[str, dict[str, Any]]


def written(run: Results, folder: Path) -> Entries:
    place = allure.write(run, folder)
    entries = [json.loads(path.read_bytes()) for path in place.glob("*-result.json")]
    return {entry["fullName"]: entry for entry in entries}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("allure")


@pytest.fixture(scope="module")
def entries(folder: Path) -> Entries:
    return written(example.results(), folder)


def labels(entry: dict[str, Any]) -> dict[str, str]:
    return {label["name"]: label["value"] for label in entry["labels"]}


def test_the_tree_is_endpoint_family_clause(entries: Entries) -> None:
    found = labels(entries["AUTH-001"])
    assert found == {
        "epic": example.ENDPOINT,
        "feature": "AUTH",
        "story": "AUTH-001 A request without a token, or with another scheme, is refused",
        "severity": "critical",
        "tag": "MUST",
        "triage": "Contract broken",
    }
    assert entries["AUTH-001"]["name"] == found["story"]
    assert labels(entries["ERR-007"])["severity"] == "minor"


def test_there_are_no_steps_no_containers_and_no_plumbing(entries: Entries, folder: Path) -> None:
    assert not list((folder / allure.FOLDER).glob("*container*"))
    for entry in entries.values():
        assert "steps" not in entry
        assert not {"host", "thread", "framework", "language", "package"} & set(labels(entry))


@pytest.mark.parametrize(
    ("name", "status", "category"),
    [
        ("PATH-001", "passed", None),
        ("AUTH-001", "failed", Category.BROKEN),
        ("ENV-005", "failed", Category.CRASH),
        ("ENV-002", "skipped", Category.KNOWN),
        ("AUTH-004", "skipped", None),
        ("STATE-002", "broken", Category.NOT_JUDGED),
        ("STATE-003", "broken", Category.TROUBLE),
        ("waiver BODY-003 ZSTAC-60002", "failed", Category.STALE_WAIVER),
    ],
)
def test_each_state_has_its_status_and_category(entries: Entries, name: str, status: str, category: str | None) -> None:
    assert entries[name]["status"] == status
    assert labels(entries[name]).get("triage") == category


def test_a_known_deviation_is_told_with_its_ticket_and_reason(entries: Entries) -> None:
    message = entries["ENV-002"]["statusDetails"]["message"]
    assert message.startswith("Known deviation ZSTAC-60001: the real server answers through a job\n")


def test_what_could_not_be_judged_says_why(entries: Entries) -> None:
    assert "queries answer 404" in entries["STATE-002"]["statusDetails"]["message"]
    assert "not given an account" in entries["AUTH-004"]["statusDetails"]["message"]


def test_one_exchange_is_attached(entries: Entries, folder: Path) -> None:
    (attachment,) = entries["ERR-004"]["attachments"]
    assert (attachment["name"], attachment["type"]) == ("an unknown trigger", "application/vnd.allure.http+json")
    told = json.loads((folder / allure.FOLDER / attachment["source"]).read_bytes())
    assert told["request"]["method"] == "POST"
    assert told["request"]["url"] == f"http://127.0.0.1:8080{example.PATH}"
    assert {"name": "Authorization", "value": "OAuth $CONTRACT_SESSION"} in told["request"]["headers"]
    assert told["response"]["status"] == 503
    assert json.loads(told["response"]["body"]["value"])["error"]["code"] == "SYS.1006"
    assert told["response"]["body"]["truncated"] is False
    assert sum("attachments" in entry for entry in entries.values()) == 5


def test_the_curl_line_and_the_causes_are_there(entries: Entries) -> None:
    assert f"```bash\n{example.STRING_CAUSE.curl}\n```" in entries["ERR-004"]["description"]
    assert entries["ERR-004"]["statusDetails"]["trace"].endswith(
        "causes:\n"
        "SYS.1006 An operation failed: the job group cannot be scheduled\n"
        "└─ SYS.1003 A resource can not be found: trigger is gone\n"
        "   └─ 'A resource can not be found'"
    )


def test_a_long_body_is_cut_and_an_answer_that_never_came_is_told(tmp_path: Path) -> None:
    long = replace(example.answer(200, "x" * 20_000), size=10**7)
    never = replace(
        example.NO_HEADER, exchange=replace(example.NO_HEADER.exchange, response=None, trouble="timeout: 5 s")
    )
    bytes_ = replace(example.answer(200, "/w==" * 5000), encoding="base64", size=15_000)
    shown = {
        "ENV-001": replace(example.CRASH, exchange=replace(example.CRASH.exchange, response=long)),
        "ENV-003": replace(example.CRASH, exchange=replace(example.CRASH.exchange, response=bytes_)),
        "ENV-007": never,
    }
    run = example.results({name: (State.VIOLATED, "", [row]) for name, row in shown.items()})
    found = written(run, tmp_path)
    told = {
        name: json.loads((tmp_path / allure.FOLDER / found[name]["attachments"][0]["source"]).read_bytes())
        for name in shown
    }
    assert told["ENV-001"]["response"]["body"]["truncated"] is True
    assert len(told["ENV-001"]["response"]["body"]["value"]) == 8192
    assert told["ENV-003"]["response"]["body"]["encoding"] == "base64"
    assert "response" not in told["ENV-007"]
    assert "timeout: 5 s" in found["ENV-007"]["statusDetails"]["trace"]


def test_the_same_clause_has_the_same_history_every_night(entries: Entries, tmp_path: Path) -> None:
    header = example.header(run_id="another", start="2026-03-03T01:00:00Z", seed=7, depth="nightly")
    other = written(replace(example.conformant(), header=header), tmp_path)
    common = set(entries) & set(other)
    assert len(common) == len(example.results().clauses)
    assert all(entries[name]["historyId"] == other[name]["historyId"] for name in common)
    assert len({entry["historyId"] for entry in entries.values()}) == len(entries)


def test_the_order_is_that_of_the_register(entries: Entries) -> None:
    by_start = sorted(entries, key=lambda name: entries[name]["start"])
    assert by_start[:-1] == [row.id for row in example.results().clauses]


def test_an_earlier_run_leaves_nothing_behind(tmp_path: Path) -> None:
    written(example.results(), tmp_path)
    assert len(written(example.conformant(), tmp_path)) == len(example.conformant().clauses)


def test_the_environment_is_told(folder: Path, entries: Entries) -> None:
    assert entries
    told = (folder / allure.FOLDER / "environment.properties").read_text(encoding="utf-8")
    assert told.splitlines() == [
        "Target=staging",
        "URL=http://127.0.0.1:8080",
        "Version=5.2.0",
        "Credentials=session",
        "Depth=gate",
        "Exchanges=312",
        "Description=5d41402abc4b",
        "Suite=0.1.0",
        "Run=3f9c21d4",
    ]


def test_a_waiver_past_its_review_ends_only_a_nightly_run() -> None:
    run = example.results()
    past = replace(run, waivers=[replace(run.waivers[0], past_review=True)])
    assert order.failing_waivers(past) == {}
    nightly = replace(past, header=example.header(depth="nightly"))
    assert list(order.failing_waivers(nightly)) == ["ENV-002 (ZSTAC-60001) is past its review date, 2026-03-20"]


def test_the_categories_of_the_configuration_are_those_of_the_results() -> None:
    told = json.loads((Path(allure.__file__).parents[3] / "allurerc.json").read_text(encoding="utf-8"))
    assert [rule["name"] for rule in told["categories"]] == [str(each) for each in Category]
    assert [rule["matchers"]["labels"][allure.TRIAGE] for rule in told["categories"]] == [
        f"^{each}$" for each in Category
    ]


def test_no_duration_is_made_up(entries: Entries) -> None:
    assert all(entry["start"] == entry["stop"] for entry in entries.values())


def test_two_targets_share_no_history(entries: Entries, tmp_path: Path) -> None:
    target = example.header().target | {"name": "production"}
    other = written(replace(example.conformant(), header=example.header(target=target)), tmp_path)
    assert not {entry["historyId"] for entry in entries.values()} & {entry["historyId"] for entry in other.values()}


def test_a_known_deviation_has_its_owner_and_its_ticket_as_a_link(tmp_path: Path) -> None:
    run = example.results()
    ticket = "https://tickets.example/ZS-1"
    job = replace(example.JOB, waiver=ticket)
    waived = replace(
        example.results({"ENV-002": (State.WAIVED, "", [job])}), waivers=[replace(run.waivers[0], ticket=ticket)]
    )
    entry = written(waived, tmp_path)["ENV-002"]
    assert labels(entry)["owner"] == "backup team"
    assert {"type": "issue", "url": ticket, "name": ticket} in entry["links"]


def test_the_source_is_a_link_where_it_has_an_address(tmp_path: Path) -> None:
    run = example.conformant()
    row = replace(run.clauses[0], source="RFC 9110, 15.5; vendor's page, Responses")
    entry = written(replace(run, clauses=[row]), tmp_path)[row.id]
    assert [link["url"] for link in entry["links"]] == ["https://www.rfc-editor.org/rfc/rfc9110#section-15.5"]
