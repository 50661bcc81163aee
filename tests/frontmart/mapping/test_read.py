"""The mapping file: where it is found, what its entries mean, and the words of each of its errors."""

from pathlib import Path

import pytest

from frontmart.errors import UsageError
from frontmart.mapping.read import MappingFile, read_mapping
from frontmart.settings import Settings
from transforms.generic.rules import DEFAULT_RULES, ColumnRule, KeySource, PathDefaults
from transforms.vocabulary import ColumnType, TopicKind


def read(tmp_path: Path, text: str) -> MappingFile:
    file = tmp_path / "mapping.toml"
    file.write_text(text, encoding="utf-8")
    found = read_mapping(Settings.load(source=tmp_path / "site", mapping=file))
    assert found is not None
    return found


def test_every_entry_becomes_a_rule(tmp_path: Path) -> None:
    mapping = read(
        tmp_path,
        """
        #:schema frontmart.schema.json
        [fields]
        topics = [{key = "tags", separator = " "}, {key = "serial", kind = "series"}, "section", "themes"]
        title = ["title", ":filename"]
        authors = {key = "by", separator = ";"}
        provider = ["folder:1", ":folder:2", {value = "Our newsroom"}]
        [articles]
        include = ["posts/**", "news/**"]
        exclude = ["**/archive/**"]
        [[defaults]]
        path = "posts/**"
        values = {author = "Newsroom", tags = ["news", 7], since = 2024-01-02, hidden = false}
        [columns]
        reading_time = "integer"
        team = {key = "extra.team", type = "text", description = "Who wrote it."}
        """,
    )
    rules = mapping.rules
    own = {name: rules.sources[name] for name in ("topics", "title", "authors", "provider")}
    assert own == {
        "topics": (
            KeySource("tags", TopicKind.TAG, " "),
            KeySource("serial", TopicKind.SERIES),
            KeySource("section", TopicKind.SECTION),
            KeySource("themes"),
        ),
        "title": (KeySource("title"), KeySource(is_filename=True)),
        "authors": (KeySource("by", separator=";"),),
        "provider": (KeySource(folder=1), KeySource(folder=2), KeySource(value="Our newsroom")),
    }
    assert {**rules.sources, **own} == {**DEFAULT_RULES.sources, **own}
    assert (rules.include, rules.exclude) == (("posts/**", "news/**"), ("**/archive/**",))
    values = (("author", "Newsroom"), ("tags", ["news", "7"]), ("since", "2024-01-02"), ("hidden", False))
    assert rules.defaults == (PathDefaults("posts/**", values),)
    assert rules.columns == (
        ColumnRule("reading_time", "reading_time", ColumnType.INTEGER),
        ColumnRule("team", "extra.team", ColumnType.TEXT, "Who wrote it."),
    )
    assert mapping.keys == (
        ("[fields] title", "title"),
        *(("[fields] topics", key) for key in ("tags", "serial", "section", "themes")),
        ("[fields] authors", "by"),
        ("[columns] reading_time", "reading_time"),
        ("[columns] team", "extra.team"),
    )
    assert mapping.globs == (
        ("[articles] include", "posts/**"),
        ("[articles] include", "news/**"),
        ("[articles] exclude", "**/archive/**"),
        ("[[defaults]] number 1 path", "posts/**"),
    )


def test_default_stands_for_the_declared_keys_and_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    mapping = read(tmp_path, '[fields]\ntitle = ["kicker", ":default", ":filename"]\n')
    declared = DEFAULT_RULES.sources["title"]
    assert mapping.rules.sources["title"] == (KeySource("kicker"), *declared, KeySource(is_filename=True))
    assert mapping.keys == (("[fields] title", "kicker"),)
    assert read(tmp_path, "").rules == DEFAULT_RULES


def test_it_is_found_in_the_source_before_the_folder_above(tmp_path: Path) -> None:
    source = tmp_path / "site"
    source.mkdir()
    settings = Settings.load(source=source)
    assert read_mapping(settings) is None
    for folder in (tmp_path, source):
        (folder / "frontmart.toml").write_text("[columns]\n", encoding="utf-8")
        found = read_mapping(settings)
        assert found is not None
        assert found.path == folder / "frontmart.toml"


def test_a_file_of_settings_of_the_same_name_is_no_mapping_file(tmp_path: Path) -> None:
    file = tmp_path / "frontmart.toml"
    file.write_text('out = "data"\nworkers = 2\n', encoding="utf-8")
    assert read_mapping(Settings.load(source=tmp_path)) is None
    with pytest.raises(UsageError) as raised:
        read_mapping(Settings.load(source=tmp_path, mapping=file))
    assert str(raised.value) == f"{file}: this is a file of settings, not a mapping file; give it with --config"


