"""Results of every shape, made by Hypothesis: all states, any text that can come over a wire."""

from __future__ import annotations

from collections import Counter

from hypothesis import strategies as st

from contract.kit.verdict import results as r
from contract.kit.verdict.verdict import conclude
from contract.kit.waive import WaiverRow

# Surrogates, controls and markup of every report's own: what a server can put into a header or a body.
TEXT = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=30),
    st.sampled_from(["</script><b>", "]]>", "```", "|", "\x1b[31m", "\x00", "a\r\nb", "\u202e", "﷽" * 50, "&amp;"]),
)
COUNT = st.integers(0, 10**6)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
SECONDS = st.floats(0, 100)
MESSAGES = st.builds(
    r.Message,
    line=st.just("HTTP"),
    status=st.sampled_from([200, 503, 404]),
    headers=st.lists(st.tuples(TEXT, TEXT), max_size=3),
    body=TEXT | JSON.map(lambda value: __import__("json").dumps(value)),
    encoding=st.just("text"),
    size=COUNT,
    elapsed=st.none() | SECONDS,
)
EXCHANGES = st.builds(
    r.ExchangeRow,
    number=COUNT,
    request=st.builds(
        r.Message,
        line=TEXT.map("POST /{}".format),
        headers=st.lists(st.tuples(TEXT, TEXT), max_size=3),
        body=TEXT,
        encoding=st.just("text"),
        size=COUNT,
    ),
    response=st.none() | MESSAGES,
    job=st.none() | MESSAGES,
    trouble=st.none() | TEXT,
    case=TEXT,
)
VIOLATIONS = st.builds(
    r.ViolationRow,
    expected=TEXT,
    actual=TEXT,
    pointer=TEXT,
    exchange=EXCHANGES,
    curl=TEXT,
    count=st.integers(1, 999),
    causes=st.lists(TEXT, max_size=4),
    beside=st.lists(EXCHANGES, max_size=1),
    waiver=st.none(),
)


LATENCIES = st.builds(
    r.Latency,
    answers=st.integers(1, 999),
    p50=SECONDS,
    p95=SECONDS,
    p99=SECONDS,
    max=SECONDS,
    histogram=st.lists(COUNT, min_size=len(r.BOUNDS) + 1, max_size=len(r.BOUNDS) + 1),
)
KIND_NAMES = ("200 {inventory}", "503 SYS.1006 {error}", "")
ANSWERS = st.builds(
    r.Answers,
    kinds=st.fixed_dictionaries(
        {
            name: st.builds(r.AnswerKind, answer=TEXT, code=TEXT, media=TEXT, members=st.lists(TEXT, max_size=3))
            for name in KIND_NAMES
        }
    ),
    asked=st.dictionaries(
        st.sampled_from(["AUTH-000", "ENV-001"]),
        st.dictionaries(
            st.sampled_from(["no credentials", "other requests"]) | TEXT,
            st.dictionaries(st.sampled_from(KIND_NAMES), st.integers(1, 99), min_size=1),
            max_size=3,
        ),
    ),
)


@st.composite
def clauses(draw: st.DrawFn) -> list[r.ClauseRow]:
    rows = []
    for number in range(draw(st.integers(0, 6))):
        state = draw(st.sampled_from(r.State))
        family = ("AUTH", "ENV")[number % 2]
        found = (
            draw(st.lists(VIOLATIONS, min_size=1, max_size=2)) if state in (r.State.VIOLATED, r.State.WAIVED) else []
        )
        rows.append(
            r.ClauseRow(
                f"{family}-{number:03d}",
                family,
                draw(st.sampled_from(["MUST", "SHOULD"])),
                draw(TEXT),
                draw(TEXT),
                state,
                draw(COUNT),
                draw(TEXT),
                found,
                draw(st.lists(TEXT)),
                None if found else draw(st.none() | EXCHANGES),
            )
        )
    return rows


@st.composite
def results(draw: st.DrawFn) -> r.Results:
    """A run whose footer is what its rows make it."""
    rows = draw(clauses())
    waivers = draw(
        st.lists(
            st.builds(
                WaiverRow,
                clause=TEXT,
                reason=TEXT,
                ticket=TEXT,
                owner=TEXT,
                since=TEXT,
                review_by=TEXT,
                matched=COUNT,
                state=st.sampled_from(["used", "stale", "not exercised"]),
                past_review=st.booleans(),
            ),
            max_size=2,
        )
    )
    header = r.Header(
        draw(TEXT),
        draw(TEXT),
        draw(st.dictionaries(TEXT, JSON, max_size=2)) | {"name": draw(TEXT)},
        draw(st.dictionaries(TEXT, JSON, max_size=2)),
        draw(st.sampled_from(["smoke", "gate", "nightly"])),
        draw(st.integers(0, 2**31)),
        "1",
        "2026-03-02T01:00:00Z",
        "2026-03-02T01:00:09Z",
    )
    return r.Results(
        header,
        rows,
        conclude(rows, waivers, exchanges=draw(COUNT), depth=header.depth),
        waivers,
        trouble=draw(st.dictionaries(st.sampled_from(["timeout", "dropped"]), COUNT)),
        cleanup={"made": draw(COUNT), "removed": draw(COUNT), "left": draw(st.lists(TEXT, max_size=2))},
        notices=draw(st.lists(TEXT, max_size=2)),
        latency=draw(st.dictionaries(st.just("p50"), SECONDS)),
        latencies=draw(st.dictionaries(TEXT, LATENCIES, max_size=2)),
        excluded=draw(st.lists(st.dictionaries(TEXT, TEXT, max_size=2), max_size=1)),
        answers=draw(ANSWERS),
    )


def counted(rows: list[r.ClauseRow]) -> dict[str, int]:
    """Clauses by state, without the states that do not occur."""
    return {str(state): number for state, number in Counter(row.state for row in rows).items()}
