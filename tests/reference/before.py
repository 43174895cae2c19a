"""The requests that bring out what hangs on what came before: on the connection, by the session, for the pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reference.client import Client

if TYPE_CHECKING:
    from tests.reference.conftest import Stage

UNKNOWN = "0123456789abcdef0123456789abcdef"


def after_other_methods(stage: Stage, client: Client) -> None:
    """A good request, and one without credentials, behind each other method on one connection."""
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "TRACE"):
        for authorization in (f"OAuth {client.seeds.session}", None):
            client.send(method, client.path())
            client.add(authorization=authorization)


def methods_for_nothing(stage: Stage, client: Client) -> None:
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "TRACE"):
        client.send(method, client.path(trigger=UNKNOWN))


def near_miss_with_broken_json(stage: Stage, client: Client) -> None:
    client.add(b"{", path=f"{client.path()}/more")


def both_ends_in_upper_case(stage: Stage, client: Client) -> None:
    seeds = client.seeds
    client.add(path=client.path(seeds.job_group.upper(), seeds.trigger.upper()))


def logged_out_otherwise(stage: Stage, client: Client) -> None:
    """A session that was logged out, for what is not there, and in upper case."""
    session = stage.application.world.log_in()
    stage.application.world.log_out(session)
    client.add(path=client.path(trigger=UNKNOWN), authorization=f"OAuth {session}")
    client.add(authorization=f"OAuth {session.upper()}")


def removed_and_added(stage: Stage, client: Client) -> None:
    for _ in range(4):
        client.add()
        client.send("DELETE", client.path())


def refused_after_removal(stage: Stage, client: Client) -> None:
    client.add()
    client.send("DELETE", client.path())
    client.add(b"{")
