"""The operation is read from its description: this one, a second one without new code, and broken ones."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from contract.kit.description import operation as spec
from contract.kit.description.bundle import DescriptionError

DATA = Path(__file__).parents[1] / "data" / "openapi"


def names(members: tuple[spec.Member, ...]) -> list[str]:
    return [f"{member.name}!" if member.required else member.name for member in members]


def test_the_endpoint() -> None:
    operation = spec.load()
    assert (operation.operation_id, operation.method) == ("AddSchedulerJobGroupToSchedulerTrigger", "POST")
    assert operation.path_parameters == ("schedulerJobGroupUuid", "schedulerTriggerUuid")
    assert operation.auth == spec.Auth("Authorization", "OAuth")
    assert operation.content_types == ("application/json;charset=UTF-8", "application/json")
    assert operation.example_body == {
        "params": {"triggerNow": True},
        "systemTags": ["<systemTags>"],
        "userTags": ["<userTags>"],
    }
    assert names(operation.body_members) == ["params!", "systemTags", "userTags"]
    assert names(operation.body_members[0].members) == ["triggerNow"]
    assert [member.schema["type"] for member in operation.body_members] == ["object", "array", "array"]
    assert operation.required_inventory == (
        "schedulerJobGroupUuid",
        "schedulerTriggerUuid",
        "createDate",
        "lastOpDate",
    )
    assert operation.timestamps == ("createDate", "lastOpDate")
    assert tuple(member.name for member in operation.echoes) == operation.path_parameters


def test_a_second_endpoint_is_a_second_file() -> None:
    operation = spec.load(DATA / "add-job-to-trigger.yaml")
    assert operation.operation_id == "AddSchedulerJobToSchedulerTrigger"
    assert operation.path_parameters == ("schedulerJobUuid", "schedulerTriggerUuid")
    assert operation.content_types == ("application/json",)
    assert operation.example_body == {"params": {"weight": 1}}
    assert names(operation.body_members) == ["params", "systemTags"]
    assert names(operation.body_members[0].members) == ["triggerNow", "weight!"]
    assert operation.required_inventory == ("schedulerJobUuid",)
    assert operation.timestamps == ("nextFireDate",)
    assert [member.name for member in operation.echoes] == ["schedulerJobUuid", "schedulerTriggerUuid"]
    assert {member.pattern for member in operation.echoes} == {"^[0-9a-f]{32}$"}
    assert [member.pattern for member in operation.inventory_members if member.name == "taskClassName"] == [".*"]
    assert operation.rejections == frozenset()
    assert operation.digest != spec.load().digest


@pytest.mark.parametrize(
    ("group", "trigger", "path"),
    [
        ("ab12", "cd34", "/jobgroups/ab12/scheduler/triggers/cd34"),
        ("a/b", "..", "/jobgroups/a%2Fb/scheduler/triggers/.."),
        ("a b?#", "100%", "/jobgroups/a%20b%3F%23/scheduler/triggers/100%25"),
        ("\x00\n", "é\ud800", "/jobgroups/%00%0A/scheduler/triggers/%C3%A9%ED%A0%80"),
        ("", "{schedulerTriggerUuid}", "/jobgroups//scheduler/triggers/%7BschedulerTriggerUuid%7D"),
        ("{schedulerTriggerUuid}", "x", "/jobgroups/%7BschedulerTriggerUuid%7D/scheduler/triggers/x"),
    ],
)
def test_expand(group: str, trigger: str, path: str) -> None:
    found = spec.load().expand(schedulerJobGroupUuid=group, schedulerTriggerUuid=trigger)
    assert spec.load().path_naming(group, trigger) == found
    assert found == f"/zstack/v1/scheduler{path}"


def test_expand_wants_the_names_of_the_path() -> None:
    with pytest.raises(ValueError, match="schedulerJobGroupUuid, schedulerTriggerUuid, not uuid"):
        spec.load().expand(uuid="x")
    with pytest.raises(ValueError, match="shorter"):
        spec.load().path_naming("x")


def test_the_bundle_is_a_copy() -> None:
    operation = spec.load()
    operation.bundled()["paths"].clear()
    assert operation.bundled()["paths"]


def test_recursion_stays_a_reference() -> None:
    cause = spec.load().bundled()["components"]["schemas"]["ErrorCode"]["properties"]["cause"]
    assert {"$ref": "#/components/schemas/ErrorCode"} in cause["anyOf"]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The description in a folder of its own, to be changed."""
    shutil.copytree(spec.DEFAULT.parent, tmp_path / "openapi")
    return tmp_path / "openapi" / spec.DEFAULT.name


def test_the_digest_follows_every_file_and_no_comment(copied: Path) -> None:
    before = spec.load().digest
    copied.write_text(f"# a comment\n{copied.read_text('utf-8')}", "utf-8")
    assert spec.load(copied).digest == before
    common = copied.parent / "common" / "uuid.yaml"
    common.write_text(common.read_text("utf-8").replace("{32}", "{36}"), "utf-8")
    assert spec.load(copied).digest != before


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("paths:", "paths: [", "while parsing"),
        ("common/uuid.yaml#", "common/none.yaml#", "none.yaml: No such file"),
        ("uuid.yaml#/components/schemas/Uuid", "uuid.yaml#/components/schemas/Id", "Id leads nowhere"),
        ("'#/components/schemas/Envelope'", "common/uuid.yaml", "names no place in a file"),
        ("    Success:\n", "    Uuid:\n", "components/schemas/Uuid stands in another file too"),
        ("    post:\n", "    x-post:\n", "it describes 0 operations, not one"),
        ("{schedulerTriggerUuid}", "{triggerUuid}", "the path's template names"),
        ("        - session: []", "        - {}", "x-scheme"),
        ("        '200':", "        '201':", "it has no answer 200"),
        ("      requestBody:", "      x-requestBody:", "the operation has no request body"),
        ("          examples:\n", "          x-examples:\n", "the request body has no example"),
        ("            inventory:\n", "            result:\n", "the answer 200 describes no inventory"),
    ],
)
def test_a_description_that_cannot_be_used(copied: Path, old: str, new: str, message: str) -> None:
    text = copied.read_text("utf-8")
    assert old in text
    copied.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(DescriptionError) as caught:
        spec.load(copied)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_description_that_is_no_mapping(tmp_path: Path) -> None:
    path = tmp_path / "list.yaml"
    path.write_text(yaml.safe_dump(["openapi"]), "utf-8")
    with pytest.raises(DescriptionError, match=r"list\.yaml: it is not a mapping"):
        spec.load(path)
