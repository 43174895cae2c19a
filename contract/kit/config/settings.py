"""What a run was asked for: options over variables over the target's file, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from contract.kit.config import target_file
from contract.kit.config.asked import PREFIX, Asked
from contract.kit.config.depths import DEPTHS, GATE, SOAK
from contract.kit.config.loader import near
from contract.kit.config.target_file import SECRETS, May, TargetFile
from contract.kit.config.url import checked_url
from contract.kit.config.usage import UsageError
from contract.kit.config.zone import zone

OPTIONS: Final = (
    "target",
    "waivers",
    "clause",
    "depth",
    "read_only",
    "pace",
    "connections",
    "minutes",
    "rate",
    "soak_workers",
    "request_timeout",
    "ca_bundle",
    "insecure",
    "client_cert",
    "client_key",
    "zone",
    "reports",
)
VARIABLES: Final = tuple(PREFIX + name.upper() for name in (*OPTIONS, *SECRETS))
TLS: Final = ("ca_bundle", "insecure", "client_cert", "client_key")
REQUEST_TIMEOUT: Final = 5.0
CONNECTIONS: Final = 8
"""Requests under way together where the run has pairs of its own; one where it was lent a pair."""
MOST_CONNECTIONS: Final = 16
OF_A_SOAK: Final = {"minutes": 5.0, "rate": 20.0, "soak_workers": 1.0}
"""What a soak is where it is not told otherwise; no other depth takes these."""


class TargetKind(StrEnum):
    REFERENCE = "reference"
    URL = "url"
    FILE = "file"


class Mode(StrEnum):
    """How a run proves who it is."""

    ACCOUNT = "account"
    SESSION = "session"
    ACCESS_KEY = "access key"
    NONE = "none"
    """A reference that has not been started yet."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`name`: the target as it was given; `reference`: what to start, for kind reference. Times in seconds.

    `pace` is in requests a second, None for no limit; `connections`: requests under way together, None for the
    default. Of a soak: so many `minutes`, requests a second (`rate`) and processes that send (`soak_workers`).
    `clause`: ids and families that the run is asked about, none for all.
    Secrets are not in the repr.
    """

    kind: TargetKind
    name: str
    url: str = ""
    reference: str = ""
    depth: str = GATE
    read_only: bool = False
    pace: float | None = None
    connections: int | None = None
    minutes: float = OF_A_SOAK["minutes"]
    rate: float = OF_A_SOAK["rate"]
    soak_workers: int = int(OF_A_SOAK["soak_workers"])
    request_timeout: float = REQUEST_TIMEOUT
    ca_bundle: str | None = None
    insecure: bool = False
    client_cert: str | None = None
    client_key: str | None = None
    zone: str | None = None
    waivers: str | None = None
    clause: tuple[str, ...] = ()
    reports: Path = Path("reports")
    may: May = field(default_factory=May)
    account: str | None = None
    password: str | None = field(default=None, repr=False)
    session: str | None = field(default=None, repr=False)
    job_group: str | None = None
    trigger: str | None = None
    access_key_id: str | None = None
    access_key_secret: str | None = field(default=None, repr=False)

    @property
    def mode(self) -> Mode:
        if self.account is not None:
            return Mode.ACCOUNT
        if self.session is not None:
            return Mode.SESSION
        return Mode.ACCESS_KEY if self.access_key_id is not None else Mode.NONE

    @property
    def at_once(self) -> int:
        """How many requests may be under way together; of those that may add the one pair that was given, one."""
        return self.connections or (CONNECTIONS if self.pair is None else 1)

    @property
    def pair(self) -> tuple[str, str] | None:
        """The one pair of job group and trigger that was given."""
        return (self.job_group, self.trigger) if self.job_group and self.trigger else None

    def at(self, url: str, account: str, password: str) -> Settings:
        """These settings for a reference that listens at `url`."""
        return replace(self, url=url, account=account, password=password)

    def share(self, workers: int) -> Settings:
        """These settings for one of so many processes: pace and connections are for all of them together."""
        pace = None if self.pace is None else self.pace / workers
        return replace(self, pace=pace, connections=max(1, self.at_once // workers))

    def redacted(self) -> dict[str, Any]:
        """For the report: plain values, each secret as the variable that holds it."""
        shown: dict[str, Any] = {
            name: getattr(self, name) for name in ("depth", "read_only", "pace", "connections", "request_timeout")
        }
        if self.depth == SOAK:
            shown |= {name: getattr(self, name) for name in OF_A_SOAK}
        shown |= {name: getattr(self, name) for name in (*TLS, "zone", "waivers")}
        shown["clause"] = list(self.clause)
        shown["reports"] = str(self.reports)
        shown["may"] = {name: getattr(self.may, name) for name in ("write", "login", "query", "delete")}
        shown |= {name: getattr(self, name) for name in ("account", "job_group", "trigger", "access_key_id")}
        for name in ("password", "session", "access_key_secret"):
            shown[name] = None if getattr(self, name) is None else f"${PREFIX}{name.upper()}"
        return shown


def load(options: Mapping[str, str | None], environ: Mapping[str, str]) -> Settings:
    """The settings of a run. UsageError, one line with what fixes it, for whatever is wrong.

    `options`: by name, with or without dashes ("--read-only" is "read_only"); None is not given. An empty
    variable counts as not set, but for CONTRACT_TARGET.
    """
    given = {name.lstrip("-").replace("-", "_"): value for name, value in options.items() if value is not None}
    asked = Asked(given, environ)
    named = asked.text("target")
    if named is None:
        _nothing_meant_for_another(environ)
        named = "reference"
    kind, url, file = _target(named)
    asked.file = file
    _known_variables(environ, file)
    may = file.given.may if file is not None else May()
    settings = Settings(
        kind=kind,
        name=named,
        url=checked_url(url, where=f"{file.path}: url" if file else "the target") if url else "",
        reference=named.partition(":")[2] if kind is TargetKind.REFERENCE else "",
        depth=_depth(asked.text("depth")),
        # What cannot be removed is not made.
        read_only=asked.flag("read_only") or not (may.write and may.delete),
        pace=asked.number("pace"),
        connections=_connections(asked),
        **_soak(asked),
        request_timeout=asked.number("request_timeout") or REQUEST_TIMEOUT,
        ca_bundle=asked.text("ca_bundle"),
        insecure=asked.flag("insecure"),
        client_cert=asked.text("client_cert"),
        client_key=asked.text("client_key"),
        zone=asked.text("zone"),
        waivers=asked.text("waivers"),
        clause=_words(asked.text("clause")),
        reports=Path(asked.text("reports") or "reports"),
        may=may,
        **_secrets(asked, kind),
    )
    if settings.zone is not None:
        zone(settings.zone, asked.place("zone"))
    _checked_files(settings)
    if kind is not TargetKind.REFERENCE:
        _checked_secrets(settings, file)
    return settings


def _target(named: str) -> tuple[TargetKind, str, TargetFile | None]:
    if named == "reference" or named.startswith("reference:"):
        return TargetKind.REFERENCE, "", None
    if "://" in named:
        return TargetKind.URL, named, None
    host, _, port = named.partition(":")
    if port.partition("/")[0].isdecimal() and host:
        raise UsageError(f"the target {named!r} has no scheme; did you mean http://{named}?")
    file = target_file.read(target_file.find(named))
    return TargetKind.FILE, file.given.url, file


def _nothing_meant_for_another(environ: Mapping[str, str]) -> None:
    """Secrets without a target were meant for one: a run against the reference would be green by mistake."""
    for name in SECRETS:
        if environ.get(PREFIX + name.upper()):
            raise UsageError(f"{PREFIX}{name.upper()} is set but no target; give --target or CONTRACT_TARGET")


def _known_variables(environ: Mapping[str, str], file: TargetFile | None) -> None:
    known = {*VARIABLES, *(file.variables if file is not None else ())}
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known:
            # Without the prefix, which alone would make any two of them alike.
            hint = near(name.removeprefix(PREFIX), [known.removeprefix(PREFIX) for known in VARIABLES])
            hint = hint.replace("did you mean ", f"did you mean {PREFIX}") or "; unset it"
            raise UsageError(f"the variable {name} is unknown{hint}")


def _depth(value: str | None) -> str:
    if value is not None and value not in DEPTHS:
        *first, last = DEPTHS
        raise UsageError(f"the depth is {', '.join(first)} or {last}, not {value!r}{near(value, DEPTHS)}")
    return value or GATE


def _words(value: str | None) -> tuple[str, ...]:
    return tuple(word for part in (value or "").split(",") if (word := part.strip()))


def _secrets(asked: Asked, kind: TargetKind) -> dict[str, Any]:
    return {name: asked.secret(name) for name in SECRETS} if kind is not TargetKind.REFERENCE else {}


def _connections(asked: Asked) -> int | None:
    wanted = asked.number("connections")
    if wanted is not None and (wanted != int(wanted) or wanted > MOST_CONNECTIONS):
        raise UsageError(f"{asked.place('connections')} is a whole number from 1 to {MOST_CONNECTIONS}, not {wanted:g}")
    return None if wanted is None else int(wanted)


def _soak(asked: Asked) -> dict[str, Any]:
    given = {name: number for name in OF_A_SOAK if (number := asked.number(name)) is not None}
    if given and asked.text("depth") != SOAK:
        raise UsageError(f"{asked.place(next(iter(given)))} is for a soak; give --depth soak, or leave it out")
    made: dict[str, Any] = {**OF_A_SOAK, **given}
    if made["soak_workers"] != int(made["soak_workers"]):
        raise UsageError(f"{asked.place('soak_workers')} is a whole number of processes, not {made['soak_workers']:g}")
    return {**made, "soak_workers": int(made["soak_workers"])}


def _checked_files(settings: Settings) -> None:
    if settings.ca_bundle is not None and settings.insecure:
        raise UsageError("a CA bundle and --insecure contradict each other; give one of them")
    if settings.ca_bundle is not None and not Path(settings.ca_bundle).is_file():
        raise UsageError(f"the CA bundle {settings.ca_bundle} is not a file")
    for name in ("client_cert", "client_key"):
        path = getattr(settings, name)
        if path is not None and not Path(path).is_file():
            raise UsageError(
                f"the {'client certificate' if name == 'client_cert' else 'client key'} {path} is not a file"
            )
    if settings.client_key is not None and settings.client_cert is None:
        raise UsageError("a client key needs its certificate; give --client-cert too")
    if settings.reports.exists() and not settings.reports.is_dir():
        raise UsageError(f"the reports folder {settings.reports} is not a folder")


def _checked_secrets(settings: Settings, file: TargetFile | None) -> None:
    def variable(name: str) -> str:
        return (file.variable(name) if file is not None else None) or PREFIX + name.upper()

    given = {name for name in SECRETS if getattr(settings, name) is not None}
    for one, other in (("account", "password"), ("job_group", "trigger"), ("access_key_id", "access_key_secret")):
        if len(given & {one, other}) == 1:
            there, missing = (one, other) if one in given else (other, one)
            raise UsageError(f"{variable(there)} is set but {variable(missing)} is not; give both or neither")
    ways = [name for name in ("account", "session", "access_key_id") if name in given]
    if len(ways) > 1:
        raise UsageError(f"{variable(ways[0])} and {variable(ways[1])} are both set; give one way to log in")
    if not ways:
        raise UsageError(
            f"the target needs credentials: set {variable('account')} and {variable('password')}, or "
            f"{variable('session')}, {variable('job_group')} and {variable('trigger')}"
        )
    if ways == ["session"] and settings.pair is None:
        raise UsageError(f"{variable('session')} needs a pair: set {variable('job_group')} and {variable('trigger')}")
    if ways == ["account"] and settings.pair is not None:
        raise UsageError(
            f"{variable('job_group')} and {variable('trigger')} go with {variable('session')}: "
            f"with {variable('account')} the run makes its own; unset them"
        )
    if ways == ["account"] and not settings.may.login:
        raise UsageError(f"{variable('account')} is set but may.login is false in {file.path if file else 'the file'}")
