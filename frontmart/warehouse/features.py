"""The features of a corpus: found in its tidy tables, and stored in `tidy.build` of the warehouse."""

from typing import Final

import duckdb

from frontmart.catalog.features import ALL_FEATURES, Feature, features_as_text, features_of_text
from transforms.vocabulary import DocumentKind, Preset

# The rows of posts that show a feature; marts count posts alone.
_SHOWN_BY: Final = {
    Feature.SCORES: "posts where heat is not null or quality is not null or is_suppressed",
    Feature.RELATED: "tidy.related_items semi join posts using (document_id)",
    Feature.PROVIDER: "posts where provider_id is not null",
    Feature.AUTHORS: "tidy.document_authors semi join posts using (document_id) where name is not null",
    Feature.TOPICS: "tidy.document_topics semi join posts using (document_id)",
    Feature.IMAGES: "images",
    Feature.IMAGE_HOSTS: "images where host is not null",
    Feature.IMAGE_SIZES: "images where width is not null and height is not null",
    Feature.IMAGE_CACHE: "images where is_cached is not null",
    Feature.VIDEOS: "posts where lower(type) = 'video'",
}


def load_features(con: duckdb.DuckDBPyConnection, preset: Preset) -> frozenset[Feature]:
    """Find the features of the loaded tidy tables, and store them in tidy.build."""
    features = find_features(con, preset)
    con.execute("update tidy.build set features = $1", [features_as_text(features)])
    return features


def find_features(con: duckdb.DuckDBPyConnection, preset: Preset) -> frozenset[Feature]:
    """Find the features of the loaded tidy tables.

    Files of the preset `smartable` have all of them, so that its tables never change; so has a corpus without posts,
    about which nothing can be said.
    """
    return ALL_FEATURES if preset is Preset.SMARTABLE else _find_features(con)


def read_features(con: duckdb.DuckDBPyConnection, build: str = "tidy.build") -> frozenset[Feature]:
    """The features that a warehouse was built with; all of them for one of an earlier version.

    Args:
        con: a connection to the warehouse.
        build: its table tidy.build, quoted where needed.

    Raises duckdb.Error for a warehouse without that table.
    """
    cursor = con.execute(f"select * from {build}")
    row = dict(zip([name for name, *_ in cursor.description], cursor.fetchone() or (), strict=False))
    return features_of_text(row.get("features"))


def _find_features(con: duckdb.DuckDBPyConnection) -> frozenset[Feature]:
    columns = ", ".join(f"exists (from {rows})" for rows in ("posts", *_SHOWN_BY.values()))
    has_posts, *found = con.execute(
        f"with posts as (from tidy.documents where document_kind = '{DocumentKind.POST}'), "
        "images as (from tidy.document_images semi join posts using (document_id) where trim(url) <> '') "
        f"select {columns}"
    ).fetchall()[0]
    shown = (feature for feature, is_shown in zip(_SHOWN_BY, found, strict=True) if is_shown)
    return frozenset(shown) if has_posts else ALL_FEATURES
