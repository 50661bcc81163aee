"""Oddities of real files, a test each."""
# ruff: noqa: RUF001  (what looks alike is what these tests are about)

import datetime as dt

import polars as pl
import polars.selectors as cs
import pytest
from polars.testing import assert_frame_equal

from tests.transforms.front_matter import assert_table, fenced, parsed, tidied, tidied_at
from transforms.tidy.slugs import slug

FERRY = "https://ferrynews.example/electric"
NO_INTEGER = "not an integer"


def column(frame: pl.DataFrame, name: str) -> list[object]:
    return frame[name].to_list()


# Clusters


def test_a_cluster_written_out_by_every_member_keeps_each_copy() -> None:
    members = [f"title: m{one}\nrelated:\n  - title: m{other}\n" for one, other in ((0, 1), (1, 0))]
    frames = tidied(*members)
    assert_table(frames, "related_items", {"title": "m1"}, {"path": "b.md", "title": "m0"})


def test_a_related_array_of_179_items_keeps_its_order() -> None:
    items = "".join(f"  - webUrl: {FERRY}/{number}\n" for number in range(179))
    rows = [{"web_url": f"{FERRY}/{number}", "canonical_url": f"{FERRY}/{number}"} for number in range(179)]
    assert_table(tidied(f"related:\n{items}"), "related_items", *rows)


def test_stale_copies_duplicates_and_self_references_stay_as_written() -> None:
    frames = tidied(
        f"title: Now\nwebUrl: {FERRY}\nrelated:\n"
        f"  - {{title: Before, webUrl: {FERRY}, quality: 3}}\n"
        f"  - {{title: Long before, webUrl: {FERRY}, quality: 2}}\n"
        f"  - {{title: Long before, webUrl: {FERRY}, quality: 2}}\n"
    )
    copy = {"web_url": FERRY, "canonical_url": FERRY}
    assert_table(
        frames,
        "related_items",
        {"title": "Before", "quality": 3} | copy,
        {"title": "Long before", "quality": 2} | copy,
        {"title": "Long before", "quality": 2} | copy,
    )
    assert column(frames["documents"], "title") == ["Now"]


# Heat, quality, published


def test_heat_of_minus_one_is_not_a_score() -> None:
    frames = tidied("heat: -1\npublished: false", "heat: 40")
    assert_table(
        frames,
        "documents",
        {"is_suppressed": True, "is_published": False},
        {"path": "b.md", "heat": 40},
    )
    assert frames["documents"]["heat"].mean() == 40


def test_a_related_heat_of_minus_one_is_not_a_score_either() -> None:
    assert_table(tidied("related:\n  - {title: x, heat: -1}"), "related_items", {"title": "x"})


@pytest.mark.parametrize(("written", "heat"), [("0", 0), ("100", 100), ("3694", 3694), ("-2", -2), ("47.0", 47)])
def test_heat_is_an_open_ended_count(written: str, heat: int) -> None:
    assert_table(tidied(f"heat: {written}"), "documents", {"heat": heat})


def test_quality_of_zero_is_a_quality() -> None:
    assert_table(tidied("quality: 0"), "documents", {"quality": 0})


def test_absent_null_and_empty_are_three_states() -> None:
    frames = tidied("title: x", "title: x\nheat:", 'title: x\nheat: ""')
    assert_table(
        frames,
        "documents",
        {"title": "x"},
        {"path": "b.md", "title": "x", "extra": '{"heat":null}'},
        {"path": "c.md", "title": "x"},
    )
    issue = {"path": "c.md", "field": "heat", "value": "", "problem": NO_INTEGER}
    assert_table(frames, "field_issues", issue)


def test_absent_null_and_empty_lists_are_three_states() -> None:
    frames = tidied("title: x", "title: x\ntopics:", "title: x\ntopics: []")
    assert column(frames["documents"], "extra") == [None, '{"topics":null}', '{"topics":[]}']
    assert_table(frames, "document_topics")
    assert_table(frames, "field_issues")


def test_an_unpublished_file_may_be_warm() -> None:
    frames = tidied("published: false\nheat: 12", "published: true", "heat: 3")
    assert column(frames["documents"], "is_published") == [False, True, None]
    assert column(frames["documents"], "is_suppressed") == [False, False, False]


# Keys that are not there


