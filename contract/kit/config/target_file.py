"""The files of `contract/targets/`: where a target is, what may be done there, which variables hold secrets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from contract.kit.config.loader import AboveZero, Table, Text, Variable, near, read_toml
from contract.kit.config.usage import UsageError

FOLDER: Final = Path(__file__).parents[2] / "targets"


class May(Table, frozen=True):
    """What the run may do on the target: `write` associations, `login` and out, `query`, `delete` what it made."""

    write: bool = True
    login: bool = True
    query: bool = True
    delete: bool = True


class Variables(Table, frozen=True):
    """The variable that holds each secret; None where it has its usual name."""

    account: Variable | None = None
    password: Variable | None = None
    session: Variable | None = None
    job_group: Variable | None = None
    trigger: Variable | None = None
    access_key_id: Variable | None = None
    access_key_secret: Variable | None = None


SECRETS: Final = Variables.__struct_fields__


class Given(Table, frozen=True):
    """The keys of a file; None is one left out. `pace` in requests a second, `request_timeout` in seconds."""

    url: Text
    pace: AboveZero | None = None
    connections: AboveZero | None = None
    request_timeout: AboveZero | None = None
    waivers: Text | None = None
    ca_bundle: Text | None = None
    insecure: bool = False
    client_cert: Text | None = None
    client_key: Text | None = None
    zone: Text | None = None
    may: May = May()
    secrets: Variables = Variables()


BESIDE: Final = ("waivers", "ca_bundle", "client_cert", "client_key")
"""Keys that name a file, which may stand beside the target's own."""


@dataclass(frozen=True, slots=True)
class TargetFile:
    path: Path
    given: Given

    def text(self, name: str) -> str | None:
        """A key that holds a text; a file named from the target file's own folder is found there."""
        value: str | None = getattr(self.given, name, None)
        if name in BESIDE and value is not None and (self.path.parent / value).is_file():
            return str(self.path.parent / value)
        return value

    def variable(self, secret: str) -> str | None:
        """The variable that the file names for a secret."""
        found: str | None = getattr(self.given.secrets, secret)
        return found

    @property
    def variables(self) -> list[str]:
        """Every variable that the file names."""
        return [variable for secret in SECRETS if (variable := self.variable(secret)) is not None]


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
    return TargetFile(path, read_toml(path, Given))
