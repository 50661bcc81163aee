"""The user's pager: $PAGER, or less with long lines cut rather than folded."""

import os
import shlex
import shutil
import subprocess
from typing import Final

_DEFAULT: Final = "less"
# Quit where all fits on the screen, leave the screen as it is, and go sideways instead of folding lines.
_LESS_OPTIONS: Final = "FXS"


def show_in_pager(text: str) -> bool:
    """Show text in the pager, until the user leaves it; False where there is none to show it in."""
    try:
        command = shlex.split(os.environ.get("PAGER") or _DEFAULT)
    except ValueError:  # a quote that does not close
        return False
    if not command or shutil.which(command[0]) is None:
        return False
    environment = {**os.environ, "LESS": os.environ.get("LESS", _LESS_OPTIONS), "LESSCHARSET": "utf-8"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=environment) as process:
        try:
            process.communicate(text.encode())
        except KeyboardInterrupt:
            # Ctrl-C in less stops a search, and not less.
            process.wait()
    return True
