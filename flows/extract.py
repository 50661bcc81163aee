"""A shard of files -> fragments: one Parquet file a tidy table, written by the process that parsed the files.

Nothing but a range of the listing goes to a worker, and nothing but a count comes back.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from transforms.frontmatter import document_id, parse_file
from transforms.outcomes import Document, Outcome, Reason, Reject
from transforms.tables import TABLES, polars_schema
from transforms.tidy import read_records, tidy_tables, validate

# Big enough that a fragment is worth its file, small enough that a worker stays below some 300 MB.
SHARD_FILES: Final = 4_000
SHARD_BYTES: Final = 24 * 2**20


@dataclass(frozen=True, slots=True)
class Shard:
    """A range of rows of a listing (Parquet), and where its files are read from and its fragments written to."""

    number: int
    start: int
    stop: int
    listing: Path
    source: Path
    fragments: Path

    @property
    def file_count(self) -> int:
        """How many files it holds."""
        return self.stop - self.start


def plan_shards(listing: Path, source: Path, fragments: Path) -> list[Shard]:
    """Cut a listing into ranges of at most SHARD_FILES files and about SHARD_BYTES bytes."""
    sizes = pl.read_parquet(listing, columns=["size"])["size"].to_list()
    cuts, start, total = [0], 0, 0
    for place, size in enumerate(sizes):
        if place > start and (place - start >= SHARD_FILES or total + size > SHARD_BYTES):
            cuts.append(place)
            start, total = place, 0
        total += size
    stops = [*cuts[1:], len(sizes)]
    ranges = [(begin, end) for begin, end in zip(cuts, stops, strict=True) if end > begin]
    return [Shard(number, *range_, listing, source, fragments) for number, range_ in enumerate(ranges)]


def extract_shard(shard: Shard) -> int:
    """Parse the files of a shard and write its fragments; the number of files parsed."""
    rows = pl.scan_parquet(shard.listing).slice(shard.start, shard.file_count).collect()
    with _quiet_c_library():
        outcomes = [_outcome(shard.source, *row) for row in rows.select("path", "raw_path", "error").iter_rows()]
    lines = b"\n".join(outcome.line for outcome in outcomes if isinstance(outcome, Document))
    frames = tidy_tables(read_records(lines)) | {"files": _files(rows, outcomes), "rejects": _rejects(rows, outcomes)}
    validate(frames)
    for name, frame in frames.items():
        if not frame.is_empty():
            folder = shard.fragments / name
            folder.mkdir(parents=True, exist_ok=True)
            frame.write_parquet(folder / f"{shard.number:06d}.parquet", compression="lz4", statistics=False)
    return shard.file_count


def _outcome(source: Path, path: str, raw_path: bytes | None, error: str | None) -> Outcome:
    if error is None:
        try:
            data = (source / (os.fsdecode(raw_path) if raw_path else path)).read_bytes()
        except OSError as failure:
            error = failure.strerror or type(failure).__name__
        else:
            return parse_file(path, data)
    message = f"cannot be read ({error}): check that it is there and that its permissions allow it"
    return Reject(Reason.UNREADABLE, message)


def _files(rows: pl.DataFrame, outcomes: list[Outcome]) -> pl.DataFrame:
    kinds = [
        "document" if isinstance(outcome, Document) else "reject" if isinstance(outcome, Reject) else "skipped"
        for outcome in outcomes
    ]
    hashes = [outcome.content_hash if isinstance(outcome, Document) else None for outcome in outcomes]
    return rows.select(
        document_id=_ids(rows["path"]),
        path="path",
        size="size",
        mtime_ns="mtime_ns",
        content_hash=pl.Series(hashes, dtype=pl.String),
        outcome=pl.Series(kinds, dtype=pl.String),
    )


def _rejects(rows: pl.DataFrame, outcomes: list[Outcome]) -> pl.DataFrame:
    refused = [
        (document_id(path), path, outcome.reason.value, outcome.message, outcome.line, outcome.column)
        for path, outcome in zip(rows["path"], outcomes, strict=True)
        if isinstance(outcome, Reject)
    ]
    return pl.DataFrame(refused, schema=polars_schema(TABLES["rejects"]), orient="row")


def _ids(paths: pl.Series) -> pl.Series:
    return pl.Series([document_id(path) for path in paths], dtype=pl.String)


@contextmanager
def _quiet_c_library() -> Iterator[None]:
    """Send what C code writes to the standard error to nowhere: rapidyaml reports each refusal there."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
