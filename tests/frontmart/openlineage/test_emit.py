"""Events as a server or a file gets them; and builds, which no trouble with events may fail."""

import datetime as dt
import inspect
import json
import logging
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import UUID

import duckdb
import polars as pl
import pytest

from frontmart import steps
from frontmart.errors import ChecksFailedError, SnapshotError, UsageError
from frontmart.openlineage import emit as sending
from frontmart.openlineage import emit_lineage
from frontmart.run import Run
from frontmart.settings import Settings
from frontmart.snapshots.store import published
from frontmart.version import VERSION
from frontmart.warehouse.checks import CheckResult
from tests.sample import AS_OF, SAMPLE, build_quietly, mart_names
from transforms.tables import stored_columns
from transforms.vocabulary import Preset

pytestmark = pytest.mark.slow

SECURED = "c2VjcmV0LXRoYXQtbXVzdC1ub3QtbGVhaw=="
PRODUCER = f"pkg:generic/frontmart@{VERSION}"
SPEC = "https://openlineage.io/spec"
STARTED = dt.datetime(2026, 1, 31, 6, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("OPENLINEAGE_API_KEY", raising=False)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A run that begins."""
    settings = Settings.load(source=tmp_path / "source", out=tmp_path / "out", as_of=AS_OF)
    return replace(Run.start(settings, {}), run_id="20260131T060000000000Z", started_at=STARTED)


def events_of(run: Run, folder: Path) -> list[dict[str, Any]]:
    """The events of a run that ended as it says."""
    target = folder / "events.jsonl"
    with emit_lineage(run, str(target)):
        pass
    return read(target)


def read(target: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def sample_events(sample: Run, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The events of the build of the sample. To trace its columns takes seconds."""
    return events_of(sample, tmp_path_factory.mktemp("events"))


def facet(version: str, name: str, **columns: object) -> dict[str, object]:
    url = f"{SPEC}/facets/{version}/{name}.json#/$defs/{name}"
    return {"_producer": PRODUCER, "_schemaURL": url, **columns}


def event(run: Run, kind: str, **parts: object) -> dict[str, object]:
    """An event of a run without facets, inputs other than its source, and outputs."""
    description = "Builds tidy tables, a DuckDB warehouse and Parquet marts from a folder of front-matter files."
    documentation = facet("1-1-0", "DocumentationJobFacet", description=description)
    return {
        "eventType": kind,
        "eventTime": "then",
        "producer": PRODUCER,
        "schemaURL": f"{SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": "the run", "facets": {}},
        "job": {
            "namespace": "frontmart",
            "name": f"build {run.out.resolve()}",
            "facets": {"documentation": documentation},
        },
        "inputs": [{"namespace": "file", "name": str(run.source.resolve()), "facets": {}, "inputFacets": {}}],
        "outputs": [],
        **parts,
    }


def normalised(event: dict[str, Any]) -> dict[str, Any]:
    """An event without what differs from run to run."""
    assert dt.datetime.fromisoformat(event["eventTime"]).tzinfo is not None
    return {**event, "eventTime": "then", "run": {**event["run"], "runId": "the run"}}


def rebuilt(event: dict[str, Any]) -> dict[str, Any]:
    """An event read back into the classes of the client, which refuse a part too many or too few."""
    from openlineage.client import event_v2, facet_v2
    from openlineage.client.serde import Serde

    classes = {
        class_._get_schema(): class_
        for _, module in inspect.getmembers(facet_v2, inspect.ismodule)
        for _, class_ in inspect.getmembers(module, inspect.isclass)
        if issubclass(class_, facet_v2.BaseFacet)
    }

    def facets(of: dict[str, Any]) -> dict[str, Any]:
        return {
            key: classes[given["_schemaURL"]](
                producer=given["_producer"],
                **{name: value for name, value in given.items() if name not in ("_producer", "_schemaURL")},
            )
            for key, given in of.items()
        }

    def dataset(class_: Any, given: dict[str, Any]) -> Any:
        return class_(
            **{name: facets(part) if name.lower().endswith("facets") else part for name, part in given.items()}
        )

    made = event_v2.RunEvent(
        eventType=event_v2.RunState(event["eventType"]),
        eventTime=event["eventTime"],
        producer=event["producer"],
        run=event_v2.Run(event["run"]["runId"], facets(event["run"]["facets"])),
        job=event_v2.Job(event["job"]["namespace"], event["job"]["name"], facets(event["job"]["facets"])),
        inputs=[dataset(event_v2.InputDataset, given) for given in event["inputs"]],
        outputs=[dataset(event_v2.OutputDataset, given) for given in event["outputs"]],
    )
    return Serde.to_dict(made)


