"""The table tidy.aliases: the entries of the reviewed file of organisations and topics."""

from collections.abc import Iterable

import duckdb

from frontmart.aliases.check import reject_idle
from frontmart.aliases.model import Alias, AliasFile
from frontmart.warehouse.load import create_inputs


def load_aliases(con: duckdb.DuckDBPyConnection, aliases: Iterable[Alias]) -> None:
    """Create tidy.aliases, a row for each alias."""
    create_inputs(con, ["aliases"])
    columns: list[list[str]] = [list(column) for column in zip(*sorted(aliases), strict=True)]
    if columns:
        con.execute("insert into tidy.aliases select unnest($1), unnest($2), unnest($3)", columns)


def read_aliases(con: duckdb.DuckDBPyConnection) -> tuple[Alias, ...]:
    """The aliases that a warehouse was built with, sorted."""
    rows = con.execute("select kind, alias, target from tidy.aliases order by kind, alias").fetchall()
    return tuple(Alias(*row) for row in rows)


def check_aliases(con: duckdb.DuckDBPyConnection, file: AliasFile) -> None:
    """Raise UsageError for an alias without effect, and for a target that is not in the corpus; see `reject_idle`.

    Needs core.provider_organisations and tidy.document_topics. An empty corpus shows nothing.
    """
    if con.execute("select 1 from tidy.documents limit 1").fetchone() is None:
        return
    organisations = _values(con, "select distinct rule_organisation_id from core.provider_organisations")
    topics = _values(con, "select distinct topic_id from tidy.document_topics")
    providers = _values(con, "select provider_id from core.provider_organisations")
    reject_idle(
        file,
        known={"organisation": organisations | providers, "topic": topics},
        targets={"organisation": organisations, "topic": topics},
    )


def _values(con: duckdb.DuckDBPyConnection, query: str) -> frozenset[str]:
    return frozenset(value for (value,) in con.execute(query).fetchall())
