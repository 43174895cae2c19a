"""BODY: what is accepted, what is refused, and what brings the server down."""

from __future__ import annotations

from contract.kit.reference.call import MISSING, Call
from contract.kit.reference.fault import Fault, Mutant, Scene
from contract.kit.reference.mutants.vices import (
    accepts,
    answers,
    crash,
    hang_up,
    instead_of,
    makes,
    refuses,
    silence,
)

ROOT = {"params", "systemTags", "userTags"}


def _media(call: Call) -> str:
    return (call.header("content-type") or "").lower().replace(" ", "")


def _some_tag(call: Call, mark: str) -> bool:
    return any(isinstance(tag, str) and mark in tag for tag in call.tags)


def _has(call: Call, name: str) -> bool:
    return name in call.root


def _complete(call: Call) -> bool:
    """Return True if there is a params object: what a body without one is answered is another clause's."""
    return isinstance(call.root.get("params"), dict)


def _non_ascii_tag(call: Call) -> bool:
    return any(isinstance(tag, str) and not tag.isascii() and tag < "\U0001f600" for tag in call.tags)


def _emoji(call: Call) -> bool:
    return any(isinstance(tag, str) and any(ord(char) > 0xFFFF for char in tag) for tag in call.tags)


def _long_tag(call: Call) -> bool:
    return any(isinstance(tag, str) and len(tag) >= 60_000 for tag in call.tags)


def _empty_list(call: Call) -> bool:
    return call.root.get("systemTags") == [] or call.root.get("userTags") == []


def _null_member(call: Call) -> bool:
    return _complete(call) and (
        call.trigger_now is None or None in (call.root.get("systemTags", 0), call.root.get("userTags", 0))
    )


def _item(kind: type) -> Fault:
    return answers(crash, lambda call: any(isinstance(tag, kind) and not isinstance(tag, str) for tag in call.tags))


def _unknown_at_root(call: Call) -> bool:
    return _complete(call) and bool(call.root.keys() - ROOT - {"schedulerJobGroupUuid", "schedulerTriggerUuid"})


def _unknown_in_params(call: Call) -> bool:
    return bool(call.params.keys() - {"triggerNow", "schedulerJobGroupUuid", "schedulerTriggerUuid"})


def _now_is(kind: type | tuple[type, ...]) -> Fault:
    """Accept a triggerNow of another type."""
    return accepts("trigger-now", lambda call: isinstance(call.trigger_now, kind))


def _like_the_example(call: Call) -> bool:
    both = call.root.get("systemTags"), call.root.get("userTags")
    return call.trigger_now is True and all(both)


def _first_mark(call: Call) -> bytes:
    return call.body.strip()[:1]


def _deep(call: Call) -> bool:
    return call.body.count(b"[") + call.body.count(b"{") > 5_000 and len(call.body) < 900_000


def _swallows_trailing(call: Call, check: str, scene: Scene) -> bool:
    """Read a first document and ignore what follows it."""
    return check == "body-json" and _first_mark(call) == b"{" and call.body.count(b"}") >= call.body.count(b"{")


def _alike_but_for_case(call: Call) -> bool:
    texts = {tag for tag in call.tags if isinstance(tag, str)}
    return len({text.lower() for text in texts}) < len(texts)


