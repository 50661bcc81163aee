import os
import signal
import sys
from multiprocessing.context import SpawnProcess
from pathlib import Path
from threading import Event, Thread

import pytest

from frontmart.extract.pool import ShardWork, run_in_pool, script_pool
from frontmart.extract.shards import Shard
from frontmart.extract.source import FolderSource
from frontmart.runners import LocalRunner
from frontmart.terminal.progress import Console


def shards(folder: Path, count: int, files_each: int) -> list[Shard]:
    return [
        Shard(start, start + files_each, folder / "listing", FolderSource(folder), folder, weight=18_000 * files_each)
        for start in range(0, count * files_each, files_each)
    ]


def leave_process_id(shard: Shard) -> int:
    (shard.fragments / f"{shard.start}").write_text(str(os.getpid()))
    return shard.file_count


def forget(shard: Shard) -> None:
    (shard.fragments / f"{shard.start}").unlink(missing_ok=True)


def die_at_file_5000(shard: Shard) -> int:
    leave_process_id(shard)
    if shard.start <= 5_000 < shard.stop:
        os.kill(os.getpid(), signal.SIGKILL)
    return shard.file_count


def reject(shard: Shard) -> int:
    (shard.fragments / f"crashed-{shard.start}-{shard.stop}").touch()
    return shard.file_count


WORK = ShardWork(leave_process_id, forget, reject)


def process_ids(folder: Path) -> set[int]:
    return {int(path.read_text()) for path in folder.iterdir()}


def test_few_files_stay_in_one_process(tmp_path: Path) -> None:
    LocalRunner(Console(is_quiet=True), workers=2).map_shards("extract", WORK, shards(tmp_path, 3, 10))
    assert process_ids(tmp_path) == {os.getpid()}


@pytest.mark.slow
def test_many_files_are_shared_among_processes(tmp_path: Path) -> None:
    LocalRunner(Console(is_quiet=True), workers=2).map_shards("extract", WORK, shards(tmp_path, 3, 4_000))
    assert len(list(tmp_path.iterdir())) == 3
    assert os.getpid() not in process_ids(tmp_path)


def test_when_a_worker_dies_only_the_file_that_killed_it_is_rejected(tmp_path: Path) -> None:
    work = ShardWork(die_at_file_5000, forget, reject)
    done = sum(run_in_pool(work, shards(tmp_path, 4, 2_500), workers=2))
    assert done == 10_000
    assert [path.name for path in tmp_path.glob("crashed-*")] == ["crashed-5000-5001"]
    # Every other file is in the shard of a worker that lived, none in two.
    starts = sorted(int(path.name) for path in tmp_path.iterdir() if path.name.isdigit())
    assert 5_000 not in starts
    assert len(starts) == len(set(starts))


def leave_disposition(shard: Shard) -> int:
    (shard.fragments / f"{shard.start}").write_text(str(signal.getsignal(signal.SIGINT)))
    return shard.file_count


@pytest.mark.parametrize(
    ("in_parent", "in_worker"), [(signal.default_int_handler, signal.SIG_DFL), (signal.SIG_IGN, signal.SIG_IGN)]
)
def test_workers_exit_silently_on_ctrl_c_and_ignore_it_if_their_parent_does(
    tmp_path: Path, in_parent: signal.Handlers, in_worker: signal.Handlers
) -> None:
    before = signal.signal(signal.SIGINT, in_parent)
    try:
        sum(run_in_pool(ShardWork(leave_disposition, forget, reject), shards(tmp_path, 2, 10), workers=2))
    finally:
        signal.signal(signal.SIGINT, before)
    assert [path.read_text() for path in tmp_path.iterdir()] == [str(in_worker)] * 2


def test_pools_of_several_threads_leave_the_script_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    script, seen = sys.modules["__main__"], []
    second, first_done = Event(), Event()

    def start(process: SpawnProcess) -> None:
        seen.append(sys.modules["__main__"])
        if len(seen) == 1:
            second.wait(timeout=0.2)
        else:
            second.set()
            first_done.wait(timeout=5)

    monkeypatch.setattr(SpawnProcess, "start", start)
    context = script_pool(1)._mp_context  # type: ignore[attr-defined]
    threads = [Thread(target=context.Process().start) for _ in range(2)]
    for thread in threads:
        thread.start()
    threads[0].join()
    first_done.set()
    threads[1].join()
    left, sys.modules["__main__"] = sys.modules["__main__"], script
    assert len(seen) == 2
    assert script not in seen
    assert left is script


def test_an_error_in_a_worker_is_the_error_of_the_build(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        sum(run_in_pool(ShardWork(Shard.rows, forget, reject), shards(tmp_path, 2, 4_000), workers=2))  # type: ignore[arg-type]


def test_seconds_are_recorded_by_step_even_if_the_step_fails() -> None:
    runner = LocalRunner(Console(is_quiet=True))
    assert runner.run("list", sorted, [2, 1]) == [1, 2]
    with pytest.raises(ZeroDivisionError):
        runner.run("load", lambda: 1 // 0)
    assert set(runner.seconds) == {"list", "load"}
    assert all(seconds >= 0 for seconds in runner.seconds.values())


def test_progress_is_plain_lines_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with Console().progress("extract", 200) as advance:
        for _ in range(4):
            advance(50)
    assert capsys.readouterr().err == (
        "extract: 50 of 200 files\nextract: 100 of 200 files\nextract: 150 of 200 files\nextract: 200 of 200 files\n"
    )


def test_a_quiet_console_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(is_quiet=True)
    with console.progress("extract", 1) as advance:
        advance(1)
    console.say("done")
    assert capsys.readouterr() == ("", "")
