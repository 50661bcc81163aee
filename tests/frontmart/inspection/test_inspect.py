"""`frontmart inspect`: what a source has and what of it is understood, and the mapping file that it writes."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from frontmart.cli.__main__ import app
from frontmart.inspection.inspect import Inspection, inspect_source
from frontmart.inspection.write import mapping_text
from frontmart.mapping.read import read_mapping
from frontmart.runners import LocalRunner
from frontmart.settings import Settings
from frontmart.terminal.progress import Console
from transforms.generic.adapt import adapter
from transforms.generic.rules import DEFAULT_RULES, FieldRules
from transforms.parse.frontmatter import parse_file
from transforms.parse.outcomes import Document
from transforms.tidy.flatten import read_records, tidy_tables

SECRET = "a1b2c3secret"
FILES = {
    "posts/2024-01-02-first.md": f"title: First\ntags: [red, blue]\nserial: Deep\nsecured: {SECRET}",
    "posts/second.md": "title: Second\nDate: 2024-02-30\ntags: red, green\nreadTime: 4\ncover: {image: a.png, alt: A}",
    "posts/third.md": "title: Third\nDate: 2024-03-01\ntags: {a: 1}\nreadTime: 7\nsource: https://ann:pw@a.example/x",
    "posts/undated.md": "title: 'Tab\\there'\nnote: \"a\\e[31mred\\nb\"\nempty:",
    "about.md": "title: About\nlayout: page",
    "broken.md": "title: [",
}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inspection") / "site"
    for name, text in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"---\n{text}\n---\nText.\n", encoding="utf-8")
    (folder / "plain.txt").write_text("no front matter\n", encoding="utf-8")
    return folder


def inspect(source: Path, **settings: object) -> Inspection:
    return inspect_source(Settings.load(source=source, **settings), LocalRunner(Console(is_quiet=True), 1))


@pytest.fixture(scope="module")
def found(source: Path) -> Inspection:
    return inspect(source)


def run(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["inspect", *map(str, arguments)])
    return done.exit_code, done.stdout, done.stderr


def test_files_documents_and_preset_are_counted(found: Inspection, source: Path) -> None:
    told = found.as_json()
    assert told["source"] == str(source)
    assert told["mapping"] is None
    assert told["preset"] == {
        "name": "generic",
        "chosen_by": "vote",
        "votes": {"sampled": 7, "smartable": 1, "generic": 2},
    }
    assert told["files"] == [
        {"extension": ".md", "outcome": "document", "files": 5},
        {"extension": ".md", "outcome": "reject", "files": 1},
        {"extension": ".txt", "outcome": "skipped", "files": 1},
    ]
    assert (told["documents"], told["document_kinds"]) == (5, {"post": 3, "page": 2})


def test_every_key_has_its_kinds_samples_and_uses(found: Inspection) -> None:
    keys = {use.key: (use.documents, use.kinds, use.samples, use.used_as, use.unused) for use in found.keys}
    assert keys == {
        "title": (5, {"text": 5}, ["About", "First", "Second"], {"title": 5}, 0),
        "tags": (3, {"list": 1, "mapping": 1, "text": 1}, ["blue", "red", "red, green"], {"topics": 2}, 1),
        "tags.a": (1, {"number": 1}, ["1"], {}, 0),
        "Date": (2, {"date": 2}, ["2024-02-30", "2024-03-01"], {"published_at": 1}, 0),
        "readTime": (2, {"number": 2}, ["4", "7"], {}, 2),
        "cover": (1, {"mapping": 1}, [], {"images": 1}, 0),
        "cover.alt": (1, {"text": 1}, ["A"], {}, 0),
        "cover.image": (1, {"text": 1}, ["a.png"], {}, 0),
        "empty": (1, {"null": 1}, [], {}, 0),
        "layout": (1, {"text": 1}, ["page"], {}, 1),
        "note": (1, {"text": 1}, ["a\x1b[31mred\nb"], {}, 1),
        "serial": (1, {"text": 1}, ["Deep"], {}, 1),
        "source": (1, {"text": 1}, ["https://a.example/x"], {}, 1),
    }
    assert {use.key: use.part_of for use in found.keys if use.part_of} == {
        "cover.alt": "cover",
        "cover.image": "cover",
        "tags.a": "tags",
    }
    assert {use.key: use.refused for use in found.keys if use.refused} == {"Date": 1}


def test_fields_name_the_keys_that_fill_them(found: Inspection) -> None:
    filled = {row["field"]: (row["documents"], row["keys"]) for row in found.fields if row["documents"]}
    assert filled == {
        "title": (5, {"title": 5}),
        "published_at": (2, {":path": 1, "Date": 1}),
        "topics": (2, {"tags": 2}),
        "images": (1, {"cover": 1}),
    }
    assert len(found.fields) == len({row["field"] for row in found.fields}) == 19


def test_what_was_not_understood_is_listed(found: Inspection) -> None:
    assert found.mixed_folders == [{"folder": "posts", "dated": 3, "undated": 1}]
    assert [(row["reason"], row["files"], row["example"][:10]) for row in found.rejects] == [
        ("invalid_yaml", 1, "broken.md:")
    ]
    assert found.field_issues == [
        {
            "field": "Date",
            "problem": "no such date or time (line N): correct it",
            "values": 1,
            "example": "posts/second.md: 2024-02-30",
        },
        {
            "field": "source",
            "problem": "a URL with credentials, which are never stored: kept without them",
            "values": 1,
            "example": "posts/third.md: https://a.example/x",
        },
    ]


PAGE = """\
{source}: 7 files = 5 documents + 1 reject + 1 without front matter
preset generic, by vote: of 7 files, 2 for generic, 1 for smartable
3 posts, 2 pages (by dates and folders)