# fmt: off
MUTANTS = (
    Mutant("body-charset-refused", "application/json with a charset is refused",
           ("BODY-001", "PATH-001", "AUTH-008", "AUTH-009", "BODY-002", "STATE-003", "STATE-004", "STATE-006"),
           refuses(lambda call: "charset=" in _media(call) and _media(call).startswith("application/json"))),
    Mutant("body-bare-type-refused", "application/json without a charset is refused",
           ("BODY-001",), refuses(lambda call: _media(call) == "application/json")),
    Mutant("body-example-refused", "a body with triggerNow true and both kinds of tags is refused",
           ("BODY-001", "BODY-002", "STATE-006"),
           refuses(
               _like_the_example,
           )),
    Mutant("body-charset-crashes", "application/json with a charset ends in a 500",
           ("BODY-001", "ENV-005", "PATH-001", "PATH-002", "PATH-003", "PATH-004", "PATH-007", "AUTH-001", "AUTH-008", "AUTH-009", "BODY-002", "BODY-003", "BODY-004", "BODY-005", "BODY-006", "BODY-007", "BODY-008", "STATE-001", "STATE-003", "STATE-004", "STATE-006"), answers(crash, lambda call: "charset=" in _media(call))),
    Mutant("body-no-trigger-now-refused", "a body without triggerNow is refused",
           ("BODY-002", "PATH-001", "AUTH-008", "AUTH-009", "STATE-003", "STATE-004", "STATE-005"), refuses(lambda call: _complete(call) and call.trigger_now is MISSING)),
    Mutant("body-trigger-now-false-refused", "triggerNow false is refused",
           ("BODY-002", "PATH-001", "STATE-002"), refuses(lambda call: call.trigger_now is False)),
    Mutant("body-trigger-now-false-crashes", "triggerNow false ends in a 500",
           ("BODY-002", "ENV-005", "PATH-001", "PATH-002", "PATH-003", "BODY-007", "STATE-001"), answers(crash, lambda call: call.trigger_now is False)),
    Mutant("body-no-system-tags-refused", "a body without systemTags is refused",
           ("BODY-002", "PATH-001", "AUTH-008", "AUTH-009", "STATE-002", "STATE-003", "STATE-004", "STATE-005"), refuses(lambda call: _complete(call) and not _has(call, "systemTags"))),
    Mutant("body-no-user-tags-crashes", "a body without userTags ends in a 500",
           ("BODY-002", "ENV-005", "PATH-001", "PATH-002", "PATH-003", "PATH-004", "PATH-007", "AUTH-001", "AUTH-008", "AUTH-009", "BODY-007", "BODY-008", "STATE-001", "STATE-003", "STATE-004", "STATE-005"), answers(crash, lambda call: _complete(call) and not _has(call, "userTags"))),
    Mutant("body-empty-tags-refused", "an empty list of tags is refused",
           ("BODY-002", "PATH-001", "STATE-002"), refuses(_empty_list)),
    Mutant("body-non-ascii-tag-refused", "a tag that is not ASCII is refused",
           ("BODY-002", "PATH-001", "STATE-002"), refuses(_non_ascii_tag)),
    Mutant("body-non-ascii-tag-crashes", "a tag that is not ASCII ends in a 500",
           ("BODY-002", "ENV-005", "PATH-001", "PATH-002", "BODY-005", "BODY-007", "BODY-008", "STATE-001"), answers(crash, _non_ascii_tag)),
    Mutant("body-null-member-crashes", "null for triggerNow or a list of tags ends in a 500",
           ("BODY-002", "ENV-005"), answers(crash, _null_member)),
    Mutant("body-tags-alike-but-for-case-crash", "two tags that differ in case alone end in a 500",
           ("PATH-001", "BODY-002", "ENV-005"), answers(crash, _alike_but_for_case)),
    Mutant("body-params-missing-accepted", "a body without params is accepted",
           ("BODY-003",), accepts("params-missing")),
    Mutant("body-params-null-accepted", "params null is accepted",
           ("BODY-003",), accepts("params-null")),
    Mutant("body-params-dotted-accepted", "a member named with a dot stands for params",
           ("BODY-003",), accepts("params-missing", lambda call: any(name.startswith("params.") for name in call.root))),
    Mutant("body-params-flattened-accepted", "params may be missing where its members stand at the root",
           ("BODY-003",), accepts("params-missing", lambda call: "triggerNow" in call.root)),
    Mutant("body-params-list-accepted", "params may be a list",
           ("BODY-003",), accepts("params-type", lambda call: isinstance(call.root.get("params"), list))),
    Mutant("body-params-string-accepted", "params may be a string",
           ("BODY-003",), accepts("params-type", lambda call: isinstance(call.root.get("params"), str))),
    Mutant("body-params-missing-crashes", "a body without params ends in a 500",
           ("BODY-003", "ENV-005"), instead_of("params-missing", crash)),
    Mutant("body-params-type-crashes", "params that is not an object ends in a 500",
           ("BODY-003", "ENV-005"), instead_of("params-type", crash)),
    Mutant("body-trigger-now-number-accepted", "triggerNow may be a number",
           ("BODY-004",), _now_is((int, float))),
    Mutant("body-trigger-now-string-accepted", "triggerNow may be any string",
           ("BODY-004",), _now_is(str)),
    Mutant("body-trigger-now-yes-accepted", "triggerNow may be yes",
           ("BODY-004",), accepts("trigger-now", lambda call: call.trigger_now in ("yes", "on", "1"))),
    Mutant("body-trigger-now-list-accepted", "triggerNow may be a list",
           ("BODY-004",), _now_is(list)),
    Mutant("body-trigger-now-object-accepted", "triggerNow may be an object",
           ("BODY-004",), _now_is(dict)),
    Mutant("body-trigger-now-number-crashes", "triggerNow as a number ends in a 500",
           ("BODY-004", "ENV-005"),
           instead_of("trigger-now", crash, lambda call: isinstance(call.trigger_now, (int, float)))),
    Mutant("body-trigger-now-object-crashes", "triggerNow as an object ends in a 500",
           ("BODY-004", "ENV-005"),
           instead_of("trigger-now", crash, lambda call: isinstance(call.trigger_now, dict))),
    Mutant("body-system-tags-string-accepted", "systemTags may be a string",
           ("BODY-005",), accepts("system-tags", lambda call: isinstance(call.root.get("systemTags"), str))),
    Mutant("body-system-tags-object-accepted", "systemTags may be an object",
           ("BODY-005",), accepts("system-tags", lambda call: isinstance(call.root.get("systemTags"), dict))),
    Mutant("body-user-tags-accepted", "userTags may be anything",
           ("BODY-005",), accepts("user-tags")),
    Mutant("body-user-tags-crash", "userTags that is not a list ends in a 500",
           ("BODY-005", "ENV-005"), instead_of("user-tags", crash)),
    Mutant("body-null-tag-crashes", "null among the tags ends in a 500",
           ("BODY-005", "ENV-005"), _item(type(None))),
    Mutant("body-number-tag-crashes", "a number among the tags ends in a 500",
           ("BODY-005", "ENV-005"), _item(int)),
    Mutant("body-malformed-accepted", "a body that is not JSON is accepted",
           ("BODY-006",), accepts("body-json")),
    Mutant("body-trailing-accepted", "what follows the JSON is ignored",
           ("BODY-006",), Fault(waives=_swallows_trailing)),
    Mutant("body-empty-accepted", "an empty body is accepted",
           ("BODY-006",), accepts("body-empty")),
    Mutant("body-root-list-accepted", "a list is accepted as the body",
           ("BODY-006",), accepts("body-root", lambda call: _first_mark(call) == b"[")),
    Mutant("body-root-any-accepted", "a string, a number or null is accepted as the body",
           ("BODY-006",), accepts("body-root", lambda call: _first_mark(call) != b"[")),
    Mutant("body-malformed-crashes", "a body that is not JSON ends in a 500",
           ("BODY-006", "ENV-005"), instead_of("body-json", crash, lambda call: not _deep(call))),
    Mutant("body-empty-crashes", "an empty body ends in a 500",
           ("BODY-006", "ENV-005"), instead_of("body-empty", crash)),
    Mutant("body-root-null-crashes", "null as the body ends in a 500",
           ("BODY-006", "ENV-005"), instead_of("body-root", crash, lambda call: call.body.strip() == b"null")),
    Mutant("body-unknown-member-crashes", "a member at the root that is not known ends in a 500",
           ("BODY-007", "ENV-005", "BODY-008"), answers(crash, _unknown_at_root)),
    Mutant("body-unknown-param-crashes", "a member of params that is not known ends in a 500",
           ("BODY-007", "ENV-005"), answers(crash, _unknown_in_params)),
    Mutant("body-megabyte-crashes", "a body of a megabyte ends in a 500",
           ("BODY-008", "ENV-005"), answers(crash, lambda call: len(call.body) > 900_000)),
    Mutant("body-megabyte-hangs", "a body of a megabyte is never answered",
           ("ENV-007",), answers(silence, lambda call: len(call.body) > 900_000)),
    Mutant("body-deep-crashes", "ten thousand levels end in a 500",
           ("BODY-008", "ENV-005"), answers(crash, _deep)),
    Mutant("body-deep-hangs-up", "the connection is closed without an answer to ten thousand levels",
           ("BODY-008", "ENV-007"), answers(hang_up, _deep)),
    Mutant("body-many-tags-crash", "ten thousand tags end in a 500",
           ("BODY-008", "ENV-005"), answers(crash, lambda call: len(call.tags) >= 5_000)),
    Mutant("body-long-tag-crashes", "a tag of 64 KiB ends in a 500",
           ("BODY-008", "ENV-005"), answers(crash, _long_tag)),
    Mutant("body-nul-tag-crashes", "a NUL in a tag ends in a 500",
           ("BODY-008", "ENV-005"), answers(crash, lambda call: _some_tag(call, "\x00"))),
    Mutant("body-emoji-tag-crashes", "an emoji in a tag ends in a 500",
           ("BODY-008", "ENV-005", "PATH-001", "BODY-002", "STATE-001"), answers(crash, _emoji)),
    Mutant("body-refused-but-made", "a body without params is refused and makes the association",
           ("BODY-009",), makes({"params-missing"})),
    Mutant("body-malformed-but-made", "a body that is not JSON is refused and makes the association",
           ("BODY-009", "STATE-002"), makes({"body-json", "body-empty"})),
    Mutant("body-trigger-now-refused-but-made", "a bad triggerNow is refused and makes the association",
           ("BODY-009", "STATE-002"), makes({"trigger-now"})),
    Mutant("body-user-tags-null-word-accepted", "userTags may be the word null in quotes",
           ("BODY-005",), accepts("user-tags", lambda call: call.params.get("userTags", call.root.get("userTags")) == "null")),
    Mutant("body-tags-refused-but-made", "tags that are no list are refused and make the association",
           ("BODY-009",), makes({"system-tags", "user-tags"})),
)
# fmt: on