@pytest.mark.parametrize(
    "key",
    ["quality", "heat", "published", "originalUrl", "webUrl", "images", "publishedDateTime", "topics", "provider"],
)
def test_a_key_that_is_absent_leaves_all_others(key: str) -> None:
    lines = {
        "title": "title: x",
        "quality": "quality: 1",
        "heat": "heat: 2",
        "published": "published: false",
        "originalUrl": f"originalUrl: {FERRY}",
        "webUrl": f"webUrl: {FERRY}",
        "images": "images: [/a.png]",
        "publishedDateTime": "publishedDateTime: 2021-04-20T22:38:00Z",
        "topics": "topics: [Ferries]",
        "provider": "provider: {domain: ferrynews.example}",
    }
    whole, partial = "\n".join(lines.values()), "\n".join(line for name, line in lines.items() if name != key)
    frames = tidied(whole, partial)
    assert_table(frames, "field_issues")
    assert column(frames["documents"], "title") == ["x", "x"]
    filled = {name: [row is not None for row in frames["documents"][name]] for name in frames["documents"].columns}
    missing = {name for name, (is_first, is_second) in filled.items() if is_first and not is_second}
    expected = {
        "quality": {"quality"},
        "heat": {"heat"},
        "published": {"is_published"},
        "originalUrl": {"original_url"},
        "webUrl": {"web_url"},
        "publishedDateTime": {"published_at"},
        "provider": {"provider_id", "provider_domain"},
    }
    assert missing == expected.get(key, set())


def test_empty_web_url_is_kept_but_never_canonical() -> None:
    frames = tidied('webUrl: ""', f'webUrl: " "\noriginalUrl: {FERRY}', 'related: [{title: x, webUrl: ""}]')
    assert_table(
        frames,
        "documents",
        {"web_url": ""},
        {
            "path": "b.md",
            "web_url": " ",
            "original_url": FERRY,
            "canonical_url": FERRY,
            "url_host": "ferrynews.example",
        },
        {"path": "c.md"},
    )
    assert_table(frames, "related_items", {"path": "c.md", "title": "x", "web_url": ""})


def test_a_video_without_web_url_takes_its_original_url() -> None:
    original = "https://tube.example/watch?v=4&utm_source=feed"
    video = {
        "type": "video",
        "original_url": original,
        "canonical_url": "https://tube.example/watch?v=4",
        "url_host": "tube.example",
        "duration_seconds": 61.0,
    }
    assert_table(tidied(f"type: video\noriginalUrl: {original}\nlength: PT1M1S"), "documents", video)


def test_a_collection_without_any_url_has_its_items() -> None:
    frames = tidied_at({"_learning/one.md": "title: Path\nitems:\n  - _learning/a\n  - _learning/b\n"})
    path = {"path": "_learning/one.md"}
    assert_table(frames, "documents", {**path, "collection": "learning", "title": "Path"})
    assert_table(frames, "document_items", {**path, "item": "_learning/a"}, {**path, "item": "_learning/b"})


def test_people_and_communities_have_a_name_instead_of_a_title() -> None:
    frames = tidied("name: Ada Quayle\ntype: profile", "name: Ferry Fans\nmembers: 1204")
    assert_table(
        frames,
        "documents",
        {"name": "Ada Quayle", "type": "profile"},
        {"path": "b.md", "name": "Ferry Fans", "member_count": 1204},
    )


# Providers and topics


def provider(name: str, domain: str) -> str:
    return f'provider: {{name: "{name}", domain: {domain}}}'


def test_a_domain_is_a_platform_that_carries_many_providers() -> None:
    frames = tidied(provider("Quay TV", "tube.example"), provider("Night Ferry", "tube.example"))
    assert column(frames["documents"], "provider_id") == ["tube.example/quay-tv", "tube.example/night-ferry"]
    assert column(frames["documents"], "provider_domain") == ["tube.example", "tube.example"]


def test_one_name_on_several_domains_is_several_providers() -> None:
    frames = tidied(provider("Quay TV", "tube.example"), provider("Quay TV", "quay.example"))
    assert column(frames["documents"], "provider_id") == ["tube.example/quay-tv", "quay.example/quay-tv"]


def test_a_url_encoded_provider_name_is_the_same_provider() -> None:
    frames = tidied(provider("Quayside%2c Inc.", "a.example"), provider("Quayside, Inc.", "A.Example"))
    same = {"provider_id": "a.example/quayside~2c-inc~2e", "provider_name": "Quayside, Inc."}
    same["provider_domain"] = "a.example"
    assert_table(frames, "documents", same, {"path": "b.md", **same})


