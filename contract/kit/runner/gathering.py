"""What one process of a run has found, put into its part as plain data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from contract.kit.drive import Drive
from contract.kit.exchange import Exchange, Expect, Outcome, describe, outcome
from contract.kit.judge import Findings, Register, replaced
from contract.kit.runner.isolate import Isolator
from contract.kit.target import Cleanup
from contract.kit.verdict import ExchangeRow, Part, latency, sample_row, violation_rows
from contract.kit.waive import Waiver, reckon


@dataclass(frozen=True)
class Gathering:
    """Gathers the results of one process, once it has sent its last request."""

    part: Part
    register: Register
    findings: Findings
    waivers: Sequence[Waiver]
    drive: Drive

    def gather(
        self, cleanup: Cleanup | None, kinds: Mapping[str, str], isolator: Isolator | None, *, recognised: bool
    ) -> None:
        """Fill the part. `kinds`: what the run has made, by UUID; `recognised`: the target knows the run's session."""
        self._witness(recognised)
        self._notices(isolator)
        self._traffic()
        part = self.part
        if cleanup is not None:
            part.made, part.removed, part.left = cleanup.made, cleanup.removed, list(cleanup.left)
        matched = self._violations(isolator.found if isolator is not None else {}, kinds)
        self._waivers(matched)

    @property
    def _sent(self) -> list[Exchange]:
        return self.drive.traffic

    @cached_property
    def _by_number(self) -> dict[int, Exchange]:
        return {one.number: one for one in self._sent}

    def _witness(self, recognised: bool) -> None:
        """Note whether a good request has succeeded or, if none may be sent, whether the target knows the session."""
        no_good_one = self.drive.read_only or bool(self.drive.estate.stuck)
        self.part.witness = any(map(_is_witness, self._sent)) or (no_good_one and recognised)
        if not self.part.witness:
            self.part.instead = next((describe(one) for one in self._sent if one.expect is Expect.SUCCESS), "")

    def _notices(self, isolator: Isolator | None) -> None:
        part, client = self.part, self.drive.client
        part.trouble += client.wire.trouble
        window, access = client.window, self.drive.estate.access
        if window.width < window.widest:
            part.notices.append(
                f"the target did not keep up with {window.widest} requests under way at a time: "
                f"{window.width} at the end"
            )
        # Also those of sibling calls, which may meet the ended session first.
        if renewals := access.renewals:
            part.trouble["renewed"] += renewals
            part.notices.append(f"the session ended in the middle of the run and was renewed {renewals} time(s)")
        part.notices += access.notices
        if anew := self.drive.begun_anew:
            part.notices.append(f"the same steps were answered differently: new ones were drawn {anew} time(s)")
        if isolator is not None and isolator.sent:
            part.notices.append(f"{isolator.sent} more requests were sent to isolate what makes a clause break")
        misnamed = {one.answer.misnamed_coding for one in self._sent if one.answer is not None}
        part.notices += [
            f"`Content-Encoding: {coding}` names no content coding: such bodies were read as they came"
            for coding in sorted(misnamed - {None}, key=str)
        ]
        part.notices += client.wire.notices()

    def _traffic(self) -> None:
        part = self.part
        part.exchanges = len(self._sent)
        for one in self._sent:
            if one.answer is not None:
                part.elapsed.setdefault(latency.kind(one), []).append(round(one.answer.elapsed, 5))
        told, numbers = replaced(self._sent)
        if told:
            part.blocked = part.blocked or told
            for name in self.findings.withdraw(numbers):
                part.of(name).unjudged.append(told)

    def _violations(self, causes: Mapping[tuple[str, int], str], kinds: Mapping[str, str]) -> dict[Waiver, int]:
        """Each clause with what it judged; how many violations each waiver covers."""
        matched: dict[Waiver, int] = {}
        for clause in self.register.clauses:
            found, mine = self.findings.of(clause.id), self.part.of(clause.id)
            mine.judged = len(found.judged)
            mine.asked = found.asked
            mine.unanswered = self._unanswered(clause.id) if not mine.judged else ""
            shown, covered = violation_rows(found.violations, self.drive.estate.settings.url, causes)
            mine.violations = [replace(row, exchange=self._with_own(row.exchange, kinds)) for row in shown]
            matched.update(covered)
            if not mine.violations:
                mine.sample = sample_row(clause.id, found.judged, self._by_number)
        return matched

    def _unanswered(self, clause: str) -> str:
        """What a request of the clause's own tests met in place of an answer; empty where all were answered."""
        met = (one for one in self._sent if one.clause == clause and one.trouble is not None)
        return next((f"{one.case or 'a request'}: {describe(one)}" for one in met), "")

    def _with_own(self, row: ExchangeRow, kinds: Mapping[str, str]) -> ExchangeRow:
        """With the resources in its path that the run had made: sent again, it needs others."""
        sent = self._by_number.get(row.number)
        values = sent.path_values.values() if sent is not None else ()
        return replace(row, own={value: kinds[value] for value in values if value in kinds})

    def _waivers(self, matched: dict[Waiver, int]) -> None:
        judged: dict[str, list[Exchange]] = {}
        for clause in {waiver.clause for waiver in self.waivers}:
            numbers = self.findings.of(clause).judged
            judged[clause] = [exchange for exchange in self._sent if exchange.number in numbers]
        reckoned = reckon(self.waivers, matched, judged, dt.datetime.now(dt.UTC).date())
        if self.drive.read_only or self.part.blocked:
            # Requests that must be refused, or that something else answered, do not get as far as most deviations:
            # nothing is stale for that.
            reckoned = [replace(row, state="not exercised") if row.state == "stale" else row for row in reckoned]
        self.part.waivers = reckoned


def _is_witness(exchange: Exchange) -> bool:
    return exchange.expect is Expect.SUCCESS and outcome(exchange) is Outcome.GRANTED
