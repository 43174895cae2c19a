"""`python -m contract.kit.reference [NAME] [--host H] [--port P] [--log] [--list]`"""

from __future__ import annotations

import argparse
import sys

from contract.kit.reference.dialect import BOUNDS, OPTION_NAMES, words
from contract.kit.reference.naming import UnknownReference, dialects, mutants, parse_name


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m contract.kit.reference", description=__doc__)
    parser.add_argument("name", nargs="?", default="documented")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", action="store_true", help="log every request on standard error")
    parser.add_argument("--list", action="store_true", help="print the names and end")
    chosen = parser.parse_args()
    if chosen.list:
        print(listing())
        return 0
    try:
        reference = parse_name(chosen.name)
    except UnknownReference as unknown:
        print(unknown, file=sys.stderr)
        return 4
    from contract.kit.reference.serve import serve

    try:
        serve(reference, chosen.host, chosen.port, chosen.log)
    except OSError as refused:
        print(f"cannot listen on {chosen.host}:{chosen.port}: {refused.strerror}", file=sys.stderr)
        return 4
    return 0


def listing() -> str:
    """Dialects, options with their values, mutants with their lies."""
    lines = ["dialects:", *(f"  {name}" for name in dialects()), "options (DIALECT,option=value,...):"]
    for option in OPTION_NAMES:
        low, high = BOUNDS.get(option, (0, 0))
        lines.append(f"  {option}={'|'.join(words(option)) or f'{low}..{high}'}")
    lines.append("mutants (MUTANT or DIALECT+MUTANT):")
    lines += [f"  {name}: {mutant.lie} [{', '.join(mutant.clauses)}]" for name, mutant in mutants().items()]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
