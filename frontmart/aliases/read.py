"""Read the reviewed file of aliases that the setting `organisations` names."""

import os
import stat
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from frontmart.aliases.model import TABLES, Alias, AliasFile
from frontmart.errors import UsageError
from frontmart.settings import Settings

# More than a hundred thousand entries, each of which someone has reviewed.
_MOST_BYTES: Final = 10_000_000


def read_alias_file(settings: Settings) -> AliasFile | None:
    """The file that the setting `organisations` names; None without one.

    Raises:
        UsageError: naming the file, the place in it and the remedy, for a file that is missing or not as documented.
    """
    path = settings.organisations
    if path is None:
        return None
    aliases = tuple(sorted(_aliases(path, _read_toml(path))))
    _reject_chains(path, aliases)
    return AliasFile(path, aliases)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_read_bytes(path).decode("utf-8-sig"))
    except FileNotFoundError:
        raise UsageError(f"{path}: there is no such file of organisations; give another with --organisations") from None
    except OSError as error:
        message = f"{path}: the file of organisations cannot be read ({error.strerror})"
        raise UsageError(f"{message}; check that it is a file, and its permissions") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: the file of organisations is not UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: not valid TOML ({error}); correct the file") from None


def _read_bytes(path: Path) -> bytes:
    """The content of a regular file; a named pipe or a device would be waited for, or read, without end."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UsageError(f"{path}: the file of organisations is not a regular file; give one with --organisations")
    with os.fdopen(descriptor, "rb") as file:
        content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        message = f"the file of organisations has more than {_MOST_BYTES:,} bytes"
        raise UsageError(f"{path}: {message}; remove the entries that nobody reviewed")
    return content


def _aliases(path: Path, values: dict[str, Any]) -> Iterator[Alias]:
    for table, entries in values.items():
        if table not in TABLES:
            near = get_close_matches(table.lower(), TABLES, n=1)
            advice = f"did you mean [{near[0]}]?" if near else "the tables are [organisations] and [topics]"
            raise UsageError(f"{path}: unknown table {table}; {advice}")
        if not isinstance(entries, dict):
            raise UsageError(f'{path}: [{table}]: must be a table of entries such as "alias" = "id"; correct it')
        for alias, target in entries.items():
            yield _alias(path, Alias(TABLES[table], alias, target))


def _alias(path: Path, entry: Alias) -> Alias:
    if not entry.alias.strip():
        raise UsageError(f"{path}: {entry.place}: the alias is empty; write an id, or remove the entry")
    if not isinstance(entry.target, str) or not entry.target.strip():
        message = f"{path}: {entry.place}: must be a text that is not empty"
        raise UsageError(f"{message}; put quotes around keys with a dot, and correct the value")
    if entry.alias == entry.target:
        raise UsageError(f"{path}: {entry.place}: is an alias of itself; name another id, or remove the entry")
    return entry


def _reject_chains(path: Path, aliases: tuple[Alias, ...]) -> None:
    """Raise UsageError for a target that is an alias itself: in which order entries apply must not matter."""
    targets = {(each.kind, each.alias): each.target for each in aliases}
    for each in aliases:
        last = targets.get((each.kind, each.target))
        if last is not None:
            message = f'{path}: {each.place}: "{each.target}" is an alias itself, of "{last}"'
            raise UsageError(f"{message}; name the id at the end, or remove one of the two entries")
