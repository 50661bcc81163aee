"""The command line, as scripts and schedules see it: real processes, exit codes, standard output.

Most are forks of a process that has imported Frontmart, see `tests.forked`; a few start Python themselves.
"""

import datetime as dt
import json
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from frontmart.cli.__main__ import app
from frontmart.run import Run
from frontmart.snapshots.lock import lock_output
from frontmart.snapshots.manifest import write_manifest
from frontmart.snapshots.store import published
from tests.forked import frontmart
from tests.sample import SAMPLE, build_quietly


def started(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end, in a process that starts as any other."""
    command = [sys.executable, "-m", "frontmart.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_build_publishes_and_says_what_and_where(tmp_path: Path) -> None:
    done = started("build", SAMPLE, "--out", tmp_path / "out", "--as-of", "2026-01-31")
    assert done.returncode == 0, done.stderr
    assert "marts.coverage_by_topic" in done.stdout
    assert "200 files seen" in done.stdout
    assert (tmp_path / "out" / "published" / "warehouse.duckdb").is_file()
    assert "extract: 200 of 200 files" in done.stderr


def test_json_is_one_object_on_standard_output(tmp_path: Path) -> None:
    done = frontmart("build", SAMPLE, "--out", tmp_path / "out", "--as-of", "2026-01-31", "--json", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    run = json.loads(done.stdout)
    assert run["outcome"] == "published"
    assert run["files"]["seen"] == 200


def test_a_build_never_imports_prefect_and_help_imports_nothing_heavy(tmp_path: Path) -> None:
    script = (
        "import sys; from frontmart.cli.__main__ import app\n"
        "try: app(sys.argv[1:])\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "print([name for name in ('prefect', 'polars', 'duckdb', 'pydantic', 'altair') if name in sys.modules])"
    )

    def imported(*arguments: object) -> str:
        done = subprocess.run(
            [sys.executable, "-c", script, *map(str, arguments)], capture_output=True, text=True, check=True
        )
        return done.stdout.splitlines()[-1]

    assert imported("--help") == "[]"
    built = imported("build", SAMPLE, "--out", tmp_path, "--quiet")
    assert "prefect" not in built
    assert "altair" not in built


def child_cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_help_is_quick() -> None:
    before = child_cpu_seconds()
    assert started("--help").returncode == 0
    # CPU time, which a busy machine hardly changes. Importing Polars and DuckDB alone would come near the bound.
    assert child_cpu_seconds() - before < 2


@pytest.mark.parametrize("command", [each.callback.__name__ for each in app.registered_commands if each.callback])
def test_every_command_has_a_help_text_and_an_example(command: str) -> None:
    done = frontmart(command, "--help")
    assert done.returncode == 0
    assert "Example: frontmart " in done.stdout
    assert len(done.stdout.splitlines()) > 8
    # Click rewraps an example that is not protected, so that it cannot be copied.
    assert "Example: " in done.stdout.splitlines()[-1]


def test_status_fails_if_the_last_success_is_older_than_the_limit(sample: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(sample.out, out, symlinks=True)
    assert frontmart("status", "--out", str(out), "--max-age", "26h").returncode == 0
    assert json.loads(frontmart("status", "--out", str(out), "--json").stdout)["last_success"]["outcome"] == "published"
    record = json.loads((out / "last_success.json").read_text())
    (out / "last_success.json").write_text("damaged")
    run_file = out / "published" / "run.json"
    run_file.write_text(json.dumps(json.loads(run_file.read_text()) | {"started_at": "2026-01-31T06:00:00+00:00"}))
    done = frontmart("status", "--out", str(out), "--max-age", "26h", "--json")
    assert done.returncode == 1
    assert done.stderr.startswith(f"frontmart: {out}: the last successful run ended ")
    assert json.loads(done.stdout)["age_seconds"] > 26 * 3_600
    (out / "last_success.json").write_text(json.dumps(record))
    assert frontmart("status", "--out", str(out), "--max-age", "26h").returncode == 0
    wrong = frontmart("status", "--out", str(out), "--max-age", "soon")
    assert wrong.returncode == 2
    assert "'soon' is not a duration; write it as 90m, 26h, 2d or 1d12h" in wrong.stderr


def test_status_rejects_and_snapshots_print_text_and_json(sample: Run) -> None:
    out = sample.out
    assert json.loads(frontmart("status", "--out", out, "--json").stdout)["snapshot_id"] == sample.snapshot_id
    assert str(sample.snapshot_id) in frontmart("status", "--out", out).stdout
    refused = json.loads(frontmart("rejects", "--out", out, "--json").stdout)
    assert len(refused["rejects"]) == sample.files["reject"]
    assert {"path", "reason", "line", "column", "message"} == set(refused["rejects"][0])
    assert refused["rejects"][0]["path"] in frontmart("rejects", "--out", out).stdout
    listed = json.loads(frontmart("snapshots", "--out", out, "--json").stdout)
    assert [run["snapshot_id"] for run in listed["snapshots"]] == [sample.snapshot_id]
    assert str(sample.snapshot_id) in frontmart("snapshots", "--out", out).stdout


def test_query_answers_and_cannot_write_or_look_elsewhere(sample: Run, tmp_path: Path) -> None:
    sql = "select count(*) as n from tidy.documents"
    done = frontmart("query", sql, "--out", sample.out, "--json")
    assert json.loads(done.stdout) == {"rows": [{"n": sample.files["document"]}]}
    forbidden = (
        "create table tidy.x as select 1 as a",
        "select * from read_text('/etc/hostname')",
        f"copy tidy.documents to '{tmp_path / 'leak.csv'}'",
        "set enable_external_access = true",
        "selec 1",
        " ",
    )
    for sql in forbidden:
        done = frontmart("query", sql, "--out", sample.out)
        assert done.returncode == 2, sql
        assert done.stderr.startswith("frontmart: the query "), sql
        assert len(done.stderr.splitlines()) == 1, sql
    assert not (tmp_path / "leak.csv").exists()


def test_columns_of_one_name_are_told_apart_and_nan_is_null_in_json(sample: Run) -> None:
    sql = "select 1 as a, 2 as a, 'nan'::double as x, 1.5::decimal(9, 2) as y"
    done = frontmart("query", sql, "--out", sample.out, "--json")
    assert json.loads(done.stdout) == {"rows": [{"a": 1, "a_2": 2, "x": None, "y": 1.5}]}


def test_a_wide_table_keeps_its_columns_in_a_pipe(sample: Run) -> None:
    done = frontmart("query", "from marts.coverage_by_topic order by topic_id", "--out", sample.out)
    header, _, *rows = (line for line in done.stdout.splitlines() if line.strip())
    assert {"topic_id", "last_28_days_growth_share", "provider_hhi"} <= set(header.split())
    assert len(rows) == sample.model_rows["marts.coverage_by_topic"]


def test_the_output_folder_may_come_from_the_environment(sample: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTMART_OUT", str(sample.out))
    assert json.loads(frontmart("status", "--json").stdout)["snapshot_id"] == sample.snapshot_id


def test_a_disk_that_refuses_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "published").mkdir()
    done = frontmart("build", SAMPLE, "--out", tmp_path / "out", "--quiet")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("frontmart: ")
    assert len(done.stderr.splitlines()) == 1
    assert list((tmp_path / "out" / "published").iterdir()) == []


def test_values_reach_the_terminal_as_text(sample: Run) -> None:
    done = frontmart("query", "select chr(27) || '[31mred' as a, '[bold]x[/bold]' as b", "--out", sample.out)
    assert "\x1b" not in done.stdout
    assert "[bold]x[/bold]" in done.stdout


@pytest.mark.usefixtures("few_models")
def test_rollback_publishes_the_snapshot_before(tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    (source / "a.md").write_text("---\ntitle: A\n---\n")
    first, second = (
        json.loads(frontmart("build", source, "--out", out, "--as-of", day, "--json").stdout)["snapshot_id"]
        for day in ("2026-01-01", "2026-01-02")
    )
    assert published(out).id == second
    assert json.loads(frontmart("rollback", "--out", out, "--json").stdout) == {"published": first}
    assert published(out).id == first


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["build", "nosuch"], 2, "nosuch: there is no such folder"),
        (["build", "--config", "nosuch.toml"], 2, "nosuch.toml: there is no such settings file"),
        (["build", "--as-of", "yesterday"], 2, "as-of"),
        (["build", "--as-of", "9999-12-31"], 2, "as_of"),
        (["build", "--workers", "0"], 2, "workers"),
        (["report"], 1, "nothing is published here; run `frontmart build"),
        (["status"], 1, "nothing is published here; run `frontmart build"),
        (["verify"], 1, "nothing is published here; run `frontmart build"),
        (["rollback"], 1, "nothing is published"),
        (["nosuch"], 2, "nosuch"),
    ],
)
def test_what_goes_wrong_is_told_in_one_line_and_an_exit_code(
    tmp_path: Path, arguments: list[str], code: int, message: str
) -> None:
    done = frontmart(*arguments, cwd=tmp_path)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_second_build_of_an_output_folder_is_told_so(tmp_path: Path) -> None:
    with lock_output(tmp_path):
        done = frontmart("build", SAMPLE, "--out", tmp_path)
    assert done.returncode == 4
    assert "another build holds" in done.stderr


@pytest.mark.usefixtures("few_models")
def test_the_old_name_of_checksum_works_on_the_command_line_with_one_warning(sample: Run, tmp_path: Path) -> None:
    arguments = ("build", SAMPLE, "--out", tmp_path / "out", "--as-of", "2026-01-31", "--json", "--quiet")
    assert frontmart(*arguments).stderr == ""
    old, new = (json.loads((done := frontmart(*arguments, option)).stdout) | {"stderr": done.stderr}
                for option in ("--verify", "--checksum"))  # fmt: skip
    warning = "frontmart: warning: `--verify` is now called `--checksum`; the old name will be removed in 0.3\n"
    assert (old["stderr"], new["stderr"]) == (warning, "")
    assert old["outcome"] == new["outcome"] == "unchanged"
    assert "extract" in old["seconds"]
    assert "extract" in new["seconds"]
    assert "--verify" not in frontmart("build", "--help").stdout


def built(source: Path, out: Path, days: int) -> list[str]:
    """The ids of snapshots of some days, latest first."""
    source.mkdir()
    (source / "a.md").write_text("---\ntitle: A\n---\n")
    runs = [build_quietly(source, out, as_of=dt.date(2026, 1, day + 1), keep_snapshots=days) for day in range(days)]
    return [str(run.snapshot_id) for run in runs][::-1]


@pytest.mark.usefixtures("few_models")
def test_prune_removes_what_is_beyond_the_number_or_too_old(tmp_path: Path) -> None:
    ids = built(tmp_path / "source", tmp_path / "out", 6)
    done = frontmart("prune", "--out", tmp_path / "out", "--json")
    pruned = json.loads(done.stdout)
    assert (done.returncode, pruned["removed"], pruned["kept"]) == (0, ids[5:], ids[:5])
    assert pruned["freed_bytes"] > 0
    shown = frontmart("prune", "--keep", "4", "--out", tmp_path / "out").stdout.splitlines()
    assert shown[0] == f"removed {ids[4]}"
    assert shown[1].startswith("1 removed, 4 kept, ")
    pruned = json.loads(frontmart("prune", "--max-age", "0", "--out", tmp_path / "out", "--json").stdout)
    assert (pruned["removed"], pruned["kept"]) == (ids[1:4], ids[:1])
    assert published(tmp_path / "out").id == ids[0]


@pytest.mark.usefixtures("few_models")
def test_prune_keeps_as_many_as_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = built(tmp_path / "source", tmp_path / "out", 3)
    monkeypatch.setenv("FRONTMART_KEEP_SNAPSHOTS", "2")
    assert json.loads(frontmart("prune", "--out", tmp_path / "out", "--json").stdout)["kept"] == ids[:2]


@pytest.mark.usefixtures("few_models")
def test_tags_are_given_moved_listed_and_deleted_and_spare_snapshots(tmp_path: Path) -> None:
    out = tmp_path / "out"
    last, first = built(tmp_path / "source", out, 2)
    done = frontmart("tag", "good", first, "--out", out)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"tagged {first} good\n", "")
    assert frontmart("tag", "good", "--out", out).stdout == f"tagged {last} good (before: {first})\n"
    tagged = json.loads(frontmart("tag", "good", first, "--out", out, "--json").stdout)
    assert tagged == {"tags": [{"tag": "good", "snapshot_id": first, "is_missing": False}]}
    assert json.loads(frontmart("tag", "--list", "--out", out, "--json").stdout) == tagged
    assert first in frontmart("tag", "--out", out).stdout
    listed = json.loads(frontmart("snapshots", "--out", out, "--json").stdout)["snapshots"]
    assert [(run["snapshot_id"], run["tags"]) for run in listed] == [(last, []), (first, ["good"])]
    assert "good" in frontmart("snapshots", "--out", out).stdout
    pruned = frontmart("prune", "--keep", "1", "--out", out).stdout
    assert pruned == "0 removed, 2 kept (1 for a tag), 0 bytes freed\n"
    assert json.loads(frontmart("rollback", "good", "--out", out, "--json").stdout) == {"published": first}
    done = frontmart("tag", "--delete", "good", "--out", out)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"deleted good of {first}\n")
    assert frontmart("tag", "--list", "--out", out).stdout == "no tags\n"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--delete"], 2, "tag --delete needs the NAME of a tag; see `frontmart tag --list`"),
        (["good", "--list"], 2, "give tag --list alone, tag --delete with a NAME, or"),
        (
            ["good", "ID", "--delete"],
            2,
            "give tag --list alone, tag --delete with a NAME, or tag with a NAME and an ID",
        ),
        (["--delete", "nosuch"], 1, "there is no tag nosuch; see `frontmart tag --list`"),
        (["a/b"], 2, "'a/b' cannot be the name of a tag; give 1 to 100 letters"),
        (["good"], 1, "nothing is published here; run `frontmart build"),
        (["good", "ID"], 1, "there is no snapshot ID; see `frontmart snapshots`"),
    ],
)
def test_what_is_wrong_with_a_tag_is_told_in_one_line(
    tmp_path: Path, arguments: list[str], code: int, message: str
) -> None:
    done = frontmart("tag", *arguments, "--out", tmp_path)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (code, "", 1)
    assert message in done.stderr


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_is_in_the_way_of_the_link_is_named_before_anything_is_built(tmp_path: Path, kind: str) -> None:
    (tmp_path / "published").mkdir() if kind == "folder" else (tmp_path / "published").touch()
    done = frontmart("build", SAMPLE, "--out", tmp_path)
    advice = "move it elsewhere, then build again"
    message = f"{tmp_path}/published: is a {kind} in the way of the link to the published snapshot; {advice}"
    assert (done.returncode, done.stderr) == (1, f"frontmart: {message}\n")
    assert list((tmp_path / "snapshots").iterdir()) == []
    assert not (tmp_path / "runs.jsonl").exists()


def test_prune_says_what_is_wrong_in_one_line(tmp_path: Path) -> None:
    assert frontmart("prune", "--keep", "0", "--out", tmp_path).returncode == 2
    assert frontmart("prune", "--max-age", "-1", "--out", tmp_path).returncode == 2
    assert frontmart("prune", "--max-age", "nan", "--out", tmp_path).returncode == 2
    with lock_output(tmp_path):
        done = frontmart("prune", "--out", tmp_path)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (4, "", 1)


def test_a_damaged_record_of_a_build_is_one_line(out: Path) -> None:
    snapshot = published(out)
    snapshot.run_file.write_text("[]")
    for command in ("status", "describe"):
        done = frontmart(command, "--out", out)
        message = f"frontmart: {snapshot.run_file}: is damaged; run `frontmart build`, which replaces it\n"
        assert (done.returncode, done.stderr) == (1, message)
    done = frontmart("snapshots", "--json", "--out", out)
    assert json.loads(done.stdout)["snapshots"] == [
        {"is_published": True, "tags": [], "snapshot_id": snapshot.id, "is_damaged": True}
    ]


def test_verify_says_that_a_snapshot_is_good(sample: Run) -> None:
    done = frontmart("verify", "--out", sample.out)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{sample.snapshot_id} is good: ")
    found = json.loads(frontmart("verify", "--out", sample.out, "--json").stdout)
    assert (found["snapshot_id"], found["is_good"], found["findings"]) == (sample.snapshot_id, True, [])
    assert len(found["checks"]) == len(sample.checks)


def test_verify_names_each_damaged_file_and_what_to_do(out: Path, sample: Run) -> None:
    mart = published(out).marts / "topic_pairs.parquet"
    mart.write_bytes(b"x" * mart.stat().st_size)
    (published(out).tables / "rejects.parquet").unlink()
    advice = "run `frontmart repair` or `frontmart rollback`"
    done = frontmart("verify", "--out", out)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        f"marts/topic_pairs.parquet: has changed since it was written; {advice}",
        f"tables/rejects.parquet: is missing; {advice}",
    ]
    problem = f"{out}: the published snapshot {sample.snapshot_id} has 2 problems; {advice}"
    assert done.stderr == f"frontmart: {problem}\n"
    done = frontmart("verify", "--out", out, "--json")
    assert (done.returncode, done.stderr) == (1, f"frontmart: {problem}\n")
    assert [finding["path"] for finding in json.loads(done.stdout)["findings"]] == [
        "marts/topic_pairs.parquet",
        "tables/rejects.parquet",
    ]


def test_verify_names_a_check_that_finds_rows(out: Path) -> None:
    with duckdb.connect(published(out).warehouse) as con:
        con.execute("insert into core.dim_topics from core.dim_topics limit 1")
    write_manifest(published(out).folder)
    done = frontmart("verify", "--out", out)
    assert done.returncode == 1
    (line,) = done.stdout.splitlines()
    assert line.startswith("warehouse.duckdb: check unique_key_core_dim_topics found 1 row: ")
    assert line.endswith("; run `frontmart repair` or `frontmart rollback`")
    assert "has 1 problem; run" in done.stderr
