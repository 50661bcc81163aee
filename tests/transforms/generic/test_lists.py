"""Keys of any generator -> topics, authors, images and related items."""

import json

import pytest

from tests.transforms.front_matter import adapted


def topics(front: str) -> list[tuple[str, str]]:
    return adapted({"a.md": front})["document_topics"].select("topic", "topic_kind").rows()


def authors(front: str) -> list[tuple[str, str | None]]:
    return adapted({"a.md": front})["document_authors"].select("name", "url").rows()


def images(front: str) -> list[str]:
    return adapted({"a.md": front})["document_images"]["url"].to_list()


def extra(front: str) -> object:
    return json.loads(adapted({"a.md": front})["documents"]["extra"].item() or "{}")


@pytest.mark.parametrize(
    "front",
    [
        *("tags: [Art, Music]", "Tags: 'Art, Music'", "tags: '#Art #Music'", "tags: ['#Art', '#Music']"),
        *("tags: ['[[Art]]', '[[Topics/Music]]']", "tags: [[[Art]], [[Music]]]", "tags:\n- Art\n- Music\n-"),
        *("taxonomies:\n  tags: [Art, Music]", "tags: [{name: Art}, {slug: Music}]", "keywords: Art,Music"),
    ],
)
def test_tags_are_lists_or_texts_of_several_kinds(front: str) -> None:
    assert topics(front) == [("Art", "tag"), ("Music", "tag")]


def test_topics_of_all_keys_count_each_with_its_kind() -> None:
    front = "series: Deep dives\ncategories: News\nsection: Culture\ntags: [Art]\ntaxonomies:\n  theme-tags: [dark]"
    assert topics(front) == [
        ("Art", "tag"), ("News", "category"), ("Deep dives", "series"), ("Culture", "section"), ("dark", "tag"),
    ]  # fmt: skip
    assert extra(front) == {}


def test_a_topic_with_a_comma_in_a_list_and_words_in_a_text_stay_whole() -> None:
    assert topics("tags: ['Food, drink', open source]") == [("Food, drink", "tag"), ("open source", "tag")]
    assert topics("tags: open source") == [("open source", "tag")]


def test_sections_of_a_site_and_templates_are_no_topics() -> None:
    front = "section: posts\ntags: ['{{tag}}', 7, true]"
    assert topics(front) == [("7", "tag")]
    assert extra(front) == {"section": "posts", "tags": ["{{tag}}", {}, True]}


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("author: Jane Doe", [("Jane Doe", None)]),
        ("Author: 'Jane Doe and John Roe'", [("Jane Doe and John Roe", None)]),
        ("authors: [jane, '[[John Roe]]']", [("jane", None), ("John Roe", None)]),
        ("authors: [{name: Jane, url: 'https://j.example'}]", [("Jane", "https://j.example")]),
        ("author: {name: Jane, homepage: 'https://j.example'}", [("Jane", "https://j.example")]),
        ("authors: {jane: {name: Jane Doe}, john: {}}", [("Jane Doe", None), ("john", None)]),
        ("extra:\n  author: Jane", [("Jane", None)]),
        ("author: Jane Doe <jane@x.example>", [("Jane Doe", None)]),
        ("author: ''", []),
        ("author: {twitter: '@jane'}", []),
    ],
)
def test_authors_are_names_lists_mappings_and_ids(front: str, expected: list[tuple[str, str | None]]) -> None:
    assert authors(front) == expected


def test_an_author_fills_no_provider() -> None:
    row = adapted({"a.md": "author: Jane"})["documents"].row(0, named=True)
    assert (row["provider_id"], row["provider_name"]) == (None, None)


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("image: a.png", ["a.png"]),
        ("cover: https://x.example/photo?w=800", ["https://x.example/photo?w=800"]),
        ("cover:\n  image: a.jpg\n  alt: A cat", ["a.jpg"]),
        ("header:\n  teaser: /a.webp", ["/a.webp"]),
        ("banner: '[[a.jpg]]'", ["a.jpg"]),
        ("images: [a.png, {src: b.png}]", ["a.png", "b.png"]),
        ("thumbnail: t.png\nimage: i.png", ["i.png"]),
        ("image: placeholder.png\nthumbnail: t.png", ["t.png"]),
        ("image: https://x.example/a.html", []),
        ("image: https://x.example/", []),
        ("image: none", []),
        ("image: 'http://[a'", []),
        ("hero: false", []),
        ("image: notion-todo.png", ["notion-todo.png"]),
    ],
)
def test_an_image_is_a_path_or_url_of_one(front: str, expected: list[str]) -> None:
    assert images(front) == expected


def test_what_no_column_takes_of_an_item_stays_in_the_extra() -> None:
    assert extra("cover: {image: a.jpg, alt: A cat, relative: true}") == {"cover": {"relative": True}}
    assert extra("authors: [{name: Jane, bio: Writes}, John]") == {"authors": [{"bio": "Writes"}, {}]}


def test_related_items_have_a_title_or_a_url_and_slugs_stay_in_the_extra() -> None:
    front = "related: [{title: B, url: /b/}, 'https://x.example/c']\nsee_also: [a-slug]"
    rows = adapted({"a.md": front})["related_items"].select("title", "web_url").rows()
    assert rows == [("B", "/b/"), (None, "https://x.example/c")]
    assert extra(front) == {"see_also": ["a-slug"]}
