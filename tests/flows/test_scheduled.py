"""The flows, each run as a program would, against a real server: their results, artifacts and states."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from frontmart.run import Run
from frontmart.shipped_sql import shipped_sql
from frontmart.snapshots.store import list_snapshots, published, published_id
from frontmart.snapshots.tags import list_tags
from tests.few_models import A_MART
from tests.flows.conftest import BIN, DEPLOY_AS_0_1, Server
from tests.frontmart.canaries import CANARY, CONTROL, found_in, leaks_below, write_canaries
from tests.frontmart.test_canaries import FAILING_CHECK
from tests.sample import AS_OF, SAMPLE, build_quietly, mart_names

BUILD = """
import datetime as dt, sys
from flows.scheduled import build
state = build(source=sys.argv[1], out=sys.argv[2], as_of=dt.date(2026, 1, 31), return_state=True, **eval(sys.argv[3]))
print(state.type.value, "|", state.message)
"""
# As if the sample were large: a task a shard, and a pool that is worth its start.
MANY_SHARDS = """
from frontmart import runners
from frontmart.extract import shards
runners._SERIAL_WEIGHT, shards._MIN_WEIGHT = 0, 1
"""


def build(server: Server, source: Path, out: Path, before: str = "", **parameters: object) -> str:
    """The state that a build ends in, and its message."""
    done = server.python(before + BUILD, source, out, parameters)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def assert_same_marts(one: Path, other: Path) -> None:
    """Assert that two output folders have the same marts, with the same bytes."""
    names, others = (sorted(path.name for path in (out / "published" / "marts").iterdir()) for out in (one, other))
    assert names == others
    for name in names:
        assert (one / "published" / "marts" / name).read_bytes() == (other / "published" / "marts" / name).read_bytes()


@pytest.fixture(scope="module")
def built(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of a build of the sample by a flow."""
    out = tmp_path_factory.mktemp("built")
    assert build(server, SAMPLE, out).startswith("COMPLETED")
    return out


def test_a_flow_publishes_what_a_plain_build_does_and_shows_each_step(server: Server, sample: Run, built: Path) -> None:
    assert_same_marts(sample.out, built)
    assert sorted(path.stem for path in (built / "published" / "marts").iterdir()) == mart_names()
    run = server.run_called(f"into {built}")
    assert run["name"] == f"build {SAMPLE} into {built} as of {AS_OF}"
    tasks = server.tasks_of(run)
    # A first build lists twice: before it creates anything, it sees whether the source is there.
    steps = ["check", "extract", "list", "list", "load", "model", "publish", "write"]
    assert sorted(task["name"] for task in tasks) == steps
    assert {task["state_type"] for task in tasks} == {"COMPLETED"}
    retries = {task["name"]: task["empirical_policy"]["retries"] for task in tasks}
    assert retries == {"list": 3, "extract": 3, "publish": 3, "load": 0, "model": 0, "check": 0, "write": 0}


def test_a_run_leaves_a_summary_its_rejects_and_a_link(server: Server, built: Path) -> None:
    left = server.artifacts_of(server.run_called(f"into {built}"))
    assert set(left) == {
        "frontmart-summary", "frontmart-rejects", "frontmart-failed-checks", "frontmart-published",
    }  # fmt: skip
    summary = left["frontmart-summary"]
    assert summary.startswith(f"# published: `{SAMPLE}` as of {AS_OF}\n")
    for line in ("| seen | 200 |", "| reject | 3 |", "| tidy.documents | 195 |", "1 found rows."):
        assert line.replace("_", r"\_") in summary
    assert re.search(r"\| extract \| \d+\.\d\d \|", summary)
    rejects = json.loads(left["frontmart-rejects"])
    assert [sorted(row) for row in rejects] == [["column", "line", "message", "path", "reason"]] * 3
    assert f"[published]({(built / 'published').as_uri()})" in left["frontmart-published"]


@pytest.mark.parametrize(("task_runner", "workers"), [("processes", 2), ("threads", 3), ("dask", 2)])
@pytest.mark.usefixtures("few_models")
def test_shards_are_tasks_of_any_task_runner_and_many_show_how_far_they_are(
    server: Server, few_sample: Run, tmp_path: Path, task_runner: str, workers: int
) -> None:
    ended = build(server, SAMPLE, tmp_path, MANY_SHARDS, task_runner=task_runner, workers=workers)
    assert ended.startswith("COMPLETED")
    assert_same_marts(few_sample.out, tmp_path)
    run = server.run_called(f"into {tmp_path}")
    shards = [task for task in server.tasks_of(run) if task["name"] == "extract"]
    assert len(shards) == 3 * workers
    assert {task["state_type"] for task in shards} == {"COMPLETED"}
    assert server.artifacts_of(run).get("extract-progress") == (100.0 if len(shards) >= 8 else None)