def test_without_a_target_nothing_of_the_extra_is_imported() -> None:
    code = (
        "import sys\nimport frontmart.pipeline\nfrom frontmart.openlineage import emit_lineage\n"
        "with emit_lineage(None, None), emit_lineage(None, ''): pass\n"
        "imported = {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(imported & {'openlineage', 'sqlglot', 'attr', 'requests'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_run_that_finds_nothing_to_do_starts_and_completes_without_outputs(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "events.jsonl"
    with emit_lineage(run, str(target)):
        run.mark_unchanged(steps.Snapshot("20260130T060000000000Z", run.out))
    started, completed = read(target)
    assert normalised(started) == event(run, "START")
    assert normalised(completed) == event(run, "COMPLETE")
    assert started["eventTime"] == "2026-01-31T06:00:00+00:00"
    assert started["run"]["runId"] == completed["run"]["runId"]


def test_inputs_and_outputs_of_a_published_run_are_the_tables_of_the_snapshot(
    sample: Run, sample_events: list[dict[str, Any]]
) -> None:
    _, completed = sample_events
    out = sample.out.resolve()
    folder = out / "published"
    package = json.loads((folder / "datapackage.json").read_text())
    tables = sorted(stored_columns(Preset.SMARTABLE).keys() - {"rejects"})
    assert [given["name"] for given in completed["inputs"]] == [
        str(SAMPLE.resolve()),
        *(str(folder / "tables" / f"{name}.parquet") for name in tables),
        str(out / "runs.jsonl"),
    ]
    assert [given["name"] for given in completed["outputs"]] == [
        str(folder / resource["path"]) for resource in package["resources"]
    ]
    assert all(Path(given["name"]).exists() for given in [*completed["inputs"], *completed["outputs"]])
    assert completed["inputs"][0]["inputFacets"]["inputStatistics"] == facet(
        "1-0-0", "InputStatisticsInputDatasetFacet", rowCount=200, fileCount=200
    )


def test_an_output_says_what_is_in_its_file(sample: Run, sample_events: list[dict[str, Any]]) -> None:
    _, completed = sample_events
    resources = json.loads((published(sample.out).folder / "datapackage.json").read_text())["resources"]
    for given, resource in zip(completed["outputs"], resources, strict=True):
        path = Path(given["name"])
        described = ("name", "type", "description")
        fields = [{**{key: column[key] for key in described}, "fields": []} for column in resource["schema"]["fields"]]
        assert [column["name"] for column in fields] == pl.read_parquet_schema(path).names()
        assert given["outputFacets"]["outputStatistics"] == facet(
            "1-0-2",
            "OutputStatisticsOutputDatasetFacet",
            rowCount=pl.scan_parquet(path).select(pl.len()).collect().item(),
            size=path.stat().st_size,
        )
        facets = {
            name: part for name, part in given["facets"].items() if name in ("schema", "documentation", "version")
        }
        assert facets == {
            "schema": facet("1-2-0", "SchemaDatasetFacet", fields=fields),
            "documentation": facet("1-1-0", "DocumentationDatasetFacet", description=resource["description"]),
            "version": facet("1-0-1", "DatasetVersionDatasetFacet", datasetVersion=sample.snapshot_id),
        }


# Marts of tables without files: with the preset smartable `field_sources` has none, nor has the history.
WITHOUT_FILES = ("keys_by_field", "activity", "write_noise")


def test_columns_of_marts_lead_to_columns_of_inputs_of_the_same_run(sample_events: list[dict[str, Any]]) -> None:
    _, completed = sample_events
    read = {
        (given["name"], column["name"])
        for given in completed["inputs"]
        for column in given["facets"].get("schema", {}).get("fields", [])
    }
    for given in completed["outputs"]:
        path = Path(given["name"])
        has_lineage = path.parent.name == "marts" and path.stem not in WITHOUT_FILES
        assert ("columnLineage" in given["facets"]) == has_lineage, path
        fields = given["facets"]["columnLineage"]["fields"] if has_lineage else {}
        assert fields.keys() <= {column["name"] for column in given["facets"]["schema"]["fields"]}
        assert {(part["name"], part["field"]) for each in fields.values() for part in each["inputFields"]} <= read


def test_a_column_of_a_mart_names_the_columns_it_is_made_from(sample: Run, sample_events: list[dict[str, Any]]) -> None:
    _, completed = sample_events
    marts = {Path(given["name"]).stem: given["facets"].get("columnLineage") for given in completed["outputs"]}
    topics = str(sample.out.resolve() / "published" / "tables" / "document_topics.parquet")
    origin = {"namespace": "file", "name": topics, "transformations": []}
    assert marts["topic_pairs"]["fields"]["topic_a"] == {
        "inputFields": [{**origin, "field": "position"}, {**origin, "field": "topic"}]
    }
    assert "article_count" not in marts["topic_pairs"]["fields"]
    ledger = {"namespace": "file", "name": str(sample.out.resolve() / "runs.jsonl"), "transformations": []}
    assert marts["run_history"]["fields"]["outcome"] == {"inputFields": [{**ledger, "field": "outcome"}]}


def test_checks_are_facets_of_the_run_and_of_the_tables_that_they_read(
    sample: Run, sample_events: list[dict[str, Any]]
) -> None:
    _, completed = sample_events
    tests = {test["name"]: (test["status"], test["actual"]) for test in completed["run"]["facets"]["test"]["tests"]}
    assert tests == {
        check.name: ("fail" if check.is_failed else "pass", str(check.failed_row_count)) for check in sample.checks
    }
    found = {
        Path(given["name"]).stem: [part["assertion"] for part in given["facets"]["dataQualityAssertions"]["assertions"]]
        for given in completed["outputs"]
    }
    assert found["topic_pairs"] == ["shares_add_up", "unique_key_marts_topic_pairs"]
    assert found["rejects"] == [
        "every_file_is_what_its_outcome_says",
        "every_seen_file_is_accounted_for",
        "no_rejects",
        "unique_key_tidy_rejects",
    ]
    # Reads core alone: it is about the tidy tables that core is made of.
    about = {name for name, checks in found.items() if "linked_articles_share_a_cluster" in checks}
    assert about == {"documents", "document_topics", "document_images", "related_items"}
    rejects = next(given for given in completed["outputs"] if Path(given["name"]).stem == "rejects")
    assert rejects["facets"]["dataQualityAssertions"]["assertions"][2] == {
        "assertion": "no_rejects",
        "name": "no_rejects",
        "success": False,
        "severity": "warn",
        "description": (
            "No file should be rejected. A rejected file is in tidy.rejects only, with the reason and the remedy."
        ),
        "expected": "0",
        "actual": "3",
        "params": {},
    }


def test_every_event_is_what_the_client_takes_for_one(
    sample_events: list[dict[str, Any]], run: Run, tmp_path: Path
) -> None:
    with pytest.raises(SnapshotError), emit_lineage(run, str(tmp_path / "failed.jsonl")):
        raise SnapshotError("gone")
    for given in [*sample_events, *read(tmp_path / "failed.jsonl")]:
        assert rebuilt(given) == given


def test_runs_of_one_folder_are_runs_of_one_job(run: Run, tmp_path: Path) -> None:
    later = replace(run, run_id="20260131T070000000000Z", started_at=STARTED + dt.timedelta(hours=1))
    elsewhere = replace(run, out=tmp_path / "elsewhere")
    first, again, second, other = (events_of(each, tmp_path)[-1] for each in (run, replace(run), later, elsewhere))
    ids = [UUID(each["run"]["runId"]) for each in (first, again, second, other)]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3
    assert ids[0] < ids[2]
    assert ids[0].version == 7
    assert first["job"] == second["job"] != other["job"]


def test_events_are_appended_to_the_file(run: Run, tmp_path: Path) -> None:
    kinds = [given["eventType"] for _ in range(2) for given in events_of(run, tmp_path)]
    assert kinds == ["START", "COMPLETE"] + ["START", "COMPLETE"] * 2


@pytest.mark.usefixtures("few_models")
def test_a_failed_build_names_the_check_and_shows_no_row(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.source.mkdir()
    (run.source / "a.md").write_text("---\ntitle: Lanes\n---\n")
    failing = CheckResult("lanes_are_wide", "error", "Every lane is wide.", 1, [{"lane": "narrow"}])
    monkeypatch.setattr(steps, "run_all_checks", lambda *_: [failing])
    with pytest.raises(ChecksFailedError, match="narrow") as caught:
        build_quietly(run.source, run.out)
    target = tmp_path / "events.jsonl"
    with pytest.raises(ChecksFailedError), emit_lineage(caught.value.run, str(target)):
        raise caught.value
    first_line = str(caught.value).splitlines()[0]
    assert "lanes_are_wide" in first_line
    test = {
        "name": "lanes_are_wide",
        "status": "fail",
        "severity": "error",
        "description": "Every lane is wide.",
        "expected": "0",
        "actual": "1",
        "params": {},
    }
    seen = facet("1-0-0", "InputStatisticsInputDatasetFacet", rowCount=1, fileCount=1)
    expected = event(run, "FAIL")
    expected["run"] = {
        "runId": "the run",
        "facets": {
            "test": facet("1-0-1", "TestRunFacet", tests=[test]),
            "errorMessage": facet("1-0-1", "ErrorMessageRunFacet", message=first_line, programmingLanguage="PYTHON"),
        },
    }
    expected["inputs"] = [
        {
            "namespace": "file",
            "name": str(run.source.resolve()),
            "facets": {},
            "inputFacets": {"inputStatistics": seen},
        }
    ]
    assert normalised(read(target)[-1]) == expected
    assert "narrow" not in target.read_text()


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (SnapshotError("out: is in the way; move it\n  and a row of a file"), "out: is in the way; move it"),
        (SnapshotError(""), "SnapshotError"),
        (duckdb.ConversionException("Could not convert 'a value of a file'"), "ConversionException"),
        (KeyboardInterrupt(), "KeyboardInterrupt"),
    ],
)
def test_a_failed_event_has_the_message_of_frontmart_only(
    run: Run, tmp_path: Path, error: BaseException, message: str
) -> None:
    target = tmp_path / "events.jsonl"
    with pytest.raises(type(error)), emit_lineage(run, str(target)):
        raise error
    kinds = [given["eventType"] for given in read(target)]
    assert kinds == ["START", "FAIL"]
    assert read(target)[-1]["run"]["facets"]["errorMessage"]["message"] == message


