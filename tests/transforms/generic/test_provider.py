"""The provider of a document, by the key that the mapping file names."""

from dataclasses import replace

import pytest

from transforms.generic.adapt import adapter
from transforms.generic.provider import read_provider
from transforms.generic.rules import DEFAULT_RULES, KeySource
from transforms.parse.records import RecordBuilder


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Ann Lee", {"name": "Ann Lee"}),
        ("https://News.example:8080/about", {"domain": "news.example"}),
        (["Ann Lee"], {"name": "Ann Lee"}),
        ({"Name": "News", "url": "https://news.example"}, {"name": "News", "domain": "news.example"}),
        ({"domain": "news.example"}, {"domain": "news.example"}),
        ({"title": "News", "url": "/about"}, {"name": "News"}),
        (["Ann", "Bo"], None),
        ({"colour": "red"}, None),
        ("{{ site.title }}", None),
        ("https://[", None),
        (" ", None),
        (None, None),
    ],
)
def test_a_name_a_url_or_a_mapping_is_a_provider(value: object, expected: object) -> None:
    assert read_provider(value) == expected


@pytest.mark.parametrize(
    ("source", "expected", "key"),
    [
        (KeySource("author"), {"name": "Ann"}, "author"),
        (KeySource("extra.team"), {"name": "Red"}, "extra.team"),
        (KeySource(folder=2), {"name": "world"}, ":folder:2"),
        (KeySource(value="https://ours.example"), {"domain": "ours.example"}, ":value"),
    ],
)
def test_the_key_of_a_provider_still_fills_the_authors(source: KeySource, expected: dict[str, str], key: str) -> None:
    rules = replace(DEFAULT_RULES, sources={**DEFAULT_RULES.sources, "provider": (source,)})
    record, _ = adapter(rules)({"author": "Ann", "extra": {"team": "Red"}}, "news/world/a.md", RecordBuilder())
    assert record["provider"] == {"authors": [{"name": "Ann"}], **expected}
    assert {"field": "provider", "key": key} in record["generic"]["sources"]  # type: ignore[index]


def test_a_folder_may_be_a_topic_beside_keys() -> None:
    sources = {**DEFAULT_RULES.sources, "topics": (KeySource(folder=1), KeySource("tags"))}
    record, _ = adapter(replace(DEFAULT_RULES, sources=sources))({"tags": ["a", "b"]}, "news/a.md", RecordBuilder())
    assert record["topics"] == ["news", "a", "b"]
