"""What the requests of a run did to the target, told by the target's own queries."""

from __future__ import annotations

import contextlib
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from contract.kit.drive.drive import Drive
from contract.kit.drive.model import Model
from contract.kit.drive.sending import Sending
from contract.kit.exchange import Exchange, Expect, Outcome, Scope, Sighting, outcome
from contract.kit.target import Pair, SiblingFailed

MOST_SENT_AGAIN: Final = 200
TURNS: Final = (0, 1, 0, 2)
"""Which of the watched pairs four requests in a row go to."""
Sightings = Mapping[Pair, Sighting]


@dataclass
class Watch:
    """Pairs for which requests are sent that must be refused, and what the lists of their ends showed before.

    `pairs`: one that never was associated, one that was and is not, and one that is; the first alone where the run has
    no other or may not write.
    `since`: how many requests of the test had been refused before.
    """

    drive: Drive
    pairs: tuple[Pair, ...]
    before: Sightings
    since: int
    freed: int = 0
    """How many pairs of the test the run itself had freed before."""

    @classmethod
    def over(cls, drive: Drive) -> Watch:
        """Begin to watch pairs of the run's choice."""
        drive.learn_the_way()
        pair = drive.unused_pair()
        if drive.read_only or not drive.estate.can_pair(3):
            return cls.of(drive, pair)
        # Of two that share an end, one end of each might be associated with the other unseen.
        removed = drive.add(Sending(case="a pair to be removed"), pair=drive.other_pair(pair))[0]
        with contextlib.suppress(SiblingFailed):
            drive.estate.remove(removed)
        drive.forget(removed)
        # What makes it again is not a request that was free to.
        drive.trial.tried.discard(removed)
        associated = drive.add(Sending(case="a pair to be watched"), pair=drive.other_pair(pair, removed))[0]
        return cls.of(drive, pair, removed, associated)

    @classmethod
    def of(cls, drive: Drive, *pairs: Pair) -> Watch:
        """Begin to watch these pairs."""
        seen = drive.estate.looking.associations(pairs)
        return cls(drive, pairs, seen, len(drive.trial.refused), len(drive.estate.freed))

    def pair(self, number: int) -> Pair:
        """The pair for the request of a number: every fourth time the one that is associated, or that was.

        A target that fails to add again would hide there that it lets a bad request in.
        """
        return self.pairs[TURNS[number % 4]] if len(self.pairs) > 1 else self.pairs[0]

    def judge(self, clause: str = "") -> None:
        """Judge that the requests refused since have changed nothing: neither made nor removed an association.

        One look tells for all of them; only where something has changed each is sent again to find which did it.
        `clause`: the one that says so, where it is another than the test's own.
        """
        drive = self.drive
        sent = [exchange for exchange, _ in drive.trial.refused[self.since :]]
        if not sent or drive.estate.stuck:
            return
        after = drive.estate.looking.associations(self.pairs)
        changed = [pair for pair in {**self.before, **after} if self._changed(pair, after)]
        for pair in changed:
            # What was granted though it had to be refused is another clause's.
            if not any(_grants(one, pair) for one in sent) and not self._found(pair, clause):
                # Not to be had again: then the last one that named an end.
                blamed = next((one for one in reversed(sent) if _names(one, pair)), sent[-1])
                drive.judge(blamed, clause=clause, before=_of(self.before, pair, after), after=_of(after, pair, after))
            if not drive.read_only:
                self._put_back(pair, bool(_of(self.before, pair, after).present_in))
        # Where a good request of the test was sent for the pair too, nothing can be told of it.
        same = [pair for pair in self.pairs if self.before[pair].present_in == after[pair].present_in]
        if same and not changed:
            drive.judge(sent[-1], clause=clause, before=self.before[same[0]], after=after[same[0]])
        self.since = len(drive.trial.refused)

    def judge_let_in(self, exchange: Exchange, pair: Pair, clause: str = "") -> None:
        """Judge what was answered like an add although its method or path is none of the operation's."""
        drive = self.drive
        if outcome(exchange) is Outcome.GRANTED and not drive.known.expected.get(pair):
            after = drive.estate.looking.associations([pair])[pair]
            drive.judge(exchange, clause=clause, before=self.before[pair], after=after)
            drive.put_back(exchange)

    def judge_kept(self, clause: str) -> None:
        """Judge that what was associated still is, after requests that were free to add it again."""
        drive = self.drive
        after = drive.estate.looking.associations(self.pairs)
        for pair in self.pairs:
            last = next((one for one in reversed(drive.traffic) if _names(one, pair)), None)
            if last is not None:
                drive.judge(last, clause=clause, kept_before=self.before[pair], kept_after=after[pair])

    def _changed(self, pair: Pair, after: Sightings) -> bool:
        """Return True if an association is gone, or was made that no request was free to make."""
        if any(map(self.drive.estate.maker.is_gone, pair.ends)):
            return False  # the run itself has made room for others
        before, now = _of(self.before, pair, after), _of(after, pair, after)
        if len(now.present_in) > len(before.present_in):
            drive = self.drive
            # What was asked for may show late, in the lists or at all.
            late = pair not in self.pairs and (drive.known.expected.get(pair) or pair in drive.known.untold)
            return pair not in drive.trial.tried and not late
        return len(now.present_in) < len(before.present_in) and pair not in self.drive.estate.freed[self.freed :]

    def _found(self, pair: Pair, clause: str) -> bool:
        """Send each refused request again, the pair put back as it was before each: whether one changes it again."""
        drive = self.drive
        if drive.read_only:
            return False
        associated = bool(_of(self.before, pair, {}).present_in)
        resends = [resend for _, resend in drive.trial.refused[self.since :]][:MOST_SENT_AGAIN]
        for resend in resends:
            before = self._put_back(pair, associated)
            again = resend()
            if drive.judge(again, clause=clause, before=before, after=drive.estate.looking.associations([pair])[pair]):
                return True
        return False

    def _put_back(self, pair: Pair, associated: bool) -> Sighting:
        """See that the pair is as it was; how it is then."""
        drive = self.drive
        seen = drive.estate.looking.associations([pair])[pair]
        if bool(seen.present_in) is associated:
            return seen
        with contextlib.suppress(SiblingFailed):
            if associated:
                drive.send(drive.values(pair), Sending(case="the watched pair put back"), expect=Expect.EITHER)
            else:
                drive.estate.remove(pair)
        return drive.estate.looking.associations([pair])[pair]


