"""How errors reach the user of the command line: one line on standard error, and an exit code."""

import sys
from collections.abc import Callable
from functools import wraps
from signal import SIGINT
from typing import ParamSpec

from frontmart.cli.signals import Terminated
from frontmart.errors import ChecksFailedError, FrontmartError
from frontmart.terminal.text import printable

P = ParamSpec("P")


def report_errors(command: Callable[P, None]) -> Callable[P, None]:
    """Make a command print an error as one line on standard error and exit with the code of its class."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except FrontmartError as error:
            # Only the findings of checks take several lines; values in them are quoted, with line ends escaped.
            lines = str(error).splitlines() if isinstance(error, ChecksFailedError) else [str(error)]
            _end("\n".join(map(printable, ["frontmart: " + lines[0], *lines[1:]])), error.exit_code)
        except OSError as error:
            place = error.filename or "a file"
            advice = "check disk space and permissions, then run again"
            _end(printable(f"frontmart: {place}: {error.strerror or error}; {advice}"), 1)
        except MemoryError:
            _end("frontmart: out of memory; lower memory_limit or --workers, or use a machine with more memory, "
                 "then run again", 1)  # fmt: skip
        except KeyboardInterrupt as interrupt:
            number = interrupt.number if isinstance(interrupt, Terminated) else SIGINT
            word = "interrupted" if number == SIGINT else "terminated"
            _end(f"frontmart: {word}; the last published snapshot is unchanged", 128 + number)

    return run


def _end(message: str, exit_code: int) -> None:
    sys.stderr.write(f"{message}\n")
    sys.stderr.flush()
    raise SystemExit(exit_code) from None
