"""The models under sql/: read from their files, checked against the rules of their layer, and sorted to be run.

`sql/<layer>/<name>.sql` is `<layer>.<name>`, and `sql/macros/<name>.sql` the table macro `main.<name>`. The tables that
a model reads are found by DuckDB's parser, so no list of dependencies can go stale.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Final

from frontmart.catalog.column_reads import ColumnReads, column_reads
from frontmart.catalog.copies import copied_columns
from frontmart.catalog.features import Feature
from frontmart.catalog.headers import Header, Kind, Parameter, Reference, Role, Severity, SortColumn, read_header
from frontmart.catalog.inputs import INPUTS, column_descriptions
from frontmart.catalog.layers import CHECKS, FUNCTIONS, INDEXED, LAYERS, MACROS, MAY_READ, QUERIES, REPORT, is_view
from frontmart.catalog.measures import Measure
from frontmart.catalog.parse_tree import Node, Statement, parse, statement
from frontmart.errors import ModelError

_CALL: Final = re.compile(r"\b([a-z][a-z0-9_]*)\(")
# Other names with a bracket in a macro are functions, and words of its messages.
_TABLE_CALL: Final = re.compile(r"\b(?:from|join) ([a-z][a-z0-9_]*)\(")
_KINDS: Final[dict[str, Kind]] = {CHECKS: "check", MACROS: "macro", INDEXED: "macro"}


@dataclass(frozen=True, slots=True)
class Model:
    """A file under sql/: its SQL and its parsed header.

    Attributes:
        columns: the sentence of each column, its own or inherited.
        nullable: the columns that may be NULL.
        formerly: the name of a macro in the last release, where it was another.
        column_needs: the feature that a column needs, its own or inherited; other columns need none.
        needs: the feature without which the model has no rows.
        column_reads: the columns that it reads; None if they are not known.
        role: its role in the star schema; None if it is not part of it.
        order: the columns that people sort it by.
        measures: its measures.

    A check has a severity and no grain, key or columns; a macro no key; a function only a description and parameters.
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
    nullable: frozenset[str] = frozenset()
    formerly: str | None = None
    column_needs: Mapping[str, Feature] = field(default_factory=dict)
    needs: Feature | None = None
    column_reads: ColumnReads | None = None
    role: Role | None = None
    order: tuple[SortColumn, ...] = ()
    measures: tuple[Measure, ...] = ()

    @property
    def full_name(self) -> str:
        """The name in queries, such as core.articles."""
        return f"{self.layer}.{self.name}"

    @property
    def is_view(self) -> bool:
        """Whether it is a view, which takes no space, rather than a table."""
        return is_view(self.layer, self.name)

    @property
    def place(self) -> str:
        """The file as errors name it, such as sql/core/articles.sql."""
        return _place(self.path)


@dataclass(frozen=True, slots=True)
class _Source:
    """A file under sql/ and its text."""

    layer: str
    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class _File:
    """A file under sql/, parsed: its model, whose columns still lack what they inherit, its header and parse tree."""

    model: Model
    header: Header
    tree: Node


@dataclass(frozen=True, slots=True)
class _Meaning:
    sentence: str
    is_nullable: bool
    feature: Feature | None = None


_Meanings = Mapping[str, Mapping[str, _Meaning]]


def read_models(sql_folder: Path) -> list[Model]:
    """The models that become tables and views, each after all that it reads; otherwise by layer and name.

    Raises:
        ModelError: naming the file and the remedy, for a header or a query that cannot be parsed, a model that reads a
            table that its layer may not read or that does not exist, models that read each other in a circle, and a
            column that neither has a sentence nor inherits one.
    """
    return list(_models(_sources(sql_folder, LAYERS)))


def read_query(sql_folder: Path, full_name: str) -> str:
    """The query of one model, such as staging.extra_values, without reading the others. Raises ModelError."""
    layer, _, name = full_name.partition(".")
    path = sql_folder / layer / f"{name}.sql"
    return read_header(_text(path), _place(path), "model").sql.removesuffix(";").rstrip()


def read_queries(sql_folder: Path) -> list[Model]:
    """The queries that fill inputs of the models (layers QUERIES). Raises ModelError for a malformed one."""
    return [file.model for file in _parsed(_sources(sql_folder, QUERIES))]


