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
    rejection: Literal["json", "text", "brackets", "empty", "html", "page", "failure"] = "json"
    rejection_status: Literal["rest", "400", "403", "422"] = "rest"
    missing: Literal["failure", "rejection"] = "failure"
    causes: int = 0
    reserved: Literal["null", "filled"] = "null"
    # dates
    dates: Literal["page", "comma", "iso", "week", "ordinal", "basic", "minutes", "epoch"] = "page"
    zone: int = 480
    # the association
    readd: Literal["same", "fresh", "failure", "by_turns"] = "same"
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
    boolean_text: Literal["refused", "accepted", "any_case"] = "refused"
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
    connection: Literal["kept", "closed", "reset"] = "kept"
    idle: int = 0
    idle_end: Literal["silent", "408"] = "silent"
    answers: int = 0
    connections: int = 0
    slowed: int = 0
    in_flight: int = 0
    limiter: Literal["429", "bare", "503"] = "429"
    sessions: Literal["many", "one"] = "many"
    session_seconds: int = 0
    session_requests: int = 0
    # what frameworks and gateways do before the operation
    unclean_path: Literal["read", "301", "307", "308"] = "read"
    path_parameters: Literal["kept", "dropped"] = "kept"
    long_path: Literal["read", "414"] = "read"
    unknown_method: Literal["405", "501"] = "405"
    query: Literal["ignored", "refused"] = "ignored"
    override: Literal["ignored", "refused"] = "ignored"
    accept: Literal["ignored", "406"] = "ignored"
    expectation: Literal["ignored", "417"] = "ignored"
    body_coding: Literal["ignored", "415"] = "ignored"
    second_header: Literal["first", "last", "refused"] = "first"
    reader: Literal["strict", "lenient"] = "strict"
    # the bytes of an answer
    coding: Literal["plain", "unnamed", "gzip", "members"] = "plain"
    framing: Literal["length", "chunked", "apart"] = "length"
    # words
    language: Literal["plain", "chinese", "sql_like"] = "plain"
    codes: Literal["page", "others"] = "page"
    # the sibling calls
    empty_links: Literal["written", "omitted"] = "written"
    several: Literal["told", "bare", "unknown", "refused"] = "told"
    provisioning: Literal["sync", "jobs"] = "sync"
    job_polls: int = 0
    job_time: int = 0
    # departures
    outcome: Literal["told", "lost"] = "told"
    fired: Literal["failure", "hangs"] = "failure"
    texts: int = 0

    @property
    def zstack(self) -> bool:
        """Return True if this is one of ZStack's dialects, page or no page."""
        return self.kind != "documented"


BOUNDS: dict[str, tuple[int, int]] = {
    "causes": (0, 6),  # errors below the first one
    "zone": (-720, 840),  # minutes east of UTC of the dates that the server prints
    "delay": (0, 10_000),  # milliseconds before every answer
    "rate": (0, 100_000),  # requests a second before 429; 0 is no limit
    "rate_minute": (0, 1_000_000),  # requests a minute and an address before 429 without Retry-After; 0 is no limit
    "idle": (0, 75_000),  # milliseconds that an idle connection is kept; 0 for longer than a run takes
    "answers": (0, 100_000),  # on a connection, before it ends without notice a moment later; 0 is no limit
    "connections": (0, 1_000),  # that are served at a time, others wait; 0 is no limit
    "slowed": (0, 100_000),  # of so many requests one is told to slow down; 0 for none
    "in_flight": (0, 1_000),  # requests that are answered at a time before others are told to slow down; 0: no limit
    "session_seconds": (0, 7_200),  # from a session's first request to its end; 0 is no limit
    "session_requests": (0, 100_000),  # that a session is good for; 0 is no limit
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
        texts=1_000,
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
