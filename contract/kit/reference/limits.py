"""Who is told to slow down: one in so many requests, and those beside too many others."""

from __future__ import annotations

from contextlib import AbstractContextManager
from types import TracebackType

from contract.kit.reference.answers import Answer, rejection
from contract.kit.reference.dialect import Options


def slow_down(options: Options) -> Answer:
    """429 with or without Retry-After, or a bare 503 as some limiters send it."""
    if options.limiter == "503":
        return Answer(503, text="", check="rate")
    answer = rejection(options, "rate", 429, "SYS.1006", "too many requests")
    if options.limiter == "429":
        answer.headers.append(("Retry-After", "1"))
    return answer


class InFlight(AbstractContextManager[None]):
    """Counts the requests that are being answered, and all of them."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._now = 0
        self._all = 0

    def refusal(self) -> Answer | None:
        """The answer to a request that is one too many; to be asked within the context."""
        self._all += 1
        options = self._options
        too_many = 0 < options.in_flight < self._now
        if too_many or (options.slowed and self._all % options.slowed == 0):
            return slow_down(options)
        return None

    def __enter__(self) -> None:
        self._now += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._now -= 1
