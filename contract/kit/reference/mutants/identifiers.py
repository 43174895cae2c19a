"""What is taken for a UUID, in the path and in the header, and is none."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote

from contract.kit.reference.answers import Answer
from contract.kit.reference.auth import token_of
from contract.kit.reference.call import Call
from contract.kit.reference.fault import Fault, Mutant, Scene
from contract.kit.reference.mutants.vices import (
    AUTH_CHECKS,
    PAIR_CHECKS,
    accepts,
    crash,
    instead_of,
    is_success,
)

Read = Callable[[str], str]
"""What a careless reader makes of a value."""
TOKENS: Final = "unknown-session"


def _reads(read: Read, side: str = "both") -> Fault:
    """The path's values are read so, on one side or both."""

    def rewrite(call: Call, scene: Scene) -> bool:
        if call.route != "operation":
            return False
        group = read(call.group) if side != "trigger" else call.group
        trigger = read(call.trigger) if side != "group" else call.trigger
        if (group, trigger) == (call.group, call.trigger):
            return False
        call.group, call.trigger = group, trigger
        return True

    return Fault(rewrite=rewrite)


def _without_end(pattern: str) -> Read:
    found = re.compile(rf"(?s)^([0-9a-f]{{32}}){pattern}$")
    return lambda value: found.sub(r"\1", value)


def _without_start(pattern: str) -> Read:
    found = re.compile(rf"(?s)^{pattern}([0-9a-f]{{32}})$")
    return lambda value: found.sub(r"\1", value)


def _without(marks: str) -> Read:
    """Without these marks, wherever they stand, where a UUID is left."""

    def read(value: str) -> str:
        left = "".join(char for char in value if char not in marks)
        return left if re.fullmatch("[0-9a-f]{32}", left) else value

    return read


def _decimal(value: str) -> str:
    return f"{int(value):032x}" if value.isascii() and value.isdecimal() and 33 < len(value) < 40 else value


def _normalised(value: str) -> str:
    return unicodedata.normalize("NFKC", value)


def _crashes(test: Callable[[str], bool]) -> Fault:
    return instead_of(PAIR_CHECKS, crash, lambda call: test(call.group) or test(call.trigger))


def _by_name(call: Call, scene: Scene) -> bool:
    """A resource is found by its name."""
    groups = {one.name: one.uuid for one in scene.world.groups.values()}
    triggers = {one.name: one.uuid for one in scene.world.triggers.values()}
    pair = (groups.get(call.group, call.group), triggers.get(call.trigger, call.trigger))
    if call.route != "operation" or pair == (call.group, call.trigger):
        return False
    call.group, call.trigger = pair
    return True


def _deleted(group: bool, trigger: bool) -> Fault:
    """What existed and was deleted is still accepted."""

    def waives(call: Call, check: str, scene: Scene) -> bool:
        gone = scene.world.deleted
        return check.startswith("unknown-") and (call.group in gone, call.trigger in gone) == (group, trigger)

    return Fault(waives=waives)


def _token(read: Read) -> Fault:
    """A token is a good session once it is read so."""
    return Fault(waives=lambda call, check, scene: check == TOKENS and read(token_of(call)) in scene.world.sessions)


def _header(name: str) -> Fault:
    """A session in this header stands in for the right one."""

    def waives(call: Call, check: str, scene: Scene) -> bool:
        value = call.header(name) or ""
        return check in AUTH_CHECKS and any(session in value for session in scene.world.sessions)

    return Fault(waives=waives)


def _member(*names: str, within: str = "") -> Fault:
    """A session in this member of the body stands in for the header."""

    def waives(call: Call, check: str, scene: Scene) -> bool:
        inner: object = call.root.get(within) if within else call.root
        for name in names:
            inner = inner.get(name) if isinstance(inner, dict) else None
        value = inner.get("uuid") if isinstance(inner, dict) else inner
        return check in AUTH_CHECKS and isinstance(value, str) and value.split(" ")[-1] in scene.world.sessions

    return Fault(waives=waives)


def _in_tags(call: Call, check: str, scene: Scene) -> bool:
    texts = [tag for tag in call.tags if isinstance(tag, str)]
    return check in AUTH_CHECKS and any(session in text for text in texts for session in scene.world.sessions)


