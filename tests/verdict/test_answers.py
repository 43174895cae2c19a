"""Kinds of answers, counted by kinds of requests."""

from __future__ import annotations

import json
from dataclasses import asdict
from threading import Thread

import pytest

from contract.kit.exchange.exchange import Exchange, Expect, TroubleKind
from contract.kit.verdict import answers as kinds
from contract.kit.verdict.answers import AnswerCount, AnswerKey, answer_key, case_of, short
from contract.kit.verdict.results import AnswerKind, Answers
from tests.judge.build import answered, error, exchange, failed, granted, job, rejected, response, troubled

JSON = "application/json"
OF_ERROR = ("error", "error.code", "error.description", "error.details")
OF_INVENTORY = (
    *("inventory", "inventory.createDate", "inventory.lastOpDate"),
    *("inventory.schedulerJobGroupUuid", "inventory.schedulerTriggerUuid"),
)
KINDS = (
    ("a success", granted(), AnswerKey("200", "", JSON, OF_INVENTORY), "200 {inventory}"),
    ("a failure", failed(503), AnswerKey("503", "SYS.1003", JSON, OF_ERROR), "503 SYS.1003 {error}"),
    ("nulls are absent", answered(200, {"error": None}), AnswerKey("200", "", JSON, ()), "200 application/json"),
    ("no object", answered(200, [1]), AnswerKey("200", "", JSON, ()), "200 application/json"),
    ("no members", answered(200, {}), AnswerKey("200", "", JSON, ()), "200 application/json"),
    ("a string for an error", answered(200, {"error": "no"}), AnswerKey("200", "", JSON, ("error",)), "200 {error}"),
    ("a number for a code", failed(error=error(code=5)), AnswerKey("200", "", JSON, OF_ERROR), "200 {error}"),
    ("text", rejected(), AnswerKey("400", "", "text/plain", ()), "400 text/plain"),
    ("text with a charset", answered(400, b"x", content_type="Text/HTML; charset=utf-8"),
     AnswerKey("400", "", "text/html", ()), "400 text/html"),
    ("text without a label", answered(400, b"x", content_type=None),
     AnswerKey("400", "", "no media type", ()), "400 no media type"),
    ("nothing", answered(405, b""), AnswerKey("405", "", "", ()), "405 no body"),
    ("through a job", job(200, {"inventory": {"a": 1}}),
     AnswerKey("202 then 200", "", "no media type", ("inventory", "inventory.a")), "202 then 200 {inventory}"),
    ("no answer", troubled(TroubleKind.TIMEOUT), AnswerKey("no answer: timeout", "", "", ()), "no answer: timeout"),
    ("half an answer", troubled(TroubleKind.TRUNCATED, response(200, b"{")),
     AnswerKey("200, truncated", "", JSON, ()), "200, truncated application/json"),
    ("never sent", exchange(), AnswerKey("no answer", "", "", ()), "no answer"),
)  # fmt: skip


@pytest.mark.parametrize(("found", "kind", "words"), [row[1:] for row in KINDS], ids=[row[0] for row in KINDS])
def test_a_kind_of_answer(found: Exchange, kind: AnswerKey, words: str) -> None:
    assert answer_key(found) == kind
    assert short(kind) == words


CASES = (
    ("", "a request that may be refused"),
    ("no credentials", "no credentials"),
    ("digit 17 of the session changed", "digit … of the session changed"),
    ("the session with 'ab c' after it", "the session with … after it"),
    ("under 'Xy', for resources that exist", "under …, for resources that exist"),
    ("a token of 9,000 bytes", "a token of … bytes"),
    ("schedulerTriggerUuid with %00 and %2F after it", "schedulerTriggerUuid with … and … after it"),
    ('params is [1,"a",{…', "params is a list"),
    ('params is {"a":[]}', "params is an object"),
    ('params is "half of a…', "params is a string"),
    ("params is -1.5", "params is a number"),
    ("params is Infinity", "params is a number"),
    ("params is false", "params is a boolean"),
    ("params is null", "params is null"),
    ("params is an object", "params is an object"),
    ("the root is a list", "the root is a list"),
    ("1 2, '3' 4", "…"),
    ("x" * 200, "x" * 119 + "…"),
)


@pytest.mark.parametrize(("case", "words"), CASES)
def test_a_case_without_its_values(case: str, words: str) -> None:
    assert case_of(granted(case=case)) == words


@pytest.mark.parametrize(
    ("expect", "words"),
    [(Expect.SUCCESS, "a good request"), (Expect.REFUSAL, "a request to be refused")],
)
def test_a_request_without_a_case_is_named_by_what_is_promised_for_it(expect: Expect, words: str) -> None:
    assert case_of(granted(expect=expect)) == words


