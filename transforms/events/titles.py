"""A key that is equal for near-identical titles."""

from typing import Final

import polars as pl

from transforms.events.fold import fold

# The last part of a title behind a separator that spaces surround: 'Title - Site', 'Title | Site'.
_SEPARATOR: Final = r"\s(?:[-|\u2013\u2014\u00b7\u2022\u00bb]|::|//)\s"
# A head shorter than eight characters is a name that a subtitle follows: 'Reuters - example.com'.
_TAIL: Final = rf"(?s)^.{{7,}}\S\s*{_SEPARATOR}\s*(\S.*?)\s*$"
_DOMAIN: Final = r"(?i)^(?:[a-z0-9-]+\.)+[a-z]{2,12}$"
# No headline is longer, and taking apart a title of a million characters takes seconds.
_LONGEST: Final = 1_000
_ESCAPE: Final = r"~[0-9a-f]{2}"


def title_key(title: pl.Expr, provider_id: pl.Expr | None = None) -> pl.Expr:
    """The title folded for comparison; null if the title is null or blank.

    Case, accents, width, punctuation and white space do not count, in any script. A site behind the last ' - ' or
    ' | ' is left out if it is a domain (' - example.com') or, given the column of provider_id (`domain/name-slug`), if
    it is the name or the domain of any provider in that column. Other endings stay: ' - Review' is part of the title;
    so does that of a title of more than 1,000 characters.
    A title of symbols alone is its own key.
    """
    site = " " + fold(_site(title, provider_id))
    key = fold(title).str.strip_suffix(site.fill_null(""))
    return pl.coalesce(key.replace("", None), title.str.strip_chars().replace("", None))


def _site(title: pl.Expr, provider_id: pl.Expr | None) -> pl.Expr:
    """What is behind the last separator, if it is a site; else null."""
    # Few titles have a separator, and taking a title apart takes long.
    has_tail = (title.str.len_chars() <= _LONGEST) & title.str.contains(_SEPARATOR)
    tail = pl.when(has_tail).then(title).str.extract(_TAIL)
    is_site = tail.str.contains(_DOMAIN)
    if provider_id is not None:
        is_site = is_site | _squeeze(tail).is_in(_site_names(provider_id).implode())
    return pl.when(is_site).then(tail)


def _site_names(provider_id: pl.Expr) -> pl.Expr:
    """Names, domains and first labels of domains of all providers, squeezed, each once."""
    distinct = provider_id.drop_nulls().unique(maintain_order=True)
    domain = distinct.str.extract(r"^([^/]*)/")
    name = distinct.str.extract(r"/(.*)$").str.replace_all(_ESCAPE, " ")
    names = pl.concat_list(_squeeze(name), _squeeze(domain), _squeeze(domain.str.extract(r"^([^.]+)\.")))
    squeezed = names.explode()
    return squeezed.filter(squeezed != "").unique()


def _squeeze(text: pl.Expr) -> pl.Expr:
    """Letters and digits alone, so that 'The Verge' and 'theverge' are equal."""
    return fold(text).str.replace_all(" ", "")
