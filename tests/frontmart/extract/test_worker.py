"""Files to fragments: every file of a listing in exactly one shard, every outcome in its table."""

import os
import re
import shutil
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from frontmart import runners
from frontmart.extract import shards
from frontmart.extract import worker as extract
from frontmart.extract.changes import all_changed
from frontmart.extract.listing import list_source
from frontmart.extract.pool import spawned_pool
from frontmart.extract.shards import Shard, plan_shards
from frontmart.extract.source import FolderSource
from frontmart.extract.worker import EXTRACT, discard_shard, extract_shard, reject_shard
from frontmart.runners import LocalRunner
from frontmart.terminal.progress import Console
from tests.sample import SAMPLE
from transforms.parse.frontmatter import document_id
from transforms.parse.limits import DEFAULT_LIMITS, Limits
from transforms.tables import TABLES
from transforms.tidy.flatten import validate
from transforms.vocabulary import FileOutcome

FIXTURES = Path(__file__).parents[2] / "fixtures"
SECURED = re.compile(rb'(?m)^secured: "?([^"\n]{20,})')


def planned(source: Path, folder: Path, limits: Limits = DEFAULT_LIMITS) -> list[Shard]:
    """List a source and plan its shards, with listing and fragments under a folder."""
    all_changed(list_source(source)).to_read.write_parquet(folder / "listing.parquet")
    return plan_shards(folder / "listing.parquet", FolderSource(source), folder / "fragments", workers=2, limits=limits)


def tables_in(fragments: Path) -> dict[str, pl.DataFrame]:
    """The rows of each table over all fragments, in order of their files."""
    return {
        folder.name: pl.concat(pl.read_parquet(fragment) for fragment in sorted(folder.iterdir()))
        for folder in sorted(fragments.iterdir())
    }


