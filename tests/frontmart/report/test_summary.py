"""The summary of a report: key figures with their changes, and sentences on the main findings."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from frontmart.report.queries import Tables, run_report_queries
from frontmart.report.summary import Kpi, kpis, sentences
from frontmart.report.wording import Name
from tests.sql.frames import Rows, document, link, reject, warehouse_of

pytestmark = pytest.mark.slow


def tables_of(folder: Path, documents: Sequence[Rows]) -> Tables:
    with warehouse_of(folder, documents):
        pass
    return run_report_queries(folder / "warehouse.duckdb", "512MB")


def newsroom() -> list[Rows]:
    """Topic A grows from 1 article to 4, topic B falls from 4 to 1, in weeks; two providers have the same cluster."""
    days = {"A": (20, 27, 28, 29, 30), "B": (19, 20, 21, 22, 28)}
    articles = [
        document(
            f"{topic}{day}", topics=[topic], provider="p.com/big", published=f"2026-01-{day}", images=["https://i"]
        )
        for topic, found in days.items()
        for day in found
    ]
    related = [link("https://x/one")]
    one = document("one", url="https://x/one", title="The bridge", provider="q.com/small", published="2026-01-26T06:00")
    return [
        *articles,
        one,
        document("two", related=related, provider="p.com/big", published="2026-01-29T18:00"),
        reject("bad"),
    ]


def test_the_strip_compares_with_the_window_before(tmp_path: Path) -> None:
    assert kpis(tables_of(tmp_path, newsroom())) == [
        Kpi("Articles, 7 days", "7", "+40\u00a0% (5 before)", "up"),
        Kpi("Clusters, 7 days", "6", "+20\u00a0% (5 before)", "up"),
        Kpi("Topics covered, 7 days", "2", "unchanged"),
        Kpi("Providers, 7 days", "2", "+100\u00a0% (1 before)", "up"),
        Kpi("Articles with an image", "71\u00a0%", "100\u00a0% before"),
        Kpi("Articles in total", "12", "11 clusters, 2 providers"),
        Kpi("Newest article", "30 Jan 2026", "1 day before 31 Jan 2026"),
        Kpi("Rejected files", "1", "8\u00a0% of 13"),
    ]


def test_sentences_say_what_grew_who_leads_and_what_is_biggest(tmp_path: Path) -> None:
    assert ["".join(sentence) for sentence in sentences(tables_of(tmp_path, newsroom()))] == [
        "7 articles were published in the 7 days to 31 Jan 2026, 40\u00a0% more than in the 7 before (5).",
        "A grew most: 4 articles after 1; B fell most: 1 article after 4.",
        "BIG leads with 11 of 12 articles (92\u00a0%).",
        "The biggest cluster, “The bridge”, has 2 articles of 2 providers over 4 days; SMALL was first.",
        "Of 13 files seen, 1 file was rejected; there are 2 articles without a topic.",
    ]


def test_what_files_gave_is_set_apart_in_a_sentence(tmp_path: Path) -> None:
    found = sentences(tables_of(tmp_path, newsroom()))
    assert [[part for part in sentence if isinstance(part, Name)] for sentence in found] == [
        [], ["A", "B"], ["BIG"], ["The bridge", "SMALL"], [],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("documents", "first"),
    [
        ([], "This snapshot has no articles; build from a folder with articles."),
        ([document("a")], "None of 1 article has a date, so there are no charts over time."),
        (
            [document("a", published="2025-06-01")],
            "Nothing was published in the 244 days to 31 Jan 2026: changes below are for the 7 days to "
            "1 Jun 2025, the day of the last article.",
        ),
    ],
    ids=["nothing", "no date", "nothing of late"],
)
def test_missing_dates_or_articles_are_stated_first(tmp_path: Path, documents: list[Rows], first: str) -> None:
    assert "".join(sentences(tables_of(tmp_path, documents))[0]) == first
