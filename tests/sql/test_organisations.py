"""Organisations: core.provider_organisations, core.dim_organisations, the functions that fold names, and aliases."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest

from frontmart.aliases.model import Alias
from frontmart.catalog.models import read_functions
from frontmart.warehouse.macros import create_functions
from tests.sql.frames import SQL, Rows, document, frame, warehouse_of

MODEL = "core.provider_organisations"


def named(*providers: tuple[str | None, str | None]) -> list[Rows]:
    """An article of each provider, a domain and a name; the ids are those of `transforms.tidy.slugs` in short."""
    return [
        document(
            f"{number:02}",
            provider_id=f"{domain or '~'}/{(name or '~').lower().replace(' ', '-')}",
            provider_name=name,
            provider_domain=domain,
        )
        for number, (domain, name) in enumerate(providers)
    ]


def organisations_of(
    folder: Path, providers: Sequence[tuple[str | None, str | None]], aliases: Sequence[Alias] = ()
) -> dict[str, str]:
    with warehouse_of(folder, named(*providers), MODEL, aliases=aliases) as con:
        rows = frame(con, f"select provider_id, organisation_id from {MODEL} order by provider_id").rows()
    return dict(rows)


@pytest.fixture(scope="module")
def functions() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    create_functions(con, read_functions(SQL))
    return con


@pytest.mark.parametrize(
    ("domain", "registered"),
    [
        ("example.com", "example.com"),
        ("WWW.Example.com", "example.com"),
        ("a.b.example.com.", "example.com"),
        ("example.co.uk", "example.co.uk"),
        ("news.example.co.uk", "example.co.uk"),
        ("finance.example.co.jp", "example.co.jp"),
        ("me.com", "me.com"),
        ("blog.me.com", "me.com"),
        ("someone.github.io", "someone.github.io"),
        ("a.someone.github.io", "someone.github.io"),
        ("someone.blogspot.co.uk", "someone.blogspot.co.uk"),
        ("www.medium.com", "medium.com"),
        ("192.0.2.7", "192.0.2.7"),
        ("localhost", "localhost"),
        ("", ""),
    ],
)
def test_the_registered_domain(functions: duckdb.DuckDBPyConnection, domain: str, registered: str) -> None:
    assert functions.execute("select registered_domain(?)", [domain]).fetchall() == [(registered,)]


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Morningstar, Inc.", "morningstar"),
        ("ACME Holdings Pty Ltd", "acme holdings"),
        ("Société Générale S.A.", "societe generale"),
        ("Rock, Paper, Shotgun", "rock paper shotgun"),
        ("YAHOO!News", "yahoo news"),
        ("GamesRadar+", "gamesradar"),
        ("Inc.", "inc"),
        ("朝日新聞", "朝日新聞"),
        ("+++", "+++"),
    ],
)
def test_a_folded_name(functions: duckdb.DuckDBPyConnection, name: str, folded: str) -> None:
    assert functions.execute("select folded_name(?)", [name]).fetchall() == [(folded,)]


def test_all_names_on_a_domain_and_its_subdomains_are_one_organisation(tmp_path: Path) -> None:
    found = organisations_of(
        tmp_path,
        [("acme.com", "Acme"), ("acme.com", "Acme Learn"), ("blog.acme.com", "The Rocket"), ("acme.com", None)],
    )
    assert set(found.values()) == {"acme.com"}


def test_on_a_platform_only_equal_folded_names_are_one(tmp_path: Path) -> None:
    found = organisations_of(
        tmp_path,
        [
            ("youtube.com", "IGN"),
            ("youtube.com", "Games Recap"),
            ("youtube.com", "GamesRecap"),
            ("ign.com", "IGN"),
            ("msn.com", "GameRant on MSN"),
            ("msn.com", "Game Rant on MSN.com"),
            ("msn.com", "MSN"),
        ],
    )
    assert found == {
        "ign.com/ign": "ign.com",
        "msn.com/game-rant-on-msn.com": "msn.com/gamerant",
        "msn.com/gamerant-on-msn": "msn.com/gamerant",
        "msn.com/msn": "msn.com/msn",
        "youtube.com/games-recap": "youtube.com/gamesrecap",
        "youtube.com/gamesrecap": "youtube.com/gamesrecap",
        "youtube.com/ign": "youtube.com/ign",
    }


@pytest.mark.parametrize(
    ("names", "is_platform"),
    [
        (["Ann", "Ben"], False),
        (["Ann", "Ben", "Eva"], True),
        (["Ann", "Ben", "BEN Ltd", "Hub"], False),
        ([f"Hub {number}" for number in range(9)], False),
        ([f"Hub {number}" for number in range(10)], True),
    ],
)
def test_a_domain_is_a_platform_from_three_foreign_names_or_ten(
    tmp_path: Path, names: list[str], is_platform: bool
) -> None:
    with warehouse_of(tmp_path, named(*(("hub.org", name) for name in names)), MODEL) as con:
        assert frame(con, f"select distinct is_platform from {MODEL}").rows() == [(is_platform,)]


def test_a_name_on_several_domains_is_one_organisation_if_it_is_the_name_of_each(tmp_path: Path) -> None:
    found = organisations_of(
        tmp_path,
        [
            ("cnet.co.uk", "CNET"),
            ("cnet.com", "Cnet"),
            # Neither domain is called Herald, so these may be two newspapers.
            ("scotnews.uk", "The Herald"),
            ("sydneypaper.au", "The Herald"),
            # Too short to mean the same.
            ("abc.com", "ABC"),
            ("abc.es", "ABC"),
            # A name in second place does not join domains.
            ("acme.com", "Acme"),
            ("acme.com", "Acme"),
            ("acme.com", "Bolt"),
            ("bolt.com", "Bolt"),
        ],
    )
    assert found == {
        "abc.com/abc": "abc.com",
        "abc.es/abc": "abc.es",
        "acme.com/acme": "acme.com",
        "acme.com/bolt": "acme.com",
        "bolt.com/bolt": "bolt.com",
        "cnet.co.uk/cnet": "cnet.com",
        "cnet.com/cnet": "cnet.com",
        "scotnews.uk/the-herald": "scotnews.uk",
        "sydneypaper.au/the-herald": "sydneypaper.au",
    }


def test_a_name_without_a_domain_is_the_only_organisation_of_that_name(tmp_path: Path) -> None:
    found = organisations_of(
        tmp_path,
        [
            (None, "Acme Inc."),
            ("acme.com", "Acme"),
            (None, "The Herald"),
            ("scotnews.uk", "The Herald"),
            ("sydneypaper.au", "The Herald"),
            (None, "Nobody"),
            (None, "NOBODY!"),
        ],
    )
    assert found == {
        "acme.com/acme": "acme.com",
        "scotnews.uk/the-herald": "scotnews.uk",
        "sydneypaper.au/the-herald": "sydneypaper.au",
        "~/acme-inc.": "acme.com",
        "~/nobody": "~/nobody",
        "~/nobody!": "~/nobody",
        "~/the-herald": "~/theherald",
    }


def test_an_alias_replaces_an_organisation_and_that_of_a_provider_comes_first(tmp_path: Path) -> None:
    providers = [("youtube.com", "IGN"), ("ign.com", "IGN"), ("b.com", "Bee"), ("b.com", "IGN at B"), ("c.com", "Sea")]
    aliases = [
        Alias("organisation", "youtube.com/ign", "ign.com"),
        Alias("organisation", "b.com", "c.com"),
        Alias("organisation", "b.com/ign-at-b", "ign.com"),
    ]
    assert organisations_of(tmp_path, providers, aliases) == {
        "b.com/bee": "c.com",
        "b.com/ign-at-b": "ign.com",
        "c.com/sea": "c.com",
        "ign.com/ign": "ign.com",
        "youtube.com/ign": "ign.com",
    }


def test_every_column_of_an_organisation(tmp_path: Path) -> None:
    documents = [
        document("a", provider="acme.com/acme", published="2026-01-01"),
        document("b", provider="www.acme.com/acme-labs", published="2026-01-02"),
        document("c", provider="acme.com/acme", type="course"),
        document("d", provider="youtube.com/eva", published="2026-01-02"),
        document("e", published="2026-01-02", related=[{"provider": "other.org/other"}]),
    ]
    aliases = [Alias("organisation", "youtube.com/eva", "other.org")]
    with warehouse_of(tmp_path, documents, "core.dim_organisations", aliases=aliases) as con:
        rows = frame(con, "select * from core.dim_organisations").rows(named=True)
    assert rows == [
        {
            "organisation_id": "acme.com",
            "organisation_name": "ACME",
            "is_platform": False,
            "is_omnipresent": True,
            "provider_count": 2,
            "domain_count": 1,
            "mention_count": 3,
            "article_count": 3,
            "news_article_count": 2,
            "news_article_share": 2 / 3,
        },
        {
            # The name of a provider that an alias added comes last.
            "organisation_id": "other.org",
            "organisation_name": "OTHER",
            "is_platform": False,
            "is_omnipresent": False,
            "provider_count": 2,
            "domain_count": 2,
            "mention_count": 2,
            "article_count": 1,
            "news_article_count": 1,
            "news_article_share": 1 / 3,
        },
    ]


def test_topics_that_the_reviewed_file_replaces_are_one_topic_in_the_spelling_of_the_target(tmp_path: Path) -> None:
    documents = [
        document("a", topics=["ML", "Law"]),
        document("b", topics=["ML", "Machine Learning"]),
        document("c", topics=["ML"]),
    ]
    aliases = [Alias("topic", "ml", "machine learning")]
    checks = "core.article_topics", "core.dim_topics", "core.articles"
    with warehouse_of(tmp_path, documents, *checks, aliases=aliases) as con:
        links = frame(con, "select document_id, topic_id, position from core.article_topics order by all").rows()
        topics = frame(con, "select topic_id, topic, spelling_count, article_count from core.dim_topics").rows()
        counts = frame(con, "select topic_count from core.articles order by document_id").rows()
        tidy = frame(con, "select count(*) from tidy.document_topics where topic_id = 'ml'").rows()
    assert links == [
        ("a", "law", 1),
        ("a", "machine learning", 0),
        ("b", "machine learning", 0),
        ("c", "machine learning", 0),
    ]
    assert topics == [("law", "Law", 1, 1), ("machine learning", "Machine Learning", 2, 3)]
    assert counts == [(2,), (1,), (1,)]
    assert tidy == [(3,)]
