"""Read all files of a source into a temporary folder, and open their tidy tables. Needs no lock, publishes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import duckdb

from frontmart.errors import FrontmartError
from frontmart.extract.changes import all_changed
from frontmart.extract.shards import plan_shards
from frontmart.extract.source import FolderSource
from frontmart.extract.worker import EXTRACT, write_frame
from frontmart.mapping.read import MappingFile, read_mapping
from frontmart.presets import PresetChoice, choose_preset, settled_preset
from frontmart.runners import Runner
from frontmart.settings import Settings
from frontmart.warehouse.added_columns import load_added_columns
from frontmart.warehouse.database import open_warehouse
from frontmart.warehouse.load import create_inputs
from frontmart.warehouse.statements import explain_error, quote_identifier, quote_literals
from transforms.tables import TABLES

_REMEDY: Final = "Inspect again."


@dataclass(frozen=True, slots=True)
class Extracted:
    """The tidy tables of a source while they exist.

    Attributes:
        con: a database with the schema tidy; documents.extra has the whole front matter of each document.
        preset: the preset that the files were read with.
        mapping: the mapping file, if there is one.
    """

    con: duckdb.DuckDBPyConnection
    preset: PresetChoice
    mapping: MappingFile | None


@contextmanager
def extract_all(settings: Settings, runner: Runner) -> Iterator[Extracted]:
    """Read the files of a source; the tables are removed when the block ends.

    Raises:
        UsageError: for a source that is missing or unreadable (SourceUnavailableError), and for a mapping file that is
            not as the grammar has it.
        FrontmartError: if the temporary folder is full.
    """
    mapping = read_mapping(settings)
    rules = mapping.rules if mapping else None
    source = FolderSource(settings.source)
    changes = all_changed(runner.run("list", source.listing))
    settled = settled_preset(settings, rules, None, runner.warn)
    preset = choose_preset(settings, source, settled, changes.sample, runner.warn)
    with TemporaryDirectory(prefix="frontmart-") as name:
        folder = Path(name)
        listing, fragments = folder / "listing.parquet", folder / "fragments"
        write_frame(changes.to_read, listing)
        shards = plan_shards(
            listing,
            source,
            fragments,
            runner.workers,
            limits=settings.limits,
            repair=settings.repair,
            rules=preset.rules(rules),
            keeps_keys=True,
        )
        runner.map_shards("extract", EXTRACT, shards)
        with _open(folder, fragments, settings.memory_limit) as con:
            load_added_columns(con, rules.columns if rules else ())
            yield Extracted(con, preset, mapping)


@contextmanager
def _open(folder: Path, fragments: Path, memory_limit: str) -> Iterator[duckdb.DuckDBPyConnection]:
    place = folder / "inspect.duckdb"
    try:
        with open_warehouse(place, temp_directory=folder / "spill", memory_limit=memory_limit) as con:
            _create_views(con, fragments)
            yield con
    except duckdb.Error as error:
        raise FrontmartError(f"{place} cannot be read: {explain_error(error, _REMEDY)}") from error


def _create_views(con: duckdb.DuckDBPyConnection, fragments: Path) -> None:
    """The tidy tables as views of their fragments; as empty tables without fragments."""
    con.execute("create schema tidy")
    for table in TABLES:
        files = sorted(str(file) for file in (fragments / table).glob("*.parquet"))
        if files:
            con.execute(f"create view tidy.{quote_identifier(table)} as from read_parquet({quote_literals(files)})")
        else:
            create_inputs(con, [table])
