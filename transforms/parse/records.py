"""A mapping of front matter -> a record of the declared shape, the values that no field takes, and the values refused.

The record has the keys of the file and every scalar as text; `tidy.casts` parses them. Where a list is declared, a file
may have a single value or null, and where a mapping is declared, a single value: each is brought into shape or refused.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import polars as pl

from transforms import fields
from transforms.fields import Field, Items, Kind, Nested, Record, Scalar
from transforms.parse.limits import DEFAULT_LIMITS
from transforms.parse.nested import Mapping, dump_json
from transforms.redact.record import Issue
from transforms.redact.secured import SecuredFilter


@dataclass(frozen=True)
class MappingOf:
    """The shape of a mapping; a single value in its place becomes the value of `scalar_key`."""

    fields: "dict[str, Shape]"
    scalar_key: str

    @cached_property
    def scalars(self) -> frozenset[str]:
        """The fields with a single value."""
        return frozenset(name for name, shape in self.fields.items() if shape is None)


@dataclass(frozen=True, slots=True)
class ListOf:
    """The shape of a list of mappings, or of single values if `item` is None."""

    item: MappingOf | None


Shape = MappingOf | ListOf | None


def _mapping_of(record: Record) -> MappingOf:
    return MappingOf({each.key: _shape(each) for each in record.fields if not _is_secret(each)}, record.single)


def _shape(declared: Field) -> Shape:
    if isinstance(declared, Nested):
        return _mapping_of(declared.record)
    if isinstance(declared, Items):
        return ListOf(_mapping_of(declared.item) if isinstance(declared.item, Record) else None)
    return None


def _is_secret(declared: Field) -> bool:
    return isinstance(declared, Scalar) and declared.kind is Kind.SECRET


DOCUMENT: Final = _mapping_of(fields.DOCUMENT)
_RELATED_ITEM: Final = _mapping_of(fields.RELATED)


def _dtype(shape: Shape) -> pl.DataType:
    if shape is None:
        return pl.String()
    if isinstance(shape, ListOf):
        return pl.List(_dtype(shape.item))
    return pl.Struct({name: _dtype(inner) for name, inner in shape.fields.items()})


_ISSUE = pl.Struct({"field": pl.String, "value": pl.String, "problem": pl.String})

# The values that only the preset `generic` has; null for a document of another.
GENERIC_SCHEMA: Final = pl.Struct(
    {
        "slug": pl.String,
        "language": pl.String,
        "weight": pl.String,
        "document_kind": pl.String,
        "topic_kinds": pl.List(pl.String),
        "sources": pl.List(pl.Struct({"field": pl.String, "key": pl.String})),
        "columns": pl.List(pl.Struct(dict.fromkeys(("column_name", "key", "type", "value"), pl.String))),
    }
)

RECORD_SCHEMA: Final = pl.Schema(
    {
        "document_id": pl.String(),
        "path": pl.String(),
        "content_hash": pl.String(),
        "body_chars": pl.Int64(),
        "body_words": pl.Int64(),
        "has_secured": pl.Boolean(),
        "is_repaired": pl.Boolean(),
        "extra": pl.String(),
        "issues": pl.List(_ISSUE),
        "generic": GENERIC_SCHEMA,
        **{name: _dtype(shape) for name, shape in DOCUMENT.fields.items()},
    }
)


@dataclass(slots=True)
class RecordBuilder:
    """Collects the issues while the record of one document is shaped.

    Attributes:
        max_items: the number of items of a list that become rows.
        issues: the values refused.
        secured: the filter of `secured` keys.
        line_of: the line of a key in the file, 1-based, or None.
        is_redacted: whether anything but `secured` keys was left out because it must not be stored.
        names: the keys of the file for those of the record, such as topics[0]; None if they are the same. Few
            documents need them.
    """

    max_items: int = DEFAULT_LIMITS.items
    issues: list[Issue] = field(default_factory=list)
    secured: SecuredFilter = field(default_factory=SecuredFilter)
    line_of: Callable[[str], int | None] = lambda _: None
    is_redacted: bool = False
    names: Callable[[], dict[str, str]] | None = None

    def refuse(self, name: str, value: object, problem: str) -> None:
        """Add an issue for a value that no field can take, with the value as written."""
        self.issues.append({"field": name, "value": _as_written(self.secured.clean(value)), "problem": problem})

    def cut(self, name: str, items: list[object]) -> list[object]:
        """The items of a list that become rows; those after them are refused together, so that none is lost."""
        if len(items) <= self.max_items:
            return items
        problem = f"a list of {len(items):,} items, of which the first {self.max_items:,} are rows"
        self.refuse(f"{name}[{self.max_items}:]", items[self.max_items :], f"{problem}: raise the setting max_items")
        return items[: self.max_items]

    def withhold(self, name: str, problem: str) -> None:
        """Add an issue for a value that must not be stored."""
        self.is_redacted = True
        self.issues.append({"field": name, "value": None, "problem": problem})

    def refuse_repeated(self, repeated: list[tuple[str, object]]) -> None:
        """Add an issue for each earlier value of a repeated key, except where it may be part of a `secured` value."""
        for key, value in repeated:
            self.keep({}, key, value)
        for key, value in repeated:
            if self.secured.may_show_repeated(key):
                self.refuse(key, value, "duplicate key: the last value is used")

    def keep(self, extra: Mapping, key: str, value: object) -> None:
        """Add a value that no field takes to the extra, unless its key is `secured`."""
        if not self.secured.drops(key, value):
            extra[key] = self.secured.clean(value)


_TEXT_ALONE: Final = frozenset({str})


def shape_record(mapping: Mapping, builder: RecordBuilder) -> tuple[Mapping, Mapping]:
    """The record of a document, and the extra: the values that no field takes, in the shape of the file."""
    return _shape_mapping(mapping, DOCUMENT, "", builder)


def shape_related_item(mapping: Mapping, builder: RecordBuilder) -> tuple[Mapping, Mapping]:
    """The record of a related item of a document, and the extra, as `shape_record`; issues name it related[]."""
    return _shape_mapping(mapping, _RELATED_ITEM, "related[].", builder)


def _shape_mapping(mapping: Mapping, shape: MappingOf, prefix: str, builder: RecordBuilder) -> tuple[Mapping, Mapping]:
    if mapping.keys() <= shape.scalars and set(map(type, mapping.values())) <= _TEXT_ALONE:
        return mapping, {}  # the case of nearly all mappings; not copied, to save time
    taken: Mapping = {}
    extra: Mapping = {}
    fields = shape.fields
    for key, value in mapping.items():
        if key not in fields or value is None:
            builder.keep(extra, key, value)  # also null, which is not the same as absent and which no column can show
            continue
        inner = fields[key]
        if inner is None:
            if type(value) is str:
                taken[key] = value
            else:
                _take_scalar(taken, key, value, prefix, builder)
            continue
        kept, left = (_shape_list if isinstance(inner, ListOf) else _shape_single)(
            value,
            inner,  # type: ignore[arg-type]
            prefix + key,
            builder,
        )
        if kept is not None:
            taken[key] = kept
        if left is not None:
            extra[key] = left
    return taken, extra


def _take_scalar(taken: Mapping, key: str, value: object, prefix: str, builder: RecordBuilder) -> None:
    if isinstance(value, bool):
        taken[key] = "true" if value else "false"
    else:
        builder.refuse(prefix + key, value, f"a {_kind(value)} where a single value is expected")


def _shape_single(value: object, shape: MappingOf, name: str, builder: RecordBuilder) -> tuple[object, object]:
    """The mapping under a key; for a list its first item, while the others are refused."""
    if isinstance(value, list):
        value = builder.cut(name, value)
        for place, other in enumerate(value[1:], start=1):
            builder.refuse(f"{name}[{place}]", other, "several values where one is expected: the first is used")
        if not value:
            return None, value
        value = value[0]
    if isinstance(value, dict):
        taken, extra = _shape_mapping(value, shape, name + ".", builder)
        return taken or None, extra or (None if taken else {})
    return _shape_item(value, shape, name, builder), None


def _shape_list(value: object, shape: ListOf, name: str, builder: RecordBuilder) -> tuple[object, object]:
    """The list under a key; a single value is a list of one. A refused item leaves its position empty."""
    is_list = isinstance(value, list)
    items = builder.cut(name, value) if isinstance(value, list) else [value]
    if not items:
        return None, items
    kept: list[object] = []
    left: list[object] = []
    for place, item in enumerate(items):
        item_name = f"{name}[{place}]" if is_list else name
        extra: object = {}
        if isinstance(item, dict) and shape.item is not None:
            taken, extra = _shape_mapping(item, shape.item, item_name + ".", builder)
            kept.append(taken)
        else:
            kept.append(_shape_item(item, shape.item, item_name, builder))
        left.append(extra)
    return kept, left if any(left) else None


def _shape_item(item: object, shape: MappingOf | None, name: str, builder: RecordBuilder) -> object:
    if isinstance(item, bool):
        item = "true" if item else "false"
    if not isinstance(item, str):
        problem = "an empty item" if item is None else f"a {_kind(item)} where a {_expected(shape)} is expected"
        builder.refuse(name, item, problem)
        return None
    if not item.strip():
        builder.refuse(name, item, "an empty item")
        return None
    return item if shape is None else {shape.scalar_key: item}


def _kind(value: object) -> str:
    return "mapping" if isinstance(value, dict) else "list" if isinstance(value, list) else "null"


def _expected(shape: MappingOf | None) -> str:
    return "single value" if shape is None else "mapping"


def _as_written(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return dump_json(value).decode()
