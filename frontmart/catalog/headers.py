"""The header of a file under sql/: what a row is, its key, every column with a sentence, how bad a finding is.

    -- How much is written about each topic, by whom and how it moves.
    --
    -- Grain: a topic that at least one article carries.
    -- Key: topic_id
    -- References: topic_id in core.dim_topics
    -- Columns:
    --   topic_id: Slug of the case-folded topic.
    --   topic: The spelling used most often; ties go to
    --     the first in the alphabet.

`References:` names the columns that hold keys of other tables, and may be left out. A check has a description and
`-- Severity: error` (blocks publishing) or `-- Severity: warn`, and nothing else. A macro has no key, and has
parameters, of which those with a default may be left out:

    -- Parameters:
    --   topic_name: The topic, in any case of letters, or its topic_id.
    --   grain = 'month': How long a period is.
"""

import re
from dataclasses import dataclass, field
from typing import Final, Literal, NoReturn, cast

from frontmart.errors import ModelError

Severity = Literal["error", "warn"]
Kind = Literal["model", "check", "macro"]

_FIELDS: Final[dict[Kind, tuple[str, ...]]] = {
    "model": ("Grain", "Key", "References", "Columns"),
    "check": ("Severity",),
    "macro": ("Grain", "Parameters", "Columns"),
}
_SEVERITIES: Final = ("error", "warn")
_FIELD = re.compile(r"(?P<name>[A-Z][A-Za-z]*):(?: (?P<value>.*))?")
_COLUMN = re.compile(r"(?P<name>[a-z][a-z0-9_]*): (?P<text>\S.*)")
_PARAMETER = re.compile(r"(?P<name>[a-z][a-z0-9_]*)(?: = (?P<default>'[^']*'|\S+))?: (?P<text>\S.*)")
_REFERENCE: Final = re.compile(r"(?P<column>[a-z][a-z0-9_]*) in (?P<table>[a-z]+\.[a-z][a-z0-9_]*)")
_COLUMN_INDENT: Final = 3


