"""What a soak sends: every request drawn at its start, from the strategies that the other depths use."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from contract.kit.description import Operation
from contract.kit.drive import Sending, Values
from contract.kit.drive.strategies import bodies, identifiers, refused
from contract.kit.drive.strategies.sample import sample
from contract.kit.exchange import Expect
from contract.kit.target import Pair

ADD: Final = "add"
AGAIN: Final = "add again"
SHARES: Final = {
    ADD: 10,
    AGAIN: 2,
    "unknown UUID": 3,
    "wrong kind": 1,
    "malformed UUID": 3,
    "no credentials": 2,
    "unknown session": 3,
    "wrong body": 4,
}
"""How often each kind comes up; a pair is added again twice in a row."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One request, judged by `clauses` besides those that hold for every answer. `values`: None for a fresh pair."""

    sending: Sending
    clauses: tuple[str, ...]
    expect: Expect = Expect.REFUSAL
    values: Values | None = None


Mix = Mapping[str, list[Shot]]
"""By kind of request, as latencies are told."""


def draw(operation: Operation, token: str, idle: Sequence[Pair], seed: int, count: int) -> Mix:
    """The mix of a process. `token`: the good session, to be altered. What must be refused is sent for `idle`:
    identifiers gone wrong for the first, the rest for the last. `count`: examples of the strategies of one kind.
    """
    draws = _Draws(operation, token, idle, seed, count)
    drawn = {
        ADD: draws.adds(),
        AGAIN: [Shot(Sending(case="the pair added before"), ("STATE-001",), Expect.EITHER)],
        "unknown UUID": draws.unknown(),
        "wrong kind": draws.wrong_kind(),
        "malformed UUID": draws.malformed(),
        "no credentials": draws.no_credentials(),
        "unknown session": draws.sessions(),
        "wrong body": draws.wrong_bodies(),
    }
    # They are sent in this order, again and again: not one kind of wrong after the other.
    for shots in drawn.values():
        random.Random(seed).shuffle(shots)
    return drawn


class _Draws:
    def __init__(self, operation: Operation, token: str, idle: Sequence[Pair], seed: int, count: int) -> None:
        self.operation = operation
        self.token = token
        named = [dict(zip(operation.path_parameters, (pair.group, pair.trigger), strict=True)) for pair in idle]
        self.apart, self.known = named[0], named[-1]
        self.seed = seed
        self.count = count

    def some(self, *kinds: Any) -> list[Any]:
        """Examples of each of these strategies, one at least."""
        return [made for kind in kinds for made in sample(kind, max(2, self.count // len(kinds)), self.seed)]

    def adds(self) -> list[Shot]:
        operation, good = self.operation, Expect.SUCCESS
        members = operation.body_members
        allowed = self.some(bodies.good(members), bodies.full(members))
        shots = [Shot(Sending(body), ("PATH-001", "BODY-002", "STATE-004"), good) for body in allowed]
        for kind in operation.content_types:
            example = Sending(operation.example_body, content_type=kind, case=f"as {kind}")
            # A third of the adds are the page's own example, again and again.
            shots += [Shot(example, ("PATH-001", "BODY-001", "STATE-004", "STATE-006"), good)] * max(
                1, len(allowed) // 4
            )
        unknown = bodies.unknown_members(members, frozenset(operation.path_parameters))
        more = [Sending(body, case="with unknown members") for body in self.some(unknown)[: max(1, len(allowed) // 6)]]
        return shots + [Shot(sending, ("BODY-007",), Expect.EITHER) for sending in more]

    def unknown(self) -> list[Shot]:
        found: list[dict[str, str]] = self.some(refused.unknown_identifiers(self.operation))
        case = "unknown {}".format
        return [
            Shot(Sending(case=case(" and ".join(sorted(some)))), ("PATH-002",), values={**self.apart, **some})
            for some in found
        ]

    def wrong_kind(self) -> list[Shot]:
        first, second = self.operation.path_parameters
        group, trigger = self.apart[first], self.apart[second]
        kinds = (
            ({first: trigger, second: group}, "the two swapped"),
            ({first: group, second: group}, f"the {first} in both places"),
            ({first: trigger, second: trigger}, f"the {second} in both places"),
        )
        return [Shot(Sending(case=case), ("PATH-003",), values=values) for values, case in kinds]

    def malformed(self) -> list[Shot]:
        known = self.apart
        return [
            Shot(Sending(case=f"{name} {made.case}"), ("PATH-004",), values={**known, name: made})
            for name in known
            for made in self.some(*identifiers.kinds_of_malformed(known[name]))
        ]

    def no_credentials(self) -> list[Shot]:
        auth = self.operation.auth
        return self._unlet("AUTH-001", [*refused.absent(auth), *self.some(refused.foreign(auth, self.token))])

    def sessions(self) -> list[Shot]:
        auth = self.operation.auth
        kinds = (refused.unknown_session(auth), *refused.kinds_of_altered_session(auth, self.token))
        return self._unlet("AUTH-002", self.some(*kinds))

    def _unlet(self, clause: str, found: list[refused.Bad]) -> list[Shot]:
        return [Shot(Sending(authorization=bad, case=case), (clause,), values=self.known) for bad, case in found]

    def wrong_bodies(self) -> list[Shot]:
        operation = self.operation
        wrong = {
            "BODY-003": [refused.wrong_required(operation)],
            "BODY-004": [refused.wrong_type(operation, "boolean")],
            "BODY-005": [refused.wrong_type(operation, "array")],
            "BODY-006": refused.kinds_of_no_object(operation),
        }
        return [
            Shot(Sending(body, case=case), (clause,), values=self.known)
            for clause, kinds in wrong.items()
            for body, case in self.some(*kinds)
        ]
