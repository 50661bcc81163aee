"""Small corpora written by hand: documents in a few words become tidy fragments, and those a warehouse.

A document is called by one short word: `document("a")` has the document_id `a` and the path `a.md`.
"""

import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb
import polars as pl

from frontmart.aliases.model import Alias
from frontmart.catalog.inputs import INPUTS
from frontmart.catalog.models import Model, read_functions, read_models
from frontmart.warehouse.added_columns import load_added_columns
from frontmart.warehouse.aliases import load_aliases
from frontmart.warehouse.database import open_warehouse
from frontmart.warehouse.events import EVENT_INPUTS, run_all_models
from frontmart.warehouse.load import (
    create_inputs,
    load_author_names,
    load_build,
    load_comparison,
    load_fields,
    load_runs,
    load_tidy,
)
from frontmart.warehouse.macros import create_functions
from frontmart.warehouse.previous import PROFILES, PreviousSnapshot, read_profile
from transforms.tables import TABLES, polars_schema
from transforms.vocabulary import Preset

SQL = Path(__file__).parents[2] / "sql"
AS_OF = dt.date(2026, 1, 31)

Rows = dict[str, list[dict[str, object]]]


def at(text: str) -> dt.datetime:
    """A UTC instant, such as 2026-01-31 or 2026-01-31T08:30."""
    return dt.datetime.fromisoformat(text)


def document(
    document_id: str,
    *,
    topics: Sequence[str] = (),
    authors: Sequence[Mapping[str, object] | str] = (),
    images: Sequence[Mapping[str, object] | str] = (),
    related: Sequence[Mapping[str, object]] = (),
    published: str | None = None,
    provider: str | None = None,
    url: str | None = None,
    **columns: object,
) -> Rows:
    """The tidy rows of one document.

    Args:
        document_id: also its path, with `.md`.
        topics: topics as written; the id is the topic in lower case.
        authors: names, or columns of document_authors.
        images: URLs, or columns of document_images.
        related: columns of related_items; `url` and `provider` are short for several, as below.
        published: when it was published.
        provider: the provider_id, `domain/name`; the name is given in upper case.
        url: its canonical URL.
        columns: other columns of documents; an article with a title unless they say otherwise.
    """
    path = f"{document_id}.md"
    row = {
        "document_id": document_id,
        "path": path,
        "title": f"Title of {document_id}",
        "type": "article",
        "published_at": published and at(published),
        "canonical_url": url,
        "is_suppressed": False,
        "body_chars": 0,
        "body_words": 0,
        "has_secured": False,
        "is_text_repaired": False,
        "is_repaired": False,
        "content_hash": document_id,
        **_provider(provider),
        **columns,
    }
    return {
        "documents": [row],
        "files": [_file(path, "document", content_hash=document_id)],
        "document_topics": [
            {"document_id": document_id, "position": place, "topic_id": topic.lower(), "topic": topic}
            for place, topic in enumerate(topics)
        ],
        "document_authors": [
            {"document_id": document_id, "position": place, **({"name": author} if isinstance(author, str) else author)}
            for place, author in enumerate(authors)
        ],
        "document_images": [
            {"document_id": document_id, "position": place, **({"url": image} if isinstance(image, str) else image)}
            for place, image in enumerate(images)
        ],
        "related_items": [_related(document_id, place, item) for place, item in enumerate(related)],
    }


def post(path: str, *, sources: Sequence[tuple[str, str]] = (), **columns: object) -> Rows:
    """A post of the preset `generic`: `post("fr/a")` has the document_id `fr/a` and the path `fr/a.md`.

    Args:
        path: the path without `.md`, and the document_id.
        sources: the fields that keys fill, each with its key.
        columns: as for `document`, but without a type.
    """
    rows = [
        {"document_id": path, "position": place, "field": field, "key": key}
        for place, (field, key) in enumerate(sources)
    ]
    return document(path, **{"type": None, "document_kind": "post", **columns}) | {"field_sources": rows}


def person(document_id: str, **columns: object) -> Rows:
    """A profile, which does not count as coverage: it has a name instead of a title."""
    return document(document_id, **{"title": None, "name": f"Name of {document_id}", "type": "profile", **columns})


def reject(document_id: str) -> Rows:
    """A file refused."""
    path = f"{document_id}.md"
    row = {"document_id": document_id, "path": path, "reason": "invalid_yaml", "message": "no YAML", "line": 3}
    return {"files": [_file(path, "reject")], "rejects": [row]}


def skipped(document_id: str) -> Rows:
    """A file without front matter."""
    return {"files": [_file(f"{document_id}.md", "skipped")]}


def issue(document_id: str, field: str, value: str | None = "x") -> Rows:
    """A value refused."""
    row = {"document_id": document_id, "position": 0, "path": f"{document_id}.md", "field": field, "value": value}
    return {"field_issues": [{**row, "problem": "no such thing"}]}


def link(url: str, **columns: object) -> dict[str, object]:
    """A related item that points at a URL."""
    return {"url": url, **columns}


def write_fragments(folder: Path, documents: Iterable[Rows]) -> None:
    """Write the rows of documents as the fragments that `load_tidy` takes."""
    folder.mkdir(parents=True, exist_ok=True)
    rows: Rows = {}
    for part in documents:
        for table, more in part.items():
            rows.setdefault(table, []).extend(more)
    for table, found in rows.items():
        schema = polars_schema(TABLES[table])
        (folder / table).mkdir(parents=True, exist_ok=True)
        pl.DataFrame(found, schema=schema).write_parquet(folder / table / "000000.parquet")


