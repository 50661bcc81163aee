"""Fingerprints of a build: hashes of the code, SQL, libraries and settings that decide the content of a snapshot.

A build does not reuse a snapshot with another fingerprint.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import blake2b
from importlib.metadata import version as library_version
from pathlib import Path
from typing import Final

from frontmart.aliases.model import Alias
from frontmart.catalog.sql_folder import SQL
from frontmart.settings import Settings
from transforms.generic.rules import FieldRules

# Libraries that affect values.
_LIBRARIES: Final = (
    "rapidyaml",
    "PyYAML",
    "python-frontmatter",
    "docutils",
    "ftfy",
    "polars",
    "numpy",
    "pyarrow",
    "duckdb",
)
_ROOT: Final = Path(__file__).parents[2]
_SQL_ROOT: Final = SQL.parent
# Files and folders, relative to the root, whose code affects the rows of the tidy tables. Tests compare both lists with
# the imports of the entry points.
ROWS: Final = (
    "frontmart/extract",
    "frontmart/git",
    "frontmart/import_path.py",
    "transforms/fields.py",
    "transforms/generic",
    "transforms/outline",
    "transforms/parse",
    "transforms/redact",
    "transforms/schema.py",
    "transforms/tables.py",
    "transforms/tidy",
    "transforms/vocabulary.py",
)
# Files and folders that affect the warehouse and the marts built from these rows.
MODELS: Final = (
    "frontmart/catalog/article_columns.py",
    "frontmart/catalog/column_reads.py",
    "frontmart/catalog/constraints.py",
    "frontmart/catalog/copies.py",
    "frontmart/catalog/features.py",
    "frontmart/catalog/headers.py",
    "frontmart/catalog/history_inputs.py",
    "frontmart/catalog/inputs.py",
    "frontmart/catalog/layers.py",
    "frontmart/catalog/measures.py",
    "frontmart/catalog/models.py",
    "frontmart/catalog/parse_tree.py",
    "frontmart/catalog/trim.py",
    "frontmart/catalog/units.py",
    "frontmart/history/append.py",
    "frontmart/history/load.py",
    "frontmart/history/parts.py",
    "frontmart/history/starts.py",
    "frontmart/history/two_builds.py",
    "frontmart/steps.py",
    "frontmart/warehouse",
    "sql/checks",
    "sql/core",
    "sql/drift",
    "sql/events",
    "sql/functions",
    "sql/history",
    "sql/indexed",
    "sql/kinds",
    "sql/macros",
    "sql/main",
    "sql/marts",
    "sql/search",
    "sql/staging",
    "transforms/events",
    "transforms/history",
)
_SUFFIXES: Final = (".py", ".sql")


def fingerprint(
    settings: Settings, version: str, rules: FieldRules | None = None, aliases: tuple[Alias, ...] = ()
) -> dict[str, str]:
    """Hashes of everything that a snapshot depends on besides its source files.

    `rows` is for the tidy tables: the source folder, settings, the mapping file, and the code that parses and flattens.
    `models` is for the warehouse, the marts and the report: SQL, the code that runs it, drift thresholds, the reviewed
    aliases, whether the day was given, whether the articles are indexed, and the name of the corpus, if given. Both
    include the versions of Frontmart and of the libraries.

    Raises OSError for a listed file or folder that does not exist.
    """
    versions = [version, *_library_versions()]
    day = f"as_of {'given' if settings.as_of else 'today'}"
    reviewed = [repr(tuple(alias)) for alias in aliases]
    index = f"search {settings.search}"
    name = [f"name {settings.name}"] if settings.name else []
    drift = [f"drift_share {settings.drift_share}", f"drift_count {settings.drift_count}"]
    thresholds = [day, *name, *reviewed, index, *drift]
    reading = [str(settings.source.resolve()), f"repair {settings.repair}", repr(settings.limits), repr(rules)]
    return {
        "rows": hash_of([*versions, *reading], fingerprinted_files(ROWS)),
        "models": hash_of([*versions, *thresholds], fingerprinted_files(MODELS)),
    }


@cache
def _library_versions() -> tuple[str, ...]:
    """Each library with its version, read once in a process: a process keeps the libraries that it has imported."""
    return tuple(f"{library} {library_version(library)}" for library in _LIBRARIES)


def fingerprinted_files(places: Iterable[str]) -> Iterator[tuple[str, Path]]:
    """Each Python and SQL file at or below the given places, in order: its path relative to the root, and its path."""
    for place in places:
        root = _SQL_ROOT if place.startswith("sql/") else _ROOT
        path = root / place
        files = sorted(file for file in path.rglob("*") if file.suffix in _SUFFIXES) if path.is_dir() else [path]
        yield from ((file.relative_to(root).as_posix(), file) for file in files)


def hash_of(words: Iterable[str], files: Iterable[tuple[str, Path]] = ()) -> str:
    """The hash, 32 hex digits, of words, and of files with their names, in order.

    Raises OSError for a file that cannot be read.
    """
    digest = blake2b(digest_size=16)
    for word in words:
        digest.update(word.encode(errors="surrogateescape") + b"\0")
    for name, file in files:
        digest.update(name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
