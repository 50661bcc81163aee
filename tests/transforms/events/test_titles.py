"""Keys of near-identical titles."""

import time

import polars as pl
import pytest

from transforms.events.titles import title_key

PROVIDERS = ["theverge.com/the-verge", "tube.example/ride~2c-write", None]


def keys(titles: list[str | None], providers: list[str | None] | None = None) -> list[str | None]:
    data = pl.DataFrame(
        {"title": titles, "provider_id": providers or [None] * len(titles)}, schema_overrides={"provider_id": pl.String}
    )
    with_providers = pl.col("provider_id") if providers else None
    return data.select(title_key(pl.col("title"), with_providers)).to_series().to_list()


@pytest.mark.parametrize(
    "titles",
    [
        [
            "“It works”: Osterwick keeps its bell",
            "'It works' — Osterwick keeps its bell!",
            "IT WORKS: Osterwick  keeps its bell",
        ],
        ["Café opens", "cafe opens", "CAFÉ OPENS", "Cafe\u0301 opens"],
        ["Straße gesperrt", "STRASSE GESPERRT"],
        ["ΟΔΟΣ ΚΛΕΙΣΤΗ", "οδός κλειστή"],
        ["Ｆｕｌｌ　ｗｉｄｔｈ", "full width"],  # noqa: RUF001
        ["ガンダム展", "ｶﾞﾝﾀﾞﾑ展"],
        ["Ёлка в городе", "елка в городе"],
        ["#Diablo is back", "Diablo is back"],
    ],
)
def test_near_identical_titles_have_one_key(titles: list[str | None]) -> None:
    assert len(set(keys(titles))) == 1


@pytest.mark.parametrize(
    "titles",
    [
        ["C is fast", "C++ is fast", "C# is fast"],
        ["Version 1.0.5", "Version 10.5"],
        ["कि", "की", "का"],
        ["ดี", "ดู"],
        ["가나", "가다"],
        ["🎉🎉", "🚲"],
        ["A long headline", "A long headline - Review", "A long headline - Part two"],
        ["Reuters - example", "Reuters"],
    ],
)
def test_other_titles_have_other_keys(titles: list[str | None]) -> None:
    assert len(set(keys(titles))) == len(titles)


def test_a_title_without_text_has_no_key() -> None:
    assert keys([None, "", "  ", "\u00a0"]) == [None, None, None, None]


def test_the_name_of_any_provider_at_the_end_is_left_out() -> None:
    titles = ["A long headline - The Verge", "A long headline | Ride, write", "A long headline"]
    assert keys([*titles], PROVIDERS) == ["a long headline"] * 3
    assert keys(["A long headline - theverge.com", "A - B headline – The Verge", "x - The Verge"], PROVIDERS) == [
        "a long headline",
        "a b headline",
        "x the verge",
    ]


def test_a_title_that_is_no_headline_is_not_taken_apart() -> None:
    longest, longer = (f"{'a' * count} - a.com" for count in (1_000 - 8, 1_001 - 8))
    assert keys([longest, longer]) == ["a" * 992, f"{'a' * 993} a com"]
    began = time.process_time()
    assert keys(["A headline" + " - " * 200_000 + "x"]) == ["a headline x"]
    assert time.process_time() - began < 2


def test_without_providers_only_a_domain_at_the_end_is_left_out() -> None:
    assert keys(["A long headline | example.com", "A long headline - The Verge"]) == [
        "a long headline",
        "a long headline the verge",
    ]