def extracted(source: Path, folder: Path) -> dict[str, pl.DataFrame]:
    folder.mkdir(exist_ok=True)
    for shard in planned(source, folder):
        assert extract_shard(shard) == shard.file_count
    return tables_in(folder / "fragments")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fragments of the sample corpus; tests only read them."""
    folder = tmp_path_factory.mktemp("sample")
    extracted(SAMPLE, folder)
    return folder / "fragments"


@given(st.lists(st.integers(0, 120), max_size=60), st.integers(1, 9), st.integers(1, 200), st.integers(1, 4))
@settings(max_examples=60)
def test_shards_cover_a_listing_exactly_once(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], files: int, size: int, workers: int
) -> None:
    listing = tmp_path_factory.getbasetemp() / "sizes.parquet"
    pl.DataFrame({"size": sizes}, schema={"size": pl.Int64}).write_parquet(listing)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "SHARD_FILES", files)
        patch.setattr(shards, "SHARD_BYTES", size)
        plan = plan_shards(listing, FolderSource(listing.parent), listing.parent, workers)
    assert [place for shard in plan for place in range(shard.start, shard.stop)] == list(range(len(sizes)))
    assert len({shard.fragment("files") for shard in plan}) == len(plan)
    for shard in plan:
        assert 1 <= shard.file_count <= files
        assert shard.file_count == 1 or sum(sizes[shard.start : shard.stop]) <= size


def test_work_is_shared_evenly_whether_it_lies_in_many_files_or_in_large_ones(tmp_path: Path) -> None:
    sizes = [1_500] * 9_000 + [300_000] * 100
    pl.DataFrame({"size": sizes}).write_parquet(tmp_path / "listing.parquet")
    plan = plan_shards(tmp_path / "listing.parquet", FolderSource(tmp_path), tmp_path, workers=2)
    weights = [shard.weight for shard in plan]
    assert len(plan) == 6
    assert sum(weights) == sum(sizes) + 16_384 * len(sizes)
    assert max(weights) < 1.1 * sum(weights) / 6


@pytest.mark.parametrize(("chosen", "expected"), [(None, "1"), ("3", "3")])
def test_a_worker_has_one_thread_of_polars_unless_the_user_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, chosen: str | None, expected: str
) -> None:
    monkeypatch.delenv("POLARS_MAX_THREADS", raising=False)
    if chosen:
        monkeypatch.setenv("POLARS_MAX_THREADS", chosen)
    with spawned_pool(1) as pool:
        assert pool.submit(os.getenv, "POLARS_MAX_THREADS").result() == expected
    assert os.environ.get("POLARS_MAX_THREADS") == chosen


@given(st.integers(0, 1_000), st.integers(1, 40))
def test_halves_cover_a_shard_and_end_at_a_single_file(start: int, count: int) -> None:
    shard = Shard(start, start + count, Path("listing"), FolderSource(Path("source")), Path("fragments"), weight=count)
    halves = shard.halves()
    assert [place for half in halves for place in range(half.start, half.stop)] == list(range(start, start + count))
    assert halves == [shard] if count == 1 else all(half.file_count < count for half in halves)


def test_an_empty_source_has_no_shards(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    assert planned(tmp_path / "source", tmp_path) == []


def test_fragments_match_their_schemas_and_every_child_has_its_parent(sample: Path) -> None:
    tables = tables_in(sample)
    documents = set(tables["documents"]["document_id"])
    validate(tables)
    for name, frame in tables.items():
        if name not in ("files", "rejects"):
            assert set(frame["document_id"]) <= documents, name
    assert {"documents", "files", "rejects"} < set(tables) <= set(TABLES)


def test_every_file_is_a_document_a_reject_or_skipped(sample: Path) -> None:
    tables = tables_in(sample)
    files = tables["files"]
    assert files["path"].to_list() == list_source(SAMPLE)["path"].to_list()
    assert files["document_id"].to_list() == [document_id(path) for path in files["path"]]
    by_outcome = {outcome: files.filter(outcome=outcome)["path"].to_list() for outcome in FileOutcome}
    assert by_outcome["document"] == tables["documents"]["path"].to_list()
    assert by_outcome["reject"] == tables["rejects"]["path"].to_list()
    assert all(by_outcome.values())
    assert_frame_equal(
        files.filter(outcome="document").select("path", "content_hash"),
        tables["documents"].select("path", "content_hash"),
    )


def test_no_secured_value_is_in_any_fragment(sample: Path) -> None:
    secrets = {secret[:24] for path in SAMPLE.rglob("*.*") for secret in SECURED.findall(path.read_bytes())}
    stored = b"".join(path.read_bytes() for path in sample.rglob("*.parquet"))
    shown = "".join(frame.write_csv() for frame in tables_in(sample).values()).encode()
    assert len(secrets) > 50
    assert {secret for secret in secrets if secret in stored or secret in shown} == set()


def test_fixtures_come_out_of_a_shard_one_by_one(tmp_path: Path) -> None:
    tables = extracted(FIXTURES, tmp_path)
    counts = {outcome: len(tables["files"].filter(outcome=outcome)) for outcome in FileOutcome}
    assert counts["document"] == tables["documents"].height
    assert counts["reject"] == tables["rejects"].height
    assert sum(counts.values()) == len(list_source(FIXTURES))
    assert b"PRIVATE" not in b"".join(path.read_bytes() for path in tmp_path.rglob("*.parquet"))


def test_what_cannot_be_read_is_a_reject(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "folder.md").mkdir(parents=True)
    for name in ("gone.md", "kept.md", "turned.md"):
        (source / name).write_text("---\ntitle: x\n---\n")
    (source / "self.md").symlink_to("self.md")
    (shard,) = planned(source, tmp_path)
    (source / "gone.md").unlink()
    (source / "turned.md").unlink()
    (source / "turned.md").mkdir()
    extract_shard(shard)
    tables = tables_in(tmp_path / "fragments")
    assert tables["documents"]["path"].to_list() == ["kept.md"]
    assert tables["rejects"].select("path", "reason", "line").rows() == [
        ("gone.md", "unreadable", None),
        ("self.md", "unreadable", None),
        ("turned.md", "unreadable", None),
    ]
    messages = tables["rejects"]["message"].to_list()
    assert "No such file or directory" in messages[0]
    assert "Too many levels of symbolic links" in messages[1]
    assert "(a folder): not a regular file" in messages[2]
    assert tables["files"].filter(path="self.md").row(0)[2:] == (0, 0, 0, 0, None, "reject")


def test_a_file_whose_name_is_not_utf8_is_read(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    try:
        (source / "caf\udce9.md").write_text("---\ntitle: x\n---\n")
    except OSError:
        pytest.skip("this file system takes UTF-8 names alone")
    documents = extracted(source, tmp_path)["documents"]
    assert documents.select("document_id", "path", "title").rows() == [
        (document_id("./caf\\xe9.md"), "./caf\\xe9.md", "x")
    ]


@pytest.mark.slow
def test_files_that_say_much_are_written_some_at_a_time(
    tmp_path: Path, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shard of 24 MB may have two hundred files whose rows take a hundred megabytes each."""
    monkeypatch.setattr(extract, "BATCH_BYTES", 20_000)
    tables = extracted(SAMPLE, tmp_path)
    assert len(list((tmp_path / "fragments" / "files").iterdir())) > 10
    alone = tables_in(sample)
    assert set(tables) == set(alone)
    for name, frame in alone.items():
        keys = TABLES[name].primary_key()
        assert_frame_equal(tables[name].sort(keys), frame.sort(keys))


