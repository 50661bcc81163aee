"""Marts of the history that need more than one case can show: leads of events, take-downs by a flag, jumps, links."""

from collections.abc import Iterator

import duckdb
import pytest

from tests.sql.frames import document, group_by_excerpt, link
from tests.sql.history_frames import change, day, history_of_rows, item_id, past, past_list, steps
from transforms.events import group

PROVIDER = "x.com/x"
# Of one event: `p` leads until it is suppressed at 3, then `q`, which is renamed to `q2` at 4. `u` is unpublished at 2,
# `m` is marked as removed from 2 to 4, the quality of `g` jumps at 1, and `l` loses its link to B at 3.
NEWS = {"excerpt": "event", "published": "2024-01-01", "provider": PROVIDER}
NOW = [
    document("p", url="https://x/p", heat=None, **{**NEWS, "is_suppressed": True}),  # type: ignore[arg-type]
    document("q2", url="https://x/q", heat=50, related=[link("https://x/p")], **NEWS),  # type: ignore[arg-type]
    document("u", is_published=False),
    document("m", is_removed=False),
    document("g", quality=12),
    document("l", related=[link("https://x/A")]),
]
PAST = {
    "steps": steps(6),
    "document_changes": [
        *(change(0, name, "added") for name in "pugl"),
        change(1, "m", "added"),
        change(1, "g", "changed"),
        change(2, "q", "added"),
        change(2, "u", "changed"),
        change(2, "m", "changed"),
        change(2, "g", "changed"),
        change(3, "p", "changed"),
        change(3, "l", "changed"),
        change(4, "q", "removed"),
        change(4, "q2", "renamed", from_document_id="q", from_path="q.md", rule="meaning"),
        change(4, "m", "changed"),
    ],
    "past_documents": [
        past("p", 0, 3, url="https://x/p", heat=100, **NEWS),
        past("q", 2, 4, url="https://x/q", heat=50, **NEWS),
        past("u", 0, 2, is_published=True),
        past("m", 1, 2),
        past("m", 2, 4, is_removed=True),
        past("g", 0, 1, quality=10),
        past("g", 1, 2, quality=500),
    ],
    "past_lists": [
        past_list("q", "related_items", 2, 4, ["P"]),
        past_list("l", "related_items", 0, 3, ["A", "B"]),
    ],
    "past_related_items": [
        {"item_id": item_id("P"), "canonical_url": "https://x/p"},
        {"item_id": item_id("A"), "canonical_url": "https://x/A"},
        {"item_id": item_id("B"), "canonical_url": "https://x/B"},
    ],
}


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(group, "group_events", group_by_excerpt)
        with history_of_rows(tmp_path_factory.mktemp("marts"), NOW, PAST) as con:
            yield con


def test_the_lead_passes_to_another_article_and_not_by_a_new_path(con: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select step, changed_at, from_document_id, to_document_id, from_heat, to_heat, hours_led, min_hours_led, "
        "is_provider_change, is_left_censored from marts.lead_changes order by step"
    )
    assert con.sql(query).fetchall() == [(3, day(3), "p", "q", 100, 50, None, 72, False, True)]


def test_a_flag_takes_down_as_well(con: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select document_id, step, kind, hours_up, min_hours_up, is_within_a_day, restored_at, hours_down "
        "from marts.take_downs order by all"
    )
    assert con.sql(query).fetchall() == [
        ("m", 2, "marked", 24, 24, True, day(4), 48),
        ("u", 2, "unpublished", None, 48, False, None, None),
    ]


def test_a_score_that_jumps_and_returns_is_a_glitch(con: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select document_id, step, field, kind, value_before, value, value_after, hours_until_after from marts.glitches"
    )
    assert con.sql(query).fetchall() == [("g", 1, "quality", "jump", "10", "500", "12", 24)]


def test_a_related_link_that_went_from_a_document_that_stayed_has_decayed(con: duckdb.DuckDBPyConnection) -> None:
    query = "select kind, document_id, link, step, hours_there, min_hours_there, is_back from marts.link_decay"
    assert con.sql(query).fetchall() == [("related", "l", "https://x/B", 3, None, 72, False)]
