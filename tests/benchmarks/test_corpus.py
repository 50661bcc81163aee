"""The generated corpus: the same bytes for the same seed, the promised counts, the flaws of real corpora."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.corpus import corpus, crowded_folders, expected, main, plan, write_corpus
from benchmarks.corpus_odd import BROKEN, MOJIBAKE, ODD
from benchmarks.corpus_text import File

SAMPLE = Path(__file__).parents[2] / "data" / "raw"
SAMPLE_FILES, SAMPLE_SEED = 200, 7

pytestmark = pytest.mark.slow


def contents(files: int, seed: int, size: str = "real") -> dict[str, bytes]:
    """Path -> bytes of a whole corpus."""
    return {file.path: file.content for file in corpus(files, seed, size)}


def written(folder: Path) -> dict[str, bytes]:
    """Path -> bytes of every file under a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def read(content: bytes) -> dict[str, Any] | None:
    """The front matter of a file, or None. Raises ValueError or YAMLError if it is broken."""
    page = content.decode("utf-16" if content.startswith(b"\xff\xfe") else "utf-8-sig").replace("\r\n", "\n").lstrip()
    if page.startswith("{"):
        return json.JSONDecoder().raw_decode(page)[0]
    if page.startswith("+++"):
        return tomllib.loads(page.split("+++\n")[1])
    if not page.startswith("---\n"):
        return None
    head, fence, _ = page.removeprefix("---\n").partition("\n---\n")
    if not fence:
        raise ValueError("unclosed fence")
    return yaml.load(head, yaml.CSafeLoader)


