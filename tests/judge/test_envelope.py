"""ENV: tables of its rules."""

from __future__ import annotations

from typing import Any

import pytest

from contract.kit.exchange.exchange import Exchange, Scope, TroubleKind
from contract.kit.judge.rules import Over, rules_of
from contract.kit.judge.rules import envelope as rules
from tests.judge.build import answered, error, exchange, failed, granted, inventory, job, rejected, response, troubled
from tests.judge.kinds import HTML
from tests.judge.table import Row, RuleFunction, bad, each, good, silent

exactly_one = rules.error_is_null_exactly_when_inventory_is_present
at_once = rules.success_is_200_at_once
document = rules.json_body_is_one_well_formed_document
label = rules.json_body_is_labelled_as_json
no_5xx = rules.server_error_is_a_503_with_a_failure
the_envelope = rules.json_object_is_the_envelope
in_time = rules.request_is_answered_in_time
drops = rules.connections_are_not_dropped
usable = rules.connection_is_usable_after_a_refusal
described = rules.answer_is_as_described

SUCCESS = {"inventory": inventory()}
EXCESS = troubled(TroubleKind.MALFORMED, response(200, SUCCESS))
MISSHAPEN: tuple[Any, ...] = ({}, [], [error()], "", "x", False, True, 0, 1.5)
accepted = response(202, {"location": "http://127.0.0.9/zstack/v1/api-jobs/1"}, content_type=None)


def no_answer(judge: RuleFunction) -> list[Row]:
    """Rows of a rule over the target's own answers."""
    throttled = response(429, {"message": "slow down"}, content_type="text/plain")
    return [
        silent(judge, "no answer", exchange()),
        silent(judge, "no answer in time", troubled(TroubleKind.TIMEOUT)),
        silent(judge, "dropped", troubled(TroubleKind.DROPPED)),
        silent(
            judge, "a gateway's answer", troubled(TroubleKind.GATEWAY, response(502, {}, content_type="text/plain"))
        ),
        silent(judge, "told to slow down again and again", troubled(TroubleKind.THROTTLED, throttled)),
    ]


def text(judge: RuleFunction) -> list[Row]:
    """Rows of a rule over JSON."""
    return [
        silent(judge, "HTML", answered(405, HTML, content_type="text/html")),
        silent(judge, "text", answered(400, b"missing header 'Authorization'", content_type=None)),
        silent(judge, "text like JSON", answered(400, b"{oops}", content_type="text/plain")),
        silent(judge, "nothing", answered(404, b"", content_type=None)),
        silent(judge, "nothing under a JSON label", answered(404, b"")),
        silent(judge, "blanks under a JSON label", answered(404, b" \r\n")),
    ]


def flawed(name: str, body: bytes, words: str, content_type: str | None = "application/json") -> Row:
    return bad(document, name, answered(200, body, content_type=content_type), words=(words, "one well-formed JSON"))


PLAIN = b'{"inventory":{"a":1}}'

