"""The answers of the reference: the envelope, the error in it, and the bytes that go out."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from contract.kit.reference.dialect import Options
from contract.kit.reference.wire import Wire

CONTENT_TYPES = {
    "bare": "application/json",
    "charset": "application/json;charset=UTF-8",
    "upper": "Application/JSON; Charset=utf-8",
    "none": "",
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

DESCRIPTIONS = {
    "ID.1000": "Authentication failed",
    "ID.1001": "The session does not exist or is over",
    "SYS.1000": "Internal error",
    "SYS.1003": "There is no such resource",
    "SYS.1006": "The operation failed",
    "SYS.1007": "An argument is not valid",
    "SYS.1019": "The operation is not allowed",
}
REST_STATUS = {
    "ID.1000": 401,
    "ID.1001": 401,
    "SYS.1003": 404,
    "SYS.1006": 409,
    "SYS.1007": 422,
    "SYS.1000": 409,
    "SYS.1019": 403,
}

# Of ZStack's own codes those whose form is furthest from the page's.
OTHER_CODES = {
    "ID.1000": "LOGIN_CONTROL.1001",
    "ID.1001": "zbox.1000",
    "SYS.1000": "BS.SFTP.1000",
    "SYS.1003": "vmSchedulingRule.3001",
    "SYS.1006": "ZCE-X.1001",
    "SYS.1007": "L2.1007",
    "HOST.1001": "VM.QGA.1001",
}
SPOKEN = {
    "plain": "{}",
    "chinese": "操作失败: {} 请重试",
    "sql_like": "{}; SELECT ONE FROM THE LIST, detach it from the group and update it",
}
ISO_FORMS = {
    "iso": "%Y-%m-%dT%H:%M:%S",
    "week": "%G-W%V-%uT%H:%M:%S",
    "ordinal": "%Y-%jT%H:%M:%S",
    "basic": "%Y%m%dT%H%M%S",
    "minutes": "%Y-%m-%dT%H:%M",
}
LONG_PAGE = "<p>The request could not be understood by this server.</p>" * 4000


@dataclass(slots=True)
class Answer:
    """What goes back. `document` is JSON; `text` is any other body; `body`, when set, is sent as it is.

    `check` names the check that refused the request ("" for a success), `code` the error's code, if any.
    `wire` tells what the transport does besides sending it in one piece; `deferred` answers go into a job,
    which is found running `polls` times. `later` is what the call still does once it has been answered.
    `html_safe` escapes the marks of HTML in the JSON text. `by_container`: the server behind it saw nothing.
    """

    status: int
    document: object = None
    text: str | None = None
    content_type: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    check: str = ""
    code: str = ""
    body: bytes | None = None
    wire: Wire | None = None
    delay: float = 0.0
    html_safe: bool = False
    deferred: bool = False
    polls: int = 0
    later: Callable[[], object] | None = None
    by_container: bool = False

    def rendered(self) -> bytes:
        """The body's bytes."""
        if self.body is not None:
            return self.body
        if self.text is not None:
            return self.text.encode("utf-8", "replace")
        text = dumps(self.document)
        if self.html_safe:
            for mark, escape in HTML_SAFE:
                text = text.replace(mark, escape)
        return text.encode("utf-8", "replace")


# JSON's own syntax has none of these five outside strings, so that replacing them in the text is safe.
HTML_SAFE = tuple((mark, f"\\u{ord(mark):04x}") for mark in "<>&='")


