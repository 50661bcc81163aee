"""How often the marts of topics flag something in a real corpus whose topics and providers are shuffled.

`python -m tests.sql.shuffled_corpus FOLDER`, for a folder of articles; prints a row per mart.
"""

import argparse
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

import duckdb
import polars as pl

import frontmart
from tests.sql.shuffled import FLAGGED, Article, flagged_runs, marts_of, shuffled

# News with a date; topics in the order of the file. Whoever has no provider is one.
_NEWS = """
    select
        dense_rank() over (order by articles.event_id) as event,
        articles.days_before_window_end as age,
        coalesce(articles.provider_id, '') as provider,
        coalesce(list(topics.topic_id order by topics.position) filter (topics.topic_id is not null), []) as topics
    from core.articles as articles
    left join core.article_topics as topics using (document_id)
    where articles.is_news and articles.calendar_date is not null and articles.days_before_window_end >= 0
    group by articles.document_id, articles.event_id, age, provider
    order by articles.document_id
"""


def news(source: Path) -> list[Article]:
    """The news articles of a corpus, by a build of it."""
    with tempfile.TemporaryDirectory() as out:
        frontmart.build(source, out)
        with duckdb.connect(Path(out) / "published" / "warehouse.duckdb", read_only=True) as con:
            return [Article(event, age, provider, tuple(topics)) for event, age, provider, topics in
                    con.execute(_NEWS).fetchall()]  # fmt: skip


def main() -> None:
    """Print the runs of each mart in which it flags something."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="the folder of the corpus")
    parser.add_argument("--runs", type=int, default=200, help="number of shuffled corpora")
    parser.add_argument("--seed", type=int, default=1, help="seed of the shuffles")
    options = parser.parse_args()
    articles = news(options.source)
    corpora = shuffled(articles, options.runs, Random(options.seed))
    with tempfile.TemporaryDirectory() as folder:
        hits = flagged_runs(Path(folder), corpora, options.runs)
    totals = Counter(mart for run in range(options.runs) for mart in marts_of(run))
    rows = [(mart, hits[mart], totals[mart]) for mart in FLAGGED]
    print(f"{len(articles):,} news articles")  # noqa: T201
    print(pl.DataFrame(rows, schema=["mart", "flagged_runs", "runs"], orient="row"))  # noqa: T201


if __name__ == "__main__":
    main()
