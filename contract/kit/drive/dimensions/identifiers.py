"""What stands in the path where a UUID is expected: each value made from the real one, or from nothing."""

from __future__ import annotations

from collections.abc import Iterator
from string import punctuation
from typing import Final
from urllib.parse import quote, unquote
from uuid import UUID

from contract.kit.description import Operation
from contract.kit.drive.dimensions import making
from contract.kit.drive.dimensions.making import Make, Named, after, before, instead, nobody
from contract.kit.drive.dimensions.value import Change, Dimension, Draft, Value, dimension
from contract.kit.drive.strategies.identifiers import QUOTES, Identifier
from contract.kit.exchange import Expect

RAW: Final = "!$&'()*+,=:@-._~"
"""Punctuation that may stand in a path as it is (RFC 3986, 3.3), but `;`: what follows one may be a parameter."""
SUFFIXES: Final = (".json", ".xml", ".html", ".do", ".action", ".jsp", ".bak", ".", "..", "...", "~1", ".json.json")
LENGTHS: Final[tuple[Named, ...]] = (
    *((f"cut to {length}", making.cut(length)) for length in (1, 2, 8, 16, 30, 31)),
    *((f"without its first {count}", making.without(count)) for count in (1, 2, 24)),
    ("with a digit after it", after("0")),
    ("with a digit before it", before("0")),
    ("with eight digits after it", after("01234567")),
    ("twice in a row", making.joined("")),
    ("is a single zero", instead("0")),
)
NOTATIONS: Final[tuple[Named, ...]] = (
    ("with dashes", making.dashed),
    ("with a dash in the middle", making.inside("-")),
    ("in braces", lambda real: f"{{{real}}}"),
    ("with dashes, in braces", lambda real: f"{{{UUID(real)}}}"),
    ("as a URN", lambda real: UUID(real).urn),
    ("with 0x before it", before("0x")),
    ("as a decimal number", lambda real: str(int(real, 16))),
    ("in base64", making.in_base64),
    ("in the other byte order", lambda real: UUID(bytes_le=bytes.fromhex(real)).hex),
    ("backwards", lambda real: real[::-1]),
    ("in double quotes", lambda real: f'"{real}"'),
    ("in single quotes", lambda real: f"'{real}'"),
    ("in brackets", lambda real: f"[{real}]"),
    ("in parentheses", lambda real: f"({real})"),
    ("as a condition", before("uuid=")),
    ("with a kind before it", before("uuid:")),
)
WORDS: Final = (
    *("null", "undefined", "None", "true", "-1", "all", "any", "self", "current", "latest", "first", "default"),
    *("new", "me", "{uuid}", ":uuid", "NaN", "uuid"),
)
WILDCARDS: Final[tuple[Named, ...]] = (
    *((f"is {mark[:2]} alone", instead(mark)) for mark in ("%", "*", "?", ".*", "_" * 32, "?" * 32)),
    *((f"with {mark} for its second half", making.half(mark)) for mark in ("%", "*", ".*", "?")),
    *((f"with {mark} in place of a digit", making.replaced(5, mark)) for mark in ("_", "?", ".", "%", "*", "[0-9a-f]")),
    *((f"with {mark} in place of its last digit", making.replaced(31, mark)) for mark in ("_", "?", ".")),
)
SQL: Final = (
    *QUOTES,
    *("\\' OR 1=1 #", "--", "' --", "/*", "/**/", "' #", "'||'", "' LIMIT 1"),
)
BLANKS: Final = (" ", "\t", "  ")
NO_BLANKS: Final = ("\n", "\r", "\r\n", "\f", "\0", "\x01", "\x08", "\x1b", "\x1f", "\x7f", "\v")
"""Control characters, which nobody may take for blanks."""
ESCAPES: Final[tuple[Named, ...]] = (
    *((f"with {escape} after it", after(escape)) for escape in ("%ff", "%c0%80", "%ed%a0%80", "%zz", "%4", "%u0030")),
    ("encoded twice", lambda real: f"%25{ord(real[0]):02x}{real[1:]}"),
    ("encoded twice, all of it", lambda real: "".join(f"%25{ord(char):02x}" for char in real)),
    ("with a blank encoded twice after it", after("%2520")),
    ("with a slash encoded twice after it", after("%252F")),
    ("with NUL encoded twice after it", after("%2500")),
)
SLASHES: Final[tuple[Named, ...]] = (
    ("a slash and more after it", after("/x")),
    ("two slashes before it", before("//")),
    ("a way up and back before it", before("x/../")),
    ("a dot before it", before("./")),
    ("a way up after it", after("/..")),
    ("a way up with backslashes before it", before("x\\..\\")),
)
"""Encoded, so that they are part of the value and not of the path."""
LONG: Final = (66, 255, 256, 257, 1_023, 1_024, 2_047, 2_048, 4_096, 5_000, 6_000)
"""Characters; below the 8 KiB that common servers allow a request line."""
PARAMETERS: Final = ("", "x", "x=y", "jsessionid=0123456789ABCDEF", "..", "x;y", "a=b/..")
"""What may follow a `;`."""


