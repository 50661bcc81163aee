"""Arrow files: the same types and values, with descriptions in the schema."""

import json
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.feather as feather
from polars.testing import assert_frame_equal

from frontmart.export import ExportRequest, export
from frontmart.run import Run
from tests.frontmart.export.conftest import hostile


def exported(out: Path, target: Path, **given: list[str]) -> Path:
    export(out, str(target), ExportRequest(format="arrow", **given))
    return target / "latest"


def test_every_value_comes_back(out: Path, target: Path) -> None:
    path = exported(out, target) / "hostile.arrow"
    assert_frame_equal(pl.read_ipc(path), hostile(), check_exact=True)
    assert_frame_equal(pl.DataFrame(feather.read_table(path)), hostile(), check_exact=True)


def test_the_tables_of_the_sample_come_back(sample: Run, target: Path) -> None:
    folder = exported(sample.out, target, tables=["all"], star=["none"])
    paths = sorted(sample.out.glob("published/*/*.parquet"))
    assert sorted(path.stem for path in folder.iterdir()) == sorted(path.stem for path in paths)
    for path in paths:
        assert_frame_equal(pl.read_ipc(folder / f"{path.stem}.arrow"), pl.read_parquet(path))


def test_the_schema_says_what_the_table_and_its_columns_mean_and_nothing_is_compressed(out: Path, target: Path) -> None:
    with pa.memory_map(str(exported(out, target) / "hostile.arrow")) as source, pa.ipc.open_file(source) as reader:
        metadata = {name.decode(): text.decode() for name, text in reader.schema.metadata.items()}
        column = reader.get_batch(0).column("row_id")
        allocated = pa.total_allocated_bytes()
        assert column.sum().as_py() == sum(range(hostile().height))
        # It lies in the file that is mapped, not in memory: it would be there if it had been compressed.
        assert pa.total_allocated_bytes() - allocated < 1024
        assert reader.schema.field("text").metadata == {b"description": b"Meaning of text."}
    assert metadata["description"] == "About hostile: ünïcode, `code` & <tags>."
    assert (metadata["grain"], json.loads(metadata["key"])) == ("a row of hostile", ["row_id"])
    assert json.loads(metadata["columns"])["text"] == "Meaning of text."
