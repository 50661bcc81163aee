"""Columns of Polars from arrays of NumPy."""

import numpy as np
import polars as pl
import pyarrow as pa

from transforms.events.terms import Array


def column(values: Array) -> pl.Series:
    """A column of the integers of an array. Given the array, `pl.Series` would import `numpy.ma`, which takes long.

    Raises TypeError for an array of other values.
    """
    integers = np.ascontiguousarray(values).astype(np.int64, casting="safe", copy=False)
    array = pa.Array.from_buffers(pa.int64(), len(integers), [None, pa.py_buffer(integers)])
    # As a table, because Polars imports `pyarrow.compute` for an array.
    return pl.DataFrame(pa.table({"": array})).to_series()
