"""Waivers cover what they name and nothing else, are counted on both sides, and slips in them are told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contract.kit.config.usage import UsageError
from contract.kit.exchange.exchange import Exchange, Expect
from contract.kit.exchange.message import Request, Response
from contract.kit.judge import clauses
from contract.kit.judge.violation import Violation
from contract.kit.waive import waivers
from contract.kit.waive.draft import first_file
from contract.kit.waive.waivers import Waiver

REGISTER = clauses.load()
TODAY = dt.date(2030, 1, 31)

HEAD = """\
clause = "BODY-006"
reason = "r"
ticket = "t"
owner = "o"
since = 2030-01-01
review_by = 2030-06-30
"""


def read(folder: Path, text: str) -> tuple[Waiver, ...]:
    path = folder / "waivers.toml"
    path.write_text(text, "utf-8")
    return waivers.load(str(path), REGISTER)


def entry(folder: Path, where: str = "") -> Waiver:
    [waiver] = read(folder, f"[[waiver]]\n{HEAD}{f'where = {{ {where} }}' if where else ''}\n")
    return waiver


def exchange(
    status: int | None = 500,
    body: bytes = b"java.io.EOFException: End of input",
    *,
    settled: Response | None = None,
    method: str = "POST",
    sent: bytes = b'{"params":',
    case: str = "the body cut after 10 bytes",
) -> Exchange:
    response = Response(status, (), body) if status is not None else None
    return Exchange(1, Request(method, "/x", (), sent), response, settled=settled, case=case)


def violation(
    seen: Exchange, clause: str = "BODY-006", actual: str = "HTTP 500 (no content type)", pointer: str = ""
) -> Violation:
    return Violation("a failure or a rejection", actual, seen, pointer, clause=clause)


JOB = exchange(202, b"{}", settled=Response(503, (), b'{"error":{}}'))


@pytest.mark.parametrize(
    ("where", "seen", "covered"),
    [
        ("", exchange(), True),
        ("", exchange(None), True),
        ("status = 500", exchange(), True),
        ("status = [400, 500]", exchange(), True),
        ("status = 400", exchange(), False),
        ("status = 500", exchange(None), False),
        ("status = 202", JOB, True),
        ("status = 503", JOB, True),
        ("status = 503, body = 'error'", JOB, True),
        ("status = 202, body = 'error'", JOB, False),
        ("status = 500, body = 'EOFException'", exchange(), True),
        ("status = 500, body = '^EOFException'", exchange(), False),
        ("body = 'EOFException'", exchange(body=b"\xff\xfe EOFException"), True),
        (r"body = '\A\Z'", exchange(body=b""), True),
        ("body = 'x'", exchange(None), False),
        ("method = 'POST'", exchange(), True),
        ("method = ['GET', 'PUT']", exchange(), False),
        ("case = 'cut'", exchange(), True),
        ("case = 'empty'", exchange(), False),
        ("request = 'params'", exchange(), True),
        ("request = 'userTags'", exchange(), False),
        ("expected = 'rejection$'", exchange(), True),
        ("expected = 'success'", exchange(), False),
        ("actual = '^HTTP 500'", exchange(), True),
        ("actual = 'inventory'", exchange(), False),
        ("pointer = '/inventory'", exchange(), False),
        ("status = 500, case = 'cut', actual = 'inventory'", exchange(), False),
    ],
)
def test_where(tmp_path: Path, where: str, seen: Exchange, covered: bool) -> None:
    waiver = entry(tmp_path, where)
    assert (waivers.match([waiver], violation(seen)) is waiver) is covered


def test_a_waiver_covers_no_other_clause(tmp_path: Path) -> None:
    assert waivers.match([entry(tmp_path)], violation(exchange(), "BODY-005")) is None


def test_pointers(tmp_path: Path) -> None:
    waiver = entry(tmp_path, "pointer = ['/error/code', '/error/details']")
    assert waivers.match([waiver], violation(exchange(), pointer="/error/code"))
    assert not waivers.match([waiver], violation(exchange(), pointer="/error/codes"))


def test_the_first_that_covers_counts(tmp_path: Path) -> None:
    entries = [f"[[waiver]]\n{HEAD}where = {{ status = {status} }}\n" for status in (400, 500)]
    first, second = read(tmp_path, "".join(entries))
    assert waivers.match([first, second], violation(exchange())) is second


@pytest.mark.parametrize(
    ("where", "judged", "matched", "state"),
    [
        ("", {"BODY-006": [exchange()]}, 2, "used"),
        ("", {"BODY-006": [exchange()]}, 0, "stale"),
        ("", {"BODY-006": []}, 0, "not exercised"),
        ("", {"BODY-005": [exchange()]}, 0, "not exercised"),
        ("status = 500", {"BODY-006": [exchange(400)]}, 0, "stale"),
        ("method = 'GET'", {"BODY-006": [exchange()]}, 0, "not exercised"),
        ("case = 'empty'", {"BODY-006": [exchange()]}, 0, "not exercised"),
        ("request = 'x', case = 'cut'", {"BODY-006": [exchange()]}, 0, "not exercised"),
        ("case = 'cut', status = 500", {"BODY-006": [exchange(400)]}, 0, "stale"),
        ("status = 500 }\nonly_where = 'keys are installed' #", {"BODY-006": [exchange(400)]}, 0, "not exercised"),
        ("status = 500 }\nonly_where = 'keys are installed' #", {"BODY-006": [exchange()]}, 1, "used"),
    ],
)
def test_both_sides_are_counted(
    tmp_path: Path, where: str, judged: Mapping[str, list[Exchange]], matched: int, state: str
) -> None:
    waiver = entry(tmp_path, where)
    [row] = waivers.reckon([waiver], {waiver: matched}, judged, TODAY)
    assert (row.state, row.matched, row.past_review) == (state, matched, False)


@pytest.mark.parametrize(
    ("today", "past"),
    [(dt.date(2030, 6, 29), False), (dt.date(2030, 6, 30), False), (dt.date(2030, 7, 1), True)],
)
def test_past_review(tmp_path: Path, today: dt.date, past: bool) -> None:
    [row] = waivers.reckon([entry(tmp_path)], {}, {}, today)
    assert (row.past_review, row.since, row.review_by) == (past, "2030-01-01", "2030-06-30")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"BODY-006"', '"BODY-666"', "(BODY-666): clause: there is no such clause; did you mean BODY-006?"),
        ('"BODY-006"', '"BODY-010"', "waiver 1 (BODY-010): clause: it is not tested"),
        ('"BODY-006"', "6", "waiver 1: clause must be a text that is not empty"),
        ('reason = "r"', "", "waiver 1 (BODY-006): reason is missing"),
        ('ticket = "t"', 'ticket = " "', "waiver 1 (BODY-006): ticket must be a text that is not empty"),
        ("owner", "onwer", "waiver 1 (BODY-006): the key onwer is unknown; did you mean owner?"),
        ("2030-01-01", '"2030-01-01"', "since must be a date such as 2030-01-31, without quotes, not '2030-01-01'"),
        ("2030-06-30", "2030-06-30T00:00:00", "review_by must be a date such as"),
        ("2030-06-30", "2029-06-30", "review_by: 2029-06-30 is before since, 2030-01-01"),
        ("status = 500", "", "where: empty; leave it out to cover the whole clause"),
        ("{ status = 500 }", "500", "where must be a table, not 500"),
        ("status = 500", "statuses = 500", "the key where.statuses is unknown; did you mean status?"),
        ("status = 500", "zzz = 500", "the key where.zzz is unknown; known are actual, body, case"),
        ("status = 500", 'status = "500"', "where.status: not a whole number, or a list of them"),
        ("status = 500", "status = [true]", "where.status: not a whole number, or a list of them"),
        ("status = 500", "status = []", "where.status: not a whole number, or a list of them"),
        ("status = 500", "pointer = 1", "where.pointer: not a text that is not empty, or a list of them"),
        ("status = 500", 'body = "("', "where.body: not a regular expression: missing )"),
        ("status = 500", 'case = ""', "where.case: not a regular expression, or empty"),
        ("[[waiver]]", "[waiver]", "waiver must be a list"),
        ("[[waiver]]", "[[waivers]]", "the key waivers is unknown; did you mean waiver?"),
        ("[[waiver]]", "[[waiver", "not TOML"),
    ],
)
def test_slips_are_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = f"[[waiver]]\n{HEAD}where = {{ status = 500 }}\n"
    assert old in text
    with pytest.raises(UsageError) as caught:
        read(tmp_path, text.replace(old, new))
    assert str(caught.value).startswith(str(tmp_path / "waivers.toml"))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_same_twice_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"waiver 2 \(BODY-006\): it covers the same as waiver 1"):
        read(tmp_path, f"[[waiver]]\n{HEAD}[[waiver]]\n{HEAD}")


def test_a_file_that_waives_nothing_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"waivers.toml: it holds no \[\[waiver\]\]; add one, or leave --waivers out"):
        read(tmp_path, "# nothing is waived\n")


def test_by_name_and_by_path(tmp_path: Path) -> None:
    (tmp_path / "old-5.1.toml").write_text(f"[[waiver]]\n{HEAD}", "utf-8")
    [by_name] = waivers.load("old-5.1", REGISTER, tmp_path)
    assert waivers.load(str(tmp_path / "old-5.1.toml"), REGISTER, tmp_path) == (by_name,)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("zstack-5.3", "no waiver file of the name 'zstack-5.3'; did you mean zstack-5.2?"),
        ("x", "no waiver file of the name 'x'; there is zstack-5.2, zsvirt; a path ends in .toml"),
        ("none.toml", "waiver file none.toml: no such file"),
        ("no/where", "waiver file no/where: no such file"),
    ],
)
def test_a_file_that_is_not_there(name: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        waivers.load(name, REGISTER)
    assert str(caught.value) == message


# --- the shipped files --------------------------------------------------------------------------------------

SHIPPED = {name: waivers.load(name, REGISTER) for name in ("zstack-5.2", "zsvirt")}
GRANTED = Response(200, (), b'{"inventory":{"a":1}}')
LOST = Response(404, (), b"the job has been expired")
TEXTS = (b"java.lang.String cannot be cast to java.util.Map", b"")
"""A refusal's text, and what is left of it once the machine has thrown it often."""


