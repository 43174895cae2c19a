"""How a reference behaves where the contract leaves a choice: the options, and the dialects made of them.

Every option but the `DEPARTURES` is an *either* of the contract: no value of it makes the server break a clause.
A departure is what ZStack was observed to do against the contract; only its dialects have them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Literal, get_args, get_type_hints

Kind = Literal["documented", "zstack-5.2", "zsvirt"]


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of one running reference.

    Words are listed with their type; whole numbers are bounded by `BOUNDS`.
    """

    kind: Kind = "documented"
    # the envelope
    nulls: Literal["omitted", "written"] = "omitted"
    unknown_members: Literal["none", "beside"] = "none"
    content_type: Literal["bare", "charset", "upper", "none"] = "bare"
    extra_headers: Literal["none", "sent"] = "none"
    # failures and rejections
    failure_status: Literal["503", "200", "rest", "400"] = "503"
    rejection: Literal["json", "text", "empty", "html", "failure"] = "json"
    rejection_status: Literal["rest", "400"] = "rest"
    missing: Literal["failure", "rejection"] = "failure"
    causes: int = 0
    reserved: Literal["null", "filled"] = "null"
    # dates
    dates: Literal["page", "comma", "iso", "epoch"] = "page"
    zone: int = 480
    # the association
    readd: Literal["same", "fresh", "failure"] = "same"
    remove_absent: Literal["success", "failure"] = "success"
    # what the path and the header may look like
    blanks: Literal["trimmed", "refused"] = "refused"
    upper_case: Literal["refused", "matches"] = "refused"
    slashes: Literal["refused", "tolerated"] = "refused"
    scheme: Literal["exact", "any_case"] = "exact"
    long_header: Literal["read", "431", "400"] = "read"
    options_method: Literal["405", "200", "204"] = "405"
    # what the body may look like
    unknown_body: Literal["ignored", "refused"] = "ignored"
    media: Literal["any", "json"] = "any"
    null_members: Literal["accepted", "refused"] = "accepted"
    boolean_text: Literal["refused", "accepted"] = "refused"
    tag_items: Literal["refused", "accepted"] = "refused"
    large: Literal["accepted", "413"] = "accepted"
    # who asks
    session_case: Literal["exact", "any"] = "exact"
    access_keys: Literal["installed", "none"] = "installed"
    signed_date: Literal["zone", "wall"] = "zone"
    # pace and connection
    delay: int = 0
    rate: int = 0
    rate_minute: int = 0
    connection: Literal["kept", "closed"] = "kept"
    # the sibling calls
    provisioning: Literal["sync", "jobs"] = "sync"
    job_polls: int = 0
    job_time: int = 0
    # departures
    outcome: Literal["told", "lost"] = "told"
    fired: Literal["failure", "hangs"] = "failure"
    texts: int = 0

    @property
    def zstack(self) -> bool:
        """Whether this is one of ZStack's dialects, page or no page."""
        return self.kind != "documented"


BOUNDS: dict[str, tuple[int, int]] = {
    "causes": (0, 6),  # errors below the first one
    "zone": (-720, 840),  # minutes east of UTC of the dates that the server prints
    "delay": (0, 10_000),  # milliseconds before every answer
    "rate": (0, 100_000),  # requests a second before 429; 0 is no limit
    "rate_minute": (0, 1_000_000),  # requests a minute and an address before 429 without Retry-After; 0 is no limit
    "job_polls": (0, 50),  # polls that find a job still running
    "job_time": (0, 60_000),  # milliseconds from the 202 to the job's end
    "texts": (0, 1_000_000),  # refusals in text before the texts of failed casts are dropped; 0 is never
}

DEPARTURES = frozenset(
    [
        "outcome",  # of a request with a character above U+FFFF in what is stored of it: never told when lost
        "fired",  # adding again to a trigger that has fired for the last time: a failure, or a job that never ends
        "texts",
    ]
)

_ZSTACK = Options(
    kind="zstack-5.2",
    content_type="none",
    rejection="text",
    reserved="filled",
    readd="failure",
    blanks="trimmed",
    upper_case="matches",
    session_case="any",
    signed_date="wall",
    boolean_text="accepted",
    tag_items="accepted",
    provisioning="jobs",
)

DIALECTS: dict[str, Options] = {
    "documented": Options(),
    "zstack-5.2": _ZSTACK,
    # What ZStack's open virtualization engine was seen to do: its own code, running (2026-08).
    "zsvirt": replace(
        _ZSTACK,
        kind="zsvirt",
        upper_case="refused",
        access_keys="none",
        rate_minute=12_000,
        job_time=9,
        outcome="lost",
        fired="hangs",
        texts=3_000,
    ),
}


def words(option: str) -> tuple[str, ...]:
    """The values that `option` takes, or () when it takes a whole number."""
    hint = _HINTS[option]
    return () if hint is int else get_args(hint)


def with_value(options: Options, option: str, value: str) -> Options:
    """`options` with one of them set from text. ValueError when the value is not one that it takes."""
    allowed = words(option)
    if allowed:
        if value not in allowed:
            raise ValueError(f"{option} is one of {', '.join(allowed)}, not {value!r}")
        return replace(options, **{option: value})  # type: ignore[arg-type]
    low, high = BOUNDS[option]
    if not value.lstrip("-").isdecimal() or not low <= int(value) <= high:
        raise ValueError(f"{option} is a whole number from {low} to {high}, not {value!r}")
    return replace(options, **{option: int(value)})  # type: ignore[arg-type]


_HINTS = {name: hint for name, hint in get_type_hints(Options).items() if name != "kind"}
OPTION_NAMES: tuple[str, ...] = tuple(field.name for field in fields(Options) if field.name != "kind")
