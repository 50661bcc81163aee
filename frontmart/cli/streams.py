"""Standard streams that are closed when a command starts, as some services and `>&-` leave them."""

import os
import sys


def open_closed_streams() -> None:
    """Open the standard streams that are closed on the null device, so that no other file gets their numbers.

    What a library prints would go into a file whose number is 1 or 2.
    """
    # In the order of their numbers: the system gives the lowest one that is free.
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # as Python leaves a closed one
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123
