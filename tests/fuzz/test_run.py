"""The long run survives crashes and hangs, reports the input, and prints how to run it again."""

import os
import signal
from pathlib import Path

import pytest

from tests.fuzz import run, workers
from tests.fuzz.inputs import Inputs, committed_files
from tests.fuzz.workers import run_in_processes


class DeadlyInputs(Inputs):
    """Inputs of which number 30 kills the process and number 290 never ends."""

    def of(self, number: int) -> bytes:
        if number == 30:
            os.kill(os.getpid(), signal.SIGSEGV)
        if number == 290:
            while True:
                pass
        return super().of(number)


def test_a_crash_and_a_hang_fail_only_the_inputs_that_caused_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "HANG_SECONDS", 4.0)
    shown: list[int] = []
    tally = run_in_processes(DeadlyInputs(1, committed_files()), 300, 2, shown.append)
    assert tally.failures == {30: "crash: the process ended with -11", 290: "hang: no end within 4 s of CPU time"}
    assert tally.input_count == shown[-1] == 300


def test_a_run_prints_the_counts_of_its_inputs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["--inputs", "300", "--seed", "1", "--workers", "1"]) == 0
    printed = capsys.readouterr().out
    assert "seed 1: make fuzz SEED=1" in printed
    assert "300 inputs checked in" in printed
    assert "slowest: input " in printed
    assert any(line.split() == ["violated", "invariants", "0"] for line in printed.splitlines())


def test_a_failing_input_is_written_to_a_file_that_can_be_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        run, "run_in_processes", lambda *given: workers.Tally(failures={2: "crash: reported by the test"})
    )
    assert run.main(["--inputs", "3", "--seed", "1", "--failures", str(tmp_path)]) == 1
    printed = capsys.readouterr().out
    written = tmp_path / "1-2.md"
    assert written.read_bytes() == Inputs(1, run.all_files()).of(2)
    assert "input 2: crash: reported by the test" in printed
    assert f"run it again: make fuzz FILE={written}" in printed
    assert run.main(["--file", str(written)]) == 0
    assert f"{written}: " in capsys.readouterr().out
