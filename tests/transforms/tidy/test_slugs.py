# ruff: noqa: RUF001  (what looks alike is what these tests are about)

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.transforms.front_matter import tidied
from transforms.tidy.slugs import provider_ids, slug, slugs

names = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("aA ~-+#%27e\u00df\u0130"), max_size=12)


def folded(name: str) -> str:
    return " ".join(name.casefold().split())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Power Apps", "power-apps"),
        ("C", "c"),
        ("C++", "c~2b~2b"),
        ("C#", "c~23"),
        ("  Route\u00a0 Planning ", "route-planning"),
        ("R-D", "r~2dd"),
        ("~", "~7e"),
        ("自転車", "自転車"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("it’s", "it~e2~80~99s"),
        ("हिन्दी", "हिन्दी"),
        ("", ""),
    ],
)
def test_slug(name: str, expected: str) -> None:
    assert slug(name) == expected


@given(names, names)
@example("c++", "c~2b~2b")
@example("a b", "a-b")
@example("’", "~e2~80~99")
@example("İ", "i̇")
def test_slugs_are_equal_only_where_the_folded_names_are(one: str, other: str) -> None:
    assert (slug(one) == slug(other)) == (folded(one) == folded(other))


@given(names)
def test_a_slug_is_safe_in_a_path(name: str) -> None:
    assert not set(slug(name)) & set("/\\?#%&:*\"'<>| \t\n")


def test_slugs_of_a_column_are_those_of_its_names() -> None:
    column = pl.Series("topic", ["C", None, "C#", "C"])
    assert slugs(column).to_list() == ["c", None, "c~23", "c"]
    assert slugs(pl.Series("topic", [None], dtype=pl.String)).to_list() == [None]


@pytest.mark.parametrize(
    ("domain", "name", "expected"),
    [
        ("a.example", "Ferry News", "a.example/ferry-news"),
        ("a.example", None, "a.example/~"),
        ("a.example", "", "a.example/~"),
        (None, "Ferry News", "~/ferry-news"),
        ("", "Ferry News", "~/ferry-news"),
        (None, None, None),
        ("", "", None),
        ("a.example/x y", "~", "a.example~2fx~20y/~7e"),
    ],
)
def test_provider_id_says_which_part_is_missing(domain: str | None, name: str | None, expected: str | None) -> None:
    ids = provider_ids(pl.Series([domain], dtype=pl.String), pl.Series([name], dtype=pl.String))
    assert ids.to_list() == [expected]


def test_a_provider_keeps_its_id_as_the_corpus_grows() -> None:
    one = "provider: {name: Ferry News, domain: a.example}"
    alone, among = (
        tidied(one),
        tidied(one, "provider: {name: ferry news, domain: A.example}", "provider: {name: Other}"),
    )
    assert alone["documents"]["provider_id"][0] == among["documents"]["provider_id"][0] == "a.example/ferry-news"
    assert among["documents"]["provider_id"].to_list()[1:] == ["a.example/ferry-news", "~/other"]


@pytest.mark.parametrize(("one", "other"), [("a/b", "a b"), ("a~b", "a/b"), ("a-b", "a b"), ("~", "")])
def test_text_that_is_not_a_domain_makes_an_id_of_its_own(one: str, other: str) -> None:
    ids = provider_ids(pl.Series([one, other]), pl.Series(["Ferry News", "Ferry News"]))
    assert ids.n_unique() == 2
    assert ids.str.count_matches("/").to_list() == [1, 1]
