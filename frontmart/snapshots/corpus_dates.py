"""The dates of a corpus, core.corpus_dates: the last day of windows, and how old the news is."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class CorpusDates:
    """The row of core.corpus_dates, without as_of_date, which a run knows.

    Attributes:
        window_end_date: the day on which windows end.
        first_article_date: the first day with news; None if no article has a date.
        last_article_date: the last day with news; None if no article has a date.
        days_since_last_article: days from then to as_of_date; None if no article has a date.
    """

    window_end_date: dt.date
    first_article_date: dt.date | None
    last_article_date: dt.date | None
    days_since_last_article: int | None

    def as_json(self) -> dict[str, object]:
        """The keys of `run.json`: as the columns, days as YYYY-MM-DD."""
        return {
            name: value.isoformat() if isinstance(value, dt.date) else value for name, value in asdict(self).items()
        }


def corpus_dates_of_run(run: Mapping[str, Any]) -> CorpusDates | None:
    """The dates in a `run.json`; None in one of an earlier version.

    Raises ValueError for a day that is not one, and TypeError for one that is no text.
    """
    if run.get("window_end_date") is None:
        return None
    first, last = (run.get(name) for name in ("first_article_date", "last_article_date"))
    return CorpusDates(
        window_end_date=dt.date.fromisoformat(run["window_end_date"]),
        first_article_date=dt.date.fromisoformat(first) if first else None,
        last_article_date=dt.date.fromisoformat(last) if last else None,
        days_since_last_article=run.get("days_since_last_article"),
    )
