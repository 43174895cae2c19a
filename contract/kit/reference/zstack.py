"""The dialects of ZStack's own servers: what they were observed to do, page or no page.

Most refusals are plain text without a Content-Type; every call of the operation that gets past them is
answered 202, and its failure or success stands in the job.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from contract.kit.reference.access_key import NOT_INSTALLED, bad_signature
from contract.kit.reference.answers import Answer, plain
from contract.kit.reference.auth import unknown_session
from contract.kit.reference.binding import refused
from contract.kit.reference.call import Call
from contract.kit.reference.dialect import Options
from contract.kit.reference.gson import Unreadable, read, unwritable
from contract.kit.reference.java import trim
from contract.kit.reference.jobs import FOR_EVER, Jobs
from contract.kit.reference.message import TAGS, member
from contract.kit.reference.operation import Waived
from contract.kit.reference.refusal import Refusal
from contract.kit.reference.resources import canonical, form_of, unknown_pair
from contract.kit.reference.tomcat import html, refused_by_container
from contract.kit.reference.wording import WORDINGS, Wording
from contract.kit.reference.world import ACCOUNT_UUID, World

ADD = "org.zstack.scheduler.APIAddSchedulerJobGroupToSchedulerTriggerMsg"
TRIGGERS_OF_A_GROUP = 30
VALIDATION_ONLY = "ephemeral::validationOnly"
_LINE_ENDS = re.compile("[\n\r\x85\u2028\u2029]")  # a variable of a path's pattern holds none of them


class ZStack:
    """Reads leniently, answers by jobs, and says so in text when it does not like a request."""

    def __init__(self, world: World, options: Options, jobs: Jobs) -> None:
        self.world = world
        self.options = options
        self.jobs = jobs
        self.wording: Wording = WORDINGS[options.kind]
        self.refused = 0

    def front(self, call: Call) -> Answer | None:
        return refused_by_container(call, self.options)

    def failed(self, check: str, code: str, template: str, *arguments: object, location: str = "") -> Answer:
        answer = plain(self.options, {"error": self.wording.error(code, template, arguments, location)}, 503)
        answer.check, answer.code = check, code
        return answer

    def guard(self, call: Call, api: str) -> Answer | None:
        refusal, session = self._credential(call)
        if refusal is not None:
            return self._text(refusal)
        failure = None if session is None else self._stranger(session, api)
        return None if failure is None else self._in_job(failure)

    def decide(self, call: Call, waived: Waived) -> Answer:
        if call.route == "near-miss" and not waived(call, "path"):
            return self._unmapped(call)
        if self._matches_no_pattern(call.group) or self._matches_no_pattern(call.trigger):
            return self._unmapped(call)
        try:
            root = read(call.body, call.header("content-type") or "")
        except Unreadable as unreadable:
            if unreadable.by_container:
                page = html(500, "body-charset")
                page.by_container = unreadable.early
                return page
            return self._text(Refusal("body-json", 500, "", str(unreadable)))
        if call.route == "method":
            answer = self._other_method(call)
            if not waived(call, answer.check):
                return answer
        refusal, session = self._credential(call)
        if refusal is not None and not waived(call, refusal.check):
            return self._text(refusal)
        refusal = refused(call, root, self.jobs)
        if refusal is not None and not waived(call, refusal.check):
            return self._text(refusal)
        # The message is written down; what it does not know is not in it.
        if said := unwritable([root.get(name) for name in ("params", *TAGS)]):
            return self._text(Refusal("body-json", 500, "", said))
        return self._in_job(self._run(call, root, session, waived))

    def _matches_no_pattern(self, value: str) -> bool:
        if _LINE_ENDS.search(value):
            return True
        return self.options.kind == "zstack-5.2" and value in (".", "..")

    def _unmapped(self, call: Call) -> Answer:
        return self._text(Refusal("path", 404, "", f"no api mapping to {_decoded(call)}"))

    def _credential(self, call: Call) -> tuple[Refusal | None, str | None]:
        """Why the header is refused at once, and the session that it names (None under an access key)."""
        value = call.header("authorization")
        if value is None:
            return Refusal("no-header", 400, "", "missing header 'Authorization'"), None
        value = trim(value)
        if value.startswith("ZStack"):
            if self.options.access_keys == "none":
                return Refusal("access-key", 500, "", NOT_INSTALLED), None
            return bad_signature(call, self.world, self.options, trim(value.removeprefix("ZStack"))), None
        if not value.startswith("OAuth"):
            check = "scheme" if value else "empty-header"
            return Refusal(check, 400, "", "Authorization type must be 'OAuth'"), None
        return None, trim(value.replace("OAuth", "", 1))

    def _stranger(self, session: str, api: str) -> Answer | None:
        """The failure where the session is nobody's, or its account has no rights to the call."""
        unknown = unknown_session(session, self.world, self.options)
        if unknown is not None:
            return self.failed(unknown.check, "ID.1001", "Session expired")
        if self.world.account_of(session.lower()) != ACCOUNT_UUID and "Query" not in api:
            code, template = self.wording.no_rights
            return self.failed("no-rights", code, template, api)
        return None

    def _run(self, call: Call, root: dict[str, Any], session: str | None, waived: Waived) -> Answer:
        """What stands in the job. The parameters are validated before the session is looked at."""
        group, trigger = canonical(call.group, self.options), canonical(call.trigger, self.options)
        missing = self._missing(call, group, trigger, waived)
        if isinstance(missing, Answer):
            return missing
        for name in TAGS:
            tags = member(root, name)
            if isinstance(tags, list) and None in tags and not waived(call, "tag-item"):
                return self.failed("tag-item", "SYS.1007", "field[%s] cannot contain a NULL element", name)
        stranger = None if session is None else self._stranger(session, ADD)
        if stranger is not None and not waived(call, stranger.check):
            return stranger
        if VALIDATION_ONLY in (member(root, "systemTags") or ()):
            answer = plain(self.options, {})
            answer.check = "validation-only"
            return answer
        return self._add(call, group, trigger, exists=not missing)

    def _missing(self, call: Call, group: str, trigger: str, waived: Waived) -> Answer | bool:
        """The failure where an end is not there; or whether one is missing all the same, which is waived."""
        refusal = unknown_pair(group, trigger, self.world, form_of(self.options))
        if refusal is None:
            return False
        if waived(call, refusal.check):
            return True
        form = self.wording.checks_form and refusal.check.startswith("malformed")
        at_group = refusal.check == "malformed-group" if form else group not in self.world.groups
        place, value, kind = (
            ("schedulerJobGroupUuid", trim(call.group), "SchedulerJobGroupVO")
            if at_group
            else ("schedulerTriggerUuid", trim(call.trigger), "SchedulerTriggerVO")
        )
        if form:
            return self.failed(refusal.check, "SYS.1003", "invalid value[%s] of field[%s]", value, place)
        template, arguments = self.wording.not_found(place, ADD.rpartition(".")[2], value, kind)
        return self.failed(refusal.check, "SYS.1003", template, *arguments)

    def _add(self, call: Call, group: str, trigger: str, exists: bool) -> Answer:
        if (group, trigger) in self.world.associations:
            return self._again(group, trigger)
        if len(self.world.triggers_of(group)) >= TRIGGERS_OF_A_GROUP:
            template = "There are [%s] triggers added to job group[uuid:%s], cannot add any more."
            return self.failed("full", "SYS.1007", template, TRIGGERS_OF_A_GROUP, group)
        if exists and self.world.triggers[trigger].fired:
            name = f"{trigger}.{group}"
            return self._not_run(
                group, trigger, f"Based on configured schedule, the given trigger '{name}' will never fire."
            )
        # The row is not read again after it is stored, so the dates that the database fills in are missing.
        inventory = {"schedulerJobGroupUuid": trim(call.group), "schedulerTriggerUuid": trim(call.trigger)}
        answer = plain(self.options, {"inventory": inventory})
        if exists and self.jobs.loses(call):
            # The job's row cannot be stored, and its outcome is told never; the work is done all the same.
            answer.later = lambda: self.world.associate(group, trigger)
        elif exists:
            self.world.associate(group, trigger)
        return answer

    def _again(self, group: str, trigger: str) -> Answer:
        reason = f"Unable to store Job : '{trigger}.{group}', because one already exists with this identification."
        answer = self._not_run(group, trigger, reason)
        if self.options.fired == "hangs" and self.world.triggers[trigger].fired:
            answer.polls = FOR_EVER
        return answer

    def _not_run(self, group: str, trigger: str, reason: str) -> Answer:
        template = "Run Scheduler task by job[uuid:%s] and trigger[uuid:%s] failed, because %s"
        return self.failed("associated", "SYS.1000", template, group, trigger, reason)

    def _other_method(self, call: Call) -> Answer:
        if call.method == "GET":
            return self._text(Refusal("method", 500, "", f"No query API found for the path[{call.path}]"))
        if call.method == "PUT":
            if not call.body.strip():
                return self._text(Refusal("method", 500, "", ""))
            text = f"the body doesn't contain action mapping to the URL[{_decoded(call)}]"
            return self._text(Refusal("method", 400, "", text))
        text = f"The method[{call.method}] is not allowed for the path[{_decoded(call)}]"
        return self._text(Refusal("method", 405, "", text))

    def _in_job(self, answer: Answer) -> Answer:
        answer.deferred = True
        return answer

    def _text(self, refusal: Refusal) -> Answer:
        self.refused += 1
        silent = refusal.implicit and 0 < self.options.texts < self.refused
        return Answer(refusal.status, text="" if silent else refusal.details, check=refusal.check)


def _decoded(call: Call) -> str:
    return unquote(call.path).removeprefix("/zstack")
