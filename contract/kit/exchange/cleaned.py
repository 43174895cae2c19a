"""A redirect to a cleaned path: how many routers answer a path with dot segments, doubled slashes or escapes."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from contract.kit.exchange.exchange import Exchange, Scope

REDIRECTS: Final = frozenset({301, 307, 308})
ODD: Final = re.compile(r"[;%]|//|/\.|/$")
"""What a router may clean away in a path whose identifiers are as they should be."""


def names_a_cleaned_path(exchange: Exchange) -> bool:
    """Return True if a malformed path was answered with a redirect to another path of the same host."""
    answer = exchange.answer
    location = answer.header("location") if answer is not None and answer.status in REDIRECTS else None
    if location is None or not _is_malformed(exchange):
        return False
    asked = next((value for name, value in exchange.request.headers if name.lower() == "host"), "")
    try:
        there, here = urlsplit(location), urlsplit(f"//{asked}{exchange.request.target}")
        same_host = not there.netloc or there.hostname == here.hostname
    except ValueError:
        return False
    return same_host and bool(there.path) and there.path != here.path


def _is_malformed(exchange: Exchange) -> bool:
    path = exchange.request.target.partition("?")[0]
    forms, values = exchange.promises.echoed, exchange.path_values
    wrong = any(name in forms and forms[name].fullmatch(value) is None for name, value in values.items())
    return exchange.scope is Scope.NEIGHBOUR or wrong or ODD.search(path) is not None
