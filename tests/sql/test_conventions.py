"""Conventions of every file under sql/: layout, names and types."""

import re

import pytest

from frontmart.catalog import inputs
from frontmart.catalog.copies import copied_columns
from frontmart.catalog.headers import read_header
from frontmart.catalog.inputs import INPUTS
from frontmart.catalog.layers import INDEXED
from frontmart.catalog.models import Model, read_checks, read_functions, read_macros, read_models, read_report
from frontmart.catalog.parse_tree import parse
from tests.sql.frames import SQL, warehouse_of

MODELS = read_models(SQL)
SHOWN = read_report(SQL)
MACROS = [*read_macros(SQL, MODELS), *read_macros(SQL, MODELS, INDEXED)]
FILES = [*MODELS, *SHOWN, *read_checks(SQL), *MACROS, *read_functions(SQL)]
# The sentence of each column, by table.
MEANINGS = {f"tidy.{name}": inputs.column_descriptions(schema) for name, schema in INPUTS.items()}
MEANINGS |= {model.full_name: dict(model.columns) for model in [*MODELS, *SHOWN]}

# A clock would make two builds of one input differ; so would an aggregate that takes whichever row comes first.
FORBIDDEN = re.compile(
    r"\b(now|current_date|current_timestamp|get_current_timestamp|today|random|uuid|gen_random_uuid|any_value|mode"
    r"|arg_max|max_by|argmax|last|approx_\w+)\s*\(|\bcurrent_(date|time|timestamp)\b"
)
UNORDERED_FIRST = re.compile(r"\bfirst\s*\((?![^()]* order by )")
FLOAT_SUM = re.compile(r"\b(avg|mean)\s*\(")


def by_name(model: Model) -> str:
    return model.full_name


@pytest.mark.parametrize("model", FILES, ids=by_name)
def test_it_is_laid_out_like_the_others(model: Model) -> None:
    text = model.path.read_text()
    assert [line for line in text.splitlines() if len(line) > 110 or line != line.rstrip() or "\t" in line] == []
    assert text.endswith("\n")
    words = re.sub(r"'[^']*'|--.*", "", model.sql)
    assert re.findall(r"\b(SELECT|FROM|WHERE|JOIN|GROUP|WITH|AND|OR|CASE|NULL)\b", words) == []


@pytest.mark.parametrize("model", FILES, ids=by_name)
def test_nothing_in_it_depends_on_the_clock_or_on_the_order_of_threads(model: Model) -> None:
    for pattern in (FORBIDDEN, UNORDERED_FIRST, FLOAT_SUM):
        assert pattern.search(model.sql.lower()) is None


@pytest.mark.parametrize("model", [*MODELS, *SHOWN, *MACROS], ids=by_name)
def test_every_column_and_parameter_has_a_sentence(model: Model) -> None:
    assert model.grain.endswith(".")
    parameters = [parameter.description for parameter in model.parameters.values()]
    for sentence in (model.description, *model.columns.values(), *parameters):
        assert re.fullmatch(r"[A-Z0-9`].*\.", sentence), sentence


@pytest.mark.parametrize("model", [*MODELS, *SHOWN, *MACROS], ids=by_name)
def test_no_header_repeats_what_a_column_would_inherit(model: Model) -> None:
    header = read_header(model.path.read_text(), model.place, "macro" if model in MACROS else "model")
    (tree,) = parse([model.sql])
    copies = copied_columns(tree["statements"][0], {table: list(MEANINGS[table]) for table in model.reads})
    inherited = {name: MEANINGS[copy.table][copy.column] for name, copy in copies.items()}
    assert [name for name, column in header.columns.items() if column.sentence == inherited.get(name, "")] == []


@pytest.mark.parametrize("model", MODELS, ids=by_name)
def test_names_and_types_follow_one_grammar(model: Model, types: dict[str, dict[str, str]]) -> None:
    suffixes = {"_at": "TIMESTAMP", "_date": "DATE", "_share": "DOUBLE", "_id": "VARCHAR", "_count": "BIGINT"}
    for column, type_ in types[model.full_name].items():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", column)
        for suffix, wanted in suffixes.items():
            if column.endswith(suffix) and column != "expected_count":  # a mean
                assert type_ == wanted, column
        if column.startswith(("is_", "has_")):
            assert type_ == "BOOLEAN", column
        if type_ == "BOOLEAN":
            assert column.startswith(("is_", "has_")), column


@pytest.fixture(scope="module")
def types(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    with warehouse_of(tmp_path_factory.mktemp("types"), []) as con:
        for layer, name, column, type_ in con.execute(
            "select table_schema, table_name, column_name, data_type from information_schema.columns"
        ).fetchall():
            found.setdefault(f"{layer}.{name}", {})[column] = type_
    return found
