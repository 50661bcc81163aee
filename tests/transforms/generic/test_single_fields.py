"""Keys of any generator -> the columns of documents, by the type of the value."""

import json
import time

import pytest

from tests.transforms.front_matter import adapted

PATH = "notes/a.md"


def document(front: str, path: str = PATH) -> dict[str, object]:
    return adapted({path: front})["documents"].row(0, named=True)


def at(front: str, path: str = PATH) -> str:
    return str(document(front, path)["published_at"])


def extra(front: str, path: str = PATH) -> object:
    return json.loads(str(document(front, path)["extra"] or "{}"))


@pytest.mark.parametrize(
    "front",
    [
        *("date: 2021-03-04", "Date: 2021-03-04", "publishDate: 2021-03-04", "publish_date: 2021-03-04"),
        *("publish-date: 2021-03-04", "pubDate: 2021-03-04", "pubDatetime: 2021-03-04", "datePublished: 2021-03-04"),
        *("published: 2021-03-04", "publishedAt: 2021-03-04", "creation date: 2021-03-04", "created: 2021-03-04"),
        *(
            "date:\n  created: 2021-03-04",
            "extra:\n  date: 2021-03-04",
            "date.created: 2021-03-04",
            "date: [2021-03-04]",
        ),
    ],
)
def test_a_date_of_publication_has_many_names(front: str) -> None:
    assert at(front) == "2021-03-04 00:00:00"
    assert extra(front) == {}


def test_the_preferred_key_counts_and_the_others_stay_in_the_extra() -> None:
    front = "created: 2020-01-01\ndate: 2021-03-04\npubDate: 2022-02-02"
    assert at(front) == "2021-03-04 00:00:00"
    assert extra(front) == {"created": "2020-01-01", "pubDate": "2022-02-02"}


def test_a_value_decides_which_field_it_fills() -> None:
    dated, flagged = document("published: 2021-03-04"), document("published: false")
    assert (str(dated["published_at"]), dated["is_published"]) == ("2021-03-04 00:00:00", True)
    assert (flagged["published_at"], flagged["is_published"], flagged["document_kind"]) == (None, False, "draft")
    neither = document("published: in Nature")
    assert (neither["published_at"], neither["is_published"]) == (None, True)
    assert extra("published: in Nature") == {"published": "in Nature"}


def test_a_path_is_dated_only_where_no_key_is() -> None:
    assert at("title: A", "_posts/2021-03-04-a.md") == "2021-03-04 00:00:00"
    assert at("date: 2020-02-02", "_posts/2021-03-04-a.md") == "2020-02-02 00:00:00"
    frames = adapted({"_posts/2021-03-04-a.md": "title: A"})
    assert frames["field_sources"].select("field", "key").rows() == [("title", "title"), ("published_at", ":path")]


def test_an_impossible_date_is_an_issue_and_no_other_date_replaces_it() -> None:
    frames = adapted({"blog/2021-02-28-a.md": "title: A\nDate: 2021-02-29"})
    (issue,) = frames["field_issues"].select("field", "value", "problem").rows()
    assert issue == ("Date", "2021-02-29", "no such date or time (line 3): correct it")
    row = frames["documents"].row(0, named=True)
    assert (row["published_at"], row["extra"], row["document_kind"]) == (None, None, "post")


@pytest.mark.parametrize("front", ["date: soon", "date: {{date}}x", "date: true", "date: {a: 1}", "updated: never"])
def test_a_value_of_another_kind_stays_in_the_extra_without_an_issue(front: str) -> None:
    frames = adapted({PATH: front.replace("{{", "'{{").replace("}}x", "}}'")})
    assert frames["field_issues"].is_empty()
    row = frames["documents"].row(0, named=True)
    assert (row["published_at"], row["updated_at"]) == (None, None)
    assert row["extra"] is not None


