"""Run checks: queries that return the rows that break a rule. A check of severity `error` blocks publishing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from frontmart.allowance import Allowance
from frontmart.catalog import inputs
from frontmart.catalog.column_reads import ColumnReads
from frontmart.catalog.headers import Severity
from frontmart.catalog.inputs import INPUTS
from frontmart.catalog.layers import CHECKS
from frontmart.catalog.models import Model
from frontmart.errors import ModelError
from frontmart.snapshots.loss_baseline import LossBaseline
from frontmart.warehouse.materialize import is_small
from frontmart.warehouse.statements import (
    explain_error,
    quote_identifier,
    quote_literal,
    quote_names,
    quote_table,
)

# Prefix of the names of checks of unique keys.
KEY_CHECK: Final = "unique_key_"
# Advice for a check that fails, at the end of the message.
CORRECT_CHECK: Final = "Correct the check."
_FIRST_ROWS: Final = 5
_LOSS_CHECK: Final = "max_loss"
_DOCUMENT_CHECK: Final = "source_has_documents"
# Checks whose sentence says all: about the source as a whole, and not about rows.
SOURCE_CHECKS: Final = frozenset({_LOSS_CHECK, _DOCUMENT_CHECK})


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The result of a check: the number of rows that break the rule, and the first few of them.

    A check of severity `warn` does not block publishing.
    """

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
        """Whether the check found rows and blocks publishing."""
        return self.is_failed and self.severity == "error"

    @property
    def sentences(self) -> list[str]:
        """The column `sentence` of the first rows, if the check has one: text for people."""
        return [str(row["sentence"]) for row in self.first_rows if "sentence" in row]


def key_checks(models: Iterable[Model]) -> list[Model]:
    """One check per input table and per model of core and marts: its key is unique and never NULL."""
    keys = {f"tidy.{name}": inputs.key(schema) for name, schema in INPUTS.items()}
    keys |= {model.full_name: model.key for model in models if not model.is_view}
    return [_key_check(table, key) for table, key in keys.items()]


def reject_check(limit: Allowance, seen: int) -> Model:
    """An error check that returns all rejects if there are more than the limit allows among the files seen."""
    allowed = limit.allowed(seen)
    return _check(
        name="max_rejects",
        severity="error",
        sql=(
            'select path, line, "column", reason, message from tidy.rejects '
            f"where (select count(*) from tidy.rejects) > {allowed}"
        ),
        description=(
            f"No more than {allowed:,} of {seen:,} files may be rejects (max_rejects is {limit}): "
            "correct these files, or raise the limit."
        ),
        reads="tidy.rejects",
    )


def loss_check(limit: Allowance | None, baseline: LossBaseline, files: Mapping[str, int], *, is_allowed: bool) -> Model:
    """A check that returns a row if there are fewer documents than the limit allows, and always if there are none.

    Args:
        limit: the largest fall to publish, of the documents of the baseline; None for any, but not to zero.
        baseline: the number of documents to compare with, and their snapshot.
        files: number of files of this build with each outcome.
        is_allowed: whether to publish the loss this once; the check is then a warning.
    """
    before = baseline.document_count
    lowest = max(1, before - (limit.allowed(before) if limit else before))
    fall = f"The documents fell from {before:,} in snapshot {baseline.snapshot_id} to {files['document']:,}"
    others = count_other_files(files)
    advice = (
        "published, since --allow-loss was given."
        if is_allowed
        else f"max_loss ({limit or 'none'}) allows no fewer than {lowest:,}. Check that the source is mounted, "
        "complete and readable; to publish this loss once, run `frontmart build --allow-loss`."
    )
    counts = {"document_count": "document", "reject_count": "reject", "skipped_count": "skipped"}
    columns = ", ".join(f"count(*) filter (outcome = '{outcome}') as {name}" for name, outcome in counts.items())
    return _check(
        name=_LOSS_CHECK,
        severity="warn" if is_allowed else "error",
        sql=f"select {before} as previous_document_count, {columns} from tidy.files having document_count < {lowest}",
        description=f"{fall}{f' ({others})' if others else ''}; {advice}",
        reads="tidy.files",
    )


