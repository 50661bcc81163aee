"""The header of a file under sql/: description, grain, key, columns and measures with their sentences, parameters.

    -- Coverage of each topic: volume, providers and growth.
    --
    -- Grain: a topic that at least one article carries.
    -- Key: topic_id
    -- References: topic_id in core.dim_topics
    -- Columns:
    --   topic_id
    --   topic: The spelling used most often; ties go to
    --     the first in the alphabet.
    --   mean_heat?: Mean heat; NULL if no article has a heat.

Columns are listed in the order of the query. A `?` after the name marks a column that may be NULL. A column that the
query copies from one column of one table needs no sentence: it inherits the sentence, the nullability and the needed
feature of its source. `References:` lists foreign keys, and is optional.

A feature in brackets marks a column that is left out if no post has the feature, see `features` and `trim`; `Needs:`
marks a table that is then empty:

    -- Needs: related
    -- Columns:
    --   mean_heat? [scores]: Mean heat; NULL if no article has a heat.

A table of the star schema, which exports bring and BI tools relate, has a `Role:` (fact, dimension or bridge), and may
have measures, see `measures`. `Order:` is the order in which people read a table; rows that are equal in it are sorted
by the key:

    -- Role: fact
    -- Order: article_count desc
    -- Measures:
    --   image_coverage_share = article_with_image_count / article_count: Share (0..1) of the articles with an image.

A check has a description and `-- Severity: error` (blocks publishing) or `-- Severity: warn`, and nothing else. A macro
has no key. It has parameters, which are optional if they have a default, and `Formerly:` if it was renamed since the
last release:

    -- Formerly: about
    -- Parameters:
    --   topic_name: The topic, in any case, or its topic_id.
    --   grain = 'month': Length of a period.

A function is an SQL expression with a description and parameters.
"""

import re
from dataclasses import dataclass, field
from typing import Final, Literal, NoReturn, cast

from frontmart.catalog.features import Feature
from frontmart.catalog.measures import Measure, read_measure
from frontmart.errors import ModelError

Severity = Literal["error", "warn"]
Role = Literal["fact", "dimension", "bridge"]
Kind = Literal["model", "check", "macro", "function"]

_FIELDS: Final[dict[Kind, tuple[str, ...]]] = {
    "model": ("Grain", "Key", "References", "Role", "Order", "Needs", "Measures", "Columns"),
    "check": ("Severity",),
    "macro": ("Grain", "Formerly", "Parameters", "Columns"),
    "function": ("Parameters",),
}
_SEVERITIES: Final = ("error", "warn")
_ROLES: Final = ("fact", "dimension", "bridge")
_FIELD = re.compile(r"(?P<name>[A-Z][A-Za-z]*):(?: (?P<value>.*))?")
_COLUMN = re.compile(r"(?P<name>[a-z][a-z0-9_]*)(?P<nullable>\?)?(?: \[(?P<feature>[a-z_]+)\])?(?:: (?P<text>\S.*))?")
_PARAMETER = re.compile(r"(?P<name>[a-z][a-z0-9_]*)(?: = (?P<default>'[^']*'|\S+))?: (?P<text>\S.*)")
_MEASURE: Final = re.compile(r"(?P<name>[a-z][a-z0-9_]*) = (?P<expression>[^:]+):(?: (?P<text>\S.*))?")
_SORT: Final = re.compile(r"(?P<column>[a-z][a-z0-9_]*)(?P<descending> desc)?")
_REFERENCE: Final = re.compile(r"(?P<column>[a-z][a-z0-9_]*) in (?P<table>[a-z]+\.[a-z][a-z0-9_]*)")
_COLUMN_INDENT: Final = 3


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key: columns whose values are the key of another table, or NULL.

    Attributes:
        columns: the columns, in the order of the other table's key.
        table: the full name of the other table.
    """

    columns: tuple[str, ...]
    table: str


@dataclass(frozen=True, slots=True)
class SortColumn:
    """A column to sort by, NULL last, and whether its highest values come first."""

    column: str
    is_descending: bool


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a macro: its sentence, and its default as SQL, None for a required one."""

    description: str
    default: str | None


@dataclass(frozen=True, slots=True)
class DeclaredColumn:
    """A column as its header declares it.

    Attributes:
        sentence: its meaning; None for a column that inherits it.
        is_nullable: whether it is marked as one that may be NULL.
        feature: the feature that it is marked with; None for a column that every corpus has.
        line: the line of the file that declares it.
    """

    sentence: str | None
    is_nullable: bool
    feature: Feature | None
    line: int


@dataclass(frozen=True, slots=True)
class Header:
    """The comment at the top of a file under sql/, parsed, and the SQL below it.

    A check has no grain, key or columns, a macro no key; a function has only a description and parameters. `needs` is
    the feature without which a model has no rows; `role` is that in the star schema, None for a table outside of it.
    """

    description: str
    grain: str
    key: tuple[str, ...]
    columns: dict[str, DeclaredColumn]
    parameters: dict[str, Parameter]
    references: tuple[Reference, ...]
    role: Role | None
    order: tuple[SortColumn, ...]
    measures: tuple[Measure, ...]
    needs: Feature | None
    formerly: str | None
    severity: Severity | None
    sql: str
    first_sql_line: int


