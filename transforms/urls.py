"""URLs as written -> canonical URLs and hosts. The text of a URL is never repaired, only normalised."""

import polars as pl

_PARTS = (
    r"^(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?:[^/?#]*@)?(?P<host>\[[^\]/?#]*\]|[^/?#:]+)(?::(?P<port>\d*))?"
    r"(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?(?:#|$)"
)
_HOST = r"^\s*[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#]*@)?(\[[^\]/?#]*\]|[^/?#:]+)(?::\d*)?\s*(?:[/?#]|$)"
# A URL that is canonical as it stands, as most are: taking one apart costs a hundred times as much as seeing this.
_CANONICAL = r"^[a-z][a-z0-9+.-]*://[!-~--/?#@:A-Z]+(?:/[^?#]*)?$"
# Parameters that say how a reader came, not what is read.
_TRACKING = (
    r"(?i)&(?:utm_[^&=]*|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|mc_cid|mc_eid"
    r"|_hsenc|_hsmi|mkt_tok|ocid|cmpid|icid|ncid|sr_share|wt\.mc_id|wt_mc_id|vero_id|oly_enc_id|oly_anon_id)=[^&]*"
)


def canonical_url(url: pl.Expr) -> pl.Expr:
    """Scheme and host in lower case; default port, credentials, tracking parameters and fragment off; never empty.

    What has no scheme and host (a relative URL) only loses its fragment.
    """
    url = url.str.strip_chars()
    is_canonical = url.str.contains(_CANONICAL)
    found = pl.when(is_canonical).then(url).otherwise(_normalised(pl.when(~is_canonical).then(url)))
    return pl.when(found != "").then(found)


def _normalised(url: pl.Expr) -> pl.Expr:
    parts = url.str.extract_groups(_PARTS)
    scheme = parts.struct.field("scheme").str.to_lowercase()
    port = parts.struct.field("port")
    is_default = (port == "") | ((scheme == "http") & (port == "80")) | ((scheme == "https") & (port == "443"))
    query = ("&" + parts.struct.field("query")).str.replace_all(_TRACKING, "").str.strip_prefix("&")
    absolute = pl.concat_str(
        scheme,
        pl.lit("://"),
        parts.struct.field("host").str.to_lowercase(),
        pl.when(port.is_not_null() & ~is_default).then(":" + port).otherwise(pl.lit("")),
        parts.struct.field("path").fill_null(""),
        pl.when(query.is_not_null() & (query != "")).then("?" + query).otherwise(pl.lit("")),
    )
    relative = url.str.replace(r"#.*$", "")
    return pl.when(parts.struct.field("host").is_not_null()).then(absolute).otherwise(relative)


def host(url: pl.Expr) -> pl.Expr:
    """The host in lower case, without port; null for a relative URL."""
    return url.str.extract(_HOST).str.to_lowercase()
