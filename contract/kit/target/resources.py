"""The two kinds of resource that the endpoint ties together, and a pair of them."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from enum import StrEnum

from contract.kit.exchange import Exchange


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


@dataclass(frozen=True, slots=True)
class Pair:
    """UUIDs of a job group and a trigger."""

    group: str
    trigger: str

    @property
    def ends(self) -> tuple[str, str]:
        return self.group, self.trigger

    @property
    def canonical(self) -> Pair:
        """The pair that a lenient target may take this one for, whatever was written round it or left out."""
        return Pair(_uuid_in(self.group), _uuid_in(self.trigger))

    @classmethod
    def of(cls, exchange: Exchange) -> Pair:
        """The pair that the path of a request to the endpoint named, as it was sent."""
        return cls(*exchange.path_values.values())

    @classmethod
    def unknown(cls) -> Pair:
        """A pair of well-formed UUIDs that stand for nothing."""
        return cls(uuid.uuid4().hex, uuid.uuid4().hex)


def _uuid_in(text: str) -> str:
    """The UUID that a text holds, or that its hexadecimal digits make; the text itself where there is none."""
    lower = text.lower()
    found = re.search(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", lower)
    digits = "".join(re.findall("[0-9a-f]", lower))
    return found[0] if found else digits if len(digits) == 32 else lower.strip()
