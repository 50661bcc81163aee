"""URLs as written -> canonical URLs and hosts. URLs are normalised, but never repaired."""

import polars as pl

from transforms.tidy.distinct import by_expression, parse_distinct

_PARTS = (
    r"^(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?:[^/?#]*@)?(?P<host>\[[^\]/?#]*\]|[^/?#:]+)(?::(?P<port>\d*))?"
    r"(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?(?:#|$)"
)
_HOST = r"^\s*[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#]*@)?(\[[^\]/?#]*\]|[^/?#:]+)(?::\d*)?\s*(?:[/?#]|$)"
# URLs that run a script or contain data and so have no host, though some look as if they had one.
_NO_PLACE = r"(?i)^\s*(?:javascript|vbscript|data):"
# A URL that is canonical as written, as most are. Splitting a URL takes a hundred times as long as this match.
_CANONICAL = r"^[a-z][a-z0-9+.-]*://[!-~--/?#@:A-Z]+(?:/[^?#]*)?$"
# Parameters that track readers and do not select content.
_TRACKING = (
    r"(?i)&(?:utm_[^&=]*|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|mc_cid|mc_eid"
    r"|_hsenc|_hsmi|mkt_tok|ocid|cmpid|icid|ncid|sr_share|wt\.mc_id|wt_mc_id|vero_id|oly_enc_id|oly_anon_id)=[^&]*"
)


def canonical_urls(urls: pl.Series) -> pl.Series:
    """URLs with scheme and host in lower case, without default port, credentials, tracking parameters and fragment.

    A URL without scheme and host (a relative URL) only loses its fragment. An empty URL becomes null.
    """
    return parse_distinct(urls, normalised_urls, by_expression(_if_canonical))


def _if_canonical(url: pl.Expr) -> pl.Expr:
    url = url.str.strip_chars()
    return pl.when(url.str.contains(_CANONICAL)).then(url)


def normalised_urls(urls: pl.Series) -> pl.Series:
    """As `canonical_urls`, but every URL is split, also those that are canonical as written."""
    urls = urls.str.strip_chars()
    parts = (
        urls.str.extract_groups(_PARTS)
        .struct.unnest()
        .with_columns(urls.alias("url"), pl.col("scheme").str.to_lowercase())
    )
    scheme, port, query = pl.col("scheme"), pl.col("port"), pl.col("query")
    is_default = (port == "") | ((scheme == "http") & (port == "80")) | ((scheme == "https") & (port == "443"))
    kept = ("&" + query).str.replace_all(_TRACKING, "").str.strip_prefix("&")
    absolute = pl.concat_str(
        scheme,
        pl.lit("://"),
        pl.col("host").str.to_lowercase(),
        pl.when(port.is_not_null() & ~is_default).then(":" + port).otherwise(pl.lit("")),
        pl.col("path").fill_null(""),
        pl.when(query != "").then("?" + query).otherwise(pl.lit("")),
    )
    relative = pl.col("url").str.replace(r"#.*$", "")
    is_absolute = pl.col("host").is_not_null()
    found = parts.with_columns(kept.alias("query")).select(pl.when(is_absolute).then(absolute).otherwise(relative))
    return found.to_series().replace("", None).alias(urls.name)


def host(url: pl.Expr) -> pl.Expr:
    """The host in lower case, without port; null for a relative URL, and for one of `javascript:` or `data:`."""
    return pl.when(~url.str.contains(_NO_PLACE)).then(url.str.extract(_HOST).str.to_lowercase())
