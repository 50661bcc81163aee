"""The models under sql/: read from their files, held to the rules of their layer, and put in the order to run them in.

`sql/<layer>/<name>.sql` is `<layer>.<name>`, and `sql/macros/<name>.sql` the table macro `main.<name>`. What a model
reads is found by DuckDB's own parser, so no list of dependencies can go stale.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Final

import duckdb

from frontmart.catalog.headers import Header, Kind, Parameter, Reference, Severity, read_header
from frontmart.catalog.inputs import INPUTS
from frontmart.errors import ModelError

# DuckDB finds what is in `main` under its bare name: that is where what people type belongs.
LAYERS: Final = ("staging", "core", "marts", "main")
VIEWS: Final = ("staging", "main")
CHECKS: Final = "checks"
REPORT: Final = "report"
MACROS: Final = "macros"

_KINDS: Final[dict[str, Kind]] = {CHECKS: "check", MACROS: "macro"}

_MAY_READ: Final[dict[str, tuple[str, ...]]] = {
    "staging": ("tidy", "staging"),
    "core": ("staging", "core"),
    "marts": ("staging", "core"),
    "main": ("staging", "core", "marts"),
    MACROS: ("staging", "core", "marts", "main"),
    CHECKS: ("tidy", "staging", "core", "marts"),
    REPORT: ("tidy", "staging", "core", "marts", "report"),
}
# How a recursive CTE with USING KEY calls its own table.
_RECURRING: Final = "recurring"


@dataclass(frozen=True, slots=True)
class Model:
    """A file under sql/: its SQL, and what its header says of it.

    A check has a severity and no grain, key, columns; a macro has no key, and may have parameters.
    """

    layer: str
    name: str
    path: Path
    sql: str
    description: str
    grain: str
    key: tuple[str, ...]
    columns: Mapping[str, str]
    severity: Severity | None
    reads: frozenset[str]
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    references: tuple[Reference, ...] = ()

    @property
    def full_name(self) -> str:
        """How other models call it, such as core.articles."""
        return f"{self.layer}.{self.name}"

    @property
    def is_view(self) -> bool:
        """Whether it is a view, which takes no room, rather than a table."""
        return self.layer in VIEWS

    @property
    def place(self) -> str:
        """How errors call its file, such as sql/core/articles.sql."""
        return _place(self.path)


def read_models(sql_folder: Path) -> list[Model]:
    """The models of staging, core and marts, each after all that it reads; those that may run together by name.

    Raises:
        ModelError: naming the file and what to do, for a header or a query that cannot be read, a model that reads
            what it may not or what does not exist, and models that read each other in a circle.
    """
    models = {model.full_name: model for model in _read_layers(sql_folder, LAYERS)}
    for model in models.values():
        _check_layer(model, models)
        _check_references(model, models)
    return [models[name] for name in _ordered(models)]


def read_report(sql_folder: Path) -> list[Model]:
    """What a report shows, each after all that it reads; a warehouse holds none of it. Raises as `read_models` does."""
    models = {model.full_name: model for model in _read_layers(sql_folder, [*LAYERS, REPORT])}
    shown = {name: model for name, model in models.items() if model.layer == REPORT}
    for model in shown.values():
        _check_layer(model, models)
    return [shown[name] for name in _ordered(shown)]


def read_checks(sql_folder: Path) -> list[Model]:
    """The checks, by name. Raises ModelError as `read_models` does, save for what only a run can tell."""
    return list(_read_layers(sql_folder, [CHECKS]))


def read_macros(sql_folder: Path) -> list[Model]:
    """The table macros, by name. Raises ModelError as `read_models` does, save for what only a run can tell."""
    return list(_read_layers(sql_folder, [MACROS]))


def _read_layers(sql_folder: Path, layers: Sequence[str]) -> Iterator[Model]:
    files = [(layer, path) for layer in layers for path in _sql_files(sql_folder, layer)]
    headers = [read_header(_text(path), _place(path), _KINDS.get(layer, "model")) for layer, path in files]
    for (layer, path), header, parsed in zip(files, headers, _parsed(headers), strict=True):
        yield _model(path, layer, header, _statement(path, header, parsed))


def _sql_files(sql_folder: Path, layer: str) -> list[Path]:
    folder = sql_folder / layer
    if not folder.is_dir():
        raise ModelError(f"{folder} is missing: {layer} belongs there. Restore it or install frontmart again.")
    return sorted(folder.glob("*.sql"))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ModelError(f"{_place(path)} is not UTF-8 ({error.reason}). Save it as UTF-8.") from error


def _model(path: Path, layer: str, header: Header, statement: dict[str, Any]) -> Model:
    nodes = list(_nodes(statement))
    if _selects_star(statement["node"]):
        raise ModelError(f"{_place(path)} selects `*`. Name the columns, so that a new one cannot slip in.")
    return Model(
        layer=layer,
        name=path.stem,
        path=path,
        sql=header.sql.removesuffix(";").rstrip(),
        description=header.description,
        grain=header.grain,
        key=header.key,
        columns=header.columns,
        severity=header.severity,
        reads=frozenset(_tables(nodes)),
        parameters=header.parameters,
        references=header.references,
    )


def _parsed(headers: Sequence[Header]) -> list[dict[str, Any]]:
    """What DuckDB makes of the SQL of each, all at once: one by one takes twice as long."""
    query = "select json_serialize_sql(sql) from (select unnest($1::varchar[]) as sql)"
    with duckdb.connect() as con:
        return [json.loads(row) for (row,) in con.execute(query, [[header.sql for header in headers]]).fetchall()]


def _statement(path: Path, header: Header, parsed: dict[str, Any]) -> dict[str, Any]:
    if parsed.get("error"):
        before = header.sql[: int(parsed.get("position") or 0)]
        line = header.first_sql_line + before.count("\n")
        raise ModelError(f"{_place(path)}:{line}: DuckDB cannot read it: {parsed['error_message']}. Correct the SQL.")
    if len(parsed["statements"]) != 1:
        raise ModelError(f"{_place(path)} holds {len(parsed['statements'])} statements. Keep one SELECT.")
    return dict(parsed["statements"][0])


def _nodes(tree: object) -> Iterator[dict[str, Any]]:
    """Every mapping within a parsed statement, itself included."""
    if isinstance(tree, dict):
        yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for branch in tree:
            yield from _nodes(branch)


def _selects_star(query: dict[str, Any]) -> bool:
    """Whether the result takes all columns of something, also by beginning with FROM.

    A CTE or subquery may: the columns of the result, which are the contract, are named all the same. That is how a
    model reads the columns of declared fields without naming each of them.
    """
    return any(
        expression.get("class") == "STAR"
        for select in _final_selects(query)
        # A list of VALUES reads as `select *` too.
        if (select.get("from_table") or {}).get("type") != "EXPRESSION_LIST"
        for expression in _nodes(select["select_list"])
    )


def _final_selects(query: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The SELECTs whose columns are those of the result: several for a UNION."""
    if query.get("select_list"):
        yield query
    for branch in query.get("children") or []:
        yield from _final_selects(branch)


