"""The space of all requests to an operation."""

from __future__ import annotations

from contract.kit.description import Operation
from contract.kit.drive.dimensions import (
    bodies,
    connection,
    credentials,
    documents,
    headers,
    identifiers,
    media,
    paths,
    query,
    spelling,
)
from contract.kit.drive.dimensions.value import Dimension


def space(operation: Operation, *, proxied: bool = False, logs_out: bool = True) -> dict[str, Dimension]:
    """Every dimension of a request, by its name.

    `proxied`: without the values that are for a proxy to answer. `logs_out`: with a session that was logged out.
    """
    found = [
        *credentials.dimensions(operation, logs_out=logs_out),
        *identifiers.dimensions(operation),
        *paths.dimensions(operation),
        *query.dimensions(operation),
        *media.dimensions(operation),
        *bodies.dimensions(operation),
        *spelling.dimensions(),
        *documents.dimensions(),
        *connection.dimensions(),
        *headers.dimensions(operation),
    ]
    if proxied:
        found = [Dimension(one.name, tuple(value for value in one.values if not value.for_proxies)) for one in found]
    return {one.name: one for one in found}
