"""The functions of `import frontmart`: build a snapshot, and read what is published."""

import warnings
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from frontmart.errors import FrontmartError, UsageError
from frontmart.extract.pool import script_pool
from frontmart.pipeline import build as build_snapshot
from frontmart.run import Run
from frontmart.runners import LocalRunner
from frontmart.settings import Settings
from frontmart.snapshots.read import read_published
from frontmart.terminal.progress import Console
from frontmart.warehouse.sandbox import Sandbox
from frontmart.warehouse.statements import quote_table

# The schemas in which a name without one is looked up, in this order: `articles` is the view, not core.articles.
_SCHEMAS: Final = ("main", "marts", "core", "history", "drift", "tidy", "staging", "search")


def build(
    source: str | Path,
    out: str | Path,
    *,
    config: str | Path | None = None,
    allow_loss: bool = False,
    allow_empty: bool = False,
    **settings: object,
) -> Run:
    """Build a snapshot of a folder and publish it, as `frontmart build` does, without any output.

    Only files that changed since the published snapshot are read. Many files are parsed by worker processes; these do
    not import the calling script, so it needs no `if __name__ == "__main__"`.

    Args:
        source: the folder of front-matter files.
        out: the output folder, with snapshots/ and the published link; created if it does not exist.
        config: a TOML file of settings.
        allow_loss: publish this build however many documents were lost; otherwise the setting max_loss decides.
        allow_empty: publish a source without documents, unless documents of it are published.
        settings: fields of `Settings`, such as as_of, workers or report. They take precedence over FRONTMART_*
            variables, and these over the file.

    Returns:
        The run: counts of files and rows, and results of checks. `outcome` is "published", or "unchanged" if there was
        nothing to do.

    Issues a FutureWarning for each setting under an old name in a variable or the file, and a UserWarning if the
    published snapshot or the run log is damaged.

    Raises:
        UsageError: for a source that does not exist or has no files (SourceUnavailableError) or overlaps `out`, and
            for an unknown setting or a value out of its range.
        ChecksFailedError: if a check of severity error finds rows, the source lost too many documents, or has none.
        LockedError: if another build of the same output folder is running.
        FrontmartError: the root of these and all others. After any of them the published snapshot is unchanged.
    """
    file = Path(config) if config else None
    loaded = Settings.load(file, warn=_warn, source=Path(source), out=Path(out), **settings)
    console = Console(is_quiet=True, warn=_warn_of_damage)
    runner = LocalRunner(console, loaded.workers, script_pool)
    return build_snapshot(loaded, runner, allow_loss=allow_loss, allow_empty=allow_empty)


def connect(out: str | Path, *, timeout: float | None = None) -> duckdb.DuckDBPyConnection:
    """Connect to the published warehouse, read-only, as `frontmart query` does.

    Views and macros need no schema: `from topics`. Queries can use no file, not even that of the warehouse, and cannot
    change settings. The connection stays on this snapshot when another one is published. Each connection takes up to
    1 GB of memory; rows that do not fit go to temporary files without a name, up to 10 GB, which are gone when the
    connection is closed or no longer referenced. A single value may take more memory than that.

    Close an Arrow reader of a query before the connection, and before the program ends: if its query has temporary
    files, the process may abort at its end.

    Args:
        out: the output folder, with snapshots/ and the published link.
        timeout: the most seconds that a statement may run, after which it raises duckdb.InterruptException; None for no
            limit.

    Raises:
        SnapshotError: if nothing is published in `out`.
        FrontmartError: if the warehouse cannot be opened.
    """
    return read_published(Path(out), lambda snapshot: Sandbox(snapshot.warehouse, timeout=timeout).connection)


def read(table: str, out: str | Path) -> pl.DataFrame:
    """Read a whole table or view of the published warehouse; marts and tidy tables come in their stored order.

    Args:
        table: a name with its schema, such as "core.articles", or without one, which is looked up in main, marts, core,
            drift, tidy, staging and search, in this order. Letter case does not matter.
        out: the output folder, with snapshots/ and the published link.

    Raises:
        UsageError: for a name that is not a table or view; the message suggests similar names.
        SnapshotError: if nothing is published in `out`.
        FrontmartError: if the warehouse cannot be opened or read.
    """
    with connect(out) as connection:
        schema, name = _find(table, _names(connection))
        try:
            return pl.DataFrame(connection.sql(f"from {quote_table(f'{schema}.{name}')}").to_arrow_table())
        except duckdb.Error as error:
            raise FrontmartError(
                f"{out}: {schema}.{name} cannot be read ({error}); build again with full=True"
            ) from None


def tables(out: str | Path) -> pl.DataFrame:
    """List the tables and views of the published warehouse, those for everyday use first.

    Args:
        out: the output folder, with snapshots/ and the published link.

    Returns:
        A row for each: `table`, the name with its schema, as `read` takes it; `row_count`; `description`.

    Raises:
        SnapshotError: if nothing is published in `out`.
        FrontmartError: if the warehouse cannot be opened.
    """
    with connect(out) as connection:
        names = _names(connection)
        described = dict(
            connection.execute(
                "select schema_name || '.' || table_name, comment from duckdb_tables() "
                "union all select schema_name || '.' || view_name, comment from duckdb_views()"
            ).fetchall()
        )
        counts = [connection.execute(f"select count(*) from {quote_table(name)}").fetchone() for name in names]
    return pl.DataFrame(
        {
            "table": list(names),
            "row_count": [count[0] for count in counts if count],
            "description": [described[name] for name in names],
        },
        schema={"table": pl.String, "row_count": pl.Int64, "description": pl.String},
    )


def _warn(message: str) -> None:
    warnings.warn(message, FutureWarning, stacklevel=5)


def _warn_of_damage(message: str) -> None:
    warnings.warn(message, UserWarning, stacklevel=2)


def _names(connection: duckdb.DuckDBPyConnection) -> dict[str, None]:
    """The tables and views of the warehouse, with their schemas; those of the first schemas first."""
    found = connection.execute(
        "select schema_name, table_name from duckdb_tables() where not internal "
        "union all select schema_name, view_name from duckdb_views() where not internal order by all"
    ).fetchall()
    ranked = sorted(found, key=lambda each: _SCHEMAS.index(each[0]) if each[0] in _SCHEMAS else len(_SCHEMAS))
    return dict.fromkeys(f"{schema}.{name}" for schema, name in ranked)


def _find(table: str, names: dict[str, None]) -> tuple[str, str]:
    wanted = table.strip().lower()
    for full_name in names:
        schema, _, name = full_name.partition(".")
        if wanted in (full_name, name):
            return schema, name
    known = [*names, *(name.partition(".")[2] for name in names)]
    near = list(dict.fromkeys(get_close_matches(wanted, known, n=3)))
    advice = f"did you mean {', '.join(near)}?" if near else "`frontmart describe --all` lists the tables"
    raise UsageError(f"{table!r} is not a table or view of the warehouse; {advice}")