def job(end: Response, sent: bytes = b'{"params":{}}', case: str = "") -> Exchange:
    return exchange(202, b'{"location":"x"}', settled=end, sent=sent, case=case)


def seen_in_both(text: bytes) -> list[Violation]:
    """A violation for each entry that the shipped files share, in their order, as the rules word them."""
    granted = "HTTP 202, and its job ended with HTTP 200 with an inventory"
    deep = b'{"params":' + b"[" * 10_000
    unknown = job(Response(503, (), b'{"error":{"code":"SYS.1003"}}'))
    return [
        violation(job(GRANTED), "ENV-002", "HTTP 202 with the location of a job"),
        violation(job(GRANTED), "INV-001", "`createDate` is absent", "/inventory/createDate"),
        violation(job(GRANTED, b'{"userTags":["params"],"params": null}'), "BODY-003", granted),
        violation(exchange(500, text, sent=b'{"params":"x"}'), "BODY-003"),
        violation(exchange(500, text, sent=b'{"params":{},"userTags":"x"}'), "BODY-005"),
        violation(job(GRANTED, b""), "BODY-006", granted),
        violation(exchange(500, text), "BODY-006"),
        violation(exchange(500, b"", sent=deep, case="ten thousand lists within each other"), "BODY-008"),
        violation(exchange(500, text), "ENV-005"),
        violation(exchange(500, b"No query API found", method="GET"), "PATH-005"),
        violation(unknown, "AUTH-006", "HTTP 503 with the code SYS.1003"),
    ]


