"""Read the reviewed file of aliases that the setting `organisations` names."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from frontmart.aliases.model import TABLES, Alias, AliasFile
from frontmart.errors import UsageError
from frontmart.settings import Settings
from frontmart.toml_file import read_toml


def read_alias_file(settings: Settings) -> AliasFile | None:
    """The file that the setting `organisations` names; None without one.

    Raises:
        UsageError: naming the file, the place in it and the remedy, for a file that is missing or not as documented.
    """
    path = settings.organisations
    if path is None:
        return None
    values = read_toml(path, "file of organisations", "--organisations", "remove the entries that nobody reviewed")
    aliases = tuple(sorted(_aliases(path, values)))
    _reject_chains(path, aliases)
    return AliasFile(path, aliases)


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
