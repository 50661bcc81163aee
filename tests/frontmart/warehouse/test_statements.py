"""Errors of DuckDB as shown to users."""

import duckdb
import pytest

from frontmart.warehouse.statements import explain_error

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
