"""The history of builds of a folder: each published build is a step, and every state before can be had back."""

import datetime as dt
import json
import shutil
from pathlib import Path

import polars as pl
import pytest

from frontmart.catalog.history_inputs import CHILD_TABLES, HISTORY_INPUTS
from frontmart.extract import changes
from frontmart.history.parts import read_record
from frontmart.snapshots.store import published, roll_back
from frontmart.verify import verify
from tests.frontmart.history.folder import Folder
from tests.frontmart.history.states import warehouse_rows
from tests.sample import AS_OF, build_quietly

pytestmark = pytest.mark.usefixtures("few_models")


@pytest.fixture(autouse=True)
def _times_settle_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "_CLOCK_TICK", dt.timedelta(0))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_a_first_build_has_no_history_folder_and_no_rows(folder: Folder) -> None:
    folder.write("a.md")
    snapshot = folder.build()
    assert not (snapshot.folder / "history").exists()
    assert set(map(len, warehouse_rows(snapshot.warehouse).values())) == {0}


def test_a_build_without_a_written_file_is_no_step(folder: Folder) -> None:
    folder.write("a.md")
    folder.build()
    snapshot = folder.build(as_of=AS_OF + dt.timedelta(days=1))
    assert not (snapshot.folder / "history").exists()


def test_steps_are_the_first_build_and_each_that_found_files_written(folder: Folder) -> None:
    folder.write("a.md")
    built = [folder.build()]
    for title in ("B", "C"):
        folder.write("a.md", title)
        built.append(folder.build())
    steps = folder.table("steps")
    assert steps["snapshot_id"].to_list() == [each.id for each in built]
    started = [json.loads(each.run_file.read_text())["started_at"] for each in built]
    assert [f"{time.isoformat()}+00:00" for time in steps["committed_at"]] == started
    assert steps.select("step", "step_kind", "commit_id", "authored_at").rows() == [
        (step, "build", None, None) for step in range(3)
    ]
    record = read_record(built[-1].folder)
    assert record is not None
    assert (record.kind, record.steps) == ("builds", 3)


def test_each_kind_of_change_is_told(folder: Folder) -> None:
    url = "---\ntitle: A\nwebUrl: https://{host}/{page}\nprovider:\n  name: {host}\n  domain: {host}\n---\n{body}\n"
    folder.write("posts/gone.md", "Gone")
    folder.write("posts/same.md", "Moved as it is")
    folder.write_text("posts/edited.md", url.format(host="a.example", page=1, body="x"))
    folder.write_text("posts/swapped.md", url.format(host="a.example", page=2, body="x"))
    folder.write("posts/broken.md", "Broken")
    folder.write("posts/mended.md", "M")
    folder.write_text("posts/mended.md", "---\ntitle: [\n---\n")
    folder.build()
    (folder.source / "posts/gone.md").unlink()
    (folder.source / "posts/same.md").rename(folder.source / "same-elsewhere.md")
    (folder.source / "posts/edited.md").unlink()
    folder.write_text("edited-elsewhere.md", url.format(host="a.example", page=1, body="y"))
    folder.write_text("posts/swapped.md", url.format(host="b.example", page=9, body="x"))
    folder.write_text("posts/broken.md", "---\ntitle: [\n---\n")
    folder.write("posts/mended.md", "M")
    folder.write("posts/new.md", "New")
    folder.build()
    assert folder.changed(1) == [
        ("edited-elsewhere.md", "renamed"),
        ("posts/broken.md", "refused"),
        ("posts/edited.md", "removed"),
        ("posts/gone.md", "removed"),
        ("posts/mended.md", "readable"),
        ("posts/new.md", "added"),
        ("posts/same.md", "removed"),
        ("posts/swapped.md", "swapped"),
        ("same-elsewhere.md", "renamed"),
    ]
    renamed = folder.table("document_changes").filter(pl.col("rule").is_not_null())
    assert sorted(renamed.select("path", "from_path", "rule", "similarity").rows()) == [
        ("edited-elsewhere.md", "posts/edited.md", "url", None),
        ("same-elsewhere.md", "posts/same.md", "meaning", None),
    ]
    folder.write("posts/gone.md", "Back")
    folder.write_text("posts/new.md", "no front matter\n")
    folder.build()
    assert folder.changed(2) == [("posts/gone.md", "restored"), ("posts/new.md", "removed")]