def seen(*exchanges: Exchange) -> Answers:
    found = AnswerCount()
    for each in exchanges:
        found.see(each)
    return found.answers()


def test_answers_are_counted_by_what_was_asked() -> None:
    found = seen(
        granted(clause="A", case="one"),
        granted(clause="A", case="one"),
        failed(clause="A", case="one"),
        failed(clause="B", case="one"),
        granted(201, clause="A", case="two"),
    )
    assert found.asked == {
        "A": {"one": {"200 SYS.1003 {error}": 1, "200 {inventory}": 2}, "two": {"201 {inventory}": 1}},
        "B": {"one": {"200 SYS.1003 {error}": 1}},
    }
    assert found.kinds["201 {inventory}"] == AnswerKind("201", "", JSON, list(OF_INVENTORY))


def test_kinds_that_read_alike_are_told_apart() -> None:
    found = seen(answered(200, {"inventory": {"a": 1}}), answered(200, {"inventory": {"b": 1}}))
    assert [kind.members[1] for kind in found.kinds.values()] == ["inventory.a", "inventory.b"]
    assert list(found.kinds) == ["200 {inventory}", "200 {inventory} (2)"]


def test_the_order_of_coming_does_not_show() -> None:
    some = [granted(clause="A"), failed(clause="B"), job(200, {}, clause="A", case="b"), rejected(clause="A")]
    assert json.dumps(asdict(seen(*some))) == json.dumps(asdict(seen(*reversed(some))))


def test_parts_are_added_up_whatever_they_name_their_kinds() -> None:
    one = seen(answered(200, {"inventory": {"b": 1}}, clause="A", case="b"))
    other = seen(*(answered(200, {"inventory": {name: 1}}, clause="A", case=name) for name in "ab"))
    assert one.asked["A"]["b"] == {"200 {inventory}": 1}
    assert kinds.merged([one, other]).asked == {
        "A": {"a": {"200 {inventory}": 1}, "b": {"200 {inventory} (2)": 2}},
    }
    assert kinds.merged([]) == Answers()
    assert kinds.merged([one]) == one


def test_so_many_cases_of_a_clause_are_told_and_the_rarest_put_together() -> None:
    often = [granted(clause="A", case=f"often {chr(97 + at)}") for at in range(kinds.MOST_CASES)] * 2
    rare = [failed(clause="A", case="rare"), granted(clause="A", case="a rare one"), granted(clause="B", case="rare")]
    found = kinds.limited(seen(*often, *rare))
    assert len(found.asked["A"]) == kinds.MOST_CASES + 1
    assert found.asked["A"][kinds.OTHERS] == {"200 SYS.1003 {error}": 1, "200 {inventory}": 1}
    assert found.asked["B"] == {"rare": {"200 {inventory}": 1}}
    assert sum(sum(case.values()) for case in found.asked["A"].values()) == 2 * kinds.MOST_CASES + 2


def test_parts_that_were_limited_stay_so() -> None:
    many = kinds.limited(seen(*(granted(clause="A", case=f"{at:c}") for at in range(97, 150))))
    again = kinds.limited(kinds.merged([many, many]))
    assert again.asked["A"].keys() == many.asked["A"].keys()
    assert again.asked["A"][kinds.OTHERS] == {"200 {inventory}": 2 * (53 - kinds.MOST_CASES)}


def test_a_server_that_invents_members_fills_no_memory() -> None:
    found = seen(*(answered(200, {f"m{at}": 1}, clause="A") for at in range(500)))
    assert len(found.kinds) == kinds.MOST_KINDS + 1
    assert found.asked["A"]["a request that may be refused"]["200 of yet another kind"] == 500 - kinds.MOST_KINDS


def test_names_are_cut_and_can_be_written() -> None:
    found = seen(answered(200, {"\ud800": 1, "n" * 99: 1, **{f"m{at}": 1 for at in range(99)}}))
    (kind,) = found.kinds.values()
    assert len(kind.members) == kinds.MOST_MEMBERS
    assert max(map(len, kind.members)) == kinds.LONGEST_NAME
    json.dumps(asdict(found), ensure_ascii=False).encode()


def test_many_may_count_at_once() -> None:
    found = AnswerCount()
    one = granted(clause="A", case="x")

    def count() -> None:
        for _ in range(500):
            found.see(one)

    threads = [Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found.answers().asked == {"A": {"x": {"200 {inventory}": 2_000}}}
