"""A plugin that breaks the suite: what `SABOTAGE` names (`module:Class.function`) raises when it is called.

`SABOTAGE_SKIPS` set: it raises as Hypothesis does where it has nothing to run.
"""

from __future__ import annotations

import importlib
import os
import unittest
from typing import Any, NoReturn

_ERROR: type[Exception] = unittest.SkipTest if os.environ.get("SABOTAGE_SKIPS") else RuntimeError


def _fails(*_: Any, **__: Any) -> NoReturn:
    raise _ERROR("the suite is broken on purpose")


module, _, path = os.environ["SABOTAGE"].partition(":")
*outer, last = path.split(".")
owner: Any = importlib.import_module(module)
for name in outer:
    owner = getattr(owner, name)
setattr(owner, last, _fails)
