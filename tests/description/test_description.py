"""The description is valid OpenAPI, says where each part comes from, and tells good from bad answers."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from contract.kit.description import operation as spec
from tests.judge.test_timestamp import SAID

FOLDER = spec.DEFAULT.parent
FILES = sorted(FOLDER.rglob("*.yaml"))
DOCUMENT = spec.load().bundled()

ERROR = {"code": "SYS.1006", "description": "An operation failed", "details": "no host"}
INVENTORY = {
    "schedulerJobGroupUuid": "ec8d2952f8f13747bbbf24f93585a63d",
    "schedulerTriggerUuid": "4b5bc56b58623324afe0a57951a96064",
    "createDate": "Nov 14, 2017 10:20:57 PM",
    "lastOpDate": "Nov 14, 2017 10:20:57 PM",
}


def breaches(schema: str, value: Any) -> list[str]:
    """The keywords of a component's schema that `value` breaks, outermost first."""
    validator = Draft202012Validator({**DOCUMENT, "$ref": f"#/components/schemas/{schema}"})
    return [str(error.validator) for error in validator.iter_errors(value)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_file_is_valid_openapi(path: Path) -> None:
    validate(yaml.safe_load(path.read_text("utf-8")), base_uri=path.as_uri())


def test_the_bundle_is_valid_openapi_and_whole() -> None:
    validate(DOCUMENT)
    assert ".yaml" not in str([node for node in walk(DOCUMENT) if "$ref" in node])


def test_each_common_file_is_used() -> None:
    text = "".join(path.read_text("utf-8") for path in FILES)
    assert [path.name for path in FILES if path.parent != FOLDER and f"{path.name}#" not in text] == []


def test_every_status_of_the_contract_is_described() -> None:
    [(_, item)] = DOCUMENT["paths"].items()
    described = set(item["post"]["responses"])
    rejections = (400, 401, 403, 404, 405, 406, 411, 413, 414, 415, 417, 422, 429, 431)
    assert described == {"200", "202", "4XX", "503"} | {str(status) for status in rejections}
    assert spec.load().rejections == {*rejections}


def walk(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from walk(value)


def test_each_part_says_where_it_comes_from() -> None:
    parts = {
        f"{section}/{name}": part
        for section, components in DOCUMENT["components"].items()
        for name, part in components.items()
    }
    for place, part in list(parts.items()):
        for node in walk(part) if place.startswith("schemas/") else ():
            for name, member in node.get("properties", {}).items():
                if member.keys() != {"$ref"}:
                    parts[f"{place}/{name}"] = member
    known = ("vendor's page, ", "observed in ZStack 5.2", "the contract, ")
    unsourced = [place for place, part in parts.items() if not part.get("x-source", "").startswith(known)]
    assert unsourced == []
    assert len(parts) > 30


def test_the_request_of_the_page_fits_the_body() -> None:
    assert breaches("AddSchedulerJobGroupToSchedulerTriggerBody", spec.load().example_body) == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"params": None},
        {"params": []},
        {"params": {"triggerNow": 1}},
        {"params": {}, "systemTags": "a"},
        {"params": {}, "userTags": {"a": "b"}},
        {"params": {}, "userTags": [1]},
    ],
)
def test_a_bad_body_does_not_fit(body: Any) -> None:
    assert breaches("AddSchedulerJobGroupToSchedulerTriggerBody", body)


def test_the_answer_of_the_page_lacks_the_dates_alone() -> None:
    answer = copy.deepcopy(DOCUMENT["components"]["examples"]["Association"]["value"])
    schema = "SchedulerJobGroupSchedulerTriggerRefInventory"
    assert breaches(schema, answer["inventory"]) == ["required", "required"]
    assert breaches(schema, {**INVENTORY, **answer["inventory"]}) == []


def test_the_example_of_a_failure_fits() -> None:
    assert breaches("Envelope", DOCUMENT["components"]["examples"]["Failure"]["value"]) == []


@pytest.mark.parametrize(
    "answer",
    [
        {"inventory": INVENTORY},
        {"inventory": INVENTORY, "error": None},
        {"inventory": {**INVENTORY, "zoneUuid": None}, "schema": {}, "error": None},
        {"error": ERROR},
        {"error": ERROR, "inventory": None},
        {"error": {**ERROR, "elaboration": None, "opaque": None, "cause": None}},
        {"error": {**ERROR, "elaboration": "x", "opaque": {"a": [1]}, "cause": {**ERROR, "cause": ERROR}}},
        {"error": {**ERROR, "code": "BS.SFTP.1000", "cost": "12ms", "messages": {}, "causes": []}},
        {"error": {**ERROR, "code": "zbox.1000"}},
        {"error": {**ERROR, "code": "ZCE-X.1000"}},
    ],
)
def test_a_good_answer_fits(answer: Any) -> None:
    assert breaches("Envelope", answer) == []


@pytest.mark.parametrize(
    "answer",
    [
        {},
        [],
        None,
        "ok",
        {"inventory": INVENTORY, "error": ERROR},
        {"inventory": None, "error": None},
        {"inventory": {}},
        {"inventory": [INVENTORY]},
        {"inventory": INVENTORY, "error": False},
        {"inventory": INVENTORY, "error": {}},
        {"inventory": {**INVENTORY, "createDate": None}},
        {"inventory": {**INVENTORY, "lastOpDate": "yesterday"}},
        {"inventory": {**INVENTORY, "schedulerTriggerUuid": "4B5BC56B58623324AFE0A57951A96064"}},
        {"error": {}},
        {"error": "SYS.1006"},
        {"error": [ERROR]},
        {"error": {**ERROR, "code": 1006}},
        {"error": {**ERROR, "code": "SYS"}},
        {"error": {**ERROR, "details": None}},
        {"error": {**ERROR, "elaboration": 1}},
        {"error": {**ERROR, "opaque": "x"}},
        {"error": {**ERROR, "cause": "x"}},
        {"error": {**ERROR, "cause": {}}},
        {"error": {**ERROR, "cause": [ERROR]}},
        {"error": {**ERROR, "cause": {**ERROR, "cause": {"code": "SYS.1000"}}}},
        {"data": {"inventory": INVENTORY}},
        {"message": "no"},
    ],
)
def test_a_bad_answer_does_not_fit(answer: Any) -> None:
    assert breaches("Envelope", answer)


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ("Nov 14, 2017 10:20:57 PM", True),
        ("Jan 6, 2017 3:51:16 AM", True),
        ("Nov 14, 2017, 10:20:57 PM", True),
        ("Nov 14, 2017, 10:20:57\u202fPM", True),
        ("2017-11-14T22:20:57Z", True),
        ("2017-11-14T22:20:57.141+08:00", True),
        ("20171114T222057Z", True),
        ("2017-11-14 22:20:57", False),
        (1510669257141, True),
        ("14.11.2017 22:20:57", False),
        ("2017-11-14", False),
        ("1510669257141", False),
        ("", False),
        (-1, False),
        (True, False),
        (None, False),
        ({}, False),
    ],
)
def test_timestamps(value: Any, fits: bool) -> None:
    assert (breaches("Timestamp", value) == []) is fits


@pytest.mark.parametrize("value", [value for value, _ in SAID], ids=str)
def test_a_timestamp_that_the_rules_know_fits(value: object) -> None:
    assert breaches("Timestamp", value) == []