@pytest.mark.parametrize(
    "front",
    [
        *("lastmod: 2021-03-04", "updated: 2021-03-04", "last_modified_at: 2021-03-04", "modified: 2021-03-04"),
        *("extra:\n  updated: 2021-03-04", "last_update:\n  date: 2021-03-04", "updatedDate: 2021-03-04"),
    ],
)
def test_a_date_of_update_has_many_names(front: str) -> None:
    assert str(document(front)["updated_at"]) == "2021-03-04 00:00:00"


def test_texts() -> None:
    row = document("Title: ' A title '\nSummary: Sums &amp; parts\nslug: a-title\ntype: essay\nlayout: post")
    assert (row["title"], row["excerpt"], row["slug"], row["type"]) == ("A title", "Sums & parts", "a-title", "essay")
    assert extra("layout: post\ntitle: ''\ntype: [a, b]") == {"layout": "post", "title": "", "type": ["a", "b"]}


def test_urls() -> None:
    row = document("permalink: /a/\ncanonical_url: https://Elsewhere.example/a?utm_source=x")
    assert (row["web_url"], row["original_url"]) == ("/a/", "https://Elsewhere.example/a?utm_source=x")
    assert document("url: https://x.example/a")["canonical_url"] == "https://x.example/a"
    assert document("metadata:\n  canonical: https://x.example/b")["canonical_url"] == "https://x.example/b"
    assert extra("permalink: false\nurl: none") == {"permalink": False, "url": "none"}


def test_a_long_text_that_is_no_path_takes_linear_time() -> None:
    """A pattern that tried every slash took minutes."""
    started = time.process_time()
    assert document("url: '" + "a/" * 250_000 + " x'")["web_url"] is None
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("front", "language"),
    [("lang: fr", "fr"), ("language: pt-BR", "pt-BR"), ("locale: zh_CN", "zh_CN"), ("language: go", None)],
)
def test_a_language_is_a_code(front: str, language: str | None) -> None:
    assert document(front)["language"] == language


def test_an_order_is_a_number() -> None:
    assert [document(front)["weight"] for front in ("weight: 10", "order: 1.5", "weight: heavy")] == [10.0, 1.5, None]


@pytest.mark.parametrize(
    ("front", "is_published"),
    [
        ("title: A", True),
        ("draft: false", True),
        ("draft: true", False),
        ("Draft: 'yes'", False),
        ("published: false", False),
        ("publish: true", True),
        ("publish: false", False),
        ("status: draft", False),
        ("status: '[[Published]]'", True),
        ("status: seedling", True),
        ("draft: maybe", True),
    ],
)
def test_what_is_not_marked_as_a_draft_is_published(front: str, *, is_published: bool) -> None:
    assert document(front)["is_published"] is is_published


@pytest.mark.parametrize(
    ("path", "front", "kind"),
    [
        ("a.md", "date: 2021-03-04", "post"),
        ("a.md", "title: A", "page"),
        ("content/posts/a.md", "date: 2021-03-04", "post"),
        ("content/posts/a.md", "title: A", "page"),
        ("_posts/2021-03-04-a.md", "title: A", "post"),
        ("docs/a.md", "date: 2021-03-04", "page"),
        ("docs/blog/a.md", "date: 2021-03-04", "post"),
        ("blog/docs/a.md", "date: 2021-03-04", "page"),
        ("_tutorials/a.md", "date: 2021-03-04", "page"),
        ("test/fixtures/content/posts/a.md", "date: 2021-03-04", "page"),
        ("posts/_index.md", "date: 2021-03-04", "section"),
        ("posts/_index.fr.md", "title: A", "section"),
        ("posts/a/index.md", "date: 2021-03-04", "post"),
        ("_drafts/a.md", "title: A", "draft"),
        ("posts/a.md", "date: 2021-03-04\ndraft: true", "draft"),
        ("posts/_index.md", "draft: true", "draft"),
    ],
)
def test_the_place_of_a_document_in_its_site(path: str, front: str, kind: str) -> None:
    assert document(front, path)["document_kind"] == kind
