"""results.json on disk: written whole or not at all, read back as the types it was written from."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

from contract.kit.config import UsageError, build, schema
from contract.kit.verdict import Results

NAME: Final = "results.json"
SCHEMA: Final = Path(__file__).with_name("schema.json")


def write(results: Results, folder: Path) -> Path:
    """Write `results.json` into `folder` (made where it is missing) and return its path.

    A reader never sees half a file: it is written beside its place and renamed into it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    # ASCII, since a header's value may hold what no UTF-8 can say.
    put(path, json.dumps(results.as_json(), indent=1) + "\n")
    return path


def put(path: Path, text: str) -> None:
    """Write a text file by rename, in UTF-8; what UTF-8 cannot say is written as an escape."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def read(path: Path) -> Results:
    """The results in `path`, a results.json or a folder that holds one.

    Raises `UsageError` where it is missing, is not JSON, lacks its footer (the run did not end) or has
    another shape. Members that this version does not know are passed over.
    """
    if path.is_dir():
        path /= NAME
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); give a results.json of a run") from None
    except (ValueError, RecursionError):
        raise UsageError(f"{path}: not JSON; give a results.json of a run") from None
    if not isinstance(content, dict) or not isinstance(content.get("footer"), dict):
        raise UsageError(f"{path}: has no footer, so the run did not end; run it again")
    return build(content, Results, f"{path}: not results of this suite")


def schema_text() -> str:
    """The JSON Schema of results.json, as `schema.json` holds it."""
    told = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "urn:contract:results"}
    return json.dumps(told | schema(Results), indent=1, ensure_ascii=False) + "\n"
