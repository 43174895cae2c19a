"""What is kept of an exchange that has been judged: error pages may be long, and a run has thousands of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from contract.kit.exchange.exchange import Exchange
from contract.kit.exchange.message import Response

LONGEST_TEXT: Final = 16 * 1024
"""Bytes of a body that is not JSON."""


def received(exchange: Exchange) -> int:
    """Bytes of the bodies that came."""
    return sum(len(one.body) for one in (exchange.response, exchange.settled) if one is not None)


def kept(exchange: Exchange) -> Exchange:
    """The exchange with long texts cut; the very same object where there is none."""
    response, settled = _cut(exchange.response), _cut(exchange.settled)
    if response is exchange.response and settled is exchange.settled:
        return exchange
    return replace(exchange, response=response, settled=settled)


def _cut(response: Response | None) -> Response | None:
    if response is None or len(response.body) <= LONGEST_TEXT or response.json is not None:
        return response
    return replace(response, body=response.body[:LONGEST_TEXT])