@dataclass(slots=True)
class _Reading:
    """A header being parsed: the lines of each field so far, and the field that the next line continues."""

    place: str
    allowed: tuple[str, ...]
    description: list[str] = field(default_factory=list)
    values: dict[str, list[str]] = field(default_factory=dict)
    items: dict[str, dict[str, list[str]]] = field(
        default_factory=lambda: {"Columns": {}, "Parameters": {}, "Measures": {}}
    )
    defaults: dict[str, str | None] = field(default_factory=dict)
    expressions: dict[str, str] = field(default_factory=dict)
    nullable: set[str] = field(default_factory=set)
    features: dict[str, Feature] = field(default_factory=dict)
    column_lines: dict[str, int] = field(default_factory=dict)
    current: str | None = None

    def fail(self, line: int, message: str) -> NoReturn:
        raise ModelError(f"{self.place}:{line}: {message}")

    def take(self, line: int, text: str) -> None:
        """Parse one line of the header, given without its `--`."""
        content = text.strip()
        indent = len(text) - len(text.lstrip())
        if not content:
            return
        if indent == 0:
            self.fail(line, "no space after `--`. Write `-- text`.")
        found = _FIELD.fullmatch(content) if indent == 1 else None
        if found:
            self._start(line, found["name"], found["value"] or "")
        elif self.current is None:
            self.description.append(content)
        elif indent < _COLUMN_INDENT:
            self.fail(line, f"this line belongs to no field. Indent it by {_COLUMN_INDENT} spaces to continue "
                            f"`{self.current}:`, or begin it with one of {_names(self.allowed)}.")  # fmt: skip
        elif self.current in self.items:
            self._take_item(line, self.current, indent, content)
        else:
            self.values[self.current].append(content)

    def _start(self, line: int, name: str, value: str) -> None:
        if name not in self.allowed:
            self.fail(line, f"unknown field `{name}:`. Use {_names(self.allowed)}.")
        if name in self.values:
            self.fail(line, f"duplicate field `{name}:`. Keep one.")
        self.current = name
        self.values[name] = [value] if value else []

    def _take_item(self, line: int, current: str, indent: int, content: str) -> None:
        """Parse one line of a list: of the columns, the parameters or the measures."""
        noun = current.lower().removesuffix("s")
        items = self.items[current]
        if indent > _COLUMN_INDENT:
            # A long definition leaves no space for a sentence on its line.
            if not items or not (list(items.values())[-1] or current == "Measures"):
                self.fail(line, f"this line continues no sentence. Write `--   {noun}: sentence` first.")
            list(items.values())[-1].append(content)
            return
        found = {"Parameters": _PARAMETER, "Measures": _MEASURE}.get(current, _COLUMN).fullmatch(content)
        if not found:
            example = "name = count(*): sentence" if current == "Measures" else "name: sentence"
            self.fail(line, f"this is not a {noun}. Write `--   {example}`.")
        name = found["name"]
        if name in items:
            self.fail(line, f"duplicate {noun} {name}. Keep one.")
        items[name] = [found["text"]] if found["text"] else []
        if current == "Parameters":
            self.defaults[name] = found["default"]
        elif current == "Measures":
            self.expressions[name] = found["expression"]
        else:
            self.column_lines[name] = line
            self.nullable |= {name} if found["nullable"] else set()
            if found["feature"]:
                self.features[name] = self.feature(line, found["feature"])

    def columns(self) -> dict[str, DeclaredColumn]:
        """The columns as declared, in order."""
        return {
            name: DeclaredColumn(
                " ".join(lines) or None, name in self.nullable, self.features.get(name), self.column_lines[name]
            )
            for name, lines in self.items["Columns"].items()
        }

    def feature(self, line: int, name: str) -> Feature:
        """The feature of a name."""
        if name not in tuple(Feature):
            self.fail(line, f"unknown feature `{name}`. Use one of {_names(tuple(Feature))}.")
        return Feature(name)

    def parameters(self) -> dict[str, Parameter]:
        """The parameters, in order."""
        return {
            name: Parameter(" ".join(lines), self.defaults[name]) for name, lines in self.items["Parameters"].items()
        }

    def value(self, name: str, line: int, example: str) -> str:
        """The text of a required field."""
        text = " ".join(self.values.get(name, []))
        if not text:
            self.fail(line, f"the header lacks `{name}:`. Add one, such as `-- {name}: {example}`.")
        return text