def _of(seen: Sightings, pair: Pair, like: Sightings) -> Sighting:
    """What was seen of a pair; one that stood in no list where the lists were looked at."""
    views = like[pair].views if pair in like else {}
    return seen.get(pair) or Sighting(
        MappingProxyType({view: None if told is None else False for view, told in views.items()})
    )


def _grants(exchange: Exchange, pair: Pair) -> bool:
    """Return True if the endpoint answered that it has made this association."""
    named = Pair.of(exchange).canonical
    return exchange.scope is Scope.ENDPOINT and outcome(exchange) is Outcome.GRANTED and named == pair


def _names(exchange: Exchange, pair: Pair) -> bool:
    return bool({pair.group, pair.trigger} & {*exchange.path_values.values()})


def judge_all_there(drive: Drive, pairs: Sequence[Pair], exchanges: Sequence[Exchange]) -> None:
    """Judge that each success of adds side by side is there afterwards.

    What is lost where the same pairs are added one after another too is not for being side by side.
    """
    seen = drive.estate.looking.look_all(pairs)
    made = [outcome(exchange) is Outcome.GRANTED for exchange in exchanges]
    lost = any(there and seen[pair].absent_from for pair, there in zip(pairs, made, strict=True))
    if lost and not _are_there_one_by_one(drive, pairs):
        return
    for pair, exchange in zip(pairs, exchanges, strict=True):
        drive.judge(exchange, sighting=seen[pair])


def judge_listed_once(drive: Drive, before: Model, pair: Pair, exchanges: Sequence[Exchange], clause: str) -> None:
    """Judge that the two ends of a pair list it by what was answered, and once. `before`: what they listed then."""
    for exchange in exchanges:
        before.take(pair, exchange)
    granted = [exchange for exchange in exchanges if outcome(exchange) is Outcome.GRANTED]
    if granted:
        drive.judge(granted[0], clause=clause, listings=list(before.look().values()))


def _are_there_one_by_one(drive: Drive, pairs: Sequence[Pair]) -> bool:
    for pair in pairs:
        drive.estate.remove(pair)
    one_by_one = Sending(case="one after another")
    made = [drive.send(drive.values(pair), one_by_one, expect=Expect.SUCCESS, fresh=True) for pair in pairs]
    seen = drive.estate.looking.look_all(pairs)
    return all(outcome(one) is Outcome.GRANTED for one in made) and not any(one.absent_from for one in seen.values())


def first_success(drive: Drive, like: Exchange) -> Exchange:
    """The first request of the run that succeeded and was this one but for pair and credential; itself otherwise."""
    good = (one for one in drive.traffic if one.expect is Expect.SUCCESS and outcome(one) is Outcome.GRANTED)
    apart = (drive.operation.auth.header, "Date")
    return next((one for one in good if _told(one, apart) == _told(like, apart)), like)


def _told(exchange: Exchange, apart: Container[str]) -> tuple[object, ...]:
    request = exchange.request
    headers = [(name, value) for name, value in request.headers if name not in apart]
    return request.method, headers, request.body


def look_back(drive: Drive) -> Iterator[tuple[Exchange, Sighting]]:
    """Every fresh association of the run, by its last success, with what the target's queries tell of it now."""
    last: dict[Pair, Exchange] = {}
    for one in drive.traffic:
        pair = Pair.of(one).canonical
        if one.fresh or (pair in last and _grants(one, pair)):
            last[pair] = one
    now = drive.estate.looking.look_all([pair for pair in drive.known.expected if pair in last])
    for pair, seen in {**drive.known.seen_last, **now}.items():
        if pair in last:
            yield last[pair], seen


def strays(drive: Drive) -> Iterator[tuple[Exchange, Sighting]]:
    """Associations in the whole lists of all that the run has made, which no request was free to make.

    Each with the last failure that named both its ends, or one of them.
    """
    now = drive.estate.looking.associations(drive.estate.own_pairs())
    for pair, seen in {**drive.known.strayed, **now}.items():
        if not seen.present_in or pair in drive.known.allowed or any(_grants(one, pair) for one in drive.traffic):
            continue
        ends = {pair.group, pair.trigger}
        failed = [one for one in drive.traffic if outcome(one) in (Outcome.FAILURE, Outcome.REJECTION)]
        blamed = max(failed, key=lambda one: (len(ends & {*one.path_values.values()}), one.number), default=None)
        if blamed is not None and ends & {*blamed.path_values.values()}:
            yield blamed, seen
