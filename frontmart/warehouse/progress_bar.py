"""DuckDB's progress bar, which goes to standard output, into a result."""

import duckdb


def hide_progress_bar(connection: duckdb.DuckDBPyConnection) -> None:
    """Turn the progress bar off where it is on.

    DuckDB turns it on in a terminal and in a Jupyter kernel with ipywidgets. In a kernel without ipywidgets it is off,
    and setting it to anything, off included, is an error.
    """
    # Read to its end: an open result would stand in the way of a reader of the next one.
    ((is_on,),) = connection.execute("select current_setting('enable_progress_bar')").fetchall()
    if is_on:
        connection.execute("set enable_progress_bar = false")
