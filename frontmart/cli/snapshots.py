"""Commands on snapshots: list, publish an earlier one, tag, remove old ones, check the published one for damage."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer

from frontmart.cli.app import DEFAULT_OUT, BuildOut, Config, Json, Out, app, help_notes, report_errors
from frontmart.cli.completion import snapshot_ids, snapshots_to_publish, tag_names
from frontmart.cli.signals import raise_on_signals
from frontmart.errors import SnapshotError, UsageError

_LOCKED: Final = "a build is running in the output folder"


@app.command(
    epilog=help_notes(
        "frontmart snapshots --json", json="published (an id or null), snapshots (run.json and tags of each)."
    )
)
@report_errors
@raise_on_signals()
def snapshots(out: Out = DEFAULT_OUT, as_json: Json = False) -> None:
    """List the snapshots, latest first.

    Shows which one is published, the day that its marts describe, its numbers of files, and its tags.
    """
    from frontmart.cli.show import show_snapshots
    from frontmart.snapshots.publication import find_published_id
    from frontmart.snapshots.read import read_all_runs
    from frontmart.snapshots.store import published_id
    from frontmart.snapshots.tags import tags_by_snapshot

    runs, tags = read_all_runs(out), tags_by_snapshot(out)
    current = find_published_id(out) if runs else published_id(out)
    rows = [
        {"is_published": run["snapshot_id"] == current, "tags": tags.get(run["snapshot_id"], []), **run} for run in runs
    ]
    typer.echo(json.dumps({"published": current, "snapshots": rows})) if as_json else show_snapshots(rows)


@app.command(epilog=help_notes("frontmart rollback 20260131T060000000000Z", json="published (the id)."))
@report_errors
@raise_on_signals()
def rollback(
    snapshot_id: Annotated[
        str | None,
        typer.Argument(
            metavar="ID",
            help="Id or tag of the snapshot to publish (default: the one published before).",
            autocompletion=snapshots_to_publish,
        ),
    ] = None,
    out: Out = DEFAULT_OUT,
    as_json: Json = False,
) -> None:
    """Publish an earlier snapshot again.

    Builds and removes nothing: `frontmart snapshots` lists the snapshots to choose from. Without ID, passes over those
    that were never published, such as the days of a backfill.
    """
    from frontmart.snapshots.store import roll_back

    snapshot = roll_back(out, snapshot_id)
    typer.echo(json.dumps({"published": snapshot.id})) if as_json else typer.echo(f"published {snapshot.id}", err=True)


@app.command(
    epilog=help_notes(
        "frontmart tag before-migration 20260131T060000000000Z",
        exit_codes={0: "done", 1: "there is no such snapshot or tag", 2: "wrong usage", 4: _LOCKED},
        json="tags (tag, snapshot_id, is_missing of each), after the change.",
    )
)
@report_errors
@raise_on_signals()
def tag(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Name of the tag.", autocompletion=tag_names)
    ] = None,
    snapshot_id: Annotated[
        str | None,
        typer.Argument(
            metavar="ID", help="Id or tag of a snapshot (default: the published one).", autocompletion=snapshot_ids
        ),
    ] = None,
    delete: Annotated[bool, typer.Option("--delete", "-d", help="Delete the tag; the snapshot stays.")] = False,
    list_: Annotated[bool, typer.Option("--list", "-l", help="List the tags, as without NAME.")] = False,
    out: Out = DEFAULT_OUT,
    as_json: Json = False,
) -> None:
    """Give a snapshot a name, which keeps it from being pruned.

    A name that another snapshot has moves. A snapshot may have several. A snapshot that was never published, such as
    that of a backfill, is removed by the next build once it has no tag.
    """
    from frontmart.cli.show import show_tagged, show_tags
    from frontmart.snapshots.store import list_snapshots
    from frontmart.snapshots.tagging import delete_tag, tag_snapshot
    from frontmart.snapshots.tags import list_tags

    if name is None and delete:
        raise UsageError("tag --delete needs the NAME of a tag; see `frontmart tag --list`")
    if name is not None and (list_ or (delete and snapshot_id is not None)):
        raise UsageError("give tag --list alone, tag --delete with a NAME, or tag with a NAME and an ID")
    if name is not None and delete:
        for id_ in delete_tag(out, name):
            typer.echo(f"deleted {name} of {id_}", err=True)
    elif name is not None:
        tagged, before = tag_snapshot(out, name, snapshot_id)
        if not as_json:
            show_tagged(tagged, before)
    if as_json or name is None:
        complete = {snapshot.id for snapshot in list_snapshots(out)}
        tags = list_tags(out)
        rows = [
            {"tag": each.name, "snapshot_id": each.snapshot_id, "is_missing": each.snapshot_id not in complete}
            for each in tags
        ]
        typer.echo(json.dumps({"tags": rows})) if as_json else show_tags(rows)


@app.command(
    epilog=help_notes(
        "frontmart prune --keep 10 --max-age 30",
        exit_codes={0: "done, or nothing to remove", 1: "failed", 2: "wrong usage", 4: _LOCKED},
        json="removed and kept (ids, latest first), freed_bytes, tagged (ids kept because of a tag).",
    )
)
@report_errors
@raise_on_signals()
def prune(
    keep: Annotated[
        int,
        typer.Option(
            "--keep",
            metavar="N",
            min=1,
            envvar="FRONTMART_KEEP_SNAPSHOTS",
            help="Number of snapshots to keep for a rollback.",
        ),
    ] = 5,
    max_age: Annotated[
        float | None,
        typer.Option("--max-age", metavar="DAYS", min=0, help="Maximum age of a snapshot, in days (default: any age)."),
    ] = None,
    out: Out = DEFAULT_OUT,
    as_json: Json = False,
) -> None:
    """Remove old snapshots, and the leftovers of killed builds.

    Removes snapshots that are beyond --keep or older than --max-age. The published one always stays, and so do those
    with a tag, which do not count. Every build also prunes, to the number in the setting keep_snapshots.
    """
    from frontmart.cli.show import show_pruned
    from frontmart.snapshots.retention import prune as prune_snapshots

    done = prune_snapshots(out, keep, max_age)
    typer.echo(json.dumps(asdict(done))) if as_json else show_pruned(done)


@app.command(
    epilog=help_notes(
        "frontmart verify --deep --out warehouse",
        exit_codes={0: "no problem found", 1: "damaged, an error check found rows, or nothing is published"},
        json="snapshot_id, is_good, file_count, byte_count, findings (path, problem, advice), "
        "checks (name, severity, description, failed_row_count, first_rows), compared_table_count, not_recomputed.",
    )
)
@report_errors
@raise_on_signals()
def verify(
    snapshot_id: Annotated[
        str | None,
        typer.Argument(
            metavar="ID", help="Snapshot to check (default: the published one).", autocompletion=snapshot_ids
        ),
    ] = None,
    deep: Annotated[
        bool, typer.Option("--deep", help="Also compute all tables again from the tidy tables, and compare the rows.")
    ] = False,
    out: Out = DEFAULT_OUT,
    as_json: Json = False,
) -> None:
    """Check a snapshot for damage.

    Compares every file with the size and SHA-256 in the manifest, and runs the checks on the warehouse again. Prints
    one line per problem: the file, what is wrong, what to do. Checks that only warn do not count. Changes nothing, and
    may run during a build.
    """
    from frontmart.cli.show import show_verification
    from frontmart.verify import ADVICE
    from frontmart.verify import verify as verify_snapshot

    found = verify_snapshot(out, snapshot_id, deep=deep)
    typer.echo(json.dumps(found.as_json(), default=str)) if as_json else show_verification(found)
    if not found.is_good:
        count = len(found.findings)
        kind = "snapshot" if snapshot_id else "published snapshot"
        problems = "1 problem" if count == 1 else f"{count:,} problems"
        raise SnapshotError(f"{out}: the {kind} {found.snapshot_id} has {problems}; {ADVICE}")


@app.command(
    epilog=help_notes(
        "frontmart repair --out warehouse",
        exit_codes={
            0: "nothing is damaged, or everything damaged was replaced",
            1: "failed, or a snapshot cannot be had back",
            2: "wrong usage or setting",
            3: "the build that replaces the published snapshot is blocked by a check",
            4: _LOCKED,
        },
        json="published (an id), is_rebuilt, is_good, run_log (sentences), "
        "damaged (snapshot_id, as_of_date, files, moved_to, is_lost).",
    )
)
@report_errors
@raise_on_signals()
def repair(
    source: Annotated[
        Path | None,
        typer.Argument(metavar="SOURCE", help="Folder of front-matter files (default: as last time)."),
    ] = None,
    out: BuildOut = None,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Replace what is damaged, and say what cannot be had back.

    Builds the published snapshot again, from the files as they are now, if one of its files differs from the manifest.
    Other damaged snapshots cannot be built again: they are moved to snapshots/damaged-ID, so that nothing reads them.
    Removes nothing, and never changes runs.jsonl.
    """
    from frontmart.cli.show import show_repair
    from frontmart.repair import find_source
    from frontmart.repair import repair as repair_output
    from frontmart.runners import LocalRunner
    from frontmart.settings import Settings
    from frontmart.terminal.progress import Console, print_warning

    settings = Settings.load(config, warn=print_warning, source=source, out=out)
    if source is None:
        settings = settings.model_copy(update={"source": find_source(settings.out) or settings.source})
    done = repair_output(settings, LocalRunner(Console(is_quiet=True), settings.workers))
    typer.echo(json.dumps(done.as_json())) if as_json else show_repair(done)
    if done.lost:
        count = "1 snapshot" if len(done.lost) == 1 else f"{len(done.lost):,} snapshots"
        advice = "`frontmart backfill DAY DAY` describes a day again, from the files as they are now"
        raise SnapshotError(f"{settings.out}: {count} cannot be had back; {advice}")
