"""Rules of a mapping file: other keys, constants, parts of the path, defaults and added columns."""

from dataclasses import replace

import polars as pl

from tests.transforms.front_matter import adapted
from transforms.generic.paths import file_name, glob_pattern
from transforms.generic.rules import DEFAULT_RULES, ColumnRule, FieldRules, KeySource, PathDefaults
from transforms.vocabulary import TopicKind


def rules(**sources: tuple[KeySource, ...]) -> FieldRules:
    return replace(DEFAULT_RULES, sources={**DEFAULT_RULES.sources, **sources})


def test_the_keys_of_a_rule_replace_the_declared_ones() -> None:
    given = rules(topics=(KeySource("tags", separator=" "), KeySource("arc", topic_kind=TopicKind.SERIES)))
    frames = adapted({"a.md": "tags: a b\narc: Long\ncategories: [c]"}, given)
    assert frames["document_topics"].select("topic", "topic_kind").rows() == [
        ("a", "tag"), ("b", "tag"), ("Long", "series"),
    ]  # fmt: skip
    assert frames["documents"]["extra"].to_list() == ['{"categories":["c"]}']


def test_fields_from_the_path_and_constants() -> None:
    given = rules(
        title=(KeySource("title"), KeySource(is_filename=True)), provider=(KeySource(folder=1), KeySource(value="Us"))
    )
    frames = adapted({"news/2021-03-04-a-day.md": "tags: [a]", "b.md": "title: B"}, given)
    rows = frames["documents"].select("path", "title", "provider_name").rows()
    assert rows == [("news/2021-03-04-a-day.md", "a-day", "news"), ("b.md", "B", "Us")]
    sources = frames["field_sources"].filter(pl.col("field").is_in(["title", "provider"])).select("field", "key").rows()
    assert sources == [("title", ":filename"), ("provider", ":folder:1"), ("title", "title"), ("provider", ":value")]


def test_defaults_by_path_fill_what_a_document_leaves_out() -> None:
    given = replace(
        DEFAULT_RULES,
        defaults=(PathDefaults("**", (("author", "All"),)), PathDefaults("posts/**", (("author", "Posts"),))),
    )
    frames = adapted({"posts/a.md": "title: A", "posts/b.md": "author: Jane", "c.md": "author:"}, given)
    assert frames["document_authors"]["name"].to_list() == ["Posts", "Jane", "All"]


def test_globs_say_which_documents_are_posts() -> None:
    given = replace(DEFAULT_RULES, include=("essays/**", "*.md"), exclude=("essays/old/",))
    paths = ("essays/a.md", "essays/deep/b.md", "essays/old/c.md", "d.md", "blog/2021-03-04-e.md")
    kinds = adapted(dict.fromkeys(paths, "title: A"), given)["documents"]["document_kind"].to_list()
    assert kinds == ["post", "post", "page", "post", "page"]
    excluded = replace(DEFAULT_RULES, exclude=("**/old/**",))
    kinds = adapted({"old/a.md": "date: 2021-03-04", "b.md": "date: 2021-03-04", "c.md": "title: C"}, excluded)
    assert kinds["documents"]["document_kind"].to_list() == ["page", "post", "page"]


def test_added_columns_keep_their_values_as_written() -> None:
    given = replace(
        DEFAULT_RULES,
        columns=(ColumnRule("team", "extra.team", "text"), ColumnRule("minutes", "reading_time", "integer")),
    )
    frames = adapted({"a.md": "extra: {team: Red}\nreading_time: 5", "b.md": "extra: {team: [x]}"}, given)
    assert frames["document_columns"].select("column_name", "value").rows() == [
        ("team", "Red"), ("minutes", "5"), ("team", '["x"]'),
    ]  # fmt: skip


def test_globs_are_those_of_a_folder() -> None:
    cases = {
        "*.md": {"a.md": True, "b/a.md": False},
        "**/*.md": {"a.md": True, "b/c/a.md": True, "a.txt": False},
        "posts/**": {"posts/a.md": True, "posts/b/a.md": True, "my/posts/a.md": False},
        "posts/": {"posts/a.md": True, "posts": False},
        "a?.md": {"ab.md": True, "a/.md": False, "a.md": False},
        "a[1].md": {"a[1].md": True, "a1.md": False},
    }
    for glob, expected in cases.items():
        assert {path: bool(glob_pattern(glob).match(path)) for path in expected} == expected, glob


def test_the_name_of_a_file_is_without_date_and_extension() -> None:
    paths = ("2021-03-04-a-day.md", "a/b/index.md", "v1.2.md", "20210304-x.md", "2021-03-04.md", "posts/_index.md")
    assert [file_name(path) for path in paths] == ["a-day", "b", "v1.2", "x", "2021-03-04", "posts"]