SHAPES = 'a key, a list of keys, or a table such as {key = "tags"} or {value = "News"}'
ERRORS = {
    "[fields\n": "not valid TOML (Expected ']' at the end of a table declaration (at line 1, column 8)); correct the "
    "file",
    "[feilds]\n": "unknown table feilds; did you mean [fields]?",
    "[other]\n": "unknown table other; the tables are [fields], [articles], [[defaults]], [columns]",
    "fields = 3\n": "[fields]: must be a table, but it is 3; correct it",
    "columns = []\n": "[columns]: must be a table, but it is []; correct it",
    '[fields]\ntopic = "x"\n': "[fields] topic: unknown field; did you mean topics?",
    "[fields]\nzzz = 1\n": "[fields] zzz: unknown field; the fields are title, name, excerpt, type, published_at, "
    "updated_at, web_url, original_url, is_published, is_draft, status, slug, language, weight, topics, authors, "
    "images, related, provider",
    "[fields]\ntitle = 3\n": f"[fields] title: must be {SHAPES}, but it is 3; correct it",
    "[fields]\ntitle = []\n": "[fields] title: must be a list of one key or more, but it is []; correct it",
    '[fields]\ntitle = ""\n': '[fields] title: must be a text that is not empty, but it is ""; correct it',
    '[fields]\ntopics = ["tags", 2024-01-02]\n': f"[fields] topics[1]: must be {SHAPES}, but it is 2024-01-02; "
    "correct it",
    '[fields]\ntitle = {key = "a", kind = "tag"}\n': "[fields] title.kind: unknown or unfit option; title takes key, "
    "or value",
    '[fields]\ntopics = {key = "a", kind = "x"}\n': "[fields] topics.kind: must be tag, category, series or section, "
    'but it is "x"; correct it',
    '[fields]\ntitle = {keys = "a"}\n': "[fields] title.keys: unknown or unfit option; title takes key, or value",
    '[fields]\ntitle = ":path"\n': "[fields] title: unknown source ':path'; write :filename, folder:1, :default or a "
    "key of the files",
    '[articles]\ninclude = "a"\n': '[articles] include: must be a list of globs, such as ["posts/**"], but it is "a"; '
    "correct it",
    '[articles]\nincludes = ["a"]\n': "[articles] includes: unknown option; did you mean include?",
    '[[defaults]]\npath = "x"\n': "[[defaults]] number 1: values is missing; add it",
    '[defaults]\npath = "x"\n': "[[defaults]]: must be a list of tables, but it is a table; correct it",
    '[[defaults]]\npath = "x"\nvalues = {}\n': "[[defaults]] number 1 values: must be a table with a key or more, but "
    "it is an empty table; correct it",
    '[columns]\na = "strin"\n': "[columns] a: unknown type 'strin'; write text, integer, number, flag, date, timestamp "
    "or url",
    '[columns]\na = {key = "x"}\n': "[columns] a: type is missing; add it",
    '[columns]\na = {type = "text", typ = 1}\n': "[columns] a.typ: unknown option; did you mean type?",
    "[columns]\na = 5\n": '[columns] a: must be a type, or a table such as {key = "extra.team", type = "text"}, but it '
    "is 5; correct it",
    '[columns]\nA = "text"\n': "[columns] A: not a name of a column; write it in lower case, with letters, digits and "
    "_, at most 63 (^[a-z][a-z0-9_]{0,62}$)",
    '[columns]\npath = "text"\n': "[columns] path: every table of columns has it; give it another name, with a key",
}


@pytest.mark.parametrize("text", ERRORS)
def test_an_error_says_where_what_and_what_to_do(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError) as raised:
        read(tmp_path, text)
    assert str(raised.value) == f"{tmp_path / 'mapping.toml'}: {ERRORS[text]}"


def test_a_missing_file_an_unreadable_text_and_another_preset_are_errors(tmp_path: Path) -> None:
    file = tmp_path / "mapping.toml"
    settings = Settings.load(source=tmp_path, mapping=file)
    with pytest.raises(UsageError) as missing:
        read_mapping(settings)
    assert str(missing.value) == f"{file}: there is no such mapping file; give another with --mapping"
    file.write_bytes(b"\xff")
    with pytest.raises(UsageError) as binary:
        read_mapping(settings)
    assert str(binary.value) == f"{file}: the mapping file is not UTF-8; save it as UTF-8"
    file.write_text("[columns]\n", encoding="utf-8")
    with pytest.raises(UsageError) as preset:
        read_mapping(Settings.load(source=tmp_path, mapping=file, preset="smartable"))
    assert str(preset.value) == (
        f"{file}: a mapping file needs the preset generic, but the setting preset is smartable; "
        "set it to generic or auto, or remove the file"
    )
