"""The described operation: what the rest of the kit knows of the endpoint, read from its description."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from contract.kit.description.bundle import DescriptionError, bundle, look_up

DEFAULT: Final = Path(__file__).parents[3] / "openapi" / "add-job-group-to-trigger.yaml"

_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, slots=True)
class Auth:
    """The header that carries the session: `header: scheme session`."""

    header: str
    scheme: str


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a JSON object: its schema with references resolved, and the members within it."""

    name: str
    required: bool
    schema: dict[str, Any]
    members: tuple[Member, ...] = ()

    @property
    def is_timestamp(self) -> bool:
        return self.schema.get("format") == "timestamp"

    @property
    def pattern(self) -> str:
        """The regular expression that a text there matches; one that matches all where none is described."""
        return str(self.schema.get("pattern", ".*"))


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API, as its description has it; made by `load`.

    `path` is the template, `path_parameters` their names in its order. `content_types` begin with the
    page's own spelling. `rejections`: the statuses under which an answer may be something else than JSON. `digest` is
    a SHA-256 (hex) over all that the description says, comments and the division into files left out.
    """

    operation_id: str
    method: str
    path: str
    path_parameters: tuple[str, ...]
    auth: Auth
    content_types: tuple[str, ...]
    body_members: tuple[Member, ...]
    example_body: Any
    inventory_members: tuple[Member, ...]
    error_members: tuple[Member, ...]
    rejections: frozenset[int]
    digest: str
    _document: dict[str, Any] = field(repr=False)

    @property
    def required_inventory(self) -> tuple[str, ...]:
        return tuple(member.name for member in self.inventory_members if member.required)

    @property
    def timestamps(self) -> tuple[str, ...]:
        """The inventory's members that are points in time."""
        return tuple(member.name for member in self.inventory_members if member.is_timestamp)

    @property
    def echoes(self) -> tuple[Member, ...]:
        """The inventory's members that repeat a parameter of the path: those of the same name."""
        return tuple(member for member in self.inventory_members if member.name in self.path_parameters)

    @property
    def plain_body(self) -> dict[str, Any]:
        """The smallest body that is allowed."""
        return {member.name: {} for member in self.body_members if member.required}

    def expand(self, **values: str) -> str:
        """The path with `values` for its parameters, percent-encoded (RFC 3986, 2.3: all but unreserved).

        Dots are unreserved: a value of `..` becomes a dot segment. Raises ValueError unless the names are
        those of the path.
        """
        if set(values) != set(self.path_parameters):
            raise ValueError(f"the path takes {', '.join(self.path_parameters)}, not {', '.join(values)}")
        path = self.path
        for name, value in values.items():
            path = path.replace(f"{{{name}}}", quote(value.encode("utf-8", "surrogatepass"), safe=""))
        return path

    def path_naming(self, *values: str) -> str:
        """The path with `values` for its parameters in their order, as `expand` writes it; ValueError for another
        number of them."""
        return self.expand(**dict(zip(self.path_parameters, values, strict=True)))

    def bundled(self) -> dict[str, Any]:
        """The description as one OpenAPI 3.1 document, a fresh copy; recursion goes through #/components."""
        return copy.deepcopy(self._document)


def load(path: Path | str | None = None) -> Operation:
    """Read a description (the suite's own by default): a file of OpenAPI 3.1 with one operation.

    Raises DescriptionError, one line, where it lacks something that a run needs.
    """
    file = Path(path) if path is not None else DEFAULT
    return _Description(file, bundle(file)).operation()


