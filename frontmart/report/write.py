"""Write the report into a snapshot: a staged one, or a published one, whose manifest is then updated; or to a file."""

from pathlib import Path

from frontmart.errors import UsageError
from frontmart.report.queries import run_report_queries
from frontmart.report.render import render
from frontmart.settings import Settings, name_of_folder
from frontmart.snapshots.atomic import open_replacement
from frontmart.snapshots.lock import lock_output
from frontmart.snapshots.manifest import add_file
from frontmart.snapshots.publication import published_path
from frontmart.snapshots.read import read_published, read_run
from frontmart.snapshots.store import Snapshot, published
from frontmart.warehouse.checks import CheckResult


def report(out: Path, output: Path | None = None) -> Path:
    """Write the report of the published snapshot and return its absolute path. The same snapshot gives the same bytes.

    Args:
        out: the output folder of the builds.
        output: a file to write instead of `report.html` in the snapshot, which then stays as it is.

    Without `output`, holds the lock of the output folder, so that no build runs at the same time.

    Raises:
        SnapshotError: if nothing is published, or `run.json` of the snapshot is damaged.
        LockedError: if a build is running in the folder.
        ModelError: for a warehouse that another version of Frontmart built.
        UsageError: for an `output` that is a folder, or in a folder that does not exist.
    """
    memory_limit = Settings.load().memory_limit
    if output is not None:
        _require_file(output)
        page = read_published(out, lambda snapshot: _published_page(snapshot, memory_limit))
        with open_replacement(output) as file:
            file.write(page.encode())
        return output.absolute()
    published(out)  # raises before the lock creates the folder
    with lock_output(out):
        snapshot = published(out)
        add_report(snapshot, memory_limit)
    return (published_path(out) / snapshot.report.name).absolute()


def _require_file(output: Path) -> None:
    if output.is_dir():
        raise UsageError(f"--output {output}: is a folder; name a file in it, such as {output / 'report.html'}")
    if output.exists() and not output.is_file():
        raise UsageError(f"--output {output}: is not a file that can be replaced; name another")
    if not output.absolute().parent.is_dir():
        raise UsageError(f"--output {output}: there is no folder {output.parent}; create it, or name another file")


def add_report(snapshot: Snapshot, memory_limit: str) -> None:
    """Write the report of a published snapshot. The caller holds the lock of the output folder."""
    add_file(snapshot.folder, snapshot.report.name, _published_page(snapshot, memory_limit).encode())


def write_report(snapshot: Snapshot, checks: list[CheckResult], name: str, memory_limit: str) -> None:
    """Write the report of a staged snapshot.

    Args:
        snapshot: the snapshot; its warehouse is complete.
        checks: the results of its checks.
        name: the name of the corpus.
        memory_limit: the most memory that DuckDB may use, such as 1GB.
    """
    snapshot.report.write_text(_page(snapshot, checks, name, memory_limit), encoding="utf-8")


def _published_page(snapshot: Snapshot, memory_limit: str) -> str:
    """The page of a published snapshot, with the name and the checks that its build recorded."""
    run = read_run(snapshot)
    # Other versions recorded no name.
    name = run.get("name") or name_of_folder(Path(run.get("source_path") or run.get("source") or "corpus"))
    checks = [CheckResult(**check) for check in run.get("checks") or ()]
    return _page(snapshot, checks, name, memory_limit)


def _page(snapshot: Snapshot, checks: list[CheckResult], name: str, memory_limit: str) -> str:
    return render(run_report_queries(snapshot.warehouse, memory_limit), checks, snapshot.id, name)
