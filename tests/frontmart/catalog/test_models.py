"""Models as files: headers, layer rules, dependency order, and the sentences that columns inherit."""

from pathlib import Path

import pytest

from frontmart.catalog import inputs
from frontmart.catalog.headers import Parameter, Reference, SortColumn
from frontmart.catalog.inputs import INPUTS
from frontmart.catalog.layers import CHECKS, LAYERS, MACROS
from frontmart.catalog.models import read_checks, read_functions, read_macros, read_models
from frontmart.errors import ModelError

HEADER = """-- Something that somebody needs.
--
-- Grain: a thing.
-- Key: thing_id
-- Columns:
--   thing_id: The thing.
"""
QUERY = "select document_id as thing_id from {table}\n"
CHECK = "-- Nothing may be wrong.\n--\n-- Severity: error\nselect document_id from tidy.documents\n"


@pytest.fixture
def sql(tmp_path: Path) -> Path:
    for layer in (*LAYERS, CHECKS, MACROS):
        (tmp_path / "sql" / layer).mkdir(parents=True)
    return tmp_path / "sql"


def write(sql: Path, name: str, *, reads: str = "tidy.documents", header: str = HEADER, query: str = QUERY) -> None:
    layer, _, model = name.partition(".")
    (sql / layer / f"{model}.sql").write_text(header + query.format(table=reads))


def refusal(sql: Path) -> str:
    with pytest.raises(ModelError) as caught:
        read_models(sql)
    return str(caught.value)


def test_a_file_is_a_model(sql: Path) -> None:
    header = """-- How much is written about each topic,
-- by whom and how it moves.
--
-- It says so: twice.
--
-- Grain: a topic that at
--   least one article carries.
-- Key: topic_id, day
-- Columns:
--   topic_id: Slug of the topic: in lower case.
--   day: A sentence that is too long for a line
--     goes on, indented deeper,
--     more than once.

"""
    write(sql, "staging.a", header=header, query="select topic_id, day from tidy.documents;\n")
    (model,) = read_models(sql)
    assert (model.layer, model.name, model.full_name) == ("staging", "a", "staging.a")
    assert model.path == sql / "staging" / "a.sql"
    assert model.sql == "select topic_id, day from tidy.documents"
    assert model.description == (
        "How much is written about each topic, by whom and how it moves. It says so: twice."
    )  # fmt: skip
    assert model.grain == "a topic that at least one article carries."
    assert model.key == ("topic_id", "day")
    assert list(model.columns.items()) == [
        ("topic_id", "Slug of the topic: in lower case."),
        ("day", "A sentence that is too long for a line goes on, indented deeper, more than once."),
    ]
    assert model.severity is None
    assert model.reads == {"tidy.documents"}


def test_a_check_has_a_severity_and_nothing_else(sql: Path) -> None:
    (sql / "checks" / "b.sql").write_text(CHECK)
    (sql / "checks" / "a.sql").write_text(CHECK.replace("error", "warn"))
    checks = read_checks(sql)
    assert [(check.name, check.severity) for check in checks] == [("a", "warn"), ("b", "error")]
    assert checks[0].description == "Nothing may be wrong."
    assert (checks[0].grain, checks[0].key, dict(checks[0].columns)) == ("", (), {})


def test_a_macro_has_parameters_and_no_key(sql: Path) -> None:
    header = """-- The things since a day.
--
-- Grain: a thing.
-- Parameters:
--   first_day: The first day (UTC), such
--     as '2021-01-01'.
--   noun = 'all things': Which: they are many.
--   most = 10: How many.
-- Columns:
--   thing_id: The thing.
"""
    query = "select document_id as thing_id from {table} where published_at >= first_day"
    write(sql, "macros.since", header=header, reads="main.things", query=query)
    write(sql, "main.things", reads="staging.things")
    write(sql, "staging.things")
    (macro,) = read_macros(sql, read_models(sql))
    assert dict(macro.parameters) == {
        "first_day": Parameter("The first day (UTC), such as '2021-01-01'.", None),
        "noun": Parameter("Which: they are many.", "'all things'"),
        "most": Parameter("How many.", "10"),
    }
    assert (macro.key, macro.severity, dict(macro.columns)) == ((), None, {"thing_id": "The thing."})
    assert (macro.place, macro.reads) == ("sql/macros/since.sql", {"main.things"})