def seen_in_zsvirt() -> list[Violation]:
    """A violation for each entry of its own."""
    smile = b'{"params":{},"userTags":["x","\\ud83d\\ude00"]}'
    key = exchange(500, b"was not registered", sent=b'{"params":{}}', case="credentials under ZStack")
    hung = "no answer in time: its job was watched for 60 seconds and did not end"
    return [
        violation(replace(job(LOST, smile), expect=Expect.SUCCESS), "PATH-001"),
        violation(job(LOST, smile), "BODY-002"),
        violation(job(LOST, smile), "STATE-004"),
        *(violation(key, clause) for clause in ("AUTH-001", "AUTH-007", "ENV-005")),
        violation(exchange(None, case="a trigger, added before, its trigger over since"), "ENV-007", hung),
        violation(exchange(None, case="added before"), "ENV-007", hung),
    ]


def seen_in_dimensions(text: bytes) -> list[Violation]:
    """A violation for each entry about one thing gone wrong beside much that varies."""
    granted = "HTTP 202, and its job ended with HTTP 200 with an inventory"
    trimmed = replace(job(GRANTED), case=r"schedulerTriggerUuid with '\x0c' before it")
    good, twice = b'{"params":{}}', b'{"params":{},"params":{}}'
    own = b'{"params":{"session":"x"}}'
    return [
        violation(trimmed, "PATH-004", granted),
        violation(exchange(500, text, sent=b'{"params":1}'), "AUTH-007"),
        violation(exchange(500, text, sent=good, case="as application/json;charset=nonsense"), "BODY-001"),
        violation(exchange(500, text, sent=b'{"params":{},"x":1e999}'), "BODY-007"),
        violation(exchange(500, text, sent=b'{"params":{"x":' + b"9" * 400 + b"}}"), "ENV-005"),
        violation(exchange(500, text, sent=twice, case="the body with its first member twice"), "BODY-006"),
        violation(exchange(500, text, sent=good, case="as application/json;charset=nonsense"), "ENV-005"),
        violation(exchange(500, text, sent=good, case="no credentials, as text/json;charset=nonsense"), "AUTH-007"),
        *(
            violation(exchange(500, text, sent=good, case="the query ?x=%zz"), clause)
            for clause in ("PATH-007", "AUTH-007", "ENV-005")
        ),
        *(
            violation(exchange(500, text, sent=own, case="the session as session in params of the body"), clause)
            for clause in ("AUTH-003", "ENV-005", "AUTH-007")
        ),
    ]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("name", SHIPPED)
