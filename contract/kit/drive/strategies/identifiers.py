"""UUIDs that name nothing: unknown, or malformed in one of the ways that servers are known to trip over."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_letters, hexdigits

from hypothesis import strategies as st

HEX = "0123456789abcdef"
NOT_HEX = "".join(sorted(set(ascii_letters) - set(hexdigits)))
QUOTES = ("' OR '1'='1", "' OR 1=1 -- ", "'; DROP TABLE x; --", '" OR ""="', "') OR ('a'='a")
"""SQL that ends the text that it stands in."""
SQL = (*QUOTES, "' UNION SELECT 1 -- ")
LONGEST = 6_000
"""Characters: below the 8 KiB that common servers allow a request line."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """`value`: what the path says, decoded. `case`: what is wrong with it, in words.

    `tolerable`: the target may take it for the UUID that it was made from. `raw`: the segment as it is
    sent, where percent-encoding `value` would not give it.
    """

    value: str
    case: str
    tolerable: bool = False
    raw: str | None = None


Kinds = list[st.SearchStrategy[Identifier]]
"""A strategy for each way to go wrong, so that a run can try every one of them."""


def unknown() -> st.SearchStrategy[str]:
    """A well-formed UUID (version 4, 32 lower-case hex digits) that names nothing."""
    return st.uuids(version=4).map(lambda uuid: uuid.hex)


def lengths(real: str) -> Kinds:
    """A real UUID cut short or drawn out, and hex digits in another number than 32."""
    cut = st.integers(1, len(real) - 1).map(lambda n: Identifier(real[:n], f"cut after character {n}"))
    tail = st.integers(1, len(real) - 1).map(lambda n: Identifier(real[n:], f"from character {n + 1} on"))
    longer = st.text(HEX, min_size=1, max_size=40).map(lambda more: Identifier(real + more, f"with {more!r} after it"))
    other = (
        st.text(HEX, min_size=1, max_size=64)
        .filter(lambda text: len(text) != len(real))
        .map(lambda text: Identifier(text, f"hex digits, but of length {len(text)}"))
    )
    twice = st.just(Identifier(real + real, "twice in a row"))
    return [cut, tail, longer, other, twice]


def spellings(real: str) -> Kinds:
    """A real UUID with a character that is not a hex digit, or with dashes, braces or a prefix."""
    strange = st.tuples(st.integers(0, len(real) - 1), st.sampled_from(NOT_HEX)).map(
        lambda at: Identifier(real[: at[0]] + at[1] + real[at[0] + 1 :], f"with {at[1]!r} in place {at[0]}")
    )
    dashed = "-".join((real[:8], real[8:12], real[12:16], real[16:20], real[20:]))
    written = ((dashed, "with dashes"), (f"{{{real}}}", "in braces"), (f"0x{real}", "with 0x before it"))
    return [strange, *(st.just(Identifier(value, case)) for value, case in written)]


def fragments(real: str) -> Kinds:
    """SQL and wildcards, alone and round a real UUID."""
    sql = st.tuples(st.sampled_from(("", real)), st.sampled_from(SQL)).map(
        lambda parts: Identifier("".join(parts), "with SQL")
    )
    wild = st.tuples(st.integers(0, len(real) - 1), st.sampled_from("%_*?")).map(
        lambda at: Identifier(real[: at[0]] + at[1], f"cut after character {at[0]}, with the wildcard {at[1]}")
    )
    one = st.tuples(st.integers(0, len(real) - 1), st.sampled_from("_?.")).map(
        lambda at: Identifier(real[: at[0]] + at[1] + real[at[0] + 1 :], f"with the wildcard {at[1]} inside")
    )
    listed = st.sampled_from((",", "|", "+", ";")).map(
        lambda mark: Identifier(f"{real}{mark}{real}", f"twice with {mark} between")
    )
    return [sql, wild, one, listed]


def escapes(real: str) -> Kinds:
    """What needs percent-encoding: a slash, NUL and newline within, dot segments, non-ASCII, bad escapes."""
    places = st.integers(1, len(real) - 1)
    inside = [
        places.map(lambda at, mark=mark: Identifier(real[:at] + mark + real[at:], f"with {mark!r} inside"))  # type: ignore[misc]
        for mark in "/\0\n\r\\"
    ]
    after = st.tuples(st.sampled_from("\0\n"), st.text(HEX + "x.", min_size=1, max_size=8)).map(
        lambda more: Identifier(real + "".join(more), f"with {more[0]!r} and {more[1]!r} after it")
    )
    ending = st.just(Identifier(real + "\0", "with NUL after it"))
    dots = [Identifier("..", "dot segment"), Identifier(".", "dot segment")]
    dots += [Identifier("..", "encoded dot segment", raw="%2e%2e"), Identifier("../" + real, "dots before it")]
    foreign = st.text(st.characters(min_codepoint=0xA1, exclude_categories=("Cs", "Cn")), min_size=1, max_size=12)
    wide = "".join(chr(ord(char) + 0xFEE0) for char in real)
    unlike = foreign.map(lambda text: Identifier(text, "not ASCII"))
    bad = [Identifier(real + "%zz", "with a bad escape", raw=real + "%zz")]
    bad += [Identifier(real + "\ufffd", "not UTF-8", raw=real + "%ff"), Identifier(wide, "in full-width digits")]
    return [*inside, after, ending, unlike, *map(st.just, dots + bad)]


def endless(real: str) -> st.SearchStrategy[Identifier]:
    """A real UUID, or its first digit, drawn out to thousands of characters."""
    return st.tuples(st.integers(256, LONGEST), st.sampled_from(HEX)).map(
        lambda drawn: Identifier(real + drawn[1] * drawn[0], f"{len(real) + drawn[0]:,} characters long")
    )


def kinds_of_malformed(real: str) -> Kinds:
    """Everything above that no target takes for a UUID, a strategy a kind. Never the UUID itself."""
    kinds = [*lengths(real), *spellings(real), *fragments(real), *escapes(real), endless(real)]
    return [kind.filter(lambda made: made.value.strip().lower() != real) for kind in kinds]
