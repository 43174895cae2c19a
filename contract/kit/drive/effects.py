"""What the requests of a run did to the target, told by the target's own queries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from contract.kit.drive.drive import Drive
from contract.kit.drive.sending import Sending
from contract.kit.exchange import Exchange, Expect, Outcome, Sighting, outcome
from contract.kit.target import Pair

MOST_SENT_AGAIN: Final = 200
REFUSED: Final = frozenset({Outcome.FAILURE, Outcome.REJECTION})


def watched(drive: Drive) -> tuple[Pair, Pair]:
    """Two pairs to watch while requests for them are refused: one not associated, one associated.

    The same pair twice, not associated, where the run has only one or may not write.
    """
    pair = drive.unused_pair()
    if drive.read_only or not drive.estate.can_pair(2):
        return pair, pair
    associated, _ = drive.add()
    return pair, associated


def judge_refused(drive: Drive, pair: Pair, sending: Sending) -> None:
    """Send a request that must be refused and judge that it changed nothing of `pair`."""
    before = drive.trial.seen.get(pair) or drive.look(pair)
    exchange = drive.refuse(pair, sending)
    after = drive.look(pair)
    drive.judge(exchange, before=before, after=after)
    drive.trial.seen[pair] = after


def judge_unchanged(drive: Drive, pair: Pair, clause: str = "") -> None:
    """Judge that the refused requests of the test under way left `pair` unassociated.

    `clause`: the one that says so, where it is another than the test's own.

    One look tells for all of them; only where it shows the association is each sent again to find which. A read-only
    run removes nothing, so it cannot.
    """
    if pair in drive.trial.tried or drive.estate.stuck:
        return  # the only pair of the run, which a good request was sent for too
    seen = drive.look(pair)
    sent = list(drive.trial.refused)
    if seen.present_in:
        for _, resend in sent[: 0 if drive.read_only else MOST_SENT_AGAIN]:
            drive.estate.remove(pair)
            again = resend()
            if drive.judge(again, clause=clause, sighting=drive.look(pair)):
                return
        if any(outcome(exchange) is Outcome.GRANTED for exchange, _ in sent):
            return  # it was not refused: that explains it, and is another clause's
        sent.sort(key=lambda one: outcome(one[0]) not in REFUSED)  # what was not refused is likelier to have done it
    if sent:
        drive.judge(sent[-1][0], clause=clause, sighting=seen)


def judge_all_there(drive: Drive, pairs: Sequence[Pair], exchanges: Sequence[Exchange]) -> None:
    """Judge that each success of adds side by side is there afterwards.

    What is lost where the same pairs are added one after another too is not for being side by side.
    """
    seen = drive.estate.look_all(pairs)
    made = [outcome(exchange) is Outcome.GRANTED for exchange in exchanges]
    lost = any(there and seen[pair].absent_from for pair, there in zip(pairs, made, strict=True))
    if lost and not _are_there_one_by_one(drive, pairs):
        return
    for pair, exchange in zip(pairs, exchanges, strict=True):
        drive.judge(exchange, sighting=seen[pair])


def _are_there_one_by_one(drive: Drive, pairs: Sequence[Pair]) -> bool:
    for pair in pairs:
        drive.estate.remove(pair)
    one_by_one = Sending(case="one after another")
    made = [drive.send(drive.values(pair), one_by_one, expect=Expect.SUCCESS, fresh=True) for pair in pairs]
    seen = drive.estate.look_all(pairs)
    return all(outcome(one) is Outcome.GRANTED for one in made) and not any(one.absent_from for one in seen.values())


def first_success(drive: Drive, like: Exchange) -> Exchange:
    """The first request of the run that succeeded and was this one but for pair and credential; itself otherwise."""
    good = (one for one in drive.traffic if one.expect is Expect.SUCCESS and outcome(one) is Outcome.GRANTED)
    return next((one for one in good if _told(one) == _told(like)), like)


def _told(exchange: Exchange) -> tuple[object, ...]:
    request = exchange.request
    headers = [(name, value) for name, value in request.headers if name not in ("Authorization", "Date")]
    return request.method, headers, request.body


def look_back(drive: Drive) -> Iterator[tuple[Exchange, Sighting]]:
    """Every fresh association of the run with what the target's queries tell of it now."""
    last = {tuple(one.path_values.values()): one for one in drive.traffic if one.fresh}
    pairs = [pair for pair in drive.expected if (pair.group, pair.trigger) in last]
    for pair, seen in drive.estate.look_all(pairs).items():
        yield last[pair.group, pair.trigger], seen


def strays(drive: Drive) -> Iterator[tuple[Exchange, Sighting]]:
    """Associations that no request of the run has named, each with the last failure that named an end of it."""
    never = [pair for pair in drive.estate.own_pairs() if pair not in drive.named]
    for pair, seen in drive.estate.look_all(never).items():
        if seen.present_in:
            ends = {pair.group, pair.trigger}
            failed = (one for one in reversed(drive.traffic) if outcome(one) in (Outcome.FAILURE, Outcome.REJECTION))
            blamed = next((one for one in failed if ends & {*one.path_values.values()}), None)
            if blamed is not None:
                yield blamed, seen
