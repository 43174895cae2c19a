"""One OpenAPI document from the files that a description is written in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

_Loader: Final[type[Any]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C parser where PyYAML has it: ten times faster, and every run waits for it."""


class DescriptionError(Exception):
    """A description cannot be used; one line that names the file and the place in it."""


def bundle(path: Path) -> dict[str, Any]:
    """The document in `path` with the components of every file that it refers to, directly or not.

    References to other files become references within the document, so that a recursive schema stays one.
    Raises DescriptionError for a file that cannot be read, a reference that leads nowhere, and two
    components of one name.
    """
    path = path.resolve()
    document = _read(path)
    seen = {path}
    waiting = [(path, document)]
    while waiting:
        file, part = waiting.pop()
        for other in _localise(part, file):
            if other in seen:
                continue
            seen.add(other)
            found = _read(other)
            waiting.append((other, found))
            _adopt(document, found, other)
    for node in _references(document):
        look_up(document, node["$ref"], path)
    return document


def look_up(document: dict[str, Any], reference: str, path: Path) -> Any:
    """What `#/a/b` (RFC 6901) leads to in `document`; `path` is named where it leads nowhere."""
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        name = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(found, dict) or name not in found:
            raise DescriptionError(f"{path.name}: the reference {reference} leads nowhere")
        found = found[name]
    return found


def _read(path: Path) -> dict[str, Any]:
    try:
        found = yaml.load(path.read_bytes(), _Loader)
    except OSError as error:
        raise DescriptionError(f"{path}: {error.strerror}") from None
    except yaml.YAMLError as error:
        raise DescriptionError(f"{path.name}: {' '.join(str(error).split())}") from None
    if not isinstance(found, dict):
        raise DescriptionError(f"{path.name}: it is not a mapping")
    return found


def _references(node: Any) -> Iterator[dict[str, Any]]:
    """Every object of `node` that is a reference. YAML's anchors make one object stand in two places."""
    waiting, seen = [node], set()
    while waiting:
        item = waiting.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, dict):
            if isinstance(item.get("$ref"), str):
                yield item
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)


def _localise(document: dict[str, Any], path: Path) -> list[Path]:
    """Strip the file from each reference, and tell which files they were."""
    files = []
    for node in _references(document):
        file, _, place = node["$ref"].partition("#")
        if not place.startswith("/"):
            raise DescriptionError(f"{path.name}: the reference {node['$ref']} names no place in a file")
        if file:
            files.append((path.parent / file).resolve())
            node["$ref"] = f"#{place}"
    return files


def _adopt(document: dict[str, Any], other: dict[str, Any], path: Path) -> None:
    into = document.setdefault("components", {})
    for section, components in other.get("components", {}).items():
        for name, component in components.items():
            mine = into.setdefault(section, {}).get(name)
            # A component that only stands for its namesake in another file gives way to it.
            if mine not in (None, {"$ref": f"#/components/{section}/{name}"}):
                raise DescriptionError(f"{path.name}: components/{section}/{name} stands in another file too")
            into[section][name] = component