def _tables(nodes: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The tables that a statement reads; a name without a schema is one of its own CTEs."""
    for node in nodes:
        schema = node.get("schema_name")
        if node.get("type") == "BASE_TABLE" and schema and schema != _RECURRING:
            yield f"{schema}.{node['table_name']}"


def _check_layer(model: Model, models: Mapping[str, Model]) -> None:
    known = {*models, *(f"tidy.{name}" for name in INPUTS)}
    for name in sorted(model.reads):
        layer, _, table = name.partition(".")
        if layer not in _MAY_READ[model.layer]:
            allowed = " and ".join(_MAY_READ[model.layer])
            raise ModelError(f"{model.place} reads {name}, but {model.layer} reads {allowed} only. Go through those.")
        if name not in known:
            is_file = layer in (*LAYERS, REPORT)
            remedy = f"Create sql/{layer}/{table}.sql or correct the name" if is_file else "Correct the name"
            raise ModelError(f"{model.place} reads {name}, which does not exist. {remedy}.")


def _check_references(model: Model, models: Mapping[str, Model]) -> None:
    """See that what a model refers to exists and has a key of as many columns."""
    for reference in model.references:
        other = models.get(reference.table)
        if other is None or len(other.key) != len(reference.columns):
            raise ModelError(f"{model.place} refers to {reference.table}, which is no model with a key of "
                             f"{len(reference.columns)} column. Correct `References:`.")  # fmt: skip


def _ordered(models: Mapping[str, Model]) -> Iterator[str]:
    graph = {name: {read for read in model.reads if read in models} for name, model in models.items()}
    sorter = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError as error:
        circle = " -> ".join(reversed(error.args[1]))
        place = models[error.args[1][0]].place
        raise ModelError(f"{place} reads itself by way of others: {circle}. Take one of these reads out.") from error
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=lambda name: ((*LAYERS, REPORT).index(models[name].layer), name))
        sorter.done(*ready)
        yield from ready


def _place(path: Path) -> str:
    return "/".join(path.parts[-3:])