def _written(make: Make, name: str) -> Change:
    """Put what is made in the place of the parameter, percent-encoded."""

    def change(draft: Draft) -> None:
        draft.values[name] = make(draft.real(name))

    return change


def _raw(make: Make, name: str) -> Change:
    """Put what is made in the place of the parameter as it is."""

    def change(draft: Draft) -> None:
        raw = make(draft.real(name))
        draft.values[name] = Identifier(unquote(raw, errors="replace"), "", raw=raw)

    return change


def _beside(make: Make, name: str) -> Change:
    """Put in a value in which a server may read the real UUID: then that is what comes back."""

    def change(draft: Draft) -> None:
        draft.values[name] = Identifier(draft.real(name), "", raw=make(draft.real(name)))

    return change


def _marked(name: str) -> Iterator[Value]:
    """Each mark of punctuation after, before and inside the UUID, percent-encoded or, where it may be, as it is."""
    for number, mark in enumerate(punctuation):
        for at, (where, make) in enumerate(
            (("after", after(mark)), ("before", before(mark)), ("inside", making.inside(mark)))
        ):
            raw = mark in RAW and (number + at) % 2 == 0
            told = f"{name} with {mark}{' as it is' if raw else ''} {where}"
            change = _raw(make, name) if raw else _written(make, name)
            yield Value(told, change, Expect.REFUSAL, "PATH-004", f"{name} with punctuation {where}")


def _malformed(name: str, at: int) -> Iterator[Value]:
    """Everything else that is not a UUID. `at`: which parameter it is; what is rarer is shared out among them."""
    kinds: list[tuple[str, list[Named]]] = [
        (f"{name} of another length", list(LENGTHS)),
        (f"{name} in another notation", list(NOTATIONS)),
        (f"{name} with encoded slashes", [(f"with {what}", make) for what, make in SLASHES]),
        ("a word for a UUID", [(f"is the word {word}", instead(word)) for word in WORDS]),
        ("a wildcard for a UUID", list(WILDCARDS)),
        (
            "SQL for a UUID",
            [_either_side(part, part, True) for part in SQL] + [_either_side(part, part, False) for part in SQL[at::2]],
        ),
        (
            "a control character in or beside a UUID",
            [
                *(
                    _either_side(repr(mark), mark, number % 2 == at or mark in "\r\n")
                    for number, mark in enumerate(NO_BLANKS)
                ),
                *((f"with {mark!r} inside", making.inside(mark)) for mark in NO_BLANKS[at::2]),
            ],
        ),
        (
            "a blank in a UUID, or a foreign character in or beside it",
            [
                *((f"with {mark!r} inside", making.inside(mark)) for mark in BLANKS),
                *(
                    _either_side(what, mark, number % 2 == at)
                    for number, (what, mark) in enumerate(making.FOREIGN.items())
                ),
                *((f"with {what} inside", making.inside(mark)) for what, mark in list(making.FOREIGN.items())[at::2]),
            ],
        ),
        ("a UUID in foreign characters", list(making.SCRIPTS)),
        ("a long UUID", [(f"{count:,} characters long", making.drawn_out(count)) for count in LONG[at::2]]),
    ]
    for family, made in kinds:
        for what, make in made:
            yield Value(f"{name} {what}", _written(make, name), Expect.REFUSAL, "PATH-004", family)
    raw: list[tuple[str, list[Named]]] = [
        (f"{name} with a suffix", [(f"with {suffix} after it", after(suffix)) for suffix in SUFFIXES]),
        (f"{name} with odd escapes", list(ESCAPES)),
    ]
    for family, made in raw:
        for what, make in made:
            yield Value(f"{name} {what}", _raw(make, name), Expect.REFUSAL, "PATH-004", family)
    for mark in (",", "|", "+", " ", ";", "&"):
        change = _with_stranger(mark, name, at)
        yield Value(f"{name} and another with {mark!r} between", change, Expect.REFUSAL, "PATH-004", "two UUIDs")
    yield Value(f"the name of {name}", _named(name), Expect.REFUSAL, "PATH-004", f"{name} in another notation")


