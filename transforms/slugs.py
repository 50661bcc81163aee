"""Names -> identifiers that never collide and never change as a corpus grows."""

import unicodedata

import polars as pl


def slug(name: str) -> str:
    """A readable identifier, one to one with the case-folded, whitespace-normalised name.

    Letters, marks and digits of every script stay, a space becomes '-', and any other character '~' and two hex
    digits for each byte of its UTF-8: 'Power Apps' is power-apps, 'C++' c~2b~2b, 'C#' c~23 and 'C' c.
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


def slugs(names: pl.Series) -> pl.Series:
    """The slug of each name, worked out once per distinct name."""
    distinct = names.drop_nulls().unique()
    return names.replace_strict(distinct, pl.Series([slug(name) for name in distinct], dtype=pl.String), default=None)


def provider_ids(domains: pl.Series, names: pl.Series) -> pl.Series:
    """`domain/name-slug` of each provider; '~' stands for a part that is missing, null for a provider without both."""
    frame = pl.DataFrame({"domain": domains, "name": names})
    has_domain = pl.col("domain").fill_null("") != ""
    has_name = pl.col("name").fill_null("") != ""
    return frame.select(
        provider_id=pl.when(has_domain | has_name).then(
            pl.concat_str(
                pl.when(has_domain).then(pl.col("domain").str.replace_all(r"[/\s]", "~")).otherwise(pl.lit("~")),
                pl.lit("/"),
                pl.when(has_name).then(pl.lit(slugs(names.rename("name")))).otherwise(pl.lit("~")),
            )
        )
    )["provider_id"]