@pytest.mark.parametrize(
    ("parameter", "message"),
    [
        ("--   First: A day.", "this is not a parameter. Write `--   name: sentence`."),
        ("--     A day.", "this line continues no sentence. Write `--   parameter: sentence` first."),
        ("--   a: A day.\n--   a = 1: A day.", "duplicate parameter a. Keep one."),
    ],
)
def test_a_parameter_that_is_badly_written_is_refused(sql: Path, parameter: str, message: str) -> None:
    write(sql, "macros.a", header=HEADER.replace("-- Key: thing_id", f"-- Parameters:\n{parameter}"))
    with pytest.raises(ModelError) as caught:
        read_macros(sql, [])
    assert str(caught.value).endswith(message)


def test_a_model_has_no_parameters(sql: Path) -> None:
    write(sql, "marts.a", header=HEADER.replace("-- Columns:", "-- Parameters:\n--   a: A day.\n-- Columns:"))
    assert "unknown field `Parameters:`" in refusal(sql)


def test_models_come_after_all_that_they_read_and_otherwise_by_layer_and_name(sql: Path) -> None:
    write(sql, "marts.a", reads="core.z")
    write(sql, "core.z", reads="staging.m")
    write(sql, "core.b", reads="core.z")
    write(sql, "staging.m")
    write(sql, "staging.k", reads="staging.m")
    assert [model.full_name for model in read_models(sql)] == [
        "staging.m", "staging.k", "core.z", "core.b", "marts.a"
    ]  # fmt: skip


def test_tables_are_found_anywhere_in_the_query(sql: Path) -> None:
    query = """with recursive
    first_one as (select document_id from tidy.documents as d where exists (select 1 from tidy.files)),
    walk(id, label) using key (id) as (
        select document_id, document_id from first_one
        union
        select i.document_id, min(walk.label)
        from walk join tidy.document_images as i on true join recurring.walk as own on own.id = i.document_id
        group by i.document_id
    )
select id as thing_id, (select max(topic_id) from tidy.document_topics) from walk
union all
select document_id, 'tidy.rejects' from tidy.related_items where document_id not in (select document_id from tidy.runs)
"""
    write(sql, "staging.a", query=query)
    (model,) = read_models(sql)
    assert model.reads == {
        "tidy.documents", "tidy.files", "tidy.document_images", "tidy.document_topics", "tidy.related_items",
        "tidy.runs",
    }  # fmt: skip


def test_models_that_read_each_other_are_refused(sql: Path) -> None:
    write(sql, "core.a", reads="core.b")
    write(sql, "core.b", reads="core.c")
    write(sql, "core.c", reads="core.a")
    message = refusal(sql)
    assert "reads itself through others" in message
    assert "core.a -> core.b -> core.c -> core.a" in message or "core.b -> core.c -> core.a -> core.b" in message


def test_a_model_that_reads_itself_is_refused(sql: Path) -> None:
    write(sql, "core.a", reads="core.a")
    assert "core.a -> core.a" in refusal(sql)


@pytest.mark.parametrize(
    ("name", "reads"),
    [
        ("staging.a", "core.b"),
        ("core.a", "tidy.documents"),
        ("core.a", "drift.b"),
        ("drift.a", "marts.b"),
        ("main.a", "drift.b"),
        ("core.a", "marts.b"),
        ("marts.a", "tidy.documents"),
        ("marts.a", "marts.b"),
        ("staging.a", "information_schema.tables"),
    ],
)
def test_a_model_reads_only_what_its_layer_may(sql: Path, name: str, reads: str) -> None:
    write(sql, name, reads=reads)
    layer = name.partition(".")[0]
    assert refusal(sql).startswith(f"sql/{layer}/a.sql reads {reads}, but {layer} may read only ")


def test_a_model_that_is_not_there_is_named_with_what_to_do(sql: Path) -> None:
    write(sql, "core.a", reads="staging.missing")
    assert refusal(sql) == (
        "sql/core/a.sql reads staging.missing, which does not exist. "
        "Create sql/staging/missing.sql or correct the name."
    )


