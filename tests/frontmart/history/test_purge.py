"""A purge: what is forgotten is in no byte below the output folder any more."""

import datetime as dt
from pathlib import Path

import duckdb
import polars as pl
import pytest

from frontmart.errors import SnapshotError, UsageError
from frontmart.extract import changes
from frontmart.history.parts import read_record
from frontmart.purge import Purge, purge
from frontmart.snapshots.store import published, roll_back
from frontmart.snapshots.tagging import tag_snapshot
from frontmart.verify import verify
from tests.frontmart.history.folder import Folder
from tests.frontmart.history.states import state_at, stored
from tests.sample import build_quietly
from transforms.parse.frontmatter import document_id

WORD = "zyxwvut"
ARTICLE = """---
title: About {word}
excerpt: What {word} is
webUrl: https://example.com/{word}/
topics: [{word}, Common]
images:
  - url: https://img.example.com/{word}.png
provider: {{name: '{word}', domain: {word}.example}}
{key}: 1
---
Text of {word}.
"""
OTHER = """---
title: Other {number}
webUrl: https://example.com/other
related:
  - title: Elsewhere
    webUrl: https://example.com/elsewhere/
    provider: {{name: E, domain: e.example}}
{related}---
Body
"""
RELATED = """  - title: About {word}
    webUrl: https://example.com/{word}/
    provider: {{name: '{word}', domain: {word}.example, images: [{{url: 'https://p.example/{word}.png'}}]}}
    images: [{{url: 'https://img.example.com/{word}.png'}}]
"""


@pytest.fixture(autouse=True)
def _times_settle_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "_CLOCK_TICK", dt.timedelta(0))


def places_of(out: Path, word: str) -> list[str]:
    """Where a word is below a folder: in names, bytes, and the values of Parquet and DuckDB files."""
    found = []
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out).as_posix()
        if word in name:
            found.append(name)
        if path.is_symlink() or not path.is_file():
            continue
        if word.encode() in path.read_bytes():
            found.append(f"bytes of {name}")
        if path.suffix == ".parquet" and word in pl.read_parquet(path).write_json():
            found.append(f"values of {name}")
        if path.suffix == ".duckdb":
            found += [f"{name}: {table}" for table in tables_with(path, word)]
    return found


def tables_with(path: Path, word: str) -> list[str]:
    with duckdb.connect(path, read_only=True) as con:
        query = "select schema_name || '.' || table_name from duckdb_tables() where not internal"
        names = [name for (name,) in con.execute(query).fetchall()]
        return [name for name in names if word in str(con.execute(f"select * from {name}").fetchall())]


def article(folder: Folder, path: str, word: str, key: str = "x") -> None:
    folder.write_text(path, ARTICLE.format(word=word, key=key))


def other(folder: Folder, number: int, word: str | None) -> None:
    folder.write_text("posts/other.md", OTHER.format(number=number, related=RELATED.format(word=word) if word else ""))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """An article that came, changed, moved and went, and another that listed it as related."""
    folder = Folder(tmp_path)
    folder.write("posts/stays.md", "Stays", topics="Common")
    article(folder, f"{WORD}/first.md", WORD)
    other(folder, 1, WORD)
    folder.build()
    article(folder, f"{WORD}/first.md", WORD, key=WORD)
    other(folder, 2, WORD)
    folder.write("posts/stays.md", "Stays 2", topics="Common")
    folder.build()
    (folder.source / WORD / "first.md").rename(folder.source / f"{WORD}-moved.md")
    other(folder, 3, None)
    folder.build()
    folder.write_text(f"{WORD}-moved.md", f"---\n{WORD}: [\n---\n")
    folder.build()
    (folder.source / f"{WORD}-moved.md").unlink()
    folder.build()
    return folder


@pytest.mark.parametrize("name", [f"{WORD}/first.md", f"{WORD}-moved.md"])
def test_no_byte_of_a_document_that_is_gone_is_left(folder: Folder, name: str) -> None:
    tag_snapshot(folder.out, "old")
    before = published(folder.out)
    damaged = folder.out / "snapshots" / f"damaged-{before.id}"
    damaged.mkdir()
    (damaged / "text").write_text(WORD)
    assert places_of(folder.out, WORD)
    found = purge(folder.out, name)
    assert places_of(folder.out, WORD) == []
    assert found.paths == [f"{WORD}-moved.md", f"{WORD}/first.md"]
    assert (found.version_count, found.related_count, found.current, found.tags) == (3, 1, [], ["old"])
    assert {before.id, damaged.name} < set(found.removed)
    assert [path.name for path in (folder.out / "snapshots").iterdir()] == [found.snapshot_id]
    assert published(folder.out).id == found.snapshot_id
    assert verify(folder.out, deep=True).findings == []


