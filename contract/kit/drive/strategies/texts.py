"""Bodies as bytes: those that are no JSON object, and those of extreme size or depth."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from hypothesis import strategies as st

from contract.kit.description import Member
from contract.kit.drive.strategies.bodies import places, put, words
from contract.kit.shortened import shortened

Case = tuple[bytes, str]

LONGEST_TOLD: Final = 40
"""Characters of a value that a case names."""
_ROOTS: Final[dict[type, str]] = {
    type(None): "null",
    bool: "a boolean",
    int: "a number",
    str: "a string",
    list: "a list",
}


def told(value: Any) -> str:
    """A value in the words of a case: its JSON, cut where it is long."""
    return shortened(written(value).decode(), LONGEST_TOLD)


def written(body: Any) -> bytes:
    """A body as it is sent: compact JSON in UTF-8."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def kinds_of_broken(good: bytes) -> list[st.SearchStrategy[Case]]:
    """A good body damaged so that no reader of JSON sees a whole object in it, a strategy a kind."""
    text = good.decode("utf-8")
    cut = st.integers(1, len(text) - 1).map(lambda n: (text[:n].encode(), f"cut after character {n}"))
    rest = st.integers(1, len(text) - 1).map(lambda n: (text[n:].encode(), f"from character {n + 1} on"))
    after = st.sampled_from(("}", "]", "x", ",{}", '"', "{")).map(
        lambda more: ((text + more).encode(), f"with {more} after it")
    )
    colonless = st.just((text.replace(":", " ").encode(), "without its colons"))
    bare = st.text("abcdefgh <>&=?/.", min_size=1, max_size=24).map(lambda word: (word.encode(), "bare words"))
    form = st.just((b"a=1&b=2", "a form"))
    blank = st.sampled_from((b"", b" ", b"\r\n\t")).map(lambda body: (body, "empty or blank"))
    comma = st.just((f"{text[:-1]},{text[-1]}".encode(), "with a comma before its end"))
    kinds = (cut, rest, after, comma, colonless, bare, form, blank)
    return [kind.filter(lambda case: not _is_json(case[0])) for kind in kinds]


def broken(good: bytes) -> st.SearchStrategy[Case]:
    """Any of these kinds."""
    return st.one_of(*kinds_of_broken(good))


def rootless() -> st.SearchStrategy[Case]:
    """JSON whose root is not an object."""
    roots: st.SearchStrategy[Any] = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-9, 9),
        words(),
        st.lists(st.one_of(words(), st.just({})), max_size=3),
    )
    return roots.map(lambda root: (written(root), f"the root is {_ROOTS[type(root)]}"))


def extreme(members: Sequence[Member], good: Any) -> list[Case]:
    """A good body grown: a megabyte, ten thousand levels, ten thousand items, 64 KiB in one, NUL and emoji."""
    lists = [place for place in places(members) if place.type == "array"]
    cases: list[Case] = [(written({**good, "padding": "x" * 1_000_000}), "a megabyte in an unknown member")]
    nested = b"[" * 10_000 + b"]" * 10_000
    cases.append((_with(good, b'"nested":' + nested), "ten thousand lists within each other"))
    objects = b'{"a":' * 10_000 + b"1" + b"}" * 10_000
    cases.append((_with(good, b'"nested":' + objects), "ten thousand objects within each other"))
    for place in lists:
        grown = (
            (["t" * 16] * 10_000, "ten thousand items"),
            (["x" * 65_536], "an item of 64 KiB"),
            (["x" * 1_000_000], "an item of a megabyte"),
            (["a\0b"], "NUL in an item"),
            (["\U0001f600\U0001f3f3\ufe0f\u200d\U0001f308 \u202e \ufeff"], "emoji and directional marks in an item"),
            (["\ud83d"], "half a surrogate pair in an item"),
            ([""], "an empty item"),
        )
        cases += [(_escaped(put(good, place.names, items)), f"{place}: {case}") for items, case in grown]
        deep = written(put(good, place.names, "@")).replace(b'"@"', nested)
        cases.append((deep, f"{place}: ten thousand levels"))
    return cases


def _with(good: Any, member: bytes) -> bytes:
    return written(good)[:-1] + b"," + member + b"}"


def _escaped(body: Any) -> bytes:
    return json.dumps(body, separators=(",", ":")).encode()
