"""The two kinds of resource that the endpoint ties together."""

from __future__ import annotations

from enum import StrEnum


class What(StrEnum):
    """The two kinds of resource, by their path."""

    GROUP = "jobgroups"
    TRIGGER = "triggers"

    @property
    def word(self) -> str:
        return "job group" if self is What.GROUP else "trigger"

    @property
    def links(self) -> str:
        """The member of its row that lists the other kind."""
        return "triggersUuid" if self is What.GROUP else "jobGroupsUuid"
