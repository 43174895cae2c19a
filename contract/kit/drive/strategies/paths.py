"""Methods and paths that are nearly the endpoint's: made from the description's own."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase

from hypothesis import strategies as st

COMMON_METHODS = ("GET", "HEAD", "PUT", "PATCH", "OPTIONS")
LEFT_ALONE = frozenset({"DELETE", "CONNECT", "TRACE"})
"""DELETE is an operation of its own; CONNECT is for proxies, and TRACE has no body (RFC 9110, 9.3.6 and 9.3.8)."""


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A raw path and how it differs. `tolerable`: the target may take it for the path itself."""

    path: str
    case: str
    tolerable: bool = False


def other_methods(own: str) -> st.SearchStrategy[str]:
    """Methods that are not the operation's: the common ones and invented ones (RFC 9110, 9.1)."""
    invented = st.text(ascii_uppercase, min_size=3, max_size=10)
    known = frozenset((own, *COMMON_METHODS, *LEFT_ALONE))
    common = [one for one in COMMON_METHODS if one != own]
    return st.one_of(st.sampled_from(common), invented.filter(lambda name: name not in known))


def near_misses(path: str, values: tuple[str, ...]) -> st.SearchStrategy[NearMiss]:
    """A path with a segment more, one less, one misspelt or in another case. Never the path itself.

    `path` as sent; `values`: the segments that are parameters and stay as they are.
    """
    segments = path.split("/")[1:]
    literal = [at for at, segment in enumerate(segments) if segment not in values]

    def join(parts: list[str]) -> str:
        return "/" + "/".join(parts)

    extra = st.tuples(st.integers(1, len(segments)), st.text(ascii_lowercase, min_size=1, max_size=8)).map(
        lambda at: NearMiss(
            join([*segments[: at[0]], at[1], *segments[at[0] :]]), f"the path with {at[1]} more in place {at[0]}"
        )
    )
    missing = st.integers(0, len(segments) - 1).map(
        lambda at: NearMiss(join(segments[:at] + segments[at + 1 :]), f"the path without segment {at}")
    )

    def spelt(change: str, at: int, place: int) -> NearMiss:
        word = segments[at]
        place %= len(word)
        made = {
            "letter more": word[:place] + "x" + word[place:],
            "letter less": word[:place] + word[place + 1 :],
            "letter changed": word[:place] + ("x" if word[place] != "x" else "y") + word[place + 1 :],
            "upper case": word[:place] + word[place:].swapcase(),
        }[change]
        return NearMiss(join([*segments[:at], made, *segments[at + 1 :]]), f"the path with {made} for {word}")

    kinds = st.sampled_from(("letter more", "letter less", "letter changed", "upper case"))
    misspelt = st.builds(spelt, kinds, st.sampled_from(literal), st.integers(0, 20))
    slashed = st.one_of(
        st.just(NearMiss(path + "/", "the path with a slash after it", tolerable=True)),
        st.integers(1, len(segments) - 1).map(
            lambda at: NearMiss(
                join([*segments[:at], "", *segments[at:]]),
                f"the path with a double slash in place {at}",
                tolerable=True,
            )
        ),
    )
    return st.one_of(extra, missing, misspelt, slashed).filter(lambda made: made.path != path and made.path[:2] != "//")