ROWS = [
    *(row for judge in (exactly_one, document, label, no_5xx, the_envelope) for row in no_answer(judge)),
    *(row for judge in (exactly_one, document, label, the_envelope) for row in text(judge)),
    # ENV-001
    good(exactly_one, "a success", granted()),
    good(exactly_one, "a success with error null", answered(200, {**SUCCESS, "error": None})),
    good(exactly_one, "a success with bytes after it", EXCESS),
    good(exactly_one, "a failure", failed()),
    good(exactly_one, "a failure with inventory null", failed(503)),
    good(exactly_one, "a failure of a job", job(503, {"error": error()})),
    good(exactly_one, "members beside them", answered(200, {**SUCCESS, "schema": {}, "success": True, "cost": None})),
    good(exactly_one, "no envelope, which is another clause's", answered(200, {"data": {}})),
    silent(exactly_one, "a 202", exchange(accepted)),
    silent(exactly_one, "a 202 that says {}", answered(202, {})),
    silent(exactly_one, "a list", answered(200, [])),
    silent(exactly_one, "unreadable", answered(200, b"{")),
    bad(exactly_one, "both", answered(200, {**SUCCESS, "error": error()}), words=("exactly one", "both `error` and")),
    bad(exactly_one, "{}", answered(200, {}), words="neither `error` nor"),
    bad(exactly_one, "{} of a job", job(200, {}), words="neither `error` nor"),
    bad(exactly_one, "{} under 400", answered(400, {})),
    bad(exactly_one, "both null", answered(200, {"error": None, "inventory": None}), words="neither"),
    bad(exactly_one, "error null alone", answered(200, {"error": None}), words="neither"),
    bad(exactly_one, "inventory null alone", answered(200, {"inventory": None, "schema": {}}), words="neither"),
    *(
        bad(
            exactly_one,
            f"inventory {value!r}",
            answered(200, {"inventory": value}),
            at="/inventory",
            words="`inventory` null, absent or",
        )
        for value in MISSHAPEN
    ),
    *(
        bad(
            exactly_one,
            f"error {value!r}",
            answered(200, {"error": value}),
            at="/error",
            words="`error` null, absent or",
        )
        for value in MISSHAPEN
    ),
    bad(
        exactly_one,
        "error false beside an inventory",
        answered(200, {**SUCCESS, "error": False}),
        at="/error",
        words="`error` is false",
    ),
    bad(
        exactly_one,
        "error {} beside an inventory",
        answered(200, {**SUCCESS, "error": {}}),
        at="/error",
        words="an empty object",
    ),
    bad(
        exactly_one, "inventory {} beside an error", answered(200, {"inventory": {}, "error": error()}), at="/inventory"
    ),
    bad(exactly_one, "both misshapen", answered(200, {"error": [], "inventory": "x"}), at="/error"),
    # ENV-002
    good(at_once, "a success under 200", granted()),
    good(at_once, "failures", failed(200)),
    good(at_once, "a failure under 400", failed(400)),
    good(at_once, "a failure under 404", failed(404)),
    good(at_once, "a failure under 503", failed(503)),
    good(at_once, "a rejection", rejected(415)),
    good(at_once, "a crash, which is another clause's", answered(500, b"")),
    silent(at_once, "no answer", exchange()),
    silent(at_once, "trouble", troubled(TroubleKind.GATEWAY, response(502, b""))),
    silent(at_once, "trouble with its job", exchange(accepted, trouble=troubled(TroubleKind.TIMEOUT).trouble)),
    bad(
        at_once, "a job", job(200, SUCCESS), words=("the answer itself, at once", "HTTP 202 with the location of a job")
    ),
    bad(
        at_once,
        "a job named in a header",
        exchange(response(202, b"", headers=[("Location", "/x")])),
        words="with the location of a job",
    ),
    bad(at_once, "a 202 without a location", answered(202, b""), words="HTTP 202, accepted for later"),
    bad(at_once, "a 202 with an inventory", granted(202), words="HTTP 202, accepted for later"),
    *(
        bad(at_once, f"an inventory under {status}", granted(status), words=f"an inventory under HTTP {status}")
        for status in (201, 203, 206, 302, 400, 404)
    ),
    *(
        bad(at_once, f"a failure under {status}", failed(status), words=f"an error under HTTP {status}")
        for status in (201, 204, 302, 399)
    ),
    # ENV-003
    good(document, "a success", granted()),
    good(document, "without a label", granted(content_type=None)),
    good(document, "under a text label", granted(content_type="text/plain")),
    good(document, "blanks round it", answered(200, b" \r\n" + PLAIN + b"\n\t ")),
    good(document, "not ASCII", answered(200, '{"a":"该操作失败 😀"}'.encode())),
    good(document, "half a surrogate pair as an escape", answered(200, b'{"a":"\\ud83d"}')),
    good(document, "the same member in two objects", answered(200, b'{"a":{"b":1},"c":{"b":1}}')),
    good(document, "a list", answered(200, b"[]")),
    good(document, "a scalar under a JSON label", answered(200, b"1")),
    *(
        silent(
            document,
            f"the text {text.decode()!r} under {status}",
            answered(status, text, content_type=None),
        )
        for status in (400, 401, 404, 422)
        for text in (
            b"[schedulerJobGroup] missing header",
            b"{schedulerJobGroup} is unknown",
            b"[404] unknown: {}",
            b"{} asked",
        )
    ),
    good(document, "3,000 levels deep", answered(200, b'{"a":' * 3_000 + b"1" + b"}" * 3_000)),
    good(document, "of a job", job(200, SUCCESS)),
    flawed("a member twice", b'{"error":null,"error":null}', "the member 'error' stands twice"),
    flawed("a member twice deep within", b'{"a":[{"b":{"x":1,"y":2,"x":3}}]}', "the member 'x' stands twice"),
    flawed("in two ways", b'{"a":NaN,"a":1} x', "NaN is not a JSON number"),
    flawed("NaN", b'{"a":NaN}', "NaN is not a JSON number"),
    flawed("Infinity", b'{"a":[-Infinity]}', "-Infinity is not a JSON number"),
    flawed("bytes after it", PLAIN + b" x" * 30, "59 characters follow the document, beginning with 'x x"),
    flawed("a second document", PLAIN + PLAIN, "21 characters follow the document"),
    bad(
        document,
        "an envelope and more, without a label",
        answered(404, b'{"error":{}} x', content_type=None),
        words="1 characters follow the document",
    ),
    flawed("cut short", PLAIN[:-1], "it is not JSON"),
    flawed("cut short without a label", PLAIN[:-1], "it is not JSON", None),
    bad(document, "cut short under 503", answered(503, PLAIN[:-1], content_type=None), words="it is not JSON"),
    flawed("text under a JSON label", b"missing header", "it is not JSON"),
    flawed("single quotes", b"{'a':1}", "it is not JSON"),
    flawed("a comma too many", b'{"a":1,}', "it is not JSON"),
    flawed("a newline in a string", b'{"a":"\n"}', "it is not JSON"),
    flawed("Latin-1", '{"a":"é"}'.encode("latin-1"), "byte 6 is not UTF-8"),
    flawed("a byte order mark", b"\xef\xbb\xbf" + PLAIN, "a byte order mark"),
    flawed("a byte order mark without a label", b"\xef\xbb\xbf" + PLAIN, "a byte order mark", None),
    flawed("UTF-16", PLAIN.decode().encode("utf-16-le"), "it is encoded as UTF-16-LE, not as UTF-8"),
    flawed("100,000 levels that are not closed", b"[" * 100_000 + b"]" * 99_999, "ends within 1 levels"),
    bad(
        document,
        "fewer bytes than announced",
        troubled(TroubleKind.TRUNCATED, response(200, b"{")),
        words=("as many bytes as announced", "told by"),
    ),
    bad(document, "more bytes than announced", EXCESS, words="as many bytes as announced"),
    # ENV-004
    *(
        good(label, f"{value}", granted(content_type=value))
        for value in (
            None,
            "",
            "application/json",
            "application/json;charset=UTF-8",
            "Application/JSON ; charset=utf-8",
            "application/problem+json",
            "text/json",
        )
    ),
    good(label, "of a job without a label", job(200, SUCCESS)),
    *(
        bad(label, f"{value}", granted(content_type=value), words=f"Content-Type: {value}")
        for value in (
            "text/plain",
            "text/html;charset=utf-8",
            "application/octet-stream",
            "application/jsonp",
            "application/x-json",
            "json",
        )
    ),
    bad(
        label,
        "twice",
        exchange(response(200, SUCCESS, headers=(("Content-Type", "text/html"),))),
        words="Content-Type: text/html",
    ),
    bad(
        label,
        "a failure as text",
        failed(content_type="text/plain"),
        words=("application/json, or none", "a gateway written in Go"),
    ),
    # ENV-005
    *(good(no_5xx, f"{status}", answered(status, b"")) for status in (200, 202, 302, 400, 404, 429, 499)),
    good(no_5xx, "503 with a failure", failed(503)),
    good(no_5xx, "503 with a failure without a label", failed(503, content_type=None)),
    good(no_5xx, "503 of a job", job(503, {"error": error()})),
    good(no_5xx, "503 with an error that is not an object, which is another clause's", answered(503, {"error": "no"})),
    *(
        bad(no_5xx, f"{status} with a failure", failed(status), words="no status 5xx but a 503 that")
        for status in (500, 501, 502, 504, 599)
    ),
    good(
        no_5xx,
        "501 to an unknown transfer coding",
        answered(501, b"", headers=[("Transfer-Encoding", "gzip, chunked")]),
    ),
    good(no_5xx, "501 to an unknown method", answered(501, b"", method="FROBNICATE", scope=Scope.NEIGHBOUR)),
    bad(
        no_5xx, "501 to chunks, which each server knows", answered(501, b"", headers=[("Transfer-Encoding", "Chunked")])
    ),
    bad(no_5xx, "501 to the operation's own method", answered(501, b"")),
    bad(no_5xx, "501 to a path that is nearly this one", answered(501, b"", scope=Scope.NEIGHBOUR)),
    bad(
        no_5xx,
        "a bare 502 that stands",
        exchange(response(502, b"", headers=[("Server", "Caddy"), ("Via", "1.1 gate")]), standing=True),
        words=("HTTP 502", "from Server: Caddy, Via: 1.1 gate", "just before and after"),
    ),
    bad(
        no_5xx, "a bare 504 of nobody", exchange(response(504, b""), standing=True), words="somebody who names neither"
    ),
    bad(no_5xx, "503 with text", answered(503, b"no", content_type=None), words="HTTP 503"),
    bad(no_5xx, "503 with error null", answered(503, {"error": None})),
    bad(no_5xx, "503 with an inventory", granted(503)),
    bad(
        no_5xx, "500 with text", answered(500, b"java.io.EOFException", content_type=None), words="java.io.EOFException"
    ),
    bad(no_5xx, "500 of a job", job(500, b""), words="its job ended with HTTP 500"),
    # ENV-006
    good(the_envelope, "a success", granted()),
    good(the_envelope, "a success with bytes after it", EXCESS),
    good(the_envelope, "a failure", failed()),
    good(the_envelope, "both, which is another clause's", answered(200, {**SUCCESS, "error": error()})),
    good(the_envelope, "neither, which is another clause's", answered(200, {})),
    good(the_envelope, "both null", answered(200, {"error": None})),
    good(the_envelope, "a failure under 400", failed(400)),
    silent(the_envelope, "a 202", exchange(accepted)),
    silent(the_envelope, "unreadable", answered(200, b"{")),
    bad(
        the_envelope,
        "data",
        answered(200, {"data": inventory()}),
        words=("`inventory` or `error`", "an object with `data`"),
    ),
    bad(
        the_envelope,
        "an error under another name",
        answered(400, {"message": "x", "status": 400}),
        words="`message`, `status`",
    ),
    bad(
        the_envelope,
        "in another case",
        answered(200, {"Inventory": inventory(), "ERROR": None}),
        words="`Inventory`, `ERROR`",
    ),
    bad(
        exactly_one,
        "the default error of Spring Boot",
        answered(404, {"timestamp": 1, "status": 404, "error": "Not Found", "path": "/zstack/v1"}),
        at="/error",
        words="'Not Found'; it looks like the default error of Spring Boot",
    ),
    bad(the_envelope, "the inventory itself", answered(200, inventory()), words="`createDate`"),
    bad(the_envelope, "an envelope in an envelope", answered(200, {"result": SUCCESS})),
    bad(
        the_envelope,
        "more names than are shown",
        answered(200, {name * 41: 1 for name in "abcdef"}),
        words=f"`{'e' * 40}`",
    ),
    bad(the_envelope, "a name that cannot be written", answered(200, {"\ud800": 1}), words="`\\ud800`"),
    *(
        bad(the_envelope, f"the default error of {who}", answered(400, body), words=f"the default error of {who}")
        for who, body in (
            ("FastAPI", {"detail": "Not Found"}),
            ("Fastify", {"statusCode": 404, "message": "Route POST:/ not found"}),
            ("a problem document", {"type": "about:blank", "title": "Bad Request", "status": 400, "traceId": "1"}),
            ("an API gateway", {"message": "no Route matched with those values"}),
        )
    ),
    bad(the_envelope, "a list", answered(200, [SUCCESS]), words="the root is a list"),
    bad(the_envelope, "an empty list", answered(200, []), words="the root is an empty list"),
    *(
        bad(the_envelope, f"{value!r}", answered(200, value), words=f"the root is {said}")
        for value, said in (
            (None, "null"),
            (True, "true"),
            (False, "false"),
            (1, "the number 1"),
            (1.5, "the number 1.5"),
            ("x", "the string 'x'"),
        )
    ),
    silent(described, "no answer", exchange(), ("x",)),
    silent(described, "trouble", troubled(TroubleKind.GATEWAY, response(502, b"")), ("x",)),
    good(described, "no complaint", granted(), ()),
    bad(
        described,
        "two complaints",
        granted(),
        ("1 is not of type 'string'", "status 418"),
        at=("", ""),
        words=("1 is not", "418", "as the description"),
    ),
    # ENV-007
    good(in_time, "a success", granted()),
    good(in_time, "a crash, which is another clause's", answered(500, b"")),
    good(in_time, "a whole answer and bytes after it, which is another clause's", EXCESS),
    *(silent(in_time, str(kind), troubled(kind)) for kind in TroubleKind if kind not in rules.UNANSWERED),
    *(
        bad(in_time, str(kind), troubled(kind), words=(said, "told by the library", "within the time allowed"))
        for kind, said in (
            (TroubleKind.TIMEOUT, "no answer in time:"),
            (TroubleKind.DROPPED, "the connection was dropped:"),
            (TroubleKind.MALFORMED, "what came is not HTTP:"),
        )
    ),
]


