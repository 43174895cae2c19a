"""A violation: one clause broken by one exchange, in words for its reader."""

from __future__ import annotations

from dataclasses import dataclass

from contract.kit.exchange import Exchange


@dataclass(frozen=True, slots=True)
class Violation:
    """`expected` and `actual` are whole phrases; `pointer` (RFC 6901) says where in the body.

    Half a surrogate pair in them, which no encoding can write, becomes its escape.

    `exchange` shows it; `beside` are the others that are needed to see it (the answer before, the pair).
    `clause`: its id, entered by the registry of rules.
    """

    expected: str
    actual: str
    exchange: Exchange
    pointer: str = ""
    beside: tuple[Exchange, ...] = ()
    clause: str = ""

    def __post_init__(self) -> None:
        for name in ("expected", "actual"):
            words = getattr(self, name).encode("utf-8", "backslashreplace").decode("utf-8")
            object.__setattr__(self, name, words)