def test_topics_that_differ_in_case_share_an_id() -> None:
    frames = tidied("topics: [Management Tools, Management tools, ' management  TOOLS']")
    spellings = ["Management Tools", "Management tools", " management  TOOLS"]
    rows = [{"topic": topic, "topic_id": "management-tools"} for topic in spellings]
    assert_table(frames, "document_topics", *rows)


def test_c_and_its_relatives_and_other_scripts_stay_apart() -> None:
    topics = ["C", "C++", "C#", "自転車", "自転", "Ünïcode", "Unicode", "R&D", "R D", "R-D"]
    frames = tidied(f"topics: {topics}")
    rows = [{"topic": topic, "topic_id": slug(topic)} for topic in topics]
    assert_table(frames, "document_topics", *rows)
    assert frames["document_topics"]["topic_id"].n_unique() == len(topics)


# Content hash and identity


def test_a_file_that_only_changed_its_secured_value_or_line_ends_has_the_same_hash() -> None:
    before = fenced("title: x\nsecured: abc", "\nText\n")
    others = [fenced("title: x\nsecured: def", "\nText\n"), before.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + before]
    assert {parsed(data).content_hash for data in (before, *others)} == {parsed(before).content_hash}


@pytest.mark.parametrize("data", [fenced("title: y"), fenced("title: x", "text"), fenced("title: x\nheat:")])
def test_a_file_with_other_content_has_another_hash(data: bytes) -> None:
    assert parsed(data).content_hash != parsed(fenced("title: x")).content_hash


def test_the_path_is_the_identity_and_the_url_is_not() -> None:
    front = f"title: x\nwebUrl: {FERRY}"
    frames = tidied_at({"_news/2021-04-20-x.md": front, "_news/2021-04-21-x.md": front})
    documents = frames["documents"]
    assert documents["document_id"].n_unique() == 2
    assert documents["canonical_url"].n_unique() == 1
    assert documents["content_hash"].n_unique() == 1


# Dates and lengths


def test_the_date_of_the_file_name_is_not_the_published_date() -> None:
    frames = tidied_at(
        {"_news/2021-04-19-x.md": "publishedDateTime: 2021-04-20T22:38:00Z", "2021-01-01-y.md": "title: y"}
    )
    assert column(frames["documents"], "published_at") == [dt.datetime(2021, 4, 20, 22, 38), None]


def test_an_unrecognisable_date_is_an_issue_and_not_guessed() -> None:
    frames = tidied("publishedDateTime: 2021-02-30T00:00:00Z", "publishedDateTime: [[2021-04-20]]")
    assert column(frames["documents"], "published_at") == [None, None]
    no_date = "not a recognisable date or time; write it as 2021-04-20T22:38:00Z"
    assert_table(
        frames,
        "field_issues",
        {
            "path": "b.md",
            "field": "publishedDateTime",
            "value": '[["2021-04-20"]]',
            "problem": "a list where a single value is expected",
        },
        {"field": "publishedDateTime", "value": "2021-02-30T00:00:00Z", "problem": no_date},
    )


def test_a_month_in_a_length_is_a_minute() -> None:
    frames = tidied("length: P1M", "length: 25 mins", "length: PT1H2M3S")
    assert column(frames["documents"], "duration_seconds") == [60.0, 1500.0, 3723.0]


# Bytes


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data.replace(b"\n", b"\r"),
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: b"\xff\xfe" + data.decode().encode("utf-16-le"),
        lambda data: b"\xfe\xff" + data.decode().encode("utf-16-be"),
        lambda data: "ï»¿".encode() + data,
    ],
    ids=["crlf", "cr", "utf8_bom", "utf16_le", "utf16_be", "double_encoded_bom"],
)
def test_line_ends_and_byte_order_marks_make_no_difference(change) -> None:  # type: ignore[no-untyped-def]
    data = fenced("title: “Größe”\ntopics: [Fähren]\nexcerpt: |\n  one\n  two\n", "\nText\n")
    expected, actual = tidied(data), tidied(change(data))
    for name, frame in expected.items():
        assert_frame_equal(actual[name], frame)


def test_blank_lines_before_the_fence_change_nothing_but_the_content_hash() -> None:
    """A field issue names its line, so the hash has to tell of a text that begins further down."""
    data = fenced("title: “Größe”\ntopics: [Fähren]\nexcerpt: |\n  one\n  two\n", "\nText\n")
    expected, actual = tidied(data), tidied(b"\n\n" + data)
    assert expected["documents"]["content_hash"][0] != actual["documents"]["content_hash"][0]
    for name, frame in expected.items():
        rest = cs.exclude("content_hash")
        assert_frame_equal(actual[name].select(rest), frame.select(rest))


