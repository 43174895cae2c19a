"""Who is asking: `OAuth SESSION`, or an access key."""

from __future__ import annotations

from contract.kit.reference.access_key import bad_signature
from contract.kit.reference.call import Call
from contract.kit.reference.dialect import Options
from contract.kit.reference.refusal import Refusal
from contract.kit.reference.world import World

LONG_HEADER = 8192


def token_of(call: Call) -> str:
    """What follows `OAuth` in the header, or ''."""
    value = (call.header("authorization") or "").strip()
    return value[5:].strip() if value.startswith("OAuth") else ""


def unauthenticated(call: Call, world: World, options: Options) -> Refusal | None:
    """Why the call may not go on, or None when it carries a good session or a good signature."""
    value = call.header("authorization")
    if value is None:
        return Refusal("no-header", 401, "ID.1001", "the Authorization header is missing")
    if len(value) > LONG_HEADER and options.long_header != "read":
        return Refusal("long-header", int(options.long_header), "ID.1001", "the Authorization header is too long")
    value = value.strip()
    if not value:
        return Refusal("empty-header", 401, "ID.1001", "the Authorization header is empty")
    scheme, _, rest = value.partition(" ")
    if scheme == "ZStack":
        if options.access_keys == "none":
            return Refusal("access-key", 401, "ID.1001", "access keys are not known here")
        return bad_signature(call, world, options, rest.strip())
    if scheme != "OAuth" and not (options.scheme == "any_case" and scheme.lower() == "oauth"):
        return Refusal("scheme", 401, "ID.1001", "the scheme of the Authorization header is OAuth")
    session = rest.strip()
    if not session:
        return Refusal("no-token", 401, "ID.1001", "the Authorization header names no session")
    return unknown_session(session, world, options)


def unknown_session(session: str, world: World, options: Options) -> Refusal | None:
    """Unknown and ended sessions look alike from outside; only the check's name tells them apart."""
    if options.session_case == "any":
        session = session.lower()
    if session in world.sessions:
        return None
    check = "ended-session" if session in world.ended else "unknown-session"
    return Refusal(check, 401, "ID.1001", "the session is not valid or has ended")
