"""Folders that the processes of a test run share, so that what takes long to make is made once."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def shared_folder(tmp_path_factory: pytest.TempPathFactory, name: str, fill: Callable[[Path], None]) -> Path:
    """A folder that all processes of a test run share; the first that needs it fills it."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:  # whose own folder is below that of the run
        root = root.parent
    folder = root / name
    with FileLock(root / f"{name}.lock"):
        if not (root / f"{name}.filled").exists():
            folder.mkdir()
            fill(folder)
            (root / f"{name}.filled").touch()
    return folder
