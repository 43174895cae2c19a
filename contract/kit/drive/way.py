"""What gateways and proxies on the way do to a request.

A target may take doubled slashes and dot segments out of a path. Where a gateway does so it decodes the path first
(lighttpd as it is installed, nginx with a prefix), so that an encoded slash or dot before a UUID is gone when the
server sees it. Proxies answer some headers in the server's place.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from posixpath import normpath
from urllib.parse import unquote

from contract.kit.description import Operation
from contract.kit.drive.client import Client
from contract.kit.drive.dimensions import TO_A_PROXY
from contract.kit.drive.sending import Sending, Values, decoded, path_of
from contract.kit.exchange import Scope
from contract.kit.target import Pair


class Way:
    """`cleans`: a path with a doubled slash is taken for the one without; None until that is learned."""

    def __init__(self, client: Client) -> None:
        self.cleans: bool | None = None
        self._client = client

    @cached_property
    def proxied(self) -> bool:
        """Return True if a proxy names itself, or headers that are for proxies change the answer to a plain call."""
        client = self._client
        return bool(client.wire.via) or client.estate.access.is_answered_otherwise(TO_A_PROXY)


def with_a_double_slash(path: str) -> Sending:
    """A request that only a target grants which cleans its paths."""
    before, _, last = path.rpartition("/")
    return Sending(
        target=f"{before}//{last}", scope=Scope.NEIGHBOUR, case="a double slash, to learn whether paths are cleaned"
    )


def as_cleaned(operation: Operation, values: Values, sending: Sending) -> tuple[Values, Sending] | None:
    """A request under the identifiers that its path names once it is cleaned; None where it names none."""
    path = path_of(operation, values)
    if sending.target is not None or "%2F" not in path:
        return None
    named = Pair(*decoded(values).values()).canonical
    clean = dict(zip(operation.path_parameters, (named.group, named.trigger), strict=True))
    if normpath(unquote(path)) != operation.expand(**clean):
        return None
    return clean, replace(sending, target=path)
