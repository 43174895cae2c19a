"""Who asks, told well or badly."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from string import punctuation
from typing import Final
from uuid import UUID

from contract.kit.description import Operation
from contract.kit.drive.dimensions import elsewhere, making
from contract.kit.drive.dimensions.making import Make, Named, after, before, instead, nobody
from contract.kit.drive.dimensions.value import Change, Dimension, Draft, Value, dimension
from contract.kit.drive.strategies.credentials import FOREIGN_SCHEMES
from contract.kit.drive.strategies.identifiers import SQL
from contract.kit.exchange import Expect

ALTERED: Final[tuple[Named, ...]] = (
    *((f"cut to {length}", making.cut(length)) for length in (2, 8, 16, 24, 30, 31)),
    *((f"without its first {count}", making.without(count)) for count in (1, 8, 16)),
    ("with a digit after it", after("0")),
    ("with a digit before it", before("0")),
    ("twice in a row", making.joined("")),
    *((f"with digit {at} changed", making.changed(at)) for at in (0, 15, 16, 31)),
)
NOTATIONS: Final[tuple[Named, ...]] = (
    ("with dashes", making.dashed),
    ("in braces", lambda good: f"{{{good}}}"),
    ("as a URN", lambda good: UUID(good).urn),
    ("with 0x before it", before("0x")),
    ("with its first digit percent-encoded", lambda good: f"%{ord(good[0]):02x}{good[1:]}"),
    ("in base64", lambda good: base64.b64encode(good.encode()).decode()),
    ("in double quotes", lambda good: f'"{good}"'),
    ("in single quotes", lambda good: f"'{good}'"),
    ("in angle brackets", lambda good: f"<{good}>"),
    ("as a pair", before("session=")),
    ("as a quoted pair", lambda good: f'session="{good}"'),
    ("as user and password", making.joined(":")),
)
WORDS: Final = (
    "null",
    "undefined",
    "None",
    "true",
    "0",
    "1",
    "admin",
    "guest",
    "anonymous",
    "session",
    "-",
    "{}",
    "[]",
)
WILDCARDS: Final = ("%", "*", "_" * 32, "?" * 32, "." * 32, ".*", "%%", "$")
BETWEEN: Final = (" ", ",", ", ", ";", "|", "&", "\t")
LENGTHS: Final = (255, 256, 257, 1_023, 1_024, 2_048, 4_096, 4_097, 6_000)
ODD: Final = ("é", "标签", "\U0001f600", "\u00b2", "\u0660\u0661", "\ufeff", "\u202e")
"""Texts that are not ASCII: header values are sent in UTF-8."""
BYTES: Final = (b"\xff", b"\xe9\xe8", b"\xc3", b"\x80\x81")
"""Not UTF-8 either."""


def _invented(scheme: str) -> tuple[str, ...]:
    """Schemes that nobody knows, and those that are nearly the right one."""
    return ("X", "Auth", "Session", f"{scheme}2", f"X{scheme}", f"{scheme}-2", "AWS4-HMAC-SHA256", scheme[:2].lower())


def _is(value: Callable[[Draft], str]) -> Change:
    """The header with this value."""

    def change(draft: Draft) -> None:
        draft.authorization = [(draft.operation.auth.header, value(draft))]

    return change


def _from(make: Make) -> Change:
    """The header with what is made from the good session."""
    return _is(lambda draft: make(draft.session))


def _token(make: Make) -> Change:
    """The right scheme, with what is made from the good session."""
    return _is(lambda draft: f"{draft.operation.auth.scheme} {make(draft.session)}")


def _none(draft: Draft) -> None:
    draft.authorization = []


def _spelt(spell: Callable[[str], str]) -> Change:
    """The header's name written so."""

    def change(draft: Draft) -> None:
        draft.spelling = spell(draft.operation.auth.header)

    return change


def _alternating(name: str) -> str:
    return "".join(char.upper() if at % 2 else char.lower() for at, char in enumerate(name))


def _another(draft: Draft) -> None:
    """Another session of the same account, where there is one."""
    if draft.other_session is not None:
        auth = draft.operation.auth
        draft.authorization = [(auth.header, f"{auth.scheme} {draft.other_session}")]


def _good() -> Iterator[Value]:
    yield Value("the header's name in lower case", _spelt(str.lower))
    yield Value("the header's name in upper case", _spelt(str.upper))
    yield Value("the header's name in alternating case", _spelt(_alternating))
    yield Value("another session of the account", _another)


