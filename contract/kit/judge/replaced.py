"""Answers that something before the server replaced: a gateway's error page in the place of each 503 with a failure.

What the server would have said is not known then, and no clause is to be blamed for the page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from contract.kit.exchange import Exchange, Response, gateway, page_title, speaker

FEWEST: Final = 8
"""Pages of one kind that show a habit and not an accident,"""
FEWEST_CASES: Final = 3
"""in answer to requests of so many kinds."""

FAILURE: Final = 503


def replaced(traffic: Iterable[Exchange]) -> tuple[str, frozenset[int]]:
    """What replaces the server's failures, in words, and the numbers of the exchanges with such a page.

    ("", nothing) where no gateway is seen to do it: a single 503 with a failure in it came through.
    """
    pages: dict[str, list[Exchange]] = defaultdict(list)
    for exchange in traffic:
        answer = exchange.answer
        if answer is None or answer.status != FAILURE:
            continue
        if answer.envelope is not None:
            return "", frozenset()
        if (named := _page_of_a_gateway(answer)) is not None:
            pages[named].append(exchange)
    for named, exchanges in pages.items():
        if len(exchanges) >= FEWEST and len({exchange.clause for exchange in exchanges}) >= FEWEST_CASES:
            told = (
                f"something before the server ({named}) replaces its {FAILURE} by a page: what it would have said "
                f"to {len(exchanges)} requests could not be judged; let its error pages through on the path of the API"
            )
            return told, frozenset(exchange.number for exchange in exchanges)
    return "", frozenset()


def _page_of_a_gateway(answer: Response) -> str | None:
    named = speaker(answer)
    return named if page_title(answer) is not None and gateway(answer) else None
