"""Source files that vanish or change between listing and reading: accounted for, and picked up by the next build."""

import duckdb

from frontmart.snapshots.store import published
from tests.reliability.fault_injection import Fault
from tests.reliability.workspace import Workspace, hashes_of, leftovers_in, problems_in
from tests.sample import build_quietly

NEW = "_news/new.md"


def build_with_fault(workspace: Workspace, action: str) -> None:
    """Build, and change or remove the new file after it was listed and before it is read."""
    fault = Fault("plan", str(workspace.folder / "hit"), calls=1, action=action, target=str(workspace.source / NEW))
    done = workspace.run_with_fault(fault)
    assert (done.returncode, done.stderr) == (0, "")
    assert (workspace.folder / "hit").read_text() == "plan"
    assert problems_in(workspace.out) == []


def outcome_of(workspace: Workspace) -> list[tuple[str, str | None, int | None]]:
    """The new file in the warehouse: its outcome, the reason of its reject, and the word count of its body."""
    with duckdb.connect(published(workspace.out).warehouse, read_only=True) as con:
        return con.execute(
            "select outcome, reason, body_words from tidy.files left join tidy.rejects using (document_id) "
            "left join tidy.documents using (document_id) where files.path = $1",
            [NEW],
        ).fetchall()


def assert_next_build_equals_full_build(workspace: Workspace) -> None:
    """The next incremental build gives what a full build gives."""
    build_quietly(workspace.source, workspace.out, keep_snapshots=1)
    full = build_quietly(workspace.source, workspace.folder / "full", keep_snapshots=1)
    assert hashes_of(published(workspace.out)) == hashes_of(published(full.out))
    assert problems_in(workspace.out) == []
    assert leftovers_in(workspace.out) == []


def test_a_file_that_vanishes_is_a_reject_and_gone_in_the_next_build(workspace: Workspace) -> None:
    build_with_fault(workspace, "remove file")
    assert outcome_of(workspace) == [("reject", "unreadable", None)]
    assert_next_build_equals_full_build(workspace)
    assert outcome_of(workspace) == []


def test_a_file_that_changes_is_read_as_it_is_and_again_by_the_next_build(workspace: Workspace) -> None:
    build_with_fault(workspace, "change file")
    assert outcome_of(workspace) == [("document", None, 5)]
    assert_next_build_equals_full_build(workspace)
    assert outcome_of(workspace) == [("document", None, 5)]
