"""The format of numbers, days and names on the page."""

import datetime as dt

import polars as pl
import pytest

from frontmart.report.labels import provider_names
from frontmart.report.wording import change, clean, count, duration, percent, period


def test_a_name_is_one_line_that_turns_no_direction_and_has_an_end() -> None:
    assert clean("a\u202egpj.exe\u2069\x00\n  b\ufeff") == "a gpj.exe b"
    assert clean("دراجات 自行车") == "دراجات 自行车"
    assert clean("x" * 20, 10) == "x" * 9 + "…"


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0"), (0.004, "under 1"), (0.01, "1"), (0.99, "99"), (0.126, "13"), (0.996, "over 99"), (1, "100")],
)
def test_a_share_between_none_and_all_is_never_rounded_to_either(share: float, text: str) -> None:
    assert percent(share) == f"{text}\u00a0%"


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        (3, 3, "unchanged"),
        (3, 0, "none before"),
        (1, 4, "−75\u00a0%"),
        (5, 4, "+25\u00a0%"),
        (557, 559, "under 1\u00a0% fewer"),
        (559, 557, "under 1\u00a0% more"),
        (9, 2, "×4.5"),
        (900, 3, "×300"),
    ],
)
def test_a_change_is_a_share_or_a_multiple(now: int, before: int, text: str) -> None:
    assert change(now, before) == text


def test_lengths_of_time_come_in_the_unit_that_fits() -> None:
    assert [duration(hours) for hours in (0.5, 1, 47, 48, 240)] == [
        "within an hour",
        "1 hour",
        "47 hours",
        "2 days",
        "10 days",
    ]
    assert [count(number, "cluster", "clusters") for number in (1, 2_000)] == ["1 cluster", "2,000 clusters"]


def test_a_period_is_called_by_its_grain() -> None:
    start = dt.date(2026, 4, 1)
    assert [period(start, grain) for grain in ("week", "month", "quarter", "year")] == [
        "week of 1 Apr 2026", "Apr 2026", "Q2 2026", "2026",
    ]  # fmt: skip


def test_providers_with_the_same_name_are_distinguished() -> None:
    providers = pl.DataFrame(
        {
            "provider_name": ["MSN", "Spoke", "Spoke", "Bell", "Bell", None],
            "provider_domain": ["msn.com", "a.com", "b.com", "c.com", "c.com", None],
            "provider_id": ["msn.com/msn", "a.com/spoke", "b.com/spoke", "c.com/bell", "c.com/bell-2", "/x"],
        }
    )
    assert provider_names(providers) == [
        "MSN", "Spoke (a.com)", "Spoke (b.com)", "Bell (c.com/bell)", "Bell (c.com/bell-2)", "/x",
    ]  # fmt: skip