@pytest.mark.usefixtures("few_models")
def test_a_task_runner_of_prefect_can_be_given_in_python(server: Server, few_sample: Run, tmp_path: Path) -> None:
    script = (
        MANY_SHARDS + "import datetime as dt, sys\n"
        "from prefect import flow\n"
        "from prefect.task_runners import ProcessPoolTaskRunner\n"
        "from frontmart.pipeline import build\n"
        "from flows.prefect_runner import PrefectRunner\n"
        "from frontmart.settings import Settings\n"
        "@flow\n"
        "def own():\n"
        "    settings = Settings.load(source=sys.argv[1], out=sys.argv[2], as_of=dt.date(2026, 1, 31))\n"
        "    with ProcessPoolTaskRunner(max_workers=2) as task_runner:\n"
        "        return build(settings, PrefectRunner(task_runner, 2)).outcome\n"
        "print(own())\n"
    )
    done = server.python(script, SAMPLE, tmp_path)
    assert done.stdout.strip() == "published", done.stderr
    assert_same_marts(few_sample.out, tmp_path)


@pytest.mark.usefixtures("few_models")
def test_a_cluster_that_runs_already_parses_on_its_workers(server: Server, few_sample: Run, tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from distributed import LocalCluster\n" + MANY_SHARDS + "from flows.scheduled import build\n"
        "import datetime as dt\n"
        "if __name__ == '__main__':\n"
        "    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:\n"
        "        state = build(source=sys.argv[1], out=sys.argv[2], as_of=dt.date(2026, 1, 31), return_state=True,\n"
        "                      task_runner=cluster.scheduler_address)\n"
        "    print(state.type.value)\n"
    )
    program = tmp_path / "program.py"
    program.write_text(script)
    done = server.python(
        f"import runpy; runpy.run_path({str(program)!r}, run_name='__main__')", SAMPLE, tmp_path / "out"
    )
    assert done.stdout.strip() == "COMPLETED", done.stderr
    assert_same_marts(few_sample.out, tmp_path / "out")


@pytest.mark.parametrize("before", [MANY_SHARDS, "failing"], ids=["published", "a failed check"])
def test_no_canary_reaches_the_server_its_database_or_its_logs(server: Server, tmp_path: Path, before: str) -> None:
    home, out = Path(server.env["PREFECT_HOME"]), tmp_path / "out"
    write_canaries(tmp_path / "source")
    if before == "failing":
        (tmp_path / "check.sql").write_text(FAILING_CHECK)
        before = (
            "import pathlib, shutil, sys\n"
            "from frontmart import shipped_sql\n"
            f"folder = pathlib.Path({str(tmp_path)!r})\n"
            "shutil.copytree(shipped_sql.SQL, folder / 'sql')\n"
            "shutil.copy(folder / 'check.sql', folder / 'sql' / 'checks' / 'aaa_nothing.sql')\n"
            "shipped_sql.SQL = folder / 'sql'\n"
        )
    done = server.python(before + BUILD, tmp_path / "source", out, {"task_runner": "threads"})
    left = server.artifacts_of(server.run_called(f"into {out}"))
    assert left
    said = [done.stdout.encode(), done.stderr.encode(), json.dumps(left).encode()]
    assert [place for each in said for place in found_in(each, CANARY)] == []
    assert leaks_below(home, out) == []
    # What the failed check shows of ordinary fields is there: the search would find more.
    shown = leaks_below(home, word=CONTROL) if "aaa_nothing" in before else leaks_below(out, word=CONTROL)
    assert shown


