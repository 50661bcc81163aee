"""Shell completion of arguments: snapshot ids, names of marts and tables. Reads only file names, so it is quick."""

from contextlib import suppress
from pathlib import Path
from typing import Final

import typer

from frontmart.catalog.layers import LAYERS, MACROS
from frontmart.catalog.sql_folder import SQL
from frontmart.errors import SnapshotError
from frontmart.formats import EXPORT_FORMATS, QUERY_FORMATS
from frontmart.snapshots.lock import SNAPSHOTS
from frontmart.snapshots.publication import published_path
from frontmart.snapshots.store import list_snapshots, published_id
from frontmart.snapshots.tags import list_tags

# The folders of sql/ with the tables of each schema; "" is for names without one. Macros are in schema main.
_FOLDERS: Final = {
    **{layer: [layer] for layer in LAYERS},
    "": [*(layer for layer in LAYERS if layer != "staging"), MACROS],
    "main": ["main", MACROS],
}


def snapshots_to_publish(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Complete ids, latest first, then tags, of the snapshots except the published one; each with its folder."""
    out = Path(context.params.get("out") or "data")
    # No completions if the folder cannot be read or nothing is published.
    with suppress(OSError, SnapshotError):
        current = published_id(out)
        ids = [snapshot.id for snapshot in list_snapshots(out) if snapshot.id != current]
        tags = {tag.name: tag.snapshot_id for tag in list_tags(out) if tag.snapshot_id in ids}
        places = {**dict.fromkeys(ids, str(out / SNAPSHOTS)), **tags}
        return [(name, place) for name, place in places.items() if name.startswith(incomplete)]
    return []


def snapshots_to_compare(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Complete `published`, the ids of all snapshots, latest first, and tags; each with its folder or its id."""
    names = [("published", ""), *snapshot_ids(context, incomplete), *tag_names(context, incomplete)]
    return [(name, place) for name, place in names if name.startswith(incomplete)]


def snapshot_ids(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Complete the ids of all snapshots of the output folder, latest first; each with its folder."""
    out = Path(context.params.get("out") or "data")
    with suppress(OSError):
        ids = [snapshot.id for snapshot in list_snapshots(out)]
        return [(id_, str(out / SNAPSHOTS)) for id_ in ids if id_.startswith(incomplete)]
    return []


def tag_names(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Complete the tags of the output folder, sorted; each with the id of its snapshot."""
    out = Path(context.params.get("out") or "data")
    with suppress(OSError):
        return [(tag.name, tag.snapshot_id) for tag in list_tags(out) if tag.name.startswith(incomplete)]
    return []


def mart_names(incomplete: str) -> list[str]:
    """Complete the marts in a list separated by commas, such as coverage_by_topic,topic_pairs."""
    return _complete_list(incomplete, sorted(path.stem for path in (SQL / "marts").glob("*.sql")))


def star_names(incomplete: str) -> list[str]:
    """Complete the tables of the star schema in a list separated by commas."""
    files = sorted((SQL / "core").glob("*.sql"))
    return _complete_list(
        incomplete, [path.stem for path in files if "\n-- Role: " in path.read_text(encoding="utf-8")]
    )


def _complete_list(incomplete: str, names: list[str]) -> list[str]:
    before, comma, start = incomplete.rpartition(",")
    taken = before.split(",")
    return [f"{before}{comma}{name}" for name in names if name.startswith(start) and name not in taken]


def table_names(context: typer.Context, incomplete: str) -> list[str]:
    """Complete marts, views, macros and core tables; after `staging.` or another schema, its tables.

    Tidy tables come from the published snapshot.
    """
    schema, dot, start = incomplete.rpartition(".")
    if schema == "tidy":
        files = []
        with suppress(OSError, SnapshotError):
            folder = published_path(Path(context.params.get("out") or "data"))
            files = list((folder / "tables").glob("*.parquet"))
    else:
        files = [path for folder in _FOLDERS.get(schema, []) for path in (SQL / folder).glob("*.sql")]
    return [f"{schema}{dot}{name}" for name in sorted({path.stem for path in files}) if name.startswith(start)]


def export_formats(incomplete: str) -> list[str]:
    """The formats of an export."""
    return [name for name in EXPORT_FORMATS if name.startswith(incomplete)]


def query_formats(incomplete: str) -> list[str]:
    """The formats of a query result."""
    return [name for name in QUERY_FORMATS if name.startswith(incomplete)]
