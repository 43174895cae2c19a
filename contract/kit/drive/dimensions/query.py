"""What stands in the query: it names nothing and changes nothing."""

from __future__ import annotations

from typing import Final

from contract.kit.drive.dimensions.value import Change, Dimension, Draft, Value, dimension
from contract.kit.exchange import Expect

QUERIES: Final = (
    *(
        "?",
        "?x",
        "?x=y",
        "?=",
        "?&&",
        "?_method=DELETE",
        "?_method=PUT",
        "?_method=GET",
        "?method=DELETE",
        "?action=remove",
    ),
    *("?triggerNow=true", "?params=%7B%7D", "?format=xml", "?callback=x", "?dryRun=true", "?validateOnly=true"),
    *(
        "?x=%zz",
        "?x=%ff",
        "?x=%00",
        "?x[]=1&x[]=2",
        "?x=" + "y" * 2_000,
        "?" + "&".join(f"x{at}=y" for at in range(300)),
    ),
)


def _asked(query: str) -> Change:
    def change(draft: Draft) -> None:
        draft.query += query if not draft.query else f"&{query[1:]}"

    return change


def dimensions() -> list[Dimension]:
    """The query."""
    values = [
        Value(f"the query {query[:24]}", _asked(query), Expect.EITHER, "PATH-007", "a query") for query in QUERIES
    ]
    return [dimension("query", values)]
