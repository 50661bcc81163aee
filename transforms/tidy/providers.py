"""A provider as a file writes it -> provider_id, provider_name and provider_domain."""

import polars as pl

from transforms.tidy.slugs import provider_ids
from transforms.tidy.text import undo_percent_encoding


def with_provider(frame: pl.DataFrame) -> pl.DataFrame:
    """Any grain with a `provider` struct, plus provider_id, provider_name and provider_domain.

    A domain is a platform that may carry many providers, and a name may stand on several domains: both make the id.
    """
    provider = pl.col("provider").struct
    named = frame.with_columns(
        provider_name=provider.field("name").str.strip_chars(),
        provider_domain=provider.field("domain").str.strip_chars().str.to_lowercase(),
    )
    names = undo_percent_encoding(named["provider_name"])
    return named.with_columns(names, provider_ids(named["provider_domain"], names))
