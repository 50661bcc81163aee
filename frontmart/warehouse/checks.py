"""Checks: queries that return rows which should not be there. An `error` among them keeps a build from publishing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from frontmart.catalog import inputs
from frontmart.catalog.headers import Severity
from frontmart.catalog.inputs import INPUTS
from frontmart.catalog.layers import CHECKS
from frontmart.catalog.models import Model
from frontmart.errors import ModelError
from frontmart.reject_limit import RejectLimit
from frontmart.warehouse.statements import explain_error, quote_identifier, quote_names, quote_table

# How the names of checks begin that keys imply.
KEY_CHECK: Final = "unique_key_"
_FIRST_ROWS: Final = 5


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found: nothing, or rows that should not be there, of which the first few by their columns."""

    name: str
    severity: Severity
    description: str
    failed_row_count: int
    first_rows: list[dict[str, object]]

    @property
    def is_failed(self) -> bool:
        """Whether the check found rows."""
        return self.failed_row_count > 0

    @property
    def is_blocking(self) -> bool:
        """Whether what the check found keeps a snapshot from being published; a warning does not."""
        return self.is_failed and self.severity == "error"

    @property
    def sentences(self) -> list[str]:
        """What the first rows say to people: those of a check that has a column `sentence`."""
        return [str(row["sentence"]) for row in self.first_rows if "sentence" in row]


def key_checks(models: Iterable[Model]) -> list[Model]:
    """A check for each input table and each model of core and marts: its key is unique and nowhere NULL."""
    keys = {f"tidy.{name}": inputs.key(schema) for name, schema in INPUTS.items()}
    keys |= {model.full_name: model.key for model in models if not model.is_view}
    return [_key_check(table, key) for table, key in keys.items()]


def reject_check(limit: RejectLimit, seen: int) -> Model:
    """An error check that finds every reject where more of the files seen were refused than the limit allows."""
    allowed = limit.of(seen)
    return Model(
        layer=CHECKS,
        name="max_rejects",
        path=Path(__file__),
        sql=(
            'select path, line, "column", reason, message from tidy.rejects '
            f"where (select count(*) from tidy.rejects) > {allowed}"
        ),
        description=(
            f"No more than {allowed:,} of {seen:,} files may be rejects (max_rejects is {limit}): "
            "mend these files, or raise the limit."
        ),
        grain="",
        key=(),
        columns={},
        severity="error",
        reads=frozenset({"tidy.rejects"}),
    )


def run_checks(
    con: duckdb.DuckDBPyConnection, checks: Sequence[Model], models: Iterable[Model] = ()
) -> list[CheckResult]:
    """Run checks in the order given, then those that the keys of the inputs and of the models imply.

    Raises:
        ModelError: for a query that fails.
    """
    return [_run_check(con, check) for check in [*checks, *key_checks(models)]]


def _key_check(table: str, key: tuple[str, ...]) -> Model:
    is_null = " or ".join(f"{quote_identifier(column)} is null" for column in key)
    sql = (
        f"select {quote_names(key)}, count(*) as row_count from {quote_table(table)} "
        f"group by {quote_names(key)} having count(*) > 1 or {is_null}"
    )
    return Model(
        layer=CHECKS,
        name=KEY_CHECK + table.replace(".", "_"),
        path=Path(__file__),
        sql=sql,
        description=f"The key of {table} ({', '.join(key)}) is unique and nowhere NULL.",
        grain="",
        key=(),
        columns={},
        severity="error",
        reads=frozenset({table}),
    )


def _run_check(con: duckdb.DuckDBPyConnection, check: Model) -> CheckResult:
    # The count of all rows stands first in each of the few that come back, so that one run of the query gives both.
    query = f"select count(*) over (), * from ({check.sql}) as findings order by all limit {_FIRST_ROWS}"
    try:
        cursor = con.execute(query)
        columns = [name for name, *_ in cursor.description][1:]
        rows = cursor.fetchall()
    except duckdb.Error as error:
        raise ModelError(f"{check.place} failed: {explain_error(error, 'Correct the check.')}") from error
    return CheckResult(
        name=check.name,
        severity=check.severity or "error",
        description=check.description,
        failed_row_count=rows[0][0] if rows else 0,
        first_rows=[dict(zip(columns, row[1:], strict=True)) for row in rows],
    )