def test_each_shipped_entry_covers_what_it_was_written_for(name: str, text: bytes) -> None:
    seen = [*seen_in_both(text), *(seen_in_zsvirt() if name == "zsvirt" else ()), *seen_in_dimensions(text)]
    assert [waivers.match(SHIPPED[name], one) for one in seen] == list(SHIPPED[name])


@pytest.mark.parametrize(
    "sent",
    [b"\xff", b"", b"{", b'{"params":{},}', b'{"params" {}}', b'{"params":[]}', b'{"userTags":"x"}', b'["x"]', b"{}{}",
     b'{"params":{"triggerNow":true},"systemTags":["a"', b'{"params":{},"x":' + b"[" * 10_000],
)  # fmt: skip
@pytest.mark.parametrize("name", SHIPPED)
def test_a_body_that_is_not_read_is_covered(name: str, sent: bytes) -> None:
    assert waivers.match(SHIPPED[name], violation(exchange(500, b"<h1>HTTP Status 500", sent=sent), "ENV-005"))


@pytest.mark.parametrize(
    "sent",
    [b"{}", b' { "params" : { } } ', b'{"params":{"triggerNow":true}}', b'{"systemTags":[],"params":{}}',
     '{"params":{"triggerNow":false},"systemTags":["a::b","[é\\"]"],"userTags":["{","x"]}'.encode()],
)  # fmt: skip
@pytest.mark.parametrize("name", SHIPPED)
def test_a_crash_on_a_good_body_is_not_covered(name: str, sent: bytes) -> None:
    assert waivers.match(SHIPPED[name], violation(exchange(500, b"", sent=sent), "ENV-005")) is None


@pytest.mark.parametrize("sent", [b"", b" \n", b"null", b"[]", b"//", b"# x\n", b"/* x */ [ ]"])
@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_taken_for_no_parameters_is_covered(name: str, sent: bytes) -> None:
    assert waivers.match(SHIPPED[name], violation(job(GRANTED, sent), "BODY-006"))


