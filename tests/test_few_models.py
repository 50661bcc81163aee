"""Builds of few models are as others, and apart from them."""

import json
from pathlib import Path

import pytest

from frontmart import run as runs
from frontmart.run import Run
from frontmart.settings import Settings
from frontmart.shipped_sql import shipped_sql
from frontmart.snapshots.fingerprint import fingerprint
from frontmart.snapshots.store import published
from frontmart.verify import verify
from tests.few_models import A_MART, building_few_models
from tests.forked import frontmart
from tests.sample import SAMPLE, build_quietly


def marts_of(out: Path) -> list[str]:
    return sorted(path.stem for path in published(out).marts.iterdir())


def test_a_build_has_the_same_rows_as_one_of_all_models(sample: Run, few_sample: Run) -> None:
    marts = marts_of(few_sample.out)
    assert marts == sorted([A_MART, "run_history"])
    for mart in marts:
        one, other = (published(run.out).marts / f"{mart}.parquet" for run in (sample, few_sample))
        assert one.read_bytes() == other.read_bytes()
    assert few_sample.table_rows == sample.table_rows
    assert [check.name for check in few_sample.failed_checks] == [check.name for check in sample.failed_checks]


@pytest.mark.usefixtures("few_models")
def test_forks_build_as_their_process_does(out: Path, tmp_path: Path) -> None:
    unchanged = frontmart("build", SAMPLE, "--out", out, "--as-of", "2026-01-31", "--json", "--quiet")
    assert json.loads(unchanged.stdout)["outcome"] == "unchanged"
    assert frontmart("build", SAMPLE, "--out", tmp_path / "new", "--as-of", "2026-01-31", "--quiet").returncode == 0
    assert marts_of(tmp_path / "new") == marts_of(out)
    assert verify(tmp_path / "new").is_good


def test_a_snapshot_of_few_models_is_no_base_for_all_of_them(few_sample: Run, out: Path) -> None:
    with building_few_models():
        few = [model.full_name for model in shipped_sql().models]
        assert build_quietly(SAMPLE, out).outcome == "published"
        assert marts_of(out) == marts_of(few_sample.out)
    assert len(few) < len(shipped_sql().models) / 3
    assert build_quietly(SAMPLE, out).outcome == "published"
    assert set(marts_of(out)) > set(marts_of(few_sample.out))


def test_a_fingerprint_that_is_put_back_after_the_block_is_that_of_all_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "fingerprint", fingerprint)  # so that it is what it was after this test
    expected = fingerprint(Settings(), "1")
    with pytest.MonkeyPatch.context() as inner, building_few_models():
        assert runs.fingerprint(Settings(), "1") != expected
        inner.setattr(runs, "fingerprint", lambda *_: {})
    assert runs.fingerprint is not fingerprint
    assert runs.fingerprint(Settings(), "1") == expected
