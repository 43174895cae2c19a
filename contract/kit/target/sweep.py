"""Remove what killed runs left on a target, by their ledgers, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from contract.kit.config import Settings, UsageError
from contract.kit.description import load as load_description
from contract.kit.exchange import Secrets
from contract.kit.target import cleanup
from contract.kit.target.access import Access
from contract.kit.target.ledger import Ledger, open_ledgers
from contract.kit.target.siblings import SiblingFailed
from contract.kit.wire import TargetGone, Wire


@dataclass(frozen=True, slots=True)
class Swept:
    """`settled` runs, how many things were `removed`, what is `left` by name, and ledgers `passed` over, with why."""

    settled: tuple[str, ...] = ()
    removed: int = 0
    left: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()


def sweep(settings: Settings, folder: Path) -> Swept:
    """Settle every ledger in `folder` of a run on this target that has ended. May be repeated.

    UsageError where the target is not reached or the credential is not good.
    """
    ledgers, passed = _of_target(settings.url, folder)
    if not ledgers:
        return Swept(passed=passed)
    wire = Wire.to(settings, Secrets())
    access = Access(settings, wire, load_description())
    try:
        access.prove()
        return _settle(ledgers, access, passed)
    except (SiblingFailed, TargetGone) as failed:
        raise UsageError(f"the target {settings.url} cannot be swept: {failed}") from None
    finally:
        access.log_out()
        for ledger in ledgers:
            ledger.close()
        wire.close()


def _settle(ledgers: list[Ledger], access: Access, passed: tuple[str, ...]) -> Swept:
    settled: list[str] = []
    left: list[str] = []
    removed = 0
    for ledger in ledgers:
        before = len(ledger.standing)
        still = cleanup.settle(ledger, access.siblings)
        removed += before - len(ledger.standing)
        left += still
        if not still:
            settled.append(ledger.tag)
    return Swept(tuple(settled), removed, tuple(left), passed)


def _of_target(url: str, folder: Path) -> tuple[list[Ledger], tuple[str, ...]]:
    """The ledgers to be settled, the latest first, and why others are not."""
    ledgers, passed = [], []
    for path in open_ledgers(folder):
        try:
            ledger = Ledger.read(path)
        except (OSError, ValueError) as error:
            passed.append(str(error))
            continue
        if ledger.target.rstrip("/") == url.rstrip("/"):
            ledgers.append(ledger)
        else:
            passed.append(f"{path} is of another target, {ledger.target}")
            ledger.release()
    return ledgers, tuple(passed)
