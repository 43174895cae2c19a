"""Bodies as bytes, and those that are not JSON objects."""

from __future__ import annotations

import json
from typing import Any, Final

from hypothesis import strategies as st

from contract.kit.drive.strategies.bodies import words
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
    cut = st.integers(1, len(text) - 1).map(lambda n: (text[:n].encode(), f"the body cut after character {n}"))
    rest = st.integers(1, len(text) - 1).map(lambda n: (text[n:].encode(), f"the body from character {n + 1} on"))
    after = st.sampled_from(("}", "]", "x", ",{}", '"', "{")).map(
        lambda more: ((text + more).encode(), f"the body with {more} after it")
    )
    colonless = st.just((text.replace(":", " ").encode(), "the body without its colons"))
    bare = st.text("abcdefgh <>&=?/.", min_size=1, max_size=24).map(
        lambda word: (word.encode(), "a body of bare words")
    )
    form = st.just((b"a=1&b=2", "the body as a form"))
    blank = st.sampled_from((b"", b" ", b"\r\n\t")).map(lambda body: (body, "a body that is empty or blank"))
    comma = st.just((f"{text[:-1]},{text[-1]}".encode(), "the body with a comma before its end"))
    kinds = (cut, rest, after, comma, colonless, bare, form, blank)
    return [kind.filter(lambda case: not _is_json(case[0])) for kind in kinds]


def rootless() -> st.SearchStrategy[Case]:
    """JSON whose root is not an object."""
    roots: st.SearchStrategy[Any] = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-9, 9),
        words(),
        st.lists(st.one_of(words(), st.just({})), max_size=3),
    )
    return roots.map(lambda root: (written(root), f"the root of the body is {_ROOTS[type(root)]}"))