def model_of(
    query: str, columns: Sequence[str] = ("a", "b"), key: Sequence[str] = ("a",), layer: str = "core"
) -> Model:
    """A model `<layer>.it` of a query, without a file."""
    return Model(
        layer=layer,
        name="it",
        path=Path("sql") / layer / "it.sql",
        sql=query,
        description="What it's for.",
        grain="a thing.",
        key=tuple(key),
        columns={column: f"Column {column}." for column in columns},
        severity=None,
        reads=frozenset(),
    )


@contextmanager
def warehouse_of(
    folder: Path,
    documents: Iterable[Rows],
    *models: str,
    as_of: dt.date = AS_OF,
    is_as_of_given: bool = True,
    runs: Sequence[Mapping[str, object]] = (),
    previous: PreviousSnapshot | None = None,
    drift_share: float = 0.2,
    drift_count: int = 10,
    preset: Preset = Preset.SMARTABLE,
    aliases: Sequence[Alias] = (),
    is_searchable: bool = False,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse of documents in which the models named, and all that they read, have run; all models for none."""
    write_fragments(folder / "fragments", documents)
    (folder / "warehouse.duckdb").write_bytes(_empty_warehouse())
    with open_warehouse(folder / "warehouse.duckdb", temp_directory=folder / "spill", threads=2) as con:
        load_fields(con)
        load_build(con, as_of, "1.2.3", preset, is_as_of_given=is_as_of_given, is_searchable=is_searchable)
        load_added_columns(con, ())
        load_aliases(con, aliases)
        load_runs(con, runs)
        load_tidy(con, folder / "fragments")
        load_author_names(con)
        load_comparison(con, previous, drift_share, drift_count)
        run_all_models(con, needed(models))
        yield con


def previous_of(folder: Path, documents: Iterable[Rows], preset: Preset = Preset.SMARTABLE) -> PreviousSnapshot:
    """The snapshot of documents, as the next build reads it."""
    models = [f"drift.{name}" for name in PROFILES]
    with warehouse_of(folder, [*documents, {"documents": []}], *models, preset=preset) as con:
        profiles = {name: read_profile(con, name) for name in PROFILES}
    return PreviousSnapshot("before", profiles, folder / "fragments" / "documents" / "000000.parquet")


def corpus(count: int) -> list[Rows]:
    """Threes of articles with topics, images and providers; each tenth document is a person, each fiftieth a reject."""
    documents = []
    for number in range(count):
        name = f"{number * 0x9E3779B97F4A7C15 % 2**64:016x}"
        if number % 50 == 49:
            documents.append(reject(name))
        elif number % 10 == 9:
            documents.append(person(name, topics=["AI"]))
        else:
            documents.append(
                document(
                    name,
                    topics=[f"Topic {number % 7}", f"Topic {number % 5}"],
                    authors=[f"Author {number % 9}"] * (number % 3),
                    images=[f"https://i/{number % 40}", {"url": None}],
                    published=str(dt.date(2025, 1, 1) + dt.timedelta(days=number % 400)),
                    provider=f"p{number % 11}.com/p{number % 13}",
                    url=f"https://x/{number}",
                    related=[link(f"https://x/{number - number % 3 + place}") for place in range(3)],
                    heat=None if number % 4 == 0 else number * 7919 % 1000,
                    is_suppressed=number % 4 == 0,
                    quality=number % 100,
                )
            )
    return documents


@cache
def _empty_warehouse() -> bytes:
    """A warehouse with the functions, and the inputs without rows, made once in a test process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "warehouse.duckdb"
        with open_warehouse(path, temp_directory=Path(folder)) as con:
            create_inputs(con, INPUTS)
            create_functions(con, read_functions(SQL))
        return path.read_bytes()


@cache
def _all_models() -> list[Model]:
    """Parsed once in a test process: parsing takes a sixth of the time of a warehouse."""
    return read_models(SQL)


def group_by_excerpt(articles: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """Events of which a test says what they are: articles with the same excerpt are one."""
    return articles.select("document_id", event_id=pl.coalesce("excerpt", "document_id"))


def needed(names: Sequence[str]) -> list[Model]:
    """The models named and all that they read, in order; all models for no name."""
    models = _all_models()
    wanted = set(names or (model.full_name for model in models))
    for model in reversed(models):
        if model.full_name in wanted:
            wanted |= model.reads
        if "tidy.article_events" in model.reads and model.full_name in wanted:
            wanted.update(EVENT_INPUTS)
    return [model for model in models if model.full_name in wanted]


def frame(con: duckdb.DuckDBPyConnection, query: str) -> pl.DataFrame:
    """The result of a query."""
    return con.sql(query).pl()


def _provider(provider: str | None) -> dict[str, object]:
    if provider is None:
        return {}
    domain, _, name = provider.partition("/")
    return {"provider_id": provider, "provider_name": name.upper(), "provider_domain": domain}


def _related(document_id: str, place: int, item: Mapping[str, object]) -> dict[str, object]:
    columns = {name: value for name, value in item.items() if name not in ("url", "provider")}
    provider = item.get("provider")
    return {
        "document_id": document_id,
        "position": place,
        "canonical_url": item.get("url"),
        **_provider(provider if isinstance(provider, str) else None),
        **columns,
    }


def _file(path: str, outcome: str, content_hash: str | None = None) -> dict[str, object]:
    document_id = path.removesuffix(".md")
    return {
        "document_id": document_id,
        "path": path,
        "size": 1,
        "mtime_ns": 0,
        "ctime_ns": 0,
        "inode": 0,
        "content_hash": content_hash,
        "outcome": outcome,
    }