def test_the_limits_of_a_shard_are_those_of_its_files(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "large.md").write_text("---\ntitle: x\n---\n" + " " * 100)
    (source / "grown.md").write_text("---\ntitle: x\n---\n")
    (source / "many.md").write_text("---\ntopics: [a, b, c]\n---\n")
    (shard,) = planned(source, tmp_path, Limits(file_bytes=100, items=2))
    (source / "grown.md").write_text("---\ntitle: x\n---\n" + " " * 100)
    extract_shard(shard)
    tables = tables_in(tmp_path / "fragments")
    assert tables["rejects"].select("path", "reason").rows() == [("grown.md", "too_large"), ("large.md", "too_large")]
    assert tables["field_issues"]["field"].to_list() == ["topics[2:]"]


def test_a_file_that_is_not_read_weighs_nothing(tmp_path: Path) -> None:
    pl.DataFrame({"size": [2**40, 10, 2**40]}).write_parquet(tmp_path / "listing.parquet")
    (shard,) = plan_shards(tmp_path / "listing.parquet", FolderSource(tmp_path), tmp_path, workers=2)
    assert shard.weight == 10 + 3 * 16_384


def test_a_refusal_says_nothing_on_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "source"
    source.mkdir()
    shutil.copy(FIXTURES / "unquoted_colon.md", source)
    tables = extracted(source, tmp_path)
    assert tables["rejects"]["line"].to_list() == [4]
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
def test_a_pool_gives_the_rows_of_one_process(tmp_path: Path, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "SHARD_FILES", 41)
    monkeypatch.setattr(runners, "_SERIAL_WEIGHT", 0)
    plan = planned(SAMPLE, tmp_path)
    LocalRunner(Console(is_quiet=True), workers=2).map_shards("extract", EXTRACT, plan)
    pooled, alone = tables_in(tmp_path / "fragments"), tables_in(sample)
    assert len(plan) == 5
    assert set(pooled) == set(alone)
    for name, frame in alone.items():
        keys = TABLES[name].primary_key()
        assert_frame_equal(pooled[name].sort(keys), frame.sort(keys))


@pytest.mark.slow
def test_discarding_a_shard_removes_only_its_own_fragments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract, "BATCH_BYTES", 20_000)
    (shard,) = planned(SAMPLE, tmp_path)
    one, other = shard.halves()
    extract_shard(one)
    left = sorted((tmp_path / "fragments").rglob("*.parquet"))
    extract_shard(other)
    discard_shard(other)
    assert sorted((tmp_path / "fragments").rglob("*.parquet")) == left
    discard_shard(one)
    assert list((tmp_path / "fragments").rglob("*.parquet")) == []


def test_a_shard_that_is_given_up_is_refused_file_by_file(tmp_path: Path) -> None:
    (shard,) = planned(SAMPLE, tmp_path)
    assert reject_shard(shard) == shard.file_count
    tables = tables_in(tmp_path / "fragments")
    assert set(tables) == {"files", "rejects"}
    assert tables["rejects"]["path"].to_list() == tables["files"]["path"].to_list()
    assert set(tables["rejects"]["reason"]) == {"crashed"}
