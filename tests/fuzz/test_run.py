"""The long run itself: it survives what it looks for, names it, and tells how to try it again."""

import os
import signal
from pathlib import Path

import pytest

from tests.fuzz import run, workers
from tests.fuzz.inputs import Inputs, committed_files
from tests.fuzz.workers import try_in_processes


class Poisoned(Inputs):
    """Inputs of which one kills whoever asks for it, one never ends, and one is nothing that can be read."""

    def of(self, number: int) -> bytes:
        if number == 30:
            os.kill(os.getpid(), signal.SIGSEGV)
        if number == 290:
            while True:
                pass
        return super().of(number)


def test_a_crash_and_a_hang_cost_the_inputs_that_did_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "HANG_SECONDS", 4.0)
    shown: list[int] = []
    tally = try_in_processes(Poisoned(1, committed_files()), 300, 2, shown.append)
    assert tally.failures == {30: "crash: the process ended with -11", 290: "hang: no end within 4 s of processor time"}
    assert tally.tried_count == shown[-1] == 300


def test_a_run_says_what_came_of_its_inputs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["--inputs", "300", "--seed", "1", "--workers", "1"]) == 0
    told = capsys.readouterr().out
    assert "seed 1: make fuzz SEED=1" in told
    assert "300 inputs tried in" in told
    assert "slowest: input " in told
    assert any(line.split() == ["broken", "promises", "0"] for line in told.splitlines())


def test_an_input_that_fails_is_written_to_a_file_that_can_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "try_in_processes", lambda *given: workers.Tally(failures={2: "crash: it is told here"}))
    assert run.main(["--inputs", "3", "--seed", "1", "--failures", str(tmp_path)]) == 1
    told = capsys.readouterr().out
    written = tmp_path / "1-2.md"
    assert written.read_bytes() == Inputs(1, run.all_files()).of(2)
    assert "input 2: crash: it is told here" in told
    assert f"try it again: make fuzz FILE={written}" in told
    assert run.main(["--file", str(written)]) == 0
    assert f"{written}: " in capsys.readouterr().out
