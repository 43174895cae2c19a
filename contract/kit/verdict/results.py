"""results.json: the one source of every report, as types.

Shape: `header`, a row a clause in `clauses`, `waivers`, `trouble`, `cleanup`, `notices`, and a `footer`
that is written last: a file without it is not a report.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from contract.kit.config import plain
from contract.kit.exchange import Outcome
from contract.kit.waive import WaiverRow


class State(StrEnum):
    """What a run can say of a clause."""

    PASS = "pass"
    VIOLATED = "violated"
    WAIVED = "waived"
    NOT_APPLICABLE = "not-applicable"
    """The run was not given what it needs, or the target never shows what it speaks of; see reason."""
    NOT_JUDGED = "not-judged"
    """It could not be judged: counts against the verdict."""
    ERROR = "error"
    """The suite itself failed at it."""


class VerdictWord(StrEnum):
    CONFORMANT = "conformant"
    WITH_WAIVERS = "conformant with waivers"
    PARTIAL = "partial"
    NOT_CONFORMANT = "not conformant"
    NOTHING_VERIFIED = "nothing verified"
    RUN_BROKEN = "run broken"
    HOLDS = "holds"
    """The chosen clauses hold."""
    VIOLATED = "violated"
    """One of the chosen clauses does not hold."""
    DID_NOT_START = "did not start"


class RunKind(StrEnum):
    """How much of the contract a run asks about. Only a whole run can be conformant."""

    WHOLE = "whole"
    CHOSEN = "chosen clauses"
    READ_ONLY = "read-only"
    PART = "part"
    """A shard."""


_OF_THE_WIRE: Final = frozenset({"host", "user-agent", "accept-encoding", "content-length"})


@dataclass(frozen=True, slots=True)
class Message:
    """One side of an exchange for readers: `line` is "POST /path" or "HTTP 503"; a long `body` is cut.

    `encoding` is "text", or "base64" where the bytes are not UTF-8; `size` is the full length in bytes.
    """

    line: str
    headers: list[tuple[str, str]]
    body: str
    encoding: str = "text"
    size: int = 0
    elapsed: float | None = None
    """Seconds, of an answer."""
    status: int | None = None
    """An answer's; None for a request."""

    @property
    def own_headers(self) -> list[tuple[str, str]]:
        """Those of a request that are not the same in all: the wire writes the others for itself."""
        return [(name, value) for name, value in self.headers if name.lower() not in _OF_THE_WIRE]


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """An exchange for readers. `job`: what the job of a 202 ended with; `trouble`: why no answer came."""

    number: int
    request: Message
    response: Message | None
    job: Message | None = None
    trouble: str | None = None
    trouble_kind: str | None = None
    """dropped, timeout, ...: what `trouble` says in words."""
    case: str = ""
    """What was tried, in words ("no Authorization header")."""
    expect: str = "either"
    """What the contract promises for the request: success, refusal, either."""
    scope: str = "endpoint"
    """Whose answer it is: the endpoint's or a neighbour's."""
    outcome: str = ""
    """What kind of answer it is: success, failure, rejection, crash, silence, ..."""
    own: dict[str, str] = field(default_factory=dict)
    """UUIDs in its path of resources that the run had made, and what each was: job group, trigger."""

    @property
    def answer(self) -> Message | None:
        """What the request came to: the end of its job, or its response."""
        return self.job or self.response

    @property
    def crashed(self) -> bool:
        """The answer shows a crash, or none came at all."""
        return self.outcome in (Outcome.CRASH, Outcome.SILENCE)


@dataclass(frozen=True, slots=True)
class ViolationRow:
    expected: str
    actual: str
    pointer: str
    exchange: ExchangeRow
    curl: str
    count: int = 1
    """How many exchanges of the run broke the clause in this way; the smallest is shown."""
    causes: list[str] = field(default_factory=list)
    """The error's chain of causes, a line a level, outermost first ("SYS.1006 An operation failed")."""
    beside: list[ExchangeRow] = field(default_factory=list)
    waiver: str | None = None
    """The ticket of the waiver that covers it."""
    status: int | None = None
    """The status of the answer that the request came to."""
    code: str = ""
    """The code of its error; empty where it has none."""
    rule: str = ""
    """The name of the rule that found it."""
    good: bool = False
    """The request is a good one, which has to succeed."""
    isolated: str = ""
    """What makes it break, as sending it again with less has shown: "fails only with: ... (without it: 200)"."""