def _either_side(what: str, more: str, is_after: bool) -> Named:
    return f"with {what} {'after' if is_after else 'before'} it", after(more) if is_after else before(more)


def _with_stranger(mark: str, name: str, at: int) -> Change:
    """The real UUID and that of another thing of the kind, in one order or the other."""

    def change(draft: Draft) -> None:
        both = (draft.real(name), draft.strangers[at])
        draft.values[name] = mark.join(both if at else both[::-1])

    return change


def _tolerable(name: str) -> Iterator[Value]:
    """What a server may take for the UUID, or refuse."""
    made: list[tuple[str, Change]] = []
    for blank in BLANKS:
        made += [
            (f"with {blank!r} after it", _written(after(blank), name)),
            (f"with {blank!r} before it", _written(before(blank), name)),
        ]
    made.append(("with blanks round it", _written(lambda real: f" {real}\t", name)))
    made.append(("in upper case", _written(str.upper, name)))
    made.append(("with one letter in upper case", _written(making.with_one_upper, name)))
    for parameter in PARAMETERS:
        told = ";" + quote(parameter, safe=";=.")
        made.append((f"with {told} as it is after it", _beside(after(told), name)))
    made.append(("with a digit encoded", _beside(lambda real: f"%{ord(real[0]):02x}{real[1:]}", name)))
    made.append(("with every digit encoded", _beside(lambda real: "".join(f"%{ord(c):02X}" for c in real), name)))
    for what, change in made:
        yield Value(f"{name} {what}", change, Expect.EITHER, "PATH-004", f"{name} that may be taken")


def _unknown(name: str, at: int, of: tuple[str, ...]) -> Iterator[Value]:
    """Well-formed UUIDs that name nothing, or something of the other kind."""
    made: list[Named] = [(f"unknown, {number}", instead(nobody(f"{name} {number}"))) for number in (1, 2, 3)]
    made += [("is all zeros", instead("0" * 32)), ("is all ones", instead("f" * 32))]
    made += [(f"with digit {place} changed", making.changed(place)) for place in (0, 1, 7, 8, 15, 30, 31)]
    for what, make in made:
        yield Value(f"{name} {what}", _written(make, name), Expect.REFUSAL, "PATH-002", f"{name} that is not there")
    deleted = f"{name} that has been deleted"
    yield Value(deleted, _deleted(name), Expect.REFUSAL, "PATH-002", f"{name} that is not there")
    other = of[1 - at]
    kind = f"a resource of another kind as {name}"
    yield Value(f"the {other} in the place of {name}", _of(other, name), Expect.REFUSAL, "PATH-003", kind)
    yield Value(f"another {other} in the place of {name}", _of_stranger(1 - at, name), Expect.REFUSAL, "PATH-003", kind)


def _deleted(name: str) -> Change:
    def change(draft: Draft) -> None:
        draft.values[name] = draft.deleted.get(name, nobody(name))

    return change


def _named(name: str) -> Change:
    """By its name instead of its UUID."""

    def change(draft: Draft) -> None:
        draft.values[name] = draft.names.get(name, "contract")

    return change


def _of(other: str, name: str) -> Change:
    def change(draft: Draft) -> None:
        draft.values[name] = draft.values[other]

    return change


def _of_stranger(at: int, name: str) -> Change:
    def change(draft: Draft) -> None:
        draft.values[name] = draft.strangers[at]

    return change


def _swapped(draft: Draft) -> None:
    names = draft.operation.path_parameters
    draft.values = dict(zip(names, reversed([draft.values[name] for name in names]), strict=True))


def _both_unknown(draft: Draft) -> None:
    draft.values = {name: nobody(f"both {name}") for name in draft.values}


def _both_deleted(draft: Draft) -> None:
    draft.values = {name: draft.deleted.get(name, nobody(name)) for name in draft.values}


def dimensions(operation: Operation) -> list[Dimension]:
    """One for each parameter of the path, and one for both together."""
    of = operation.path_parameters
    found = [
        dimension(name, [*_marked(name), *_malformed(name, at), *_unknown(name, at, of), *_tolerable(name)])
        for at, name in enumerate(of)
    ]
    both = [
        Value("both unknown", _both_unknown, Expect.REFUSAL, "PATH-002", "both not there"),
        Value("both deleted", _both_deleted, Expect.REFUSAL, "PATH-002", "both not there"),
        Value("the two swapped", _swapped, Expect.REFUSAL, "PATH-003", "the two swapped"),
    ]
    return [*found, dimension("both ends", both)]
