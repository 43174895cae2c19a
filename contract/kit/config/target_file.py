"""The files of `contract/targets/`: where a target is, what may be done there, which variables hold secrets."""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from contract.kit.config.usage import UsageError

FOLDER: Final = Path(__file__).parents[2] / "targets"
SECRETS: Final = (
    "account",
    "password",
    "session",
    "job_group",
    "trigger",
    "access_key_id",
    "access_key_secret",
)


@dataclass(frozen=True, slots=True)
class May:
    """What the run may do on the target: `write` associations, `login` and out, `query`, `delete` what it made."""

    write: bool = True
    login: bool = True
    query: bool = True
    delete: bool = True


@dataclass(frozen=True, slots=True)
class TargetFile:
    """One file as it stands; None is a key left out. `secrets` maps each secret to its variable's name."""

    path: Path
    url: str
    pace: float | None = None
    request_timeout: float | None = None
    waivers: str | None = None
    ca_bundle: str | None = None
    insecure: bool = False
    zone: str | None = None
    may: May = field(default_factory=May)
    secrets: dict[str, str] = field(default_factory=dict)


def near(name: str, known: Iterable[str]) -> str:
    """ "; did you mean X?" where something like `name` is known, otherwise ""."""
    found = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {found[0]}?" if found else ""


def find(name: str) -> Path:
    """The file of a target by its path or its name in the folder. UsageError where there is none."""
    for path in (Path(name), FOLDER / name, FOLDER / f"{name}.toml"):
        if path.is_file():
            return path
    known = sorted(path.stem for path in FOLDER.glob("*.toml"))
    hint = near(name, ["reference", *known]) or "; give a URL (http://HOST:PORT), a file, or reference"
    raise UsageError(f"there is no target {name!r}{hint}")


def read(path: Path) -> TargetFile:
    """Read and check one file. UsageError names file and key."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: it cannot be read: {error}") from None
    table = _Table(path, "", content)
    may = _Table(path, "may.", table.table("may"))
    secrets = _Table(path, "secrets.", table.table("secrets"))
    url = table.text("url")
    if url is None:
        raise UsageError(f"{path}: the key url is missing")
    found = TargetFile(
        path=path,
        url=url,
        pace=table.number("pace"),
        request_timeout=table.number("request_timeout"),
        waivers=_beside(path, table.text("waivers")),
        ca_bundle=_beside(path, table.text("ca_bundle")),
        insecure=table.flag("insecure", default=False),
        zone=table.text("zone"),
        may=May(*(may.flag(name, default=True) for name in ("write", "login", "query", "delete"))),
        secrets={name: variable for name in SECRETS if (variable := secrets.variable(name)) is not None},
    )
    for read_table in (table, may, secrets):
        read_table.done()
    return found


def _beside(path: Path, named: str | None) -> str | None:
    """A file named from the target file's own folder, where it stands there."""
    if named is not None and (path.parent / named).is_file():
        return str(path.parent / named)
    return named


class _Table:
    """Takes keys of one table out by their type; what is left at the end is unknown."""

    def __init__(self, path: Path, prefix: str, content: dict[str, Any]) -> None:
        self._path, self._prefix, self._content = path, prefix, dict(content)
        self._asked: list[str] = []

    def _take(self, key: str) -> Any:
        self._asked.append(key)
        return self._content.pop(key, None)

    def _wrong(self, key: str, wanted: str, value: Any) -> UsageError:
        return UsageError(f"{self._path}: {self._prefix}{key} is {wanted}, not {value!r}")

    def text(self, key: str) -> str | None:
        value = self._take(key)
        if value is not None and not (isinstance(value, str) and value):
            raise self._wrong(key, "a text", value)
        return value

    def number(self, key: str) -> float | None:
        value = self._take(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
            raise self._wrong(key, "a number above 0", value)
        return float(value)

    def flag(self, key: str, *, default: bool) -> bool:
        value = self._take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false", value)
        return value

    def variable(self, key: str) -> str | None:
        value = self.text(key)
        if value is not None and not (value.isascii() and value.isidentifier()):
            # The value is not shown: it may be the secret itself.
            raise UsageError(
                f"{self._path}: {self._prefix}{key} names an environment variable, it is never the secret itself"
            )
        return value

    def table(self, key: str) -> dict[str, Any]:
        value = self._take(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self._wrong(key, "a table", value)
        return value

    def done(self) -> None:
        for key in self._content:
            raise UsageError(f"{self._path}: the key {self._prefix}{key} is unknown{near(key, self._asked)}")