def test_all_else_of_the_history_stays(folder: Folder) -> None:
    last = published(folder.out)
    names = ("documents", "document_topics", "related_items")
    states = {(step, name): state_at(last, step, name) for step in range(5) for name in names}
    purge(folder.out, f"{WORD}/first.md")
    now = published(folder.out)
    record = read_record(now.folder)
    assert record is not None
    assert record.steps == 5
    gone = [document_id(path) for path in (f"{WORD}/first.md", f"{WORD}-moved.md")]
    for (step, name), then in states.items():
        is_gone = pl.any_horizontal(pl.col(pl.String).str.contains(WORD).fill_null(value=False))
        kept = then.filter(~is_gone & ~pl.col("document_id").is_in(gone))
        assert state_at(now, step, name).rows() == kept.rows(), (step, name)


def test_the_next_build_goes_on(folder: Folder) -> None:
    purge(folder.out, f"{WORD}/first.md")
    folder.write("posts/stays.md", "Stays 3")
    folder.build()
    assert folder.table("steps")["step"].to_list() == [0, 1, 2, 3, 4, 5]
    assert verify(folder.out, deep=True).findings == []
    assert places_of(folder.out, WORD) == []


def test_the_current_version_stays_and_begins_where_it_did(folder: Folder) -> None:
    folder.write("posts/stays.md", "Stays 3")
    folder.build()
    found = purge(folder.out, "posts/stays.md")
    assert (found.current, found.version_count) == (["posts/stays.md"], 2)
    assert folder.changed(5) == [("posts/stays.md", "added")]
    last = published(folder.out)
    titles = [state_at(last, step, "documents")["title"].to_list() for step in (0, 5)]
    assert "Stays" not in titles[0]
    assert "Stays 3" in titles[1]
    assert state_at(last, 5, "document_topics").rows() == stored(last, "document_topics").rows()


def test_versions_that_began_since_a_moment_go(folder: Folder) -> None:
    moment = folder.table("steps").filter(pl.col("step") == 2)["committed_at"][0]
    before = folder.table("past_documents").filter(pl.col("valid_from") < 2)
    found = purge(folder.out, since=moment.replace(tzinfo=dt.UTC))
    assert found.version_count == 1
    assert folder.table("past_documents").rows() == before.sort("document_id", "valid_from").rows()
    assert places_of(folder.out, f"{WORD}-moved") == []
    assert verify(folder.out, deep=True).findings == []


def test_since_the_beginning_nothing_past_is_left(folder: Folder) -> None:
    purge(folder.out, since=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert places_of(folder.out, WORD) == []
    assert folder.table("past_documents").is_empty()


def test_a_purge_can_be_repeated(folder: Folder) -> None:
    purge(folder.out, f"{WORD}/first.md")
    with pytest.raises(UsageError, match="no version of it is known"):
        purge(folder.out, f"{WORD}/first.md")


def test_a_snapshot_without_a_history_is_purged_of_its_siblings(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("a.md")
    article(folder, "b.md", WORD)
    folder.build()
    (folder.source / "b.md").unlink()
    folder.build(history=False)
    # The history is that of the build before, which is passed over; published is another.
    with pytest.raises(SnapshotError, match="run `frontmart build` first"):
        purge(folder.out, "b.md")
    folder.write("a.md", "2")
    folder.build()
    assert purge(folder.out, "b.md").version_count == 1
    assert places_of(folder.out, WORD) == []


def test_a_purge_needs_the_latest_snapshot_to_be_published(folder: Folder) -> None:
    roll_back(folder.out)
    with pytest.raises(SnapshotError, match="run `frontmart build` first, then purge again"):
        purge(folder.out, "posts/stays.md")


@pytest.mark.parametrize("given", [{}, {"path": "a.md", "since": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}])
def test_either_a_path_or_a_moment_is_needed(folder: Folder, given: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="give either a path or --since"):
        purge(folder.out, **given)  # type: ignore[arg-type]


def test_a_purge_that_fails_removes_nothing(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sorted(path.name for path in (folder.out / "snapshots").iterdir())

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("frontmart.purge.write_manifest", fail)
    with pytest.raises(OSError, match="No space"):
        purge(folder.out, f"{WORD}/first.md")
    assert sorted(path.name for path in (folder.out / "snapshots").iterdir()) == before


def test_a_build_after_a_purge_is_unchanged(folder: Folder) -> None:
    found: Purge = purge(folder.out, f"{WORD}/first.md")
    assert build_quietly(folder.source, folder.out).outcome == "unchanged"
    assert published(folder.out).id == found.snapshot_id
