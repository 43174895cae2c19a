"""An access key: `Authorization: ZStack ID:SIGNATURE` and a Date, checked as ZStack's own module was seen to.

The signature is base64(HMAC-SHA1(secret, METHOD \\n Date \\n path)): not of the body, the query or /zstack.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import re
from urllib.parse import unquote

from contract.kit.reference.call import Call
from contract.kit.reference.dialect import Options
from contract.kit.reference.refusal import Refusal
from contract.kit.reference.world import World

SKEW = dt.timedelta(minutes=15)
NOT_INSTALLED = "RestAuthenticationType type: ZStack was not registered by any RestAuthenticationBackend"

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ZONE = r"(?P<zone>GMT|UTC|Z|[+-]\d\d:\d\d|[+-]\d{4})"
_RFC_1123 = re.compile(
    r"(?:(?P<weekday>[a-z]{3}), )?(?P<day>\d{1,2}) (?P<month>[a-z]{3}) (?P<year>\d{4}) (?P<time>\d\d:\d\d:\d\d) "
    + _ZONE,
    re.IGNORECASE,
)
_ISO_8601 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.IGNORECASE)
# The older server's pattern: a weekday, and the zone as a name or with a colon in it.
_OLDER = re.compile(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (?:GMT|UTC|[+-]\d\d:\d\d)")
_WRONG_DATE = {
    "zsvirt": (
        "Date format error. The 'Date' header must conform to one of the supported RFC 1123 or ISO 8601 formats. "
        "Examples include: 'Tue, 3 Jun 2008 11:05:30 GMT', '2008-06-03T11:05:30Z'"
    )
}
_WRONG_OLDER_DATE = "'Date' format error, correct format is EEE, dd MMM yyyy HH:mm:ss z"


def bad_signature(call: Call, world: World, options: Options, credential: str) -> Refusal | None:
    """Why the credential, what follows `ZStack`, is refused, or None: first the date, then form, id and signature."""
    date = call.header("date")
    if date is None:
        return _refused(400, "'Date' must be incuded in request header")
    moment = _moment(date, options)
    if moment is None:
        return _refused(400, _WRONG_DATE.get(options.kind, _WRONG_OLDER_DATE))
    if abs(moment - _now(options)) > SKEW:
        return _refused(403, "requestTimeTooSkewed")
    parts = credential.split(":")
    while parts and not parts[-1]:  # Java's split drops what is empty at the end
        parts.pop()
    if len(parts) != 2:
        return _refused(400, "accessKey format is 'ZStack AccessKeyId:Signature'")
    key_id, signature = parts
    # A database compares the ids: without case, and without blanks at the end.
    if key_id.rstrip(" ").lower() != world.seeds.access_key_id.lower():
        return _refused(403, f"access key id: {key_id} does not existed or disabled")
    if not hmac.compare_digest(signature.encode(), sign(world.seeds.access_key_secret, call.method, date, call.path)):
        return _refused(403, "wrong accessKey signature")
    return None


def sign(secret: str, method: str, date: str, path: str) -> bytes:
    """The signature of a request; `path` as on the wire, of which the decoded part behind /zstack is signed."""
    signed = f"{method}\n{date}\n{unquote(path).removeprefix('/zstack')}"
    return base64.b64encode(hmac.new(secret.encode(), signed.encode("utf-8", "replace"), hashlib.sha1).digest())


def _refused(status: int, text: str) -> Refusal:
    return Refusal("access-key", status, "ID.1001", text)


def _now(options: Options) -> dt.datetime:
    """The moment that a request's is compared with: the true one, or what the clock on the server's wall shows."""
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    return now + dt.timedelta(minutes=options.zone) if options.signed_date == "wall" else now


def _moment(text: str, options: Options) -> dt.datetime | None:
    """What the Date header says, without a zone: by its own clock, or in UTC where zones count. None if malformed."""
    try:
        if options.kind != "zsvirt" and _OLDER.fullmatch(text) is None:
            return None
        parsed = dt.datetime.fromisoformat(text.upper()) if _ISO_8601.fullmatch(text) else _rfc_1123(text)
    except ValueError:
        return None
    if options.signed_date == "zone":
        parsed = parsed.astimezone(dt.UTC)
    return parsed.replace(tzinfo=None)


def _rfc_1123(text: str) -> dt.datetime:
    found = _RFC_1123.fullmatch(text)
    if found is None:
        raise ValueError(text)
    month = _MONTHS.index(found["month"].lower()) + 1
    zone = found["zone"].upper()
    zone = "+00:00" if zone.isalpha() else zone
    parsed = dt.datetime.fromisoformat(f"{found['year']}-{month:02}-{int(found['day']):02}T{found['time']}{zone}")
    if found["weekday"] and _DAYS.index(found["weekday"].lower()) != parsed.weekday():
        raise ValueError(f"no {found['weekday']}")
    return parsed
