"""A plugin that breaks the suite: what `SABOTAGE` names (`module:Class.function`) raises when it is called."""

from __future__ import annotations

import importlib
import os
from typing import Any, NoReturn


def _fails(*_: Any, **__: Any) -> NoReturn:
    raise RuntimeError("the suite is broken on purpose")


module, _, path = os.environ["SABOTAGE"].partition(":")
*outer, last = path.split(".")
owner: Any = importlib.import_module(module)
for name in outer:
    owner = getattr(owner, name)
setattr(owner, last, _fails)
