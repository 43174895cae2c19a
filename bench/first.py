"""How soon the first violation is known, on ten faulty servers."""

from __future__ import annotations

from statistics import median

from bench.process import contract, schemathesis
from bench.table import Table
from contract.kit.reference import launch

MUTANTS = (
    "path-echo-swapped",
    "auth-bearer-accepted",
    "auth-logged-out-accepted",
    "env-success-with-error",
    "env-failure-500-page",
    "err-cause-without-details",
    "inv-create-date-missing",
    "body-system-tags-string-accepted",
    "state-not-made",
    "state-one-in-twenty-with-error",
)


def measure(rounds: int) -> Table:
    """Median seconds until the process ends after its first violation; the peer's is empty where it finds none."""
    table: Table = []
    for name in MUTANTS:
        ours, theirs, found = [], [], []
        with launch(name) as server:
            for _ in range(rounds):
                ours.append(contract(server, "--maxfail", "1"))
                peer = schemathesis(server, "--max-failures", "1")
                theirs.append(peer.wall)
                found.append(peer.status == 1)
        table.append(
            {
                "mutant": name,
                "contract": median(one.wall for one in ours),
                "caught": "yes" if all(one.status == 1 for one in ours) else "no",
                "schemathesis": median(theirs),
                "caught by it": "yes" if all(found) else "no",
            }
        )
    return table