def dumps(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def error(options: Options, code: str, details: str, description: str = "") -> dict[str, object]:
    """An ErrorCode as the page lists it, with as many causes under it as the options ask for."""
    made = _one_error(options, code, description or DESCRIPTIONS[code], details)
    lowest = made
    for depth in range(1, options.causes + 1):
        cause = _one_error(options, "HOST.1001" if depth % 2 else "SYS.1000", f"cause {depth}", f"{details} ({depth})")
        lowest["cause"] = cause
        lowest = cause
    return made


def _one_error(options: Options, code: str, description: str, details: str) -> dict[str, object]:
    code = OTHER_CODES[code] if options.codes == "others" else code
    details = SPOKEN[options.language].format(details)
    made: dict[str, object] = {"code": code, "description": description, "details": details}
    if options.reserved == "filled":
        made["elaboration"] = f"Error message: {details}"
        made["opaque"] = {"retry": False, "attempts": 1, "hosts": []}
    if options.nulls == "written":
        for name in ("elaboration", "opaque", "cause"):
            made.setdefault(name, None)
    if options.unknown_members == "beside":
        made["location"] = "schedule"
        made["cost"] = "3ms"
        made["messages"] = {"code": code, "source": "zstack", "distance": 0.0}
        made["globalErrorCode"] = "ORG_ZSTACK_SCHEDULER_10001"
    return made


def success(options: Options, inventory: dict[str, object]) -> Answer:
    """200 with the inventory."""
    if options.unknown_members == "beside":
        inventory["state"] = "Enabled"
        inventory["zoneUuid"] = None
    document: dict[str, object] = {"inventory": inventory}
    if options.nulls == "written":
        document = {"error": None, "inventory": inventory}
    _stand_beside(options, document)
    return Answer(200, document, content_type=CONTENT_TYPES[options.content_type])


def failure(options: Options, check: str, code: str, details: str, status: int = 0) -> Answer:
    """The error's envelope; its status follows the options unless one is given."""
    document: dict[str, object] = {"error": error(options, code, details)}
    if options.nulls == "written":
        document["inventory"] = None
    _stand_beside(options, document)
    if not status:
        rest = options.failure_status == "rest"
        status = REST_STATUS[code] if rest else int(options.failure_status)
    return Answer(status, document, content_type=CONTENT_TYPES[options.content_type], check=check, code=code)


def rejection(options: Options, check: str, status: int, code: str, details: str) -> Answer:
    """A refusal before the operation, in the form that the options ask for."""
    if options.rejection == "failure" and status != 429:  # a limit that is told as anything else is no limit
        return failure(options, check, code, details)
    if options.rejection_status != "rest" and status not in (405, 429):
        status = int(options.rejection_status)
    if options.rejection in ("json", "failure"):
        return failure(options, check, code, details, status)
    if options.rejection == "text":
        return Answer(status, text=details, content_type="text/plain;charset=utf-8", check=check, code=code)
    if options.rejection == "brackets":
        opened = "[" if status % 2 else "{"
        return Answer(status, text=f"{opened}scheduler] {details}", check=check, code=code)
    if options.rejection in ("html", "page"):
        more = LONG_PAGE if options.rejection == "page" else ""
        page = f"<!doctype html><html><head><title>{status}</title></head><body><h1>{status}</h1>{more}</body></html>"
        return Answer(status, text=page, content_type="text/html;charset=utf-8", check=check, code=code)
    return Answer(status, text="", check=check, code=code)


def plain(options: Options, document: object, status: int = 200) -> Answer:
    """A sibling call's JSON."""
    return Answer(status, document, content_type=CONTENT_TYPES[options.content_type])


def _stand_beside(options: Options, document: dict[str, object]) -> None:
    if options.unknown_members == "beside":
        document["schema"] = {"inventory": "SchedulerJobGroupSchedulerTriggerRefInventory"}
        document["apiTimeout"] = 1_800_000


def date(options: Options, instant: float) -> str | int:
    """An instant (epoch seconds) in the form and the zone of the options; only ISO 8601 names the zone."""
    if options.dates == "epoch":
        return int(instant * 1000)
    moment = time.gmtime(instant + options.zone * 60)
    if options.dates in ISO_FORMS:
        sign = "-" if options.zone < 0 else "+"
        hours, minutes = divmod(abs(options.zone), 60)
        offset = "Z" if options.zone == 0 else f"{sign}{hours:02}:{minutes:02}"
        milliseconds = int(instant * 1000) % 1000
        if options.dates == "minutes":
            milliseconds = int(instant % 60 / 60 * 1000)
        if options.dates == "basic":
            offset = offset.replace(":", "")
        return time.strftime(ISO_FORMS[options.dates], moment) + f".{milliseconds:03}{offset}"
    comma, blank = (",", "\u202f") if options.dates == "comma" else ("", " ")
    day = f"{MONTHS[moment.tm_mon - 1]} {moment.tm_mday}, {moment.tm_year}{comma}"
    half = "AM" if moment.tm_hour < 12 else "PM"
    return f"{day} {moment.tm_hour % 12 or 12}:{moment.tm_min:02}:{moment.tm_sec:02}{blank}{half}"
