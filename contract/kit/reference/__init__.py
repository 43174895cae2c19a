"""The reference server: an independent reading of the contract that tests may run against, on a real
socket.

It shares nothing with the rules and the description that judge it. `launch("documented")` starts one in a
process of its own; `launch("MUTANT")` starts one that breaks the contract in one known way.
"""

from __future__ import annotations

from contract.kit.reference.fault import Mutant
from contract.kit.reference.launch import Handle, NotStarted, launch
from contract.kit.reference.naming import Reference, UnknownReference, dialects, mutants, parse_name

__all__ = [
    "Handle",
    "Mutant",
    "NotStarted",
    "Reference",
    "UnknownReference",
    "dialects",
    "launch",
    "mutants",
    "parse_name",
]
