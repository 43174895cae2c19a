"""Why a request is refused, before it is said in any dialect's words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """`check` is the name that mutants know it by; `status` is REST's for it; `details` is for people.

    `implicit`: thrown by the machine itself, which drops the text once it has thrown it often.
    """

    check: str
    status: int
    code: str
    details: str
    implicit: bool = False
