"""Shared by the Python rivals: read with python-frontmatter, and flatten into rows with plain loops."""
# mypy: disable-error-code="import-untyped,import-not-found"

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import frontmatter
from yaml import YAMLError

Row = dict[str, Any]

SUFFIXES = {".md", ".html", ".txt"}
DOCUMENT = ["title", "name", "excerpt", "category", "type", "originalUrl", "webUrl", "published"]
RELATED = ["title", "excerpt", "webUrl", "type"]
IMAGE = ["url", "width", "height", "isCached", "title", "attribution"]


def read(source: Path) -> Iterator[Row]:
    """The front matter and path of every readable file that has front matter."""
    for path in sorted(source.rglob("*")):
        if path.suffix not in SUFFIXES:
            continue
        try:
            metadata = frontmatter.load(str(path)).metadata
        except (YAMLError, ValueError) as error:
            sys.stderr.write(f"skipped {path.relative_to(source)}: {type(error).__name__}\n")
            continue
        if metadata:
            yield {**metadata, "path": str(path.relative_to(source))}


def entries(value: Any) -> list[Any]:
    """A value as a list: a list without its empty items, one item for a single value, none for an empty value."""
    return [entry for entry in value if entry] if isinstance(value, list) else [value] if value else []


def tables(documents: Iterator[Row]) -> dict[str, list[Row]]:
    """The rows of each table, by table name."""
    rows: dict[str, list[Row]] = {"documents": [], "topics": [], "images": [], "related": [], "related_images": []}
    for fields in documents:
        path = fields["path"]
        rows["documents"].append({"path": path, **item(fields, DOCUMENT)})
        for position, topic in enumerate(entries(fields.get("topics"))):
            rows["topics"].append({"path": path, "position": position, "topic": str(topic)})
        for position, each in enumerate(entries(fields.get("images"))):
            rows["images"].append({"path": path, "position": position, **image(each)})
        for place, related in enumerate(entries(fields.get("related"))):
            rows["related"].append({"path": path, "position": place, **item(related, RELATED)})
            for position, each in enumerate(entries(related.get("images"))):
                key = {"path": path, "related_position": place, "position": position}
                rows["related_images"].append({**key, **image(each)})
    return rows


def item(fields: Row, columns: list[str]) -> Row:
    """The columns that documents and related items share, those of the provider included."""
    provider = fields.get("provider") or {}
    return {
        **{column: fields.get(column) for column in columns},
        "published_at": fields.get("publishedDateTime"),
        "quality": fields.get("quality"),
        "heat": fields.get("heat"),
        "provider_name": provider.get("name"),
        "provider_domain": provider.get("domain"),
    }


def image(fields: Row) -> Row:
    """The columns of an image."""
    return {column: fields.get(column) for column in IMAGE}
