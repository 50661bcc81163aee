"""Datasette serves the SQLite export, which nothing changes: so it may count and cache, and needs no lock."""

import json
from collections.abc import Callable
from pathlib import Path

from frontmart.export import ExportRequest, export
from frontmart.run import Run


def test_datasette_serves_the_export_unchanged(sample: Run, tmp_path: Path, elsewhere: Callable[..., str]) -> None:
    export(sample.out, str(tmp_path), ExportRequest(format="sqlite"))
    file = (tmp_path / "latest" / "frontmart.sqlite").resolve()
    file.chmod(0o444)

    def get(path: str) -> list[dict[str, object]]:
        found: list[dict[str, object]] = json.loads(elsewhere("datasette", "serve", "-i", file, "--get", path))
        return found

    topics = get("/frontmart/coverage_by_topic.json?_shape=array&_size=max")
    assert len(topics) == sample.model_rows["marts.coverage_by_topic"]
    assert topics[0]["topic_id"] == min(str(row["topic_id"]) for row in topics)
    meanings = get("/frontmart/dictionary.json?_shape=array&table_name=topic_pairs&column_name=lift")
    assert str(meanings[0]["description"]).startswith("How many times more often")
    assert [path.name for path in file.parent.iterdir()] == ["frontmart.sqlite"]
