"""What a run makes on a target, written down before it is made, so that nothing stays when the run is killed.

One file a process, JSON lines: `open` (target, run), `making` (what, name), `made` (what, name, uuid),
`gone` (what, name), `found` (group, trigger, associated), `restored`. No secret is ever in it. It is locked as
long as its run lives, and removed when nothing of the run is left.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from contract.kit.config import UsageError
from contract.kit.target.resources import What

try:
    import fcntl
except ImportError:  # not on Windows, where a ledger is not locked
    fcntl = None  # type: ignore[assignment]

PREFIX: Final = "ledger-"
ANNOUNCED: Final = frozenset({"open", "making", "found"})
"""Events written before the request they announce: they outlast the machine, too. A sweep can do without the rest."""


@dataclass(slots=True)
class Entry:
    """Something that may stand on the target; `uuid` is empty where its making was not seen to end."""

    what: What
    name: str
    uuid: str = ""


@dataclass(slots=True)
class LentPair:
    """A pair that was lent to the run, and whether it was associated; None where the target did not tell."""

    group: str
    trigger: str
    associated: bool | None


@dataclass(slots=True)
class Ledger:
    """The open ledger of a process; each line has left the process before its method returns.

    `tag` is the run's id, made different for each process of it: the names of what is made begin with it.
    """

    path: Path
    tag: str
    target: str
    standing: dict[str, Entry] = field(default_factory=dict)
    """What may stand on the target now, by name, in the order in which it was made."""
    lent_pair: LentPair | None = None
    put_back: bool = False
    """The lent pair had been changed, and was put back."""
    kinds: dict[str, str] = field(default_factory=dict)
    """What each UUID was that has been made: job group, trigger."""
    count: int = 0
    """How many things were made in all."""
    _file: IO[str] | None = None
    _writing: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def create(cls, folder: Path, run_id: str, target: str) -> Ledger:
        """A new ledger in `folder`. UsageError where it cannot be written."""
        for number in range(1, 1000):
            tag = run_id if number == 1 else f"{run_id}-{number}"
            path = folder / f"{PREFIX}{tag}.jsonl"
            try:
                file = path.open("x", encoding="utf-8")
            except FileExistsError:
                continue
            except OSError as error:
                raise UsageError(f"the reports folder {folder} cannot be written to: {error}") from None
            _lock(file)
            ledger = cls(path, tag, target, _file=file)
            ledger._write("open", target=target, run=run_id)
            return ledger
        raise UsageError(f"the reports folder {folder} holds a thousand ledgers of run {run_id}; empty it")

    @classmethod
    def read(cls, path: Path) -> Ledger:
        """A ledger of another run, to be settled. ValueError where it is none, or its run still lives."""
        lines = list(_lines(path))
        if not lines or lines[0].get("event") != "open":
            raise ValueError(f"{path} is not a ledger")
        ledger = cls(path, path.stem.removeprefix(PREFIX), str(lines[0].get("target", "")))
        for line in lines:
            ledger._take(line)
        ledger._file = path.open("a", encoding="utf-8")
        if not _lock(ledger._file):
            ledger._file.close()
            raise ValueError(f"the run of {path} is still under way")
        # A killed run may have left half a line.
        ledger._file.write("\n")
        return ledger

    def making(self, what: What, name: str) -> None:
        self.standing[name] = Entry(what, name)
        self._write("making", what=what.value, name=name)

    def made(self, what: What, name: str, uuid: str) -> None:
        self.standing[name] = Entry(what, name, uuid)
        self.count += 1
        self.kinds[uuid] = what.word
        self._write("made", what=what.value, name=name, uuid=uuid)

    def gone(self, entry: Entry) -> None:
        self.standing.pop(entry.name, None)
        self._write("gone", what=entry.what.value, name=entry.name)

    def entry_of(self, uuid: str) -> Entry | None:
        """What stands under a UUID, as long as it was not removed."""
        return next((entry for entry in list(self.standing.values()) if entry.uuid == uuid), None)

    def lent(self, group: str, trigger: str, associated: bool | None) -> None:
        """A pair is used that is not the run's own."""
        self.lent_pair = LentPair(group, trigger, associated)
        self._write("found", group=group, trigger=trigger, associated=associated)

    def restored(self) -> None:
        self.lent_pair = None
        self._write("restored")

    def close(self) -> None:
        """End it; the file goes where nothing is left to be settled. Safe to call again."""
        if self._file is not None and not self.standing and self.lent_pair is None:
            self.path.unlink(missing_ok=True)
        self.release()

    def release(self) -> None:
        """Let go of the file and leave it."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self, event: str, **members: Any) -> None:
        assert self._file is not None
        with self._writing:
            self._file.write(json.dumps({"event": event, **members}) + "\n")
            self._file.flush()
            if event in ANNOUNCED:
                os.fsync(self._file.fileno())

    def _take(self, line: dict[str, Any]) -> None:
        """One line of a ledger that is read."""
        match line:
            case {"event": "making" | "made", "what": str(what), "name": str(name)} if what in list(What):
                uuid = line.get("uuid")
                self.standing[name] = Entry(What(what), name, uuid if isinstance(uuid, str) else "")
            case {"event": "gone", "name": str(name)}:
                self.standing.pop(name, None)
            case {"event": "found", "group": str(group), "trigger": str(trigger)}:
                associated = line.get("associated")
                self.lent_pair = LentPair(group, trigger, associated if isinstance(associated, bool) else None)
            case {"event": "restored"}:
                self.lent_pair = None


def open_ledgers(folder: Path) -> list[Path]:
    """The ledgers in `folder` that were not settled, the latest first."""
    return sorted(folder.glob(f"{PREFIX}*.jsonl"), key=lambda path: path.stat().st_mtime, reverse=True)


def _lock(file: IO[str]) -> bool:
    """Lock a ledger for as long as it is open; False where another process holds it."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    for text in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if isinstance(line, dict):
            yield line