def listed(value: Any) -> list[Any]:
    """A list without empty items; a list of one item if the file has a single value."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if item is not None]


def tally(files: Iterator[File]) -> Counter[str]:
    """The counts that a lenient reader finds in a corpus."""
    found: Counter[str] = Counter()
    for file in files:
        try:
            fields = read(file.content)
        except (ValueError, yaml.YAMLError):
            found["rejects"] += 1
            continue
        found["skipped" if fields is None else "documents"] += 1
        for key in ("topics", "images", "related"):
            found[key] += len(listed((fields or {}).get(key)))
    return found


@pytest.fixture(scope="module")
def sample() -> dict[str, dict[str, Any]]:
    """Path -> front matter of the documents of the committed sample."""
    documents = (file for file in corpus(SAMPLE_FILES, SAMPLE_SEED) if file.outcome == "document")
    return {file.path: read(file.content) or {} for file in documents}


@pytest.fixture(scope="module")
def larger_news() -> list[dict[str, Any]]:
    """The front matter of the ordinary news of a corpus of 2,000 files."""
    return [read(file.content) or {} for file in corpus(2_000, 1) if file.kind == "news"]


def test_same_seed_gives_same_bytes() -> None:
    assert contents(300, 3) == contents(300, 3)


def test_other_seed_gives_other_bytes() -> None:
    one, other = ({file.content for file in corpus(300, seed) if file.kind == "news"} for seed in (3, 4))
    assert one & other == set()


def test_committed_sample_is_what_the_generator_writes() -> None:
    assert written(SAMPLE) == contents(SAMPLE_FILES, SAMPLE_SEED)


@pytest.mark.parametrize("size", ["small", "real", "large"])
@pytest.mark.parametrize("files", [100, 101, 200, 2_000, 1_000_000])
def test_plan_adds_up(files: int, size: str) -> None:
    counts = plan(files, size)
    assert sum(counts.values()) == files
    assert min(counts.values()) > 0


def test_corpus_too_small_for_every_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 100 files"):
        plan(99)


@pytest.mark.parametrize(
    ("files", "size"), [(100, "real"), (200, "real"), (2_000, "real"), (500, "small"), (300, "large")]
)
def test_counts_are_those_a_reader_finds(files: int, size: str) -> None:
    promised = expected(files, 5, size)
    found = tally(corpus(files, 5, size))
    assert {key: promised[key] for key in found} == found
    assert promised["kinds"] == plan(files, size)


def test_every_path_is_its_own() -> None:
    files = [file.path for file in corpus(4_000, 2)]
    assert len(set(files)) == len(files)


def test_sample_has_each_odd_and_broken_kind() -> None:
    kinds = {file.kind: file.outcome for file in corpus(SAMPLE_FILES, SAMPLE_SEED)}
    assert {kinds[kind] for kind in ODD} == {"document"}
    assert {kinds[kind] for kind in BROKEN} == {"reject"}


@pytest.mark.parametrize(
    ("kind", "trace"),
    [
        ("crlf", b"---\r\ncategory: news\r\n"),
        ("utf8_bom", b"\xef\xbb\xbf---\n"),
        ("utf16_bom", b"\xff\xfe-\x00-\x00-\x00\n\x00"),
        ("blank_line_before_fence", b"\n---\n"),
        ("toml", b"+++\ncategory = "),
        ("json", b'{\n  "category": "news"'),
        ("mojibake", f"Penhollow{MOJIBAKE}s".encode()),
        ("html_entity", b"Penhollow&#8217;s"),
        ("date_naive", rb"(?m)^publishedDateTime: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$"),
        ("date_with_offset", rb"(?m)^publishedDateTime: .+\+02:00$"),
        ("date_only", rb"(?m)^publishedDateTime: \d{4}-\d\d-\d\d$"),
        ("date_day_first", rb"(?m)^publishedDateTime: \d\d-\d\d-\d{4}$"),
        ("empty_web_url", b'\nwebUrl: ""\n'),
        ("empty_heat", b"\nheat: \n"),
        ("quality_not_a_number", b"\nquality: n/a\n"),
        ("empty_first_topic", b"\ntopics:\n  -\n  - City Cycling\n"),
        ("topic_as_scalar", b"\ntopics: Maps\n"),
        ("image_as_mapping", rb"\nimages:\n  url: .+\n  width: 640\n\n"),
        ("key_twice", rb"\ntitle: .+\ntitle: "),
        ("unknown_keys", b"\nsyndication:\n"),
        ("image_credit", b"\n    attribution: "),
        ("removed", b"\nremoved: true\npublished: false\n"),
        ("encoded_provider", b"\n  name: Fenwhistle%2c Inc.\n"),
        ("url_with_tracking", rb"\nwebUrl: .+\?utm_source=feed&utm_campaign=spring"),
        ("url_host_upper_case", b'\nwebUrl: "HTTPS://WWW.'),
        ("url_default_port", rb"\nwebUrl: .+:443/"),
        ("url_fragment", rb"\nwebUrl: .+#comments"),
        ("body_not_ascii", "---\n\n自転車".encode()),
        ("length_p1m", b"\nlength: P1M\n"),
        ("length_in_words", b"\nlength: 25 mins\n"),
        ("unquoted_colon", b"\n  name: Penhollow: The Ride\n"),
        ("invalid_utf8", b'\ntitle: "Caf\xe9 stop'),
    ],
)
def test_odd_file_shows_its_oddity(kind: str, trace: bytes) -> None:
    content = next(file.content for file in corpus(SAMPLE_FILES, SAMPLE_SEED) if file.kind == kind)
    # A trace is a regular expression, or plain bytes.
    assert trace in content or re.search(trace, content)


@pytest.mark.parametrize(
    ("kind", "key"), [("no_date", b"\npublishedDateTime:"), ("no_original_url", b"\noriginalUrl:")]
)
def test_odd_file_lacks_its_key(kind: str, key: bytes) -> None:
    assert key not in next(file.content for file in corpus(SAMPLE_FILES, SAMPLE_SEED) if file.kind == kind)


def test_sample_has_the_flaws_of_real_clusters(sample: dict[str, dict[str, Any]]) -> None:
    noted = [(one.get("webUrl"), item) for one in sample.values() for item in one.get("related", [])]
    titles = Counter(item["webUrl"] for item in {json.dumps(item, default=str): item for _, item in noted}.values())
    own_urls = Counter(one["webUrl"] for one in sample.values() if one.get("webUrl"))
    arrays = [[item["title"] for item in one.get("related", [])] for one in sample.values()]
    assert any(url and url == item["webUrl"] for url, item in noted), "no self reference"
    assert any(len(set(array)) < len(array) for array in arrays), "nothing noted twice"
    assert any("utm_source=" in url for url in titles), "no stale copy"
    assert any(item["webUrl"] == "" for _, item in noted), "no video among the related"
    assert max(own_urls.values()) > 1, "no URL in two files"


def test_sample_has_the_providers_of_real_corpora(sample: dict[str, dict[str, Any]]) -> None:
    pairs = {(one["provider"]["name"], one["provider"]["domain"]) for one in sample.values() if "provider" in one}
    names, domains = Counter(name for name, _ in pairs), Counter(domain for _, domain in pairs)
    assert domains["tube.example"] > 10
    assert domains["relay.example.com"] > 5
    assert names["Spoke & Kerb"] == 2


def test_sample_has_the_tricky_topics(sample: dict[str, dict[str, Any]]) -> None:
    topics = {topic for one in sample.values() for topic in listed(one.get("topics"))}
    assert {"C", "C++", "C#", "Route Planning", "Route planning", "自転車"} <= topics


def test_sample_is_small() -> None:
    assert sum(len(content) for content in contents(SAMPLE_FILES, SAMPLE_SEED).values()) < 1_500_000


def test_two_thirds_are_news() -> None:
    files = [file.path for file in corpus(2_000, 1)]
    assert 0.62 < sum(path.startswith("_news/") for path in files) / len(files) < 0.68


def test_suppressed_news_is_unpublished_and_related(larger_news: list[dict[str, Any]]) -> None:
    suppressed = [one for one in larger_news if one.get("heat") == -1]
    assert 0.3 < len(suppressed) / len(larger_news) < 0.6
    assert all(one["published"] is False and one["related"] for one in suppressed)


def test_some_warm_news_is_unpublished(larger_news: list[dict[str, Any]]) -> None:
    assert sum(one.get("heat", -1) >= 0 and not one["published"] for one in larger_news) > 10


def test_each_key_is_absent_somewhere(larger_news: list[dict[str, Any]]) -> None:
    for key in ("quality", "heat", "published", "webUrl", "images", "related"):
        assert 0 < sum(key not in one for one in larger_news) < len(larger_news), key


def test_links_are_mutual_but_for_a_few(larger_news: list[dict[str, Any]]) -> None:
    by_url = {one["webUrl"]: one for one in larger_news if "webUrl" in one}
    links = {
        (url, item["webUrl"].partition("?")[0])
        for url, one in by_url.items()
        for item in one.get("related", [])
        if item["webUrl"]
    }
    one_way = sum((there, here) not in links for here, there in links)
    assert all(there in by_url for _, there in links)
    assert 0 < one_way / len(links) < 0.02


@pytest.mark.parametrize(
    ("size", "low", "high"), [("small", 1_200, 1_900), ("real", 3_000, 5_500), ("large", 17_000, 23_000)]
)
def test_mean_size_of_a_file(size: str, low: int, high: int) -> None:
    pages = contents(2_000, 1, size).values()
    assert low < sum(map(len, pages)) / len(pages) < high


@pytest.mark.parametrize("size", ["small", "real", "large"])
def test_every_domain_is_kept_for_examples(size: str) -> None:
    reserved = re.compile(r"(^|\.)(example|example\.(com|net|org))$")
    for file in corpus(1_000, 1, size):
        page = file.content.decode("utf-16" if file.kind == "utf16_bom" else "utf-8", "replace").lower()
        hosts = re.findall(r"[a-z]+://([^/\s:\"\\?#]+)", page) + re.findall(
            r"\bdomain[\"]?(?:: | = )\"?([^\s\",]+)", page
        )
        assert [host for host in hosts if not reserved.search(host)] == [], file.path


def test_full_folder_is_split_by_year() -> None:
    assert crowded_folders(plan(30_000)) == set()
    assert crowded_folders(plan(200_000)) == {"_news", "_learning/videos"}
    folders = Counter(file.path.rpartition("/")[0] for file in corpus(40_000, 1))
    assert "_news" not in {folder for folder, files in folders.items() if files > 2_000}
    assert folders["_news/2021"] > 2_000
    assert max(folders.values()) < 20_000


def test_corpus_is_written_as_generated(tmp_path: Path) -> None:
    counts = write_corpus(tmp_path / "new", 150, 1)
    assert written(tmp_path / "new") == contents(150, 1)
    assert (counts.files, counts.documents + counts.rejects + counts.skipped) == (150, 150)


def test_command_says_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--files", "100", "--seed", "1", str(tmp_path)]) == 0
    assert re.fullmatch(r"100 files, [\d,]+ bytes, [\d.]+ seconds\n", capsys.readouterr().out)


def test_folder_that_is_not_empty_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.md").write_text("keep me")
    assert main([str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"error: {tmp_path} is not empty: give a new folder, or empty this one first\n"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.md"]
