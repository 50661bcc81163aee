"""The commands `query` and `status`, and the version, without Typer: it takes longer to import than they to run."""

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from frontmart.cli.errors import report_errors
from frontmart.cli.signals import raise_on_signals

if TYPE_CHECKING:
    from frontmart.snapshots.last_success import LastSuccess


@report_errors
def show_version() -> None:
    """Show the version of Frontmart."""
    from frontmart.terminal.tables import write_lines
    from frontmart.version import VERSION

    write_lines([f"frontmart {VERSION}"])


@report_errors
@raise_on_signals()
def run_status(*, max_age: timedelta | None = None, out: Path, as_json: bool = False) -> None:
    """Show the published snapshot and its age; arguments are those of the command `status`."""
    from frontmart.snapshots.last_success import ensure_fresh, read_last_success
    from frontmart.snapshots.read import read_published, read_run
    from frontmart.terminal.tables import write_lines

    snapshot, run = read_published(out, lambda snapshot: (snapshot, read_run(snapshot)))
    success = read_last_success(out)
    run |= _age(success)
    if as_json:
        write_lines([json.dumps(run, default=str)])
    else:
        from frontmart.cli.show import show_status

        show_status(snapshot, run)
    if max_age:
        ensure_fresh(out, success, max_age)


def _age(success: "LastSuccess | None") -> dict[str, object]:
    from dataclasses import asdict

    return {
        "last_success": asdict(success) if success else None,
        "age_seconds": round(success.age().total_seconds()) if success else None,
    }


@report_errors
@raise_on_signals()
def run_query(
    *,
    sql: str | None = None,
    file: Path | None = None,
    out: Path,
    format_: str | None = None,
    output: Path | None = None,
    rows: int = 1_000,
    spreadsheet: bool = False,
    no_pager: bool = False,
    timeout: float | None = None,
    as_json: bool = False,
) -> None:
    """Run a query and write its result; arguments are those of the command `query`."""
    from frontmart.errors import UsageError
    from frontmart.query.limits import limit_memory
    from frontmart.query.options import QueryOptions, choose_format, read_sql

    if as_json and (format_ or output):
        raise UsageError(
            "--json prints one object to standard output; for a file or an array use --format json instead"
        )
    request = QueryOptions(
        format=choose_format(format_, output),
        output=output,
        row_limit=rows,
        is_paged=not no_pager,
        is_for_spreadsheets=spreadsheet,
        timeout=timeout,
    )
    text = read_sql(sql, file)
    with limit_memory():
        if as_json:
            _print_json(out, text, timeout)
            return
        from frontmart.query.run import run_query as run

        run(out, text, request)


def _print_json(out: Path, sql: str, timeout: float | None) -> None:
    from frontmart.query.limits import end_after
    from frontmart.snapshots.read import read_published
    from frontmart.terminal.tables import write_lines
    from frontmart.warehouse.read_only import read_rows

    with end_after(timeout):
        found = read_published(out, lambda snapshot: read_rows(snapshot, sql, timeout))
    write_lines([json.dumps({"rows": found}, default=str)])
