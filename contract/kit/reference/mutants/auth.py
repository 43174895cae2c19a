"""AUTH: who may ask, and what a stranger learns."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from contract.kit.reference.answers import Answer, rejection, success
from contract.kit.reference.auth import token_of
from contract.kit.reference.call import MISSING, Call
from contract.kit.reference.fault import Fault, Mutant, Scene
from contract.kit.reference.mutants.vices import (
    AUTH_CHECKS,
    BODY_CHECKS,
    Object,
    accepts,
    admitted,
    crash,
    instead_of,
    is_failure,
    is_success,
    makes,
    silence,
)
from contract.kit.reference.resources import unknown_pair
from contract.kit.reference.world import UUID_FORM

TOKEN_CHECKS = "unknown-session ended-session"


def _scheme(name: str) -> Fault:
    """Accept a good session under another scheme."""

    def waives(call: Call, check: str, scene: Scene) -> bool:
        scheme, _, token = (call.header("authorization") or "").strip().partition(" ")
        return check in ("scheme", "access-key") and scheme == name and token.strip() in scene.world.sessions

    return Fault(waives=waives)


def _invented_scheme(call: Call, check: str, scene: Scene) -> bool:
    """A scheme that no specification names, with a good session."""
    name, _, token = (call.header("authorization") or "").strip().partition(" ")
    known = name.lower() in ("apikey", "basic", "bearer", "digest", "jwt", "negotiate", "token", "zstack")
    return check == "scheme" and not known and token.strip() in scene.world.sessions


def _folded(token: str) -> str:
    """What is left of a text in UTF-8 where characters that look alike count as one, and what nobody sees as none."""
    text = unicodedata.normalize("NFKC", token.encode("latin-1").decode("utf-8", "replace"))
    return "".join(char for char in text if unicodedata.category(char) != "Cf")


def _token(like: Callable[[str, str], bool]) -> Fault:
    """Accept a token that is like a good session in some way."""

    def waives(call: Call, check: str, scene: Scene) -> bool:
        token = token_of(call)
        return check == "unknown-session" and any(like(token, session) for session in scene.world.sessions)

    return Fault(waives=waives)


def _by_chance(call: Call, check: str, scene: Scene) -> bool:
    return check == "unknown-session" and scene.chance.random() < 0.05


def _unguarded(when: Callable[[Call], bool]) -> Fault:
    """Ask nobody who sends such a body for a session."""
    return accepts(AUTH_CHECKS, when)


def _misspelt(wrong: Callable[[str], bool], instead: Callable[[Call, Scene], Answer]) -> Fault:
    def before(call: Call, scene: Scene) -> Answer | None:
        return instead(call, scene) if call.spelling and wrong(call.spelling) and admitted(call, scene) else None

    return Fault(before=before)


def _unseen(scene: Scene) -> Answer:
    details = "the Authorization header is missing"
    return rejection(scene.options, "no-header", 401, "ID.1001", details)


def _after_refusal(on_connection: bool, checks: frozenset[str] = AUTH_CHECKS) -> Fault:
    """Refuse the good request that follows a refusal by these checks, on the same connection or anywhere."""

    def alter(call: Call, answer: Answer, scene: Scene) -> Answer | None:
        key = f"refused {call.connection if on_connection else ''}"
        if answer.check in checks:
            scene.notes[key] = True
            return None
        if is_success(answer) and scene.notes.pop(key, False):
            return rejection(scene.options, "unknown-session", 401, "ID.1001", "the session is not valid")
        return None

    return Fault(alter=alter)


def _tells_of_resources(change: Callable[[Answer], object]) -> Fault:
    """Answer a stranger otherwise when the resources are not there."""

    def alter(call: Call, answer: Answer, scene: Scene) -> Answer | None:
        if answer.check not in AUTH_CHECKS or unknown_pair(call.group, call.trigger, scene.world) is None:
            return None
        change(answer)
        return answer

    return Fault(alter=alter)


def _another_code(answer: Answer) -> None:
    if isinstance(answer.document, dict) and isinstance(answer.document.get("error"), dict):
        answer.document["error"]["code"] = "SYS.1003"


def _gives_inventory(call: Call, answer: Answer, scene: Scene) -> Answer | None:
    if answer.check not in AUTH_CHECKS or not is_failure(answer) or call.header("authorization") is not None:
        return None
    assert isinstance(answer.document, dict)
    uuids = {"schedulerJobGroupUuid": call.group, "schedulerTriggerUuid": call.trigger}
    made = success(scene.options, {**uuids, "createDate": 1_510_669_257_141, "lastOpDate": 1_510_669_257_141})
    assert isinstance(made.document, dict)
    answer.document["inventory"] = made.document["inventory"]
    return answer


def _echo(change: Callable[[Answer, str], object], on: Callable[[Answer], bool]) -> Fault:
    """Send back the session that came in the header, under whatever scheme."""

    def alter(call: Call, answer: Answer, scene: Scene) -> Answer | None:
        known = (*scene.world.sessions, *scene.world.ended)
        given = call.header("authorization") or ""
        session = next((session for session in known if session in given), "")
        if not session or not on(answer):
            return None
        change(answer, session)
        return answer

    return Fault(alter=alter)


def _into(place: str, member: str) -> Callable[[Answer, str], None]:
    def change(answer: Answer, session: str) -> None:
        document: Object = answer.document if isinstance(answer.document, dict) else {}
        target = document if not place else document.get(place)
        if isinstance(target, dict):
            target[member] = f"{target.get(member, '')}{session}"

    return change


def _uuid(call: Call) -> bool:
    return UUID_FORM.fullmatch(token_of(call)) is not None


def _long(call: Call) -> bool:
    return len(call.header("authorization") or "") > 4096


def _not_ascii(call: Call) -> bool:
    return not (call.header("authorization") or "").isascii()


def _beside_a_good_one(call: Call, check: str, scene: Scene) -> bool:
    """Take the caller for the one of a good request that is under way on another connection."""
    return check in AUTH_CHECKS and any(admitted(other, scene) for other in call.neighbours)


# fmt: off
MUTANTS = (
    Mutant("auth-no-header-accepted", "a request without Authorization is accepted",
           ("AUTH-001", "AUTH-003", "AUTH-006", "AUTH-007"), accepts("no-header")),
    Mutant("auth-empty-header-accepted", "an empty Authorization header is accepted",
           ("AUTH-001",), accepts("empty-header")),
    Mutant("auth-no-token-accepted", "`OAuth` without a session is accepted",
           ("AUTH-001",), accepts("no-token")),
    Mutant("auth-bearer-accepted", "a good session is accepted under Bearer",
           ("AUTH-001",), _scheme("Bearer")),
    Mutant("auth-basic-accepted", "a good session is accepted under Basic",
           ("AUTH-001",), _scheme("Basic")),
    Mutant("auth-zstack-scheme-accepted", "a good session is accepted under ZStack",
           ("AUTH-001",), _scheme("ZStack")),
    Mutant("auth-invented-scheme-accepted", "a good session is accepted under a scheme that nobody knows",
           ("AUTH-001", "AUTH-006"), Fault(waives=_invented_scheme)),
    Mutant("auth-any-scheme-accepted", "the scheme is not looked at, nor what follows it",
           ("AUTH-001", "AUTH-006", "AUTH-010"), accepts("scheme")),
    Mutant("auth-no-header-crashes", "a request without Authorization ends in a 500",
           ("AUTH-001", "ENV-005", "AUTH-003", "AUTH-007"), instead_of("no-header", crash)),
    Mutant("auth-any-session-accepted", "any session is accepted",
           ("AUTH-002", "AUTH-004", "AUTH-010", "AUTH-006", "AUTH-007", "AUTH-003"), accepts(TOKEN_CHECKS)),
    Mutant("auth-any-session-accepted-by-chance", "one unknown session in twenty is let in, by lot",
           ("AUTH-002", "AUTH-003"), Fault(waives=_by_chance)),
    Mutant("auth-any-uuid-accepted", "any 32 hex digits are accepted as a session",
           ("AUTH-002", "AUTH-004", "AUTH-003", "AUTH-007"),
           accepts(
               TOKEN_CHECKS,
               lambda call: len(token_of(call)) == 32 and set(token_of(call)) <= set("0123456789abcdef"),
           )),
    Mutant("auth-truncated-session-accepted", "the beginning of a session is accepted",
           ("AUTH-002", "AUTH-006"), _token(lambda token, session: len(token) > 3 and session.startswith(token))),
    Mutant("auth-extended-session-accepted", "what follows the 32 digits of a session is ignored",
           ("AUTH-002", "AUTH-007", "AUTH-006"), _token(lambda token, session: token.startswith(session))),
    Mutant("auth-one-digit-ignored", "the last digit of a session is not compared",
           ("AUTH-002",), _token(lambda token, session: token[:-1] == session[:-1])),
    Mutant("auth-wildcard-accepted", "a wildcard stands for a session",
           ("AUTH-002",), accepts("unknown-session", lambda call: token_of(call) in ("%", "*", "_" * 32))),
    Mutant("auth-sql-accepted", "a session is pasted into SQL",
           ("AUTH-002", "AUTH-007"), accepts("unknown-session", lambda call: "'" in token_of(call))),
    Mutant("auth-unknown-session-crashes", "an unknown session ends in a 500",
           ("AUTH-002", "ENV-005", "AUTH-003", "AUTH-007"),
           instead_of(
               "unknown-session",
               crash,
               _uuid,
           )),
    Mutant("auth-unknown-session-accepted-to-run-now", "an unknown session is accepted when triggerNow is true",
           ("AUTH-002", "AUTH-007"), accepts("unknown-session", lambda call: call.trigger_now is True)),
    Mutant("auth-refused-but-made", "a request without Authorization is refused and makes the association",
           ("AUTH-005",), makes({"no-header"})),
    Mutant("auth-unknown-session-but-made", "an unknown session is refused and makes the association",
           ("AUTH-005",), makes({"unknown-session"})),
    Mutant("auth-other-scheme-but-made", "another scheme is refused and makes the association",
           ("AUTH-005", "STATE-002"), makes({"scheme"})),
    Mutant("auth-refusal-with-inventory", "the refusal of a request without Authorization carries the inventory",
           ("AUTH-006", "ENV-001", "AUTH-001", "AUTH-003", "AUTH-007", "ENV-002"), Fault(alter=_gives_inventory)),
    Mutant("auth-status-tells-of-resources", "a stranger gets 404 where the resources are not there",
           ("AUTH-006",), _tells_of_resources(lambda answer: setattr(answer, "status", 404))),
    Mutant("auth-code-tells-of-resources", "a stranger gets another code where the resources are not there",
           ("AUTH-006",), _tells_of_resources(_another_code)),
    Mutant("auth-no-guard-without-trigger-now", "a body without triggerNow needs no session",
           ("AUTH-001", "AUTH-002", "AUTH-003", "AUTH-004", "AUTH-006", "AUTH-010"), _unguarded(lambda call: "params" in call.root and call.trigger_now is MISSING)),
    Mutant("auth-no-guard-with-tags", "a body with tags and no triggerNow needs no session",
           ("AUTH-007", "AUTH-002"), _unguarded(lambda call: bool(call.tags) and call.trigger_now is MISSING)),
    Mutant("auth-no-guard-when-false", "a body with triggerNow false needs no session",
           ("AUTH-007", "AUTH-002"), _unguarded(lambda call: call.trigger_now is False)),
    Mutant("auth-lower-case-name-refused", "`authorization` in lower case is not seen",
           ("AUTH-008",),
           _misspelt(
               str.islower,
               lambda call, scene: _unseen(scene),
           )),
    Mutant("auth-upper-case-name-refused", "`AUTHORIZATION` in upper case is not seen",
           ("AUTH-008",),
           _misspelt(
               str.isupper,
               lambda call, scene: _unseen(scene),
           )),
    Mutant("auth-upper-case-name-crashes", "`AUTHORIZATION` in upper case ends in a 500",
           ("AUTH-008", "ENV-005"), _misspelt(str.isupper, lambda call, scene: crash())),
    Mutant("auth-refusal-spoils-the-connection", "the good request after a refusal on one connection is refused",
           ("AUTH-009", "AUTH-008", "BODY-001", "STATE-002"), _after_refusal(on_connection=True)),
    Mutant("body-refusal-spoils-the-connection", "the good request after a refused body on one connection is refused",
           ("AUTH-009", "PATH-001", "STATE-002"), _after_refusal(on_connection=True, checks=BODY_CHECKS)),
    Mutant("auth-stranger-beside-a-good-request", "a bad session is let in while a good request is under way",
           ("AUTH-002", "AUTH-001", "AUTH-005", "STATE-002"), Fault(waives=_beside_a_good_one, overlap=True)),
    Mutant("auth-refusal-spoils-the-next", "the good request after a refusal is refused, on any connection",
           ("AUTH-009", "AUTH-008", "BODY-001", "STATE-002"), _after_refusal(on_connection=False)),
    Mutant("auth-non-ascii-crashes", "a header that is not ASCII ends in a 500",
           ("AUTH-010", "ENV-005"), instead_of(AUTH_CHECKS, crash, _not_ascii)),
    Mutant("auth-non-ascii-accepted", "a header that is not ASCII is accepted",
           ("AUTH-010",), _unguarded(_not_ascii)),
    Mutant("auth-session-folded", "a session in characters that look like its own is accepted",
           ("AUTH-010",), _token(lambda token, session: _folded(token) == session)),
    Mutant("auth-long-header-crashes", "a very long header ends in a 500",
           ("AUTH-010", "ENV-005"), instead_of(AUTH_CHECKS, crash, _long)),
    Mutant("auth-long-header-accepted", "a very long header is accepted",
           ("AUTH-010",), _unguarded(_long)),
    Mutant("auth-long-header-hangs", "a very long header is never answered",
           ("ENV-007",), instead_of(AUTH_CHECKS, silence, _long)),
    Mutant("auth-session-echoed", "the session comes back beside the inventory",
           ("AUTH-011",), _echo(_into("", "session"), is_success)),
    Mutant("auth-session-echoed-in-details", "a refusal repeats the session that came under another scheme",
           ("AUTH-011",),
           _echo(_into("error", "details"), lambda answer: answer.check in ("scheme", "access-key"))),
    Mutant("auth-ended-session-echoed", "the refusal of an ended session repeats it",
           ("AUTH-011",), _echo(_into("error", "details"), lambda answer: answer.check == "ended-session")),
    Mutant("auth-session-echoed-in-header", "the session comes back in a header",
           ("AUTH-011",),
           _echo(lambda answer, session: answer.headers.append(("X-Session", session)), is_success)),
    Mutant("auth-session-echoed-in-failure", "the details of a failure name the session",
           ("AUTH-011",),
           _echo(
               _into("error", "details"),
               lambda answer: answer.check.startswith("unknown-") and answer.check != "unknown-session",
           )),
)
# fmt: on
