"""The results of a run from what its processes found, added up: those of workers, of a soak and of shards."""

from __future__ import annotations

from contract.kit.verdict import answers as kinds
from contract.kit.verdict import latency
from contract.kit.verdict.results import ClauseRow, Header, Results
from contract.kit.verdict.roots import root_causes
from contract.kit.verdict.tally import Part
from contract.kit.verdict.verdict import conclude


def whole(
    header: Header,
    clauses: list[ClauseRow],
    part: Part,
    excluded: list[dict[str, str]],
    *,
    interrupted: bool = False,
    selected: bool = True,
    not_started: str = "",
) -> Results:
    """`clauses`: a row a clause, in its state. `interrupted`: stopped from outside. `selected`: any test was.

    `not_started`: why the run could not begin.
    """
    footer = conclude(
        clauses,
        part.waivers,
        kind=header.kind,
        exchanges=part.exchanges,
        depth=header.depth,
        broken=part.broken,
        blocked=part.blocked,
        interrupted=interrupted,
        selected=selected,
        not_started=not_started,
    )
    return Results(
        header=header,
        clauses=clauses,
        footer=footer,
        waivers=part.waivers,
        trouble=dict(part.trouble),
        cleanup={"made": part.made, "removed": part.removed, "left": part.left},
        notices=part.notices,
        latency=part.latency or latency.overall(part.elapsed),
        latencies=part.latencies or latency.by_kind(part.elapsed),
        excluded=excluded,
        answers=kinds.limited(part.answers),
        load=part.load,
        roots=root_causes(clauses),
        witness=part.witness,
        instead=part.instead,
        broken=part.broken,
        blocked=part.blocked,
    )
