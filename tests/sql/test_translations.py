"""core.translations: documents that are one text in several languages are one group, and one article."""

import re
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from frontmart.catalog.models import read_checks, read_models
from frontmart.warehouse.checks import run_checks
from tests.sql.frames import SQL, Rows, document, frame, post, warehouse_of
from transforms.generic import readers
from transforms.vocabulary import Preset

CHECKS, MODELS = read_checks(SQL), read_models(SQL)
TRANSLATIONS = "core.translations"


def groups(folder: Path, *documents: Rows) -> list[list[str]]:
    """The groups of more than one document, each as its documents with their languages, the article first."""
    with warehouse_of(folder, documents, TRANSLATIONS, preset=Preset.GENERIC) as con:
        rows = con.execute(
            "select list(document_id || ':' || coalesce(language, '-') order by is_article desc, document_id) "
            f"from {TRANSLATIONS} group by translation_group_id having count(*) > 1 order by min(document_id)"
        ).fetchall()
    return [list(row[0]) for row in rows]


def languages(folder: Path, *documents: Rows) -> Mapping[str, str | None]:
    """The language of each document."""
    with warehouse_of(folder, documents, TRANSLATIONS, preset=Preset.GENERIC) as con:
        return dict(con.execute(f"select document_id, language from {TRANSLATIONS}").fetchall())


def posts(*paths: str) -> list[Rows]:
    return [post(path) for path in paths]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["en/a", "fr/a"], [["en/a:en", "fr/a:fr"]]),
        (["posts/a", "fr/posts/a"], [["posts/a:-", "fr/posts/a:fr"]]),
        (["content/en/a", "content/pt-br/a"], [["content/en/a:en", "content/pt-br/a:pt-BR"]]),
        (["_posts/2026-01-01-a", "_posts/zh_CN/2026-01-01-a"],
         [["_posts/2026-01-01-a:-", "_posts/zh_CN/2026-01-01-a:zh-CN"]]),
        (["blog/a", "i18n/fr/docusaurus-plugin-content-blog/a"],
         [["blog/a:-", "i18n/fr/docusaurus-plugin-content-blog/a:fr"]]),
        (["blog/a", "i18n/fr/blog/a"], [["blog/a:-", "i18n/fr/blog/a:fr"]]),
        (["a", "a.fr"], [["a:-", "a.fr:fr"]]),
        (["a/index.en", "a/index.pt-BR"], [["a/index.en:en", "a/index.pt-BR:pt-BR"]]),
        (["blog/en/a", "blog/it/a"], [["blog/en/a:en", "blog/it/a:it"]]),
        (["a", "a.it"], [["a:-", "a.it:it"]]),
    ],
)  # fmt: skip
def test_the_same_path_in_another_language_is_one_text(
    tmp_path: Path, paths: list[str], expected: list[list[str]]
) -> None:
    assert groups(tmp_path, *posts(*paths)) == expected


@pytest.mark.parametrize(
    "paths",
    [
        ["it/a", "it/b"],
        ["no/a", "posts/b"],
        ["it/a", "hr/b", "no/c"],
        ["go/a", "it/b"],
        ["a", "a.min", "v1", "v1.2"],
        ["index.en"],
        ["how", "how-to", "sign", "sign_in"],
        ["countries/de/a", "countries/us/a", "countries/fr/a"],
        ["states/ca/a", "states/ny/b"],
    ],
)
def test_a_code_that_makes_no_translation_is_no_language(tmp_path: Path, paths: list[str]) -> None:
    assert set(languages(tmp_path, *posts(*paths)).values()) == {None}
    assert groups(tmp_path / "again", *posts(*paths)) == []


def test_a_subject_is_no_language_because_one_of_its_documents_has_a_namesake(tmp_path: Path) -> None:
    documents = posts("news", "it/news", "it/servers", "it/printers")
    assert set(languages(tmp_path, *documents).values()) == {None}


def test_languages_side_by_side_are_languages_without_a_common_path(tmp_path: Path) -> None:
    found = languages(tmp_path, *posts("en/a", "fr/b", "it/c", "about"))
    assert found == {"en/a": "en", "fr/b": "fr", "it/c": "it", "about": None}


