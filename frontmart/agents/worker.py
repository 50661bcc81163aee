"""A process that answers one call after another: `python -m frontmart.agents.worker OUT TIMEOUT ROWS`.

Standard output has an empty line once it can answer. Then standard input has a call per line, `{"tool", "arguments"}`,
and standard output an answer per line, `{"text", "is_error"}`. It ends with standard input. The server kills it if a
call takes too long or is cancelled.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, BinaryIO

from frontmart.agents.answers import answer
from frontmart.agents.limits import ERROR_CHARACTERS, Limits
from frontmart.errors import FrontmartError
from frontmart.query.limits import limit_memory
from frontmart.terminal.text import printable


def main() -> None:
    """Answer calls until standard input ends."""
    # Ctrl-C in a terminal reaches all processes; the server ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    out, timeout, rows = sys.argv[1:]
    limits = Limits(float(timeout), int(rows))
    answers = _take_standard_output()
    answers.write(b"\n")
    answers.flush()
    for line in sys.stdin.buffer:
        answers.write(json.dumps(_reply(Path(out), json.loads(line), limits)).encode() + b"\n")
        answers.flush()


def _reply(out: Path, call: dict[str, Any], limits: Limits) -> dict[str, object]:
    try:
        with limit_memory():
            return {"text": answer(out, call["tool"], call["arguments"], limits), "is_error": False}
    except FrontmartError as error:
        text = str(error)
    except OSError as error:
        text = f"{error.filename or 'a file'}: {error.strerror or error}; check the output folder, then call again"
    except RecursionError:
        text = "the result has a value that is nested too deeply; select a part of it, or cast it to VARCHAR"
    return {"text": printable(text)[:ERROR_CHARACTERS], "is_error": True}


def _take_standard_output() -> BinaryIO:
    """Standard output for answers alone; what a library prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


if __name__ == "__main__":
    main()
