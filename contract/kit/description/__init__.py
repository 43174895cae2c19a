"""What does openapi/ say? The described operation: method, path, members, examples.

All that the rest of the kit knows of the endpoint comes from here.
"""

from __future__ import annotations

from contract.kit.description.operation import DEFAULT, Auth, Member, Operation, load

__all__ = ["DEFAULT", "Auth", "Member", "Operation", "load"]
