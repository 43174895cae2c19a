"""AUTH: tables of its rules."""

from __future__ import annotations

from contract.kit.exchange import Expect, Outcome
from contract.kit.exchange.exchange import SESSION_MARK, TroubleKind
from contract.kit.judge.rules import auth
from tests.judge.build import (
    GROUP,
    SESSION,
    TRIGGER,
    answered,
    error,
    exchange,
    failed,
    granted,
    inventory,
    job,
    listed,
    rejected,
    response,
    seen,
    troubled,
)
from tests.judge.kinds import ANSWERED, ONE_OF_EACH, REFUSED, by_kind
from tests.judge.table import Row, bad, each, good, silent
from tests.judge.test_path import no_change, no_trace, whole_lists

same = auth.refusal_is_the_same_whether_the_resources_exist
undisturbed = auth.refusal_does_not_disturb_the_next_request
never = auth.session_never_comes_back
no_session = failed(503, error=error(code="ID.1001"))
not_found = failed(503, error=error(code="SYS.1003"))
SENT = [("Authorization", f"OAuth {SESSION}")]
IN_PATH = f"/zstack/v1/x;session={SESSION_MARK}"
MARKED = [("authorization", f"OAuth {SESSION_MARK}")]


def echoing(token: str, *, sent: str | None = None, header: str = "Authorization") -> Row:
    """The token of the request stands in the answer's body."""
    one = failed(error=error(details=f"session {token} is unknown"), headers=[(header, sent or f"OAuth {token}")])
    return bad(
        never, f"{header}: {(sent or 'OAuth ' + token)[:40]} in the body", one, words="the session stands in the body"
    )


def as_sent_or_not(text: str, sent: str) -> Row:
    one = answered(400, text.encode(), content_type="text/plain", headers=[("Authorization", sent)])
    return good(never, f"{text[:30]!r} for {sent[:30]!r}", one)