@dataclass(frozen=True, slots=True)
class ClauseRow:
    id: str
    family: str
    level: str
    sentence: str
    source: str
    state: State
    judged: int
    """How many exchanges were judged."""
    reason: str = ""
    """Why it is not applicable, not judged or an error."""
    violations: list[ViolationRow] = field(default_factory=list)
    tests: list[str] = field(default_factory=list)
    sample: ExchangeRow | None = None
    """A plain one of the exchanges that were judged, if nothing broke the clause."""
    floor: int = 1
    """The fewest exchanges that make a pass."""
    errors: list[str] = field(default_factory=list)
    """Where the suite itself failed at it."""
    inapplicable: list[str] = field(default_factory=list)
    """Why tests of it did not apply."""
    unjudged: list[str] = field(default_factory=list)
    """Why tests of it could not judge."""
    asked: bool = False
    """A test of it had the whole traffic judged."""
    unanswered: str = ""
    """What a request of its tests met in place of an answer, where nothing was judged."""


@dataclass(frozen=True, slots=True)
class RootCause:
    """What the violations of several `clauses` (their ids) have in common, in `words`."""

    words: str
    clauses: list[str]


@dataclass(frozen=True, slots=True)
class AnswerKind:
    """A kind of answer, without its values. `answer`: "503", "202 then 200", "no answer: timeout"."""

    answer: str
    code: str
    """The error's code, or ""."""
    media: str
    """The media type without parameters, or ""."""
    members: list[str]
    """Members that are not null, those of the error and of the inventory too: "error", "error.code"."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The kinds of answers that came. `kinds`: each by a name. `asked`: by clause and by what was tried, how often
    each kind came.
    """

    kinds: dict[str, AnswerKind] = field(default_factory=dict)
    asked: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)


BOUNDS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds that the bars of a histogram end at; the last bar has no end."""


@dataclass(frozen=True, slots=True)
class Latency:
    """How long `answers` took, in seconds. `histogram`: how many of them up to each of `BOUNDS`, and above the last."""

    answers: int
    p50: float
    p95: float
    p99: float
    max: float
    histogram: list[int]


@dataclass(frozen=True, slots=True)
class Load:
    """What a soak held on the target, over `seconds`. Rates in requests a second; `connections` of all `workers`."""

    seconds: float
    asked: float
    held: float
    workers: int
    connections: int


@dataclass(frozen=True, slots=True)
class Header:
    suite_version: str
    description_digest: str
    target: dict[str, Any]
    """`name`, `url`, `kind` (reference, url, file), `mode` (account, session, access key), `version`."""
    settings: dict[str, Any]
    """The run's options and variables, secrets replaced."""
    depth: str
    seed: int
    run_id: str
    start: str
    end: str
    """RFC 3339, UTC."""
    kind: RunKind = RunKind.WHOLE
    asked: list[str] = field(default_factory=list)
    """The clauses that a run of chosen clauses was asked about."""
    shard: str = ""
    """`1/2`: which part of how many."""


@dataclass(frozen=True, slots=True)
class Footer:
    counts: dict[str, int]
    """Clauses by state."""
    exchanges: int
    verdict: VerdictWord
    exit_status: int
    why: str = ""
    """One sentence."""


@dataclass(frozen=True, slots=True)
class Results:
    header: Header
    clauses: list[ClauseRow]
    footer: Footer
    waivers: list[WaiverRow] = field(default_factory=list)
    trouble: dict[str, int] = field(default_factory=dict)
    """How often each kind of trouble was met on the way (dropped, timeout, gateway, throttled, renewed)."""
    cleanup: dict[str, Any] = field(default_factory=dict)
    """`made`, `removed` (numbers) and `left` (names of what could not be removed)."""
    notices: list[str] = field(default_factory=list)
    """Things that a reader should know and that change no verdict."""
    latency: dict[str, float] = field(default_factory=dict)
    """Seconds of the endpoint's answers: p50, p95, p99, max."""
    latencies: dict[str, Latency] = field(default_factory=dict)
    """Latencies by kind of request."""
    excluded: list[dict[str, str]] = field(default_factory=list)
    """What is not tested: id, sentence, reason."""
    answers: Answers = field(default_factory=Answers)
    load: Load | None = None
    """The load that a soak held; None for any other run."""
    roots: list[RootCause] = field(default_factory=list)
    """Causes that several broken clauses share."""
    witness: bool = True
    """A good request succeeded, so that a pass shows something."""
    instead: str = ""
    """What a good request met in place of a success, where none succeeded."""
    broken: str = ""
    """Why the run could not go on."""
    blocked: str = ""
    """What answered in the place of the server, and since when."""

    def as_json(self) -> dict[str, Any]:
        """Plain lists, dictionaries and strings, `footer` last."""
        content: dict[str, Any] = plain(self)
        content["footer"] = content.pop("footer")
        return content