files

 extension   outcome    files
 ────────────────────────────
 .md         document       5
 .md         reject         1
 .txt        skipped        1


keys of the files

 key           documents   kind                  used as                      samples
 ──────────────────────────────────────────────────────────────────────────────────────────────────────
 title                 5   text                  title                        About | First | Second
 tags                  3   list, mapping, text   topics, unused in 1          blue | red | red, green
 Date                  2   date                  published_at, refused in 1   2024-02-30 | 2024-03-01
 readTime              2   number                unused                       4 | 7
 cover                 1   mapping               images
 cover.alt             1   text                  part of cover                A
 cover.image           1   text                  part of cover                a.png
 empty                 1   null                  no value
 layout                1   text                  unused                       page
 note                  1   text                  unused                       a [31mred b
 serial                1   text                  unused                       Deep
 source                1   text                  unused                       https://a.example/x
 tags.a                1   number                part of tags                 1


fields

 field          documents   from
 ───────────────────────────────────────────────────────────
 title                  5   title
 published_at           2   the date in the path (1), Date (1)
 topics                 2   tags
 images                 1   cover

no document has: {empty}
posts: 3 dated documents are posts, 1 without a date are pages; [articles] of a mapping file would say what is a post
"""


def test_the_page_for_people_is_complete_and_safe_to_print(source: Path, found: Inspection) -> None:
    code, out, err = run(source)
    lines = [line.rstrip() for line in out.splitlines()]
    empty = ", ".join(row["field"] for row in found.fields if not row["documents"])
    expected = PAGE.format(source=source, empty=empty).splitlines()
    assert code == 0
    assert _without_rules(lines[: len(expected)]) == _without_rules(expected)
    assert lines[-3:] == [
        "unused keys: `readTime` (2), `layout` (1), `note` (1), `serial` (1), `source` (1)",
        "2 documents: `tags` is used as topics; in 1 more its value is of another kind, or topics comes from a "
        "preferred key",
        f"to use them: frontmart inspect {source} --write frontmart.toml, and edit the file",
    ]
    assert "extract: 7 of 7 files" in err
    for text in (out, err, json.dumps(found.as_json())):
        assert SECRET not in text
        assert "ann:pw" not in text
    assert "\x1b" not in out


def _without_rules(lines: list[str]) -> list[str]:
    return [line for line in lines if "───" not in line]


def test_json_is_one_object_on_standard_output(source: Path, found: Inspection) -> None:
    code, out, _ = run(source, "--json", "--quiet")
    assert code == 0
    assert json.loads(out) == json.loads(json.dumps(found.as_json()))


def test_nothing_is_written_but_the_mapping_file(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(path.relative_to(source) for path in source.rglob("*"))
    file = tmp_path / "mapping.toml"
    assert run(source, "--write", file, "--quiet")[:2] == (0, "")
    assert sorted(path.relative_to(source) for path in source.rglob("*")) == before
    assert [path.name for path in tmp_path.iterdir()] == ["mapping.toml"]
    text = file.read_text(encoding="utf-8")
    assert tomllib.loads(text) == {
        "fields": {"title": ["title"], "published_at": ["Date"], "topics": ["tags"], "images": ["cover"]}
    }
    assert "# 2 of 5 documents: Date 1\n" in text
    assert '# read_time = {key = "readTime", type = "number"}  # 2 documents, number, such as 4\n' in text
    code, _, err = run(source, "--write", file, "--quiet")
    assert (code, err) == (
        2,
        f"frontmart: {file}: exists and is not overwritten; give --write another name, or remove the file first\n",
    )
    assert file.read_text(encoding="utf-8") == text


# Values that a key fills or does not, refused ones, keys of several spellings, and what a path fills.
VARIED = {
    "a.md": "Title: A\npublish-date: 2024-01-01\nlastmod: 2024-02-30\nkeywords: [x]\nCategories: [C]",
    "b.md": "title: B\npublishDate: soon\ndate: 2024-05-05\ntaxonomies: {tags: [t], shelves: [s]}\ndraft: true",
    "2020-01-01-c.md": "title: {a: 1}\nheadline: C\nsection: blog\nseries: S\nextra: {author: A, updated: 2024-01-01}",
    "d.md": "title: D\nsection: Opinion\nauthor: [Bo]\nimage: x.png\nimages: [y.png]\nstatus: draft\nlocale: en",
    "e/index.md": "publish: no\ncover: {image: z.png}\nrelated: [{title: R, url: /r}]\npub_date: 2024-01-02",
}


def _tables(folder: Path, rules: FieldRules) -> dict[str, list[tuple[object, ...]]]:
    make_record = adapter(rules)
    outcomes = [parse_file(name, (folder / name).read_bytes(), make_record=make_record) for name in VARIED]
    tables = tidy_tables(read_records(b"\n".join(each.line for each in outcomes if isinstance(each, Document))))
    assert tables["documents"].height == len(VARIED)
    return {name: sorted(frame.rows(), key=repr) for name, frame in tables.items()}


def test_the_written_file_changes_no_table(tmp_path: Path) -> None:
    source, file = tmp_path / "site", tmp_path / "mapping.toml"
    for name, text in VARIED.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(f"---\n{text}\n---\n", encoding="utf-8")
    assert run(source, "--write", file, "--quiet")[0] == 0
    mapping = read_mapping(Settings.load(source=source, mapping=file))
    assert mapping is not None
    assert mapping.rules != DEFAULT_RULES
    assert _tables(source, mapping.rules) == _tables(source, DEFAULT_RULES)
    assert inspect(source, mapping=file).mapping_problems == []


def test_the_columns_of_the_written_file_can_be_uncommented(found: Inspection, source: Path, tmp_path: Path) -> None:
    file = tmp_path / "mapping.toml"
    text = re.sub(r"^# (\w+ = \{key|\[columns\])", r"\1", mapping_text(found), flags=re.MULTILINE)
    file.write_text(text, encoding="utf-8")
    mapping = read_mapping(Settings.load(source=source, mapping=file))
    assert mapping is not None
    assert [(each.name, each.key, each.type.value) for each in mapping.rules.columns] == [
        ("read_time", "readTime", "number"),
        ("layout", "layout", "text"),
        ("note", "note", "text"),
        ("serial", "serial", "text"),
        ("source", "source", "url"),
    ]


def test_a_mapping_file_is_applied_and_its_problems_are_said(source: Path, tmp_path: Path) -> None:
    file = tmp_path / "mapping.toml"
    file.write_text(
        '[fields]\ntopics = ["tags", {key = "serial", kind = "series"}, "nope"]\n[articles]\ninclude = ["posts/**"]\n'
        '[columns]\nminutes = {key = "readTime", type = "integer"}\nnote = "date"\n',
        encoding="utf-8",
    )
    found = inspect(source, mapping=file)
    uses = {use.key: use.used_as for use in found.keys}
    assert (uses["serial"], uses["readTime"]) == ({"topics": 1}, {"column minutes": 2})
    assert (found.document_kinds, found.mixed_folders) == ({"post": 4, "page": 1}, [])
    assert found.mapping_problems == [
        "[fields] topics: no file has the key nope; did you mean note? Else correct or remove it",
        "[columns] note: only 0 of 1 values are readable as date: not 'a\\x1b[31mred\\nb' in posts/undated.md; give it "
        "another type, such as text, or correct the files",
    ]
    code, out, err = run(source, "--mapping", file, "--write", tmp_path / "other.toml", "--quiet")
    assert (code, out) == (2, "")
    assert err == (
        f"frontmart: {file}: is the mapping file of {source} already; edit it, or move it away to write a new one\n"
    )


def test_files_of_the_preset_smartable_have_declared_keys(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "---\ntitle: T\npublishedDateTime: 2024-01-02T00:00:00Z\nheat: hot\nprovider: {name: P, city: X}\n"
        f"topics: [A]\ncolour: red\nsecured: {SECRET}\n---\n",
        encoding="utf-8",
    )
    found = inspect(tmp_path)
    assert found.preset.preset == "smartable"
    uses = {use.key: (use.used_as, use.unused, use.refused) for use in found.keys}
    assert uses == {
        "title": ({"title": 1}, 0, 0),
        "publishedDateTime": ({"published_at": 1}, 0, 0),
        "heat": ({}, 0, 1),
        "provider": ({}, 1, 0),
        "provider.name": ({"provider_name": 1}, 0, 0),
        "provider.city": ({}, 1, 0),
        "topics": ({"topics": 1}, 0, 0),
        "colour": ({}, 1, 0),
    }
    filled = {row["field"]: row["keys"] for row in found.fields if row["documents"]}
    assert filled == {
        "title": {"title": 1},
        "published_at": {"publishedDateTime": 1},
        "provider_name": {"provider.name": 1},
        "topics": {"topics": 1},
    }
    code, _, err = run(tmp_path, "--write", tmp_path / "m.toml", "--quiet")
    assert (code, err) == (
        2,
        f"frontmart: {tmp_path}: its preset is smartable, whose keys are fixed; add --preset generic to write a "
        "mapping file nevertheless\n",
    )


def test_a_missing_source_and_an_empty_one(tmp_path: Path) -> None:
    code, _, err = run(tmp_path / "none", "--quiet")
    assert (code, err) == (
        2,
        f"frontmart: {tmp_path / 'none'}: there is no such folder; name the folder of front-matter files to build "
        "from\n",
    )
    code, out, _ = run(tmp_path, "--quiet", "--json")
    assert code == 0
    assert (json.loads(out)["files"], json.loads(out)["keys"]) == ([], [])