def read_report(sql_folder: Path) -> list[Model]:
    """The queries of the report, each after all that it reads; none is in the warehouse. Raises as `read_models`."""
    return [model for model in _models(_sources(sql_folder, [*LAYERS, REPORT])) if model.layer == REPORT]


def read_checks(sql_folder: Path) -> list[Model]:
    """The checks, by name. Raises ModelError as `read_models`, except for what only running them can show."""
    return list(_checks(_sources(sql_folder, [CHECKS])))


def read_macros(sql_folder: Path, models: Sequence[Model], folder: str = MACROS) -> list[Model]:
    """The table macros, each after those that it calls; otherwise by name.

    Args:
        sql_folder: the folder of the SQL.
        models: the models, from which the columns of macros inherit their sentences.
        folder: MACROS, or INDEXED for those that take their place where there is a search index.

    Raises ModelError as `read_models`, except for what only running them can show.
    """
    meanings = _input_meanings() | _meanings(models)
    macros = {file.model.name: _inherit(file, meanings) for file in _macros(_sources(sql_folder, [folder]))}
    return [macros[name] for name in _by_calls(macros, _TABLE_CALL)]


def read_functions(sql_folder: Path) -> list[Model]:
    """The scalar functions that models call, each after those it calls. Raises ModelError for a malformed header."""
    functions = {
        path.stem: _model(path, FUNCTIONS, read_header(_text(path), _place(path), "function"), frozenset())
        for path in _sql_files(sql_folder, FUNCTIONS)
    }
    return [functions[name] for name in _by_calls(functions, _CALL)]


def _by_calls(models: Mapping[str, Model], call: re.Pattern[str]) -> Iterable[str]:
    """The names of functions or macros, each after those that it calls: DuckDB looks these up when it creates it."""
    calls = {name: call.findall(model.sql) for name, model in models.items()}
    return TopologicalSorter({name: [each for each in calls[name] if each in models] for name in models}).static_order()


def _sources(sql_folder: Path, layers: Sequence[str]) -> tuple[_Source, ...]:
    return tuple(_Source(layer, path, _text(path)) for layer in layers for path in _sql_files(sql_folder, layer))


# Parsing all SQL takes most of a second, so the same texts are parsed once in a process. The parse trees of macros are
# kept for the sentences that they inherit; those of models and checks, which are large, are not.


@lru_cache(maxsize=2)
def _models(sources: tuple[_Source, ...]) -> tuple[Model, ...]:
    return tuple(_resolved(_parsed(sources), _input_meanings()))


@lru_cache(maxsize=2)
def _checks(sources: tuple[_Source, ...]) -> tuple[Model, ...]:
    return tuple(file.model for file in _parsed(sources))


@lru_cache(maxsize=2)
def _macros(sources: tuple[_Source, ...]) -> tuple[_File, ...]:
    return tuple(_parsed(sources))


def _parsed(sources: Sequence[_Source]) -> list[_File]:
    headers = [read_header(each.text, _place(each.path), _KINDS.get(each.layer, "model")) for each in sources]
    answers = parse([header.sql for header in headers])
    return [
        _file(each.path, each.layer, header, statement(answer, header.sql, _place(each.path), header.first_sql_line))
        for each, header, answer in zip(sources, headers, answers, strict=True)
    ]


def _sql_files(sql_folder: Path, layer: str) -> list[Path]:
    folder = sql_folder / layer
    if not folder.is_dir():
        raise ModelError(
            f"{folder} is missing: the {layer} layer belongs there. Restore it or install frontmart again."
        )
    return sorted(folder.glob("*.sql"))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ModelError(f"{_place(path)} is not UTF-8 ({error.reason}). Save it as UTF-8.") from error


def _file(path: Path, layer: str, header: Header, parsed: Statement) -> _File:
    model = _model(path, layer, header, parsed.reads)
    reads = column_reads(parsed.tree, is_view=model.is_view)
    return _File(replace(model, column_reads=reads), header, parsed.tree)


