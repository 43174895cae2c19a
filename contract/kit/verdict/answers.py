"""Which kinds of answers came to which kinds of requests: what two targets are told apart by.

A kind of answer: its status, the error's code, the media type and the members, without their values. A kind
of request: the clause whose test sent it and what it tried, without the values that it tried it with.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from contract.kit.exchange import Exchange, Expect
from contract.kit.shortened import shortened
from contract.kit.verdict.results import AnswerKind, Answers

MOST_CASES: Final = 24
"""Kinds of requests of one clause that are told apart; the rarest are put together."""
MOST_KINDS: Final = 60
"""Kinds of answers of one process that are told apart; later ones by their status alone."""
MOST_MEMBERS: Final = 24
LONGEST_NAME: Final = 40
OTHERS: Final = "other requests"
YET_ANOTHER: Final = "of yet another kind"

_UNNAMED: Final = {
    Expect.SUCCESS: "a good request",
    Expect.REFUSAL: "a request to be refused",
    Expect.EITHER: "a request that may be refused",
}
VALUES: Final = re.compile(r"'[^']*'?|\S*\d\S*")
"""What is quoted in a phrase, even if it is cut, and words with a digit."""
_RUN: Final = re.compile(r"…(?:[\s,:]*…)+")
_LITERAL: Final = re.compile(r' is (?:([\[{"\d-])|(true|false)$|null$|NaN$|Infinity$).*', re.DOTALL)
"""A value in JSON within a case, as strategies tell what they put for a member."""
_TYPES: Final = {"[": "a list", "{": "an object", '"': "a string"}


class AnswerKey(NamedTuple):
    """A kind of answer, to be counted by."""

    answer: str
    code: str
    media: str
    members: tuple[str, ...]


class AnswerCount:
    """A count of the answers of a run. Thread-safe; parts of a run are added up."""

    def __init__(self) -> None:
        self._seen: Counter[tuple[str, str, AnswerKey]] = Counter()
        self._kinds: set[AnswerKey] = set()
        self._lock = threading.Lock()

    def see(self, exchange: Exchange) -> None:
        """Count the answer of one exchange. Cheap where a rule has read the answer before."""
        self._count(exchange.clause, case_of(exchange), answer_key(exchange), 1)

    def _count(self, clause: str, case: str, kind: AnswerKey, number: int) -> None:
        with self._lock:
            if kind not in self._kinds and len(self._kinds) >= MOST_KINDS:
                kind = AnswerKey(kind.answer, "", YET_ANOTHER, ())
            self._kinds.add(kind)
            self._seen[clause, case, kind] += number

    def add(self, other: Answers) -> None:
        """Add what another part of the run has seen."""
        for clause, cases in other.asked.items():
            for case, seen in cases.items():
                for name, number in seen.items():
                    found = other.kinds[name]
                    kind = AnswerKey(found.answer, found.code, found.media, tuple(found.members))
                    self._count(clause, case, kind, number)

    def answers(self) -> Answers:
        """What has been seen, in the same order whatever came first."""
        names = _names(self._kinds)
        asked: dict[str, dict[str, dict[str, int]]] = {}
        for (clause, case, kind), number in sorted(self._seen.items()):
            asked.setdefault(clause, {}).setdefault(case, {})[names[kind]] = number
        kinds = {names[each]: AnswerKind(each.answer, each.code, each.media, list(each.members)) for each in names}
        return Answers(kinds, asked)


def merged(parts: Iterable[Answers]) -> Answers:
    """What parts of a run have seen, as one."""
    all_of_them = AnswerCount()
    for part in parts:
        all_of_them.add(part)
    return all_of_them.answers()


def limited(found: Answers) -> Answers:
    """With no more than `MOST_CASES` kinds of requests of a clause, the rarest put together. Parts are merged first."""
    return Answers(found.kinds, {clause: _limited(cases) for clause, cases in found.asked.items()})


def _limited(cases: Mapping[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    ordered = sorted(cases.keys() - {OTHERS}, key=lambda case: (-sum(cases[case].values()), case))
    shown = set(ordered[:MOST_CASES])
    kept: dict[str, Counter[str]] = {}
    for case, seen in cases.items():
        kept.setdefault(case if case in shown else OTHERS, Counter()).update(seen)
    return {case: dict(seen) for case, seen in kept.items()}


def short(kind: AnswerKey | AnswerKind) -> str:
    """`503 SYS.1006 {error}`: what tells most kinds apart."""
    roots = ", ".join(name for name in kind.members if "." not in name)
    body = f"{{{roots}}}" if roots else kind.media or "no body"
    return " ".join(part for part in (kind.answer, kind.code, "" if kind.answer.startswith("no ") else body) if part)


def _names(kinds: Iterable[AnswerKey]) -> dict[AnswerKey, str]:
    """A name for each kind: its short form, and a number where several share that."""
    found: dict[AnswerKey, str] = {}
    taken: Counter[str] = Counter()
    for kind in sorted(kinds):
        name = short(kind)
        taken[name] += 1
        found[kind] = name if taken[name] == 1 else f"{name} ({taken[name]})"
    return found


def case_of(exchange: Exchange) -> str:
    """What an exchange tried, without the values that it tried it with."""
    if not exchange.case:
        return _UNNAMED[exchange.expect]
    case = _LITERAL.sub(lambda found: f" is {_type(found)}", exchange.case)
    return _cut(_RUN.sub("…", VALUES.sub("…", case)), 120)


def _type(found: re.Match[str]) -> str:
    if found[2]:
        return "a boolean"
    return "null" if found[0] == " is null" else _TYPES.get(found[1], "a number")


def answer_key(exchange: Exchange) -> AnswerKey:
    """The kind of an exchange's answer; that of its job where the answer was one."""
    answer, trouble = exchange.answer, exchange.trouble
    wrong = f"{trouble.kind}" if trouble is not None else ""
    if answer is None:
        return AnswerKey(f"no answer: {wrong}" if wrong else "no answer", "", "", ())
    told = f"{answer.status}, {wrong}" if wrong else str(answer.status)
    if exchange.settled is not None and exchange.response is not None:
        told = f"{exchange.response.status} then {told}"
    media = _cut(answer.media_type or "no media type") if answer.body else ""
    return AnswerKey(told, _cut(exchange.code or ""), media, _members(answer.envelope))


def _members(envelope: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The members of the envelope that hold something, and those of its error and its inventory."""
    found = []
    for name, value in _some(envelope or {}):
        found.append(_cut(name))
        if name in ("error", "inventory") and isinstance(value, dict):
            found += [f"{name}.{_cut(inner)}" for inner, _ in _some(value)]
    return tuple(sorted(found))


def _some(members: Mapping[str, Any]) -> list[tuple[str, Any]]:
    # Null and absent are the same thing.
    return [(name, value) for name, value in members.items() if value is not None][:MOST_MEMBERS]


def _cut(text: str, limit: int = LONGEST_NAME) -> str:
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return shortened(text, limit)
