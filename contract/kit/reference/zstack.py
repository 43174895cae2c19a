"""The `zstack-5.2` dialect: what ZStack's own server was observed to do, page or no page.

Most refusals are plain text without a Content-Type; every call of the operation that gets past them is
answered 202, and its failure or success stands in the job.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from contract.kit.reference.answers import Answer, plain
from contract.kit.reference.auth import bad_signature, unknown_session
from contract.kit.reference.call import Call
from contract.kit.reference.dialect import Options
from contract.kit.reference.gson import Unreadable, java_type, read
from contract.kit.reference.jobs import Jobs
from contract.kit.reference.operation import Waived
from contract.kit.reference.refusal import Refusal
from contract.kit.reference.resources import canonical, unknown_pair
from contract.kit.reference.tomcat import html, refused_by_container
from contract.kit.reference.world import World

DESCRIPTIONS = {
    "ID.1000": "unable to do authentication for the given account",
    "ID.1001": "The session is invalid, either wrong session id or the session has been expired",
    "SYS.1000": "An internal error happened in system",
    "SYS.1003": "A resource can not be found",
    "SYS.1006": "An operation failed",
    "SYS.1007": "One or more API argument is invalid",
}
BOOLEAN = "a valid boolean string[true, false]"
TRIGGERS_OF_A_GROUP = 30
VALIDATION_ONLY = "ephemeral::validationOnly"
LONGEST_TIMEOUT = 9_223_372_036_854_775_807


class ZStack:
    """Reads leniently, answers by jobs, and says so in text when it does not like a request."""

    def __init__(self, world: World, options: Options, jobs: Jobs) -> None:
        self.world = world
        self.options = options
        self.jobs = jobs

    def front(self, call: Call) -> Answer | None:
        return refused_by_container(call)

    def failed(self, check: str, code: str, details: str) -> Answer:
        error: dict[str, Any] = {
            "code": code,
            "description": DESCRIPTIONS[code],
            "details": details,
            "elaboration": f"错误信息: {details}",
            "messages": {
                "code": code,
                "message_cn": details,
                "message_en": details,
                "source": "zstack",
                "distance": 0.0,
                "method": "regex",
            },
            "cost": "12ms",
        }
        answer = plain(self.options, {"error": error}, 503)
        answer.check, answer.code = check, code
        return answer

    def guard(self, call: Call) -> Answer | None:
        refusal, session = self._credential(call)
        if refusal is not None:
            return _text(refusal)
        refusal = None if session is None else unknown_session(session, self.world)
        return None if refusal is None else self._in_job(self.failed(refusal.check, "ID.1001", "Session expired"))

    def decide(self, call: Call, waived: Waived) -> Answer:
        if call.route == "near-miss" and not waived(call, "path"):
            return _text(Refusal("path", 404, "", f"no api mapping to {_decoded(call)}"))
        if any(value in (".", "..") or "\n" in value for value in (call.group, call.trigger)):
            return _text(Refusal("path", 404, "", f"no api mapping to {_decoded(call)}"))
        try:
            root = read(call.body, call.header("content-type") or "")
        except Unreadable as unreadable:
            if unreadable.by_container:
                return html(500, "body-charset")
            return _text(Refusal("body-json", 500, "", str(unreadable)))
        if call.route == "method":
            answer = self._other_method(call)
            if not waived(call, answer.check):
                return answer
        refusal, session = self._credential(call)
        if refusal is not None and not waived(call, refusal.check):
            return _text(refusal)
        refusal = self._bad_members(call, root)
        if refusal is not None and not waived(call, refusal.check):
            return _text(refusal)
        return self._in_job(self._run(call, root, session, waived))

    def _credential(self, call: Call) -> tuple[Refusal | None, str | None]:
        """Why the header is refused at once, and the session that it names (None under an access key)."""
        value = call.header("authorization")
        if value is None:
            return Refusal("no-header", 400, "", "missing header 'Authorization'"), None
        value = value.strip()
        if value.startswith("ZStack"):
            return bad_signature(call, self.world, value.removeprefix("ZStack").strip()), None
        if not value.startswith("OAuth"):
            check = "scheme" if value else "empty-header"
            return Refusal(check, 400, "", "Authorization type must be 'OAuth'"), None
        return None, value.replace("OAuth", "", 1).strip()

    def _bad_members(self, call: Call, root: dict[str, Any]) -> Refusal | None:
        params = root.get("params")
        if params is not None and not isinstance(params, dict):
            text = f"{java_type(params)} cannot be cast to java.util.Map"
            return Refusal("params-type", 500, "", text)
        now = (params or {}).get("triggerNow")
        if now is not None and not isinstance(now, bool) and str(now).lower() not in ("true", "false"):
            text = f"Invalid value for boolean field [triggerNow], [{now}] is not {BOOLEAN}."
            return Refusal("trigger-now", 400, "", text)
        job = self.jobs.bad_name(call)
        if job:
            return Refusal("job-uuid", 400, "", job)
        timeout = call.header("x-api-timeout")
        if timeout is not None and not (timeout.isdecimal() and int(timeout) <= LONGEST_TIMEOUT):
            return Refusal("timeout", 500, "", f'For input string: "{timeout}"')
        for name, check in (("systemTags", "system-tags"), ("userTags", "user-tags")):
            tags = root.get(name)
            if tags is not None and not isinstance(tags, list):
                return Refusal(check, 500, "", f"{java_type(tags)} cannot be cast to java.util.List")
            inner = (params or {}).get(name)
            if inner is not None and not isinstance(inner, list):
                text = f"java.lang.IllegalStateException: Expected BEGIN_ARRAY but was {java_type(inner)} at path $"
                return Refusal(check, 500, "", text)
        return None

    def _run(self, call: Call, root: dict[str, Any], session: str | None, waived: Waived) -> Answer:
        """What stands in the job. The parameters are validated before the session is looked at."""
        params = root.get("params") if isinstance(root.get("params"), dict) else {}
        assert isinstance(params, dict)
        group, trigger = canonical(call.group, self.options), canonical(call.trigger, self.options)
        refusal = unknown_pair(group, trigger, self.world)
        if refusal is not None and not waived(call, refusal.check):
            missing_group = group not in self.world.groups
            place, value, kind = (
                ("schedulerJobGroupUuid", call.group.strip(), "SchedulerJobGroupVO")
                if missing_group
                else ("schedulerTriggerUuid", call.trigger.strip(), "SchedulerTriggerVO")
            )
            details = f"invalid field[{place}], resource[uuid:{value}, type:{kind}] not found"
            return self.failed(refusal.check, "SYS.1003", details)
        for name in ("systemTags", "userTags"):
            tags = root.get(name, params.get(name))
            if isinstance(tags, list) and None in tags and not waived(call, "tag-item"):
                return self.failed("tag-item", "SYS.1007", f"field[{name}] cannot contain a NULL element")
        stranger = None if session is None else unknown_session(session, self.world)
        if stranger is not None and not waived(call, stranger.check):
            return self.failed(stranger.check, "ID.1001", "Session expired")
        if VALIDATION_ONLY in (root.get("systemTags") or params.get("systemTags") or ()):
            answer = plain(self.options, {})
            answer.check = "validation-only"
            return answer
        return self._add(call, group, trigger, exists=refusal is None)

    def _add(self, call: Call, group: str, trigger: str, exists: bool) -> Answer:
        if len(self.world.triggers_of(group)) >= TRIGGERS_OF_A_GROUP:
            details = f"There are [30] triggers added to job group[uuid:{group}], cannot add any more."
            return self.failed("full", "SYS.1007", details)
        if (group, trigger) in self.world.associations:
            details = (
                f"Run Scheduler task by job[uuid:{group}] and trigger[uuid:{trigger}] failed, because Unable to "
                f"store Job : '{trigger}.{group}', because one already exists with this identification."
            )
            return self.failed("associated", "SYS.1000", details)
        if exists:
            self.world.associate(group, trigger)
        # The row is not read again after it is stored, so the dates that the database fills in are missing.
        inventory = {
            "schedulerJobGroupUuid": call.group.strip(),
            "schedulerTriggerUuid": call.trigger.strip(),
        }
        return plain(self.options, {"inventory": inventory})

    def _other_method(self, call: Call) -> Answer:
        if call.method == "GET":
            return _text(Refusal("method", 500, "", f"No query API found for the path[{call.path}]"))
        if call.method == "PUT":
            if not call.body.strip():
                return _text(Refusal("method", 500, "", ""))
            text = f"the body doesn't contain action mapping to the URL[{_decoded(call)}]"
            return _text(Refusal("method", 400, "", text))
        text = f"The method[{call.method}] is not allowed for the path[{_decoded(call)}]"
        return _text(Refusal("method", 405, "", text))

    def _in_job(self, answer: Answer) -> Answer:
        answer.deferred = True
        return answer


def _text(refusal: Refusal) -> Answer:
    return Answer(refusal.status, text=refusal.details, check=refusal.check)


def _decoded(call: Call) -> str:
    return unquote(call.path).removeprefix("/zstack")