def document_check(description: str, *, is_allowed: bool) -> Model:
    """A check that returns a row if there is no document.

    Args:
        description: why there is none, and what to do, as a sentence.
        is_allowed: whether to publish all the same; the check is then a warning.
    """
    return _check(
        name=_DOCUMENT_CHECK,
        severity="warn" if is_allowed else "error",
        sql="select count(*) as file_count from tidy.files having count(*) filter (outcome = 'document') = 0",
        description=description,
        reads="tidy.files",
    )


def count_other_files(files: Mapping[str, int]) -> str:
    """The files that are no document, such as `3 rejects, 2 without front matter`; nothing if there are none."""
    counts = {"rejects": files["reject"], "without front matter": files["skipped"]}
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)


def run_checks(
    con: duckdb.DuckDBPyConnection,
    checks: Sequence[Model],
    models: Iterable[Model] = (),
    *,
    at_once: bool = False,
    has_passed: Callable[[Model], bool] = lambda _: False,
) -> list[CheckResult]:
    """Run checks in the given order, then the key checks of the inputs and the models.

    Args:
        con: the warehouse.
        checks: the checks.
        models: the models whose keys are checked.
        at_once: first find the checks that fail by one query, in a small warehouse: the result is the same.
        has_passed: whether a check is known to find no rows, so that it need not run.

    Raises:
        ModelError: for a query that fails.
    """
    chosen = [*checks, *key_checks(models)]
    open_ = [check for check in chosen if not has_passed(check)]
    failed = _find_failed(con, open_) if open_ and at_once and is_small(con) else None
    names = failed if failed is not None else {check.name for check in open_}
    return [_run_check(con, check) if check.name in names else _result(check, 0, []) for check in chosen]


def _find_failed(con: duckdb.DuckDBPyConnection, checks: Sequence[Model]) -> set[str] | None:
    """The names of the checks that find rows, by one query for all: most of the time of a small one is its planning.

    None if that query fails; running each check by itself then needs less memory, or shows which one is wrong.
    """
    queries = (
        f"select {quote_literal(check.name)} from ({check.sql}) as findings having count(*) > 0" for check in checks
    )
    try:
        return {name for (name,) in con.execute(" union all ".join(queries)).fetchall()}
    except duckdb.Error:
        return None


def _key_check(table: str, key: tuple[str, ...]) -> Model:
    is_null = " or ".join(f"{quote_identifier(column)} is null" for column in key)
    sql = (
        f"select {quote_names(key)}, count(*) as row_count from {quote_table(table)} "
        f"group by {quote_names(key)} having count(*) > 1 or {is_null}"
    )
    return _check(
        name=KEY_CHECK + table.replace(".", "_"),
        severity="error",
        sql=sql,
        description=f"The key of {table} ({', '.join(key)}) is unique and never NULL.",
        reads=table,
        columns=key,
    )


def _check(
    *, name: str, severity: Severity, sql: str, description: str, reads: str, columns: Iterable[str] | None = None
) -> Model:
    """A check that has no file under sql/; errors point to this module instead. `columns`: those it reads, if known."""
    return Model(
        layer=CHECKS,
        name=name,
        path=Path(__file__),
        sql=sql,
        description=description,
        grain="",
        key=(),
        columns={},
        severity=severity,
        reads=frozenset({reads}),
        column_reads=None if columns is None else ColumnReads(frozenset(columns)),
    )


def _run_check(con: duckdb.DuckDBPyConnection, check: Model) -> CheckResult:
    # The window count is the first column of each row, so that one query gives the total and the first rows.
    query = f"select count(*) over (), * from ({check.sql}) as findings order by all limit {_FIRST_ROWS}"
    try:
        cursor = con.execute(query)
        columns = [name for name, *_ in cursor.description][1:]
        rows = cursor.fetchall()
    except duckdb.Error as error:
        raise ModelError(f"{check.place} failed: {explain_error(error, CORRECT_CHECK)}") from error
    return _result(check, rows[0][0] if rows else 0, [dict(zip(columns, row[1:], strict=True)) for row in rows])


def _result(check: Model, failed_row_count: int, first_rows: list[dict[str, object]]) -> CheckResult:
    return CheckResult(
        name=check.name,
        severity=check.severity or "error",
        description=check.description,
        failed_row_count=failed_row_count,
        first_rows=first_rows,
    )
