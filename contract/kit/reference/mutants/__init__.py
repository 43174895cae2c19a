"""The mutants: servers that break the contract in one known way each."""

from __future__ import annotations

from contract.kit.reference.fault import Mutant

CATALOGUE: dict[str, Mutant] = {}
