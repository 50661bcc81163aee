"""marts.drift: changes since the previous snapshot, and which of them are warnings."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from frontmart.catalog.models import read_checks
from frontmart.warehouse.checks import CheckResult, run_checks
from frontmart.warehouse.previous import PreviousSnapshot
from tests.sql.frames import SQL, Rows, document, frame, issue, post, previous_of, reject, skipped, warehouse_of
from transforms.vocabulary import Preset

MART = "marts.drift"
DRIFT_CHECKS = [check for check in read_checks(SQL) if check.name.startswith("drift_")]

pytestmark = pytest.mark.slow


def drift(
    folder: Path,
    before: Iterable[Rows],
    now: Iterable[Rows],
    preset: Preset = Preset.SMARTABLE,
    **thresholds: float,
) -> pl.DataFrame:
    previous = previous_of(folder / "before", before, preset)
    with warehouse_of(folder / "now", now, MART, previous=previous, preset=preset, **thresholds) as con:  # type: ignore[arg-type]
        return frame(con, f"select * from {MART} order by kind, aspect, subject, document_type, value_kind")


def subjects_of(rows: pl.DataFrame, *, is_warning: bool = True) -> list[tuple[str, str]]:
    """The kinds and subjects of the warnings, or of the others."""
    return rows.filter(pl.col("is_warning") == is_warning).select("kind", "subject").rows()


def checked(con: duckdb.DuckDBPyConnection) -> list[CheckResult]:
    """The rows of the checks of drift."""
    return [result for result in run_checks(con, DRIFT_CHECKS) if result.is_failed]


def articles(
    count: int, of: Callable[[int], dict[str, object]] | None = None, *, name: str = "a", **columns: object
) -> list[Rows]:
    """Documents a0, a1, ...; `of` gives columns by number, and `extra` may be a mapping."""
    documents = []
    for number in range(count):
        given = {**columns, **(of(number) if of else {})}
        if isinstance(given.get("extra"), dict):
            given["extra"] = json.dumps(given["extra"])
        documents.append(document(f"{name}{number}", **given))  # type: ignore[arg-type]
    return documents


def test_every_column_of_every_kind(tmp_path: Path) -> None:
    before = [
        *articles(20, price="Free", heat=7, excerpt="So", topics=["Old"], provider="x.com/x", collection="news"),
        *articles(12, name="v", type="video", price="Free", topics=["Old"], provider="x.com/x", collection="clips"),
    ]
    now = articles(
        20,
        lambda number: {"excerpt": "So" if number < 5 else None},
        content_hash="new", extra={"subtitle": "Sub"}, topics=["New"], provider="y.com/y", collection="news",
    )  # fmt: skip
    now += [issue(f"a{number}", "heat") for number in range(20)] + [reject(f"r{number}") for number in range(11)]
    rows = drift(tmp_path, before, now)
    everything, gone = "(all)", "see whether what writes the files still knows it"
    expected = [
        ("changed_type", "key", "heat", "heat", everything, "refused", 0, 20, 0.0, 1.0, True,
         "key heat was refused in 20 documents, where it held number: see field_issues"),
        ("fall_in_completeness", "key", "excerpt", "excerpt", "article", "any", 20, 5, 1.0, 0.25, True,
         "key excerpt is filled in by 25 % of type article, after 100 %: see marts.field_completeness"),
        ("fall_in_volume", "outcome", "document", "document", everything, "any", 32, 20, None, None, True,
         "20 documents in all, after 32: see whether the source is whole"),
        ("new_key", "key", "subtitle", "subtitle", everything, "any", 0, 20, None, None, True,
         "key subtitle is new, in 20 documents: what no column takes is in documents.extra"),
        ("new_provider", "provider", "y.com/y", "Y", everything, "any", 0, 20, None, None, False,
         "provider Y is new, in 20 documents"),
        ("new_topic", "topic", "new", "New", everything, "any", 0, 20, None, None, False,
         "topic New is new, in 20 documents"),
        ("rise_in_rejects", "outcome", "reject", "reject", everything, "any", 0, 11, None, None, True,
         "11 files were refused, after 0: see `frontmart rejects`"),
        ("vanished_collection", "collection", "clips", "clips", everything, "any", 12, 0, None, None, False,
         "collection clips is gone, which 12 documents had"),
        ("vanished_document_type", "document_type", "video", "video", everything, "any", 12, 0, None, None, False,
         "type video is gone, which 12 documents had"),
        ("vanished_key", "key", "price", "price", everything, "any", 32, 0, None, None, True,
         f"key price is gone, which 32 documents had: {gone}"),
        ("vanished_provider", "provider", "x.com/x", "X", everything, "any", 32, 0, None, None, True,
         "provider X is gone, which 32 documents had"),
        ("vanished_topic", "topic", "old", "Old", everything, "any", 32, 0, None, None, True,
         "topic Old is gone, which 32 documents had"),
    ]  # fmt: skip
    columns = [name for name in rows.columns if name != "change_count"]
    assert_frame_equal(rows.select(columns), pl.DataFrame(expected, schema=rows.select(columns).schema, orient="row"))
    assert (rows["change_count"] == rows["document_count"] - rows["previous_count"]).all()


def test_the_same_documents_do_not_drift(tmp_path: Path) -> None:
    documents = articles(30, lambda number: {"extra": {f"k{number}": "v"}}, topics=["AI"], provider="x.com/x")
    assert drift(tmp_path, documents, documents).is_empty()


@pytest.mark.parametrize(
    "previous", [None, PreviousSnapshot("gone"), PreviousSnapshot("damaged", {}, Path("nowhere.parquet"))]
)
def test_without_a_profile_of_the_previous_snapshot_nothing_is_compared(
    tmp_path: Path, previous: PreviousSnapshot | None
) -> None:
    with warehouse_of(tmp_path, articles(30), previous=previous) as con:
        assert frame(con, f"from {MART}").is_empty()
        findings = checked(con)
    assert [finding.sentences for finding in findings] == (
        [[f"snapshot {previous.snapshot_id} has no profiles of its files: drift was not checked"]] if previous else []
    )


def test_a_first_document_is_not_a_warning(tmp_path: Path) -> None:
    rows = drift(tmp_path, [], articles(30, price="Free", topics=["AI"]))
    assert subjects_of(rows) == []
    assert ("new_key", "price") in subjects_of(rows, is_warning=False)


def test_a_key_is_new_from_10_documents_and_a_fifth_of_those_that_changed(tmp_path: Path) -> None:
    def keys(number: int) -> dict[str, object]:
        return {"extra": {name: "v" for name, count in (("nine", 9), ("ten", 10), ("all", 50)) if number < count}}

    before = articles(60)
    now = [*articles(50, keys, content_hash="new"), *articles(60)[50:]]
    rows = drift(tmp_path, before, now)
    assert subjects_of(rows) == [("new_key", "all"), ("new_key", "ten")]
    assert subjects_of(rows, is_warning=False) == [("new_key", "nine")]
    wider = [*articles(51, keys, content_hash="new"), *articles(60)[51:]]
    assert subjects_of(drift(tmp_path / "wider", before, wider)) == [("new_key", "all")]
    assert subjects_of(drift(tmp_path / "settings", before, now, drift_count=9, drift_share=0.18)) == [
        ("new_key", "all"), ("new_key", "nine"), ("new_key", "ten"),
    ]  # fmt: skip


def test_a_key_that_10_documents_were_expected_to_have_is_a_warning(tmp_path: Path) -> None:
    def keys(number: int) -> dict[str, object]:
        return {"extra": {name: "v" for name, count in (("nine", 9), ("ten", 10)) if number < count}}

    rows = drift(tmp_path, articles(20, keys), articles(20, content_hash="new"))
    assert subjects_of(rows) == [("vanished_key", "ten")]
    assert subjects_of(rows, is_warning=False) == [("vanished_key", "nine")]


@pytest.mark.parametrize(
    ("before", "now", "warnings"),
    [(50, 40, ["document"]), (49, 40, []), (51, 41, []), (40, 50, []), (10, 0, ["document"]), (9, 0, [])],
)
def test_volume_falls_by_10_documents_and_a_fifth(tmp_path: Path, before: int, now: int, warnings: list[str]) -> None:
    rows = drift(tmp_path, articles(before), articles(now))
    assert subjects_of(rows) == [("fall_in_volume", subject) for subject in warnings]


def test_a_usual_key_is_expected_in_new_documents(tmp_path: Path) -> None:
    def rule(number: int) -> dict[str, object]:
        return {"excerpt": "So", "price": "Free", "category": "news" if number % 2 else None}

    before = articles(400, rule)
    came = articles(
        50,
        lambda number: {"excerpt": "So" if number < 40 else None, "price": "Free" if number < 41 else None},
        name="b",
    )
    rows = drift(tmp_path, before, [*before, *came])
    assert subjects_of(rows) == [("fall_in_completeness", "excerpt")]
    assert rows.select("document_type", "previous_share", "share").row(0) == ("article", 1.0, 440 / 450)


def test_a_key_that_only_some_documents_have_is_expected_over_all(tmp_path: Path) -> None:
    before = articles(100, lambda number: {"category": "news" if number < 60 else None})
    eleven = articles(100, lambda number: {"category": "news" if 11 <= number < 60 else None}, content_hash="new")
    twelve = articles(100, lambda number: {"category": "news" if 12 <= number < 60 else None}, content_hash="new")
    assert subjects_of(drift(tmp_path / "eleven", before, eleven)) == []
    assert subjects_of(drift(tmp_path / "twelve", before, twelve)) == [("fall_in_completeness", "category")]


def test_empty_and_null_do_not_count_as_values(tmp_path: Path) -> None:
    before = articles(20, excerpt="So", extra={"mood": "sunny"})
    now = articles(20, content_hash="new", excerpt="", extra={"mood": None})
    rows = drift(tmp_path, before, now)
    assert rows.select("kind", "subject", "document_count").rows() == [
        ("fall_in_completeness", "excerpt", 0),
        ("fall_in_completeness", "mood", 0),
    ]


def test_removed_documents_do_not_count_as_lacking_a_key(tmp_path: Path) -> None:
    before = articles(100, lambda number: {"extra": {"podcast": "1"}} if number < 12 else {"price": "Free"})
    rows = drift(tmp_path, before, before[12:])
    assert subjects_of(rows) == []
    assert subjects_of(rows, is_warning=False) == [("vanished_key", "podcast")]


def test_a_nested_key_that_vanishes_with_its_parent_is_not_a_separate_warning(tmp_path: Path) -> None:
    image = {"url": "https://i/1", "width": 3}
    before = articles(20, images=[image], extra={"twitter": {"url": "u", "followers": "1"}})
    now = articles(20, content_hash="new", extra={"mastodon": {"url": "u", "followers": "1"}, "tags": ["a"]})
    rows = drift(tmp_path, before, now)
    assert subjects_of(rows) == [
        ("new_key", "mastodon"), ("new_key", "tags"), ("vanished_key", "images"), ("vanished_key", "twitter"),
    ]  # fmt: skip
    assert subjects_of(rows, is_warning=False) == [
        ("new_key", "mastodon.followers"), ("new_key", "mastodon.url"), ("new_key", "tags[]"),
        ("vanished_key", "images[].url"), ("vanished_key", "images[].width"),
        ("vanished_key", "twitter.followers"), ("vanished_key", "twitter.url"),
    ]  # fmt: skip


def test_a_key_in_list_items_is_expected_while_the_list_exists(tmp_path: Path) -> None:
    before = articles(20, images=[{"url": "https://i/1", "width": 3}])
    now = articles(20, content_hash="new", images=[{"url": "https://i/1"}])
    assert subjects_of(drift(tmp_path, before, now)) == [("vanished_key", "images[].width")]


def test_keys_of_a_new_or_vanished_type_are_not_separate_changes(tmp_path: Path) -> None:
    courses = articles(20, name="c", type="course", extra={"teacher": "Ann"})
    podcasts = articles(20, name="p", type="podcast", extra={"episode": "1"})
    rows = drift(tmp_path, [*articles(100), *courses], [*articles(100), *podcasts])
    assert subjects_of(rows) == [("vanished_document_type", "course")]
    assert subjects_of(rows, is_warning=False) == [
        ("new_document_type", "podcast"), ("new_key", "episode"), ("vanished_key", "teacher"),
    ]  # fmt: skip


def test_skipped_files_and_fewer_rejects_are_not_drift(tmp_path: Path) -> None:
    others = [*(skipped(f"s{number}") for number in range(20)), *(reject(f"r{number}") for number in range(20))]
    assert drift(tmp_path, [*articles(20), *others], articles(20)).is_empty()


def test_a_part_that_falls_with_the_total_is_not_a_separate_warning(tmp_path: Path) -> None:
    before = [*articles(60, collection="news"), *articles(60, name="v", type="video", collection="clips")]
    half = [*articles(30, collection="news"), *articles(30, name="v", type="video", collection="clips")]
    assert subjects_of(drift(tmp_path / "half", before, half)) == [("fall_in_volume", "document")]
    lopsided = [*articles(60, collection="news"), *articles(10, name="v", type="video", collection="clips")]
    assert subjects_of(drift(tmp_path / "lopsided", before, lopsided)) == [
        ("fall_in_volume", "clips"), ("fall_in_volume", "video"), ("fall_in_volume", "document"),
    ]  # fmt: skip


def test_only_a_kind_that_is_new_to_the_key_is_reported(tmp_path: Path) -> None:
    def mixed(numbers: int, texts: int) -> Callable[[int], dict[str, object]]:
        return lambda number: {
            "extra": {
                "size": "12" if number < numbers else "large",
                "price": "12" if number >= texts else "free",
                "mood": {"is": "sunny"} if number < numbers else ["sunny"],
                "void": None if number < numbers else "filled",
            }
        }

    before = articles(100, mixed(numbers=100, texts=50))
    rows = drift(tmp_path, before, [*articles(90, mixed(90, 50)), *articles(10, mixed(0, 100), name="b")])
    assert rows.filter(pl.col("kind") == "changed_type").select(
        "subject", "value_kind", "previous_count", "document_count", "is_warning"
    ).rows() == [("mood", "list", 0, 10, True), ("size", "text", 0, 10, True)]
    few = drift(tmp_path / "few", before, [*before, *articles(9, mixed(0, 9), name="b")])
    assert subjects_of(few) == []
    assert ("changed_type", "size") in subjects_of(few, is_warning=False)


def test_a_kind_of_few_values_among_many_is_still_new(tmp_path: Path) -> None:
    def size(number: int) -> dict[str, object]:
        return {"extra": {"size": "12" if number >= 2 else "large"}}

    before = articles(200, size)
    rows = drift(tmp_path, before, [*before, *articles(10, name="b", extra={"size": "large"})])
    assert rows.select("kind", "value_kind", "previous_count", "document_count").rows() == [
        ("changed_type", "text", 2, 12)
    ]
    among = [*before, *articles(10, name="b", extra={"size": "big"}), *articles(41, name="c", extra={"size": "9"})]
    assert drift(tmp_path / "among", before, among).is_empty()


def test_the_check_says_what_matters_most_first_and_is_silent_without_a_warning(tmp_path: Path) -> None:
    before = [*articles(40, price="Free", topics=["Old"]), *articles(30, name="v", type="video")]
    previous = previous_of(tmp_path / "before", before)
    now = articles(40, content_hash="new", extra={"mood": "sunny"}, topics=["New"])
    with warehouse_of(tmp_path / "now", now, previous=previous) as con:
        (small,) = checked(con)
    assert (small.name, small.severity, small.failed_row_count) == ("drift_is_small", "warn", 5)
    assert [sentence.split(":")[0] for sentence in small.sentences] == [
        "40 documents in all, after 70",
        "type video is gone, which 30 documents had",
        "key price is gone, which 40 documents had",
        "key mood is new, in 40 documents",
        "topic Old is gone, which 40 documents had",
    ]
    with warehouse_of(tmp_path / "same", before, previous=previous) as con:
        assert checked(con) == []


def test_a_renamed_date_of_the_preset_generic_is_drift_by_the_names_in_the_files(tmp_path: Path) -> None:
    def posts(key: str, content: str) -> list[Rows]:
        day = {"published": "2026-01-01", "content_hash": content}
        return [post(f"p{number}", sources=[("published_at", key)], **day) for number in range(20)]  # type: ignore[arg-type]

    rows = drift(tmp_path, posts("date", "old"), posts("extra.pubDate", "new"), Preset.GENERIC)
    assert subjects_of(rows) == [("new_key", "extra"), ("vanished_key", "date")]
    assert subjects_of(rows, is_warning=False) == [("new_key", "extra.pubDate")]
    assert drift(tmp_path / "same", posts("date", "old"), posts("date", "new"), Preset.GENERIC).is_empty()
