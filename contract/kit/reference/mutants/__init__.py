"""The mutants: servers that break the contract in one known way each, a file a family."""

from __future__ import annotations

from contract.kit.reference.fault import Mutant
from contract.kit.reference.mutants import (
    auth,
    before,
    body,
    elsewhere,
    envelope,
    error,
    headers,
    identifiers,
    inventory,
    job,
    model,
    path,
    query,
    sessions,
    spelling,
    state,
    together,
    wire,
)

CATALOGUE: dict[str, Mutant] = {
    mutant.name: mutant
    for family in (
        path,
        auth,
        elsewhere,
        sessions,
        envelope,
        wire,
        error,
        inventory,
        body,
        state,
        model,
        job,
        headers,
        query,
        identifiers,
        spelling,
        together,
        before,
    )
    for mutant in family.MUTANTS
}