@each(ROWS)
def test_row(row: Row) -> None:
    row.check()


def dropped(*numbers: int, **facts: Any) -> list[Exchange]:
    """Exchanges of these numbers, each sent again because its connection was closed in answer to it."""
    return [granted(number=number, drops=1, resent=1, **facts) for number in numbers]


short, long = dropped(20)[0], dropped(3, sent=b'{"params":{"a":1}}')[0]
after = granted(number=2)
after_drop = granted(number=3, drops=1, resent=1)
after_reset = granted(number=3, resent=1)
lost = troubled(TroubleKind.DROPPED, number=4)

CONNECTIONS = [
    good(drops, "none", [granted(number=number) for number in range(3)]),
    good(drops, "one", dropped(7)),
    good(drops, "eight at once, as in a restart", dropped(*range(7, 15))),
    good(drops, "twice to one request", [granted(number=3, drops=2, resent=2), granted(number=90)]),
    good(drops, "now and then in a long run", [*dropped(3, 90), *(granted(number=100 + at) for at in range(2_000))]),
    good(drops, "just within one event", dropped(3, 3 + rules.ONE_EVENT)),
    good(drops, "sent again for other reasons", [granted(number=number, resent=2) for number in range(90)]),
    silent(drops, "no traffic", []),
    bad(
        drops,
        "two events",
        [long, granted(number=4), short],
        shows=short,
        beside=(long, short),
        words=("no connection closed in answer to a request", "2 connections closed without an answer, in 3 requests"),
    ),
    bad(drops, "just apart", many := dropped(3, 4, 4 + rules.ONE_EVENT), shows=many[0], beside=(many[0], many[2])),
    bad(
        drops,
        "twice to each of two requests",
        pair := [granted(number=3, drops=2), granted(number=90, drops=2)],
        shows=pair[0],
        beside=(pair[0], pair[1]),
        words="4 connections",
    ),
    good(usable, "answered", rejected(), [after]),
    good(usable, "refused, which is another clause's", rejected(), [failed()]),
    good(usable, "dropped by chance, then answered", rejected(), [after_drop, after]),
    good(usable, "dropped twice by chance", rejected(), [after_drop, after_drop, after]),
    good(usable, "dropped twice so far", rejected(), [after_drop, after_drop]),
    good(usable, "reset twice by chance", rejected(), [after_reset, after_reset, after]),
    good(usable, "after a crash", troubled(TroubleKind.DROPPED), [after]),
    silent(usable, "the refusal had no answer", troubled(TroubleKind.TIMEOUT), [lost]),
    silent(usable, "nothing followed", rejected(), []),
    silent(usable, "a gateway answered", rejected(), [troubled(TroubleKind.GATEWAY)]),
    bad(
        usable,
        "dropped",
        rejected(),
        [lost],
        shows=lost,
        beside=(rejected(),),
        words="the connection was dropped: told",
    ),
    bad(
        usable,
        "no answer in time",
        rejected(),
        [after, troubled(TroubleKind.TIMEOUT)],
        shows=troubled(TroubleKind.TIMEOUT),
        beside=(rejected(),),
        words="no answer in time",
    ),
    bad(
        usable,
        "dropped three times in a row",
        rejected(),
        [after_drop] * 3,
        shows=after_drop,
        beside=(rejected(),),
        words="3 times in a row it was dropped",
    ),
    bad(
        usable,
        "reset three times in a row",
        rejected(),
        [after_reset] * 3,
        shows=after_reset,
        beside=(rejected(),),
        words="3 times in a row it was dropped",
    ),
    bad(usable, "dropped four times in a row", rejected(), [after_drop] * 4, shows=after_drop, beside=(rejected(),)),
]


