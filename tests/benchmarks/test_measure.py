"""The harness of the benchmark: measurements, tables, goals. No test asserts a time."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.contenders import (
    CHANGED,
    DLT,
    FIRST,
    PANDAS,
    READ,
    RIVALS,
    SLOW_RIVALS,
    START,
    UNCHANGED,
    WALK,
    edit_titles,
)
from benchmarks.corpus import write_corpus
from benchmarks.goals import MET, NOT_MEASURED, verdicts
from benchmarks.measure import Measurement, PeakMemory, measure, summary
from benchmarks.obstacles import obstacles
from benchmarks.plain import count_plain
from benchmarks.report import check_table, difference, growth_table, render, work_table
from benchmarks.results import Campaign, Result, Work, load, save
from benchmarks.run import LONG_SECONDS, contenders_for, has_turn, works_of

MIB = 2**20
COUNTS = {"documents": 1_990, "topics": 2_900, "images": 1_900, "related": 120}


def work(files: int, seconds: dict[str, list[float]], size: str = "small", mib: int = 100) -> Work:
    """A workload with the given seconds of each contender."""
    results = [
        Result(name, [Measurement(each, each * 2, mib * MIB) for each in runs], COUNTS | {"coverage": 12})
        for name, runs in seconds.items()
    ]
    for result in results:
        result.steps = {"extract": 0.5} if result.name == FIRST else {}
    return Work(size, files, files * 1_600, COUNTS, results)


def campaign(*works: Work) -> Campaign:
    return Campaign("`make bench`", "2026-01-31", {"CPU": "Abacus"}, {"Python": "3.11"}, list(works))


def verdict_by_goal(*works: Work) -> dict[str, str]:
    """Goal -> verdict."""
    return {f"{each.work}: {each.goal}": each.verdict for each in verdicts([campaign(*works)])}


def python(code: str) -> list[str | Path]:
    return [sys.executable, "-c", code]


def wait_in_child(file: Path) -> str:
    """Python code that waits until a file exists."""
    return (
        "import pathlib, time\nend = time.monotonic() + 300\n"
        f"while not pathlib.Path({str(file)!r}).exists() and time.monotonic() < end: time.sleep(0.01)\n"
    )


@pytest.fixture
def sampled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Path]:
    """A function of a number of bytes -> the path of a file that is created once a sample exceeds them."""
    sample = PeakMemory.sample

    def file_at(size: int) -> Path:
        def sample_and_signal(memory: PeakMemory) -> None:
            sample(memory)
            if memory.peak_bytes > size:
                (tmp_path / "sampled").touch()

        monkeypatch.setattr(PeakMemory, "sample", sample_and_signal)
        return tmp_path / "sampled"

    return file_at


def test_memory_of_a_child_is_added_to_that_of_its_parent(tmp_path: Path, sampled: Callable[[int], Path]) -> None:
    child = f"kept = b'x' * {120 * MIB}\n{wait_in_child(sampled(180 * MIB))}"
    parent = f"import subprocess, sys; kept = b'x' * {60 * MIB}; subprocess.run([sys.executable, '-c', {child!r}])"
    assert 180 * MIB < measure(python(parent), tmp_path).peak_bytes < 400 * MIB


def test_memory_of_an_orphan_counts(tmp_path: Path, sampled: Callable[[int], Path]) -> None:
    is_orphan, is_sampled = tmp_path / "orphan", sampled(120 * MIB)
    orphan = f"{wait_in_child(is_orphan)}kept = b'x' * {120 * MIB}\n{wait_in_child(is_sampled)}"
    middle = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {orphan!r}])"
    parent = (
        f"import pathlib, subprocess, sys; subprocess.run([sys.executable, '-c', {middle!r}])\n"
        f"pathlib.Path({str(is_orphan)!r}).touch()\n{wait_in_child(is_sampled)}"
    )
    assert measure(python(parent), tmp_path).peak_bytes > 120 * MIB


def test_cpu_of_a_child_counts(tmp_path: Path) -> None:
    child = "import time\nwhile time.process_time() < 0.3: pass"
    run = measure(python(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"), tmp_path)
    assert run.cpu_seconds >= 0.3
    assert run.failure is None


def test_a_failure_keeps_its_last_line_of_output(tmp_path: Path) -> None:
    assert measure(python("raise SystemExit('no space left')"), tmp_path).failure == "exit 1: no space left"


def test_a_command_that_hangs_is_ended(tmp_path: Path) -> None:
    run = measure(python("import time; time.sleep(60)"), tmp_path, limit_seconds=0.2)
    assert run.failure == "exit -9"


def test_summary_takes_the_median_and_the_highest_memory() -> None:
    found = summary([Measurement(3, 30, 5), Measurement(1, 10, 9), Measurement(2, 20, 7)])
    assert (found.seconds, found.fastest, found.slowest, found.cpu_seconds, found.peak_bytes) == (2, 1, 3, 20, 9)


def test_work_table_has_median_speed_and_ratios() -> None:
    table = work_table(work(2_000, {FIRST: [4.0, 2.0, 3.0], PANDAS: [6.0], START: [0.5], READ: [0.5]}))
    lines = table.splitlines()
    assert lines[2] == f"| {FIRST} | 3.00 | 2.00 to 4.00 | 3 | 6.00 | 667 | 1.1 | 100 | 2.00 | 6.00 |"
    assert lines[3] == f"| {PANDAS} | 6.00 |  | 1 | 12.00 | 333 | 0.5 | 100 | 1.00 | 12.0 |"
    assert lines[4] == f"| {START} | 0.50 |  | 1 | 1.00 |  |  | 100 |  | 1.00 |"


def test_check_table_shows_what_is_lost() -> None:
    lossy = work(2_000, {PANDAS: [6.0]})
    lossy.results[0].counts = lossy.results[0].counts | {"documents": 1_987}
    assert f"| {PANDAS} | 1,987 (-3) | 2,900 | 1,900 | 120 | 12 |  |" in check_table(lossy)
    assert difference(1_000, 1_000) == "1,000"


def test_check_table_shows_changes_that_a_build_missed() -> None:
    stale = work(2_000, {CHANGED: [1.0]})
    stale.results[0].edited, stale.results[0].edited_found = 20, 0
    assert "| 0 (-20) |" in check_table(stale)


def test_growth_table_has_a_column_per_corpus() -> None:
    table = growth_table([work(10_000, {FIRST: [2.0], PANDAS: [9.0]}), work(100_000, {FIRST: [20.0]}, mib=200)])
    assert f"| {FIRST} | 2.00 | 20.00 | 100 MiB | 200 MiB |" in table
    assert f"| {PANDAS} | 9.00 |  | 100 MiB |  |" in table


def test_goals_on_the_default_run() -> None:
    small = {FIRST: [1.0], PANDAS: [19.0], READ: [0.2], START: [0.3]}
    found = verdict_by_goal(
        work(2_000, small), work(20_000, small), work(2_000, {FIRST: [1.0], PANDAS: [31.0]}, "large")
    )
    assert list(found.values()) == [MET, MET, NOT_MEASURED, MET, MET, *[NOT_MEASURED] * 4]


def test_goals_on_the_large_run() -> None:
    hundred = work(100_000, {FIRST: [20.0], UNCHANGED: [1.4], CHANGED: [2.1], WALK: [0.5]})
    million = work(1_000_000, {FIRST: [219.0], UNCHANGED: [9.0]}, mib=1_200)
    found = verdict_by_goal(hundred, million)
    assert found["build with nothing changed, 100,000 files: within 2 times the walk-and-stat floor plus 0.5 s"] == MET
    assert found["build with 1 percent changed, 100,000 files: under 0.3 of the first build"] == MET
    assert found["peak memory at 1,000,000 files: under 1.2 GiB"] == MET
    assert found["time from 100,000 to 1,000,000 files: 10 times, within 10 percent"] == MET


def test_only_missed_goals_are_explained() -> None:
    slow = {FIRST: [4.0], PANDAS: [5.0], READ: [0.2], START: [0.5], WALK: [0.1]}
    hundred = work(100_000, {FIRST: [14.0], CHANGED: [5.0], START: [0.5], WALK: [0.3], READ: [1.0]})
    million = work(1_000_000, {FIRST: [190.0], START: [0.5], READ: [50.0]})
    large = work(7_000, {FIRST: [1.5], PANDAS: [11.0], START: [0.5]}, "large")
    sentences = obstacles([campaign(work(20_000, slow), hundred, million, large)])
    assert [sentence.partition(":")[0] for sentence in sentences] == [
        "20,000 small files (1.6 KB)", "20,000 small files (1.6 KB)", "100,000 small files (1.6 KB), 1 percent changed",
        "7,000 large files (1.6 KB)", "7,000 large files (1.6 KB), extract alone",
        "From 100,000 to 1,000,000 files, reading every byte takes 50 times as long (1.0 s, 50.0 s)",
    ]  # fmt: skip
    assert "2.5 times as fast as python-frontmatter + pandas is 2.00 s" in sentences[0]
    assert "Seconds by step: extract 0.5." in sentences[0]
    assert "is 12 us a file. Listing and reading alone take 15 us." in sentences[1]
    met = work(2_000, {FIRST: [1.0], PANDAS: [21.0], READ: [0.2], START: [0.5]})
    assert obstacles([campaign(met)]) == []
    assert "Why goals were missed" not in render([campaign(met)], rounds=3, long_seconds=30, seed=1)


def test_a_contender_that_failed_meets_no_goal() -> None:
    failed = work(20_000, {FIRST: [1.0], PANDAS: [40.0]})
    failed.results[0].runs.append(Measurement(0.1, 0.1, MIB, "exit 1: no space left"))
    assert set(verdict_by_goal(failed).values()) == {NOT_MEASURED}
    report = render([campaign(failed)], rounds=3, long_seconds=30, seed=1)
    assert f"Failed: {FIRST} (exit 1: no space left)." in report


def test_a_saved_campaign_loads_as_it_was(tmp_path: Path) -> None:
    kept = campaign(work(2_000, {FIRST: [1.0]}))
    save(kept, tmp_path / "default.json")
    assert load(tmp_path / "default.json") == kept


def test_report_names_no_folder_of_this_machine() -> None:
    assert str(Path.home()) not in render([campaign(work(2_000, {FIRST: [1.0]}))], rounds=3, long_seconds=30, seed=1)


@pytest.mark.parametrize(
    ("size", "files"),
    [(None, [2_000, 20_000, 2_000, 7_000]), (1_000_000, [10_000, 100_000, 1_000_000]), (5_000, [5_000])],
)
def test_works_of_a_run(size: int | None, files: list[int]) -> None:
    assert [each for _, each in works_of(size)] == files


def test_rivals_are_left_out_of_large_works_with_a_reason() -> None:
    contenders, left_out = contenders_for(1_000_000)
    assert not {rival.name for rival in RIVALS} & {each.name for each in contenders}
    assert {rival.name for rival in RIVALS} <= set(left_out)
    for slow in (contenders_for(100_000), contenders_for(7_000, 148_000_000)):
        assert not {rival.name for rival in SLOW_RIVALS} & {each.name for each in slow[0]}
    assert DLT not in contenders_for(20_000)[1] or "not installed" in contenders_for(20_000)[1][DLT]


def test_plain_files_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: a\n---\n", encoding="utf-8")
    (tmp_path / "b.md").write_text("---\ntitle: |\n  a\n---\n", encoding="utf-8")
    (tmp_path / "c.md").write_text("+++\ntitle = 1\n+++\n", encoding="utf-8")
    assert count_plain(tmp_path) == (2, 1)


def test_a_slow_contender_and_its_followers_run_once() -> None:
    contenders = {each.name: each for each in contenders_for(100_000)[0]}
    slow = work(100_000, {FIRST: [LONG_SECONDS + 1], UNCHANGED: [1.0], WALK: [1.0]})
    assert [has_turn(contenders[name], slow, 1) for name in (FIRST, UNCHANGED, WALK)] == [False, False, True]


def test_one_percent_of_the_titles_are_edited_again_and_again(tmp_path: Path) -> None:
    write_corpus(tmp_path, 500, 1, "small")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert edit_titles(tmp_path, 1) == edit_titles(tmp_path, 2) == 5
    changed = [path.read_bytes() for path, content in before.items() if path.read_bytes() != content]
    assert len(changed) == 5
    assert all(b'\ntitle: "Edition 2: ' in content and b"Edition 1" not in content for content in changed)
