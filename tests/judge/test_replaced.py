"""A gateway's pages in the place of failures are told from a server that crashes."""

from __future__ import annotations

import pytest

from contract.kit.exchange import Exchange, Request, Response
from contract.kit.judge.replaced import FEWEST, FEWEST_CASES, replaced

HTML = ("Content-Type", "text/html")
PAGE = Response(503, (HTML, ("Server", "nginx/1.22")), b"<html><title>503</title></html>")
FAILURE = Response(503, (), b'{"error":{"code":"SYS.1003","description":"d","details":"x"}}')


def traffic(answer: Response, count: int = FEWEST, clauses: int = FEWEST_CASES) -> list[Exchange]:
    request = Request("POST", "/", (), b"")
    return [Exchange(number, request, answer, clause=f"PATH-{number % clauses:03}") for number in range(count)]


def test_a_habit_of_a_gateway_is_told_by_its_name() -> None:
    told, numbers = replaced(traffic(PAGE))
    assert "(Server: nginx/1.22) replaces its 503 by a page" in told
    assert numbers == set(range(FEWEST))


@pytest.mark.parametrize(
    "exchanges",
    [
        traffic(PAGE, FEWEST - 1),
        traffic(PAGE, clauses=FEWEST_CASES - 1),
        [*traffic(PAGE), *traffic(FAILURE, 1)],
        traffic(Response(503, (HTML,), PAGE.body)),
        traffic(Response(503, (("Server", "nginx"),), b"crashed")),
        traffic(Response(502, PAGE.headers, PAGE.body)),
    ],
    ids=["few", "of one kind", "a failure comes through", "nobody named", "no page", "another status"],
)
def test_anything_else_is_the_servers_own(exchanges: list[Exchange]) -> None:
    assert replaced(exchanges) == ("", frozenset())
