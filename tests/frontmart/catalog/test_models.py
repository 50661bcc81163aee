"""Models as files: their headers are parsed, their layers kept apart, their order found from their SQL."""

from pathlib import Path

import pytest

from frontmart.catalog.headers import Parameter, Reference
from frontmart.catalog.models import CHECKS, LAYERS, MACROS, read_checks, read_macros, read_models
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
    (macro,) = read_macros(sql)
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
        ("--   First: A day.", "a parameter needs a name and a sentence. Write `--   name: sentence`."),
        ("--     A day.", "a sentence goes on before any parameter. Write `--   name: sentence` first."),
        ("--   a: A day.\n--   a = 1: A day.", "parameter a is described twice. Keep one."),
    ],
)
def test_a_parameter_that_is_badly_written_is_refused(sql: Path, parameter: str, message: str) -> None:
    write(sql, "macros.a", header=HEADER.replace("-- Key: thing_id", f"-- Parameters:\n{parameter}"))
    with pytest.raises(ModelError) as caught:
        read_macros(sql)
    assert str(caught.value).endswith(message)


def test_a_model_has_no_parameters(sql: Path) -> None:
    write(sql, "marts.a", header=HEADER.replace("-- Columns:", "-- Parameters:\n--   a: A day.\n-- Columns:"))
    assert "`Parameters:` is no field of this header" in refusal(sql)


def test_models_come_after_all_that_they_read_and_otherwise_by_layer_and_name(sql: Path) -> None:
    write(sql, "marts.a", reads="core.z")
    write(sql, "core.z", reads="staging.m")
    write(sql, "core.b", reads="core.z")
    write(sql, "staging.m")
    write(sql, "staging.k", reads="staging.m")
    assert [model.full_name for model in read_models(sql)] == [
        "staging.m", "staging.k", "core.z", "core.b", "marts.a"
    ]  # fmt: skip


def test_what_is_read_is_found_wherever_it_stands_in_the_query(sql: Path) -> None:
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
    assert "reads itself by way of others" in message
    assert "core.a -> core.b -> core.c -> core.a" in message or "core.b -> core.c -> core.a -> core.b" in message


def test_a_model_that_reads_itself_is_refused(sql: Path) -> None:
    write(sql, "core.a", reads="core.a")
    assert "core.a -> core.a" in refusal(sql)


@pytest.mark.parametrize(
    ("name", "reads"),
    [
        ("staging.a", "core.b"),
        ("core.a", "tidy.documents"),
        ("core.a", "marts.b"),
        ("marts.a", "tidy.documents"),
        ("marts.a", "marts.b"),
        ("staging.a", "information_schema.tables"),
    ],
)
def test_a_model_reads_only_what_its_layer_may(sql: Path, name: str, reads: str) -> None:
    write(sql, name, reads=reads)
    layer = name.partition(".")[0]
    assert refusal(sql).startswith(f"sql/{layer}/a.sql reads {reads}, but {layer} reads ")


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
        "sql/core/a.sql refers to core.b, which is no model with a key of 1 column. Correct `References:`."
    )
    write(sql, "core.b", reads="staging.m")
    assert {model.full_name: model.references for model in read_models(sql)} == {
        "staging.m": (),
        "core.a": (Reference(("thing_id",), "core.b"),),
        "core.b": (),
    }


def test_a_layer_that_is_missing_is_named(sql: Path) -> None:
    (sql / "core").rmdir()
    assert "core is missing" in refusal(sql)


@pytest.mark.parametrize(
    ("header", "line", "message"),
    [
        ("", 1, "the header does not say what the model is for"),
        (HEADER.replace("-- Grain: a thing.\n", ""), 5, "no `Grain:`"),
        (HEADER.replace("Grain: a thing.", "Grain:"), 6, "no `Grain:`"),
        (HEADER.replace("-- Key: thing_id\n", ""), 5, "no `Key:`"),
        (HEADER.replace("Key: thing_id", "Key: other"), 6, "the key names `other`"),
        (HEADER.replace("--   thing_id: The thing.\n", ""), 5, "describes no columns"),
        (HEADER.replace("-- Columns:\n", ""), 5, "describes no columns"),
        (HEADER + "-- References: thing_id to core.b\n", 7, "`thing_id to core.b` is no reference"),
        (HEADER + "-- References: other in core.b\n", 7, "a reference names `other`"),
        (HEADER + "-- Owner: me\n", 7, "`Owner:` is no field of this header"),
        (HEADER + "-- Severity: warn\n", 7, "`Severity:` is no field of this header"),
        (HEADER + "-- Grain: twice\n", 7, "`Grain:` stands twice"),
        (HEADER + "--   thing_id: Twice.\n", 7, "column thing_id is described twice"),
        (HEADER + "--   other\n", 7, "a column needs a name and a sentence"),
        (HEADER + "--   other:\n", 7, "a column needs a name and a sentence"),
        (HEADER + "--   Other: With a capital.\n", 7, "a column needs a name and a sentence"),
        (HEADER + "--other: No space.\n", 7, "needs a space behind `--`"),
        (HEADER + "-- and so on\n", 7, "belongs to no field"),
        (HEADER.replace("--   thing_id", "--     thing_id"), 6, "goes on before any column"),
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
        (CHECK.replace("-- Severity: error\n", ""), "no `Severity:`"),
        (CHECK.replace("Severity: error", "Severity: fatal"), "severity 'fatal' is not known"),
        (CHECK.replace("-- Severity", "-- Key: a\n-- Severity"), "`Key:` is no field"),
        ("-- Nothing.\n--\n-- Severity: warn\n", "no query below the header"),
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
        ("select 1 as thing_id; select 2 as thing_id\n", "sql/staging/a.sql holds 2 statements. Keep one SELECT."),
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
