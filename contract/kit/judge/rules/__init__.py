"""The rules: pure and total functions from evidence to violations, each entered under its clause.

A file a family, a function a fact. Every rule is found here by its clause id.
"""

from __future__ import annotations

from contract.kit.judge.rules import auth, body, envelope, error, inventory, path, state
from contract.kit.judge.rules.registry import Over, Rule, all_rules, rules_of, rules_taking

__all__ = [
    "Over",
    "Rule",
    "all_rules",
    "auth",
    "body",
    "envelope",
    "error",
    "inventory",
    "path",
    "rules_of",
    "rules_taking",
    "state",
]
