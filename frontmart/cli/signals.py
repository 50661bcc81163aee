"""SIGINT (Ctrl-C) and SIGTERM (service managers) as an exception, so that a command cleans up before it exits."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Terminated(KeyboardInterrupt):
    """A signal that ends the command. Not an Exception, so that no handler of errors swallows it."""

    def __init__(self, number: int) -> None:
        """Keep the number of the signal."""
        super().__init__(number)
        self.number = number


@contextmanager
def raise_on_signals() -> Iterator[None]:
    """Raise Terminated in the block when a signal arrives, and again at its end if the block swallowed it.

    DuckDB turns an exception that a handler raises during a query into a RuntimeError. Only for the main thread, and
    not for a service, whose event loop has its own handlers. A signal that is ignored stays ignored, by convention: a
    shell starts background jobs with SIGINT ignored, so that Ctrl-C stops only the job in the foreground.
    """
    received: list[int] = []

    def handle(number: int, _: FrameType | None) -> None:
        is_first = not received
        received.append(number)
        # Service managers may repeat SIGTERM, and the clean-up must go on; a second Ctrl-C is meant to stop it.
        if is_first or number == signal.SIGINT:
            raise Terminated(number)

    handled = [number for number in _SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, handle) for number in handled}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if received:
            raise Terminated(received[0]) from None
