"""Frontmart's packages `flows` and `transforms`, found before a project's own folders of these names.

Every Prefect project has a folder `flows/`. Python finds it before the installed package wherever the project's folder
comes first in `sys.path`: after `python -m`, with PYTHONPATH, and in a flow run, for which Prefect inserts its working
folder.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Final

from frontmart.errors import FrontmartError

_ROOT: Final = Path(__file__).resolve().parents[1]
_PACKAGES: Final = ("flows", "transforms")
# As `python -P`, for every Python that this process starts.
_SAFE_PATH: Final = "PYTHONSAFEPATH"
_STARTING: Final = Lock()


def prefer_own_packages() -> None:
    """Move the working folder, and folders of `sys.path` that hide a package of Frontmart, behind all others.

    For processes that run nothing but Frontmart: the command line, and a flow run. The processes that they start to
    parse files inherit the order, and none that they start finds modules in the working folder.
    """
    os.environ[_SAFE_PATH] = "1"
    hiding = [entry for entry in sys.path if _is_working_folder(entry) or _hides_packages(entry)]
    sys.path[:] = [entry for entry in sys.path if entry not in hiding] + hiding


@contextmanager
def safe_path() -> Iterator[None]:
    """Let the Python processes that start in this block find no modules in the working folder.

    Until a process of `multiprocessing` has the import path of its parent, it imports what it needs for that with the
    working folder first: a `random.py` there would run, or break it.
    """
    with _STARTING:
        before = os.environ.get(_SAFE_PATH)
        os.environ[_SAFE_PATH] = "1"
        try:
            yield
        finally:
            if before is None:
                del os.environ[_SAFE_PATH]
            else:
                os.environ[_SAFE_PATH] = before


def require_own_packages() -> None:
    """Raise FrontmartError if another package called `transforms` is, or would be, imported instead of Frontmart's.

    For programs that import Frontmart: they decide on their own import path, and the other package may be their own.
    """
    spec = find_spec("transforms")
    places = [Path(place).resolve() for place in (spec and spec.submodule_search_locations) or ()]
    if places != [_ROOT / "transforms"]:
        found = places[0] if places else spec and spec.origin
        raise FrontmartError(f"{found}: hides Frontmart's package of the same name; rename it, or run `python -P`")


def _is_working_folder(entry: str) -> bool:
    """Whether it is the working folder, which Prefect puts first, and not the one that Frontmart is in."""
    try:
        working_folder = Path.cwd()
    except FileNotFoundError:  # it has been removed, so nothing is found there
        return False
    return Path(entry).resolve() == working_folder != _ROOT


def _hides_packages(entry: str) -> bool:
    """Whether a folder of `sys.path` (the working folder if empty) has a package or module of one of these names."""
    folder = Path(entry).resolve()
    if folder == _ROOT:
        return False
    return any((folder / name).is_dir() or (folder / f"{name}.py").is_file() for name in _PACKAGES)