def _model(path: Path, layer: str, header: Header, reads: frozenset[str]) -> Model:
    return Model(
        layer=layer,
        name=path.stem,
        path=path,
        sql=header.sql.removesuffix(";").rstrip(),
        description=header.description,
        grain=header.grain,
        key=header.key,
        columns={name: column.sentence or "" for name, column in header.columns.items()},
        severity=header.severity,
        reads=reads,
        parameters=header.parameters,
        references=header.references,
        nullable=frozenset(name for name, column in header.columns.items() if column.is_nullable),
        formerly=header.formerly,
        column_needs={name: column.feature for name, column in header.columns.items() if column.feature},
        needs=header.needs,
        role=header.role,
        order=header.order,
        measures=header.measures,
    )


def _resolved(files: Sequence[_File], meanings: dict[str, Mapping[str, _Meaning]]) -> list[Model]:
    """The models of the files in order, each with the sentences that its columns inherit."""
    models = {file.model.full_name: file.model for file in files}
    for model in models.values():
        _check_layer(model, models)
        _check_references(model, models)
    by_name = {file.model.full_name: file for file in files}
    found = []
    for name in _ordered(models):
        model = _inherit(by_name[name], meanings)
        meanings |= _meanings([model])
        found.append(model)
    return found


def _input_meanings() -> dict[str, Mapping[str, _Meaning]]:
    return {
        f"tidy.{name}": {
            column: _Meaning(sentence, schema.columns()[column].nullable)
            for column, sentence in column_descriptions(schema).items()
        }
        for name, schema in INPUTS.items()
    }


def _meanings(models: Sequence[Model]) -> dict[str, Mapping[str, _Meaning]]:
    return {
        model.full_name: {
            name: _Meaning(text, name in model.nullable, model.column_needs.get(name))
            for name, text in model.columns.items()
        }
        for model in models
    }


def _inherit(file: _File, meanings: _Meanings) -> Model:
    """The model of a file, in which a column without a sentence has that of the column that it is a copy of."""
    model, columns = file.model, dict(file.model.columns)
    if all(columns.values()):
        return model
    nullable, needs = set(model.nullable), dict(model.column_needs)
    copies = copied_columns(file.tree, {name: list(meanings.get(name, ())) for name in model.reads})
    for name in [name for name, sentence in columns.items() if not sentence]:
        copy = copies.get(name)
        if copy is None:
            line = file.header.columns[name].line
            message = f"column {name} has no sentence, and inherits none: it is not a copy of one column"
            raise ModelError(f"{model.place}:{line}: {message}. Write `--   {name}: sentence`.")
        source = meanings[copy.table][copy.column]
        columns[name] = source.sentence
        if source.is_nullable or copy.is_optional:
            nullable.add(name)
        if source.feature:
            needs.setdefault(name, source.feature)
    return replace(model, columns=columns, nullable=frozenset(nullable), column_needs=needs)


def _check_layer(model: Model, models: Mapping[str, Model]) -> None:
    known = {*models, *(f"tidy.{name}" for name in INPUTS)}
    for name in sorted(model.reads):
        layer, _, table = name.partition(".")
        if layer not in MAY_READ[model.layer]:
            allowed = " and ".join(MAY_READ[model.layer])
            raise ModelError(f"{model.place} reads {name}, but {model.layer} may read only {allowed}. Read from those.")
        if name not in known:
            is_file = layer in (*LAYERS, REPORT)
            remedy = f"Create sql/{layer}/{table}.sql or correct the name" if is_file else "Correct the name"
            raise ModelError(f"{model.place} reads {name}, which does not exist. {remedy}.")


def _check_references(model: Model, models: Mapping[str, Model]) -> None:
    """Check that the tables that a model refers to exist and have keys of as many columns."""
    for reference in model.references:
        other = models.get(reference.table)
        if other is None or len(other.key) != len(reference.columns):
            raise ModelError(f"{model.place} refers to {reference.table}, but no model of that name has a key of "
                             f"{len(reference.columns)} column. Correct `References:`.")  # fmt: skip


def _ordered(models: Mapping[str, Model]) -> Iterator[str]:
    graph = {name: {read for read in model.reads if read in models} for name, model in models.items()}
    sorter = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError as error:
        circle = " -> ".join(reversed(error.args[1]))
        place = models[error.args[1][0]].place
        raise ModelError(f"{place} reads itself through others: {circle}. Remove one of these reads.") from error
    layers = (*LAYERS, REPORT)
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=lambda name: (layers.index(models[name].layer), name))
        sorter.done(*ready)
        yield from ready


def _place(path: Path) -> str:
    return "/".join(path.parts[-3:])
