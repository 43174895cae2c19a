"""Properties: a body, run on as many examples of strategies as the depth of the run makes of it.

The same seed draws the same examples: at the gate always, in a random run those of the seed that it told.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final, TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from hypothesis.strategies import SearchStrategy

from contract.kit.config import Depth
from contract.kit.drive.memory import Memory, drawn
from contract.kit.drive.window import Window

T = TypeVar("T")

Body = Callable[..., object]
SETTINGS: Final = settings(
    # Hypothesis keeps what raises; what is kept of a run that judges is `Memory`'s.
    database=None,
    derandomize=False,
    deadline=None,
    # A live target is no place to shrink: the smallest offending exchange of those sent is shown.
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)


class Properties:
    """Those of one run. `seed`: of a random run, 0 otherwise. `window`: how many requests are under way together."""

    def __init__(self, depth: Depth, seed: int = 0, memory: Memory | None = None, window: Window | None = None) -> None:
        self.depth = depth
        self.window = window or Window()
        self.seed = seed
        self._memory = memory
        self._test = ""
        self._named: Counter[str] = Counter()

    def begin(self, test: str) -> None:
        """A test begins: what it drives is named after it."""
        self._test = test
        self._named.clear()

    def for_each(self, cases: Iterable[T], body: Callable[[T], object], *, in_order: bool = False) -> None:
        """Run a body on each of some cases.

        `in_order`: one after the other, where the window would have several under way.
        """
        for case in cases:
            self._run(partial(body, case), None, in_order=in_order)
        self.window.drain()

    def for_examples(self, at_gate: int, body: Body, *strategies: SearchStrategy[Any], in_order: bool = False) -> None:
        """Run a body on examples of strategies, one an argument; `at_gate`: how many at the gate."""
        name = self._name(body)
        remembered = self._memory.of(name) if self._memory is not None else None

        raised: list[BaseException] = []

        def each(values: tuple[Any, ...]) -> None:
            if raised:
                return
            after = remembered.ran(drawn()) if remembered is not None else None
            try:
                self._run(partial(body, *values), after, in_order=in_order)
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                raised.append(error)

        def run(how: settings) -> None:
            # A seed takes the database out of the settings that it finds: they come after it.
            how(seed(zlib.crc32(f"{self.seed}:{name}".encode()))(given(st.tuples(*strategies))(each)))()
            if raised:
                raise raised[0]
            self.window.drain()

        if remembered is not None and remembered.known is not None:
            run(settings(SETTINGS, phases=(Phase.reuse,), database=remembered.known))
            remembered.sent_again()
        run(settings(SETTINGS, max_examples=self.depth.examples(at_gate)))
        if remembered is not None:
            remembered.keep()

    def _run(self, body: Callable[[], object], after: Callable[[], object] | None, *, in_order: bool) -> None:
        if not in_order:
            self.window.run(body, after)
            return
        self.window.drain()
        body()
        if after is not None:
            after()

    def for_machine(self, machine: Callable[[], RuleBasedStateMachine], at_gate: int, steps: int) -> None:
        """Run state machines of so many steps each; `at_gate`: how many at the gate."""

        def made() -> RuleBasedStateMachine:
            return machine()

        self.window.drain()
        how = settings(SETTINGS, max_examples=self.depth.examples(at_gate), stateful_step_count=steps)
        seeded: Any = seed(zlib.crc32(f"{self.seed}:{self._name(machine)}".encode()))(made)
        run_state_machine_as_test(seeded, settings=how)

    def _name(self, body: Callable[..., object]) -> str:
        """By the test, and which of it: one body may judge several strategies."""
        name = f"{self._test}:{body.__qualname__}"
        self._named[name] += 1
        return f"{name}:{self._named[name]}"
