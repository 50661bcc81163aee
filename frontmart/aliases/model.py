"""An alias of an organisation or a topic, and the file that it is from."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

# The tables of the file, and the kind of their entries.
TABLES: Final = {"organisations": "organisation", "topics": "topic"}


class Alias(NamedTuple):
    """An id that is replaced by another; `kind` is organisation or topic."""

    kind: str
    alias: str
    target: str

    @property
    def place(self) -> str:
        """The entry as messages name it, such as `[topics] "ai"`."""
        table = next(table for table, kind in TABLES.items() if kind == self.kind)
        return f'[{table}] "{self.alias}"'


@dataclass(frozen=True, slots=True)
class AliasFile:
    """A reviewed file of aliases, which are sorted."""

    path: Path
    aliases: tuple[Alias, ...]