def test_a_tidy_table_that_is_not_there_is_named(sql: Path) -> None:
    write(sql, "staging.a", reads="tidy.docs")
    assert refusal(sql) == "sql/staging/a.sql reads tidy.docs, which does not exist. Correct the name."


def test_references_are_read_and_lead_to_the_key_of_a_model(sql: Path) -> None:
    header = HEADER.replace("-- Columns", "-- References: thing_id in core.b\n-- Columns")
    write(sql, "core.a", header=header, reads="staging.m")
    write(sql, "staging.m")
    assert refusal(sql) == (
        "sql/core/a.sql refers to core.b, but no model of that name has a key of 1 column. Correct `References:`."
    )
    write(sql, "core.b", reads="staging.m")
    assert {model.full_name: model.references for model in read_models(sql)} == {
        "staging.m": (),
        "core.a": (Reference(("thing_id",), "core.b"),),
        "core.b": (),
    }


def test_role_order_and_measures_are_read(sql: Path) -> None:
    measures = "--   thing_count = count(*):\n--     Things,\n--     all of them.\n"
    write(sql, "staging.a", header=f"{HEADER}-- Role: fact\n-- Order: thing_id desc\n-- Measures:\n{measures}")
    (model,) = read_models(sql)
    assert (model.role, model.order) == ("fact", (SortColumn("thing_id", is_descending=True),))
    assert [(each.name, each.sql, each.sentence) for each in model.measures] == [
        ("thing_count", "count(*)", "Things, all of them.")
    ]


INHERITING = """-- Something.
--
-- Grain: a thing.
-- Key: thing_id
-- Columns:
{columns}
"""


def inheriting(sql: Path, name: str, columns: str, query: str) -> None:
    header = INHERITING.format(columns="\n".join(f"--   {column}" for column in columns.split(", ")))
    write(sql, name, header=header, query=f"{query}\n")


def meanings(sql: Path, name: str) -> dict[str, tuple[str, bool]]:
    """The sentence of each column of a model, and whether the column may be NULL."""
    (model,) = (model for model in read_models(sql) if model.full_name == name)
    return {column: (sentence, column in model.nullable) for column, sentence in model.columns.items()}


def test_a_copied_column_inherits_sentence_and_nullability_through_every_layer(sql: Path) -> None:
    inheriting(sql, "staging.a", "thing_id: The thing., url, size?: Its size.",
               "select document_id as thing_id, url, width as size from tidy.document_images")  # fmt: skip
    inheriting(sql, "core.a", "thing_id, size, url",
               "with b as (select thing_id as id, url, size from staging.a) "
               "select id as thing_id, size, url from b")  # fmt: skip
    image_url = inputs.column_descriptions(INPUTS["document_images"])["url"]
    assert meanings(sql, "core.a") == {
        "thing_id": ("The thing.", False),
        "size": ("Its size.", True),
        "url": (image_url, True),
    }


def test_an_own_sentence_and_mark_take_precedence_over_those_of_the_source(sql: Path) -> None:
    inheriting(sql, "staging.a", "thing_id: The thing., size?: Its size., count?: Its count.",
               "select document_id as thing_id, width as size, height as count from tidy.document_images")  # fmt: skip
    inheriting(sql, "core.a", "thing_id?, size: The size of a large thing., count",
               "select thing_id, size, count from staging.a where size > 7")  # fmt: skip
    assert meanings(sql, "core.a") == {
        "thing_id": ("The thing.", True),
        "size": ("The size of a large thing.", False),
        "count": ("Its count.", True),
    }


@pytest.mark.parametrize("join", ["left join", "full join"])
def test_a_column_behind_an_outer_join_may_be_null(sql: Path, join: str) -> None:
    inheriting(sql, "staging.a", "thing_id: The thing., label: Its label.",
               "select document_id as thing_id, topic as label from tidy.document_topics")  # fmt: skip
    inheriting(sql, "core.a", "thing_id, label",
               f"select a.thing_id, b.label from staging.a {join} staging.a as b on b.thing_id = a.label")  # fmt: skip
    assert meanings(sql, "core.a") == {
        "thing_id": ("The thing.", join == "full join"),
        "label": ("Its label.", True),
    }


