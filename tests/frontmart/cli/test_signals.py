"""Signals that end a command: raised once, even if a library swallows them, with handlers restored."""

import os
import signal
from collections.abc import Iterator

import pytest

from frontmart.cli.signals import Terminated, raise_on_signals


@pytest.fixture(autouse=True)
def _default_signals() -> Iterator[None]:
    """Handle signals as a command in the foreground does, also where a shell started the tests in the background."""
    defaults = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
    before = {number: signal.signal(number, handler) for number, handler in defaults.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_is_ignored_stays_ignored(number: signal.Signals) -> None:
    signal.signal(number, signal.SIG_IGN)
    with raise_on_signals():
        os.kill(os.getpid(), number)
        assert signal.getsignal(number) == signal.SIG_IGN
    assert signal.getsignal(number) == signal.SIG_IGN


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_block_and_handlers_are_as_before(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with pytest.raises(Terminated) as raised, raise_on_signals():
        os.kill(os.getpid(), number)
    assert raised.value.number == number
    assert signal.getsignal(number) == before


def test_without_a_signal_the_block_ends_as_it_does() -> None:
    with pytest.raises(RuntimeError, match="its own"), raise_on_signals():
        raise RuntimeError("its own")


def test_an_exception_converted_by_a_library_does_not_hide_the_signal() -> None:
    @raise_on_signals()
    def run_query() -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        except Terminated:
            raise RuntimeError("Query interrupted") from None

    with pytest.raises(Terminated):
        run_query()


def test_a_second_sigterm_does_not_interrupt_the_cleanup_and_a_second_ctrl_c_does() -> None:
    tidied = []

    @raise_on_signals()
    def build() -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            tidied.append("after SIGTERM")
            os.kill(os.getpid(), signal.SIGINT)
            tidied.append("after SIGINT")

    with pytest.raises(Terminated) as raised:
        build()
    assert tidied == ["after SIGTERM"]
    assert raised.value.number == signal.SIGTERM
