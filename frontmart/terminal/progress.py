"""Progress of a build on standard error: a bar on a terminal, plain lines elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from frontmart.terminal.text import printable


def print_warning(message: str) -> None:
    """Print a warning to standard error, in one line."""
    sys.stderr.write(printable(f"frontmart: warning: {message}") + "\n")
    sys.stderr.flush()


class Console:
    """Messages and progress on standard error, for people and log files."""

    def __init__(self, *, is_quiet: bool = False, warn: Callable[[str], None] = print_warning) -> None:
        """Create a console; with `is_quiet` it shows only warnings, which `warn` shows."""
        self._is_quiet = is_quiet
        self.warn = warn

    def say(self, line: str) -> None:
        """Print one line."""
        if not self._is_quiet:
            sys.stderr.write(line + "\n")
            sys.stderr.flush()

    @contextmanager
    def progress(self, step: str, total: int) -> Iterator[Callable[[int], None]]:
        """Show progress during the block, which calls the function with the number of files just done of `total`."""
        if not self._is_quiet and sys.stderr.isatty():
            with _bar(step, total) as advance:
                yield advance
        else:
            yield self._lines(step, total)

    def _lines(self, step: str, total: int) -> Callable[[int], None]:
        done = 0
        shown_tenths = 0

        def advance(count: int) -> None:
            nonlocal done, shown_tenths
            done += count
            tenths = 10 * done // total if total else 10
            if tenths > shown_tenths:
                shown_tenths = tenths
                self.say(f"{step}: {done:,} of {total:,} files")

        return advance


@contextmanager
def _bar(step: str, total: int) -> Iterator[Callable[[int], None]]:
    from rich.console import Console as RichConsole
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=RichConsole(stderr=True), transient=True) as progress:
        task = progress.add_task(step, total=total)
        yield lambda count: progress.advance(task, count)
