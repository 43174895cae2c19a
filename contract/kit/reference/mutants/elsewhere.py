"""AUTH: a session that stands in another part of the request than its header."""

from __future__ import annotations

from collections.abc import Container
from typing import Literal

from contract.kit.reference.call import Call
from contract.kit.reference.fault import Fault, Mutant, Scene
from contract.kit.reference.mutants.vices import AUTH_CHECKS, accepts


def _elsewhere(where: Literal["query", "cookie", "body"], checks: Container[str] = AUTH_CHECKS) -> Fault:
    """Accept a session that stands there, where these checks find none in the header."""

    def waives(call: Call, check: str, scene: Scene) -> bool:
        return check in checks and call.carries(scene.world.sessions, where)

    return Fault(waives=waives)


# fmt: off
MUTANTS = (
    Mutant("auth-session-in-query-accepted", "a session in the query stands in for the header",
           ("AUTH-003",), _elsewhere("query")),
    Mutant("auth-session-in-cookie-accepted", "a session in a cookie stands in for the header",
           ("AUTH-003",), _elsewhere("cookie")),
    Mutant("auth-session-in-body-accepted", "a session in the body stands in for the header",
           ("AUTH-003",), _elsewhere("body")),
    Mutant("auth-access-token-accepted", "`access_token` in the query stands in for the header",
           ("AUTH-003",), accepts(AUTH_CHECKS, lambda call: any(name == "access_token" for name, _ in call.query_items))),
    Mutant("auth-session-in-cookie-without-a-header", "a session in a cookie is taken where there is no header",
           ("AUTH-003",), _elsewhere("cookie", {"no-header"})),
    Mutant("auth-session-in-body-without-a-header", "a session in the body is taken where there is no header",
           ("AUTH-003",), _elsewhere("body", {"no-header"})),
    Mutant("auth-session-in-query-beside-an-empty-header", "a session in the query is taken where the header is empty",
           ("AUTH-003",), _elsewhere("query", {"empty-header"})),
    Mutant("auth-session-in-query-beside-an-unknown-one", "a session in the query is taken where the header's is unknown",
           ("AUTH-003",), _elsewhere("query", {"unknown-session"})),
)