def test_a_column_that_every_branch_of_a_union_copies_inherits(sql: Path) -> None:
    inheriting(sql, "staging.a", "thing_id: The thing.", "select document_id as thing_id from tidy.documents")
    inheriting(sql, "core.a", "thing_id", "select thing_id from staging.a union all select thing_id from staging.a")
    assert meanings(sql, "core.a") == {"thing_id": ("The thing.", False)}


@pytest.mark.parametrize(
    "query",
    [
        "select lower(thing_id) as thing_id from staging.a",
        "select min(thing_id) as thing_id from staging.a",
        "select thing_id from staging.a union all select label as thing_id from staging.a",
        "select b.thing_id from staging.a as a, unnest([a.label]) as b(thing_id)",
        "select entry.thing_id from (select struct_pack(thing_id := label) as entry from staging.a)",
        "with recursive b as (select thing_id from staging.a union all select thing_id from b) select thing_id from b",
    ],
    ids=["function", "aggregate", "union", "table_function", "struct", "recursion"],
)
def test_a_computed_column_without_a_sentence_is_refused_with_its_line(sql: Path, query: str) -> None:
    inheriting(sql, "staging.a", "thing_id: The thing., label: Its label.",
               "select document_id as thing_id, topic as label from tidy.document_topics")  # fmt: skip
    inheriting(sql, "core.a", "thing_id", query)
    assert refusal(sql) == (
        "sql/core/a.sql:6: column thing_id has no sentence, and inherits none: it is not a copy of one column. "
        "Write `--   thing_id: sentence`."
    )


def test_a_function_is_an_expression_with_a_description_and_parameters(sql: Path) -> None:
    (sql / "functions").mkdir()
    header = "-- Twice a number.\n--\n-- Parameters:\n--   number: The number.\n"
    (sql / "functions" / "twice.sql").write_text(f"{header}2 * number\n")
    (function,) = read_functions(sql)
    assert (function.name, function.sql, function.description) == ("twice", "2 * number", "Twice a number.")
    assert dict(function.parameters) == {"number": Parameter("The number.", None)}
    (sql / "functions" / "twice.sql").write_text(f"{header}-- Grain: a number.\n2 * number\n")
    with pytest.raises(ModelError, match=r"^sql/functions/twice\.sql:5: unknown field `Grain:`. Use `Parameters`.$"):
        read_functions(sql)


def test_a_layer_that_is_missing_is_named(sql: Path) -> None:
    (sql / "core").rmdir()
    assert "core is missing" in refusal(sql)


