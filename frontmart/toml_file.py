"""Read a TOML file that someone wrote for a build, and find the name that they may have meant."""

import io
import os
import stat
import tomllib
from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from frontmart.errors import UsageError

# More than a hundred thousand entries.
_MOST_BYTES: Final = 10_000_000


def read_toml(path: Path, noun: str, option: str, too_long: str) -> dict[str, Any]:
    """The values of a regular file, or of a link to one.

    Args:
        path: the file.
        noun: the file as messages name it, such as `mapping file`.
        option: the option that names it.
        too_long: what to do about a file of more than 10 MB.

    Raises UsageError, with the remedy, for a file that is missing, cannot be read or is not TOML.
    """
    try:
        text = _read_bytes(path, noun, option, too_long).decode("utf-8-sig")
        return tomllib.loads(io.StringIO(text, newline=None).read())  # lines may end as on any system
    except FileNotFoundError:
        raise UsageError(f"{path}: there is no such {noun}; give another with {option}") from None
    except OSError as error:
        message = f"{path}: the {noun} cannot be read ({error.strerror})"
        raise UsageError(f"{message}; check that it is a file, and its permissions") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: the {noun} is not UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: not valid TOML ({error}); correct the file") from None


def nearest(name: str, known: Collection[str]) -> str:
    """`did you mean X? Else ` for the nearest known name, as the beginning of a remedy; '' if none is near."""
    near = get_close_matches(name, sorted(known), n=1, cutoff=0.7)
    return f"did you mean {near[0]}? Else " if near else ""


def _read_bytes(path: Path, noun: str, option: str, too_long: str) -> bytes:
    """The content of a regular file; a named pipe or a device would be waited for, or read, without end."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UsageError(f"{path}: the {noun} is not a regular file; give one with {option}")
    with os.fdopen(descriptor, "rb") as file:
        content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise UsageError(f"{path}: the {noun} has more than {_MOST_BYTES:,} bytes; {too_long}")
    return content
