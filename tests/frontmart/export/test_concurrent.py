"""Two exporters of one object store, in every order of their requests: the manifest never goes back and never lies."""

import hashlib
import json
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frontmart.errors import LockedError
from frontmart.export import ExportRequest, export
from tests.frontmart.export.conftest import publish
from tests.frontmart.export.stores import STORES, Exporter, PlainStore, empty

OLD, NEW = "20260131T060000000000Z", "20260201T060000000000Z"


@pytest.fixture(scope="module")
def outs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """An output folder for each of two snapshots, as an exporter sees them that has read which one is published."""
    folders = {}
    for id_ in (OLD, NEW):
        folders[id_] = tmp_path_factory.mktemp("outs") / "out"
        marts = {name: pl.DataFrame({"row_id": [id_], "name": [name]}) for name in ("first", "second")}
        publish(folders[id_], marts, id_=id_)
    return folders


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> PlainStore:
    return empty(STORES[request.param])


def exporter(outs: dict[str, Path], store: PlainStore, id_: str) -> Exporter:
    target = f"{store.protocol}://bucket/marts"
    return Exporter(lambda: export(outs[id_], target, ExportRequest(keep=1)))


def check(store: PlainStore) -> str | None:
    """The current snapshot, all of whose files are there, as its manifest says; None without a manifest."""
    if not store.exists("/bucket/marts/manifest.json"):
        return None
    manifest = json.loads(store.cat_file("/bucket/marts/manifest.json"))
    for file in manifest["files"]:
        content = store.cat_file(f"/bucket/marts/{file['path']}")
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file["bytes"], file["sha256"])
    return str(manifest["snapshot_id"])


def check_history(store: PlainStore) -> None:
    """An older snapshot replaced a newer one only where its exporter had read of the newer one at its start."""
    for before, after, who in store.writes:
        if before and json.loads(before)["snapshot_id"] > json.loads(after)["snapshot_id"]:
            assert who is not None
            assert before in who.manifests


def check_errors(exporters: Sequence[Exporter]) -> None:
    assert [each.error for each in exporters if each.error and not isinstance(each.error, LockedError)] == []


@pytest.mark.parametrize(("first", "second"), [(OLD, NEW), (NEW, OLD), (OLD, OLD)])
@pytest.mark.parametrize("earlier", [None, OLD, NEW])
def test_an_export_that_pauses_at_any_request_while_another_one_runs(
    outs: dict[str, Path], store: PlainStore, first: str, second: str, earlier: str | None
) -> None:
    for step in count():
        store = empty(type(store))
        if earlier:
            exporter(outs, store, earlier).finish()
        paused, other = exporter(outs, store, first), exporter(outs, store, second)
        for _ in range(step):
            paused.step()
            check(store)
        was_over = paused.is_over
        for each in (other, paused):
            while not each.is_over:
                each.step()
                check(store)
        check_errors([paused, other])
        check_history(store)
        assert check(store) is not None
        if was_over:
            break
    assert step >= 4


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ids=st.lists(st.sampled_from([OLD, NEW]), min_size=2, max_size=4),
    order=st.lists(st.integers(0, 3), max_size=120),
)
def test_exports_in_any_order_of_their_requests(
    outs: dict[str, Path], store: PlainStore, ids: list[str], order: list[int]
) -> None:
    store = empty(type(store))
    exporters = [exporter(outs, store, id_) for id_ in ids]
    for number in order:
        exporters[number % len(exporters)].step()
        check(store)
    for each in exporters:
        each.finish()
        check(store)
    check_errors(exporters)
    check_history(store)
    assert check(store) is not None
