"""The parsed SQL is the same whether it is kept in the cache folder or parsed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from frontmart import shipped_sql as module
from frontmart.catalog.layers import INDEXED
from frontmart.catalog.models import read_checks, read_macros, read_models, read_queries
from frontmart.catalog.sql_folder import SQL
from frontmart.shipped_sql import ShippedSql, shipped_sql


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The cache folder of a user who has none yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    module._read.cache_clear()
    yield tmp_path / "frontmart"
    module._read.cache_clear()


def parsed() -> ShippedSql:
    models = read_models(SQL)
    return ShippedSql(
        tuple(models),
        tuple(read_macros(SQL, models)),
        tuple(read_macros(SQL, models, INDEXED)),
        tuple(read_checks(SQL)),
        tuple(read_queries(SQL)),
    )


def fail(_: Path) -> None:
    raise AssertionError("parsed again")


def test_what_is_kept_is_what_is_parsed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = parsed()
    assert shipped_sql() == expected
    module._read.cache_clear()
    monkeypatch.setattr(module, "read_models", fail)
    assert shipped_sql() == expected


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b'{"models": [{"layer": "core"}], "macros": [], "indexed_macros": [], "checks": [], "queries": []}'],
)
def test_another_content_is_not_used(folder: Path, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped_sql()
    (path,) = folder.iterdir()
    path.unlink()
    with module.caching(path.name.rsplit("-", 1)[0], ".json") as new:
        assert new is not None
        new.write_bytes(content)
    module._read.cache_clear()
    assert shipped_sql() == parsed()


def test_other_code_or_sql_has_another_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped_sql()
    monkeypatch.setattr(module, "VERSION", "another")
    module._read.cache_clear()
    shipped_sql()
    assert len(list(folder.iterdir())) == 2


def test_without_a_cache_folder_it_is_parsed(folder: Path) -> None:
    folder.touch()
    assert shipped_sql() == parsed()
