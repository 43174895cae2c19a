"""Who is asking: `OAuth SESSION`, or `ZStack ID:SIGNATURE` with a Date header."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time
from email.utils import parsedate_to_datetime

from contract.kit.reference.call import Call
from contract.kit.reference.dialect import Options
from contract.kit.reference.refusal import Refusal
from contract.kit.reference.world import World

LONG_HEADER = 8192
SKEW = 15 * 60
_DATE = re.compile(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} \S+")


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
        return bad_signature(call, world, rest.strip())
    if scheme != "OAuth" and not (options.scheme == "any_case" and scheme.lower() == "oauth"):
        return Refusal("scheme", 401, "ID.1001", "the scheme of the Authorization header is OAuth")
    session = rest.strip()
    if not session:
        return Refusal("no-token", 401, "ID.1001", "the Authorization header names no session")
    return unknown_session(session, world)


def unknown_session(session: str, world: World) -> Refusal | None:
    """Unknown and ended sessions look alike from outside; only the check's name tells them apart."""
    if session in world.sessions:
        return None
    check = "ended-session" if session in world.ended else "unknown-session"
    return Refusal(check, 401, "ID.1001", "the session is not valid or has ended")


def bad_signature(call: Call, world: World, credential: str) -> Refusal | None:
    """The access key's check as observed in ZStack: base64(HMAC-SHA1(secret, METHOD \\n Date \\n path))."""
    date = call.header("date")
    if date is None:
        return Refusal("access-key", 400, "ID.1001", "'Date' must be incuded in request header")
    try:
        if not _DATE.fullmatch(date):
            raise ValueError(date)
        moment = parsedate_to_datetime(date)
    except ValueError:
        expected = "EEE, dd MMM yyyy HH:mm:ss z"
        return Refusal("access-key", 400, "ID.1001", f"'Date' format error, correct format is {expected}")
    if abs(moment.timestamp() - time.time()) > SKEW:
        return Refusal("access-key", 403, "ID.1001", "requestTimeTooSkewed")
    key_id, colon, signature = credential.partition(":")
    if not colon or not key_id or not signature:
        return Refusal("access-key", 400, "ID.1001", "accessKey format is 'ZStack AccessKeyId:Signature'")
    if key_id != world.seeds.access_key_id:
        return Refusal("access-key", 403, "ID.1001", f"access key id: {key_id} does not existed or disabled")
    if not hmac.compare_digest(signature.encode(), sign(world.seeds.access_key_secret, call.method, date, call.path)):
        return Refusal("access-key", 403, "ID.1001", "wrong accessKey signature")
    return None


def sign(secret: str, method: str, date: str, path: str) -> bytes:
    """The signature of a request; `path` as on the wire, from which the leading /zstack is not signed."""
    signed = f"{method}\n{date}\n{path.removeprefix('/zstack')}"
    return base64.b64encode(hmac.new(secret.encode(), signed.encode("utf-8", "replace"), hashlib.sha1).digest())