@each(CONNECTIONS)
def test_connections(row: Row) -> None:
    row.check()


@pytest.mark.parametrize(
    ("scope", "clause", "judged"),
    [
        (Scope.ENDPOINT, "ENV-001", True),
        (Scope.ENDPOINT, "AUTH-011", True),
        (Scope.NEIGHBOUR, "ENV-001", False),
        (Scope.NEIGHBOUR, "ENV-003", True),
        (Scope.NEIGHBOUR, "ENV-005", False),
        (Scope.NEIGHBOUR, "ENV-007", True),
        (Scope.NEIGHBOUR, "AUTH-011", True),
        (Scope.SIBLING, "ENV-003", False),
        (Scope.SIBLING, "AUTH-011", False),
    ],
)
def test_whose_answers_are_judged(scope: Scope, clause: str, judged: bool) -> None:
    over_all = [rule for rule in rules_of(clause) if rule.over is not Over.DRIVEN]
    assert over_all
    assert {rule.covers(granted(scope=scope)) for rule in over_all} == {judged}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "null"),
        (True, "true"),
        (0, "the number 0"),
        (10**60, "the number " + "1" + "0" * 39),
        ("x" * 90, "the string '" + "x" * 60 + "'"),
        ([1], "a list"),
        ({"a": 1}, "an object"),
        ({}, "an empty object"),
    ],
)  # fmt: skip
def test_a_value_in_words(value: object, words: str) -> None:
    assert rules.type_words(value) == words


def test_the_names_of_what_is_no_envelope_are_cut() -> None:
    (violation,) = the_envelope(answered(200, {name * 41: 1 for name in "abcdef"})) or []
    assert violation.actual == "an object with " + ", ".join(f"`{name * 40}`" for name in "abcde")
