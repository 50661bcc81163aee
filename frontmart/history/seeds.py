"""The state that a replay goes on from: the present versions of the paths that new commits write."""

from pathlib import Path

import polars as pl

from frontmart.git.blobs import BlobReader
from frontmart.git.links import LINK, Outcome
from frontmart.git.repository import Repository
from frontmart.git.tree import find_links, is_file, listed_by, read_sizes
from frontmart.history.replay import SEED_SCHEMA, Seeds
from frontmart.history.starts import read_starts
from transforms.parse.frontmatter import document_id


def read_seeds(repository: Repository, commit: str, snapshot: Path, paths: pl.Series) -> Seeds:
    """The state of some paths at a commit, the last step of the history of a snapshot.

    Args:
        repository: the repository and its subfolder.
        commit: the full id of the commit.
        snapshot: the folder of the snapshot.
        paths: the paths that are written after the commit; they may repeat.

    Raises SourceUnavailableError for missing or damaged objects.
    """
    names = paths.unique().sort()
    wanted = set(names)
    ids = pl.DataFrame(
        {"path": names, "document_id": [document_id(path) for path in names]},
        schema={"path": pl.String(), "document_id": pl.String()},
    )
    starts = read_starts(snapshot, ids["document_id"])
    files = _files_of(repository, commit, wanted)
    versions = files.join(ids, on="path", how="right").join(starts.versions, on="document_id", how="left")
    return Seeds(versions.select(SEED_SCHEMA.names()).cast(SEED_SCHEMA), starts.lists)


def _files_of(repository: Repository, commit: str, wanted: set[str]) -> pl.DataFrame:
    """The blobs of some paths at a commit: path, blob_id, error."""
    find_listed, has_links = listed_by(repository.root), False
    found: list[tuple[str, str | None, str | None]] = []
    for path, entry, _ in read_sizes(repository, commit):
        listed = find_listed(path)
        if listed and listed.path in wanted and is_file(entry):
            found.append((listed.path, entry.id, None))
        has_links |= listed is not None and entry.mode == LINK
    if has_links:
        found += _links_of(repository, commit, wanted)
    return pl.DataFrame(found, schema={"path": pl.String(), "blob_id": pl.String(), "error": pl.String()}, orient="row")


def _links_of(repository: Repository, commit: str, wanted: set[str]) -> list[tuple[str, str | None, str | None]]:
    find_listed = listed_by(repository.root)
    with BlobReader(repository) as reader:
        outcomes: dict[bytes, Outcome] = find_links(repository, commit, find_listed, reader).outcomes
    listed = [(find_listed(path), outcome) for path, outcome in outcomes.items() if outcome.is_listed]
    return [(at.path, each.blob_id, each.error) for at, each in listed if at and at.path in wanted]
