"""Tab in a real bash, and the protocols of zsh and fish."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from frontmart.catalog.sql_folder import SQL
from frontmart.cli.completion import mart_names
from frontmart.run import Run
from tests import sample as samples

ROOT = SQL.parent
START = "import sys; sys.argv[0] = 'frontmart'; from frontmart.cli.__main__ import main; main()"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A PATH with a `frontmart` of this checkout, and a home without one."""
    program = tmp_path / "bin" / "frontmart"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{START}" "$@"\n')
    program.chmod(0o755)
    path = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}


def completed(environment: dict[str, str], *words: str) -> list[str]:
    """The completions of bash for the last of some words, from the script that `--show-completion` prints."""
    script = (
        'eval "$(_FRONTMART_COMPLETE=source_bash frontmart)"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
        'complete -p frontmart >&2; _frontmart_completion frontmart; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "-c", script, "bash", "frontmart", *words], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stderr == "complete -o default -F _frontmart_completion frontmart\n"
    return done.stdout.split()


def protocol(environment: dict[str, str], **variables: str) -> list[str]:
    done = subprocess.run(["frontmart"], capture_output=True, text=True, env={**environment, **variables}, check=False)
    assert done.stderr == ""
    return done.stdout.splitlines()


def marts_like(prefix: str) -> list[str]:
    return [name for name in samples.mart_names() if name.startswith(prefix)]


def test_bash_completes_commands_options_and_formats(environment: dict[str, str]) -> None:
    assert completed(environment, "ro") == ["rollback"]
    assert completed(environment, "pr") == ["prune"]
    assert completed(environment, "prune", "--max") == ["--max-age"]
    assert completed(environment, "build", "--ver") == []
    assert completed(environment, "query", "--no") == ["--no-pager"]
    assert completed(environment, "query", "--format", "j") == ["json", "jsonl"]
    assert completed(environment, "export", "--format", "") == ["parquet", "csv", "xlsx", "arrow", "sqlite"]
    assert completed(environment, "export", "--marts", "topic") == marts_like("topic")
    assert completed(environment, "export", "--marts", "topic_pairs,provider_r") == ["topic_pairs,provider_report"]
    assert completed(environment, "describe", "cov") == [
        "coverage", "coverage_by_kind", "coverage_by_language", "coverage_by_topic", "coverage_by_topic_over_time",
    ]  # fmt: skip


def test_behind_a_layer_stand_its_own_tables(environment: dict[str, str]) -> None:
    dimensions = ("authors", "dates", "organisations", "providers", "topics")
    assert completed(environment, "describe", "core.dim") == [f"core.dim_{name}" for name in dimensions]
    assert {"main.articles", "main.coverage"} <= set(completed(environment, "describe", "main."))
    assert completed(environment, "describe", "checks.") == completed(environment, "describe", "../") == []


def test_bash_completes_snapshots_and_says_nothing_where_there_are_none(
    environment: dict[str, str], out: Path, tmp_path: Path
) -> None:
    earlier = "20200101T000000000000Z"
    (out / "snapshots" / earlier).mkdir()
    (out / "snapshots" / earlier / "run.json").write_text("{}")
    assert completed(environment, "rollback", "--out", str(out), "2") == [earlier]
    assert completed(environment, "rollback", "--out", str(out), "3") == []
    (out / "tags").mkdir()
    (out / "tags" / f"{earlier}.good").touch()
    assert completed(environment, "rollback", "--out", str(out), "g") == ["good"]
    assert completed(environment, "tag", "--out", str(out), "--delete", "") == ["good"]
    assert completed(environment, "tag", "--out", str(out), "better", "2020") == [earlier]
    assert completed(environment, "rollback", "--out", str(tmp_path / "nosuch"), "") == []


def test_bash_completes_what_can_be_described(environment: dict[str, str], sample: Run, tmp_path: Path) -> None:
    assert completed(environment, "describe", "marts.topic") == [f"marts.{name}" for name in marts_like("topic")]
    assert completed(environment, "describe", "--out", str(sample.out), "tidy.rej") == ["tidy.rejects"]
    assert completed(environment, "describe", "--out", str(tmp_path / "nosuch"), "tidy.rej") == []


def test_zsh_and_fish_are_answered_in_their_own_way(environment: dict[str, str], sample: Run) -> None:
    arguments = f"frontmart rollback --out {sample.out} "
    # The published snapshot is none to roll back to.
    for shell in ("zsh", "fish"):
        variables = {"_FRONTMART_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": arguments}
        assert [line for line in protocol(environment, **variables) if str(sample.snapshot_id) in line] == []
        variables["_TYPER_COMPLETE_ARGS"] = "frontmart ro"
        variables["_TYPER_COMPLETE_FISH_ACTION"] = "get-args"
        assert any("rollback" in line for line in protocol(environment, **variables))
        script = "\n".join(protocol(environment, _FRONTMART_COMPLETE=f"source_{shell}"))
        assert f"_FRONTMART_COMPLETE=complete_{shell}" in script


def test_marts_are_completed_in_a_list() -> None:
    assert mart_names("") == samples.mart_names()
    assert "topic_pairs" in mart_names("topic") == marts_like("topic")
    assert mart_names("topic_pairs,coverage_by_topic_") == ["topic_pairs,coverage_by_topic_over_time"]
    others = [name for name in marts_like("topic") if name != "topic_pairs"]
    assert mart_names("topic_pairs,topic") == [f"topic_pairs,{name}" for name in others]
