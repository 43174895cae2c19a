"""What the page is put together from: bodies, phrases, strips of runs, pictures."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.kit.report import history, phrases
from contract.kit.report.history import Past
from contract.kit.report.page import body, charts, milliseconds, runs, setting
from contract.kit.report.text import visible
from contract.kit.verdict import Message
from tests.report import example
from tests.report.made import JSON
from tests.report.test_one_source import QUICK

TAG = re.compile(r"<[^>]+>")
TORN = st.sampled_from(['{"a":', '{]}["', "{'a'", "[", "{", '"'])
ODD = st.sampled_from(['{"a":1,"a":NaN}', '{"a": [1,\n {"b": "</pre><b>"}]}', '[{},{"x":[[]]}]'])


def message(text: str, size: int | None = None, encoding: str = "text") -> Message:
    return Message("HTTP 200", [], text, encoding, len(text.encode("utf-8", "replace")) if size is None else size)


def read(markup: str) -> str:
    return html.unescape(TAG.sub("", markup))


@QUICK
@given(ODD | TORN | JSON.map(json.dumps) | JSON.map(lambda value: json.dumps(value, indent=2)) | st.text())
def test_a_body_is_shown_character_by_character(text: str) -> None:
    shown = body.body(message(text), 10_000)
    assert read(shown) == visible(text, keep="\n\t").replace("\r", "\\r")
    assert "<b>" not in shown


def hits(text: str, pointer: str) -> list[str]:
    shown = body.body(message(text), 10_000, pointer)
    return [read(line) for line in re.findall(r'<span class="l d\d+ hit">(.*?)</span>(?=<span class="l|$)', shown)]


ERROR = '{"error":{"code":"SYS.1","cause":{"code":"SYS.2","cause":"gone"}},"a/b":[1,2,{"c":3}],"e":[]}'


@pytest.mark.parametrize(
    ("pointer", "marked"),
    [
        ("", []),
        ("/error/code", ['"code":"SYS.1",']),
        ("/error/cause/cause", ['"cause":"gone"']),
        ("/error/cause", ['"cause":{', '"code":"SYS.2",', '"cause":"gone"', "}"]),
        ("/a~1b/2/c", ['"c":3']),
        ("/a~1b/0", ['"a/b":[1,2,{']),
        ("/e", ['"e":[]']),
    ],
)
def test_the_place_that_is_wrong_is_marked(pointer: str, marked: list[str]) -> None:
    assert hits(ERROR, pointer) == marked


@pytest.mark.parametrize(
    ("pointer", "line"), [("/error/details", '"error":{ no "details" here'), ("/inventory", '{ no "inventory" here')]
)
def test_where_a_member_is_missing_it_is_said(pointer: str, line: str) -> None:
    shown = body.body(message(ERROR), 10_000, pointer)
    assert [read(each) for each in shown.split('<span class="l') if "here" in each] == [
        each for each in [read(each) for each in shown.split('<span class="l')] if each.endswith(line)
    ]
    assert shown.count("here") == 1


def test_of_a_body_that_is_cut_nothing_is_said_to_be_missing() -> None:
    shown = body.body(message(ERROR), 20, "/inventory")
    assert "here" not in shown
    assert read(shown).endswith(f" … {len(ERROR) - 20} more bytes")


def test_a_very_deep_body_takes_no_longer_than_a_long_one() -> None:
    deep = body.body(message("[" * 4_000 + "]" * 4_000), 8_000)
    assert deep.count('class="l') < 120


def test_bytes_that_are_no_text_say_so() -> None:
    assert read(body.body(message("/w==", 1, "base64"), 100)) == "1 bytes that are not text, in base64:\n/w=="


@pytest.mark.parametrize(
    ("expected", "actual", "marked"),
    [
        ("`a` is there", "`a` is absent", ("there", "absent")),
        ("HTTP 503 with the code ID.1001", "HTTP 503 with the code SYS.1003", ("ID.1001", "SYS.1003")),
        ("a failure or a rejection", "HTTP 500 with no body", ("", "")),
    ],
)
def test_what_tells_expected_and_actual_apart_is_marked(expected: str, actual: str, marked: tuple[str, str]) -> None:
    sides = phrases.differing(expected, actual)
    for side, text, mark in zip(sides, (expected, actual), marked, strict=True):
        assert read(side) == text.replace("`", "")
        assert "".join(read(each) for each in re.findall("<mark>(.*?)</mark>", side)) in (mark, mark.replace(".", ""))


def test_code_and_markup_of_a_phrase_are_shown() -> None:
    assert phrases.phrase("`a` <b>") == "<code>a</code> &lt;b&gt;"


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("RFC 9110, 15.5.6", ["https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6"]),
        ("RFC 8259", ["https://www.rfc-editor.org/rfc/rfc8259"]),
        ("CWE-209", ["https://cwe.mitre.org/data/definitions/209.html"]),
        ("follows from ENV-005 and ENV-007", ["#ENV-005", "#ENV-007"]),
        ("https://tickets.example/ZS-1", ["https://tickets.example/ZS-1"]),
        ("ZSTAC-60001, javascript:alert(1)", []),
        ("vendor's page, Responses", []),
    ],
)
def test_sources_and_tickets_are_links(text: str, links: list[str]) -> None:
    shown = phrases.linked(text)
    assert re.findall('<a href="([^"]+)">', shown) == links
    assert read(shown) == text


def past(*states: str) -> list[Past]:
    one = history.of(example.conformant())
    return [replace(one, run_id=str(at), states={"A-001": state} if state else {}) for at, state in enumerate(states)]


@pytest.mark.parametrize(
    ("states", "told", "when"),
    [
        (["pass"], "", ""),
        (["pass", "violated"], "Last 2 runs: 1 passed, 1 violated", "new in this run"),
        (["", "violated", "violated"], "Last 3 runs: 1 not in it, 2 violated", "in the last 2 runs"),
        (["waived", "waived"], "Last 2 runs: 2 waived", "in all 2 runs"),
        (["made up", "pass"], "Last 2 runs: 1 not in it, 1 passed", "new in this run"),
    ],
)
def test_a_clause_has_a_strip_of_its_last_runs(states: list[str], told: str, when: str) -> None:
    shown = runs.strip("A-001", past(*states))
    label = re.search('aria-label="([^"]+)"', shown)
    assert (label[1] if label else "") == told
    assert shown.count("<i ") == (len(states) if told else 0)
    assert runs.since_when("A-001", past(*states)) == when


def test_pictures_are_of_their_figures() -> None:
    heights = [int(found) for found in re.findall(r'height="(\d+)"/>', charts.bars([0, 1, 1_000, 500]))]
    assert heights == [1, 2, 22, 11]
    assert re.findall(r'class="(\w+)" x="([\d.]+)%" width="([\d.]+)%"', charts.stack({"pass": 3, "violated": 1})) == [
        ("pass", "0.00", "75.00"),
        ("violated", "75.00", "25.00"),
    ]
    assert charts.line([1, 2]).count("<circle") == 2
    assert charts.line([0.0]).count("<circle") == 1


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.0004, "0.4 ms"), (0.0041, "4.1 ms"), (0.01, "10 ms"), (0.31, "310 ms"), (2.34, "2.3 s")]
)
def test_seconds_are_told_in_the_unit_that_fits(seconds: float, told: str) -> None:
    assert milliseconds(seconds) == told


def test_settings_are_told_in_words() -> None:
    told = [setting(value) for value in (True, False, None, 5.0, {"write": True, "login": False}, ["a", "b"], [])]
    assert told == ["yes", "no", "", "5.0", "write", "a, b", ""]