def test_a_write_that_changes_nothing_stored_is_counted_and_no_version(folder: Folder) -> None:
    secret = "---\ntitle: b\nsecured: {}\n---\n"
    folder.write("_posts/a.md", "a")
    folder.write_text("_posts/b.md", secret.format("x"))
    folder.write("_posts/c.md", "c")
    folder.write("top.md")
    folder.build()
    folder.write("_posts/a.md", "a")
    folder.write_text("_posts/b.md", secret.format("y"))
    folder.write("_posts/c.md", "other")
    folder.write_text("top.md", "no front matter\n")
    folder.build()
    assert folder.table("writes").rows() == [(1, "", 1, 0), (1, "posts", 3, 2)]
    past = folder.table("past_documents").select("path", "valid_from", "valid_to").rows()
    assert sorted(past) == [("_posts/c.md", 0, 1), ("top.md", 0, 1)]


def test_files_read_again_by_another_version_are_no_change(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("a.md", topics="x")
    folder.write_text("b.md", "---\ntitle: [\n---\n")
    folder.build()
    monkeypatch.setattr("frontmart.snapshots.fingerprint.ROWS", ("transforms/fields.py",))
    run = build_quietly(folder.source, folder.out)
    assert run.changed_files["read"] == 2
    assert read_record(published(folder.out).folder) is None


def test_a_list_that_stays_has_no_row_and_one_that_ends_has_its_items_once(folder: Folder) -> None:
    folder.write("a.md", "1", topics="x, y")
    folder.build()
    for title, topics in (("2", "x, y"), ("3", "y"), ("4", ""), ("5", "x, y"), ("6", "")):
        folder.write("a.md", title, topics)
        folder.build()
    lists = folder.table("past_lists").filter(pl.col("list_name") == "document_topics")
    x, y = (folder.table("past_document_topics").filter(pl.col("topic") == each)["item_id"][0] for each in "xy")
    assert lists.select("valid_from", "valid_to", "item_ids", "positions").rows() == [
        (0, 2, f"{x} {y}", "0 1"),
        (2, 3, y, "0"),
        (3, 4, "", ""),
        (4, 5, f"{x} {y}", "0 1"),
    ]
    assert folder.table("past_document_topics")["item_id"].is_unique().all()


def test_parts_are_shared_with_the_snapshot_before_and_listed_in_the_manifest(folder: Folder) -> None:
    folder.write("a.md")
    folder.build()
    folder.write("a.md", "2")
    second = folder.build()
    folder.write("a.md", "3")
    third = folder.build()
    part = Path("history/steps/000000.parquet")
    assert (second.folder / part).samefile(third.folder / part)
    listed = {each["path"] for each in json.loads((third.folder / "manifest.json").read_text())["files"]}
    assert {part.as_posix(), "history/steps/000002.parquet", "history/history.json"} <= listed


def test_a_rollback_loses_nothing_and_goes_on_from_the_latest(folder: Folder) -> None:
    folder.write("a.md", "1")
    first = folder.build()
    folder.write("a.md", "2")
    folder.build()
    roll_back(folder.out, first.id)
    folder.write("a.md", "3")
    folder.build()
    assert folder.table("steps")["step"].to_list() == [0, 1, 2]
    assert folder.table("past_documents").select("title", "valid_from", "valid_to").rows() == [("1", 0, 1), ("2", 1, 2)]


def test_pruned_snapshots_stay_in_the_history(folder: Folder) -> None:
    for title in "12345":
        folder.write("a.md", title)
        folder.build(keep_snapshots=1)
    assert len(list((folder.out / "snapshots").glob("2*"))) == 1
    assert folder.table("past_documents")["title"].to_list() == ["1", "2", "3", "4"]


def test_a_damaged_snapshot_is_passed_over_and_the_warning_says_what_is_lost(folder: Folder) -> None:
    folder.write("a.md", "1")
    folder.build()
    folder.write("a.md", "2")
    second = folder.build()
    folder.write("a.md", "3")
    third = folder.build()
    part = third.folder / "history/past_documents/000002.parquet"
    part.write_bytes(part.read_bytes()[:-1] + b"x")
    folder.write("a.md", "4")
    run = build_quietly(folder.source, folder.out)
    assert any(f"the history goes on from snapshot {second.id}, without the steps after it" in w for w in run.warnings)
    titles = folder.table("past_documents").select("title", "valid_from", "valid_to").rows()
    assert titles == [("1", 0, 1), ("2", 1, 2)]
    assert verify(folder.out).is_good


def test_without_a_whole_snapshot_the_history_begins_anew_with_a_warning(folder: Folder) -> None:
    folder.write("a.md", "1")
    folder.build()
    folder.write("a.md", "2")
    second = folder.build(keep_snapshots=1)
    part = second.folder / "history/steps/000000.parquet"
    part.write_bytes(b"x")
    folder.write("a.md", "3")
    run = build_quietly(folder.source, folder.out)
    assert any("the history begins anew with this build" in warning for warning in run.warnings)
    assert read_record(published(folder.out).folder) is None


def test_a_damaged_warehouse_alone_costs_no_history(folder: Folder) -> None:
    folder.write("a.md", "1")
    folder.build()
    folder.write("a.md", "2")
    second = folder.build(keep_snapshots=1)
    second.warehouse.write_bytes(b"x")
    folder.write("a.md", "3")
    folder.build()
    assert folder.table("past_documents")["title"].to_list() == ["1", "2"]


def test_builds_without_a_history_are_passed_over(folder: Folder) -> None:
    folder.write("a.md", "1")
    folder.build()
    folder.write("a.md", "2")
    folder.build()
    folder.write("a.md", "3")
    run = build_quietly(folder.source, folder.out, history=False)
    assert any("built without a history" in warning for warning in run.warnings)
    assert not (published(folder.out).folder / "history").exists()
    folder.write("a.md", "4")
    folder.build()
    assert folder.table("past_documents").select("title", "valid_from", "valid_to").rows() == [("1", 0, 1), ("2", 1, 2)]


def test_a_snapshot_of_a_backfill_is_no_step_until_it_is_published(folder: Folder) -> None:
    from frontmart.pipeline import build
    from frontmart.runners import LocalRunner
    from frontmart.settings import Settings
    from frontmart.terminal.progress import Console

    folder.write("a.md", "1")
    folder.build()
    folder.write("a.md", "2")
    settings = Settings.load(source=folder.source, out=folder.out, as_of=AS_OF)
    build(settings, LocalRunner(Console(is_quiet=True), 1), tag="kept")
    folder.write("a.md", "3")
    folder.build()
    assert folder.table("past_documents").select("title", "valid_from", "valid_to").rows() == [("1", 0, 1)]
    assert folder.table("steps").height == 2


def test_every_child_table_has_its_items(folder: Folder) -> None:
    assert {f"past_{name}" for name in CHILD_TABLES} < set(HISTORY_INPUTS)
    assert len(CHILD_TABLES) == 12


def test_a_copied_output_folder_goes_on(folder: Folder, tmp_path: Path) -> None:
    folder.write("a.md", "1")
    folder.build()
    folder.write("a.md", "2")
    folder.build()
    shutil.copytree(folder.out, tmp_path / "copy", symlinks=True)
    folder.out = tmp_path / "copy"
    folder.write("a.md", "3")
    folder.build()
    assert folder.table("past_documents")["title"].to_list() == ["1", "2"]