def test_secured_is_in_no_event(run: Run, tmp_path: Path) -> None:
    run.source.mkdir()
    (run.source / "a.md").write_text(f'---\ntitle: Lanes\nsecured: "{SECURED}"\n---\n')
    (run.source / "b.md").write_text(f'---\ntitle: "Lanes\nsecured: "{SECURED}"\n---\n')
    built = build_quietly(run.source, run.out)
    assert built.files == {"seen": 2, "document": 1, "reject": 1, "skipped": 0}
    events = events_of(built, tmp_path)
    assert len(events[-1]["outputs"]) == len(stored_columns(Preset.SMARTABLE)) + len(mart_names())
    assert SECURED not in json.dumps(events)


@dataclass
class Listener:
    """A server on this machine that keeps what is posted, and answers with a status once it may."""

    url: str = ""
    status: int = 201
    may_answer: Event = field(default_factory=Event)
    posted: list[tuple[str, str | None, dict[str, Any]]] = field(default_factory=list)

    @property
    def kinds(self) -> list[str]:
        return [given["eventType"] for _, _, given in self.posted]


@pytest.fixture
def listener() -> Iterator[Listener]:
    heard = Listener()
    heard.may_answer.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.posted.append((self.path, self.headers["Authorization"], json.loads(body)))
            heard.may_answer.wait(30)
            self.send_response(heard.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

        def handle(self) -> None:
            with suppress(OSError):  # the client has closed the connection
                super().handle()

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        heard.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield heard
        heard.may_answer.set()
        server.shutdown()
        thread.join()


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[tuple[str, int, str]]:
    return [record for record in caplog.record_tuples if record[1] >= logging.WARNING]


def test_a_server_gets_the_start_and_the_end(
    sample: Run,
    sample_events: list[dict[str, Any]],
    listener: Listener,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("OPENLINEAGE_API_KEY", "a key")
    with emit_lineage(sample, listener.url):
        assert listener.kinds == ["START"]
    assert listener.kinds == ["START", "COMPLETE"]
    assert [(path, key) for path, key, _ in listener.posted] == [("/api/v1/lineage", "Bearer a key")] * 2
    assert [normalised(given) for _, _, given in listener.posted] == [normalised(given) for given in sample_events]
    assert warnings_of(caplog) == []


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("", "/api/v1/lineage"),
        ("/", "/api/v1/lineage"),
        ("/marquez/", "/marquez/api/v1/lineage"),
        ("/lineage", "/lineage"),
        ("/api/v1/lineage?key=x", "/api/v1/lineage?key=x"),
    ],
)
def test_a_url_names_a_server_or_the_very_endpoint(run: Run, listener: Listener, target: str, path: str) -> None:
    with emit_lineage(run, listener.url + target):
        pass
    assert [(path_, key) for path_, key, _ in listener.posted] == [(path, None)] * 2


