"""Source files that vanish or change between the listing and the reading: accounted for now, picked up by the next."""

import duckdb

from frontmart.snapshots.store import published
from tests.reliability.disturbed import Moment
from tests.reliability.ground import Ground, digests, faults_of, finished, litter_of
from tests.sample import build_quietly

NEW = "_news/new.md"


def disturb(ground: Ground, act: str) -> None:
    """Build, and have something happen to the new file when it was listed and not yet read."""
    moment = Moment("plan", str(ground.folder / "hit"), calls=1, act=act, target=str(ground.source / NEW))
    done = finished(ground.disturb(moment))
    assert (done.returncode, done.stderr) == (0, "")
    assert (ground.folder / "hit").read_text() == "plan"
    assert faults_of(ground.out) == []


def outcome_of(ground: Ground) -> list[tuple[str, str | None, int | None]]:
    """What became of the new file: its outcome, why it was refused, and the words of its body."""
    with duckdb.connect(published(ground.out).warehouse, read_only=True) as con:
        return con.execute(
            "select outcome, reason, body_words from tidy.files left join tidy.rejects using (document_id) "
            "left join tidy.documents using (document_id) where files.path = $1",
            [NEW],
        ).fetchall()


def hold_next_to_full_build(ground: Ground) -> None:
    """The next build takes the source as it is, without --full."""
    build_quietly(ground.source, ground.out, keep_snapshots=1)
    full = build_quietly(ground.source, ground.folder / "full", keep_snapshots=1)
    assert digests(published(ground.out)) == digests(published(full.out))
    assert faults_of(ground.out) == []
    assert litter_of(ground.out) == []


def test_a_file_that_vanishes_is_a_reject_and_gone_in_the_next_build(ground: Ground) -> None:
    disturb(ground, "remove file")
    assert outcome_of(ground) == [("reject", "unreadable", None)]
    hold_next_to_full_build(ground)
    assert outcome_of(ground) == []


def test_a_file_that_changes_is_read_as_it_is_and_again_by_the_next_build(ground: Ground) -> None:
    disturb(ground, "change file")
    assert outcome_of(ground) == [("document", None, 5)]
    hold_next_to_full_build(ground)
    assert outcome_of(ground) == [("document", None, 5)]
