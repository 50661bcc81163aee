"""Names -> identifiers that never collide and never change as a corpus grows."""

import unicodedata
from collections.abc import Callable

import polars as pl

from transforms.tidy.text import undo_percent_encoding


def slug(name: str) -> str:
    """A readable identifier: equal for two names if and only if they are equal after folding case and white space.

    Letters, marks and digits of every script stay. A space becomes '-', and any other character becomes '~' and two hex
    digits for each byte of its UTF-8: 'Power Apps' -> power-apps, 'C++' -> c~2b~2b, 'C#' -> c~23, 'C' -> c.
    """
    return "".join(map(_escape, " ".join(name.casefold().split())))


def _escape(character: str) -> str:
    if character == " ":
        return "-"
    if character.isascii():
        return character if character.isalnum() else f"~{ord(character):02x}"
    if unicodedata.category(character)[0] in "LMN":
        return character
    return "".join(f"~{byte:02x}" for byte in character.encode())


def domain_slug(domain: str) -> str:
    """A domain unchanged; in other texts, everything but letters, digits, '.' and '-' is escaped as in `slug`."""
    return "".join(each if each in ".-" else "~20" if each == " " else _escape(each) for each in domain)


def slugs(names: pl.Series, make: Callable[[str], str] = slug) -> pl.Series:
    """The slug of each name, computed once per distinct name."""
    distinct = names.drop_nulls().unique()
    return names.replace_strict(distinct, pl.Series([make(name) for name in distinct], dtype=pl.String), default=None)


def provider_ids(domains: pl.Series, names: pl.Series) -> pl.Series:
    """`domain/name-slug` of each provider, with '~' for a missing part; null if both are missing."""
    frame = pl.DataFrame({"domain": domains, "name": names})
    has_domain = pl.col("domain").fill_null("") != ""
    has_name = pl.col("name").fill_null("") != ""
    return frame.select(
        provider_id=pl.when(has_domain | has_name).then(
            pl.concat_str(
                pl.when(has_domain).then(pl.lit(slugs(domains.rename("domain"), domain_slug))).otherwise(pl.lit("~")),
                pl.lit("/"),
                pl.when(has_name).then(pl.lit(slugs(names.rename("name")))).otherwise(pl.lit("~")),
            )
        )
    )["provider_id"]


def with_provider(frame: pl.DataFrame) -> pl.DataFrame:
    """Any grain with a `provider` struct, plus provider_id, provider_name and provider_domain.

    The id needs both: a domain is a platform with possibly many providers, and a name may occur on several domains.
    """
    provider = pl.col("provider").struct
    named = frame.with_columns(
        provider_name=provider.field("name").str.strip_chars(),
        provider_domain=provider.field("domain").str.strip_chars().str.to_lowercase(),
    )
    names = undo_percent_encoding(named["provider_name"])
    return named.with_columns(names, provider_ids(named["provider_domain"], names))
