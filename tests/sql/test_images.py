"""core.article_images and marts.image_coverage: articles without images, and placeholders."""

from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from tests.sql.frames import document, frame, link, warehouse_of

MART = "marts.image_coverage"
LOGO = "https://x.com/logo.png"


def test_every_column_of_a_provider_and_type(tmp_path: Path) -> None:
    big = {"url": "https://i/big", "host": "i", "width": 1200, "height": 600, "is_cached": True}
    small = {"url": "https://i/small", "host": "i", "width": 100, "height": 50, "is_cached": False}
    documents = [
        document("a", provider="x.com/x", images=[big, small, {"url": " "}, {"url": None, "width": 9, "height": 9}]),
        document("b", provider="x.com/x", images=[{"url": LOGO, "host": "x.com", "width": 10}]),
        document("c", provider="x.com/x", images=[{"url": LOGO, "host": "x.com"}]),
        document("d", provider="x.com/x", published="2026-01-02"),
        document("e", type=None, images=[LOGO]),
    ]
    with warehouse_of(tmp_path, documents, MART) as con:
        rows = frame(con, f"select * from {MART}")
    expected = {
        "provider_id": ["(none)", "x.com/x"],
        "type": ["(none)", "article"],
        "provider_name": [None, "X"],
        "article_count": [1, 4],
        "news_article_count": [0, 1],
        "event_count": [0, 1],
        "article_with_image_count": [1, 3],
        "image_coverage_share": [1.0, 0.75],
        "article_with_own_image_count": [0, 1],
        "own_image_coverage_share": [0.0, 0.25],
        "image_count": [1, 4],
        "image_without_url_count": [0, 2],
        "distinct_image_count": [1, 3],
        "duplicate_image_count": [1, 2],
        "placeholder_image_count": [1, 2],
        "cached_image_count": [0, 1],
        "cached_image_share": [None, 0.5],
        "sized_image_count": [0, 2],
        "median_width_pixels": [None, 650.0],
        "median_height_pixels": [None, 325.0],
        "host_count": [0, 2],
        "top_host": [None, "i"],
    }
    assert_frame_equal(rows, pl.DataFrame(expected, schema=rows.schema))


def test_an_image_of_one_cluster_is_not_a_placeholder_however_many_articles_use_it(tmp_path: Path) -> None:
    first = document("a", url="https://x/a", images=[LOGO, LOGO])
    others = [document(name, images=[LOGO], related=[link("https://x/a")]) for name in "bcd"]
    with warehouse_of(tmp_path, [first, *others], "core.article_images") as con:
        rows = frame(
            con, "select distinct url_article_count, url_cluster_count, is_placeholder from core.article_images"
        )
    assert rows.rows() == [(4, 1, False)]
