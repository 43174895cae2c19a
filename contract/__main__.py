"""`python -m contract COMMAND`: see `contract.kit.runner.commands`."""

from __future__ import annotations

import sys

from contract.kit.runner.commands import main

if __name__ == "__main__":
    sys.exit(main())
