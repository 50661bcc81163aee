"""The standard error of C code: rapidyaml reports every parse error there, also those that another parser overrules."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def silenced_c_stderr() -> Iterator[None]:
    """Discard what C code writes to standard error."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