def _basic(call: Call, check: str, scene: Scene) -> bool:
    """A good session in Basic's base64 is let in."""
    scheme, _, rest = (call.header("authorization") or "").partition(" ")
    if check != "scheme" or scheme != "Basic":
        return False
    try:
        text = base64.b64decode(rest, validate=True).decode("latin-1")
    except binascii.Error:
        return False
    return any(session in text for session in scene.world.sessions)


def _leaves_a_link(side: str) -> Fault:
    """A refused add for an unknown end leaves it in the list of the known one."""

    def effect(call: Call, answer: Answer, scene: Scene) -> bool:
        if answer.check != f"unknown-{side}":
            return False
        scene.world.associate(call.group, call.trigger)
        return True

    return Fault(effect=effect)


def _refusal_removes(checks: frozenset[str]) -> Fault:
    """A request that is refused by one of these checks takes the association away that was there."""

    def effect(call: Call, answer: Answer, scene: Scene) -> bool:
        if answer.check not in checks:
            return False
        return scene.world.associations.pop((call.group, call.trigger), None) is not None

    return Fault(effect=effect)


def _last_one_stays(call: Call, answer: Answer, scene: Scene) -> bool:
    """When adds of different pairs that share an end run side by side, only the last is stored."""
    sharing = [
        (other.group, other.trigger)
        for other in call.neighbours
        if (other.group == call.group) != (other.trigger == call.trigger)
    ]
    lost = [pair for pair in sharing if pair in scene.world.associations]
    if not is_success(answer) or not lost:
        return False
    for pair in lost:
        del scene.world.associations[pair]
    return True


