import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_series_equal

from transforms.tidy.urls import canonical_urls, host, normalised_urls

PAGE = "https://ferrynews.example/Harbour/Ferry"


def canonical(url: str | None) -> str | None:
    return canonical_urls(pl.Series([url], dtype=pl.String))[0]


def host_of(url: str | None) -> str | None:
    return pl.select(host(pl.lit(url, pl.String)))[0, 0]


@pytest.mark.parametrize(
    "url",
    [
        PAGE,
        f" {PAGE} ",
        "HTTPS://FerryNews.Example/Harbour/Ferry",
        "https://ferrynews.example:443/Harbour/Ferry",
        "https://ferrynews.example:/Harbour/Ferry",
        "https://ada:secret@ferrynews.example/Harbour/Ferry",
        "https://ada@quay@ferrynews.example/Harbour/Ferry",
        f"{PAGE}#comments",
        f"{PAGE}?",
        f"{PAGE}?#top",
        f"{PAGE}?utm_source=feed",
        f"{PAGE}?utm_source=feed&UTM_Campaign=spring&fbclid=1#top",
        f"{PAGE}?gclid=&mc_cid=4&ocid=x",
    ],
)
def test_equivalent_urls_have_one_canonical_url(url: str) -> None:
    assert canonical(url) == PAGE


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("http://a.example:80/", "http://a.example/"),
        ("http://a.example:443/", "http://a.example:443/"),
        ("https://a.example:80/", "https://a.example:80/"),
        ("https://a.example:8443/x", "https://a.example:8443/x"),
        ("https://a.example?id=1", "https://a.example?id=1"),
        ("https://a.example", "https://a.example"),
        ("https://a.example/?id=1&utm_source=x&id=2", "https://a.example/?id=1&id=2"),
        ("https://a.example/?utm_source=x&id=2", "https://a.example/?id=2"),
        ("https://a.example/?a&utm_x=1&b", "https://a.example/?a&b"),
        ("https://a.example/?mutm_source=x", "https://a.example/?mutm_source=x"),
        ("https://a.example/?Q=A%2FB", "https://a.example/?Q=A%2FB"),
        ("https://a.example/@ada/x", "https://a.example/@ada/x"),
        ("https://a.example/?to=http://ada@b.example", "https://a.example/?to=http://ada@b.example"),
        ("https://[2001:DB8::1]:443/x", "https://[2001:db8::1]/x"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
        ("https://MÜNCHEN.example/Ü", "https://münchen.example/Ü"),
        ("https://a.example/harbourâ€™s", "https://a.example/harbourâ€™s"),
        ("ftp://a.example:21/x", "ftp://a.example:21/x"),
    ],
)
def test_parts_that_distinguish_pages_stay(url: str, kept: str) -> None:
    assert canonical(url) == kept


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("/images/a.png#top", "/images/a.png"),
        ("images/A.png", "images/A.png"),
        ("//a.example/x", "//a.example/x"),
        ("mailto:ada@a.example", "mailto:ada@a.example"),
        ("https://", "https://"),
        ("https://a.example:port/x", "https://a.example:port/x"),
        ("http://[::1", "http://[::1"),
        ("#top", None),
        ("", None),
        (" ", None),
        (None, None),
    ],
)
def test_a_url_without_host_only_loses_its_fragment(url: str | None, kept: str | None) -> None:
    assert canonical(url) == kept
    assert host_of(url) is None


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://Img.Example:8443/a.png", "img.example"),
        ("https://ada:secret@img.example/a.png", "img.example"),
        ("http://[2001:DB8::1]:80/", "[2001:db8::1]"),
        (" https://img.example?x ", "img.example"),
    ],
)
def test_host_is_lower_case_without_port_and_credentials(url: str, name: str) -> None:
    assert host_of(url) == name


parts = st.text(st.sampled_from("aZ/?&=#:@.%utm_source[]é "), max_size=25)


@given(parts.map(lambda rest: f"https://a.example{rest}") | parts)
def test_a_canonical_url_is_its_own_canonical_url(url: str) -> None:
    once = canonical(url)
    assert canonical(once) == once
    assert once != ""


@given(st.lists(parts.map(lambda rest: f"https://a.example{rest}") | parts | st.none(), max_size=8))
def test_a_url_that_is_already_canonical_is_what_splitting_it_gives(urls: list[str | None]) -> None:
    column = pl.Series("url", urls, dtype=pl.String)
    assert_series_equal(canonical_urls(column), normalised_urls(column))


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        " JavaScript://a.example/%0aalert(1)",
        "data:text/html,x",
        "DATA://a.example",
        "vbscript://a.example",
    ],
)
def test_a_url_that_runs_a_script_or_contains_data_is_kept_and_has_no_host(url: str) -> None:
    assert host_of(url) is None
    assert str(canonical(url)).lower() == url.strip().lower()