class _Description:
    """A bundled document, with its references followed."""

    def __init__(self, file: Path, document: dict[str, Any]) -> None:
        self.file = file
        self.document = document

    def operation(self) -> Operation:
        path, method, item, operation = self.only_operation()
        names = tuple(re.findall(r"\{(.+?)\}", path))
        parameters = [self.follow(part) for part in item.get("parameters", []) + operation.get("parameters", [])]
        described = [part["name"] for part in parameters if part["in"] == "path"]
        if sorted(names) != sorted(described):
            raise self.error(f"the path's template names {names}, its parameters {tuple(described)}")
        content = self.follow(operation.get("requestBody", {})).get("content")
        if not content:
            raise self.error("the operation has no request body")
        body = next(iter(content.values()))
        envelope = self.success(operation)
        return Operation(
            operation_id=operation["operationId"],
            method=method.upper(),
            path=path,
            path_parameters=names,
            auth=self.auth(operation),
            content_types=tuple(content),
            body_members=self.members(body["schema"]),
            example_body=self.example(body),
            inventory_members=self.within(envelope, "inventory"),
            error_members=self.within(envelope, "error"),
            rejections=self.rejections(operation),
            digest=hashlib.sha256(json.dumps(self.document, sort_keys=True).encode()).hexdigest(),
            _document=self.document,
        )

    def only_operation(self) -> tuple[str, str, dict[str, Any], dict[str, Any]]:
        found = [
            (path, method, item, item[method])
            for path, item in self.document.get("paths", {}).items()
            for method in _METHODS
            if method in item
        ]
        if len(found) != 1:
            raise self.error(f"it describes {len(found)} operations, not one")
        return found[0]

    def auth(self, operation: dict[str, Any]) -> Auth:
        security = operation.get("security") or self.document.get("security") or [{}]
        for name in security[0]:
            scheme = self.follow(self.document["components"]["securitySchemes"][name])
            if scheme["type"] == "apiKey" and scheme["in"] == "header" and "x-scheme" in scheme:
                return Auth(scheme["name"], scheme["x-scheme"])
        raise self.error("its security is not a header whose value begins with a word (x-scheme)")

    def success(self, operation: dict[str, Any]) -> dict[str, Any]:
        try:
            content = self.follow(operation["responses"]["200"])["content"]
            schema: dict[str, Any] = content["application/json"]["schema"]
        except KeyError:
            raise self.error("it has no answer 200 in application/json") from None
        return schema

    def rejections(self, operation: dict[str, Any]) -> frozenset[int]:
        """The statuses described one by one under which something else than JSON may come."""
        single = {int(status): self.follow(part) for status, part in operation["responses"].items() if status.isdigit()}
        return frozenset(
            status
            for status, response in single.items()
            if any(media != "application/json" for media in response.get("content", {}))
        )

    def example(self, media: dict[str, Any]) -> Any:
        if "example" in media:
            return media["example"]
        for example in media.get("examples", {}).values():
            return self.follow(example)["value"]
        raise self.error("the request body has no example")

    def within(self, envelope: dict[str, Any], name: str) -> tuple[Member, ...]:
        """The members of a member of the envelope, wherever among its alternatives they are described."""
        for member in self.members(envelope):
            if member.name == name and member.members:
                return member.members
        raise self.error(f"the answer 200 describes no {name}")

    def members(self, schema: dict[str, Any], above: tuple[int, ...] = ()) -> tuple[Member, ...]:
        """The members of an object; alternatives and parts are laid together, recursion ends at once."""
        parts = list(self.parts(schema, above))
        required = {name for part in parts for name in part.get("required", [])}
        schemas: dict[str, list[dict[str, Any]]] = {}
        for part in parts:
            for name, described in part.get("properties", {}).items():
                schemas.setdefault(name, []).append(described)
        inside = above + tuple(id(part) for part in parts)
        found = []
        for name, alternatives in schemas.items():
            merged = {"allOf": alternatives} if len(alternatives) > 1 else alternatives[0]
            found.append(Member(name, name in required, self.follow(merged), self.members(merged, inside)))
        return tuple(found)

    def parts(self, schema: dict[str, Any], above: tuple[int, ...]) -> list[dict[str, Any]]:
        if id(schema) in above:
            return []
        found = [schema]
        if "$ref" in schema:
            found += self.parts(self.target(schema), above)
        for word in ("allOf", "oneOf", "anyOf"):
            for part in schema.get(word, []):
                found += self.parts(part, above)
        return found

    def follow(self, node: dict[str, Any]) -> dict[str, Any]:
        """`node` without its reference: what it refers to, under what stands beside it (OpenAPI 3.1)."""
        while "$ref" in node:
            beside = {key: value for key, value in node.items() if key != "$ref"}
            node = {**self.target(node), **beside}
        return node

    def target(self, node: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = look_up(self.document, node["$ref"], self.file)
        return found

    def error(self, message: str) -> DescriptionError:
        return DescriptionError(f"{self.file.name}: {message}")
