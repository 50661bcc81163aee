"""The user's pager: $PAGER, by default `less` with long lines cut rather than wrapped."""

import os
import shlex
import shutil
import subprocess
from typing import Final

_DEFAULT: Final = "less"
# Quit if everything fits on one screen, keep the screen on exit, and scroll sideways instead of wrapping.
_LESS_OPTIONS: Final = "FXS"


def show_in_pager(text: str) -> bool:
    """Show text in the pager and wait until the user quits it; return False if there is no pager."""
    try:
        command = shlex.split(os.environ.get("PAGER") or _DEFAULT)
    except ValueError:  # an unclosed quote
        return False
    if not command or shutil.which(command[0]) is None:
        return False
    environment = {**os.environ, "LESS": os.environ.get("LESS", _LESS_OPTIONS), "LESSCHARSET": "utf-8"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=environment) as process:
        try:
            process.communicate(text.encode())
        except KeyboardInterrupt:
            # In less, Ctrl-C stops a search; less goes on.
            process.wait()
    return True
