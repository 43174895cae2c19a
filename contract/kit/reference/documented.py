"""The `documented` dialect: the vendor's page read literally, with the contract's choices as options."""

from __future__ import annotations

from dataclasses import replace

from contract.kit.reference.answers import Answer, date, failure, rejection, success
from contract.kit.reference.auth import unauthenticated
from contract.kit.reference.body import bad_body
from contract.kit.reference.call import Call
from contract.kit.reference.dialect import Options
from contract.kit.reference.operation import Waived
from contract.kit.reference.refusal import Refusal
from contract.kit.reference.resources import canonical, unknown_pair
from contract.kit.reference.wording import filled
from contract.kit.reference.world import Association, World

ALLOW = ("Allow", "POST, DELETE")


class Documented:
    """Answers at once, with the envelope; refuses what the page does not allow."""

    def __init__(self, world: World, options: Options) -> None:
        self.world = world
        self.options = options
        self._again = 0
        """Requests for a pair that was associated already."""

    def front(self, call: Call) -> Answer | None:
        return None

    def failed(self, check: str, code: str, template: str, *arguments: object, location: str = "") -> Answer:
        return failure(self.options, check, code, filled(template, arguments))

    def guard(self, call: Call, api: str) -> Answer | None:
        refusal = unauthenticated(call, self.world, self.options)
        return None if refusal is None else self._rejected(refusal)

    def decide(self, call: Call, waived: Waived) -> Answer:
        # Where, how, who, what: who comes before which resources, so that a stranger learns nothing of them.
        refusal = self._misplaced(call)
        if refusal is not None and not waived(call, refusal.check):
            return self._misplaced_answer(call, refusal)
        refusal = unauthenticated(call, self.world, self.options)
        if refusal is not None and not waived(call, refusal.check):
            return self._rejected(refusal)
        refusal = bad_body(call, self.options)
        if refusal is not None and not waived(call, refusal.check):
            return self._rejected(refusal)
        group = canonical(call.group, self.options)
        trigger = canonical(call.trigger, self.options)
        refusal = unknown_pair(group, trigger, self.world)
        if refusal is not None and not waived(call, refusal.check):
            if self.options.missing == "rejection":
                # A bare 400 would not tell that nothing is there (the contract, PATH-002).
                return self._rejected(refusal, replace(self.options, rejection_status="rest"))
            return failure(self.options, refusal.check, refusal.code, refusal.details)
        return self._add(group, trigger, exists=refusal is None)

    def _add(self, group: str, trigger: str, exists: bool) -> Answer:
        known = self.world.associations.get((group, trigger))
        if known is not None:
            self._again += 1
            if self.options.readd == "failure" or (self.options.readd == "by_turns" and self._again % 2):
                return self.failed("associated", "SYS.1006", "the job group is on that trigger already")
            if self.options.readd in ("same", "by_turns"):
                return self._added(group, trigger, known)
        # Only a mutant lets resources that do not exist get this far: it answers success and makes nothing.
        made = self.world.associate(group, trigger) if exists else Association(0.0, 0.0)
        return self._added(group, trigger, made)

    def _added(self, group: str, trigger: str, made: Association) -> Answer:
        inventory: dict[str, object] = {
            "schedulerJobGroupUuid": group,
            "schedulerTriggerUuid": trigger,
            "createDate": date(self.options, made.created),
            "lastOpDate": date(self.options, made.changed),
        }
        return success(self.options, inventory)

    def _rejected(self, refusal: Refusal, options: Options | None = None) -> Answer:
        answer = rejection(options or self.options, refusal.check, refusal.status, refusal.code, refusal.details)
        if answer.status == 401:
            answer.headers.append(("WWW-Authenticate", "OAuth"))
        return answer

    def _misplaced(self, call: Call) -> Refusal | None:
        if call.route == "method":
            return Refusal("method", 405, "SYS.1007", f"{call.method} is not a method of this path")
        if call.route == "near-miss":
            return Refusal("path", 404, "SYS.1007", "nothing is on this path")
        return None

    def _misplaced_answer(self, call: Call, refusal: Refusal) -> Answer:
        if call.method == "OPTIONS" and call.route == "method" and self.options.options_method != "405":
            return Answer(int(self.options.options_method), text="", headers=[ALLOW], check=refusal.check)
        answer = self._rejected(refusal)
        if answer.status == 405:
            answer.headers.append(ALLOW)
        return answer
