"""Errors of DuckDB as shown to users."""

import duckdb
import pytest

from frontmart.warehouse.statements import explain_error, run_in_transaction

DISK = "Check disk space and permissions."


@pytest.mark.parametrize(
    ("error", "reported"),
    [
        (duckdb.ParserException("Parser Error: syntax error.\nLINE 1: selec"), "Parser Error: syntax error. Do it."),
        (duckdb.OutOfMemoryException("Out of Memory Error: 1 KB"), "Out of Memory Error: 1 KB. Raise memory_limit."),
        (duckdb.IOException("IO Error: Cannot open file"), f"IO Error: Cannot open file. {DISK}"),
        (
            duckdb.IOException('IO Error: Async write failed: {"exception_message":"No space left on device"}'),
            f"No space left on device. {DISK}",
        ),
        (
            duckdb.TransactionException("Failed to commit: checkpointing failed. Original error: File too large"),
            f"File too large. {DISK}",
        ),
    ],
)
def test_an_error_is_one_line_with_what_to_do(error: duckdb.Error, reported: str) -> None:
    assert explain_error(error, "Do it.") == reported


def test_a_statement_that_fails_undoes_the_transaction_and_leaves_the_connection_usable() -> None:
    with duckdb.connect() as con:
        con.execute("create table kept (id integer check (id < 10)); insert into kept values (1)")
        with pytest.raises(duckdb.ConstraintException):
            run_in_transaction(con, ["truncate kept", "insert into kept values (10)"])
        assert con.execute("from kept").fetchall() == [(1,)]
