"""Replay the commits of a repository into the parts of a history: each content of a path is parsed once.

Worker processes find the versions of paths. What goes beyond one path is found here: renames, and equal items.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from frontmart.catalog.history_inputs import CHILD_TABLES, HISTORY_INPUTS
from frontmart.extract.worker import write_frame
from frontmart.git.blobs import sizes_of
from frontmart.git.log import SIMILAR, Log
from frontmart.git.repository import Repository
from frontmart.history.parts import empty, scan_parts, write_part
from frontmart.history.versions_of_paths import REPLAY, STATE_SCHEMA, PathShard, Reading
from frontmart.runners import Runner
from transforms.history.renames import with_renames
from transforms.history.versions import CHANGE_SCHEMA, STARTS_SCHEMA

# The present versions of paths, from which a history goes on.
SEED_SCHEMA: Final = pl.Schema(
    {
        "path": pl.String(),
        # As in the log; NULL for a path without a file.
        "blob_id": pl.String(),
        "error": pl.String(),
        # The step of its last change.
        "valid_from": pl.Int64(),
        # The step at which the document last appeared: added, restored, readable or renamed.
        "appeared": pl.Int64(),
        # Whether it had a version as a document that is over.
        "is_former": pl.Boolean(),
    }
)
# Bytes of blobs that a shard reads, unless it is a single path.
_SHARD_BYTES: Final = 48 * 2**20
# The overhead of a write, as the number of bytes that take as long to parse.
_WRITE_WEIGHT: Final = 8 * 2**10


@dataclass(frozen=True, slots=True)
class Seeds:
    """The state before the first step, of the paths that are written.

    Attributes:
        versions: a row per path that had a document or a reject at any time (SEED_SCHEMA).
        lists: document_id, list_name, list_from: when its present list began, if another one had ended.
    """

    versions: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SEED_SCHEMA))
    lists: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=STARTS_SCHEMA))


def replay(
    repository: Repository,
    log: Log,
    reading: Reading,
    runner: Runner,
    snapshot: Path,
    work: Path,
    first_step: int = 0,
    seeds: Seeds | None = None,
) -> int:
    """Write the parts of the commits of a log to the history of a staged snapshot -> the documents that changed.

    Args:
        repository: where the blobs are.
        log: the commits; without any there is nothing to do.
        reading: how files are parsed.
        runner: runs the worker processes.
        snapshot: folder of the staged snapshot, which has the parts of the steps before.
        work: a folder for files in between; it must not exist, and is left to the caller.
        first_step: the number of the first commit.
        seeds: the state before it.

    Raises:
        SourceUnavailableError: for a blob that is missing.
        FrontmartError: if files cannot be written.
    """
    if log.steps.is_empty():
        return 0
    work.mkdir(parents=True)
    shards = _plan(repository, log, reading, work, first_step, seeds or Seeds())
    runner.map_shards("replay", REPLAY, shards)
    return runner.run("replay", _merge, log, snapshot, work, first_step)


def _plan(
    repository: Repository, log: Log, reading: Reading, work: Path, first_step: int, seeds: Seeds
) -> list[PathShard]:
    states = _states(log.writes, first_step, seeds.versions)
    write_frame(states, work / "states.parquet", row_group_size=10_000)
    write_frame(seeds.lists.select(STARTS_SCHEMA.names()).cast(STARTS_SCHEMA), work / "starts.parquet")
    sizes = sizes_of(repository, states["blob_id"].drop_nulls().unique())
    weights = _weights(states, sizes, reading.limits.file_bytes)
    return [
        PathShard(
            start,
            stop,
            work / "states.parquet",
            work / "starts.parquet",
            repository,
            work / "fragments",
            weight,
            reading,
        )
        for start, stop, weight in _ranges(weights)
    ]


def _states(writes: pl.DataFrame, first_step: int, seeds: pl.DataFrame) -> pl.DataFrame:
    """The writes, after the state before them, by path and step (STATE_SCHEMA)."""
    earlier = seeds.select(
        "path",
        "blob_id",
        "error",
        "is_former",
        pl.col("appeared").fill_null(0),
        pl.col("valid_from").fill_null(0).alias("step"),
        pl.lit(value=True).alias("is_earlier"),
    ).join(writes.select("path").unique(), on="path", how="semi")
    later = writes.select(
        "path",
        "blob_id",
        "error",
        pl.lit(value=False).alias("is_former"),
        pl.lit(None, pl.Int64()).alias("appeared"),
        pl.col("step") + first_step,
        pl.lit(value=False).alias("is_earlier"),
    )
    states = pl.concat([earlier, later], how="diagonal").sort(
        "path", "is_earlier", "step", descending=[False, True, False]
    )
    return (
        states.with_columns(place=pl.col("path").rle_id().cast(pl.Int64()))
        .select(STATE_SCHEMA.names())
        .cast(STATE_SCHEMA)
    )


def _weights(states: pl.DataFrame, sizes: dict[str, int], limit: int) -> list[int]:
    """The bytes that are read for each path."""
    known = pl.DataFrame(
        {"blob_id": list(sizes), "size": list(sizes.values())}, {"blob_id": pl.String, "size": pl.Int64}
    )
    read = states.unique(["place", "blob_id"]).join(known.filter(pl.col("size") <= limit), on="blob_id", how="left")
    weight = pl.col("size").fill_null(0) + _WRITE_WEIGHT
    return read.group_by("place").agg(weight.sum()).sort("place")["size"].to_list()


def _ranges(weights: list[int]) -> Iterator[tuple[int, int, int]]:
    """Ranges of paths of at most _SHARD_BYTES, each with its weight; a path beyond that has its own."""
    start, total = 0, 0
    for place, weight in enumerate(weights):
        if place > start and total + weight > _SHARD_BYTES:
            yield start, place, total
            start, total = place, 0
        total += weight
    if weights:
        yield start, len(weights), total


def _merge(log: Log, snapshot: Path, work: Path, first_step: int) -> int:
    fragments = work / "fragments"
    write_part(snapshot, "steps", first_step, _steps(log.steps, first_step))
    similar = log.similar.with_columns(pl.col("step") + first_step)
    found = with_renames(_read(fragments, "document_changes", CHANGE_SCHEMA), similar.cast(SIMILAR))
    changes = found.select(HISTORY_INPUTS["document_changes"].column_names())
    write_part(snapshot, "document_changes", first_step, changes)
    counts = _read(fragments, "writes").group_by("step", "collection").agg(pl.exclude("step", "collection").sum())
    write_part(snapshot, "writes", first_step, counts.select(HISTORY_INPUTS["writes"].column_names()))
    for table in ("past_documents", "past_rejects", "past_lists"):
        write_part(snapshot, table, first_step, _read(fragments, table))
    for table in (f"past_{name}" for name in CHILD_TABLES):
        write_part(snapshot, table, first_step, _new_items(snapshot, fragments, table))
    return changes.height


def _read(fragments: Path, table: str, schema: pl.Schema | None = None) -> pl.DataFrame:
    """The fragments of a table in the order of paths."""
    found = sorted((fragments / table).glob("*.parquet"))
    if found:
        return pl.read_parquet(found)
    return empty(table) if schema is None else pl.DataFrame(schema=schema)


def _steps(commits: pl.DataFrame, first_step: int) -> pl.DataFrame:
    numbered = commits.with_row_index("step", first_step).with_columns(
        pl.col("step").cast(pl.Int64()),
        step_kind=pl.lit("commit"),
        snapshot_id=pl.lit(None, pl.String()),
    )
    return numbered.select(HISTORY_INPUTS["steps"].column_names())


def _new_items(snapshot: Path, fragments: Path, table: str) -> pl.DataFrame:
    """The distinct items of a table that the history does not have yet."""
    found = sorted((fragments / table).glob("*.parquet"))
    if not found:
        return empty(table)
    known = scan_parts(snapshot, table).select("item_id")
    items = pl.scan_parquet(found).unique("item_id", keep="any")
    return items.join(known, on="item_id", how="anti").collect()