def test_an_unreachable_server_costs_one_warning(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with emit_lineage(run, f"http://user:password@127.0.0.1:{port}/?token=secret"):
        run.outcome = "unchanged"
    message = f"lineage: cannot send events to http://127.0.0.1:{port}/ (ConnectionError); the build continues"
    assert warnings_of(caplog) == [("frontmart", logging.WARNING, message)]


def test_a_server_that_refuses_costs_one_warning_and_no_second_try(
    run: Run, listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    listener.status = 503
    with emit_lineage(run, listener.url):
        pass
    message = f"lineage: cannot send events to {listener.url} (HTTP 503); the build continues"
    assert warnings_of(caplog) == [("frontmart", logging.WARNING, message)]
    assert listener.kinds == ["START", "COMPLETE"]


def test_a_server_that_does_not_answer_is_not_waited_for(
    run: Run, listener: Listener, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sending, "_TIMEOUT_SECONDS", 0.2)
    listener.may_answer.clear()
    with emit_lineage(run, listener.url):
        pass
    message = f"lineage: cannot send events to {listener.url} (ReadTimeout); the build continues"
    assert warnings_of(caplog) == [("frontmart", logging.WARNING, message)]


def test_a_failed_build_raises_its_own_error_even_if_the_server_is_unreachable(run: Run, tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="gone"), emit_lineage(run, str(tmp_path)):
        raise SnapshotError("gone")


@pytest.mark.parametrize(
    ("target", "reason"), [("", "Is a directory"), ("nosuch/events.jsonl", "No such file or directory")]
)
def test_a_file_that_cannot_be_written_costs_one_warning(
    run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture, target: str, reason: str
) -> None:
    with emit_lineage(run, str(tmp_path / target)):
        pass
    message = f"lineage: cannot send events to {tmp_path / target} ({reason}); the build continues"
    assert warnings_of(caplog) == [("frontmart", logging.WARNING, message)]


def test_a_snapshot_that_cannot_be_described_costs_one_warning(
    run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    target = tmp_path / "events.jsonl"
    with emit_lineage(run, str(target)):
        run.outcome = "published"
    message = f"lineage: cannot send events to {target} (No such file or directory); the build continues"
    assert warnings_of(caplog) == [("frontmart", logging.WARNING, message)]
    assert [given["eventType"] for given in read(target)] == ["START"]


@pytest.mark.parametrize(
    "target",
    ["s3://bucket/events", "ftp://user:secret@host/x", "http://", "http://host:99999", "http://[x", "file:///x"],
)
def test_a_target_that_is_neither_is_refused_before_the_build(run: Run, target: str) -> None:
    with pytest.raises(UsageError) as caught, emit_lineage(run, target):
        pytest.fail("the build must not begin")
    assert str(caught.value) == "lineage is neither an http(s) URL nor the path of a file; correct the setting"


@pytest.mark.parametrize("library", ["openlineage", "sqlglot"])
def test_without_the_extra_it_says_what_to_install(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == library]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(UsageError) as caught, emit_lineage(run, str(tmp_path / "events.jsonl")):
        pytest.fail("the build must not begin")
    assert str(caught.value) == (
        f"lineage needs {library}, which is not installed; "
        "run `pip install 'frontmart[lineage]'`, in a checkout `pip install -e '.[lineage]'`"
    )