def _said_of(session: Callable[[Draft], str], change: Change) -> Change:
    """What is said of the good session, said of another one."""

    def put(draft: Draft) -> None:
        good, draft.session = draft.session, session(draft)
        change(draft)
        draft.session = good

    return put


def _nobodys(_draft: Draft) -> str:
    return nobody("in another spelling")


def _ended(draft: Draft) -> str:
    assert draft.ended_session is not None, "only where the run can log in"
    return draft.ended_session


def _logged_out(scheme: str) -> Iterator[Value]:
    family = "a session that was logged out"
    for what, change in (("", _token(after(""))), *((f", {told}", spelt) for told, spelt in _spellings(scheme))):
        yield Value(f"{family}{what}", _said_of(_ended, change), Expect.REFUSAL, "AUTH-004", family)


def _missing_or_foreign(scheme: str) -> Iterator[Value]:
    none: list[tuple[str, Change]] = [
        ("no credentials", _none),
        ("an empty header", _from(instead(""))),
        ("a scheme without a token", _from(instead(scheme))),
        ("the session without a scheme", _from(after(""))),
    ]
    foreign = [
        (f"credentials under {name}", _from(before(f"{name} "))) for name in (*FOREIGN_SCHEMES, *_invented(scheme))
    ]
    basic: tuple[Named, ...] = (
        ("alone", after("")),
        ("as the user", after(":")),
        ("as the password", before(":")),
        ("as both", making.joined(":")),
        ("under its scheme", before(f"{scheme} ")),
    )
    foreign += [(f"credentials under Basic in base64, {what}", _from(_in_basic(make))) for what, make in basic]
    odd: list[tuple[str, Change]] = [
        ("the scheme behind the session", _from(after(f" {scheme}"))),
        ("another scheme before the right one", _from(before(f"Bearer {scheme} "))),
        ("a mark before the scheme", _from(before(f"-{scheme} "))),
        ("the scheme with a letter before it", _from(before(f"x{scheme} "))),
        ("the scheme cut short", _from(before(f"{scheme[:-1]} "))),
        ("the scheme backwards", _from(before(f"{scheme[::-1]} "))),
    ]
    kinds = (("no credentials", none), ("another scheme", foreign), ("a scheme gone wrong", odd))
    for family, made in kinds:
        for what, change in made:
            yield Value(what, change, Expect.REFUSAL, "AUTH-001", family)


def _in_basic(make: Make) -> Make:
    return lambda good: f"Basic {base64.b64encode(make(good).encode()).decode()}"


def _unknown_or_altered(scheme: str) -> Iterator[Value]:
    unknown: list[Named] = [
        (f"an unknown session, {number}", instead(nobody(f"session {number}"))) for number in (1, 2, 3)
    ]
    unknown += [("a session of zeros", instead("0" * 32)), ("a session of ones", instead("f" * 32))]
    marked: list[Named] = []
    for number, mark in enumerate(punctuation):
        marked.append((f"the session with {mark} after it", after(mark)))
        if number % 2:
            marked.append((f"the session with {mark} before it", before(mark)))
    words = ("x", "anything", "0", "realm=x", scheme, ", x", "; x", "=", "/", "\tx")
    blank: list[Named] = [(f"the session with a blank and {more!r} after it", after(f" {more}")) for more in words]
    blank += [(f"the session with {more!r} and a blank before it", before(f"{more} ")) for more in words[:2]]
    two: list[Named] = [(f"the session twice with {mark!r} between", making.joined(mark)) for mark in BETWEEN]
    two += [
        (f"an unknown session and the good one with {mark!r} between", before(nobody("other") + mark))
        for mark in (" ", ",", ";")
    ]
    wild: list[Named] = [(f"the wildcard {mark[:2]} for a session", instead(mark)) for mark in WILDCARDS]
    wild += [(f"the session with {mark} for its second half", making.half(mark)) for mark in ("%", "*", "_", "?")]
    wild += [(f"the session with {mark} for a digit", making.replaced(5, mark)) for mark in ("_", "?", ".", "*", "%")]
    sql: list[Named] = [(f"the SQL {part} for a session", instead(part.strip())) for part in SQL]
    sql += [(f"the session with the SQL {part} after it", after(part)) for part in (*SQL, "' --", "/*")]
    notations = [*NOTATIONS, ("under its scheme again", before(f"{scheme} "))]
    kinds: tuple[tuple[str, list[Named]], ...] = (
        ("an unknown session", unknown),
        ("a word for a session", [(f"the word {word} for a session", instead(word)) for word in WORDS]),
        ("the session altered", [(f"the session {what}", make) for what, make in ALTERED]),
        ("the session in another notation", [(f"the session {what}", make) for what, make in notations]),
        ("the session with punctuation", marked),
        ("the session with a blank and more", blank),
        ("two sessions", two),
        ("a wildcard for a session", wild),
        ("SQL for a session", sql),
    )
    for family, made in kinds:
        for what, make in made:
            yield Value(what, _token(make), Expect.REFUSAL, "AUTH-002", family)
    for at, what in enumerate(("job group", "trigger")):
        told = f"the UUID of the {what} for a session"
        yield Value(told, _named(at), Expect.REFUSAL, "AUTH-002", "an unknown session")