@pytest.mark.parametrize(
    ("header", "line", "message"),
    [
        ("", 1, "the header has no description"),
        (HEADER.replace("-- Grain: a thing.\n", ""), 5, "the header lacks `Grain:`"),
        (HEADER.replace("Grain: a thing.", "Grain:"), 6, "the header lacks `Grain:`"),
        (HEADER.replace("-- Key: thing_id\n", ""), 5, "the header lacks `Key:`"),
        (HEADER.replace("Key: thing_id", "Key: other"), 6, "the key names `other`"),
        (HEADER.replace("--   thing_id: The thing.\n", ""), 5, "the header lists no columns"),
        (HEADER.replace("-- Columns:\n", ""), 5, "the header lists no columns"),
        (HEADER + "-- References: thing_id to core.b\n", 7, "`thing_id to core.b` is not a reference"),
        (HEADER + "-- References: other in core.b\n", 7, "a reference names `other`"),
        (HEADER + "-- Role: star\n", 7, "unknown role 'star'. Use one of `fact`, `dimension`, `bridge`."),
        (HEADER + "-- Order: other desc\n", 7, "`other desc` is not a column to sort by"),
        (HEADER + "-- Measures:\n--   things: Count.\n", 8, "Write `--   name = count(*): sentence`."),
        (HEADER + "-- Measures:\n--   things = count(*):\n", 8, "measure things has no sentence"),
        (HEADER + "-- Measures:\n--   things = sum(a): A sum.\n", 8, "measure things: `sum(a)` is not a measure"),
        (HEADER + "-- Owner: me\n", 7, "unknown field `Owner:`"),
        (HEADER + "-- Severity: warn\n", 7, "unknown field `Severity:`"),
        (HEADER + "-- Grain: twice\n", 7, "duplicate field `Grain:`"),
        (HEADER + "--   thing_id: Twice.\n", 7, "duplicate column thing_id"),
        (HEADER + "--   other:\n", 7, "this is not a column. Write `--   name: sentence`"),
        (HEADER + "--   other??\n", 7, "this is not a column"),
        (HEADER + "--   Other: With a capital.\n", 7, "this is not a column"),
        (HEADER + "--   other\n--     A sentence too late.\n", 8, "this line continues no sentence"),
        (HEADER + "-- Formerly: that\n", 7, "unknown field `Formerly:`"),
        (HEADER + "--other: No space.\n", 7, "no space after `--`"),
        (HEADER + "-- and so on\n", 7, "this line belongs to no field"),
        (HEADER.replace("--   thing_id", "--     thing_id"), 6, "this line continues no sentence"),
    ],
)
def test_a_header_that_is_not_whole_is_refused_with_its_line(sql: Path, header: str, line: int, message: str) -> None:
    write(sql, "staging.a", header=header)
    found = refusal(sql)
    assert found.startswith(f"sql/staging/a.sql:{line}: ")
    assert message in found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (CHECK.replace("-- Severity: error\n", ""), "the header lacks `Severity:`"),
        (CHECK.replace("Severity: error", "Severity: fatal"), "unknown severity 'fatal'"),
        (CHECK.replace("-- Severity", "-- Key: a\n-- Severity"), "unknown field `Key:`"),
        ("-- Nothing.\n--\n-- Severity: warn\n", "there is no SQL below the header"),
    ],
)
def test_a_check_that_is_not_whole_is_refused(sql: Path, text: str, message: str) -> None:
    (sql / "checks" / "a.sql").write_text(text)
    with pytest.raises(ModelError, match=r"^sql/checks/a\.sql:\d: ") as caught:
        read_checks(sql)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("select thing_id\nfrom tidy.documents\nwhere and true\n", "sql/staging/a.sql:9: DuckDB cannot read it: "),
        ("select 1 as thing_id; select 2 as thing_id\n", "sql/staging/a.sql has 2 statements. Keep one SELECT."),
        ("delete from tidy.documents\n", "sql/staging/a.sql:7: DuckDB cannot read it: Only SELECT statements"),
        ("select * from tidy.documents\n", "sql/staging/a.sql selects `*`."),
        ("from tidy.documents\n", "sql/staging/a.sql selects `*`."),
        ("select d.* exclude (title) from tidy.documents as d\n", "sql/staging/a.sql selects `*`."),
        ("with a as (select 1 as thing_id) from a\n", "sql/staging/a.sql selects `*`."),
        ("select 1 as thing_id union all select * from tidy.documents\n", "sql/staging/a.sql selects `*`."),
        ("select cast(columns(*) as varchar) from tidy.documents\n", "sql/staging/a.sql selects `*`."),
        ("select columns('.*_id') from tidy.documents\n", "sql/staging/a.sql selects `*`."),
    ],
)
def test_a_query_that_cannot_be_a_model_is_refused(sql: Path, query: str, message: str) -> None:
    write(sql, "staging.a", query=query)
    assert refusal(sql).startswith(message)


@pytest.mark.parametrize(
    "query",
    [
        "with a as (from tidy.documents) select document_id as thing_id from a\n",
        "with a as (select cast(columns(*) as varchar) from tidy.documents)\n"
        "select thing_id from a unpivot (value for thing_id in (columns(*)))\n",
        "select document_id as thing_id from (select * from tidy.documents)\n",
    ],
)
def test_a_part_of_a_query_may_take_all_columns(sql: Path, query: str) -> None:
    write(sql, "staging.a", query=query)
    assert len(read_models(sql)) == 1


def test_counting_all_rows_and_listing_values_take_no_star(sql: Path) -> None:
    query = "with v(a, b) as (values ('x', 1), ('y', 2)) select a as thing_id, count(*) from v group by a\n"
    write(sql, "staging.a", query=query)
    assert len(read_models(sql)) == 1


def test_a_file_that_is_not_utf_8_is_named(sql: Path) -> None:
    (sql / "staging" / "a.sql").write_bytes(b"-- Caf\xe9\n")
    assert "sql/staging/a.sql is not UTF-8" in refusal(sql)
