"""The models under sql/: read from their files, held to the rules of their layer, and put in the order to run them in.

`sql/<layer>/<name>.sql` is `<layer>.<name>`. What a model reads is found by DuckDB's own parser, so no list of
dependencies can go stale.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Final

import duckdb

from flows.errors import ModelError
from flows.headers import Header, Severity, read_header
from flows.inputs import INPUTS

LAYERS: Final = ("staging", "core", "marts")
CHECKS: Final = "checks"

_MAY_READ: Final[dict[str, tuple[str, ...]]] = {
    "staging": ("tidy", "staging"),
    "core": ("staging", "core"),
    "marts": ("staging", "core"),
    CHECKS: ("tidy", "staging", "core", "marts"),
}
# How a recursive CTE with USING KEY calls its own table.
_RECURRING: Final = "recurring"


@dataclass(frozen=True, slots=True)
class Model:
    """A file under sql/: its SQL, and what its header says of it. A check has a severity and no grain, key, columns."""

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

    @property
    def full_name(self) -> str:
        """How other models call it, such as core.articles."""
        return f"{self.layer}.{self.name}"

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
        _hold_to_layer(model, models)
    return [models[name] for name in _ordered(models)]


def read_checks(sql_folder: Path) -> list[Model]:
    """The checks, by name. Raises ModelError as `read_models` does, save for what only a run can tell."""
    return list(_read_layers(sql_folder, [CHECKS]))


def _read_layers(sql_folder: Path, layers: Sequence[str]) -> Iterator[Model]:
    with duckdb.connect() as con:
        for layer in layers:
            folder = sql_folder / layer
            if not folder.is_dir():
                raise ModelError(f"{folder} is missing: {layer} belongs there. Restore it or install frontmart again.")
            for path in sorted(folder.glob("*.sql")):
                yield _read_model(con, path, layer)


def _read_model(con: duckdb.DuckDBPyConnection, path: Path, layer: str) -> Model:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ModelError(f"{_place(path)} is not UTF-8 ({error.reason}). Save it as UTF-8.") from error
    header = read_header(text, _place(path), is_check=layer == CHECKS)
    statement = _parse(con, path, header)
    if _selects_star(statement):
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
        reads=frozenset(_tables(statement)),
    )


def _parse(con: duckdb.DuckDBPyConnection, path: Path, header: Header) -> dict[str, Any]:
    row = con.execute("select json_serialize_sql($1)", [header.sql]).fetchone()
    parsed = json.loads(row[0]) if row else {}
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


def _selects_star(statement: dict[str, Any]) -> bool:
    """Whether any SELECT within takes all columns, also by beginning with FROM; a list of VALUES reads as one too."""
    return any(
        expression.get("class") == "STAR"
        for node in _nodes(statement)
        if (node.get("from_table") or {}).get("type") != "EXPRESSION_LIST"
        for expression in _nodes(node.get("select_list"))
    )


def _tables(statement: dict[str, Any]) -> Iterator[str]:
    """The tables that a statement reads; a name without a schema is one of its own CTEs."""
    for node in _nodes(statement):
        schema = node.get("schema_name")
        if node.get("type") == "BASE_TABLE" and schema and schema != _RECURRING:
            yield f"{schema}.{node['table_name']}"


def _hold_to_layer(model: Model, models: Mapping[str, Model]) -> None:
    known = {*models, *(f"tidy.{name}" for name in INPUTS)}
    for name in sorted(model.reads):
        layer, _, table = name.partition(".")
        if layer not in _MAY_READ[model.layer]:
            allowed = " and ".join(_MAY_READ[model.layer])
            raise ModelError(f"{model.place} reads {name}, but {model.layer} reads {allowed} only. Go through those.")
        if name not in known:
            remedy = f"Create sql/{layer}/{table}.sql or correct the name" if layer in LAYERS else "Correct the name"
            raise ModelError(f"{model.place} reads {name}, which does not exist. {remedy}.")


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
        ready = sorted(sorter.get_ready(), key=lambda name: (LAYERS.index(models[name].layer), name))
        sorter.done(*ready)
        yield from ready


def _place(path: Path) -> str:
    return "/".join(path.parts[-3:])
