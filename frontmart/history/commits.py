"""Give a staged snapshot the history of a Git repository: the commits since the last one read, or all of them.

All are read again if that commit is no longer on the line, if another folder of the repository is read, or if what
decides the rows has changed: another version of Frontmart, another mapping file, other limits.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

from frontmart.catalog.history_inputs import HISTORY_INPUTS
from frontmart.git.log import Log, read_log
from frontmart.git.repository import Repository
from frontmart.git.source import CommitSource
from frontmart.history.base import HistoryBase
from frontmart.history.forget import Current, Tables, forget_documents
from frontmart.history.parts import (
    FORMAT,
    Purged,
    Record,
    history_folder,
    scan_parts,
    share_parts,
    write_parts,
    write_record,
)
from frontmart.history.replay import Seeds, replay
from frontmart.history.seeds import read_seeds
from frontmart.history.versions_of_paths import Reading
from frontmart.runners import Runner
from frontmart.settings import Settings
from frontmart.snapshots.fingerprint import fingerprint, fingerprinted_files, hash_of
from frontmart.snapshots.store import Snapshot, remove
from frontmart.version import VERSION
from transforms.generic.rules import FieldRules
from transforms.vocabulary import Preset

# What decides the rows of a history besides what decides those of a build.
_CODE: Final = (
    "frontmart/catalog/history_inputs.py",
    "frontmart/history/replay.py",
    "frontmart/history/seeds.py",
    "frontmart/history/starts.py",
    "frontmart/history/versions_of_paths.py",
    "transforms/history",
)


@dataclass(frozen=True, slots=True)
class CommitHistory:
    """The commits of a repository, up to one, as the history and the source of a build."""

    repository: Repository

    @property
    def source(self) -> CommitSource:
        """The files of the last commit."""
        return CommitSource(self.repository, self.repository.head)

    def is_read(self, base: HistoryBase | None) -> bool:
        """Whether the history of a snapshot has the last commit."""
        record = base.record if base else None
        return record is not None and (record.last_commit_id, record.path) == (
            self.repository.head,
            self.repository.subfolder,
        )


def rules_of(settings: Settings, rules: FieldRules | None, preset: Preset) -> str:
    """The hash of all that decides what a commit becomes, wherever the repository is."""
    anywhere = settings.model_copy(update={"source": Path("/")})
    words = [fingerprint(anywhere, VERSION, rules)["rows"], preset.value, str(FORMAT)]
    return hash_of(words, fingerprinted_files(_CODE))


def read_commits(
    stage: Snapshot,
    commits: CommitHistory,
    base: HistoryBase | None,
    reading: Reading,
    rules: str,
    runner: Runner,
    warn: Callable[[str], None],
) -> bool:
    """Write the history of a repository to a staged snapshot -> whether it is that of the base and new commits.

    What was purged stays so, also if all commits are read again. A call that failed can be repeated.

    Raises SourceUnavailableError for missing objects, and FrontmartError if files cannot be written.
    """
    repository = commits.repository
    for leftover in (history_folder(stage.folder), stage.work / "history"):
        if leftover.exists():
            remove(leftover)
    record = base.record if base else None
    log, is_later = _read_log(repository, record, rules, warn)
    first = 0
    seeds: Seeds | None = None
    if base and record and is_later:
        share_parts(base.snapshot.folder, stage.folder)
        first = record.steps
        seeds = read_seeds(repository, str(record.last_commit_id), base.snapshot.folder, log.writes["path"])
    replay(repository, log, reading, runner, stage.folder, stage.work / "history", first, seeds)
    purged = record.purged if record else ()
    if purged and not is_later:
        purged = _forget_again(stage, repository, purged)
    write_record(
        stage.folder,
        Record(
            kind="commits",
            steps=first + log.steps.height,
            repository=str(repository.path),
            path=repository.subfolder,
            branch=repository.branch,
            last_commit_id=repository.head,
            rules=rules,
            purged=purged,
        ),
    )
    return is_later


def _read_log(
    repository: Repository, record: Record | None, rules: str, warn: Callable[[str], None]
) -> tuple[Log, bool]:
    """The commits to read, and whether they follow those of the record."""
    if record and (record.rules, record.path) == (rules, repository.subfolder):
        log = read_log(repository, record.last_commit_id)
        if log is not None:
            return log, True
        last = (record.last_commit_id or "")[:12]
        warn(f"{repository.path}: commit {last} is no longer in its history, which is read anew")
    log = read_log(repository)
    if log is None:
        raise ValueError("a log from the first commit on is never None")
    return log, False


def _forget_again(stage: Snapshot, repository: Repository, purged: tuple[Purged, ...]) -> tuple[Purged, ...]:
    """Take what was purged out of a history that was read anew -> the same, in its steps.

    A commit that is no longer there says nothing of when: then all past versions go.
    """
    tables: Tables = {name: scan_parts(stage.folder, name).collect() for name in HISTORY_INPUTS}
    step_of = dict(tables["steps"].select("commit_id", "step").iter_rows())
    last = max(step_of.values(), default=0)
    renewed = tuple(replace(each, through_step=step_of.get(each.through_commit_id, last)) for each in purged)
    current = _present(stage, tables)
    for through in sorted({each.through_step for each in renewed}):
        ids = {each.document_id for each in renewed if each.through_step == through and each.document_id}
        tables = forget_documents(tables, ids, current, through).tables
    remove(history_folder(stage.folder))
    write_parts(stage.folder, 0, tables)
    return renewed


def _present(stage: Snapshot, tables: Tables) -> Current:
    """What is current, by the changes: the tidy tables are not there yet."""
    last = tables["document_changes"].sort("step").group_by("document_id", maintain_order=True).last()
    documents = last.filter(~pl.col("change").is_in(["removed", "refused"]))
    unknown = pl.lit(None, pl.String()).alias("canonical_url")
    return Current(
        documents.select("document_id", "path", "collection", unknown),
        last.filter(pl.col("change") == "refused")["document_id"],
    )
