"""What makes a snapshot one that must not be built upon."""

import shutil
from pathlib import Path

import pytest

from flows import fingerprint as module
from flows.fingerprint import fingerprint
from flows.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("file", "changed"),
    [
        ("sql/macros/coverage.sql", ["models"]),
        ("sql/main/articles.sql", ["models"]),
        ("sql/marts/topic_pairs.sql", ["models"]),
        ("flows/macros.py", ["models"]),
        ("transforms/slugs.py", ["rows"]),
    ],
)
def test_a_file_that_a_snapshot_depends_on_changes_its_fingerprint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, changed: list[str]
) -> None:
    for folder in ("flows", "sql", "transforms"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.setattr(module, "_ROOT", tmp_path)
    before = fingerprint(Settings(), "1.2.3")
    with (tmp_path / file).open("a") as text:
        text.write("\n")
    after = fingerprint(Settings(), "1.2.3")
    assert [part for part in before if before[part] != after[part]] == changed
