"""Snapshots made by hand, of the values that strangers write and programs stumble over."""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from frontmart.snapshots.manifest import write_manifest
from frontmart.snapshots.store import Snapshot, roll_back

ID = "20260131T060000000000Z"
SCHEMA = {
    "row_id": pl.Int64,
    "text": pl.String,
    "article_count": pl.Int64,
    "byte_count": pl.Int64,
    "position": pl.Int32,
    "article_share": pl.Float64,
    "mean_heat": pl.Float64,
    "is_published": pl.Boolean,
    "day_date": pl.Date,
    "seen_at": pl.Datetime("us"),
}
TEXTS = (
    "=HYPERLINK(\"https://evil.example\",\"click\")",
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",  # noqa: RUF001
    "'=1+1",
    "''=1+1",
    "'tis the season",
    "'",
    "=",
    " =1+1",
    "two\nlines",
    "two\r\nlines",
    "two\rlines",
    'she said "no", twice',
    "a,b;c\td|e",
    "https://example.org/a?b=c&d",
    "mailto:someone@example.org",
    "<r>not XML & so on</r>",
    "<r><t>XML</t></r>",
    "<b>bold</b> & <script>alert(1)</script>",
    "{=A1}",
    "_x0041_",
    "_x0041_x0042_",
    "_x005F_x000D_",
    "\x00\x01\x1b[31mred",
    "\ufffe\uffff",
    "\ufeffmark",
    "  spaces  ",
    "naïve café 東京 🚲🏽",
    "007",
    "1e5",
    "TRUE",
    "2026-01-31",
    "NULL",
    "NaN",
    "#N/A",
    "",
    None,
)  # fmt: skip


def hostile() -> pl.DataFrame:
    """A row per text, with numbers, days and times of every kind."""
    count = len(TEXTS)
    counts = [None, 0, -1, 999_999_999_999_999, *range(4, count)]
    shares = [None, 0.0, -0.5, 1 / 3, 1 / 7, 0.1 + 0.2, 1e-300, -1e300, *(number / 97 for number in range(8, count))]
    days = [dt.date(1900, 3, 1), None, dt.date(2024, 2, 29), dt.date(9999, 12, 31)]
    times = [
        dt.datetime(2026, 1, 31, 23, 59, 59, 999_999),
        None,
        dt.datetime(2026, 1, 31),
        dt.datetime(1900, 3, 1, 0, 0, 0, 1),
        dt.datetime(2021, 4, 27, 6, 0, 0, 120_000),
    ]
    return pl.DataFrame(
        {
            "row_id": range(count),
            "text": TEXTS,
            "article_count": counts,
            "byte_count": range(count),
            "position": [None, *range(1, count)],
            "article_share": shares,
            "mean_heat": shares[::-1],
            "is_published": [[True, False, None][number % 3] for number in range(count)],
            "day_date": [days[number % len(days)] for number in range(count)],
            "seen_at": [times[number % len(times)] for number in range(count)],
        },
        schema=SCHEMA,
    )


def publish(
    out: Path,
    marts: Mapping[str, pl.DataFrame],
    tables: Mapping[str, pl.DataFrame] | None = None,
    *,
    keys: Mapping[str, list[str]] | None = None,
    id_: str = ID,
) -> Snapshot:
    """Publish a snapshot of these frames; the key of each is its first column unless `keys` says otherwise."""
    snapshot = Snapshot(id_, out / "snapshots" / id_)
    rows = {}
    for folder, schema, frames in (("marts", "marts", marts), ("tables", "tidy", tables or {})):
        (snapshot.folder / folder).mkdir(parents=True)
        for name, frame in frames.items():
            described = {
                "description": f"About {name}: ünïcode, `code` & <tags>.",
                "grain": f"a row of {name}",
                "key": json.dumps((keys or {}).get(name, frame.columns[:1])),
                "columns": json.dumps({column: f"Meaning of {column}." for column in frame.columns}),
            }
            table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
            schema_ = plain(table.schema).with_metadata(described)
            pq.write_table(table.cast(schema_), snapshot.folder / folder / f"{name}.parquet")
            rows[f"{schema}.{name}"] = frame.height
    snapshot.run_file.write_text(json.dumps({"snapshot_id": snapshot.id, "as_of_date": "2026-01-31", "rows": rows}))
    write_manifest(snapshot.folder)
    roll_back(out, id_)
    return snapshot


def plain(schema: pa.Schema) -> pa.Schema:
    """A schema with texts as the warehouse writes them."""
    large, text = pa.large_string(), pa.string()
    return pa.schema([field.with_type(text) if field.type == large else field for field in schema])


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An output folder whose only mart is called `hostile`, and is that."""
    publish(tmp_path / "out", {"hostile": hostile()})
    return tmp_path / "out"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "target"
