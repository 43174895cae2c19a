"""What came before: on the connection, by the session, for the pair; and what is said in an odd way to begin with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from contract.kit.reference.answers import Answer
from contract.kit.reference.call import Call
from contract.kit.reference.fault import Fault, Mutant, Scene
from contract.kit.reference.mutants.together import both_wrong, cannot_be_read
from contract.kit.reference.mutants.vices import (
    AUTH_CHECKS,
    BODY_CHECKS,
    accepts,
    admitted,
    answers,
    crash,
    instead_of,
    is_failure,
    is_success,
    refuse,
)
from contract.kit.reference.resources import unknown_pair

THIRD: Final = 3


def _last(call: Call, scene: Scene) -> object:
    """The method of the request before this one on its connection."""
    return scene.notes.get(f"last on {call.connection}")


def _notes_method(call: Call, scene: Scene) -> None:
    scene.notes[f"last on {call.connection}"] = call.method


def _empty_after_head(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    before = _last(call, scene)
    _notes_method(call, scene)
    return Answer(answer.status, text="", check="empty") if before == "HEAD" and call.method != "HEAD" else None


def _notes_it(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    _notes_method(call, scene)
    return None


def _let_by(call: Call, check: str, scene: Scene) -> bool:
    return check in AUTH_CHECKS and _last(call, scene) == "OPTIONS"


def _stores_nothing_after_get(call: Call, answer: Answer, scene: Scene) -> bool:
    """The transaction of the connection was left read-only."""
    before = _last(call, scene)
    _notes_method(call, scene)
    pair = (call.group, call.trigger)
    lost = before == "GET" and is_success(answer) and scene.count(f"made {pair}") == 1
    return lost and scene.world.associations.pop(pair, None) is not None


def _tells_the_logged_out(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    if answer.check != "ended-session" or unknown_pair(call.group, call.trigger, scene.world) is None:
        return None
    answer.status = 404
    return answer


def _ended_in_upper_case(call: Call, check: str, scene: Scene) -> bool:
    token = (call.header("authorization") or "").partition(" ")[2]
    return check == "unknown-session" and token != token.lower() and token.lower() in scene.world.ended


def _any_scheme_like_it(call: Call) -> bool:
    scheme = (call.header("authorization") or "").partition(" ")[0]
    return scheme != "OAuth" and scheme.lower() == "oauth"


def _takes_a_path_parameter(call: Call, scene: Scene) -> bool:
    """Read the session behind a semicolon in the path, as servlet containers do, where the header names none."""
    value, mark, said = call.trigger.partition(";")
    session = next((one for one in scene.world.sessions if one in said), None)
    if not mark or session is None:
        return False
    call.trigger = value
    call.headers = [(name, text) for name, text in call.headers if name.lower() != b"authorization"]
    call.headers.append((b"authorization", f"OAuth {session}".encode()))
    return True


def _traces(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    """The request itself (RFC 9110, 9.3.8), with all its headers."""
    if call.method != "TRACE" or answer.check != "method":
        return None
    lines = [f"TRACE {call.target} HTTP/1.1", *(f"{name.decode()}: {text.decode()}" for name, text in call.headers)]
    return Answer(200, text="\r\n".join(lines), content_type="message/http", check="traced")


def _head_of_nothing(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    nothing = unknown_pair(call.group, call.trigger, scene.world) is not None
    return crash() if call.method == "HEAD" and answer.check == "method" and nothing else None


def _crashes_the_third_time(call: Call, scene: Scene) -> Answer | None:
    """The row of a pair that was removed stays, and its number is used again."""
    pair = (call.group, call.trigger)
    if not admitted(call, scene) or pair in scene.world.associations or unknown_pair(*pair, scene.world) is not None:
        return None
    return crash() if scene.count(f"new {pair}") == THIRD else None


def _in_chunks(call: Call) -> bool:
    return call.header("transfer-encoding") is not None


def _lists_chunks_twice(call: Call, answer: Answer, scene: Scene) -> bool:
    pair = (call.group, call.trigger)
    if not is_success(answer) or scene.count(f"made {pair}") == 1 or not _in_chunks(call):
        return False
    scene.world.twice.add(pair)
    return True


def _both_in_upper_case(call: Call) -> bool:
    return all(value != value.lower() and value.isalnum() for value in (call.group, call.trigger))


def _code_alternates(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    if answer.check not in BODY_CHECKS or not both_wrong(call) or not is_failure(answer):
        return None
    if scene.count(f"refused {call.body!r}") % 2:
        return None
    assert isinstance(answer.document, dict)
    answer.document["error"]["code"] = "SYS.1000"
    return answer


def _refused_beside(bad: Callable[[Call], bool]) -> Fault:
    def before(call: Call, scene: Scene) -> Answer | None:
        beside = any(bad(other) for other in call.neighbours)
        return refuse(call, scene) if beside and admitted(call, scene) and not bad(call) else None

    return Fault(before=before, overlap=True)


# fmt: off
MUTANTS = (
    Mutant("wire-empty-after-head", "the answer after a HEAD on its connection is empty",
           ("PATH-001", "AUTH-009"), Fault(alter=_empty_after_head)),
    Mutant("auth-after-options-accepted", "the request after an OPTIONS on its connection needs no session",
           ("AUTH-001",), Fault(waives=_let_by, alter=_notes_it)),
    Mutant("state-not-made-after-get", "the add after a GET on its connection succeeds and makes nothing",
           ("STATE-002",), Fault(effect=_stores_nothing_after_get)),
    Mutant("auth-logged-out-tells", "a session that was logged out gets 404 where a resource is not there",
           ("AUTH-006",), Fault(alter=_tells_the_logged_out)),
    Mutant("auth-logged-out-accepted-in-upper-case", "a session is accepted after logout when it is written in upper case",
           ("AUTH-004",), Fault(waives=_ended_in_upper_case)),
    Mutant("auth-scheme-in-another-case-unverified", "whatever follows `oauth` or `OAUTH` is accepted",
           ("AUTH-002", "AUTH-007"), accepts("scheme", _any_scheme_like_it)),
    Mutant("auth-path-parameter-accepted", "a good session behind a semicolon in the path is accepted",
           ("AUTH-003",), Fault(rewrite=_takes_a_path_parameter)),
    Mutant("auth-trace-echoes", "TRACE answers with the request, its session in it",
           ("AUTH-011",), Fault(alter=_traces)),
    Mutant("path-head-of-nothing-crashes", "HEAD of a resource that is not there ends in a 500",
           ("PATH-005",), Fault(alter=_head_of_nothing)),
    Mutant("path-near-miss-of-broken-json-crashes", "a path that nothing is on ends in a 500 for JSON that cannot be read",
           ("PATH-006",), instead_of("path", crash, cannot_be_read)),
    Mutant("path-both-in-upper-case-crash", "two UUIDs in upper case end in a 500",
           ("PATH-004", "ENV-005"), answers(crash, _both_in_upper_case)),
    Mutant("state-third-add-crashes", "a pair that was removed twice ends in a 500 when it is added once more",
           ("PATH-001", "ENV-005", "STATE-001"), Fault(before=_crashes_the_third_time)),
    Mutant("state-again-in-chunks-listed-twice", "a pair that is added again in chunks stands twice in the lists",
           ("STATE-002",), Fault(effect=_lists_chunks_twice)),
    Mutant("state-refused-beside-a-bad-body", "a good request beside one whose body cannot be read is refused with it",
           ("STATE-004",), _refused_beside(cannot_be_read)),
    Mutant("err-code-alternates-for-two-wrong", "where two members are wrong the code is now of the one, now of the other",
           ("ERR-006",), Fault(alter=_code_alternates)),
)
# fmt: on
