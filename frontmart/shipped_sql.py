"""The SQL that Frontmart ships, parsed: once in a process, and kept in the user's cache folder for the next one.

To parse it takes longer than to run most of it on a small folder.
"""

from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from frontmart.cache import cached, caching
from frontmart.catalog.layers import INDEXED
from frontmart.catalog.models import Model, read_checks, read_macros, read_models, read_queries
from frontmart.catalog.sql_folder import SQL
from frontmart.snapshots.fingerprint import fingerprinted_files, hash_of
from frontmart.version import VERSION

_SUFFIX: Final = ".json"
# What decides how the SQL is read: the parser, and the tables and fields whose sentences columns inherit.
_CODE: Final = ("frontmart/catalog", "frontmart/shipped_sql.py", "transforms/fields.py", "transforms/schema.py",
                "transforms/tables.py", "transforms/vocabulary.py")  # fmt: skip


@dataclass(frozen=True, slots=True)
class ShippedSql:
    """The models, each after all that it reads; the table macros, the checks and the queries of inputs, by name.

    `indexed_macros` take the place of the macros of the same name where there is a search index.
    """

    models: tuple[Model, ...]
    macros: tuple[Model, ...]
    indexed_macros: tuple[Model, ...]
    checks: tuple[Model, ...]
    queries: tuple[Model, ...]


def shipped_sql() -> ShippedSql:
    """The parsed SQL. Raises ModelError as `read_models`."""
    return _read(SQL)


@cache
def _read(folder: Path) -> ShippedSql:
    files = ((path.relative_to(folder).as_posix(), path) for path in sorted(folder.rglob("*.sql")))
    key = f"sql-{hash_of([VERSION, str(folder)], [*files, *fingerprinted_files(_CODE)])}"
    adapter = TypeAdapter(ShippedSql)
    path = cached(key, _SUFFIX)
    if path:
        with suppress(OSError, ValidationError):
            return adapter.validate_json(path.read_bytes())
    models = read_models(folder)
    parsed = ShippedSql(
        tuple(models),
        tuple(read_macros(folder, models)),
        tuple(read_macros(folder, models, INDEXED)),
        tuple(read_checks(folder)),
        tuple(read_queries(folder)),
    )
    with suppress(OSError), caching(key, _SUFFIX) as new:
        if new:
            new.write_bytes(adapter.dump_json(parsed))
    return parsed