ROWS = [
    *by_kind(
        auth.missing_or_foreign_credentials_are_refused,
        REFUSED,
        words="a failure or a rejection",
        expect=Expect.REFUSAL,
    ),
    *by_kind(
        auth.missing_or_foreign_credentials_are_refused,
        ANSWERED,
        words="a success, a failure or a rejection",
        case=", a good session spelt otherwise",
        expect=Expect.EITHER,
    ),
    *by_kind(auth.unknown_or_altered_session_is_refused, REFUSED, kinds=ONE_OF_EACH),
    *by_kind(auth.session_elsewhere_does_not_stand_in_for_the_header, REFUSED, kinds=ONE_OF_EACH),
    *by_kind(auth.session_is_refused_after_logout, REFUSED, kinds=ONE_OF_EACH),
    *no_change(auth.refused_request_has_no_effect),
    silent(auth.refused_request_has_no_effect, "it was not refused", granted(), seen(False), seen(True)),
    *no_trace(auth.refused_request_leaves_no_trace),
    *whole_lists(auth.refused_request_leaves_the_lists, rejected()),
    silent(auth.refused_request_leaves_the_lists, "it was not refused", granted(), [listed()]),
    silent(auth.refused_request_leaves_no_trace, "it was not refused", granted(), seen(True)),
    *by_kind(auth.every_shape_of_the_body_is_guarded, REFUSED, kinds=ONE_OF_EACH),
    *by_kind(auth.header_name_is_matched_in_any_case, frozenset({Outcome.GRANTED}), kinds=ONE_OF_EACH),
    *by_kind(auth.odd_header_value_is_refused, REFUSED, kinds=ONE_OF_EACH),
    # AUTH-006
    good(same, "the same failure", no_session, no_session),
    good(same, "the same failure in other words", no_session, failed(503, error=error(code="ID.1001", details="x"))),
    good(same, "the same rejection", rejected(401), rejected(401)),
    good(same, "by jobs", job(503, {"error": error()}), job(503, {"error": error()})),
    silent(same, "no answer to the first", exchange(), no_session),
    silent(same, "no answer to the second", no_session, troubled(TroubleKind.TIMEOUT)),
    bad(
        same,
        "another code",
        no_session,
        not_found,
        beside=(no_session,),
        words=("code ID.1001, as for", "code SYS.1003"),
    ),
    bad(
        same,
        "another status",
        rejected(401),
        rejected(404),
        beside=(rejected(401),),
        words=("HTTP 401 with no code", "HTTP 404 with no code"),
    ),
    bad(
        same,
        "another status, the same code",
        no_session,
        failed(403, error=error(code="ID.1001")),
        beside=(no_session,),
    ),
    bad(same, "code and no code", no_session, rejected(503), beside=(no_session,), words="HTTP 503 with no code"),
    bad(
        same, "dropped for one of them", no_session, troubled(TroubleKind.DROPPED), beside=(no_session,), words="HTTP 0"
    ),
    bad(
        same, "an inventory for what exists", granted(), no_session, shows=granted(), words="no inventory in a refusal"
    ),
    bad(same, "an inventory for what does not", no_session, granted(), words="no inventory in a refusal"),
    bad(same, "an inventory beside an error", no_session, answered(200, {"error": error(), "inventory": inventory()})),
    # AUTH-009
    good(undisturbed, "a success", rejected(), granted()),
    silent(undisturbed, "no answer", rejected(), troubled(TroubleKind.TIMEOUT)),
    silent(undisturbed, "a failure after it was sent again", rejected(), failed(resent=1)),
    bad(undisturbed, "a failure", rejected(), no_session, beside=(rejected(),), words="a success"),
    bad(undisturbed, "dropped", rejected(), troubled(TroubleKind.DROPPED), beside=(rejected(),)),
    # AUTH-011
    good(never, "a failure", exchange(no_session.response, headers=SENT)),
    good(never, "a success", granted(headers=MARKED)),
    good(
        never,
        "a token that the path names too",
        failed(
            error=error(details=f"{TRIGGER} is disabled"),
            headers=[("Authorization", f"OAuth {TRIGGER}")],
            target=f"/zstack/v1/{TRIGGER}",
        ),
    ),
    good(never, "another session", failed(error=error(details="b" * 32), headers=SENT)),
    good(
        never,
        "a cookie of the server's own",
        exchange(response(200, {}, headers=[("Set-Cookie", f"J={GROUP}")]), headers=SENT),
    ),
    good(never, "no credentials", answered(400, b"missing header", content_type=None)),
    good(never, "the token of another header", answered(400, SESSION.encode(), headers=[("Cookie", SESSION)])),
    as_sent_or_not("Authorization type must be 'OAuth'", "OAuth"),
    as_sent_or_not("no abcdef012345678", "OAuth abcdef012345678"),
    as_sent_or_not("0" * 40, "OAuth " + "0" * 32),
    as_sent_or_not("' OR '1'='1'=", "OAuth ' OR '1'='1'="),
    as_sent_or_not("é" * 20, "OAuth " + "é" * 20),
    as_sent_or_not("wildcard 0123456789abcdef%", "OAuth 0123456789abcdef%"),
    silent(never, "no answer", exchange(headers=SENT)),
    silent(
        never, "the path as sent", answered(404, f"no {IN_PATH}".encode(), target=IN_PATH, content_type="text/plain")
    ),
    silent(
        never,
        "the path as sent, its beginning taken for another part",
        answered(
            404,
            f"no {IN_PATH}".encode(),
            target="/zstack/v1/x;session=%2${CONTRACT_SESSION:2:2}${CONTRACT_SESSION:1:31}",
        ),
    ),
    silent(never, "redirected", exchange(response(308, b"", headers=[("location", IN_PATH)]), target=f"/{IN_PATH}")),
    silent(never, "no answer in time", troubled(TroubleKind.TIMEOUT, headers=SENT)),
    echoing(SESSION),
    echoing(SESSION, header="AUTHORIZATION"),
    echoing("abcdef0123456789"),
    echoing("abcdef" * 3),
    as_sent_or_not(f"session {'abcde' * 4} is unknown", f"OAuth {'abcde' * 4}"),
    echoing("abcdef0123" * 500),
    echoing(SESSION, sent=SESSION),
    echoing(SESSION, sent=f"Bearer OAuth {SESSION}"),
    bad(
        never, "the mark in the body", granted(members={"s": SESSION_MARK}, headers=MARKED), words="stands in the body"
    ),
    bad(never, "the mark in the body, not sent", granted(members={"s": SESSION_MARK})),
    *(
        bad(never, f"{part} for a mark", granted(members={"s": part}))
        for part in (
            "${CONTRACT_SESSION:0:31}",
            "${CONTRACT_SESSION}x",
            "${CONTRACT_SESSION^^}",
            "${CONTRACT_SESSION:9:16}",
        )
    ),
    *(
        good(never, f"{part}, which is met by chance", granted(members={"s": f"4d93{part}0"}, headers=SENT))
        for part in ("${CONTRACT_SESSION:8:8}", "${CONTRACT_SESSION_ENDED:16:15}")
    ),
    bad(
        never,
        "in a header",
        exchange(response(200, {}, headers=[("X-Session", SESSION)]), headers=SENT),
        words="stands in X-Session",
    ),
    bad(
        never,
        "the mark in a header",
        exchange(response(200, {}, headers=[("A", "b"), ("Set-Cookie", f"s={SESSION_MARK}")])),
        words="stands in Set-Cookie",
    ),
    bad(never, "in the answer of a job", job(503, {"error": error(details=SESSION)}, headers=SENT)),
    bad(
        never,
        "in the 202 before a job",
        exchange(response(202, {"location": f"/x?s={SESSION}"}), settled=response(200, {}), headers=SENT),
    ),
    bad(never, "in an answer cut short", troubled(TroubleKind.TRUNCATED, response(200, SESSION_MARK.encode()))),
]


@each(ROWS)
def test_row(row: Row) -> None:
    row.check()
