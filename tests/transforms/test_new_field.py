"""A field or list is declared in transforms/fields.py and tables.py alone, a secret key in redact/secured.py.

Shown by declaring some in a copy of the product.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

ROOT = Path(__file__).parents[2]
# The file, the line before which something is added, and what is added.
FIELDS, TABLES = "transforms/fields.py", "transforms/tables.py"
SPONSORS = '''class DocumentSponsors(Schema):
    """A sponsor of a document."""

    document_id = _id()
    position = _position("sponsor")
    name = _text("Name of the sponsor.")
    fee = _count("Fee in euros.")


'''
ADDED = (
    (FIELDS, 'Scalar("locale"', 'Scalar("readingMinutes", Kind.COUNT, "reading_minutes"),\n'),
    (TABLES, "locale = ", 'reading_minutes = _count("Time that reading takes, in minutes.")\n'),
    (
        FIELDS,
        "RELATED: Final",
        'SPONSOR: Final = Record("name", (Scalar("name", Kind.TEXT), Scalar("fee", Kind.COUNT)))\n',
    ),
    (FIELDS, 'Items("items"', 'Items("sponsors", "document_sponsors", SPONSOR),\n'),
    (TABLES, "class Files(", SPONSORS),
    (TABLES, '"files": Files', '"document_sponsors": DocumentSponsors,\n'),
)
SECURED = ("transforms/redact/secured.py", '("secured",)', '("secured", "token")')
CANARY = "zq7canary"
SECRETS = f'token: {CANARY}\nauth: {{ToKen: [{CANARY}]}}\nexcerpt: \'{{"token": "{CANARY}"}}\''
FILES = {
    "a.md": "readingMinutes: 7",
    "b.md": "readingMinutes: long",
    "c.md": "readingMinutes:",
    "d.md": "sponsors: [{name: Acme, fee: 5}, Quay, {name: Mole, fee: much}]\n" + SECRETS,
}


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The snapshot of a small corpus, built by a copy of the product with all that is added."""
    folder = tmp_path_factory.mktemp("product")
    for package in ("flows", "frontmart", "transforms", "sql"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name, neighbour, added in ADDED:
        lines = (folder / name).read_text(encoding="utf-8").splitlines(keepends=True)
        (place,) = (place for place, line in enumerate(lines) if neighbour in line)
        indent = lines[place][: len(lines[place]) - len(lines[place].lstrip())]
        lines.insert(place, f"{indent}{added}")
        (folder / name).write_text("".join(lines), encoding="utf-8")
    name, old, new = SECURED
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    source = folder / "source"
    source.mkdir()
    for name, front in FILES.items():
        (source / name).write_text(f"---\ntype: article\n{front}\n---\n", encoding="utf-8")
    command = [sys.executable, "-m", "frontmart.cli", "build", "source", "--out", "out", "--as-of", "2026-01-31"]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder / "out" / "published"


def test_its_value_is_typed_in_its_column(snapshot: Path) -> None:
    found = pl.read_parquet(snapshot / "tables" / "documents.parquet", columns=["path", "reading_minutes", "extra"])
    expected = {
        "path": ["a.md", "b.md", "c.md", "d.md"],
        "reading_minutes": [7, None, None, None],
        "extra": [None, None, '{"readingMinutes":null}', '{"auth":{}}'],
    }
    assert_frame_equal(found.sort("path"), pl.DataFrame(expected))


def test_a_value_that_does_not_parse_is_a_field_issue(snapshot: Path) -> None:
    found = pl.read_parquet(snapshot / "tables" / "field_issues.parquet", columns=["path", "field", "value", "problem"])
    assert found.sort("path").rows() == [
        ("b.md", "readingMinutes", "long", "not an integer of 0 or more"),
        ("d.md", "excerpt", None, "contains a `secured` key, whose value is never stored"),
        ("d.md", "sponsors[2].fee", "much", "not an integer of 0 or more"),
    ]


def test_items_of_the_list_are_rows_of_its_table(snapshot: Path) -> None:
    found = pl.read_parquet(snapshot / "tables" / "document_sponsors.parquet", columns=["position", "name", "fee"])
    assert found.sort("position").rows() == [(0, "Acme", 5), (1, "Quay", None), (2, "Mole", None)]


def test_it_is_in_the_field_completeness(snapshot: Path) -> None:
    found = pl.read_parquet(snapshot / "marts" / "field_completeness.parquet").filter(field="reading_minutes")
    expected = {
        "type": "article",
        "field": "reading_minutes",
        "source_field": "readingMinutes",
        "document_count": 4,
        "present_count": 1,
        "empty_count": 0,
        "refused_count": 1,
        "null_count": 1,
        "absent_count": 1,
        "present_share": 0.25,
    }
    assert found.to_dicts() == [expected]


def test_it_is_in_the_key_profile(snapshot: Path) -> None:
    with duckdb.connect(snapshot / "warehouse.duckdb", read_only=True) as con:
        schema = con.execute("select schema_name from duckdb_tables() where table_name = 'key_profile'").fetchall()[0][
            0
        ]
        found = con.execute(
            f"select value_kind, document_count from {schema}.key_profile where key = 'readingMinutes' order by all"
        ).fetchall()
    assert found == [("any", 3), ("null", 1), ("number", 1), ("refused", 1), ("value", 2)]


def test_its_column_says_which_key_it_comes_from(snapshot: Path) -> None:
    with duckdb.connect(snapshot / "warehouse.duckdb", read_only=True) as con:
        found = con.execute(
            "select comment from duckdb_columns() where table_name = 'documents' and column_name = 'reading_minutes'"
        ).fetchall()
    assert found == [("Time that reading takes, in minutes. From `readingMinutes`.",)]


def test_the_secret_key_is_stored_nowhere(snapshot: Path) -> None:
    tables = {path.stem: str(pl.read_parquet(path).rows()) for path in snapshot.glob("tables/*.parquet")}
    assert "Acme" in tables["document_sponsors"]
    assert [name for name, rows in tables.items() if CANARY in rows] == []
    found = pl.read_parquet(snapshot / "tables" / "documents.parquet", columns=["path", "has_secured"]).sort("path")
    assert found["has_secured"].to_list() == [False, False, False, True]
