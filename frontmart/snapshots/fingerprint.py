"""Fingerprints of a build: hashes of the code, SQL, libraries and settings that decide what a snapshot holds.

A snapshot whose fingerprint differs from that of the running build is not reused.
"""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from importlib.metadata import version as library_version
from pathlib import Path
from typing import Final

from frontmart.settings import Settings

# The libraries that decide what a value becomes.
_LIBRARIES: Final = ("rapidyaml", "PyYAML", "python-frontmatter", "ftfy", "polars", "pyarrow", "duckdb")
_ROOT: Final = Path(__file__).parents[2]
# Files and folders, relative to the root, whose code decides the rows of the tidy tables. A test compares both lists
# with what the entry points import.
ROWS: Final = (
    "frontmart/extract/changes.py",
    "frontmart/extract/worker.py",
    "frontmart/extract/frames.py",
    "frontmart/extract/reader.py",
    "frontmart/extract/pool.py",
    "frontmart/extract/shards.py",
    "frontmart/extract/listing.py",
    "transforms",
)
# Those that decide what the warehouse and the marts make of these rows.
MODELS: Final = (
    "frontmart/warehouse/query_errors.py",
    "frontmart/warehouse/checks.py",
    "frontmart/catalog/constraints.py",
    "frontmart/warehouse/datapackage.py",
    "frontmart/catalog/units.py",
    "frontmart/catalog/headers.py",
    "frontmart/catalog/inputs.py",
    "frontmart/warehouse/load.py",
    "frontmart/warehouse/macros.py",
    "frontmart/warehouse/materialize.py",
    "frontmart/catalog/models.py",
    "frontmart/warehouse/parquet.py",
    "frontmart/warehouse/previous.py",
    "frontmart/warehouse/statements.py",
    "frontmart/warehouse/read_only.py",
    "frontmart/catalog/references.py",
    "frontmart/steps.py",
    "frontmart/warehouse/database.py",
    "sql",
)
# Within these folders, what decides neither: CSV and xlsx for spreadsheets, and the queries of the report.
EXCLUDED: Final = ("transforms/formulas.py", "transforms/spreadsheets.py", "sql/report")
_SUFFIXES: Final = (".py", ".sql")


def fingerprint(settings: Settings, version: str) -> dict[str, str]:
    """Hashes of what a snapshot depends on besides its source files.

    `rows` covers what decides the tidy tables: the source folder, settings, and the code that reads and flattens.
    `models` covers what is made of them: SQL, the code that runs it, and drift thresholds. Both cover the versions of
    Frontmart and of the libraries.

    Raises OSError for a listed file or folder that does not exist.
    """
    versions = [version, *(f"{library} {library_version(library)}" for library in _LIBRARIES)]
    thresholds = [f"drift_share {settings.drift_share}", f"drift_count {settings.drift_count}"]
    reading = [str(settings.source.resolve()), f"repair {settings.repair}", repr(settings.limits)]
    return {
        "rows": _hash([*versions, *reading], fingerprinted_files(_ROOT, ROWS)),
        "models": _hash([*versions, *thresholds], fingerprinted_files(_ROOT, MODELS)),
    }


def fingerprinted_files(root: Path, places: Iterable[str]) -> Iterator[tuple[str, Path]]:
    """Each Python and SQL file at or below the given files and folders, in order: its path relative to root, and it."""
    excluded = tuple(root / place for place in EXCLUDED)
    for place in places:
        path = root / place
        files = sorted(file for file in path.rglob("*") if file.suffix in _SUFFIXES) if path.is_dir() else [path]
        for file in files:
            if not any(file.is_relative_to(each) for each in excluded):
                yield file.relative_to(root).as_posix(), file


def _hash(words: Iterable[str], files: Iterable[tuple[str, Path]]) -> str:
    digest = blake2b(digest_size=16)
    for word in words:
        digest.update(word.encode(errors="surrogateescape") + b"\0")
    for name, file in files:
        digest.update(name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
