"""The preset of a build: what the files vote for, once, until a full build or a setting."""

import json
from pathlib import Path

import polars as pl
import pytest

from frontmart.extract.changes import sample_of
from frontmart.extract.listing import list_source
from frontmart.extract.source import FolderSource
from frontmart.presets import PresetChoice, Votes, count_votes
from frontmart.run import Run
from tests.sample import build_quietly
from transforms.parse.limits import DEFAULT_LIMITS
from transforms.signature import preset_of_keys
from transforms.tables import TABLES
from transforms.vocabulary import Preset

GENERIC = "---\ntitle: {}\ndate: 2026-01-0{}\ntags: [Art]\n---\n"
SMARTABLE = "---\ntitle: {}\npublishedDateTime: 2026-01-0{}T00:00:00Z\ntopics: [Art]\n---\n"
NEITHER = "---\ntitle: {}{}\n---\n"


def write(source: Path, front: str, names: str) -> Path:
    source.mkdir(exist_ok=True)
    for place, name in enumerate(names, start=1):
        (source / f"{name}.md").write_text(front.format(name, place))
    return source


def choice(run: Run) -> tuple[str, str]:
    assert run.preset is not None
    return run.preset.preset.value, run.preset.chosen_by


def dated(run: Run) -> int:
    documents = pl.read_parquet(run.out / "published" / "tables" / "documents.parquet")
    return documents["published_at"].count()


@pytest.mark.parametrize(
    ("mapping", "preset"),
    [
        ({"title": "A"}, None),
        ({"title": "A", "topics": [], "images": [], "published": "false"}, None),
        ({"title": "A", "date": "2026-01-01"}, Preset.GENERIC),
        ({"Tags": ["a"]}, Preset.GENERIC),
        ({"pub_date": "2026-01-01", "webUrl": ""}, Preset.SMARTABLE),
        ({"Secured": "x"}, Preset.SMARTABLE),
        ({"provider": {"domain": "x.example"}}, Preset.SMARTABLE),
        ({"provider": "x", "layout": "y"}, None),
    ],
)
def test_the_keys_of_a_file_speak_for_a_preset(mapping: dict[str, object], preset: Preset | None) -> None:
    assert preset_of_keys(mapping) is preset


def test_a_file_that_cannot_be_read_does_not_vote(tmp_path: Path) -> None:
    write(tmp_path, GENERIC, "ab")
    write(tmp_path, SMARTABLE, "c")
    (tmp_path / "d.md").write_text("---\ntitle: [\n---\n")
    (tmp_path / "e.md").write_text("text")
    sample = sample_of(list_source(tmp_path))
    (tmp_path / "a.md").unlink()
    assert count_votes(FolderSource(tmp_path), sample, DEFAULT_LIMITS) == Votes(sampled=5, smartable=1, generic=1)


def test_the_sample_of_a_source_does_not_depend_on_the_other_files(tmp_path: Path) -> None:
    listing = pl.DataFrame({"path": [f"{n}.md" for n in range(1_000)], "raw_path": None, "error": None})
    sample = sample_of(listing)
    assert sample.height == 200
    fewer = listing.filter(pl.col("path").is_in(sample["path"].to_list()) | (pl.int_range(pl.len()) % 2 == 0))
    assert sample_of(fewer.sample(fraction=1, shuffle=True, seed=1)).equals(sample)


def test_a_sentence_says_how_the_preset_was_chosen() -> None:
    votes = Votes(sampled=200, smartable=2, generic=180)
    choices = [PresetChoice(Preset.GENERIC, "vote", votes), PresetChoice(Preset.SMARTABLE, "default", votes)]
    choices += [PresetChoice(Preset.GENERIC, by) for by in ("setting", "mapping file", "published snapshot")]
    assert [choice.sentence for choice in choices] == [
        "preset generic: 180 of 200 sampled files have its keys",
        "preset smartable: no sampled file has keys that only one preset knows",
        "preset generic, as in the setting",
        "preset generic, as in the mapping file",
        "preset generic, as in the published snapshot",
    ]


@pytest.mark.build
@pytest.mark.usefixtures("few_models")
def test_a_vote_stands_until_a_full_build(tmp_path: Path) -> None:
    source, out = write(tmp_path / "source", GENERIC, "ab"), tmp_path / "out"
    first = build_quietly(source, out)
    assert choice(first) == ("generic", "vote")
    assert (dated(first), first.warnings) == (2, [])
    write(source, SMARTABLE, "cdefg")
    second = build_quietly(source, out)
    assert choice(second) == ("generic", "published snapshot")
    assert dated(second) == 7
    assert second.warnings == [
        f"{source}: 5 of 7 sampled files now have the keys of preset smartable, but the published snapshot was built "
        "with generic; build with --full to change it, or set `preset`"
    ]
    full = build_quietly(source, out, full=True)
    assert (choice(full), dated(full), full.warnings) == (("smartable", "vote"), 5, [])
    record = json.loads((out / "published" / "run.json").read_text())
    assert record["preset"] == {
        "name": "smartable",
        "chosen_by": "vote",
        "votes": {"sampled": 7, "smartable": 5, "generic": 2},
    }


@pytest.mark.build
@pytest.mark.usefixtures("few_models")
def test_a_setting_decides_and_nothing_stands_where_no_file_votes(tmp_path: Path) -> None:
    source, out = write(tmp_path / "source", NEITHER, "a"), tmp_path / "out"
    assert choice(build_quietly(source, out)) == ("smartable", "default")
    write(source, GENERIC, "b")
    voted = build_quietly(source, out)
    assert (choice(voted), voted.changed_files["unchanged"]) == (("generic", "vote"), 0)
    told = build_quietly(source, out, preset="smartable")
    assert (choice(told), dated(told)) == (("smartable", "setting"), 0)
    assert choice(build_quietly(source, out)) == ("smartable", "published snapshot")


@pytest.mark.build
@pytest.mark.usefixtures("few_models")
def test_a_damaged_snapshot_keeps_its_vote(tmp_path: Path) -> None:
    source, out = write(tmp_path / "source", GENERIC, "abc"), tmp_path / "out"
    build_quietly(source, out)
    write(source, SMARTABLE, "defghij")
    (out / "published" / "run.json").write_text("{}")
    run = build_quietly(source, out)
    assert choice(run) == ("generic", "published snapshot")
    assert dated(run) == 10


@pytest.mark.build
@pytest.mark.usefixtures("few_models")
def test_only_generic_has_its_tables_and_columns(tmp_path: Path) -> None:
    tables = {}
    for name, front in (("generic", GENERIC), ("smartable", SMARTABLE)):
        run = build_quietly(write(tmp_path / name, front, "ab"), tmp_path / f"{name}-out")
        folder = run.out / "published" / "tables"
        tables[name] = {path.stem: pl.read_parquet_schema(path).names() for path in folder.glob("*.parquet")}
        package = json.loads((run.out / "published" / "datapackage.json").read_text())
        described = {
            each["name"]: [field["name"] for field in each["schema"]["fields"]] for each in package["resources"]
        }
        assert {table: described[table] for table in tables[name]} == tables[name]
    assert tables["generic"] == {table: schema.column_names() for table, schema in TABLES.items()}
    assert set(tables["generic"]) - set(tables["smartable"]) == {"field_sources", "document_columns"}
    left_out = {
        table: set(tables["generic"][table]) - set(columns)
        for table, columns in tables["smartable"].items()
        if columns != tables["generic"][table]
    }
    assert left_out == {
        "documents": {"slug", "language", "weight", "document_kind"},
        "document_topics": {"topic_kind"},
    }