def test_a_failed_check_fails_the_run_and_says_which_and_what(server: Server, out: Path, tmp_path: Path) -> None:
    before = (out / "published").readlink()
    check = "-- Nothing may be news.\n--\n-- Severity: error\nselect path from core.articles where category = 'news'\n"
    breaking = (
        "import shutil, pathlib, sys\n"
        "from frontmart import shipped_sql\n"
        f"sql = pathlib.Path({str(tmp_path / 'sql')!r})\n"
        "shutil.copytree(shipped_sql.SQL, sql)\n"
        f"(sql / 'checks' / 'aaa_no_news.sql').write_text({check!r})\n"
        "shipped_sql.SQL = sql\n"
    )
    ended = build(server, SAMPLE, out, breaking, full=True)
    assert ended.startswith("FAILED | nothing was published: aaa_no_news found rows; ")
    assert "Nothing may be news." in ended
    assert "rows, the first: {'path': '" in ended
    run = server.run_called(f"into {out}")
    assert run["state"]["message"].splitlines()[0].startswith("nothing was published: aaa_no_news")
    left = server.artifacts_of(run)
    assert left["frontmart-summary"].startswith("# checks_failed: ")
    assert "aaa_no_news" in str(left["frontmart-failed-checks"])
    assert (out / "published").readlink() == before


# A source that is away when a schedule builds, and back when the listing is tried again. No step is replaced.
# The folder comes back when Prefect says that it will try again, after a second instead of two.
BUILD_AND_RETURN = """
import logging, os, sys
from flows import prefect_runner
from flows.scheduled import build
source, away, out = sys.argv[1:4]
prefect_runner._BACK_OFF_SECONDS = 1
retries = []

class Return(logging.Handler):
    def emit(self, record):
        if "Retry" in record.getMessage():
            retries.append(record.getMessage())
            if os.path.exists(away):
                if os.path.isdir(source):
                    os.rmdir(source)
                os.rename(away, source)

logging.getLogger("prefect.task_runs").addHandler(Return(logging.DEBUG))
logging.getLogger("prefect.task_runs").setLevel(logging.DEBUG)
state = build(source=source, out=out, return_state=True)
print(state.type.value, "|", state.message, "|", len(retries))
"""


@pytest.mark.parametrize("is_there", [False, True], ids=["missing", "empty"])
@pytest.mark.usefixtures("few_models")
def test_a_source_that_returns_between_two_tries_is_built(server: Server, tmp_path: Path, is_there: bool) -> None:
    source, away, out = (tmp_path / name for name in ("source", "away", "out"))
    shutil.copytree(SAMPLE, source)
    build_quietly(source, out, as_of=None)
    source.rename(away)
    if is_there:
        source.mkdir()
    done = server.python(BUILD_AND_RETURN, source, away, out)
    assert done.stdout.splitlines()[-1:] == ["COMPLETED | None | 1"], done.stderr
    assert not away.exists()


# Parameters of a build, and how the state that it ends in begins.
REFUSED = (
    ({"as_of": "1066-10-14"}, "FAILED | setting as_of: "),
    ({"task_runner": "hamsters"}, "FAILED | task_runner: 'hamsters' is not a task runner; use processes, threads, "),
    ({"task_runner": "tcp://127.0.0.1:1"}, "FAILED | task_runner: no Dask scheduler answers at tcp://127.0.0.1:1"),
    ({"workers": 0}, "FAILED | Validation of flow parameters failed"),
    ({"source": "nowhere"}, "FAILED | nowhere: there is no such folder"),
)


