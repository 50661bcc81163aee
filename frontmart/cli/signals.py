"""Being told to end: by Ctrl-C (SIGINT) or by a service manager (SIGTERM). A command then ends in order, whichever."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class Terminated(KeyboardInterrupt):
    """A signal that ends the command: no error of its own, so that nothing takes it for one and goes on."""

    def __init__(self, number: int) -> None:
        """Take the number of the signal."""
        super().__init__(number)
        self.number = number


@contextmanager
def raise_on_signals() -> Iterator[None]:
    """Raise Terminated in the block, the main thread's, when a signal says so; also where the block loses it.

    DuckDB makes a RuntimeError of what a handler raises while a query runs. Not for a service, which has an event loop
    with handlers of its own. A signal that is ignored stays ignored, as is the custom: a shell starts background jobs
    with SIGINT ignored, so that Ctrl-C ends only the job in the foreground.
    """
    told: list[int] = []

    def tell(number: int, _: FrameType | None) -> None:
        is_first = not told
        told.append(number)
        # A service manager may say so twice; who presses Ctrl-C twice does not want to wait for what is tidied up.
        if is_first or number == signal.SIGINT:
            raise Terminated(number)

    heeded = [number for number in _SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, tell) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if told:
            raise Terminated(told[0]) from None
