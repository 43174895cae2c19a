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


def space(operation: Operation, *, proxied: bool = False) -> dict[str, Dimension]:
    """Every dimension of a request, by its name. `proxied`: a proxy before the target names itself."""
    found = [
        *credentials.dimensions(operation, proxied),
        *identifiers.dimensions(operation),
        *paths.dimensions(operation, proxied),
        *query.dimensions(),
        *media.dimensions(operation),
        *bodies.dimensions(operation),
        *spelling.dimensions(),
        *documents.dimensions(),
        *connection.dimensions(),
        *headers.dimensions(operation, proxied),
    ]
    return {one.name: one for one in found}