@pytest.fixture(scope="module")
def refusals(server: Server, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The first line of the state of each build, and of nothing else: one process asks for all of them."""
    script = (
        "import sys; from flows.scheduled import build\n"
        "for parameters in eval(sys.argv[3]):\n"
        "    state = build(**({'source': sys.argv[1], 'out': sys.argv[2]} | parameters), return_state=True)\n"
        "    print(state.type.value, '|', state.message.splitlines()[0])\n"
    )
    parameters = [parameters for parameters, _ in REFUSED]
    done = server.python(script, SAMPLE, tmp_path_factory.mktemp("refused"), parameters)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(("number", "message"), enumerate(message for _, message in REFUSED))
def test_a_parameter_that_makes_no_sense_is_told_in_the_first_line(
    refusals: list[str], number: int, message: str
) -> None:
    assert refusals[number].startswith(message)


def test_another_build_of_the_same_folder_cancels_this_one(server: Server, tmp_path: Path) -> None:
    holding = (
        "from pathlib import Path\nfrom frontmart.snapshots.lock import lock_output\n"
        "lock = lock_output(Path(sys.argv[2]))\n"
    )
    ended = build(server, SAMPLE, tmp_path, "import sys\n" + holding + "lock.__enter__()\n")
    assert ended.startswith(f"CANCELLED | {tmp_path}: another build holds the lock of this folder")


def test_what_may_be_over_the_next_time_is_tried_again_and_nothing_else(server: Server) -> None:
    script = (
        "from prefect import flow\n"
        "from prefect.task_runners import ThreadPoolTaskRunner\n"
        "from frontmart.errors import ModelError\n"
        "from flows import prefect_runner as service\n"
        "service._BACK_OFF_SECONDS = 0.1\n"
        "tries = {'list': 0, 'model': 0, 'publish': 0}\n"
        "def fail(step, error, times):\n"
        "    tries[step] += 1\n"
        "    if tries[step] <= times:\n"
        "        raise error\n"
        "    return step\n"
        "@flow\n"
        "def steps():\n"
        "    with ThreadPoolTaskRunner() as task_runner:\n"
        "        runner = service.PrefectRunner(task_runner)\n"
        "        assert runner.run('list', fail, 'list', OSError('away'), 2) == 'list'\n"
        "        for step, error in (('model', OSError('no room')), ('publish', ModelError('wrong'))):\n"
        "            try:\n"
        "                runner.run(step, fail, step, error, 1)\n"
        "            except (OSError, ModelError) as met:\n"
        "                assert met is error\n"
        "steps()\n"
        "print(tries)\n"
    )
    done = server.python(script)
    assert done.stdout.strip() == "{'list': 3, 'model': 1, 'publish': 1}", done.stderr


WORK = """
import os, signal
from frontmart.extract.pool import ShardWork

def do(shard):
    if shard.start <= 7 < shard.stop:
        os.kill(os.getpid(), signal.SIGKILL)
    (shard.fragments / f"done-{shard.start}-{shard.stop}").touch()
    return shard.file_count

def undo(shard):
    (shard.fragments / f"done-{shard.start}-{shard.stop}").unlink(missing_ok=True)

def reject(shard):
    (shard.fragments / f"crashed-{shard.start}-{shard.stop}").touch()
    return shard.file_count

WORK = ShardWork(do, undo, reject)
"""


def test_a_file_that_kills_its_worker_is_rejected_and_the_run_succeeds(server: Server, tmp_path: Path) -> None:
    (tmp_path / "deadly.py").write_text(WORK)
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "sys.path.insert(0, sys.argv[1]); os.environ['PYTHONPATH'] = sys.argv[1]\n"
        "from deadly import WORK\n"
        "from prefect import flow\n"
        "from flows.task_runners import open_runner\n"
        "from frontmart.extract.shards import Shard\n"
        "out = Path(sys.argv[1])\n"
        "@flow\n"
        "def extract():\n"
        "    shards = [Shard(start, start + 4, out, out, out, weight=2**25) for start in range(0, 16, 4)]\n"
        "    with open_runner('processes', 2) as runner:\n"
        "        runner.map_shards('extract', WORK, shards)\n"
        "extract()\n"
    )
    done = server.python(script, tmp_path)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.glob("crashed-*")] == ["crashed-7-8"]
    ranges = [tuple(map(int, path.name.split("-")[1:])) for path in tmp_path.glob("done-*")]
    assert sorted(place for start, stop in ranges for place in range(start, stop)) == [
        place for place in range(16) if place != 7
    ]


def test_operators_flows_prune_export_and_verify(server: Server, tmp_path: Path) -> None:
    star = [model.full_name for model in shipped_sql().models if model.role]
    script = (
        "import datetime as dt, sys\n"
        "from flows.scheduled import backfill, export, prune, verify\n"
        "source, out, target = sys.argv[1:4]\n"
        "print(backfill(dt.date(2026, 1, 1), dt.date(2026, 1, 3), source=source, out=out)['days'])\n"
        "print(len(prune(out=out, keep=1)['kept']))\n"
        "print(export(target, out=out)['files'])\n"
        "print(export(target + '-marts', out=out, star=['none'])['files'])\n"
        "print(export(target + '-xlsx', out=out, file_format='xlsx', tables=['documents'])['files'])\n"
        "print(verify(out=out)['checks'] > 50)\n"
        "published = sorted(p for p in __import__('pathlib').Path(out, 'published', 'marts').iterdir())\n"
        "published[0].write_bytes(b'not parquet')\n"
        "state = verify(out=out, return_state=True)\n"
        "print(state.type.value, '|', state.message)\n"
    )
    done = server.python(script, SAMPLE, tmp_path / "out", tmp_path / "target")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:6] == [
        "['2026-01-01', '2026-01-02', '2026-01-03']",
        "3",
        str(len([*mart_names(), *star, "datapackage.json", "frontmart.malloy"])),
        str(len(mart_names())),
        "1",
        "True",
    ]
    assert lines[6].startswith("FAILED | ")
    assert f"marts/{mart_names()[0]}.parquet" in lines[6]
    assert list_snapshots(tmp_path / "out")[0].id == published_id(tmp_path / "out")
    assert [tag.name for tag in list_tags(tmp_path / "out")] == [f"backfill-2026-01-0{day}" for day in (1, 2, 3)]
    failed = server.run_called(f"verify {tmp_path / 'out'}")
    (difference, *_) = json.loads(server.artifacts_of(failed)["frontmart-differences"])
    assert difference["path"] == f"marts/{mart_names()[0]}.parquet".replace("_", r"\_")  # as Markdown


@pytest.mark.usefixtures("few_models")
def test_old_names_of_flows_and_parameters_work_with_a_warning_in_the_log(server: Server, tmp_path: Path) -> None:
    """Servers keep the entrypoint `flows.scheduled.retain` and the parameter `verify` of earlier deployments."""
    script = (
        "import sys\n"
        "from prefect.flows import load_flow_from_entrypoint\n"
        "build = load_flow_from_entrypoint('flows.scheduled.build')\n"
        "retain = load_flow_from_entrypoint('flows.scheduled.retain')\n"
        "for options in ({}, {'verify': True}, {'checksum': True}):\n"
        "    run = build(source=sys.argv[1], out=sys.argv[2], as_of='2026-01-31', **options)\n"
        "    print(run['outcome'], 'extract' in run['seconds'])\n"
        "print(retain(out=sys.argv[2], keep=2))\n"
    )
    done = server.python(script, SAMPLE, tmp_path)
    assert done.returncode == 0, done.stderr
    first, old, new, pruned = done.stdout.splitlines()
    assert (first, old, new) == ("published True", "unchanged True", "unchanged True")
    assert "'removed': []" in pruned
    warnings = [line.partition(" - ")[2] for line in done.stderr.splitlines() if "is now called" in line]
    assert warnings == [
        "the parameter `verify` is now called `checksum`; the old name will be removed in 0.3",
        "the flow `frontmart-retain` is now called `frontmart-prune`; the old name will be removed in 0.3",
    ]


@pytest.mark.usefixtures("few_models")
def test_a_damaged_snapshot_is_replaced_with_one_warning_in_the_log(server: Server, tmp_path: Path) -> None:
    build_quietly(SAMPLE, tmp_path)
    mart = published(tmp_path).marts / f"{A_MART}.parquet"
    mart.write_bytes(bytes(mart.stat().st_size))
    script = (
        "import sys\n"
        "from flows.scheduled import build\n"
        "run = build(source=sys.argv[1], out=sys.argv[2], as_of='2026-01-31')\n"
        "print(run['outcome'], *run['warnings'])\n"
    )
    done = server.python(script, SAMPLE, tmp_path)
    assert done.returncode == 0, done.stderr
    outcome, _, warning = done.stdout.strip().partition(" ")
    assert outcome == "published"
    assert warning.endswith("; the snapshot is damaged, and all files are read again to replace it")
    assert done.stderr.count(warning) == 1


def test_the_deployments_of_prefect_yaml_can_be_deployed_also_over_those_of_0_1(server: Server) -> None:
    root = Path(__file__).parents[2]
    done = server.python(DEPLOY_AS_0_1, "data", "data/raw", "data")
    assert done.returncode == 0, done.stderr
    assert server.get("deployments/name/frontmart-build/data")["global_concurrency_limit"]["limit"] == 1
    for arguments in (["work-pool", "create", "frontmart", "--type", "process"], ["--no-prompt", "deploy", "--all"]):
        done = subprocess.run(
            [BIN / "prefect", *arguments], env=server.env, cwd=root, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    deployed = server.post("deployments/filter", {"work_pools": {"name": {"any_": ["frontmart"]}}})
    assert sorted(each["entrypoint"] for each in deployed) == [
        f"frontmart.deployments.{name}" for name in ("backfill", "build", "export", "prune", "verify")
    ]
    for each in deployed:
        assert each["global_concurrency_limit"] is None
        assert each["job_variables"]["env"] == {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
        (step,) = each["pull_steps"]
        assert step == {"prefect.deployments.steps.set_working_directory": {"directory": str(root)}}
