"""Drift from end to end: the sample changes, is built again by the command line, and the build says what changed."""

import datetime as dt
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from benchmarks.corpus import write_corpus
from flows.artifacts import failed_checks, summary
from frontmart import run as runs_module
from frontmart.cli.__main__ import app
from frontmart.extract import changes
from frontmart.run import Run
from frontmart.snapshots.manifest import write_manifest
from frontmart.snapshots.store import published, roll_back
from tests.few_models import building_few_models
from tests.frontmart.test_incremental import age
from tests.sample import AS_OF, SAMPLE, build_quietly

Change = Callable[[str], str]

pytestmark = [pytest.mark.build, pytest.mark.usefixtures("few_models")]


@pytest.fixture(scope="module")
def few_models() -> Iterator[None]:
    """The builds run the models that drift is found by, and few others."""
    with building_few_models("marts.drift"):
        yield


@pytest.fixture(scope="module")
def few_sample(few_models: None, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return build_quietly(SAMPLE, tmp_path_factory.mktemp("sample"))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return shutil.copytree(SAMPLE, tmp_path / "source")


def change(source: Path, edit: Change, folder: str = "_news") -> int:
    """Edit every file of a folder; how many changed."""
    texts = {path: path.read_bytes().decode(errors="surrogateescape") for path in (source / folder).rglob("*.md")}
    edited = {path: edit(text) for path, text in texts.items()}
    for path, text in edited.items():
        path.write_bytes(text.encode(errors="surrogateescape"))
    return sum(text != texts[path] for path, text in edited.items())


def without(key: str) -> Change:
    """Take a line `key: value` out."""
    return lambda text: re.sub(rf"(?m)^{key}: .*\n", "", text)


def warm(text: str) -> str:
    """Write a heat as a word."""
    return re.sub(r"(?m)^heat: \d+", "heat: warm", text)


def frontmart(*arguments: object) -> str:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    return done.output


def build_again(source: Path, out: Path) -> list[str]:
    """The warnings of a build on the command line apart from rejects, as sentences."""
    output = frontmart("build", source, "--out", out, "--as-of", AS_OF)
    lines = output.splitlines()
    if not any(line.startswith("warning: drift_") for line in lines):
        return []
    first = next(place for place, line in enumerate(lines) if line.startswith("warning: drift_"))
    return [line.strip() for line in lines[first + 1 :] if line.startswith("  ")]


def mart(out: Path) -> pl.DataFrame:
    return pl.read_parquet(published(out).marts / "drift.parquet")


def warnings(out: Path) -> list[tuple[str, str, int, int]]:
    rows = mart(out).filter("is_warning")
    return rows.select("kind", "subject", "previous_count", "document_count").rows()


def test_a_first_build_and_one_of_the_same_files_are_silent(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "first"
    assert build_again(source, out) == []
    assert mart(out).is_empty()
    assert "nothing changed" in frontmart("build", source, "--out", out, "--as-of", AS_OF)
    assert "warning: drift" not in frontmart("build", source, "--out", out, "--as-of", AS_OF, "--full")
    assert mart(out).is_empty()


def test_a_key_that_is_added_is_seen(source: Path, out: Path) -> None:
    change(source, lambda text: text.replace("title: ", "mood: sunny\ntitle: ", 1))
    sentences = build_again(source, out)
    ((kind, key, before, count),) = warnings(out)
    assert (kind, key, before) == ("new_key", "mood", 0)
    assert count > 100
    assert sentences == [f"key mood is new, in {count} documents: what no column takes is in documents.extra"]


def test_a_key_that_is_dropped_is_seen(source: Path, out: Path) -> None:
    count = change(source, without("price"), folder="")
    (sentence,) = build_again(source, out)
    assert sentence.startswith(f"key price is gone, which {count} documents had: ")
    assert warnings(out) == [("vanished_key", "price", count, 0)]


def test_a_key_that_changes_type_is_seen(source: Path, out: Path) -> None:
    change(source, warm)
    (sentence,) = build_again(source, out)[:1]
    assert re.fullmatch(r"key heat was refused in \d+ documents, where it held number: see field_issues", sentence)
    ((kind, subject, previous, now),) = warnings(out)
    assert (kind, subject, previous) == ("changed_type", "heat", 0)
    assert now > 10


def test_a_field_that_is_emptied_is_seen(source: Path, out: Path) -> None:
    change(source, lambda text: re.sub(r"(?m)^excerpt: .*", 'excerpt: ""', text))
    (sentence,) = build_again(source, out)
    assert re.fullmatch(r"key excerpt is filled in by \d % of type article, after 100 %: .*", sentence)
    assert [each[:2] for each in warnings(out)] == [("fall_in_completeness", "excerpt")]


def test_files_that_are_dropped_are_seen(source: Path, out: Path, few_sample: Run) -> None:
    before = few_sample.files["document"]
    for path in sorted(path for path in source.rglob("*") if path.is_file())[::2]:
        path.unlink()
    sentences = build_again(source, out)
    now = json.loads(published(out).run_file.read_text())["files"]["document"]
    assert sentences[0] == f"{now} documents in all, after {before}: see whether the source is whole"
    assert ("fall_in_volume", "document", before, now) in warnings(out)


def test_topics_and_providers_that_come_are_rows_and_no_warnings(source: Path, out: Path) -> None:
    article = sorted((source / "_news").glob("*.md"))[0]
    text = article.read_text().replace("topics:\n", "topics:\n  - Kites\n", 1)
    (source / "_news" / "new.md").write_text(re.sub(r"domain: .*", "domain: kites.example", text, count=1))
    assert build_again(source, out) == []
    kinds = mart(out).select("kind", "label", "is_warning").rows()
    assert ("new_topic", "Kites", False) in kinds
    assert [kind for kind, *_ in kinds] == ["new_provider", "new_topic"]


def test_drift_is_in_the_status_and_in_the_artifacts_of_a_flow(source: Path, out: Path) -> None:
    change(source, lambda text: text.replace("title: ", "mood: '|*sunny*'\ntitle: ", 1))
    run = build_quietly(source, out)
    ((_, _, _, count),) = warnings(out)
    sentence = f"key mood is new, in {count} documents: what no column takes is in documents.extra"
    assert re.search(rf"^ *warning +{re.escape(sentence)} *$", frontmart("status", "--out", out), re.MULTILINE)
    assert f"\n- {sentence}\n" in summary(run)
    assert sentence in str(failed_checks(run))


def test_of_many_warnings_the_first_are_shown(source: Path, out: Path) -> None:
    change(source, lambda text: text.replace("title: ", "".join(f"k{n}: v\n" for n in range(8)) + "title: ", 1))
    *shown, more = build_again(source, out)
    assert (len(shown), more) == (5, "and 3 more")


def test_a_name_in_a_file_reaches_the_terminal_as_text(source: Path, out: Path) -> None:
    change(source, lambda text: text.replace("title: ", '"\\e[31m[bold]": v\ntitle: ', 1))
    (sentence,) = build_again(source, out)
    assert "\x1b" not in sentence
    assert "[31m[bold]" in sentence


def test_thresholds_are_settings_and_others_make_another_snapshot(
    source: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(source, lambda text: text.replace("title: ", "mood: sunny\ntitle: ", 1))
    monkeypatch.setenv("FRONTMART_DRIFT_COUNT", "1000")
    assert build_again(source, out) == []
    assert mart(out)["kind"].to_list() == ["new_key"]
    assert "nothing changed" in frontmart("build", source, "--out", out, "--as-of", AS_OF)
    monkeypatch.setenv("FRONTMART_DRIFT_COUNT", "10")
    assert "published" in frontmart("build", source, "--out", out, "--as-of", AS_OF)


def test_after_a_rollback_the_snapshot_rolled_back_to_is_compared_with(source: Path, out: Path) -> None:
    change(source, lambda text: text.replace("title: ", "mood: sunny\ntitle: ", 1))
    build_quietly(source, out)
    first = published(out).id
    assert [kind for kind, *_ in warnings(out)] == ["new_key"]
    build_quietly(source, out, full=True)
    assert warnings(out) == []
    roll_back(out, min(path.name for path in (out / "snapshots").iterdir()))
    build_quietly(source, out, full=True)
    assert [kind for kind, *_ in warnings(out)] == ["new_key"]
    assert published(out).id > first


def test_a_snapshot_of_version_0_1_is_compared_with(source: Path, out: Path) -> None:
    with duckdb.connect(published(out).warehouse) as con:
        con.execute("create table core.key_profile as from drift.key_profile")
        con.execute("create table core.subject_profile as from drift.volume_profile")
        con.execute("drop schema drift cascade")
    write_manifest(published(out).folder)
    change(source, lambda text: text.replace("title: ", "mood: sunny\ntitle: ", 1))
    build_quietly(source, out)
    assert [kind for kind, *_ in warnings(out)] == ["new_key"]


def test_other_code_and_another_source_are_compared_all_the_same(
    source: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs_module, "fingerprint", lambda *_: {"rows": "other code", "models": "other code"})
    change(source, lambda text: text.replace("title: ", "mood: sunny\ntitle: ", 1))
    run = build_quietly(source, out)
    assert run.changed_files["unchanged"] == 0
    assert [kind for kind, *_ in warnings(out)] == ["new_key"]


def damage_warehouse(out: Path) -> None:
    published(out).warehouse.write_bytes(b"no warehouse")


def forget_profile(out: Path) -> None:
    with duckdb.connect(published(out).warehouse) as con:
        con.execute("drop table drift.key_profile")


def shape_profile_otherwise(out: Path) -> None:
    with duckdb.connect(published(out).warehouse) as con:
        con.execute("alter table drift.volume_profile rename column aspect to facet")


def damage_documents(out: Path) -> None:
    (published(out).tables / "documents.parquet").write_bytes(b"PAR1 damaged PAR1")


def lose_snapshot(out: Path) -> None:
    shutil.rmtree(published(out).folder)


@pytest.mark.parametrize(
    "harm", [damage_warehouse, forget_profile, shape_profile_otherwise, damage_documents, lose_snapshot]
)
def test_a_previous_snapshot_that_cannot_be_compared_causes_a_warning(
    source: Path, out: Path, harm: Callable[[Path], None]
) -> None:
    before = published(out).id
    harm(out)
    run = build_quietly(source, out, full=True)
    assert run.outcome == "published"
    assert mart(out).is_empty()
    (check,) = [check for check in run.failed_checks if check.name.startswith("drift_")]
    assert check.sentences == [f"snapshot {before} has no profiles of its files: drift was not checked"]
    again = build_quietly(source, out, full=True)
    assert [check.name for check in again.failed_checks if check.name.startswith("drift_")] == []


def test_a_build_upon_a_snapshot_sees_the_drift_that_a_full_build_sees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "_CLOCK_TICK", dt.timedelta(0))  # the files count as older than the first build
    source, upon, full = tmp_path / "source", tmp_path / "upon", tmp_path / "full"
    write_corpus(source, 150, 7)
    for path in source.rglob("*"):
        age(path)
    build_quietly(source, upon)
    shutil.copytree(upon, full, symlinks=True)
    articles = sorted((source / "_news").rglob("*.md"))
    for place, path in enumerate(articles[:60]):
        text = path.read_bytes().decode(errors="surrogateescape")
        edits = (text.replace("title: ", "mood: sunny\ntitle: ", 1), without("excerpt")(text), warm(text))
        path.write_bytes(edits[place % 3].encode(errors="surrogateescape"))
        age(path, seconds=5)
    for path in articles[60:]:
        path.unlink()
    assert build_quietly(source, upon).changed_files["unchanged"] > 0
    assert build_quietly(source, full, full=True).changed_files["unchanged"] == 0
    assert {kind for kind, *_ in warnings(upon)} >= {
        "new_key",
        "changed_type",
        "fall_in_completeness",
        "fall_in_volume",
    }
    for file in published(upon).marts.iterdir():
        assert file.read_bytes() == (published(full).marts / file.name).read_bytes(), file.name
