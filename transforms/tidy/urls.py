"""URLs as written -> canonical URLs and hosts. The text of a URL is never repaired, only normalised."""

import polars as pl

from transforms.tidy.distinct import by_expression, parse_distinct

_PARTS = (
    r"^(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?:[^/?#]*@)?(?P<host>\[[^\]/?#]*\]|[^/?#:]+)(?::(?P<port>\d*))?"
    r"(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?(?:#|$)"
)
_HOST = r"^\s*[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#]*@)?(\[[^\]/?#]*\]|[^/?#:]+)(?::\d*)?\s*(?:[/?#]|$)"
# URLs that run or hold something rather than lead somewhere, though one may look as if it had a host.
_NO_PLACE = r"(?i)^\s*(?:javascript|vbscript|data):"
# A URL that is canonical as it stands, as most are: taking one apart costs a hundred times as much as seeing this.
_CANONICAL = r"^[a-z][a-z0-9+.-]*://[!-~--/?#@:A-Z]+(?:/[^?#]*)?$"
# Parameters that say how a reader came, not what is read.
_TRACKING = (
    r"(?i)&(?:utm_[^&=]*|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|mc_cid|mc_eid"
    r"|_hsenc|_hsmi|mkt_tok|ocid|cmpid|icid|ncid|sr_share|wt\.mc_id|wt_mc_id|vero_id|oly_enc_id|oly_anon_id)=[^&]*"
)


def canonical_urls(urls: pl.Series) -> pl.Series:
    """Scheme and host in lower case; default port, credentials, tracking parameters and fragment off; never empty.

    What has no scheme and host (a relative URL) only loses its fragment.
    """
    return parse_distinct(urls, normalised_urls, by_expression(_plain))


def _plain(url: pl.Expr) -> pl.Expr:
    url = url.str.strip_chars()
    return pl.when(url.str.contains(_CANONICAL)).then(url)


def normalised_urls(urls: pl.Series) -> pl.Series:
    """As `canonical_urls`, but each URL is taken apart, whether or not it is canonical as it stands."""
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
