"""Requests under way together: the bodies of a test's examples, each in a thread, of which one at a time runs.

A body runs until it sends, and then waits for its answer while the next body runs until it sends. The answers are
taken in the order in which the requests were sent, whichever comes first: what is sent, in which order it is
recorded and what is judged after what depends on the width alone, and of that only the order.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")
Names = tuple[str, ...]
"""What one request names: a pair, or what stands for it."""


@dataclass(eq=False)
class Example:
    """A body on its way. The thread that runs it and the one that goes through the window hand each other a baton."""

    body: Callable[[], object]
    after: Callable[[], object] | None
    """Called each time that a stretch of the body has run."""
    ended: bool = False
    alone: bool = False
    """It waits to be the only one under way."""
    error: BaseException | None = None
    named: Names = ()
    """What its request names, while that is under way."""
    beside: frozenset[Names] = frozenset()
    """What the requests named that were under way beside it."""
    resumed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    paused: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))


class Window:
    """`width`: how many may be under way. With 1 a body runs where it is handed in, and nothing else changes."""

    def __init__(self, width: int = 1) -> None:
        self.width = width
        self.widest = width
        self._under_way: deque[Example] = deque()
        self._here = threading.local()
        self._owner = threading.get_ident()
        """The thread that drives the tests."""
        self._begun: queue.SimpleQueue[Example] = queue.SimpleQueue()
        self._idle = threading.Semaphore(0)
        """Counts the threads that have run their body: to wake one costs less than to start one."""

    # --- for the thread that drives the test ---

    def run(self, body: Callable[[], object], after: Callable[[], object] | None = None) -> None:
        """Run a body, or begin it. What an earlier one raised is raised here, once all under way have ended."""
        if self.width <= 1:
            self.drain()
            body()
            if after is not None:
                after()
            return
        while len(self._under_way) >= self.width:
            self._step()
        example = Example(body, after)
        if not self._idle.acquire(blocking=False):
            threading.Thread(target=self._work, daemon=True).start()
        self._begun.put(example)
        self._resume(example)

    def drain(self) -> None:
        """Wait for all that is under way; to be called where one request needs the answers of those before it."""
        if threading.get_ident() == self._owner:
            while self._under_way:
                self._step()

    def _step(self) -> None:
        """Take the answer that is the next in the order of sending."""
        self._resume(self._under_way.popleft())

    def _resume(self, example: Example) -> None:
        while True:
            example.resumed.release()
            example.paused.acquire()
            if example.after is not None:
                example.after()
            if not example.alone:
                break
            self.drain()
        if example.error is not None:
            self._end(example.error)
        if not example.ended:
            self._under_way.append(example)

    def _end(self, error: BaseException) -> None:
        """What has been sent is still recorded; of several errors the first is told."""
        while self._under_way:
            try:
                self._step()
            except KeyboardInterrupt:
                raise
            except BaseException:
                pass
        raise error

    # --- for a body ---

    @property
    def crowded(self) -> bool:
        """Other requests were or are under way beside that of the body that asks."""
        return self._current() is not None

    @property
    def beside(self) -> frozenset[Names]:
        """What the requests named that were under way beside the last one of the body that asks."""
        example = self._current()
        return example.beside if example is not None else frozenset()

    def under_way(self, call: Callable[[], T], names: Names = ()) -> T:
        """Make a call of a body that others need not wait for; elsewhere, once nothing is under way.

        `names`: what the request names.
        """
        example = self._current()
        if example is None:
            self.drain()
            return call()
        if example.alone:
            return call()
        example.named = names
        before = self._named()
        example.paused.release()
        try:
            return call()
        finally:
            example.resumed.acquire()
            # Those that are under way now were sent while it was.
            example.beside = before | self._named()

    def _named(self) -> frozenset[Names]:
        return frozenset(other.named for other in self._under_way if other.named)

    def by_itself(self, call: Callable[[], T]) -> T:
        """Make a call of a body while nothing else is under way."""
        example = self._current()
        if example is None or example.alone:
            return call()
        self.stay_by_itself()
        try:
            return call()
        finally:
            example.alone = False

    def stay_by_itself(self) -> None:
        """Wait in a body until nothing else is under way; nothing else will be until the body ends."""
        example = self._current()
        if example is not None and not example.alone:
            example.alone = True
            example.beside = frozenset()
            example.paused.release()
            example.resumed.acquire()

    def narrow(self) -> None:
        """Half as many from now on: the target does not keep up."""
        self.width = max(1, self.width // 2)

    def _current(self) -> Example | None:
        found: Example | None = getattr(self._here, "example", None)
        return found

    def _work(self) -> None:
        while True:
            self._run(self._begun.get())
            self._idle.release()

    def _run(self, example: Example) -> None:
        self._here.example = example
        example.resumed.acquire()
        try:
            example.body()
        except BaseException as error:
            example.error = error
        example.ended = True
        example.alone = False
        example.paused.release()
