"""The folder that may be meant by a path that does not exist."""

from difflib import get_close_matches
from pathlib import Path


def nearest_folder(missing: Path) -> Path | None:
    """The existing folder that a missing path becomes if one name in it is corrected; None if no name is near.

    Hidden folders are never meant, since no build reads them.
    """
    names: list[str] = []
    folder = missing
    while not _is_folder(folder.parent):
        if folder.parent == folder:
            return None
        names.append(folder.name)
        folder = folder.parent
    near = get_close_matches(folder.name, _folders_in(folder.parent), n=1)
    found = folder.parent.joinpath(near[0], *reversed(names)) if near else None
    return found if found and _is_folder(found) else None


def _folders_in(folder: Path) -> list[str]:
    try:
        return sorted(each.name for each in folder.iterdir() if not each.name.startswith(".") and _is_folder(each))
    except OSError:
        return []


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False