def test_three_languages_with_a_gap(tmp_path: Path) -> None:
    documents = posts("en/a", "en/b", "en/c", "de/a", "fr/a", "fr/b", "de/d")
    assert groups(tmp_path, *documents) == [["en/a:en", "de/a:de", "fr/a:fr"], ["en/b:en", "fr/b:fr"]]


def test_the_article_is_in_the_language_of_most_documents(tmp_path: Path) -> None:
    documents = posts("en/a", "fr/a", "fr/b", "fr/c")
    assert groups(tmp_path, *documents) == [["fr/a:fr", "en/a:en"]]


def test_the_same_title_in_two_languages_is_no_group(tmp_path: Path) -> None:
    documents = [post("blog/a", title="2026", language="en"), post("notes/b", title="2026", language="fr")]
    assert groups(tmp_path, *documents) == []


def test_a_language_key_without_a_path_is_a_language(tmp_path: Path) -> None:
    found = languages(tmp_path, post("a", language="pt_br"), post("it/b", language="en"))
    assert found == {"a": "pt-BR", "it/b": "en"}


def test_a_folder_is_a_language_where_the_documents_state_it(tmp_path: Path) -> None:
    documents = [post("it/a", language="it"), post("it/b", language="it"), post("it/c")]
    assert languages(tmp_path, *documents) == {"it/a": "it", "it/b": "it", "it/c": "it"}


def test_an_ending_after_a_dash_is_a_language_where_a_key_states_it(tmp_path: Path) -> None:
    documents = [post("a"), post("a-fr", language="fr"), post("b"), post("b_de", language="de"), *posts("c", "c-fr")]
    assert groups(tmp_path, *documents) == [["a:-", "a-fr:fr"], ["b:-", "b_de:de"]]


@pytest.mark.parametrize("key", ["ref", "translationKey", "translation_key", "translation_id", "lang-ref"])
def test_documents_with_the_same_reference_are_one_text(tmp_path: Path, key: str) -> None:
    extra = f'{{"{key}": "about"}}'
    documents = [
        post("about", language="en", extra=extra),
        post("a-propos", language="fr", extra=extra),
        post("b", language="fr", extra=f'{{"{key}": "b"}}'),
    ]
    assert groups(tmp_path, *documents) == [["a-propos:fr", "about:en"]]


def test_a_reference_joins_those_with_one_path(tmp_path: Path) -> None:
    extra = '{"ref": "x"}'
    documents = [post("en/a", extra=extra), post("fr/a"), post("de/b", extra=extra)]
    assert groups(tmp_path, *documents) == [["de/b:de", "en/a:en", "fr/a:fr"]]


def test_a_reference_that_two_documents_in_one_language_have_says_nothing(tmp_path: Path) -> None:
    extra = '{"ref": "index"}'
    documents = [post(path, language=path[0] + path[0], extra=extra) for path in ("e1", "e2", "f1")]
    assert groups(tmp_path, *documents) == []


def test_the_same_slug_and_date_in_two_languages_is_one_text(tmp_path: Path) -> None:
    day = {"published": "2026-01-01"}
    documents = [
        post("blog/hello", language="en", **day),
        post("blogg/hej", language="sv", slug="hello", **day),
        post("notes/hello", language="sv", published="2026-01-02"),
        post("blog/bye", language="en", **day),
        post("blogg/bye", **day),
    ]
    assert groups(tmp_path, *documents) == [["blog/hello:en", "blogg/hej:sv"]]


def test_two_documents_in_one_language_are_two_texts(tmp_path: Path) -> None:
    documents = [post("a"), {"documents": [{**post("a2")["documents"][0], "path": "a.mdx"}]}]
    assert groups(tmp_path, *documents) == []


def test_a_group_keeps_its_id_when_a_translation_is_added(tmp_path: Path) -> None:
    ids = []
    for number, documents in enumerate([posts("a"), posts("a", "fr/a"), posts("a", "fr/a", "de/a")]):
        with warehouse_of(tmp_path / str(number), documents, TRANSLATIONS, preset=Preset.GENERIC) as con:
            ids += con.execute(f"select distinct translation_group_id from {TRANSLATIONS}").fetchall()
    assert len(ids) == 3
    assert len(set(ids)) == 1


def test_pages_and_drafts_are_no_translations(tmp_path: Path) -> None:
    documents = [post("en/a"), post("fr/a", document_kind="page"), post("de/a", document_kind="draft")]
    assert groups(tmp_path, *documents) == []


