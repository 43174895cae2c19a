"""What the body of the operation may hold, as the vendor's page lists it."""

from __future__ import annotations

from contract.kit.reference.call import MISSING, Call, NotJson
from contract.kit.reference.dialect import Options
from contract.kit.reference.refusal import Refusal

LARGE = 256 * 1024
ROOT_MEMBERS = {"params", "systemTags", "userTags"}


def bad_body(call: Call, options: Options) -> Refusal | None:
    """The first thing wrong with the body, or None."""
    media = (call.header("content-type") or "").partition(";")[0].strip().lower()
    if options.media == "json" and media != "application/json":
        return Refusal("media-type", 415, "SYS.1007", "the body is application/json")
    if options.large == "413" and len(call.body) > LARGE:
        return Refusal("body-size", 413, "SYS.1007", "the body is too large")
    if not call.body.strip():
        return Refusal("body-empty", 400, "SYS.1007", "the body is empty")
    try:
        root = call.document
    except NotJson:
        return Refusal("body-json", 400, "SYS.1007", "the body is not a JSON document")
    if not isinstance(root, dict):
        return Refusal("body-root", 400, "SYS.1007", "the body is not a JSON object")
    return _bad_params(root, options) or _bad_tags(root, options) or _unknown_members(root, options)


def _bad_params(root: dict[str, object], options: Options) -> Refusal | None:
    params = root.get("params", MISSING)
    if params is MISSING:
        return Refusal("params-missing", 400, "SYS.1007", "params is required")
    if params is None:
        return Refusal("params-null", 400, "SYS.1007", "params is required, and is null")
    if not isinstance(params, dict):
        return Refusal("params-type", 400, "SYS.1007", "params is not an object")
    now = params.get("triggerNow", MISSING)
    if now is MISSING or isinstance(now, bool):
        return None
    if now is None:
        if options.null_members == "accepted":
            return None
        return Refusal("trigger-now-null", 400, "SYS.1007", "triggerNow is null")
    if now in ("true", "false") and options.boolean_text != "refused":
        return None
    if isinstance(now, str) and now.lower() in ("true", "false") and options.boolean_text == "any_case":
        return None
    return Refusal("trigger-now", 400, "SYS.1007", "triggerNow is not a boolean")


def _bad_tags(root: dict[str, object], options: Options) -> Refusal | None:
    for name, check in (("systemTags", "system-tags"), ("userTags", "user-tags")):
        tags = root.get(name, MISSING)
        if tags is MISSING:
            continue
        if tags is None:
            if options.null_members == "refused":
                return Refusal("tags-null", 400, "SYS.1007", f"{name} is null")
            continue
        if not isinstance(tags, list):
            return Refusal(check, 400, "SYS.1007", f"{name} is not a list")
        if options.tag_items == "refused" and not all(isinstance(tag, str) for tag in tags):
            return Refusal("tag-item", 400, "SYS.1007", f"{name} holds something else than strings")
    return None


def _unknown_members(root: dict[str, object], options: Options) -> Refusal | None:
    if options.unknown_body == "ignored":
        return None
    params = root["params"]
    assert isinstance(params, dict)
    if root.keys() - ROOT_MEMBERS or params.keys() - {"triggerNow"}:
        return Refusal("unknown-member", 400, "SYS.1007", "the body holds members that are not known")
    return None