def read_header(text: str, place: str, kind: Kind) -> Header:
    """Parse the header of a file under sql/.

    Args:
        text: the whole file.
        place: the file as errors name it, such as sql/marts/topic_pairs.sql.
        kind: decides which fields the header has.

    Raises:
        ModelError: naming the file, the line and the remedy, for a malformed or incomplete header.
    """
    lines = text.splitlines()
    reading = _Reading(place, _FIELDS[kind])
    header_lines = next((number for number, line in enumerate(lines) if not line.startswith("--")), len(lines))
    for number, line in enumerate(lines[:header_lines], start=1):
        reading.take(number, line.removeprefix("--"))
    if not reading.description:
        reading.fail(1, "the header has no description. Begin the file with `-- a sentence`.")
    sql = "\n".join(lines[header_lines:]).strip()
    if not sql:
        reading.fail(header_lines + 1, "there is no SQL below the header. Add one SELECT.")
    severity = _severity(reading, header_lines) if kind == "check" else None
    has_rows = kind in ("model", "macro")
    grain = reading.value("Grain", header_lines, "an article") if has_rows else ""
    key = _key(reading, header_lines) if kind == "model" else ()
    if has_rows:
        _require_columns(reading, header_lines, key)
    return Header(
        description=" ".join(reading.description),
        grain=grain,
        key=key,
        columns=reading.columns(),
        parameters=reading.parameters(),
        references=_references(reading, header_lines),
        role=_role(reading, header_lines),
        order=_order(reading, header_lines),
        measures=_measures(reading, header_lines),
        needs=_needs(reading, header_lines),
        formerly=" ".join(reading.values.get("Formerly", [])) or None,
        severity=severity,
        sql=sql,
        first_sql_line=header_lines + 1 + _blank_lines(lines[header_lines:]),
    )


def _severity(reading: _Reading, line: int) -> Severity:
    severity = reading.value("Severity", line, "error")
    if severity not in _SEVERITIES:
        reading.fail(line, f"unknown severity {severity!r}. Use error, which blocks publishing, or warn.")
    return cast(Severity, severity)


def _key(reading: _Reading, line: int) -> tuple[str, ...]:
    return tuple(name.strip() for name in reading.value("Key", line, "document_id").split(","))


def _require_columns(reading: _Reading, line: int, key: tuple[str, ...]) -> None:
    columns = reading.items["Columns"]
    if not columns:
        reading.fail(line, "the header lists no columns. Add `-- Columns:` and a line for each.")
    unknown = [name for name in key if name not in columns]
    if unknown:
        reading.fail(line, f"the key names {_names(unknown)}, which `Columns:` does not list.")
    marked = [name for name in key if name in reading.features]
    if marked:
        reading.fail(line, f"the key names {_names(marked)}, which not every corpus has. Remove the feature.")


def _role(reading: _Reading, line: int) -> Role | None:
    role = " ".join(reading.values.get("Role", [])) or None
    if role and role not in _ROLES:
        reading.fail(line, f"unknown role {role!r}. Use one of {_names(_ROLES)}.")
    return cast(Role | None, role)


def _order(reading: _Reading, line: int) -> tuple[SortColumn, ...]:
    found = []
    for part in filter(None, (part.strip() for part in " ".join(reading.values.get("Order", [])).split(","))):
        match = _SORT.fullmatch(part)
        if not match or match["column"] not in reading.items["Columns"]:
            reading.fail(line, f"`{part}` is not a column to sort by. Write `-- Order: article_count desc`.")
        found.append(SortColumn(match["column"], match["descending"] is not None))
    return tuple(found)


def _measures(reading: _Reading, line: int) -> tuple[Measure, ...]:
    measures: dict[str, Measure] = {}
    for name, sentences in reading.items["Measures"].items():
        if not sentences:
            reading.fail(
                line, f"measure {name} has no sentence. Write `--   {name} = {reading.expressions[name]}: sentence`."
            )
        try:
            measures[name] = read_measure(
                name, reading.expressions[name], " ".join(sentences), reading.items["Columns"], measures
            )
        except ValueError as error:
            reading.fail(line, f"measure {name}: {error}.")
    return tuple(measures.values())


def _needs(reading: _Reading, line: int) -> Feature | None:
    name = " ".join(reading.values.get("Needs", []))
    return reading.feature(line, name) if name else None


def _references(reading: _Reading, line: int) -> tuple[Reference, ...]:
    try:
        references = read_references(" ".join(reading.values.get("References", [])))
    except ValueError as error:
        reading.fail(line, f"`{error}` is not a reference. Write `-- References: topic_id in core.dim_topics`.")
    unknown = [name for reference in references for name in reference.columns if name not in reading.items["Columns"]]
    if unknown:
        reading.fail(line, f"a reference names {_names(unknown)}, which `Columns:` does not list.")
    return references


def _blank_lines(lines: list[str]) -> int:
    return next((number for number, line in enumerate(lines) if line.strip()), 0)


def _names(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def read_references(text: str) -> tuple[Reference, ...]:
    """Parse references as headers write them: `topic_id_a in core.dim_topics, topic_id_b in core.dim_topics`.

    Raises ValueError with the part that is not a reference.
    """
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = _REFERENCE.fullmatch(part)
        if not match:
            raise ValueError(part)
        found.append(Reference((match["column"],), match["table"]))
    return tuple(found)
