"""What the Python rivals share: python-frontmatter reads, and plain loops make flat rows of what is nested."""
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
    """The front matter of every file that has some and can be read, with its path."""
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
    """A list less what is empty in it, a single value as a list of one, nothing as an empty list."""
    return [entry for entry in value if entry] if isinstance(value, list) else [value] if value else []


def tables(documents: Iterator[Row]) -> dict[str, list[Row]]:
    """The rows of each table."""
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
    """A document or a related item, with its provider."""
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
    """An image."""
    return {column: fields.get(column) for column in IMAGE}
