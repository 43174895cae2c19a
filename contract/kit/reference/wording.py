"""The errors of ZStack's own servers: the same failure in the form of each version.

A failure is a template with `%s` in it and what is put there, as the server's own code makes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Form = Callable[[str, str, str, tuple[object, ...], str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Wording:
    """What one version says where another says it otherwise.

    `form` makes the error of code, description, template, arguments and the place in a flow ("" when it has none).
    `no_rights` is the code and the template for an account that may not do something. `checks_form`: a UUID is
    looked at before it is looked up, and the failure names the message it came in.
    """

    form: Form
    descriptions: Mapping[str, str]
    no_rights: tuple[str, str]
    checks_form: bool

    def error(self, code: str, template: str, arguments: tuple[object, ...], location: str = "") -> dict[str, Any]:
        return self.form(code, self.descriptions[code], template, arguments, location)

    def not_found(self, place: str, message: str, value: str, kind: str) -> tuple[str, tuple[object, ...]]:
        """The template and its arguments where the UUID in `place` of a message is nobody's."""
        if self.checks_form:
            return "invalid field[%s] for %s, resource[uuid:%s, type:%s] not found", (place, message, value, kind)
        return "invalid field[%s], resource[uuid:%s, type:%s] not found", (place, value, kind)


def filled(template: str, arguments: tuple[object, ...]) -> str:
    """The template with its arguments in it."""
    return template % arguments if arguments else template


def _elaborated(
    code: str, description: str, template: str, arguments: tuple[object, ...], location: str
) -> dict[str, Any]:
    details = filled(template, arguments)
    return {
        "code": code,
        "description": description,
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


def _with_its_template(
    code: str, description: str, template: str, arguments: tuple[object, ...], location: str
) -> dict[str, Any]:
    details = filled(template, arguments)
    opaque: dict[str, Any] = {"template": template}
    opaque |= {f"arg.{number}": argument for number, argument in enumerate(arguments)}
    if location:
        opaque["error.location"] = location
    return {
        "code": code,
        "description": description,
        "details": details,
        "i18nDetails": details,
        "causes": [],
        "opaque": opaque,
    }


_DESCRIPTIONS = {
    "ID.1000": "unable to do authentication for the given account",
    "ID.1001": "The session is invalid, either wrong session id or the session has been expired",
    "SYS.1000": "An internal error happened in system",
    "SYS.1003": "A resource can not be found",
    "SYS.1006": "An operation failed",
    "SYS.1007": "One or more API argument is invalid",
}

WORDINGS: dict[str, Wording] = {
    "zstack-5.2": Wording(
        form=_elaborated,
        descriptions=_DESCRIPTIONS,
        no_rights=("SYS.1006", "operation[API:%s] is denied by default, please contact admin to correct it"),
        checks_form=False,
    ),
    "zsvirt": Wording(
        form=_with_its_template,
        descriptions={
            **_DESCRIPTIONS,
            "ID.1000": "Unable to authenticate a user",
            "SYS.1019": "Operation denied",
        },
        no_rights=("SYS.1019", "operation[API:%s] is denied: no permission"),
        checks_form=True,
    ),
}