# fmt: off
MUTANTS = (
    *(
        Mutant(f"uuid-{slug}", lie, ("PATH-004",), _reads(read, side))
        for slug, lie, read, side in (
            ("json-suffix", "`.json` after a UUID is taken off", _without_end(r"\.json"), "both"),
            ("any-suffix", "a suffix after the trigger's UUID is taken off", _without_end(r"\.[a-z]+"), "trigger"),
            ("dot", "a dot after a UUID is taken off", _without_end(r"\.+"), "both"),
            ("punctuation-after", "what punctuation follows the job group's UUID is taken off", _without_end(r"[^0-9A-Za-z\s]"), "group"),
            ("punctuation-before", "what punctuation stands before the trigger's UUID is taken off", _without_start(r"[!-/:-@]"), "trigger"),
            ("comma", "what follows a comma in a UUID is ignored", _without_end(r",.*"), "both"),
            ("colon", "what follows a colon after the trigger's UUID is ignored", _without_end(r":.*"), "trigger"),
            ("tilde", "what follows a tilde after the job group's UUID is ignored", _without_end(r"~.*"), "group"),
            ("sql-comment", "what follows two dashes after the trigger's UUID is a comment", _without_end(r"[' ]*--.*"), "trigger"),
            ("hash", "what follows an encoded hash is ignored", _without_end(r"#.*"), "both"),
            ("question-mark", "what follows an encoded question mark is ignored", _without_end(r"\?.*"), "both"),
            ("ampersand", "what follows an ampersand is ignored", _without_end(r"&.*"), "both"),
            ("encoded-semicolon", "what follows an encoded semicolon is ignored", _without_end(r";.*"), "both"),
            ("encoded-slash-after", "an encoded slash after a UUID is taken off", _without_end(r"/"), "both"),
            ("dots-normalised", "encoded dot segments within a UUID are resolved", _without_start(r"(x/\.\./|\./)"), "both"),
            ("backslash", "a backslash beside a UUID is taken off", lambda value: value.strip("\\"), "both"),
            ("newline", "a newline after a UUID is passed over", _without_end(r"\n"), "both"),
            ("controls", "control characters round a UUID are trimmed", lambda value: value.strip("\r\v\f\x01\x08\x1b\x1f"), "both"),
            ("no-break-space", "a no-break space round a UUID is trimmed", lambda value: value.strip("\u00a0\u3000\u2028\x85"), "both"),
            ("zero-width", "characters of no width round a UUID are passed over", lambda value: value.strip("\u200b\ufeff\u00ad"), "both"),
            ("nul-ends", "what follows a NUL in a UUID is ignored", _without_end("\0.*"), "both"),
            ("dash-anywhere", "dashes in a UUID are passed over", _without("-"), "both"),
            ("braces", "a UUID may stand in braces", _without("{}"), "both"),
            ("quotes", "a UUID may stand in quotes", _without("\"'"), "both"),
            ("brackets", "a UUID may stand in brackets", _without("[]()"), "both"),
            ("urn", "a UUID may be written as a URN", lambda value: value.removeprefix("urn:uuid:").replace("-", "") if value.startswith("urn:") else value, "both"),
            ("hexadecimal-prefix", "0x before a UUID is passed over", _without_start("0x"), "both"),
            ("decimal", "a UUID may be written as a decimal number", _decimal, "both"),
            ("full-width", "full-width digits are read as digits", _normalised, "both"),
            ("decoded-twice", "the path is decoded twice", unquote, "both"),
            ("zero-before", "a zero before a UUID is passed over", _without_start("0"), "both"),
            ("first-of-two", "of two UUIDs with a mark between the first counts", _without_end(r"[,|+&; ].{32}"), "both"),
            ("last-of-two", "of two UUIDs with a mark between the last counts", _without_start(r".{32}[,|+&; ]"), "both"),
        )
    ),
    Mutant("uuid-by-name", "a resource is found by its name",
           ("PATH-004",), Fault(rewrite=_by_name)),
    *(
        Mutant(f"uuid-{slug}-crashes", f"{lie} ends in a 500", ("PATH-004", "ENV-005"), _crashes(test))
        for slug, lie, test in (
            ("null-word", "the word null for a UUID", lambda value: value == "null"),
            ("star", "an asterisk for a UUID", lambda value: value == "*"),
            ("short", "a UUID cut to two digits", lambda value: len(value) == 2),
            ("length-255", "a value of exactly 255 characters for a UUID", lambda value: len(value) == 255),
            ("length-256", "a value of exactly 256 characters for a UUID", lambda value: len(value) == 256),
            ("length-1024", "a value of more than 1,023 characters for a UUID", lambda value: 1_023 < len(value) < 3_000),
            ("dashes", "a UUID with dashes", lambda value: value.count("-") == 4),
            ("dollar", "a dollar sign beside a UUID", lambda value: "$" in value),
            ("backtick", "a backtick beside a UUID", lambda value: "`" in value),
            ("bracket", "a bracket beside a UUID", lambda value: value.endswith("[")),
            ("emoji", "an emoji beside a UUID", lambda value: "\U0001f600" in value),
            ("not-utf8", "bytes that are not UTF-8 beside a UUID", lambda value: "\ufffd" in value),
        )
    ),
    Mutant("uuid-deleted-group-accepted", "a job group that was deleted is still accepted",
           ("PATH-002",), _deleted(True, False)),
    Mutant("uuid-deleted-trigger-accepted", "a trigger that was deleted is still accepted",
           ("PATH-002",), _deleted(False, True)),
    Mutant("uuid-both-deleted-accepted", "a pair of which both were deleted is still accepted",
           ("PATH-002",), _deleted(True, True)),
    *(
        Mutant(f"session-{slug}", lie, ("AUTH-002",), _token(read))
        for slug, lie, read in (
            ("first-word", "what follows a blank after a session is ignored", lambda token: token.split(" ")[0]),
            ("last-word", "what stands before a blank before a session is ignored", lambda token: token.split(" ")[-1]),
            ("comma", "what follows a comma after a session is ignored", lambda token: token.split(",")[0]),
            ("semicolon", "what follows a semicolon after a session is ignored", lambda token: token.split(";")[0]),
            ("punctuation", "punctuation after a session is passed over", lambda token: token[:32] if len(token) == 33 and not token[32].isalnum() else ""),
            ("punctuation-before", "punctuation before a session is passed over", lambda token: token[1:] if token[:1] in "\"$&(*,.:<>@\\^`|~" else ""),
            ("quotes", "quotes round a session are passed over", lambda token: token.strip("\"'")),
            ("braces", "braces round a session are passed over", lambda token: token.strip("{}<>")),
            ("dashes", "dashes in a session are passed over", lambda token: token.replace("-", "") if token.count("-") == 4 else ""),
            ("urn", "a session may be written as a URN", lambda token: token.removeprefix("urn:uuid:").replace("-", "") if token.startswith("urn:") else ""),
            ("pair", "a session may be written as session=", lambda token: token.removeprefix("session=").strip('"') if token.startswith("session=") else ""),
            ("colon", "what follows a colon after a session is ignored", lambda token: token.split(":")[0] if ":" in token else ""),
            ("percent", "a session is percent-decoded", lambda token: unquote(token) if "%" in token else ""),
            ("scheme-twice", "the scheme may stand there twice", lambda token: token.removeprefix("OAuth ") if token.startswith("OAuth ") else ""),
        )
    ),
    *(
        Mutant(f"session-{slug}", lie, ("AUTH-002",), accepts(TOKENS, when))
        for slug, lie, when in (
            ("null-word", "the word null is let in", lambda call: token_of(call) == "null"),
            ("admin-word", "the word admin is let in", lambda call: token_of(call) == "admin"),
            ("zeros", "a session of zeros is let in", lambda call: token_of(call) == "0" * 32),
            ("brackets", "[] is let in", lambda call: token_of(call) == "[]"),
            ("dollar", "a dollar sign is let in", lambda call: token_of(call) == "$"),
        )
    ),
    Mutant("session-of-a-resource", "the UUID of a job group or a trigger is let in",
           ("AUTH-002",), Fault(waives=lambda call, check, scene: check == TOKENS and (token_of(call) in scene.world.groups or token_of(call) in scene.world.triggers))),
    Mutant("session-in-basic", "a good session in Basic's base64 is let in",
           ("AUTH-001",), Fault(waives=_basic)),
    Mutant("session-bare", "a good session without a scheme is let in",
           ("AUTH-001",), Fault(waives=lambda call, check, scene: check == "scheme" and (call.header("authorization") or "").strip() in scene.world.sessions)),
    Mutant("session-scheme-anywhere", "the scheme may stand behind the session",
           ("AUTH-001",), Fault(waives=lambda call, check, scene: check == "scheme" and (call.header("authorization") or "").removesuffix(" OAuth") in scene.world.sessions)),
    Mutant("session-scheme-begins-like-it", "a scheme that begins like the right one is let in",
           ("AUTH-001",), Fault(waives=lambda call, check, scene: check == "scheme" and (call.header("authorization") or "").startswith("OAuth") and (call.header("authorization") or "").split(" ")[-1] in scene.world.sessions)),
    *(
        Mutant(f"session-in-{slug}", f"a session in the header {name} stands in for the right one", ("AUTH-003",), _header(name))
        for slug, name in (
            ("x-session", "X-Session"),
            ("x-auth-token", "X-Auth-Token"),
            ("x-api-key", "X-Api-Key"),
            ("proxy-authorization", "Proxy-Authorization"),
            ("forwarded-authorization", "X-Forwarded-Authorization"),
            ("token", "Token"),
        )
    ),
    Mutant("session-in-root-object", "a session object at the root of the body stands in for the header",
           ("AUTH-003",), _member("session")),
    Mutant("session-in-params-session", "a session object in params stands in for the header",
           ("AUTH-003",), _member("session", within="params")),
    Mutant("session-in-body-headers", "an Authorization under headers in the body stands in for the header",
           ("AUTH-003",), _member("headers", "Authorization")),
    Mutant("session-in-tags", "a session in a tag stands in for the header",
           ("AUTH-003",), Fault(waives=_in_tags)),
    Mutant("effect-unknown-group-linked", "a refused add for an unknown job group leaves it in the trigger's list",
           ("STATE-002",), _leaves_a_link("group")),
    Mutant("effect-unknown-trigger-linked", "a refused add for an unknown trigger leaves it in the job group's list",
           ("STATE-002",), _leaves_a_link("trigger")),
    Mutant("effect-stranger-removes", "a request without credentials takes the association away",
           ("AUTH-005",), _refusal_removes(frozenset({"no-header"}))),
    Mutant("effect-unknown-session-removes", "a request with an unknown session takes the association away",
           ("AUTH-005",), _refusal_removes(frozenset({"unknown-session"}))),
    Mutant("effect-bad-tags-remove", "tags that are no list take the association away",
           ("BODY-009",), _refusal_removes(frozenset({"system-tags", "user-tags"}))),
    Mutant("effect-other-method-removes", "another method takes the association away",
           ("PATH-005",), _refusal_removes(frozenset({"method"}))),
    Mutant("effect-side-by-side-lost", "of adds of different pairs side by side that share an end the last alone is stored",
           ("STATE-002",), Fault(effect=_last_one_stays, overlap=True)),
)
# fmt: on
