"""What is written down before it is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.kit.config.usage import UsageError
from contract.kit.target.ledger import Ledger, open_ledgers
from contract.kit.target.resources import What


def test_what_stands_is_read_again(tmp_path: Path) -> None:
    ledger = Ledger.create(tmp_path, "run", "http://127.0.0.1")
    ledger.making(What.GROUP, "a")
    ledger.made(What.GROUP, "a", "1")
    ledger.making(What.TRIGGER, "b")
    ledger.making(What.TRIGGER, "c")
    ledger.gone(ledger.standing["c"])
    ledger.lent("g", "t", None)
    ledger.release()
    with ledger.path.open("a") as file:
        file.write('{"event":"made","what":"tri')
    again = Ledger.read(ledger.path)
    assert [(entry.what, entry.name, entry.uuid) for entry in again.standing.values()] == [
        (What.GROUP, "a", "1"),
        (What.TRIGGER, "b", ""),
    ]
    assert again.lent_pair is not None
    assert (again.lent_pair.group, again.lent_pair.trigger, again.lent_pair.associated) == ("g", "t", None)
    assert (again.target, again.tag) == ("http://127.0.0.1", "run")
    again.gone(again.standing["a"])
    again.gone(again.standing["b"])
    again.close()
    assert open_ledgers(tmp_path) == [ledger.path]
    again = Ledger.read(ledger.path)
    assert not again.standing
    again.restored()
    again.close()
    assert open_ledgers(tmp_path) == []


def test_each_process_of_a_run_has_its_own(tmp_path: Path) -> None:
    ledgers = [Ledger.create(tmp_path, "run", "http://127.0.0.1") for _ in range(3)]
    assert [ledger.tag for ledger in ledgers] == ["run", "run-2", "run-3"]
    for ledger in ledgers:
        ledger.close()
        ledger.close()


def test_a_line_is_on_the_disk_before_its_method_returns(tmp_path: Path) -> None:
    ledger = Ledger.create(tmp_path, "run", "http://127.0.0.1")
    ledger.making(What.GROUP, "a")
    assert '"name": "a"' in ledger.path.read_text().splitlines()[-1]
    ledger.release()


def test_the_ledger_of_a_live_run_is_not_read(tmp_path: Path) -> None:
    ledger = Ledger.create(tmp_path, "run", "http://127.0.0.1")
    with pytest.raises(ValueError, match="under way"):
        Ledger.read(ledger.path)
    ledger.close()


@pytest.mark.parametrize("content", ["", "nonsense\n", "[]\n7\n", '{"event":"made","what":"triggers","name":"x"}\n'])
def test_what_is_no_ledger(tmp_path: Path, content: str) -> None:
    path = tmp_path / "ledger-x.jsonl"
    path.write_text(content)
    with pytest.raises(ValueError, match="not a ledger"):
        Ledger.read(path)


def test_lines_of_nonsense_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "ledger-x.jsonl"
    path.write_text(
        '{"event":"open","target":"u"}\n{"event":"made","what":"vms","name":"x"}\n{"event":"gone"}\n{"event":"found"}\n'
    )
    ledger = Ledger.read(path)
    assert not ledger.standing
    assert ledger.lent_pair is None
    ledger.close()


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        Ledger.create(tmp_path / "missing", "run", "http://127.0.0.1")
