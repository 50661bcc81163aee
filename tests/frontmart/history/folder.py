"""A folder of small files, and builds of it."""

import os
from pathlib import Path

import polars as pl

from frontmart.history.parts import scan_parts
from frontmart.snapshots.store import Snapshot, published
from tests.sample import build_quietly

TEXT = "---\ntitle: {title}\ntopics: [{topics}]\n---\n{body}\n"


class Folder:
    """A folder of small files, and builds of it."""

    def __init__(self, folder: Path) -> None:
        self.source, self.out, self.clock = folder / "source", folder / "out", 1_700_000_000
        self.source.mkdir()

    def write(self, path: str, title: str = "A", topics: str = "", body: str = "") -> None:
        self.write_text(path, TEXT.format(title=title, topics=topics, body=body))

    def write_text(self, path: str, text: str) -> None:
        file = self.source / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        self.clock += 1
        os.utime(file, (self.clock, self.clock))

    def build(self, **given: object) -> Snapshot:
        run = build_quietly(self.source, self.out, report=False, **given)
        assert run.outcome == "published"
        return published(self.out)

    def table(self, name: str) -> pl.DataFrame:
        return scan_parts(published(self.out).folder, name).collect()

    def changed(self, step: int) -> list[tuple[str, str]]:
        rows = self.table("document_changes").filter(pl.col("step") == step)
        return sorted(rows.select("path", "change").rows())