def _named(at: int) -> Change:
    return _is(lambda draft: f"{draft.operation.auth.scheme} {draft.pair[at]}")


def _odd() -> Iterator[Value]:
    foreign: list[tuple[str, Change]] = []
    for text in ODD:
        foreign.append((f"a session of {text!r}", _token(instead(text * 8))))
        foreign.append((f"the session with {text!r} after it", _token(after(text))))
    # Blanks round a session may be taken away, and what a blank is differs.
    unseen = {what: char for what, char in making.FOREIGN.items() if not char.isspace() and char not in ODD}
    foreign += [(f"the session with {what} after it", _token(after(char))) for what, char in unseen.items()]
    foreign += [(f"the session {what}", _token(make)) for what, make in making.SCRIPTS]
    foreign += [(f"a session of the bytes {raw.hex()}", _bytes(raw)) for raw in BYTES]
    long: list[tuple[str, Change]] = []
    for length in LENGTHS:
        long.append((f"a session of {length:,} characters", _token(instead("a" * length))))
        long.append((f"a header of {length:,} characters", _from(instead("a" * length))))
    long += [
        (f"the session with 4,200 characters of {mark!r} after it", _token(after(mark * (4_200 // len(mark)))))
        for mark in ("a", "=", " x")
    ]
    for family, made in (("a session that is not ASCII", foreign), ("a long session", long)):
        for what, change in made:
            yield Value(what, change, Expect.REFUSAL, "AUTH-010", family)


def _bytes(raw: bytes) -> Change:
    def change(draft: Draft) -> None:
        auth = draft.operation.auth
        draft.authorization = [(auth.header, auth.scheme.encode() + b" " + raw)]

    return change


def _spellings(scheme: str) -> list[tuple[str, Change]]:
    """Ways to say a session that a server may take for the plain one or refuse."""
    good = before(f"{scheme} ")
    return [
        ("the scheme in lower case", _from(before(f"{scheme.lower()} "))),
        ("the scheme in upper case", _from(before(f"{scheme.upper()} "))),
        ("three blanks after the scheme", _from(before(f"{scheme}   "))),
        ("a tab after the scheme", _from(before(f"{scheme}\t"))),
        ("no blank after the scheme", _from(before(scheme))),
        ("the session in upper case", _token(str.upper)),
        ("two headers alike", _two(good, good)),
        ("two headers, the first unknown", _two(instead(f"{scheme} {nobody('first')}"), good)),
        ("two headers, the second unknown", _two(good, instead(f"{scheme} {nobody('second')}"))),
        ("two headers, the first of another scheme", _two(instead("Bearer x"), good)),
        ("two headers, the second empty", _two(good, instead(""))),
    ]


def _tolerable(scheme: str) -> Iterator[Value]:
    """What a server may let in or refuse, the good session being in it; with another one in it, it is refused."""
    for what, change in _spellings(scheme):
        yield Value(what, change, Expect.EITHER, "AUTH-001", "credentials that may be taken")
        told, family = f"an unknown session, {what}", "an unknown session in another spelling"
        yield Value(told, _said_of(_nobodys, change), Expect.REFUSAL, "AUTH-002", family)


def _two(first: Make, second: Make) -> Change:
    def change(draft: Draft) -> None:
        header = draft.operation.auth.header
        draft.authorization = [(header, first(draft.session)), (header, second(draft.session))]

    return change


def dimensions(operation: Operation, *, logs_out: bool) -> list[Dimension]:
    """Who asks. `logs_out`: there is a session that was logged out."""
    scheme = operation.auth.scheme
    values = [
        *_good(),
        *_missing_or_foreign(scheme),
        *_unknown_or_altered(scheme),
        *_odd(),
        *(_logged_out(scheme) if logs_out else ()),
        *elsewhere.values(operation),
        *_tolerable(scheme),
    ]
    return [dimension("credentials", values)]
