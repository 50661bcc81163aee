"""Columns from arrays."""

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_series_equal

from transforms.events.columns import column


@pytest.mark.parametrize(
    "values",
    [
        np.arange(5),
        np.arange(10)[::2],
        np.array([], dtype=np.int64),
        np.array([1, -2], np.int32),
        np.array([2**31], np.uint32),
    ],
)
def test_a_column_has_the_integers_of_the_array(values: np.ndarray) -> None:
    assert_series_equal(column(values), pl.Series(values.tolist(), dtype=pl.Int64), check_names=False)


def test_flags_are_0_and_1() -> None:
    assert column(np.array([True, False])).to_list() == [1, 0]


@pytest.mark.parametrize("values", [np.array([0.5]), np.array([1], np.uint64)])
def test_an_array_of_other_values_is_an_error(values: np.ndarray) -> None:
    with pytest.raises(TypeError, match="Cannot cast array data"):
        column(values)
