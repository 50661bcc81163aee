"""`frontmart diff`, as people and scripts see it."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from frontmart.cli.__main__ import app
from frontmart.history.parts import scan_parts
from frontmart.snapshots.store import list_snapshots, published
from tests.frontmart.history.folder import Folder

pytestmark = pytest.mark.usefixtures("few_models")
SMARTABLE = """---
title: {title}
heat: {heat}
originalUrl: https://a.example/{url}
provider: {{name: P, domain: a.example}}
topics: [{topics}]
images:
- {{url: https://i.example/1.png, width: {width}}}
- {{url: https://i.example/2.png, width: 5}}
related:
- title: R
  webUrl: https://a.example/r
  quality: {width}
  images: [{{url: https://i.example/3.png, width: {width}}}]
custom: {{k: {width}}}
---
{body}
"""


def text(title: str, url: str, topics: str = "X, Y", width: int = 1, heat: int = 7, body: str = "words") -> str:
    return SMARTABLE.format(title=title, url=url, topics=topics, width=width, heat=heat, body=body)


def frontmart(*arguments: object) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Two builds with every kind of change between them."""
    found = Folder(tmp_path)
    for name in ("changed", "reordered", "reworded", "gone", "old-name", "old-url", "to-reject", "same"):
        found.write_text(f"{name}.md", text(f"T {name}", name))
    found.write_text("to-document.md", "---\ntitle: [\n---\n")
    found.build(preset="smartable")
    found.write_text("changed.md", text(r'"\e[31mNew\u202e"', "changed", topics="Y, Z", width=2, heat=-1))
    found.write_text("reordered.md", text("T reordered", "reordered", topics="Y, X"))
    found.write_text("reworded.md", text("T reworded", "reworded", body="sword"))
    found.write_text("to-reject.md", "---\ntitle: [\n---\n")
    found.write_text("to-document.md", text("T to-document", "to-document"))
    found.write_text("new.md", text("T new", "new"))
    (found.source / "gone.md").unlink()
    (found.source / "old-name.md").rename(found.source / "new-name.md")
    (found.source / "old-url.md").unlink()
    found.write_text("new-url.md", text("T edited", "old-url"))
    found.build(preset="smartable")
    return found


def ids(folder: Folder) -> list[str]:
    return [each.id for each in reversed(list_snapshots(folder.out))]


# Characters that act on a terminal are blanks.
LINES = f"""\
changed   changed.md   [31mNew{" "}
    title: T changed ->  [31mNew{" "}
    heat: 7 -> (none)
    is_suppressed: false -> true
    extra.custom: {{"k":"1"}} -> {{"k":"2"}}
    topics: - X
    topics: + Z
    images.width of https://i.example/1.png: 1 -> 2
    related.quality of https://a.example/r: 1 -> 2
    related_images.width of https://a.example/r https://i.example/3.png: 1 -> 2
removed   gone.md  T gone
renamed   new-name.md  T old-name
    path: old-name.md -> new-name.md
renamed   new-url.md  T edited
    path: old-url.md -> new-url.md
    title: T old-url -> T edited
added     new.md  T new
changed   reordered.md  T reordered
    topics.order: ["X","Y"] -> ["Y","X"]
changed   reworded.md  T reworded
    content_hash: HASH -> HASH
readable  to-document.md  T to-document
    reason: invalid_yaml -> (none)
    message: MESSAGE -> (none)
    line: 3 -> (none)
refused   to-reject.md  T to-reject
    reason: (none) -> invalid_yaml
    message: (none) -> MESSAGE
    line: (none) -> 3
1 added, 1 removed, 2 renamed, 3 changed, 1 refused, 1 readable: 8 documents before, 8 after
"""


def test_people_see_each_document_with_its_fields(folder: Folder) -> None:
    done = frontmart("diff", ids(folder)[0], "--out", folder.out)
    rejects, documents = (
        pl.read_parquet(published(folder.out).tables / f"{name}.parquet") for name in ("rejects", "documents")
    )
    before = pl.read_parquet(list_snapshots(folder.out)[1].tables / "documents.parquet")
    shown = done.stdout.replace(rejects["message"][0], "MESSAGE")
    for hash_ in (*documents["content_hash"], *before["content_hash"]):
        shown = shown.replace(hash_, "HASH")
    assert (done.exit_code, shown, done.stderr) == (0, LINES, "")


def test_json_has_the_same_with_exact_values(folder: Folder) -> None:
    first, second = ids(folder)
    done = frontmart("diff", first, second, "--out", folder.out, "--json")
    found: dict[str, Any] = json.loads(done.stdout)
    documents = found.pop("documents")
    side = {"as_of_date": "2026-01-31"}
    assert found == {
        "a": {"name": first, "snapshot_id": first, **side},
        "b": {"name": second, "snapshot_id": second, **side},
        "has_same_rules": True,
        "is_same": False,
        "counts": {"added": 1, "removed": 1, "renamed": 2, "changed": 3, "refused": 1, "readable": 1},
    }
    assert [(each["change"], each["path"], len(each["fields"])) for each in documents] == [
        ("changed", "changed.md", 9),
        ("removed", "gone.md", 0),
        ("renamed", "new-name.md", 1),
        ("renamed", "new-url.md", 2),
        ("added", "new.md", 0),
        ("changed", "reordered.md", 1),
        ("changed", "reworded.md", 1),
        ("readable", "to-document.md", 3),
        ("refused", "to-reject.md", 3),
    ]
    assert documents[0]["fields"][4:6] == [
        {"field": "topics", "item": "X", "old": "X", "new": None},
        {"field": "topics", "item": "Z", "old": None, "new": "Z"},
    ]


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet", "md", "json"])
def test_formats_have_a_row_per_difference(folder: Folder, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"differences.{suffix}"
    done = frontmart("diff", ids(folder)[0], "--out", folder.out, "--output", file)
    assert (done.stderr, done.exit_code, done.stdout) == ("", 0, "")
    if suffix == "parquet":
        frame = pl.read_parquet(file)
        assert frame.columns == ["change", "document_id", "path", "title", "field", "item", "old", "new"]
        assert frame.height == 22
    assert file.stat().st_size > 500


def test_the_exit_code_says_whether_there_is_a_difference_if_asked(folder: Folder, tmp_path: Path) -> None:
    first, second = ids(folder)

    def code(*arguments: object) -> int:
        return frontmart("diff", *arguments, "--out", folder.out).exit_code

    assert code(first, first, "--exit-code") == code(first, second) == 0
    assert code(first, second, "--exit-code") == 1
    assert code(first, "nothing", "--exit-code") == code(first, "nothing") == 2
    (published(folder.out).tables / "documents.parquet").write_bytes(b"damaged")
    assert (code(first), code(first, "--exit-code")) == (1, 2)


def test_the_other_direction_is_the_reverse(folder: Folder) -> None:
    first, second = ids(folder)
    done = frontmart("diff", second, first, "--out", folder.out)
    assert done.stdout.splitlines()[-1] == (
        "1 added, 1 removed, 2 renamed, 3 changed, 1 refused, 1 readable: 8 documents before, 8 after"
    )


def test_a_tag_and_a_moment_are_states(folder: Folder) -> None:
    first, _ = ids(folder)
    assert frontmart("tag", "before", first, "--out", folder.out).exit_code == 0
    at = scan_parts(published(folder.out).folder, "steps").collect()["committed_at"][0]
    expected = frontmart("diff", first, "--out", folder.out).stdout
    for name in ("before", f"{at.isoformat()}Z"):
        assert frontmart("diff", name, "--out", folder.out).stdout == expected
        assert frontmart("diff", name, first, "--out", folder.out, "--exit-code").exit_code == 0


def test_what_is_no_state_says_what_is(folder: Folder) -> None:
    done = frontmart("diff", "nothing", "--out", folder.out)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(
        f"frontmart: {folder.out}: 'nothing' is neither `published` nor the id or tag of a snapshot (the latest are "
    )
    assert "nor a moment: 'nothing' is no moment of the history, which has 2 steps from " in done.stderr


def test_images_in_other_places_are_no_difference_of_each(tmp_path: Path) -> None:
    found = Folder(tmp_path)
    found.write_text("a.md", "---\ntitle: A\nimages:\n- url: /1\n- url: /2\n- url: /2\n---\n")
    first = found.build(preset="smartable")
    found.write_text("a.md", "---\ntitle: A\nimages:\n- url: /0\n- url: /1\n- url: /2\n---\n")
    found.build(preset="smartable")
    done = frontmart("diff", first.id, "--out", found.out)
    assert done.stdout.splitlines() == [
        "changed   a.md  A",
        "    images: + /0",
        "    images: - /2",
        "1 changed: 1 documents before, 1 after",
    ]
