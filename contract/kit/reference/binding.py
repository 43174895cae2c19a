"""Why ZStack refuses to make a message of a request: the checks of its members and headers before any job."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from contract.kit.reference.call import Call
from contract.kit.reference.gson import token
from contract.kit.reference.java import cast, printed
from contract.kit.reference.jobs import Jobs
from contract.kit.reference.refusal import Refusal

CHECKS: Final = {"systemTags": "system-tags", "userTags": "user-tags"}
LONGEST_TIMEOUT: Final = 2**63 - 1
_BOOLEAN: Final = "Invalid value for boolean field [triggerNow], [{}] is not a valid boolean string[true, false]."
_FIELDS: Final = {
    **dict.fromkeys(CHECKS, "BEGIN_ARRAY"),
    **dict.fromkeys(("session", "headers"), "BEGIN_OBJECT"),
    "timeout": "NUMBER",
}
_WHOLE = re.compile(r"[+-]?\d+")


def refused(call: Call, root: dict[str, Any], jobs: Jobs) -> Refusal | None:
    """The first thing that is wrong, in the server's order, or None."""
    params = root.get("params")
    if params is not None and not isinstance(params, dict):
        return Refusal("params-type", 500, "", cast(params, "java.util.Map"), implicit=True)
    now = (params or {}).get("triggerNow")
    if now is not None and printed(now).lower() not in ("true", "false"):
        return Refusal("trigger-now", 400, "", _BOOLEAN.format(printed(now)))
    return _unbound(params or {}) or _bad_headers(call, jobs) or _bad_tags(root)


def _unbound(params: dict[str, Any]) -> Refusal | None:
    """The first member of params that is not of its field's type."""
    for name, value in params.items():
        wanted = _FIELDS.get(name)
        if value is not None and wanted is not None and token(value) != wanted:
            check = CHECKS.get(name, "params-member")
            if wanted == "NUMBER" and isinstance(value, str):
                return Refusal(check, 500, "", f'java.lang.NumberFormatException: For input string: "{value}"')
            where = f"at line 1 column {_column(params, name)} path $.{name}"
            text = f"java.lang.IllegalStateException: Expected {wanted} but was {token(value)} {where}"
            return Refusal(check, 500, "", text)
    return None


def _column(params: dict[str, Any], name: str) -> int:
    """Where the reader stands at that member, in params written anew without a blank."""
    before = {known: params[known] for known in list(params)[: list(params).index(name)]}
    value = params[name]
    shown = json.dumps(value) if isinstance(value, bool | int | float) else '"'
    written = json.dumps({**before, name: 0}, separators=(",", ":"))
    return len(written.removesuffix("0}")) + len(shown) + 1


def _bad_headers(call: Call, jobs: Jobs) -> Refusal | None:
    job = jobs.bad_name(call)
    if job:
        return Refusal("job-uuid", 400, "", job)
    timeout = call.header("x-api-timeout")
    if timeout is not None and (_WHOLE.fullmatch(timeout) is None or abs(int(timeout)) > LONGEST_TIMEOUT):
        return Refusal("timeout", 500, "", f'For input string: "{timeout}"')
    return None


def _bad_tags(root: dict[str, Any]) -> Refusal | None:
    for name, check in CHECKS.items():
        tags = root.get(name)
        if tags is not None and not isinstance(tags, list):
            return Refusal(check, 500, "", cast(tags, "java.util.List"), implicit=True)
    return None
