"""Sessions and Authorization values that open nothing."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_letters, digits

from hypothesis import strategies as st

from contract.kit.drive.strategies.identifiers import HEX, SQL

FOREIGN_SCHEMES = ("Bearer", "Basic", "Digest", "Token", "ZStack", "Negotiate", "ApiKey", "JWT")


@dataclass(frozen=True, slots=True)
class Altered:
    """A session that was made from a good one, and how."""

    value: str
    case: str


def kinds_of_altered(good: str) -> list[st.SearchStrategy[Altered]]:
    """A good session cut, drawn out, with one digit changed, as a wildcard, with SQL, or twice; a strategy a kind.

    Never the good one itself, nor the good one with blanks round it (header values are trimmed).
    """
    more = st.text(HEX, min_size=1, max_size=8)
    place = st.integers(0, len(good) - 1)
    within = st.integers(1, len(good) - 1)
    kinds = (
        within.map(lambda n: Altered(good[:n], f"cut after character {n}")),
        within.map(lambda n: Altered(good[n:], f"from character {n + 1} on")),
        more.map(lambda text: Altered(good + text, f"with {text!r} after it")),
        more.map(lambda text: Altered(text + good, f"with {text!r} before it")),
        st.tuples(place, st.integers(1, len(HEX) - 1)).map(
            lambda at: Altered(with_digit_changed(good, *at), f"with digit {at[0]} changed")
        ),
        st.tuples(place, st.sampled_from("%*")).map(
            lambda at: Altered(good[: at[0]] + at[1], f"cut after character {at[0]}, with {at[1]} after it")
        ),
        st.sampled_from(("%", "*", "_" * len(good), "?" * len(good), "." * len(good), ".*")).map(
            lambda wild: Altered(wild, f"replaced by the wildcard {wild[:2]}")
        ),
        st.sampled_from(SQL).map(lambda part: Altered(good + part, "with SQL after it")),
        st.sampled_from(SQL).map(lambda part: Altered(part.strip(), "replaced by SQL")),
        st.sampled_from(("", " ", ",", ";")).map(lambda mark: Altered(f"{good}{mark}{good}", "twice")),
    )
    return [kind.filter(lambda made: made.value.strip().lower() != good.lower()) for kind in kinds]


def altered(good: str) -> st.SearchStrategy[Altered]:
    """Any of these kinds."""
    return st.one_of(*kinds_of_altered(good))


def with_digit_changed(value: str, at: int, by: int = 1) -> str:
    """With one digit moved on by some: never the same one, whatever it is, so that nothing drawn depends on it."""
    digit = HEX[(HEX.index(value[at].lower()) + by) % len(HEX)] if value[at].lower() in HEX else HEX[by]
    return value[:at] + digit + value[at + 1 :]


def invented_schemes(scheme: str) -> st.SearchStrategy[str]:
    """A scheme's name (RFC 9110, 11.1) that is not the endpoint's and does not begin with it."""
    names = st.text(ascii_letters + digits + "-_", min_size=1, max_size=12)
    return names.filter(lambda name: name[0] in ascii_letters and not name.lower().startswith(scheme.lower()))


def kinds_of_foreign_values(scheme: str, good: str) -> list[st.SearchStrategy[str]]:
    """An Authorization value under another scheme or none, with the good session or nothing; a strategy a kind."""
    schemes = st.one_of(st.sampled_from(FOREIGN_SCHEMES), invented_schemes(scheme))
    tokens = st.sampled_from(("", " ", f" {good}:{good}", f" session={good}"))
    known = [f"{name} {good}" for name in (*FOREIGN_SCHEMES, f"Bearer {scheme}")]
    return [
        invented_schemes(scheme).map(lambda name: f"{name} {good}"),
        st.tuples(schemes, tokens).map("".join),
        st.sampled_from((*known, good, f"{good} {scheme}")),
    ]