@pytest.mark.parametrize(
    "unknown",
    [
        violation(exchange(204, b""), "ENV-002", "an inventory under HTTP 204"),
        violation(job(GRANTED), "INV-001", "`triggerUuid` is absent", "/inventory/triggerUuid"),
        violation(job(GRANTED), "INV-001", "`createDate` is the number 7", "/inventory/createDate"),
        violation(job(GRANTED, b'{"params": [1]}'), "BODY-003", "HTTP 200 with an inventory"),
        violation(exchange(500, sent=b'{"params":null}'), "BODY-003"),
        violation(exchange(500, sent=b'{"params":{},"userTags":null}'), "BODY-005"),
        violation(job(GRANTED, b"{"), "BODY-006", "HTTP 200 with an inventory"),
        violation(exchange(500, b"", case="a tag of 64 KiB"), "BODY-008"),
        violation(exchange(502, b"", method="GET"), "PATH-005"),
        violation(exchange(500, b"", method="PATCH"), "PATH-005"),
        violation(job(GRANTED), "AUTH-006", "HTTP 202, and its job ended with HTTP 200 with an inventory"),
        violation(exchange(), "PATH-001"),
        violation(job(LOST), "PATH-001"),
        violation(job(LOST, b'{"params":{},"userTags":["\xc3\xa9","\\ud800"]}'), "BODY-002"),
        violation(exchange(200, b"", sent=b"{}", case="credentials under ZStack"), "AUTH-001"),
        violation(exchange(500, b"", sent=b"{}", case="under Bearer"), "AUTH-001"),
        violation(exchange(None, case="params missing"), "ENV-007", "no answer in time"),
    ],
    ids=lambda one: f"{one.clause} {one.actual} {one.exchange.case}",
)
@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_files_cover_nothing_else(name: str, unknown: Violation) -> None:
    assert waivers.match(SHIPPED[name], unknown) is None


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_files_narrow_every_entry_and_match_no_text_of_the_server(name: str) -> None:
    for waiver in SHIPPED[name]:
        assert waiver.where is not None
        assert waiver.where.body is None


# --- a first file from a run's results ----------------------------------------------------------------------


def row(actual: str, *, pointer: str = "", waiver: str | None = None, status: int | None = 500) -> dict[str, Any]:
    shown = {"case": "cut\nafter 1 byte"}
    facts = {"actual": actual, "pointer": pointer, "waiver": waiver, "count": 3, "status": status}
    return facts | {"exchange": shown}


def results(*violations: dict[str, Any]) -> dict[str, Any]:
    header = {"start": "2030-01-31T10:00:00Z", "run_id": "abc"}
    return {"header": header, "clauses": [{"id": "BODY-006", "violations": list(violations)}]}


def test_a_first_file_covers_what_was_found(tmp_path: Path) -> None:
    actual = "HTTP 500 (text/plain, 31 bytes): java.io.EOFException: \"quoted\" \\ 'x'"
    text = first_file(results(row(actual)))
    [waiver] = read(tmp_path, text)
    assert waivers.match([waiver], violation(exchange(), actual=actual)) is waiver
    assert waivers.match([waiver], violation(exchange(), actual=actual.replace("31", "4,711"))) is None
    assert waivers.match([waiver], violation(exchange(), actual=actual.replace("31", "47"))) is waiver
    assert waivers.match([waiver], violation(exchange(502), actual=actual)) is None
    assert waivers.match([waiver], violation(exchange(), actual="HTTP 500 with an inventory")) is None
    assert (waiver.since, waiver.review_by) == (TODAY, dt.date(2030, 3, 2))
    assert "# Seen in 3 exchanges, such as: cut after 1 byte\n" in text


@pytest.mark.parametrize(
    ("actual", "again"),
    [
        (f"`uuid` is {'0a' * 16}", f"`uuid` is {'f1' * 16}"),
        ("created Nov 14, 2017 10:20:57 PM", "created Dec 1, 2030 1:02:03 AM"),
        ("`code` is the string 'X'", "`code` is the string 'Y'"),
        ("'X' stands there", "'X' stands there, still"),
        ("\x7f\x00 \ud800 a+b (c)", "\x7f\x00 ? a+b (c)"),
    ],
)
def test_what_differs_from_run_to_run_is_left_open(tmp_path: Path, actual: str, again: str) -> None:
    [waiver] = read(tmp_path, first_file(results(row(actual))))
    assert waivers.match([waiver], violation(exchange(), actual=again)) is waiver


def test_alike_violations_share_an_entry_and_waived_ones_have_none(tmp_path: Path) -> None:
    found = results(
        row("HTTP 500 with 1 byte"),
        row("HTTP 500 with 22 byte"),
        row("HTTP 500 with 1 byte", pointer="/error"),
        row("HTTP 200", status=200, waiver="T-1"),
    )
    first, second = read(tmp_path, first_file(found))
    assert first.where is not None
    assert second.where is not None
    assert (first.where.pointer, second.where.pointer) == ((), ("/error",))
    assert "Seen in 6 exchanges" in first_file(found)


def test_a_conforming_run_gives_an_empty_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"it holds no \[\[waiver\]\]"):
        read(tmp_path, first_file(results()))
