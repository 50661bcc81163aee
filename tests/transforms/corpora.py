"""The folders of the corpora: the committed sample, and the shared ones, which may be missing."""

import os
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
SAMPLE = _ROOT / "data" / "raw"
SHARED = Path(os.environ.get("FRONTMART_CORPUS", _ROOT.parent / "shared" / "corpus"))
NAMES = ("seed", "power-apps", "diablo4")


def shared_corpus(name: str) -> Path:
    """The folder of a shared corpus; skips the test if there is none."""
    folder = SHARED / name
    if not folder.is_dir():
        pytest.skip(f"no shared corpus at {folder}: set FRONTMART_CORPUS to the folder of {', '.join(NAMES)}")
    return folder


def files_of(folder: Path) -> dict[str, bytes]:
    """Path relative to the folder -> bytes, in order of the path."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