@dataclass(frozen=True, slots=True)
class Reference:
    """Columns of a table whose values, where none is NULL, are the key of a row of another.

    Attributes:
        columns: the columns, in the order of the other table's key.
        table: the full name of the other table.
    """

    columns: tuple[str, ...]
    table: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a macro is asked with: a sentence, and the SQL of what it is where it is left out, None if it may not be."""

    description: str
    default: str | None


@dataclass(frozen=True, slots=True)
class Header:
    """What the comment at the top of a model says, and the SQL below it.

    A check has no grain, key or columns; a macro no key, and no other has parameters.
    """

    description: str
    grain: str
    key: tuple[str, ...]
    columns: dict[str, str]
    parameters: dict[str, Parameter]
    references: tuple[Reference, ...]
    severity: Severity | None
    sql: str
    first_sql_line: int


@dataclass(slots=True)
class _Reading:
    """A header half read: the lines of each field so far, and where the reader stands."""

    place: str
    allowed: tuple[str, ...]
    description: list[str] = field(default_factory=list)
    values: dict[str, list[str]] = field(default_factory=dict)
    items: dict[str, dict[str, list[str]]] = field(default_factory=lambda: {"Columns": {}, "Parameters": {}})
    defaults: dict[str, str | None] = field(default_factory=dict)
    current: str | None = None

    def fail(self, line: int, message: str) -> NoReturn:
        raise ModelError(f"{self.place}:{line}: {message}")

    def take(self, line: int, text: str) -> None:
        """Read one line of the header, its `--` taken off."""
        content = text.strip()
        indent = len(text) - len(text.lstrip())
        if not content:
            return
        if indent == 0:
            self.fail(line, "a header line needs a space behind `--`. Write `-- text`.")
        found = _FIELD.fullmatch(content) if indent == 1 else None
        if found:
            self._start(line, found["name"], found["value"] or "")
        elif self.current is None:
            self.description.append(content)
        elif indent < _COLUMN_INDENT:
            self.fail(line, f"this line belongs to no field. Indent it by {_COLUMN_INDENT} spaces to go on with "
                            f"`{self.current}`, or write one of {_names(self.allowed)}.")  # fmt: skip
        elif self.current in self.items:
            self._take_item(line, self.current, indent, content)
        else:
            self.values[self.current].append(content)

    def _start(self, line: int, name: str, value: str) -> None:
        if name not in self.allowed:
            self.fail(line, f"`{name}:` is no field of this header. Use {_names(self.allowed)}.")
        if name in self.values:
            self.fail(line, f"`{name}:` stands twice. Keep one.")
        self.current = name
        self.values[name] = [value] if value else []

    def _take_item(self, line: int, current: str, indent: int, content: str) -> None:
        """Read one line of a list: of the columns or of the parameters."""
        noun = current.lower().removesuffix("s")
        items = self.items[current]
        if indent > _COLUMN_INDENT:
            if not items:
                self.fail(line, f"a sentence goes on before any {noun}. Write `--   name: sentence` first.")
            list(items.values())[-1].append(content)
            return
        found = (_PARAMETER if current == "Parameters" else _COLUMN).fullmatch(content)
        if not found:
            self.fail(line, f"a {noun} needs a name and a sentence. Write `--   name: sentence`.")
        if found["name"] in items:
            self.fail(line, f"{noun} {found['name']} is described twice. Keep one.")
        items[found["name"]] = [found["text"]]
        if current == "Parameters":
            self.defaults[found["name"]] = found["default"]

    def sentences(self, name: str) -> dict[str, str]:
        """The sentence of each item of a list."""
        return {item: " ".join(lines) for item, lines in self.items[name].items()}

    def value(self, name: str, line: int, example: str) -> str:
        """The text of a field that must be there."""
        text = " ".join(self.values.get(name, []))
        if not text:
            self.fail(line, f"the header has no `{name}:`. Add one, such as `-- {name}: {example}`.")
        return text


def read_header(text: str, place: str, kind: Kind) -> Header:
    """Read the header of a model, a check or a macro.

    Args:
        text: the whole file.
        place: how errors call the file, such as sql/marts/topic_pairs.sql.
        kind: what the file is, and so which fields its header has.

    Raises:
        ModelError: naming the file, the line and what to do, for a header that is malformed or not whole.
    """
    lines = text.splitlines()
    reading = _Reading(place, _FIELDS[kind])
    header_lines = next((number for number, line in enumerate(lines) if not line.startswith("--")), len(lines))
    for number, line in enumerate(lines[:header_lines], start=1):
        reading.take(number, line.removeprefix("--"))
    if not reading.description:
        reading.fail(1, "the header does not say what the model is for. Begin the file with `-- a sentence`.")
    sql = "\n".join(lines[header_lines:]).strip()
    if not sql:
        reading.fail(header_lines + 1, "there is no query below the header. Add one SELECT.")
    severity = _severity(reading, header_lines) if kind == "check" else None
    grain = "" if kind == "check" else reading.value("Grain", header_lines, "an article")
    key = _key(reading, header_lines) if kind == "model" else ()
    if kind != "check":
        _require_columns(reading, header_lines, key)
    return Header(
        description=" ".join(reading.description),
        grain=grain,
        key=key,
        columns=reading.sentences("Columns"),
        parameters={
            name: Parameter(text, reading.defaults[name]) for name, text in reading.sentences("Parameters").items()
        },
        references=_references(reading, header_lines),
        severity=severity,
        sql=sql,
        first_sql_line=header_lines + 1 + _blank_lines(lines[header_lines:]),
    )


def _severity(reading: _Reading, line: int) -> Severity:
    severity = reading.value("Severity", line, "error")
    if severity not in _SEVERITIES:
        reading.fail(line, f"severity {severity!r} is not known. Use error, which blocks publishing, or warn.")
    return cast(Severity, severity)


def _key(reading: _Reading, line: int) -> tuple[str, ...]:
    return tuple(name.strip() for name in reading.value("Key", line, "document_id").split(","))


def _require_columns(reading: _Reading, line: int, key: tuple[str, ...]) -> None:
    columns = reading.items["Columns"]
    if not columns:
        reading.fail(line, "the header describes no columns. Add `-- Columns:` and a line for each.")
    unknown = [name for name in key if name not in columns]
    if unknown:
        reading.fail(line, f"the key names {_names(unknown)}, which `Columns:` does not describe.")


def _references(reading: _Reading, line: int) -> tuple[Reference, ...]:
    try:
        references = read_references(" ".join(reading.values.get("References", [])))
    except ValueError as error:
        reading.fail(line, f"`{error}` is no reference. Write `-- References: topic_id in core.dim_topics`.")
    unknown = [name for reference in references for name in reference.columns if name not in reading.items["Columns"]]
    if unknown:
        reading.fail(line, f"a reference names {_names(unknown)}, which `Columns:` does not describe.")
    return references


def _blank_lines(lines: list[str]) -> int:
    return next((number for number, line in enumerate(lines) if line.strip()), 0)


def _names(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def read_references(text: str) -> tuple[Reference, ...]:
    """References as a header writes them: `topic_id_a in core.dim_topics, topic_id_b in core.dim_topics`.

    Raises ValueError, naming the part that is no reference.
    """
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = _REFERENCE.fullmatch(part)
        if not match:
            raise ValueError(part)
        found.append(Reference((match["column"],), match["table"]))
    return tuple(found)