def test_documents_of_the_preset_smartable_are_groups_of_their_own(tmp_path: Path) -> None:
    documents = [document("en/a"), document("fr/a"), document("a", extra='{"ref": "a"}')]
    with warehouse_of(tmp_path, documents, TRANSLATIONS) as con:
        rows = frame(con, f"select * from {TRANSLATIONS}")
        assert con.execute("select count(*) from core.path_languages").fetchall() == [(0,)]
    paths = ["a", "en/a", "fr/a"]
    expected = {
        "document_id": paths,
        "translation_group_id": paths,
        "article_document_id": paths,
        "is_article": [True] * 3,
        "language": pl.Series([None] * 3, dtype=pl.String),
        "path": [f"{path}.md" for path in paths],
    }
    assert_frame_equal(rows, pl.DataFrame(expected))


def test_marts_count_texts_and_not_their_translations(tmp_path: Path) -> None:
    linked = [{"url": "https://x/fr/a"}]
    documents = [
        post("a", topics=["News"], url="https://x/a", published="2026-01-01", images=["/a.png"]),
        post("fr/a", topics=["Actualités", "News"], url="https://x/fr/a", published="2026-01-02", images=["/a.png"]),
        post("b", topics=["News"], published="2026-01-03", related=linked),
        post("fr/c", topics=["News"], published="2026-01-04"),
        post("d", topics=["News"], published="2026-01-05", language="fr"),
    ]
    with warehouse_of(tmp_path, documents, preset=Preset.GENERIC) as con:
        articles = con.execute(
            "select document_id, languages, language_count, cluster_id from core.articles"
        ).fetchall()
        topics = con.execute("select topic, article_count from marts.coverage_by_topic").fetchall()
        links = con.execute(
            "select document_id, resolved_document_id, is_cluster_link, is_stale_title from core.related_links"
        ).fetchall()
        topic_articles = con.execute("select topic_id, document_count, article_count from core.dim_topics").fetchall()
        failed = [result.name for result in run_checks(con, CHECKS, MODELS) if result.is_failed]
    assert articles == [
        ("a", "fr; (none)", 2, "a"),
        ("b", "(none)", 1, "a"),
        ("d", "fr", 1, "d"),
        ("fr/c", "fr", 1, "fr/c"),
    ]
    assert topics == [("News", 4)]
    assert sorted(topic_articles) == [("actualités", 1, 0), ("news", 5, 4)]
    assert links == [("b", "a", True, None)]
    assert failed == []


def test_coverage_by_language(tmp_path: Path) -> None:
    documents = [
        *(post(f"en/{name}", title=name, published=f"2026-01-0{day}") for day, name in enumerate("abc", 1)),
        *(post(f"fr/{name}", title=name, published="2026-01-09") for name in "ad"),
        post("de/a"),
        post("about"),
    ]
    columns = (
        "language, is_main_language, article_count, news_article_count, event_count, translated_article_count, "
        "translated_share, missing_article_count, main_language_share, cast(first_published_date as varchar)"
    )
    with warehouse_of(tmp_path, documents, "marts.coverage_by_language", preset=Preset.GENERIC) as con:
        rows = con.execute(f"select {columns} from marts.coverage_by_language").fetchall()
    assert rows == [
        ("(none)", False, 1, 0, 0, 0, 0.0, 3, 0.0, None),
        ("de", False, 1, 1, 1, 1, 1.0, 2, 1 / 3, None),
        ("en", True, 3, 3, 3, 1, 1 / 3, 0, 1.0, "2026-01-01"),
        ("fr", False, 2, 2, 2, 1, 0.5, 2, 1 / 3, "2026-01-09"),
    ]


def test_the_codes_of_languages_are_those_that_keys_may_have() -> None:
    text = (SQL / "core" / "path_languages.sql").read_text()
    lists = re.findall(r"string_split\(([^)]*),", text.replace("stem, '/'", ""))
    codes, clear = (re.findall(r"\b[a-z]{2}\b", part) for part in lists)
    assert set(codes) == readers._LANGUAGES
    assert set(clear) < set(codes)
    assert not {"it", "no", "hr", "cs", "ml", "to", "is"} & set(clear)