def test_mojibake_is_repaired_in_titles_and_excerpts_only() -> None:
    broken, whole = "The harbourâ€™s ferry", "The harbour’s ferry"
    url = "https://ferrynews.example/harbourâ€™s"
    frames = tidied(
        f"title: {broken}\nexcerpt: {broken}\nname: {broken}\nwebUrl: {url}\nrelated:\n  - {{title: {broken}}}"
    )
    assert_table(
        frames,
        "documents",
        {
            "title": whole,
            "excerpt": whole,
            "name": broken,
            "web_url": url,
            "canonical_url": url,
            "url_host": "ferrynews.example",
            "is_text_repaired": True,
        },
    )
    assert_table(frames, "related_items", {"title": whole})


def test_curly_quotes_and_nonbreaking_spaces_are_not_mojibake() -> None:
    title = "“It’s 5\u00a0€” – CAFÉ™, fiancé’s…"
    assert_table(tidied(f"title: {title}"), "documents", {"title": title})


def test_entities_are_unescaped_in_titles_and_excerpts_and_do_not_count_as_a_repair() -> None:
    frames = tidied('title: "Tom &amp; Ada&#8217;s"\nname: a &amp; b')
    assert_table(frames, "documents", {"title": "Tom & Ada’s", "name": "a &amp; b"})


# Shapes


def test_a_field_may_be_a_date_a_boolean_and_a_string() -> None:
    frames = tidied("published: 2021-04-20", "published: true", "published: soon", "title: true", "title: 2021-04-20")
    assert column(frames["documents"], "is_published") == [None, True, None, None, None]
    assert column(frames["documents"], "title") == [None, None, None, "true", "2021-04-20"]
    assert column(frames["field_issues"], "value") == ["2021-04-20", "soon"]


def test_a_wiki_link_is_a_list_in_a_list_and_refused_where_a_topic_belongs() -> None:
    frames = tidied("topics: [[Note]]\nup: [[Index]]")
    assert_table(frames, "document_topics")
    assert_table(frames, "documents", {"extra": '{"up":[["Index"]]}'})
    issue = {"field": "topics[0]", "value": '["Note"]', "problem": "a list where a single value is expected"}
    assert_table(frames, "field_issues", issue)


def test_a_depth_of_seven_stays_whole_in_extra() -> None:
    frames = tidied("a: {b: {c: {d: {e: {f: {g: [deep, 1]}}}}}}")
    extra = '{"a":{"b":{"c":{"d":{"e":{"f":{"g":["deep","1"]}}}}}}}'
    assert_table(frames, "documents", {"extra": extra})


def test_front_matter_of_142_kilobytes_is_read_whole() -> None:
    items = "".join(f'  - title: "{"word " * 80}{number}"\n' for number in range(350))
    frames = tidied(f"title: Long\nrelated:\n{items}")
    assert len(items) > 142_000
    assert_table(frames, "related_items", *({"title": f"{'word ' * 80}{number}"} for number in range(350)))


def test_an_empty_first_topic_leaves_its_place_empty() -> None:
    frames = tidied("topics:\n  -\n  - Ferries")
    assert_table(frames, "document_topics", {"position": 1, "topic": "Ferries", "topic_id": "ferries"})
    assert_table(frames, "field_issues", {"field": "topics[0]", "problem": "an empty item"})


def test_a_related_item_that_is_refused_leaves_its_place_and_its_images_away() -> None:
    frames = tidied("related:\n  - [x]\n  - title: y\n    images: [/a.png, '', /b.png]")
    assert_table(frames, "related_items", {"position": 1, "title": "y"})
    assert_table(
        frames,
        "related_images",
        {"related_position": 1, "position": 0, "url": "/a.png"},
        {"related_position": 1, "position": 2, "url": "/b.png"},
    )
    assert column(frames["field_issues"], "field") == ["related[0]", "related[1].images[1]"]


def test_a_corpus_without_any_list_has_every_table() -> None:
    frames = tidied("title: x")
    assert {name: frame.height for name, frame in frames.items() if frame.height} == {"documents": 1}


def test_no_documents_give_empty_tables_of_the_same_shape() -> None:
    empty, full = tidied(), tidied("title: x\ntopics: [a]")
    assert {name: frame.schema for name, frame in empty.items()} == {name: frame.schema for name, frame in full.items()}
    assert sum(frame.height for frame in empty.values()) == 0
