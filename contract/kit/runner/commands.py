"""`python -m contract ...`: what is done with the register and with results, apart from a run itself."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from contract.kit.config import UsageError


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see python -m {self.prog} --help")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status: 0, or 4 with one line on stderr for a `UsageError`.

    `compare` ends with 1 where a clause is newly broken, `merge` and `sweep` as a run of their own.
    """
    given = list(sys.argv[1:] if argv is None else argv)
    try:
        if given[:1] == ["sweep"]:
            # Its options are those of a run, and its own to read.
            return _sweep(given[1:])
        options = _parser().parse_args(given)
        command: Callable[[argparse.Namespace], int] = options.command
        return command(options)
    except UsageError as error:
        from contract.kit.verdict import ExitStatus

        print(f"contract: {error}", file=sys.stderr)
        return ExitStatus.UNUSABLE
    except BrokenPipeError:
        # The reader (head, less) has gone: nothing is left to be said, at exit neither.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="contract",
        description="The register of the contract, and results of its runs. A run itself is `pytest contract`.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)

    def add(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(command=run)
        return made

    reports = Path(os.environ.get("CONTRACT_REPORTS") or "reports")
    one = add("clauses", _clauses, "print the register with the tests and mutants of each clause")
    one.add_argument("--markdown", action="store_true", help="as the page CLAUSES.md")
    one.add_argument("--all", action="store_true", help="with every mutant of a clause")
    one.add_argument(
        "ids",
        nargs="*",
        metavar="ID",
        help="everything about these: ids or families (sentence, source, report, rules, tests, waivers, mutants)",
    )
    one = add("report", _report, "rebuild a run's page (index.html) from its results")
    one.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=reports,
        metavar="FOLDER",
        help="the reports folder of the run (default: %(default)s)",
    )
    add("sweep", lambda _: 0, "remove what killed runs left on a target, as listed in their ledgers (see sweep --help)")
    one = add("waive", _waive, "draft a waiver file for what a run found broken, for you to review")
    one.add_argument("results", type=Path, metavar="RESULTS.json")
    one = add(
        "compare",
        _compare,
        "show what changed between two runs, or where two targets differ; exits with 1 if a clause is newly broken",
    )
    one.add_argument("old", type=Path, metavar="OLD")
    one.add_argument("new", type=Path, metavar="NEW")
    one.add_argument("--markdown", action="store_true", help="as markdown")
    one = add("merge", _merge, "put the results of shards together; exits with the status of the whole run")
    one.add_argument("shards", nargs="+", type=Path, metavar="RESULTS.json")
    one.add_argument(
        "--reports", type=Path, default=reports, metavar="FOLDER", help="where to write (default: %(default)s)"
    )
    one = add("replay", _replay, "send the request of a violation again; exits with 1 if it still breaks the clause")
    one.add_argument("results", type=Path, metavar="RESULTS.json")
    one.add_argument("clause", metavar="ID")
    one.add_argument("number", nargs="?", type=int, default=1, metavar="N", help="which of its violations (default: 1)")
    one.add_argument("--target", metavar="URL", help="a target other than the run's")
    one = add(
        "sample",
        _sample,
        "run the contract on the reference server and rewrite reports/sample, the schema and README's picture",
    )
    one.add_argument("--rendered", action="store_true", help="from the samples' own results, without a run")
    return parser


def _clauses(options: argparse.Namespace) -> int:
    from contract.kit.judge import clauses
    from contract.kit.runner import chosen, explained, proof

    register = clauses.load()
    found = proof.proofs(register)
    if options.ids:
        ids = chosen.named(options.ids, register, "clauses", untested=True)
        _print(explained.explained(register, found, ids, whole=options.all))
        return 0
    write = proof.markdown if options.markdown else proof.text
    _print(write(register, found))
    return 0


def _report(options: argparse.Namespace) -> int:
    from contract.kit.report import page

    _print([str(page.make(options.folder))])
    return 0


def _sweep(argv: Sequence[str]) -> int:
    from contract.kit.runner import sweeping

    return sweeping.main(argv)


def _waive(options: argparse.Namespace) -> int:
    from contract.kit.report import store
    from contract.kit.waive import first_file

    _print([first_file(store.read(options.results).as_json())])
    return 0


def _compare(options: argparse.Namespace) -> int:
    from contract.kit.report import compare, store
    from contract.kit.verdict import ExitStatus

    found = compare.compare(store.read(options.old), store.read(options.new))
    _print((compare.markdown if options.markdown else compare.text)(found))
    return ExitStatus.BROKEN if found.newly_broken else ExitStatus.CONFORMANT


def _merge(options: argparse.Namespace) -> int:
    from contract.kit.report import publish, store, terminal
    from contract.kit.verdict import merge

    merged = merge([store.read(path) for path in options.shards])
    publish.write(merged, options.reports)
    _print(terminal.lines(merged, 100, folder=str(options.reports)))
    return merged.footer.exit_status


def _replay(options: argparse.Namespace) -> int:
    from contract.kit.runner.replay import replay

    told, status = replay(options)
    _print(told)
    return status


def _sample(options: argparse.Namespace) -> int:
    from contract.kit.runner import sample

    made = [sample.write_schema(), *sample.make(rendered=options.rendered)]
    picture = sample.take_picture()
    _print([*map(str, made), str(picture or "no picture was taken: there is no Chromium on this machine")])
    return 0


def _print(lines: Iterable[str]) -> None:
    # A terminal that knows no UTF-8 still gets every line.
    text = "\n".join(lines)
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), flush=True)
