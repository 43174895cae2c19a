"""ERR: tables of its rules."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from contract.kit.exchange.exchange import Exchange, Expect
from contract.kit.judge.rules import error as rules
from tests.judge.build import GROUP, answered, chained, error, exchange, failed, granted, job
from tests.judge.table import Row, RuleFunction, bad, each, good, silent

code = rules.code_is_dotted_words_and_a_number
texts = rules.description_and_details_are_strings
elaboration = rules.elaboration_is_null_or_a_string
opaque = rules.opaque_is_null_or_an_object
cause = rules.cause_is_null_or_an_error
ends = rules.chain_of_causes_ends
same_code = rules.same_failing_request_gives_the_same_code
inside = rules.description_and_details_carry_no_stack_trace_and_no_sql
inside_text = rules.rejection_carries_no_stack_trace_and_no_sql

NO_ERRORS: tuple[Any, ...] = ({}, None, False, "no", [error()])
NO_CAUSES: tuple[Any, ...] = ("", "no", 0, False, True, [], [error()], {})
GOOD_CODES = ("SYS.1000", "HOST.1001", "BS.SFTP.1000", "zbox.1000", "vmSchedulingRule.3001", "ZCE-X.1000")
MORE_GOOD_CODES = ("A.0", "VOLUME_SNAPSHOT.1000", "a1_.B2.3")
BAD_CODES: tuple[Any, ...] = (
    *(
        "",
        "SYS",
        "SYS1000",
        "SYS.",
        ".1000",
        "1000",
        "SYS.10a",
        "SYS..1000",
        "_A.1000",
        "1A.1000",
        "SYS.1000 ",
        " SYS.1000",
    ),
    *(
        "SYS.1000\n",
        "SYS.1000: no",
        "-SYS.1000",
        "SYS.１０００",
        "ÉS.1000",
        "SYS.1.1000",
        "SYS.-1",
        1000,
        1.0,
        True,
        [],
        {},
        ["SYS.1000"],
    ),
)


def of(**changes: object) -> Exchange:
    return failed(error=error(**changes))


def below(value: object) -> Exchange:
    """A failure with that for a cause."""
    return of(cause=value)


def no_error(judge: RuleFunction) -> list[Row]:
    """Rows of a rule that has nothing to say without an error."""
    return [
        silent(judge, "a success", granted()),
        silent(judge, "no answer", exchange()),
        silent(judge, "text", answered(404, b"no", content_type="text/plain")),
        *(silent(judge, f"an error that is {value!r}", failed(error=value)) for value in NO_ERRORS),
    ]


def member(judge: RuleFunction, name: str, right: tuple[Any, ...], wrong: tuple[Any, ...], expected: str) -> list[Row]:
    """Rows of a rule on one member of an error: right and wrong values, at the top, in a cause, deeper."""
    rows = [
        row
        for value in right
        for row in (
            good(judge, f"{name} is {value!r:.30}", of(**{name: value})),
            good(judge, f"{name} of a cause is {value!r:.30}", below(error(**{name: value}))),
        )
    ]
    at = f"/error/{name}"
    under = f"/error/cause/{name}"
    for value in wrong:
        found, deep = of(**{name: value}), below(error(**{name: value}))
        rows.append(bad(judge, f"{name} is {value!r:.30}", found, at=at, words=expected))
        rows.append(bad(judge, f"{name} of a cause is {value!r:.30}", deep, at=under, words=expected))
    third = failed(error=chained(error(), error(details="b"), error(**{"details": "c", name: wrong[0]})))
    wrong_twice = failed(error=chained(error(**{name: wrong[0]}), error(**{name: wrong[-1]})))
    rows.append(bad(judge, f"{name} of a cause of a cause", third, at=f"/error/cause/cause/{name}"))
    rows.append(bad(judge, f"{name} at two levels", wrong_twice, at=(at, under)))
    rows.append(bad(judge, f"{name} in the answer of a job", job(503, {"error": error(**{name: wrong[0]})}), at=at))
    return rows


NOT_TEXT: tuple[Any, ...] = (0, 1.5, True, False, [], ["x"], {}, {"en": "x"})
LONG = 33


def numbered(length: int) -> Exchange:
    """An error with that many different causes under it."""
    return failed(error=chained(error(), *(error(details=f"cause {number}") for number in range(length))))


def refused(found: str | None, **facts: Any) -> Exchange:
    return failed(error=error(code=found), expect=Expect.REFUSAL, **facts)


STACK_TRACES = (
    "java.lang.NullPointerException\n\tat org.zstack.Facade.handle(Facade.java:1369)",
    "x at org.zstack.A$1.lambda$run$0(A.java:1)",
    "\tat java.base/java.lang.Thread.run(Thread.java:829)",
    "\tat app//org.x.Y.z(Y.kt:7)",
    "at sun.reflect.NativeMethodAccessorImpl.invoke0(Native Method)",
    "at com.x.Y.z(Unknown Source)",
    "Traceback (most recent call last):\n",
    '  File "/usr/lib/python3/x.py", line 12, in run',
    "goroutine 17 [running]:",
    "TypeError: x\n    at handle (/srv/app/index.js:12:34)",
    "TypeError: x\n    at /srv/app/index.mjs:12:34",
    "   at Zs.Api.Add(String uuid) in C:\\src\\Api.cs:line 42",
)
SQL = (
    "could not execute statement: INSERT INTO SchedulerJobGroupVO (uuid) VALUES (?)",
    "SELECT uuid FROM SchedulerTriggerVO",
    "SELECT a,\tb\tFROM\n`zstack`.`x`",
    "select s0_.uuid as uuid1_ from SchedulerTriggerVO s0_",
    "select * from users",
    "Select count(*) from users",
    "select distinct name, uuid from users",
    "select name as n, count(*) as c, t.uuid from users",
    "select max(createDate) from SchedulerTriggerVO",
    "select t.* from SchedulerTriggerVO t",
    "select uuid from SchedulerTriggerVO where uuid = ?",
    "select uuid from SchedulerTriggerVO t where t.uuid in (?, ?)",
    "select uuid from SchedulerTriggerVO order by uuid",
    "select uuid from SchedulerTriggerVO limit 1",
    "insert into x (a) values (1)",
    "insert into x values (1)",
    "INSERT INTO x SET a = 1",
    "update x set a = 1",
    "UPDATE `zstack`.`x` SET `a`=1",
    "delete from x where uuid = 'a'",
    "DELETE FROM x",
    "DROP TABLE x",
    "SQLSTATE 42000",
    "java.sql.SQLException: no",
    "com.mysql.jdbc.exceptions.jdbc4.MySQLSyntaxErrorException",
    "You have an error in your SQL syntax",
)
PLAIN = (
    "Please select one host from the cluster",
    "PLEASE SELECT AN ACCOUNT FROM THE LOGIN PAGE",
    "Please select group, trigger from menus",
    "DELETE FROM THE CALENDAR WHAT IS PAST",
    'File "/etc/backup.conf", line 19: the quota is 30',
    "Traceback (most recent call last) is off",
    "select a host from another cluster where the VM is",
    "the host was selected from 3 candidates",
    "select one, detach it from the group and try again",
    "there is no job group; select one, detach it from the group and update it",
    "select one, two or three from the list",
    "select hosts, clusters from your zone",
    "select one (or more) from the list",
    "select one as a default, delete it from another group where it was",
    "select a job group as the default from those that were created",
    "select the newest from the groups order by priority",
    "cannot delete from storage",
    "failed to delete from cluster where it was",
    "failed to update the host set",
    "update vm set failed",
    "insert into slot 3",
    "the image is looked at in the file Facade.java",
    "at 10:20:57 the host was lost",
    "resource[uuid:x] not found, created at Nov 14 (10:20:57 PM)",
    'see the file "x" at line 12',
    "There are [30] triggers added to job group[uuid:..], cannot add any more.",
    "该操作失败",
    "",
)
ECHO = "' UNION SELECT a FROM b"

SQL_AT_THE_END = "SELECT a FROM b"
MARGIN = " " * (20_000 - len(SQL_AT_THE_END))
MANY_NAMES = ("an object with " + ", ".join(f"`{name * 40}`" for name in "abcd"),)


def bottom(links: int, last: bytes) -> Exchange:
    """An error and causes, so many in all, the last of them as given; too deep for a writer of JSON."""
    link = b'{"code":"A.1","description":"d","details":"e","cause":'
    return answered(200, b'{"error":' + link * (links - 1) + last + b"}" * (links - 1) + b"}")


ROWS = [
    *(row for judge in (code, texts, elaboration, opaque, cause, ends, inside) for row in no_error(judge)),
    *member(code, "code", (*GOOD_CODES, *MORE_GOOD_CODES), (..., None, *BAD_CODES), "`code` is a string like SYS.1000"),
    bad(code, "absent, in words", of(code=...), at="/error/code", words="`code` is absent"),
    bad(code, "null, in words", of(code=None), at="/error/code", words="`code` is null"),
    bad(code, "a number, in words", of(code=7), at="/error/code", words="`code` is the number 7"),
    bad(
        code, "an error under other names", failed(error={"message": "no"}), at="/error/code", words="`code` is absent"
    ),
    bad(
        code,
        "at the last link that is walked",
        bottom(100, b'{"details":"x"}'),
        at="/error" + "/cause" * 99 + "/code",
    ),
    good(code, "below the last link that is walked", bottom(101, b'{"details":"x"}')),
    *member(texts, "description", ("", "x", "描述"), (..., None, *NOT_TEXT), "`description` is a string"),
    *member(texts, "details", ("", "x", "详情"), (..., None, *NOT_TEXT), "`details` is a string"),
    bad(
        texts,
        "an error under other names",
        failed(error={"message": "no"}),
        at=("/error/description", "/error/details"),
    ),
    *member(elaboration, "elaboration", (..., None, "", "错误信息"), NOT_TEXT, "`elaboration` is null or a string"),
    *member(
        opaque,
        "opaque",
        (..., None, {}, {"a": [1]}),
        (0, 1.5, True, False, "", "x", [], [{}]),
        "`opaque` is null or an object",
    ),
    # ERR-004
    good(cause, "absent", of()),
    good(cause, "null", below(None)),
    good(cause, "an error", below(error())),
    good(cause, "with more members", below(error(causes=[], cost="12ms", cause=None, retryable=False))),
    good(cause, "32 deep", numbered(32)),
    good(cause, "the error itself is wrong, which is another clause's", of(code=1, details=None, opaque=[])),
    *(
        bad(cause, f"{value!r:.40}", below(value), at="/error/cause", words="`cause` is null or an error of its own")
        for value in NO_CAUSES
    ),
    bad(cause, "an envelope", below({"error": error()}), at="/error/cause", words="`cause` is an object with `error`"),
    bad(
        cause,
        "an object of something else",
        below({"message": "x", "status": 1}),
        at="/error/cause",
        words="an object with `message`, `status`",
    ),
    bad(cause, "an empty object, in words", below({}), at="/error/cause", words="`cause` is an empty object"),
    bad(cause, "half a surrogate pair in it", below({"\ud800": 1}), at="/error/cause", words="`\\ud800`"),
    bad(cause, "a string under a cause", below(error(cause="x")), at="/error/cause/cause"),
    bad(cause, "with a code alone", below({"code": "A.1"}), at=("/error/cause/description", "/error/cause/details")),
    bad(
        cause, "with a description alone", below({"description": "x"}), at=("/error/cause/code", "/error/cause/details")
    ),
    bad(cause, "with details alone", below({"details": "x"}), at=("/error/cause/code", "/error/cause/description")),
    bad(cause, "an object with many names", below({n * 50: 1 for n in "abcde"}), at="/error/cause", words=MANY_NAMES),
    bad(cause, "without a code", below(error(code=...)), at="/error/cause/code", words="`code` is absent"),
    bad(cause, "without details", below(error(details=...)), at="/error/cause/details", words="`details` is absent"),
    bad(cause, "with a description that is none", below(error(description=[])), at="/error/cause/description"),
    bad(cause, "with an elaboration that is none", below(error(elaboration=1)), at="/error/cause/elaboration"),
    bad(cause, "with an opaque that is none", below(error(opaque="x")), at="/error/cause/opaque"),
    bad(cause, "wrong in two ways", below(error(code=None, cause=[])), at=("/error/cause/code", "/error/cause/cause")),
    # ERR-005
    good(ends, "no cause", of()),
    good(ends, "32 causes", numbered(32)),
    good(ends, "the same code and description, other details", failed(error=chained(error(), error(details="x")))),
    good(
        ends, "the same code and details, another description", failed(error=chained(error(), error(description="x")))
    ),
    good(ends, "the same words under another code", failed(error=chained(error(), error(code="SYS.1")))),
    good(
        ends,
        "without details, which is another clause's",
        failed(error=chained(error(details=...), error(details=...))),
    ),
    bad(ends, "33 causes", numbered(33), at="/error" + "/cause" * 33, words=("at most 32", "more than 32")),
    bad(ends, "a thousand causes", numbered(400), at="/error" + "/cause" * 33),
    bad(
        ends,
        "the error itself again",
        below(error()),
        at="/error/cause",
        words="SYS.1003 at /error/cause is the error at /error again",
    ),
    bad(
        ends,
        "again, after one without details",
        failed(error=chained(error(), error(details=...), error())),
        at="/error/cause/cause",
    ),
    bad(
        ends,
        "a cause again",
        failed(error=chained(error(), error(details="a"), error(details="b"), error(details="a"))),
        at="/error/cause/cause/cause",
        words="the error at /error/cause again",
    ),
    # ERR-007
    *(good(inside_text, f"{text!r:.60}", answered(400, text.encode(), content_type="text/plain")) for text in PLAIN),
    good(
        inside_text, "an echo of the path", answered(404, ECHO.encode(), content_type=None, target=f"/x/{quote(ECHO)}")
    ),
    *(
        bad(
            inside_text,
            f"{text!r:.60}",
            answered(400, text.encode(), content_type="text/plain"),
            words=f"carries {what}",
        )
        for what, texts_ in (("a stack trace", STACK_TRACES), ("SQL", SQL))
        for text in texts_
    ),
    silent(inside_text, "a failure", of(details=SQL[0])),
    silent(inside_text, "a success", granted()),
    silent(inside_text, "a crash", answered(500, STACK_TRACES[0].encode(), content_type="text/plain")),
    *(good(inside, f"{text!r:.60}", of(details=text, description=text)) for text in PLAIN),
    good(inside, "not text, which is another clause's", of(details=["SELECT a FROM b"])),
    good(inside, "in the elaboration", of(elaboration="SELECT a FROM b")),
    good(
        inside,
        "an echo of the path",
        failed(error=error(details=f"{ECHO} not found"), target="/x/%27%20UNION%20SELECT%20a%20FROM%20b"),
    ),
    good(
        inside,
        "an echo of the body",
        failed(error=error(details=f"{ECHO} is no tag"), sent=json.dumps({"systemTags": [ECHO.lower()]}).encode()),
    ),
    good(
        inside, "an echo of a header", failed(error=error(details=ECHO), headers=[("Authorization", f"OAuth {ECHO}")])
    ),
    *(
        bad(inside, f"{text!r:.60}", of(details=text), at="/error/details", words="`details` carries a stack trace")
        for text in STACK_TRACES
    ),
    *(
        bad(inside, f"{text!r:.60}", of(description=text), at="/error/description", words="`description` carries SQL")
        for text in SQL
    ),
    good(inside, "beyond what is read", of(details=f"{MARGIN} {SQL_AT_THE_END}")),
    bad(inside, "at the end of what is read", of(details=f"{MARGIN}{SQL_AT_THE_END}"), at="/error/details"),
    bad(
        inside,
        "cut for its reader",
        of(details="SELECT " + "a" * 90 + " FROM b"),
        at="/error/details",
        words=("SELECT " + "a" * 73,),
    ),
    bad(inside, "in a cause", below(error(details=SQL[0])), at="/error/cause/details"),
    bad(
        inside, "in both", of(details=SQL[1], description=STACK_TRACES[0]), at=("/error/description", "/error/details")
    ),
    bad(
        inside,
        "beside an echo",
        failed(error=error(details=f"{ECHO}; SELECT c FROM d"), headers=[("A", ECHO)]),
        at="/error/details",
        words="SELECT c FROM d",
    ),
    bad(inside, "at the end of a long text", of(details="x " * 9_000 + SQL[1]), at="/error/details"),
]


@each(ROWS)
def test_row(row: Row) -> None:
    row.check()


once, again = refused("SYS.1003", number=1), refused("SYS.1003", number=2)
other = refused("SYS.1000", number=3)

TRAFFIC = [
    good(same_code, "the same code", [once, again]),
    good(same_code, "the same code in other words", [once, failed(error=error(details="x"), expect=Expect.REFUSAL)]),
    silent(same_code, "none", []),
    silent(same_code, "one", [once]),
    silent(same_code, "another target", [once, refused("SYS.1", target="/y")]),
    silent(same_code, "another method", [once, refused("SYS.1", method="PUT")]),
    silent(same_code, "another body", [once, refused("SYS.1", sent=b"{}")]),
    silent(same_code, "other headers", [once, refused("SYS.1", headers=[("Authorization", GROUP)])]),
    silent(same_code, "no code", [once, refused(None)]),
    silent(same_code, "a rejection", [once, answered(400, b"no", content_type=None, expect=Expect.REFUSAL)]),
    silent(same_code, "side by side", [once, refused("SYS.1", side_by_side=True)]),
    silent(
        same_code, "a success and a failure are either", [once, failed(error=error(code="SYS.1"), expect=Expect.EITHER)]
    ),
    bad(
        same_code,
        "another code after a success",
        [once, granted(), other],
        shows=other,
        beside=(once,),
        at="/error/code",
    ),
    silent(same_code, "no answer", [once, exchange(expect=Expect.REFUSAL)]),
    bad(
        same_code,
        "another code",
        [once, other],
        shows=other,
        beside=(once,),
        at="/error/code",
        words=("the code SYS.1003, as the same request got", "the code SYS.1000"),
    ),
    bad(
        same_code,
        "another code now and then",
        [once, again, other, again],
        shows=other,
        beside=(once,),
        at="/error/code",
    ),
    bad(
        same_code,
        "another code after other requests",
        [once, refused("A.1", target="/y"), other],
        shows=other,
        beside=(once,),
        at="/error/code",
    ),
    bad(
        same_code,
        "another code each time",
        [once, other, other],
        shows=other,
        beside=(once,),
        at=("/error/code", "/error/code"),
    ),
]


@each(TRAFFIC)
def test_traffic(row: Row) -> None:
    row.check()


@pytest.mark.parametrize("length", [80, 81])
def test_what_is_found_inside_is_cut(length: int) -> None:
    statement = "SELECT " + "a" * (length - 14) + " FROM b"
    (violation,) = inside(of(details=statement)) or []
    assert violation.actual == f"`details` carries SQL: {statement[:80]}"


def test_the_names_of_what_is_no_cause_are_cut() -> None:
    (violation,) = cause(below({name * 50: 1 for name in "abcde"})) or []
    assert violation.actual == f"`cause` is {MANY_NAMES[0]}"
