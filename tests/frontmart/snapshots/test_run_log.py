from pathlib import Path

from frontmart.snapshots.run_log import append_run, read_runs


def test_runs_are_read_in_the_order_they_were_recorded(tmp_path: Path) -> None:
    assert read_runs(tmp_path) == []
    append_run(tmp_path, {"run_id": "a", "file_count": 1})
    append_run(tmp_path, {"run_id": "b", "file_count": None})
    assert read_runs(tmp_path) == [{"run_id": "a", "file_count": 1}, {"run_id": "b", "file_count": None}]


def test_a_line_cut_short_by_a_kill_costs_only_itself(tmp_path: Path) -> None:
    append_run(tmp_path, {"run_id": "a"})
    with (tmp_path / "runs.jsonl").open("a") as ledger:
        ledger.write('{"run_id": "b", "file_c')
    append_run(tmp_path, {"run_id": "c"})
    assert [run["run_id"] for run in read_runs(tmp_path)] == ["a", "c"]
